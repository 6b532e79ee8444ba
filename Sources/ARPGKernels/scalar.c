// The reference: plain loops, one value at a time, in the order that ARPGKernels.h promises.
#include <math.h>
#include <string.h>

#include "exponential.h"
#include "levels.h"

#pragma STDC FP_CONTRACT OFF

enum { LANES = 16 };

static float fold(float *lane) {
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int l = 0; l < half; l++) lane[l] = lane[l] + lane[l + half];
  return lane[0];
}

static float dot(const float *a, const float *b, size_t n) {
  float lane[LANES] = {0};
  for (size_t i = 0; i < n; i++) lane[i % LANES] = fmaf(a[i], b[i], lane[i % LANES]);
  return fold(lane);
}

static float sum(const float *a, size_t n) {
  float lane[LANES] = {0};
  for (size_t i = 0; i < n; i++) lane[i % LANES] = lane[i % LANES] + a[i];
  return fold(lane);
}

// exp(x) to about 1 unit in the last place: 2^n * p(r), r = x - n ln 2, with a polynomial of degree 6 that is
// off by 4e-9 at most. Below -87.3 the result is 0; above 88 it is that of 88.
static float exponential(float x) {
  if (!(x > -87.3f)) return x != x ? x : 0.0f;
  if (x > 88.0f) x = 88.0f;
  float n = rintf(x * 1.44269504088896341f);
  float r = fmaf(n, -0.693145751953125f, x);
  r = fmaf(n, -1.428606765330187045e-06f, r);
  float p = 0.001381454f;
  p = fmaf(p, r, 0.008368745f);
  p = fmaf(p, r, 0.04166839f);
  p = fmaf(p, r, 0.16666521f);
  p = fmaf(p, r, 0.49999994f);
  p = fmaf(p, r, 1.0f);
  p = fmaf(p, r, 1.0f);
  uint32_t bits = (uint32_t)((int32_t)n + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

static float silu_of(float x) { return x / (1.0f + exponential(-x)); }

// 0.5 x (1 + tanh u) = x / (1 + exp(-2u)), u = sqrt(2/pi) (x + 0.044715 x^3).
static float gelu_of(float x) {
  float u = 0.7978845608028654f * fmaf(0.044715f * x * x, x, x);
  return x / (1.0f + exponential(-2.0f * u));
}

// The tail of the normal distribution beyond |x|, to 1e-7, from exp(-x^2 / 2): Abramowitz and Stegun, 7.1.26.
static float normal_tail(float x, float exponential) {
  float t = 1.0f / fmaf(0.3275911f * 0.70710678f, fabsf(x), 1.0f);
  float p = fmaf(1.061405429f, t, -1.453152027f);
  p = fmaf(p, t, 1.421413741f);
  p = fmaf(p, t, -0.284496736f);
  p = fmaf(p, t, 0.254829592f);
  return 0.5f * p * t * exponential;
}

// The share of the normal distribution below x.
static float normal_below(float x, float exponential) {
  float tail = normal_tail(x, exponential);
  return x < 0 ? tail : 1.0f - tail;
}

static void linear(const float *x, size_t ldx, const float *w, float *y, size_t ldy, size_t rows, size_t outputs,
                   size_t inputs) {
  for (size_t r = 0; r < rows; r++)
    for (size_t o = 0; o < outputs; o++) y[r * ldy + o] = dot(x + r * ldx, w + o * inputs, inputs);
}

static void multiply(const float *a, size_t a_row, size_t a_column, const float *b, size_t b_row, size_t b_column,
                     float *c, size_t ldc, size_t rows, size_t columns, size_t inner, int add) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++) {
      float sum = add ? c[r * ldc + j] : 0.0f;
      for (size_t k = 0; k < inner; k++) sum = fmaf(a[r * a_row + k * a_column], b[k * b_row + j * b_column], sum);
      c[r * ldc + j] = sum;
    }
}

static void rms_norm(const float *x, const float *gain, float eps, float *y, size_t rows, size_t dim) {
  for (size_t r = 0; r < rows; r++, x += dim, y += dim) {
    float scale = 1.0f / sqrtf(dot(x, x, dim) / (float)dim + eps);
    for (size_t i = 0; i < dim; i++) y[i] = x[i] * scale * gain[i];
  }
}

static float variance(const float *x, float mean, size_t n) {
  float lane[LANES] = {0};
  for (size_t i = 0; i < n; i++) {
    float d = x[i] - mean;
    lane[i % LANES] = fmaf(d, d, lane[i % LANES]);
  }
  return fold(lane) / (float)n;
}

static void layer_norm(const float *x, const float *gain, const float *bias, float eps, float *y, size_t rows,
                       size_t dim) {
  for (size_t r = 0; r < rows; r++, x += dim, y += dim) {
    float mean = sum(x, dim) / (float)dim;
    float scale = 1.0f / sqrtf(variance(x, mean, dim) + eps);
    for (size_t i = 0; i < dim; i++) y[i] = fmaf((x[i] - mean) * scale, gain[i], bias[i]);
  }
}

static double fold_double(double *lane) {
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int l = 0; l < half; l++) lane[l] = lane[l] + lane[l + half];
  return lane[0];
}

static void group_moments(const float *x, size_t n, float eps, float *center, float *scale) {
  double sums[LANES] = {0}, squares[LANES] = {0};
  for (size_t i = 0; i < n; i++) {
    sums[i % LANES] = sums[i % LANES] + x[i];
    squares[i % LANES] = fma(x[i], x[i], squares[i % LANES]);
  }
  double mean = fold_double(sums) / (double)n;
  double variance = fold_double(squares) / (double)n - mean * mean;
  *center = (float)mean;
  *scale = (float)(1.0 / sqrt((variance > 0 ? variance : 0) + (double)eps));
}

static void group_norm(const float *x, const float *gain, const float *bias, float eps, int silu, float *y,
                       size_t channels, size_t pixels) {
  float center, scale;
  group_moments(x, channels * pixels, eps, &center, &scale);
  for (size_t c = 0; c < channels; c++)
    for (size_t i = c * pixels; i < (c + 1) * pixels; i++) {
      float value = fmaf((x[i] - center) * scale, gain[c], bias[c]);
      y[i] = silu ? silu_of(value) : value;
    }
}

static void silu_multiply(const float *a, const float *b, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = silu_of(a[i]) * b[i];
}

static void silu(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = silu_of(x[i]);
}

static void gelu_tanh(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = gelu_of(x[i]);
}

static void gelu(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = x[i] * normal_below(x[i], exponential(-0.5f * x[i] * x[i]));
}

static void softmax_row(float *x, float scale, size_t n) {
  float largest = -INFINITY;
  for (size_t i = 0; i < n; i++) largest = x[i] > largest ? x[i] : largest;
  float lane[LANES] = {0};
  for (size_t i = 0; i < n; i++) {
    x[i] = exponential((x[i] - largest) * scale);
    lane[i % LANES] = lane[i % LANES] + x[i];
  }
  float inverse = 1.0f / fold(lane);
  for (size_t i = 0; i < n; i++) x[i] = x[i] * inverse;
}

static void softmax(float *x, size_t ldx, float scale, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) softmax_row(x + r * ldx, scale, columns);
}

static void add_scaled(const float *x, float scale, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = fmaf(x[i], scale, y[i]);
}

// exp(x) for x not above 0: 2^n * p(r), r = x - n ln 2. What is added rounds x / ln 2 to the integer n, which stands in the lowest
// bits of the sum.
static double exponential_double(double x) {
  const double big = 0x1.8p52;
  if (!(x > -708.0)) return 0;
  double shifted = fma(x, 1.4426950408889634, big), n = shifted - big;
  double r = fma(n, -6.93147180369123816490e-01, x);
  r = fma(n, -1.90821492927058770002e-10, r);
  double p = EXPONENTIAL_TERMS[0];
  for (int i = 1; i < EXPONENTIAL_DEGREE + 1; i++) p = fma(p, r, EXPONENTIAL_TERMS[i]);
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

static double exponentials(const float *x, float largest, double *y, size_t count) {
  double sums[LANES] = {0};
  for (size_t i = 0; i < count; i++) {
    y[i] = exponential_double((double)x[i] - (double)largest);
    sums[i % LANES] = sums[i % LANES] + y[i];
  }
  return fold_double(sums);
}

static void rotate(const float *x, const float *table, float *y, size_t heads, size_t head_dim) {
  for (size_t h = 0; h < heads; h++)
    for (size_t j = 0; j < head_dim / 2; j++) {
      size_t i = h * head_dim + 2 * j;
      float a = x[i], b = x[i + 1], c = table[2 * j], s = table[2 * j + 1];
      float bs = b * s, as = a * s;
      y[i] = fmaf(a, c, -bs);
      y[i + 1] = fmaf(b, c, as);
    }
}

static float half_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = (half >> 10) & 31, fraction = half & 1023, bits;
  float value;
  if (exponent == 31) {
    bits = sign | 0x7f800000 | fraction << 13 | (fraction ? 1u << 22 : 0);
  } else if (exponent == 0) {
    value = (float)fraction * 0x1p-24f;
    memcpy(&bits, &value, sizeof bits);
    bits |= sign;
  } else {
    bits = sign | (exponent + 112) << 23 | fraction << 13;
  }
  memcpy(&value, &bits, sizeof value);
  return value;
}

static void from_float16(const uint16_t *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = half_to_float(x[i]);
}

#include "scalar_attention.h"

static void from_bfloat16(const uint16_t *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)x[i] << 16;
    memcpy(y + i, &bits, sizeof bits);
  }
}

static int all_finite(const float *x, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!isfinite(x[i])) return 0;
  return 1;
}

static void silu_multiply_gradient(const float *a, const float *b, const float *dy, float *da, float *db,
                                   size_t count) {
  for (size_t i = 0; i < count; i++) {
    float slope = dy[i], sigmoid = 1.0f / (1.0f + exponential(-a[i])), value = a[i] * sigmoid;
    da[i] = slope * b[i] * fmaf(value, 1.0f - sigmoid, sigmoid);
    db[i] = slope * value;
  }
}

static void gelu_gradient(const float *x, const float *dy, float *dx, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float density = exponential(-0.5f * x[i] * x[i]);
    dx[i] = dy[i] * fmaf(x[i] * 0.39894228f, density, normal_below(x[i], density));
  }
}

static void gelu_tanh_gradient(const float *x, const float *dy, float *dx, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float square = x[i] * x[i], u = 0.7978845608028654f * fmaf(0.044715f * square, x[i], x[i]);
    float sigmoid = 1.0f / (1.0f + exponential(-2.0f * u));
    float slope = 1.5957691216057308f * fmaf(0.134145f, square, 1.0f);
    dx[i] = dy[i] * fmaf(x[i] * sigmoid * (1.0f - sigmoid), slope, sigmoid);
  }
}

static void rms_norm_gradient(const float *x, const float *gain, float eps, const float *dy, float *dx, float *dgain,
                              size_t rows, size_t dim) {
  for (size_t r = 0; r < rows; r++, x += dim, dy += dim, dx += dim) {
    float lane[LANES] = {0};
    for (size_t i = 0; i < dim; i++) lane[i % LANES] = fmaf(x[i], dy[i] * gain[i], lane[i % LANES]);
    float scale = 1.0f / sqrtf(dot(x, x, dim) / (float)dim + eps);
    float pull = fold(lane) * scale * scale * scale / (float)dim;
    for (size_t i = 0; i < dim; i++) {
      float slope = dy[i];
      dx[i] = fmaf(slope * gain[i], scale, -(x[i] * pull));
      dgain[i] = fmaf(slope * x[i], scale, dgain[i]);
    }
  }
}

static void group_norm_gradient(const float *x, const float *gain, const float *bias, float eps, int silu,
                                const float *dy, float *dx, float *dgain, float *dbias, size_t channels,
                                size_t pixels) {
  float center, scale;
  double level = 0, projection = 0;
  group_moments(x, channels * pixels, eps, &center, &scale);
  for (size_t c = 0; c < channels; c++) {
    float gains[LANES] = {0}, biases[LANES] = {0};
    for (size_t i = 0; i < pixels; i++) {
      size_t at = c * pixels + i;
      float value = (x[at] - center) * scale, slope = dy[at];
      if (silu) {
        float y = fmaf(value, gain[c], bias[c]), sigmoid = 1.0f / (1.0f + exponential(-y));
        slope = slope * sigmoid * fmaf(y, 1.0f - sigmoid, 1.0f);
      }
      dx[at] = slope;
      gains[i % LANES] = fmaf(slope, value, gains[i % LANES]);
      biases[i % LANES] = biases[i % LANES] + slope;
    }
    dgain[c] = fold(gains);
    dbias[c] = fold(biases);
    level = level + (double)dbias[c] * (double)gain[c];
    projection = projection + (double)dgain[c] * (double)gain[c];
  }
  double n = (double)(channels * pixels);
  float shift = (float)(level / n), pull = (float)(projection / n);
  for (size_t c = 0; c < channels; c++)
    for (size_t i = c * pixels; i < (c + 1) * pixels; i++) {
      float value = (x[i] - center) * scale;
      dx[i] = scale * fmaf(value, -pull, fmaf(dx[i], gain[c], -shift));
    }
}

static void softmax_gradient(const float *p, float *dp, size_t ld, float scale, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, p += ld, dp += ld) {
    float mean = dot(p, dp, columns);
    for (size_t i = 0; i < columns; i++) dp[i] = p[i] * (dp[i] - mean) * scale;
  }
}

// Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, section 3.3.
static void philox(const uint32_t *key, uint32_t *word) {
  uint32_t first = key[0], second = key[1];
  for (int round = 0; round < 10; round++, first += 0x9e3779b9u, second += 0xbb67ae85u) {
    uint64_t a = (uint64_t)0xd2511f53u * word[0], b = (uint64_t)0xcd9e8d57u * word[2];
    word[0] = (uint32_t)(b >> 32) ^ word[1] ^ first;
    word[1] = (uint32_t)b;
    word[2] = (uint32_t)(a >> 32) ^ word[3] ^ second;
    word[3] = (uint32_t)a;
  }
}

static void dropout(const float *x, const uint32_t *key, const uint32_t *counter, uint32_t threshold, float scale,
                    float *y, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t word[4];
    memcpy(word, counter, sizeof word);
    word[0] += (uint32_t)(i / 128 * 16 + i % 16);
    philox(key, word);
    uint32_t bits = i / 16 % 2 ? word[i / 32 % 4] >> 16 : word[i / 32 % 4] & 0xffffu;
    y[i] = bits < threshold ? 0.0f : x[i] * scale;
  }
}

const arpg_kernels arpg_scalar_kernels = ARPG_KERNEL_TABLE;
