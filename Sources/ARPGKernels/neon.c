// The kernels on NEON, which every 64-bit ARM processor has: sixteen lanes are four registers, of which there are 32.
#include "levels.h"

#if defined(__aarch64__)
#pragma STDC FP_CONTRACT OFF
#include "lanes.h"

INLINE lanes load_part(const float *p, size_t n) {
  float values[LANES] = {0};
  memcpy(values, p, n * sizeof(float));
  return load(values);
}
INLINE void store_part(float *p, lanes v, size_t n) { memcpy(p, &v, n * sizeof(float)); }

#define ROW_BLOCK 2
#define OUTPUT_BLOCK 3
#define FETCH_BLOCK 3
#define MULTIPLY_ROWS 6
#define MULTIPLY_VECTORS 1
#define ATTEND_VECTORS 1
#define SCORE_PANELS 1
#include "vector_body.h"

const arpg_kernels arpg_neon_kernels = ARPG_KERNEL_TABLE;
#endif
