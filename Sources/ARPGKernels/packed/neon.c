// Packed products on NEON: a panel is four registers. Blocks of four rows by a panel stay in registers. Integers are
// multiplied by the dot product instruction, or in 16 bits where the processor lacks it.
#include "packed.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma STDC FP_CONTRACT OFF

// Writes the first outputs of a panel.
INLINE void write_lanes(float *y, const float32x4_t *values, size_t outputs) {
  float lanes[ARPG_PANEL];
  float *to = outputs >= ARPG_PANEL ? y : lanes;
  UNROLL for (int p = 0; p < 4; p++) vst1q_f32(to + 4 * p, values[p]);
  if (to == lanes) memcpy(y, lanes, outputs * sizeof(float));
}

// Weights without the 128 that they have too much.
INLINE int8x16_t signed_of(const uint8_t *w) { return vreinterpretq_s8_u8(veorq_u8(vld1q_u8(w), vdupq_n_u8(0x80))); }

// Four values of half precision.
INLINE float32x4_t halves_of(const void *w) {
  return vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8((const uint8_t *)w)));
}

INLINE void float16_block(const float *x, size_t ldx, const uint16_t *w, float *y, size_t ldy, size_t outputs,
                          size_t inputs, int rows) {
  float32x4_t sums[4][4];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int p = 0; p < 4; p++) sums[i][p] = vdupq_n_f32(0);
  for (size_t k = 0; k < inputs; k++, w += ARPG_PANEL) {
    float32x4_t weights[4];
    UNROLL for (int p = 0; p < 4; p++) weights[p] = halves_of(w + 4 * p);
    UNROLL for (int i = 0; i < rows; i++)
      UNROLL for (int p = 0; p < 4; p++) sums[i][p] = vfmaq_n_f32(sums[i][p], weights[p], x[(size_t)i * ldx + k]);
  }
  UNROLL for (int i = 0; i < rows; i++) write_lanes(y + (size_t)i * ldy, sums[i], outputs);
}

static void linear_float16(const float *x, size_t ldx, const uint16_t *w, float *y, size_t ldy, size_t rows,
                           size_t outputs, size_t inputs) {
  for (size_t o = 0; o < outputs; o += ARPG_PANEL, w += ARPG_PANEL * inputs) {
#define BLOCK(n) float16_block(x + r * ldx, ldx, w, y + r * ldy + o, ldy, outputs - o, inputs, n);
    BLOCKS_OF_FOUR(BLOCK)
#undef BLOCK
  }
}

DEFINE_ROUND_BFLOAT16

INLINE void bfloat16_block(const float *x, size_t ld, const uint16_t *w, float *y, size_t ldy, size_t outputs,
                           size_t inputs, int rows) {
  float32x4_t sums[4][4];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int p = 0; p < 4; p++) sums[i][p] = vdupq_n_f32(0);
  for (size_t k = 0; k < inputs; k += 2, w += 2 * ARPG_PANEL) {
    float32x4_t first[4], second[4];
    UNROLL for (int p = 0; p < 4; p++) {
      uint32x4_t pairs = vreinterpretq_u32_u16(vld1q_u16(w + 8 * p));
      first[p] = vreinterpretq_f32_u32(vshlq_n_u32(pairs, 16));
      second[p] = vreinterpretq_f32_u32(vandq_u32(pairs, vdupq_n_u32(0xffff0000u)));
    }
    UNROLL for (int i = 0; i < rows; i++) {
      const float *row = x + (size_t)i * ld + k;
      UNROLL for (int p = 0; p < 4; p++) sums[i][p] = vfmaq_n_f32(sums[i][p], second[p], row[1]);
      UNROLL for (int p = 0; p < 4; p++) sums[i][p] = vfmaq_n_f32(sums[i][p], first[p], row[0]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) write_lanes(y + (size_t)i * ldy, sums[i], outputs);
}

static void linear_bfloat16(const float *x, const uint16_t *halves, size_t ld, const uint16_t *w, float *y, size_t ldy,
                            size_t rows, size_t outputs, size_t inputs) {
  (void)halves;
  for (size_t o = 0; o < outputs; o += ARPG_PANEL, w += ARPG_PANEL * ((inputs + 1) / 2) * 2) {
#define BLOCK(n) bfloat16_block(x + r * ld, ld, w, y + r * ldy + o, ldy, outputs - o, inputs, n);
    BLOCKS_OF_FOUR(BLOCK)
#undef BLOCK
  }
}

static void quantize(const float *x, size_t ldx, int8_t *q, size_t ldq, float *scale, int32_t *sums, size_t rows,
                     size_t inputs) {
  size_t groups = groups_of(inputs);
  for (size_t r = 0; r < rows; r++) {
    for (size_t g = 0; g < groups; g++) {
      size_t first = g * ARPG_GROUP, count = inputs - first < ARPG_GROUP ? inputs - first : ARPG_GROUP;
      float values[ARPG_GROUP] = {0};
      memcpy(values, x + r * ldx + first, count * sizeof(float));
      uint32x4_t magnitudes = vdupq_n_u32(0);
      UNROLL for (int i = 0; i < ARPG_GROUP; i += 4) {
        uint32x4_t bits = vreinterpretq_u32_f32(vld1q_f32(values + i));
        magnitudes = vmaxq_u32(magnitudes, vandq_u32(bits, vdupq_n_u32(0x7fffffff)));
      }
      float factor = rounding_factor(vmaxvq_u32(magnitudes), &scale[r * groups + g]);
      int32x4_t sum = vdupq_n_s32(0);
      UNROLL for (int i = 0; i < ARPG_GROUP; i += 8) {
        int32x4_t low = vdupq_n_s32(0), high = low;
        if (factor > 0) {
          low = vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(values + i), factor));
          high = vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(values + i + 4), factor));
        }
        vst1_s8(q + r * ldq + first + i, vmovn_s16(vcombine_s16(vmovn_s32(low), vmovn_s32(high))));
        sum = vaddq_s32(sum, vaddq_s32(low, high));
      }
      sums[r * groups + g] = vaddvq_s32(sum);
    }
  }
}

// Integers without the dot product instruction.
#define LEVEL(name) name##_plain
// The first two outputs and the other two, each in two lanes.
typedef struct {
  int32x4_t low, high;
} sums_plain;
INLINE sums_plain add_eight_plain(sums_plain sums, int8x16_t a, int8x16_t b, const int8_t *q) {
  int32x2_t eight = vreinterpret_s32_s8(vld1_s8(q));
  int8x8_t x = vreinterpret_s8_s32(vdup_lane_s32(eight, 0)), y = vreinterpret_s8_s32(vdup_lane_s32(eight, 1));
  // Two products fit 16 bits: no byte of a row is beyond 127.
  sums.low = vpadalq_s16(sums.low, vmlal_s8(vmull_s8(vget_low_s8(a), x), vget_low_s8(b), y));
  sums.high = vpadalq_s16(sums.high, vmlal_s8(vmull_s8(vget_high_s8(a), x), vget_high_s8(b), y));
  return sums;
}
INLINE float32x4_t total_plain(sums_plain sums) { return vcvtq_f32_s32(vpaddq_s32(sums.low, sums.high)); }
#include "neon_integers.h"
#undef LEVEL

const arpg_packed arpg_packed_neon = {
    quantize, linear_float16, round_bfloat16, linear_bfloat16, linear_int8_plain, linear_int4_plain,
};

// And with it.
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define LEVEL(name) name##_dot
typedef int32x4_t sums_dot;
INLINE int32x4_t add_eight_dot(int32x4_t sums, int8x16_t a, int8x16_t b, const int8_t *q) {
  int8x8_t eight = vld1_s8(q);
  return vdotq_lane_s32(vdotq_lane_s32(sums, a, eight, 0), b, eight, 1);
}
INLINE float32x4_t total_dot(int32x4_t sums) { return vcvtq_f32_s32(sums); }
#include "neon_integers.h"
#undef LEVEL
#pragma clang attribute pop

const arpg_packed arpg_packed_dotprod = {
    quantize, linear_float16, round_bfloat16, linear_bfloat16, linear_int8_dot, linear_int4_dot,
};
#endif
