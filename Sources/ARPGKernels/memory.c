// What the C library does with memory that is freed.
#include "ARPGKernels.h"

#if defined(__linux__)
#include <malloc.h>
#endif

void arpg_keep_freed_memory(size_t mapped_size) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, (int)mapped_size);
  mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
#else
  (void)mapped_size;
#endif
}

void arpg_return_freed_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}
