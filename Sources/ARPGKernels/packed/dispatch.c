// Chooses among the levels of packed products by what the processor and the operating system have.
#include <stdatomic.h>

#include "ARPGKernels.h"
#include "packed.h"

const arpg_packed *arpg_packed_at(arpg_packed_level level) {
  switch (level) {
    case ARPG_PACKED_SCALAR:
      return &arpg_packed_scalar;
#if defined(__x86_64__)
    case ARPG_PACKED_AVX2:
      return arpg_kernels_at(ARPG_SIMD_AVX2) ? &arpg_packed_avx2 : 0;
    case ARPG_PACKED_AVX512:
      return arpg_kernels_at(ARPG_SIMD_AVX512) ? &arpg_packed_avx512 : 0;
    case ARPG_PACKED_VNNI:
      return arpg_kernels_at(ARPG_SIMD_AVX512) && __builtin_cpu_supports("avx512vnni") ? &arpg_packed_vnni : 0;
#endif
    default:
      return 0;
  }
}

const arpg_packed *arpg_best_packed(void) {
  static _Atomic(const arpg_packed *) best;
  const arpg_packed *found = atomic_load_explicit(&best, memory_order_relaxed);
  for (int level = ARPG_PACKED_VNNI; !found; level--) found = arpg_packed_at((arpg_packed_level)level);
  // Threads that come here at once find the same.
  atomic_store_explicit(&best, found, memory_order_relaxed);
  return found;
}
