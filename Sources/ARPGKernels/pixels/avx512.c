// The kernels of pixels on AVX-512.
#include "levels.h"

#if defined(__x86_64__)
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), \
                             apply_to = function)
#include "../lanes.h"

#define TILE_BLOCK 8
#define TILE_DEPTH 256
#define TILE_PANELS 2
#include "body.h"

const arpg_pixels arpg_avx512_pixels = ARPG_PIXELS_TABLE;
#pragma clang attribute pop
#endif
