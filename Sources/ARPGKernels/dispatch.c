// Chooses among the levels by what the processor and the operating system have, which the compiler's run-time library
// finds out once, when the program starts.
#include <stdatomic.h>

#include "levels.h"

const arpg_kernels *arpg_kernels_at(arpg_simd_level level) {
  switch (level) {
    case ARPG_SIMD_SCALAR:
      return &arpg_scalar_kernels;
#if defined(__x86_64__)
    case ARPG_SIMD_AVX2:
      if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c"))
        return &arpg_avx2_kernels;
      return 0;
    case ARPG_SIMD_AVX512:
      if (arpg_kernels_at(ARPG_SIMD_AVX2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return &arpg_avx512_kernels;
      return 0;
#elif defined(__aarch64__)
    case ARPG_SIMD_NEON:
      return &arpg_neon_kernels;
#endif
    default:
      return 0;
  }
}

arpg_simd_level arpg_best_simd_level(void) {
  for (int level = ARPG_SIMD_NEON; level > ARPG_SIMD_SCALAR; level--)
    if (arpg_kernels_at((arpg_simd_level)level)) return (arpg_simd_level)level;
  return ARPG_SIMD_SCALAR;
}

const arpg_kernels *arpg_best_kernels(void) {
  static _Atomic(const arpg_kernels *) best;
  const arpg_kernels *found = atomic_load_explicit(&best, memory_order_relaxed);
  if (!found) {
    // Threads that come here at once find the same.
    found = arpg_kernels_at(arpg_best_simd_level());
    atomic_store_explicit(&best, found, memory_order_relaxed);
  }
  return found;
}
