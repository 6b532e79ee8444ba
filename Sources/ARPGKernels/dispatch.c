// Chooses among the levels by what the processor has.
#include "levels.h"

const arpg_kernels *arpg_kernels_at(arpg_simd_level level) {
  return level == ARPG_SIMD_SCALAR ? &arpg_scalar_kernels : 0;
}

arpg_simd_level arpg_best_simd_level(void) {
  for (int level = ARPG_SIMD_AVX512; level > ARPG_SIMD_SCALAR; level--)
    if (arpg_kernels_at((arpg_simd_level)level)) return (arpg_simd_level)level;
  return ARPG_SIMD_SCALAR;
}

const arpg_kernels *arpg_best_kernels(void) { return arpg_kernels_at(arpg_best_simd_level()); }
