// Products with weights of low precision, packed for reading: outputs go by panels of 16, one lane each, and what the 16 need
// for the next inputs lies together. A last panel that is not full is filled up with zeros.
//
// Every SIMD level gives the same bits, which depend neither on how many rows nor on how many panels a call has: sums of
// 16-bit weights are taken in one order by fused multiply-adds, and those of integers are exact. The instruction for bfloat16
// takes subnormal numbers as zeros, which the other levels do not.
//
// Integer weights are multiplied with rows of x that are rounded to 8 bits: q = round(127 x / max |x|), ties to even, one scale
// for each group of inputs.
#ifndef ARPG_PACKED_H
#define ARPG_PACKED_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Outputs of a panel, and inputs of a group; integer weights have zeros up to a whole number of groups.
enum { ARPG_PANEL = 16, ARPG_GROUP = 32 };
// The bytes of a group of a panel of 4-bit weights: 16 scales and 16 minima in half precision, then 512 weights.
enum { ARPG_INT4_GROUP_BYTES = 16 * 2 * 2 + 16 * 32 / 2 };

typedef struct arpg_packed {
  // Rounds rows of x: q has ldq bytes a row, a whole number of groups, zeros behind the inputs; scale is max |x| / 127 of each
  // group, or a NaN where a value is not finite; sums are those of the groups of q.
  void (*quantize)(const float *x, size_t ldx, int8_t *q, size_t ldq, float *scale, int32_t *sums, size_t rows,
                   size_t inputs);
  // y[r][o] = sum over k of x[r][k] w[o][k]. The weights of a panel: for each input its 16 outputs. ldx and ldy are the
  // distances between rows.
  void (*linear_float16)(const float *x, size_t ldx, const uint16_t *w, float *y, size_t ldy, size_t rows,
                         size_t outputs, size_t inputs);
  // Rounds rows of x to 16 bits, ties to even, and gives both the values and the upper halves of their bits: ld of each a row, an even
  // number, zeros behind the inputs.
  void (*round_bfloat16)(const float *x, size_t ldx, float *values, uint16_t *halves, size_t ld, size_t rows, size_t inputs);
  // The same sum of rows that are rounded so, of each two inputs the second first. The weights of a panel: for each two inputs its 16
  // outputs, both weights of an output side by side; zeros behind an odd number of inputs.
  void (*linear_bfloat16)(const float *x, const uint16_t *halves, size_t ld, const uint16_t *w, float *y, size_t ldy,
                          size_t rows, size_t outputs, size_t inputs);
  // The weights of a panel: for each four inputs its 16 outputs, the four weights of an output side by side, 128 added to
  // each. y = (sum over groups of (sum of q (w - 128)) scale) w_scale[o], w_scale having whole panels.
  void (*linear_int8)(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w,
                      const float *w_scale, float *y, size_t ldy, size_t rows, size_t outputs);
  // The weights of a panel: for each group ARPG_INT4_GROUP_BYTES. Byte i of each 64 holds in its lower four bits the weight of
  // the first four inputs of eight that 8-bit weights have in byte i, in the upper ones that of the last four. y = sum
  // over groups of ((sum of q w) s + (sum of q) m) scale.
  void (*linear_int4)(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w, float *y,
                      size_t ldy, size_t rows, size_t outputs);
} arpg_packed;

// Later levels of an architecture are faster. x86-64: AVX2 with FMA and F16C, AVX-512, and that with VNNI for integers. ARM of
// 64 bits: NEON, which each has, and that with the dot product instruction (FEAT_DotProd) for integers.
typedef enum {
  ARPG_PACKED_SCALAR = 0,
  ARPG_PACKED_AVX2 = 1,
  ARPG_PACKED_AVX512 = 2,
  ARPG_PACKED_VNNI = 3,
  ARPG_PACKED_NEON = 4,
  ARPG_PACKED_DOTPROD = 5,
  ARPG_PACKED_BF16 = 6,
} arpg_packed_level;

// The kernels of a level, or NULL where this machine lacks it. The scalar ones are the reference.
const arpg_packed *arpg_packed_at(arpg_packed_level level);
// The fastest kernels of this machine; chosen once.
const arpg_packed *arpg_best_packed(void);

// Packs the rows of a matrix, outputs rows of inputs floats, as the kernels above take them: panels begin at w.
void arpg_pack_float16(const float *matrix, uint16_t *w, size_t outputs, size_t inputs);
// The same of a matrix that is in half precision already, at any address.
void arpg_pack_halves(const void *matrix, uint16_t *w, size_t outputs, size_t inputs);
// 1 when the bits of every value but the sign, as a number, are below a limit of at most 0x7fff: the first of what is not finite.
int arpg_halves_below(const uint16_t *w, size_t count, uint16_t limit);
void arpg_pack_bfloat16(const float *matrix, uint16_t *w, size_t outputs, size_t inputs);
// Each output has the scale max |w| / 127.
void arpg_pack_int8(const float *matrix, uint8_t *w, float *scale, size_t outputs, size_t inputs);
// Each group of an output has the scale and the minimum with the least squared error among some.
void arpg_pack_int4(const float *matrix, uint8_t *w, size_t outputs, size_t inputs);
// Row by row, what a matrix holds that was packed.
void arpg_unpack_float16(const uint16_t *w, float *matrix, size_t outputs, size_t inputs);
void arpg_unpack_bfloat16(const uint16_t *w, float *matrix, size_t outputs, size_t inputs);
void arpg_unpack_int8(const uint8_t *w, const float *scale, float *matrix, size_t outputs, size_t inputs);
void arpg_unpack_int4(const uint8_t *w, float *matrix, size_t outputs, size_t inputs);

#ifdef __cplusplus
}
#endif
#endif
