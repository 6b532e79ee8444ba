// The kernels on AVX-512: sixteen lanes are one register, of which there are 32.
#include "levels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), \
                             apply_to = function)
#include "lanes.h"

INLINE lanes load_part(const float *p, size_t n) { return (lanes)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p); }
INLINE void store_part(float *p, lanes v, size_t n) {
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
}

#define ROW_BLOCK 4
#define OUTPUT_BLOCK 4
#define FETCH_BLOCK 2
#define MULTIPLY_ROWS 8
#define MULTIPLY_VECTORS 3
#define ATTEND_VECTORS 4
#define SCORE_PANELS 2
#include "vector_body.h"

const arpg_kernels arpg_avx512_kernels = ARPG_KERNEL_TABLE;
#pragma clang attribute pop
#endif
