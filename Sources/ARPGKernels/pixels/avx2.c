// The kernels of pixels on AVX2: sixteen lanes are two registers, of which there are 16.
#include "levels.h"

#if defined(__x86_64__)
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "../lanes.h"

#define TILE_BLOCK 4
#define TILE_DEPTH 128
#define TILE_PANELS 1
#include "body.h"

const arpg_pixels arpg_avx2_pixels = ARPG_PIXELS_TABLE;
#pragma clang attribute pop
#endif
