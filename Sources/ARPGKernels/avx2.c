// The kernels on AVX2, FMA and F16C: sixteen lanes are two registers, of which there are 16.
#include "levels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "lanes.h"

// Masks of the first n lanes, as eight lanes and eight more.
INLINE __m256i first_lanes(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
INLINE lanes load_part(const float *p, size_t n) {
  __m256 low = _mm256_maskload_ps(p, first_lanes((int)n));
  __m256 high = n > 8 ? _mm256_maskload_ps(p + 8, first_lanes((int)n - 8)) : _mm256_setzero_ps();
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE void store_part(float *p, lanes v, size_t n) {
  _mm256_maskstore_ps(p, first_lanes((int)n), __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7));
  if (n > 8)
    _mm256_maskstore_ps(p + 8, first_lanes((int)n - 8), __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
}

#define ROW_BLOCK 2
#define OUTPUT_BLOCK 3
#define FETCH_BLOCK 3
#define MULTIPLY_ROWS 6
#define MULTIPLY_VECTORS 1
#define ATTEND_VECTORS 1
#define SCORE_PANELS 1
#include "vector_body.h"

const arpg_kernels arpg_avx2_kernels = ARPG_KERNEL_TABLE;
#pragma clang attribute pop
#endif
