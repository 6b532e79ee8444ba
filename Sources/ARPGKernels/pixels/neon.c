// The kernels of pixels on NEON: sixteen lanes are four registers, of which there are 32.
#include "levels.h"

#if defined(__aarch64__)
#pragma STDC FP_CONTRACT OFF
#include "../lanes.h"

#define TILE_BLOCK 4
#define TILE_DEPTH 128
#define TILE_PANELS 1
#include "body.h"

const arpg_pixels arpg_neon_pixels = ARPG_PIXELS_TABLE;
#endif
