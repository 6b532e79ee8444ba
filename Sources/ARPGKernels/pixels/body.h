// The kernels of pixels in lanes, for the level that includes this: it has named its target and given the sizes of a block of products,
// TILE_BLOCK tiles by TILE_PANELS panels of weights and TILE_DEPTH inputs.
#include "ARPGPixels.h"

typedef _Float16 lanes_of_half __attribute__((vector_size(32), aligned(2), may_alias));

// The points along a side of a tile, and how many inputs ahead weights are fetched.
enum { SIDE = 6, TILE_FETCH = 32 };

// One row of the transform of weights: six points of three weights.
INLINE void weight_points(const lanes g[3], lanes *u) {
  lanes even = g[0] + g[2], fine = fused(all(4), g[2], g[0]);
  u[0] = 0.25f * g[0];
  u[1] = (-1.0f / 6) * (even + g[1]);
  u[2] = (-1.0f / 6) * (even - g[1]);
  u[3] = (1.0f / 24) * fused(all(2), g[1], fine);
  u[4] = (1.0f / 24) * fused(all(-2), g[1], fine);
  u[5] = g[2];
}

static void tile_weights(const uint16_t *w, float *u, size_t inputs) {
  for (size_t k = 0; k < inputs; k++, w += 9 * LANES, u += LANES) {
    lanes points[3][SIDE];
    UNROLL for (int j = 0; j < 3; j++) {
      lanes column[3];
      UNROLL for (int i = 0; i < 3; i++)
        column[i] = __builtin_convertvector(*(const lanes_of_half *)(w + (3 * i + j) * LANES), lanes);
      weight_points(column, points[j]);
    }
    UNROLL for (int i = 0; i < SIDE; i++) {
      lanes row[3] = {points[0][i], points[1][i], points[2][i]}, out[SIDE];
      weight_points(row, out);
      UNROLL for (int j = 0; j < SIDE; j++) store(u + (size_t)(SIDE * i + j) * inputs * LANES, out[j]);
    }
  }
}

// One row of the transform of inputs: six points of six values.
INLINE void input_points(const lanes d[SIDE], lanes *v) {
  lanes a = fused(all(-4), d[2], d[4]), b = fused(all(-4), d[1], d[3]);
  lanes c = d[4] - d[2], e = 2.0f * (d[3] - d[1]);
  v[0] = fused(all(4), d[0], fused(all(-5), d[2], d[4]));
  v[1] = a + b;
  v[2] = a - b;
  v[3] = c + e;
  v[4] = c - e;
  v[5] = fused(all(4), d[1], fused(all(-5), d[3], d[5]));
}

static void tile_input(const float *patch, size_t line, size_t channels, float *v, size_t step) {
  for (size_t c = 0; c < channels; c += LANES) {
    lanes columns[SIDE][SIDE];
    UNROLL for (size_t j = 0; j < SIDE; j++) {
      lanes d[SIDE];
      UNROLL for (size_t i = 0; i < SIDE; i++) d[i] = load(patch + i * line + j * channels + c);
      input_points(d, columns[j]);
    }
    UNROLL for (size_t i = 0; i < SIDE; i++) {
      lanes row[SIDE], out[SIDE];
      UNROLL for (size_t j = 0; j < SIDE; j++) row[j] = columns[j][i];
      input_points(row, out);
      UNROLL for (size_t j = 0; j < SIDE; j++) store(v + (SIDE * i + j) * step + c, out[j]);
    }
  }
}

// Some tiles by one panel of weights or two, at one point: the sums of some inputs, added to what is there if there were inputs
// before. m has width floats from one tile to the next.
INLINE void tile_block(const float *v, size_t stride, const float *u, const float *second, float *m, size_t width,
                       size_t inputs, int more, int tiles, int panels) {
  lanes sums[TILE_BLOCK * TILE_PANELS];
  UNROLL for (int t = 0; t < tiles; t++)
    UNROLL for (int p = 0; p < panels; p++)
      sums[t * panels + p] = more ? load(m + (size_t)t * width + p * LANES) : all(0);
  for (size_t k = 0; k < inputs; k++) {
    __builtin_prefetch(u + (k + TILE_FETCH) * LANES);
    lanes weight[TILE_PANELS];
    weight[0] = load(u + k * LANES);
    if (panels > 1) weight[panels - 1] = load(second + k * LANES);
    UNROLL for (int t = 0; t < tiles; t++) {
      lanes value = all(v[(size_t)t * stride + k]);
      UNROLL for (int p = 0; p < panels; p++) sums[t * panels + p] = fused(value, weight[p], sums[t * panels + p]);
    }
  }
  UNROLL for (int t = 0; t < tiles; t++)
    UNROLL for (int p = 0; p < panels; p++) store(m + (size_t)t * width + p * LANES, sums[t * panels + p]);
}

// All tiles; what is read of v and u at once stays in the first-level cache.
INLINE void tile_blocks(const float *v, size_t stride, const float *u, const float *second, float *m, size_t width,
                        size_t tiles, size_t inputs, int panels) {
  for (size_t k = 0; k < inputs; k += TILE_DEPTH, v += TILE_DEPTH, u += TILE_DEPTH * LANES) {
    size_t depth = inputs - k < TILE_DEPTH ? inputs - k : TILE_DEPTH, t = 0;
    for (; t + TILE_BLOCK <= tiles; t += TILE_BLOCK)
      tile_block(v + t * stride, stride, u, second, m + t * width, width, depth, k > 0, TILE_BLOCK, panels);
    for (; t < tiles; t++) tile_block(v + t * stride, stride, u, second, m + t * width, width, depth, k > 0, 1, panels);
    if (second) second += TILE_DEPTH * LANES;
  }
}

static void tile_multiply(const float *v, size_t stride, const float *u, const float *second, float *m, size_t tiles,
                          size_t inputs) {
  const size_t width = second ? 2 * LANES : LANES, panel = inputs * LANES;
  for (size_t p = 0; p < ARPG_TILE_POINTS; p++, v += tiles * stride, m += tiles * width, u += panel) {
#if TILE_PANELS == 2
    if (second) {
      tile_blocks(v, stride, u, second, m, width, tiles, inputs, 2);
      second += panel;
      continue;
    }
#else
    if (second) {
      tile_blocks(v, stride, second, 0, m + LANES, width, tiles, inputs, 1);
      second += panel;
    }
#endif
    tile_blocks(v, stride, u, 0, m, width, tiles, inputs, 1);
  }
}

// One row of the transform back: four values of six points.
INLINE void output_values(const lanes m[SIDE], lanes *y) {
  lanes a = m[1] + m[2], b = m[1] - m[2], c = m[3] + m[4], d = m[3] - m[4];
  y[0] = m[0] + a + c;
  y[1] = fused(all(2), d, b);
  y[2] = fused(all(4), c, a);
  y[3] = fused(all(8), d, b) + m[5];
}

static void tile_output(const float *m, size_t step, const float *bias, const float *added, float *y, size_t line,
                        size_t stride, size_t rows, size_t columns) {
  lanes lines[SIDE][ARPG_TILE_SIDE], offset = load(bias);
  UNROLL for (size_t i = 0; i < SIDE; i++) {
    lanes row[SIDE];
    UNROLL for (size_t j = 0; j < SIDE; j++) row[j] = load(m + (SIDE * i + j) * step);
    output_values(row, lines[i]);
  }
  for (size_t j = 0; j < columns; j++) {
    lanes column[SIDE], out[ARPG_TILE_SIDE];
    UNROLL for (size_t i = 0; i < SIDE; i++) column[i] = lines[i][j];
    output_values(column, out);
    for (size_t i = 0; i < rows; i++) {
      size_t at = i * line + j * stride;
      lanes value = out[i] + offset;
      store(y + at, added ? value + load(added + at) : value);
    }
  }
}

static void activate_pixels(const float *x, const float *scale, const float *shift, int silu, float *y, size_t pixels,
                            size_t channels) {
  for (size_t i = 0; i < pixels; i++, x += channels, y += channels)
    for (size_t c = 0; c < channels; c += LANES) {
      lanes value = fused(load(x + c), load(scale + c), load(shift + c));
      store(y + c, silu ? value / (1.0f + exponential(-value)) : value);
    }
}

static void pixel_moments(const float *x, double *sums, double *squares, size_t pixels, size_t channels) {
  for (size_t c = 0; c < channels; c += LANES) {
    lanes_double sum, square;
    memcpy(&sum, sums + c, sizeof sum);
    memcpy(&square, squares + c, sizeof square);
    for (size_t i = 0; i < pixels; i++) {
      lanes_double value = __builtin_convertvector(load(x + i * channels + c), lanes_double);
      sum = sum + value;
      square = __builtin_elementwise_fma(value, value, square);
    }
    memcpy(sums + c, &sum, sizeof sum);
    memcpy(squares + c, &square, sizeof square);
  }
}

#define ARPG_PIXELS_TABLE {tile_weights, tile_input, tile_multiply, tile_output, activate_pixels, pixel_moments}
