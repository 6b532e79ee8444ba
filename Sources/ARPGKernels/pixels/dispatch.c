// Chooses among the levels of the kernels of pixels.
#include "levels.h"

const arpg_pixels *arpg_pixels_at(arpg_simd_level level) {
  if (!arpg_kernels_at(level)) return 0;
  switch (level) {
    case ARPG_SIMD_SCALAR:
      return &arpg_scalar_pixels;
#if defined(__x86_64__)
    case ARPG_SIMD_AVX2:
      return &arpg_avx2_pixels;
    case ARPG_SIMD_AVX512:
      return &arpg_avx512_pixels;
#elif defined(__aarch64__)
    case ARPG_SIMD_NEON:
      return &arpg_neon_pixels;
#endif
    default:
      return 0;
  }
}

const arpg_pixels *arpg_best_pixels(void) { return arpg_pixels_at(arpg_best_simd_level()); }
