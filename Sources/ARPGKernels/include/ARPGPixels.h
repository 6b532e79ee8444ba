// Kernels for images whose channels lie side by side: one pixel after another, its channels in a whole number of panels of 16, those
// beyond the last one 0.
//
// A 3 x 3 convolution goes by tiles of 4 x 4 outputs, each of which needs 6 x 6 inputs: 36 products of matrices take the place of 144
// multiplications. Rounds differently from the plain sum, by some 1e-5 of the largest product.
//
// Source: Lavin and Gray, arXiv 1509.09308, section 4.3 (F(4 x 4, 3 x 3)).
//
// Every level gives the same bits.
#ifndef ARPG_PIXELS_H
#define ARPG_PIXELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The points of a tile, and its outputs along a side.
enum { ARPG_TILE_POINTS = 36, ARPG_TILE_SIDE = 4 };

typedef struct arpg_pixels {
  // The points of the weights of 16 outputs: w in half precision, [inputs][9][16], to u [36][inputs][16].
  void (*weights)(const uint16_t *w, float *u, size_t inputs);
  // The points of a tile: the 6 x 6 pixels from patch on, with line floats from one line to the next, to v, with step floats from one point to
  // the next. channels is a multiple of 16.
  void (*input)(const float *patch, size_t line, size_t channels, float *v, size_t step);
  // For each point m[tile][16] = sum over inputs of v[tile][input] u[input][16], and the same for a second panel of weights if it
  // is not NULL: v [36][tiles][stride], m [36][tiles][16 or 32].
  void (*multiply)(const float *v, size_t stride, const float *u, const float *second, float *m, size_t tiles, size_t inputs);
  // The pixels of a tile for 16 channels: m with step floats from one point to the next, plus a bias of 16 and what is at added, if it
  // is not NULL, to rows x columns of 4 x 4 pixels; added and y have line floats from one line to the next and stride from one pixel to
  // the next.
  void (*output)(const float *m, size_t step, const float *bias, const float *added, float *y, size_t line, size_t stride,
                 size_t rows, size_t columns);
  // y = x scale + shift, then SiLU where asked; scale and shift are those of the channels, a multiple of 16.
  void (*activate)(const float *x, const float *scale, const float *shift, int silu, float *y, size_t pixels, size_t channels);
  // Adds the values and their squares to sums and squares of the channels, a multiple of 16.
  void (*moments)(const float *x, double *sums, double *squares, size_t pixels, size_t channels);
} arpg_pixels;

#ifdef __cplusplus
}
#endif
#endif
