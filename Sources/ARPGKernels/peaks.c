// One text for every level, which tells how many chains its registers hold.
#include "ARPGKernels.h"

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum { LANES = 16, SUMS = 4, CHAINS = ARPG_PEAK_OPERATIONS / (2 * LANES) };

typedef float lanes __attribute__((vector_size(64)));
typedef float lanes_unaligned __attribute__((vector_size(64), aligned(4), may_alias));

INLINE float sum(const float *x, size_t count) {
  lanes sums[SUMS] = {{0}};
  size_t i = 0;
  for (; i + SUMS * LANES <= count; i += SUMS * LANES)
    UNROLL for (int s = 0; s < SUMS; s++) sums[s] += *(const lanes_unaligned *)(x + i + s * LANES);
  lanes total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  float result = 0;
  for (int l = 0; l < LANES; l++) result += total[l];
  for (; i < count; i++) result += x[i];
  return result;
}

// x becomes x / 2 + 1/2, in `together` chains at a time: all of them tend to 1.
INLINE float multiply_add(size_t rounds, int together) {
  const lanes index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const lanes half = 0.5f - (lanes){0};
  lanes total = {0};
  for (int first = 0; first < CHAINS; first += together) {
    lanes x[CHAINS];
    UNROLL for (int c = 0; c < together; c++) x[c] = (index + (float)(first + c)) / 32.0f;
    for (size_t r = 0; r < rounds; r++)
      UNROLL for (int c = 0; c < together; c++) x[c] = __builtin_elementwise_fma(x[c], half, half);
    UNROLL for (int c = 0; c < together; c++) total += x[c];
  }
  float result = 0;
  for (int l = 0; l < LANES; l++) result += total[l];
  return result;
}

#define WRAP(level, attributes, together)                                                              \
  attributes static float sum_##level(const float *x, size_t count) { return sum(x, count); }          \
  attributes static float multiply_add_##level(size_t rounds) { return multiply_add(rounds, together); } \
  static const arpg_peaks level##_peaks = {sum_##level, multiply_add_##level};

// Chains of sixteen lanes take one register of AVX-512, two of AVX2 and four of NEON or SSE.
#if defined(__x86_64__)
WRAP(scalar, , 3)
WRAP(avx2, __attribute__((target("avx2,fma"))), 6)
WRAP(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), 12)
#else
WRAP(scalar, , 6)
#endif

const arpg_peaks *arpg_peaks_at(arpg_simd_level level) {
  if (!arpg_kernels_at(level)) return 0;
  switch (level) {
#if defined(__x86_64__)
    case ARPG_SIMD_AVX2:
      return &avx2_peaks;
    case ARPG_SIMD_AVX512:
      return &avx512_peaks;
#endif
    default:
      return &scalar_peaks;
  }
}
