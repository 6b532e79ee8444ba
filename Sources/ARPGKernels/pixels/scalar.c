// The reference of the kernels of pixels: the same text, for what every processor of its kind has.
#include "levels.h"

#pragma STDC FP_CONTRACT OFF
#include "../lanes.h"

#define TILE_BLOCK 1
#define TILE_DEPTH 256
#define TILE_PANELS 1
#include "body.h"

const arpg_pixels arpg_scalar_pixels = ARPG_PIXELS_TABLE;
