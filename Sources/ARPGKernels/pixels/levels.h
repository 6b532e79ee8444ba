// The tables of the kernels of pixels, one for each level that is compiled in.
#ifndef ARPG_PIXELS_LEVELS_H
#define ARPG_PIXELS_LEVELS_H

#include "ARPGKernels.h"

extern const arpg_pixels arpg_scalar_pixels;
#if defined(__x86_64__)
extern const arpg_pixels arpg_avx2_pixels;
extern const arpg_pixels arpg_avx512_pixels;
#elif defined(__aarch64__)
extern const arpg_pixels arpg_neon_pixels;
#endif

#endif
