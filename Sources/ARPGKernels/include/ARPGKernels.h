// Kernels on float32 arrays, row-major. Each runs on the calling thread; callers split the work.
//
// Every kernel gives the same bits at every SIMD level. Sums over a row are taken in sixteen lanes, lane l adding
// elements l, l+16, l+32, ... with fused multiply-adds, and the lanes are then folded 16 to 8 to 4 to 2 to 1 by adding
// the upper half to the lower; a last sixteen that is not full adds nothing in the lanes it lacks. So a result depends
// neither on the machine nor on how rows are grouped into calls. Only the bits of a NaN may differ.
#ifndef ARPG_KERNELS_H
#define ARPG_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "ARPGPacked.h"
#include "ARPGPeaks.h"
#include "ARPGPixels.h"
#include "ARPGWinograd.h"

#ifdef __cplusplus
extern "C" {
#endif

// How many queries a level of attend may take at a time.
enum { ARPG_ATTEND_QUERIES = 4 };
// How many keys in half precision stand side by side.
enum { ARPG_KEY_PANEL = 16 };

typedef struct arpg_kernels {
  // y[r][o] = sum over k of x[r][k] * w[o][k]; ldx and ldy are the distances between rows of x and of y.
  void (*linear)(const float *x, size_t ldx, const float *w, float *y, size_t ldy, size_t rows, size_t outputs,
                 size_t inputs);
  // c[r][j] = sum over k of a[r][k] * b[k][j], in the order of k, on top of what c holds where add is set. The rows of a
  // matrix are *_row floats apart and its columns *_column, so that either may be a transpose; those of c ldc and 1.
  void (*multiply)(const float *a, size_t a_row, size_t a_column, const float *b, size_t b_row, size_t b_column,
                   float *c, size_t ldc, size_t rows, size_t columns, size_t inner, int add);
  // y = x / sqrt(mean(x^2) + eps) * gain, row by row.
  void (*rms_norm)(const float *x, const float *gain, float eps, float *y, size_t rows, size_t dim);
  // y = (x - mean) / sqrt(variance + eps) * gain + bias, row by row.
  void (*layer_norm)(const float *x, const float *gain, const float *bias, float eps, float *y, size_t rows,
                     size_t dim);
  // One sample, one group of channels: normalises channels * pixels values together, then scales by the channel's gain
  // and bias, and applies SiLU where asked. The sums of x and of x^2 are taken in lanes of double precision.
  void (*group_norm)(const float *x, const float *gain, const float *bias, float eps, int silu, float *y,
                     size_t channels, size_t pixels);
  // y = silu(a) * b. y may be a or b.
  void (*silu_multiply)(const float *a, const float *b, float *y, size_t count);
  // y = silu(x). y may be x.
  void (*silu)(const float *x, float *y, size_t count);
  // y = gelu(x) = x times the normal distribution's share below x, to 1e-7. y may be x.
  void (*gelu)(const float *x, float *y, size_t count);
  // y = gelu(x) by its tanh approximation. y may be x.
  void (*gelu_tanh)(const float *x, float *y, size_t count);
  // Each row becomes its softmax of scale * x, in place; -infinity gives 0.
  void (*softmax)(float *x, size_t ldx, float scale, size_t rows, size_t columns);
  // y += scale * x.
  void (*add_scaled)(const float *x, float scale, float *y, size_t count);
  // Rotates adjacent pairs of each of the heads of one row: x, y [heads][head_dim], table [head_dim / 2][2] (cos, sin).
  // y may be x.
  void (*rotate)(const float *x, const float *table, float *y, size_t heads, size_t head_dim);
  // y = exp(x - largest), to a unit in the last place of a double; 0 where it would be below exp(-708), and where x is no number.
  // No x is above largest. Returns the sum, taken in the sixteen lanes.
  double (*exponentials)(const float *x, float largest, double *y, size_t count);
  // One head: out[i] = sum over j of softmax_j(scale * q[i].k[j]) v[j], j < min(keys, seen + i): seen = keys lets every
  // query see all keys, a smaller one is causal. 1 <= seen <= keys. Rows are ld* floats apart. scratch holds
  // ARPG_ATTEND_QUERIES * keys floats.
  void (*attend)(const float *q, size_t ldq, const float *k, const float *v, size_t ldkv, float *out, size_t ldo,
                 size_t queries, size_t keys, size_t head_dim, float scale, size_t seen, float *scratch);
  // A key and a value of one head to halves, those beyond 65504 clamped, behind `position` others. Keys are in panels of
  // ARPG_KEY_PANEL: for each of head_dim components the keys of the panel; values one after another.
  void (*remember_halves)(const float *key, const float *value, uint16_t *k, uint16_t *v, size_t position,
                          size_t head_dim);
  // As attend, of such keys and values: query i sees those of first ..< min(keys, seen + i), first < seen <= keys. The sum of q.k is
  // taken in the order of the components. scratch holds ARPG_ATTEND_QUERIES floats for each key of whole panels.
  void (*attend_halves)(const float *q, size_t ldq, const uint16_t *k, const uint16_t *v, float *out, size_t ldo,
                        size_t queries, size_t first, size_t keys, size_t head_dim, float scale, size_t seen,
                        float *scratch);
  // Half precision to single, exactly; a NaN stays one, and becomes quiet.
  void (*from_float16)(const uint16_t *x, float *y, size_t count);
  // bfloat16 to single, bit by bit.
  void (*from_bfloat16)(const uint16_t *x, float *y, size_t count);
  // 1 when every value is finite.
  int (*all_finite)(const float *x, size_t count);
  // The gradients of silu_multiply: da and db from dy. da or db may be dy.
  void (*silu_multiply_gradient)(const float *a, const float *b, const float *dy, float *da, float *db, size_t count);
  // dx from dy for the two forms of gelu. dx may be dy.
  void (*gelu_gradient)(const float *x, const float *dy, float *dx, size_t count);
  void (*gelu_tanh_gradient)(const float *x, const float *dy, float *dx, size_t count);
  // The gradients of rms_norm: dx from dy, and what the rows add to dgain.
  void (*rms_norm_gradient)(const float *x, const float *gain, float eps, const float *dy, float *dx, float *dgain,
                            size_t rows, size_t dim);
  // The gradients of group_norm: dx from dy, and those of each channel's gain and bias; the moments are taken as there, the
  // sums over a channel's pixels in lanes. dx may be dy.
  void (*group_norm_gradient)(const float *x, const float *gain, const float *bias, float eps, int silu,
                              const float *dy, float *dx, float *dgain, float *dbias, size_t channels, size_t pixels);
  // The gradient of softmax: p is its result, dp becomes p * (dp - p.dp) * scale, row by row.
  void (*softmax_gradient)(const float *p, float *dp, size_t ld, float scale, size_t rows, size_t columns);
  // y = x * scale, or 0 where 16 random bits are below the threshold. y may be x. The bits are those of Philox4x32-10 with
  // a key of two words and a counter of four: of 128 values, value 32 w + 16 h + b has half h (0 the lower) of word w at
  // the counter's first word + b, and each 128 add 16 to that first word.
  void (*dropout)(const float *x, const uint32_t *key, const uint32_t *counter, uint32_t threshold, float scale,
                  float *y, size_t count);
} arpg_kernels;

typedef enum { ARPG_SIMD_SCALAR = 0, ARPG_SIMD_AVX2 = 1, ARPG_SIMD_AVX512 = 2, ARPG_SIMD_NEON = 3 } arpg_simd_level;

// The kernels of a level, or NULL where this machine lacks it. The scalar ones are the reference.
const arpg_kernels *arpg_kernels_at(arpg_simd_level level);
// The fastest level of this machine.
arpg_simd_level arpg_best_simd_level(void);
// The fastest kernels of this machine; chosen once.
const arpg_kernels *arpg_best_kernels(void);

// Makes malloc keep freed memory for later, except blocks from mapped_size on; where the C library has no such setting,
// nothing changes.
void arpg_keep_freed_memory(size_t mapped_size);

// Gives memory that malloc holds but nobody uses back to the system, where the C library can.
void arpg_return_freed_memory(void);

// Tells the processor that a thread waits for another one.
static inline void arpg_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

// How many threads a loop may use that begins on this thread; 0, as at first, for any number.
size_t arpg_thread_share(void);
void arpg_set_thread_share(size_t threads);

// The transforms of a level, or NULL where this machine lacks it.
const arpg_winograd *arpg_winograd_at(arpg_simd_level level);
// The fastest transforms of this machine.
const arpg_winograd *arpg_best_winograd(void);

// The kernels of pixels of a level, or NULL where this machine lacks it. The scalar ones are the reference.
const arpg_pixels *arpg_pixels_at(arpg_simd_level level);
// The fastest kernels of pixels of this machine.
const arpg_pixels *arpg_best_pixels(void);

// What this machine does at most at a level, or NULL where it lacks it.
const arpg_peaks *arpg_peaks_at(arpg_simd_level level);

#ifdef __cplusplus
}
#endif
#endif
