// The transforms of Winograd's minimal filtering F(2x2, 3x3): a tile of 2 x 2 outputs of a 3 x 3 convolution as
// products at 16 points, and of a convolution of an image doubled by nearest neighbour at 9. Source: Lavin and Gray,
// arXiv 1509.09308, section 4.1.
//
// A tile, a weight or a product has one value at each point; the values of a point are contiguous, `step` floats from
// those of the next. Sums only: every SIMD level gives the same bits.
#ifndef ARPG_WINOGRAD_H
#define ARPG_WINOGRAD_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct arpg_winograd {
  // 3 x 3 weights, nine floats each, to 16 points.
  void (*weights)(const float *w, float *u, size_t step, size_t count);
  // A row of tiles of one channel: four rows of 2 * tiles + 2 pixels, ldx floats apart, to 16 points.
  void (*input)(const float *x, size_t ldx, float *v, size_t step, size_t tiles);
  // 16 points to a row of tiles: two rows of 2 * tiles pixels, ldy floats apart, plus a bias.
  void (*output)(const float *m, size_t step, float bias, float *y, size_t ldy, size_t tiles);
  // The same for a doubled image, where a tile is what one pixel becomes: 9 points.
  void (*doubled_weights)(const float *w, float *u, size_t step, size_t count);
  // Three rows of tiles + 2 pixels, not doubled yet.
  void (*doubled_input)(const float *x, size_t ldx, float *v, size_t step, size_t tiles);
  // Two rows of 2 * tiles pixels.
  void (*doubled_output)(const float *m, size_t step, float bias, float *y, size_t ldy, size_t tiles);
  // The transposes of output and weights, for gradients: a row of tiles, two rows of 2 * tiles pixels, to 16 points.
  void (*output_gradient)(const float *y, size_t ldy, float *m, size_t step, size_t tiles);
  // 16 points to nine floats each.
  void (*weights_gradient)(const float *u, size_t step, float *w, size_t count);
  // The same for a doubled image: 9 points.
  void (*doubled_output_gradient)(const float *y, size_t ldy, float *m, size_t step, size_t tiles);
  void (*doubled_weights_gradient)(const float *u, size_t step, float *w, size_t count);
} arpg_winograd;

#ifdef __cplusplus
}
#endif
#endif
