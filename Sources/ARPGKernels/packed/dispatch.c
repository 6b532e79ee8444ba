// Chooses among the levels of packed products by what the processor and the operating system have.
#include <stdatomic.h>
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

#include "ARPGKernels.h"
#include "packed.h"

#if defined(__aarch64__)
// Where no operating system is asked, what the program is compiled for: all processors of a Mac have the instruction.
static int has_dot_product(void) {
#if defined(__ARM_FEATURE_DOTPROD)
  return 1;
#elif defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#else
  return 0;
#endif
}
#endif

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
    case ARPG_PACKED_BF16:
      return arpg_packed_at(ARPG_PACKED_VNNI) && __builtin_cpu_supports("avx512bf16") ? &arpg_packed_bf16 : 0;
#elif defined(__aarch64__)
    case ARPG_PACKED_NEON:
      return &arpg_packed_neon;
    case ARPG_PACKED_DOTPROD:
      return has_dot_product() ? &arpg_packed_dotprod : 0;
#endif
    default:
      return 0;
  }
}

const arpg_packed *arpg_best_packed(void) {
  static _Atomic(const arpg_packed *) best;
  const arpg_packed *found = atomic_load_explicit(&best, memory_order_relaxed);
  for (int level = ARPG_PACKED_BF16; !found; level--) found = arpg_packed_at((arpg_packed_level)level);
  // Threads that come here at once find the same.
  atomic_store_explicit(&best, found, memory_order_relaxed);
  return found;
}
