// The reference of packed products: plain loops in the order that ARPGPacked.h promises.
#include "packed.h"

#pragma STDC FP_CONTRACT OFF

static void quantize(const float *x, size_t ldx, int8_t *q, size_t ldq, float *scale, int32_t *sums, size_t rows,
                     size_t inputs) {
  size_t groups = groups_of(inputs);
  for (size_t r = 0; r < rows; r++) {
    for (size_t g = 0; g < groups; g++) {
      const float *group = x + r * ldx + g * ARPG_GROUP;
      size_t count = inputs - g * ARPG_GROUP < ARPG_GROUP ? inputs - g * ARPG_GROUP : ARPG_GROUP;
      uint32_t most = 0;
      for (size_t k = 0; k < count; k++) most = magnitude_bits(group[k]) > most ? magnitude_bits(group[k]) : most;
      float factor = rounding_factor(most, &scale[r * groups + g]);
      int32_t sum = 0;
      for (size_t k = 0; k < ARPG_GROUP; k++) {
        int8_t value = k < count && factor > 0 ? (int8_t)rintf(group[k] * factor) : 0;
        q[r * ldq + g * ARPG_GROUP + k] = value;
        sum += value;
      }
      sums[r * groups + g] = sum;
    }
  }
}

static void linear_float16(const float *x, size_t ldx, const uint16_t *w, float *y, size_t ldy, size_t rows,
                           size_t outputs, size_t inputs) {
  for (size_t o = 0; o < outputs; o++) {
    const uint16_t *panel = w + o / ARPG_PANEL * ARPG_PANEL * inputs + o % ARPG_PANEL;
    for (size_t r = 0; r < rows; r++) {
      float sum = 0;
      for (size_t k = 0; k < inputs; k++) sum = fmaf(x[r * ldx + k], half_to_float(panel[k * ARPG_PANEL]), sum);
      y[r * ldy + o] = sum;
    }
  }
}

DEFINE_ROUND_BFLOAT16

static void linear_bfloat16(const float *x, const uint16_t *halves, size_t ld, const uint16_t *w, float *y, size_t ldy,
                            size_t rows, size_t outputs, size_t inputs) {
  (void)halves;
  size_t pairs = (inputs + 1) / 2;
  for (size_t o = 0; o < outputs; o++) {
    const uint16_t *panel = w + (o / ARPG_PANEL * pairs * ARPG_PANEL + o % ARPG_PANEL) * 2;
    for (size_t r = 0; r < rows; r++) {
      float sum = 0;
      for (size_t i = 0; i < pairs; i++) {
        const uint16_t *pair = panel + i * ARPG_PANEL * 2;
        sum = fmaf(x[r * ld + 2 * i + 1], bfloat_to_float(pair[1]), sum);
        sum = fmaf(x[r * ld + 2 * i], bfloat_to_float(pair[0]), sum);
      }
      y[r * ldy + o] = sum;
    }
  }
}

static void linear_int8(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w,
                        const float *w_scale, float *y, size_t ldy, size_t rows, size_t outputs) {
  (void)sums;
  size_t groups = ldq / ARPG_GROUP;
  for (size_t o = 0; o < outputs; o++) {
    const uint8_t *panel = w + o / ARPG_PANEL * ARPG_PANEL * ldq + o % ARPG_PANEL * 4;
    for (size_t r = 0; r < rows; r++) {
      float total = 0;
      for (size_t g = 0; g < groups; g++) {
        int32_t sum = 0;
        for (size_t k = g * ARPG_GROUP; k < (g + 1) * ARPG_GROUP; k++)
          sum += q[r * ldq + k] * (panel[k / 4 * ARPG_PANEL * 4 + k % 4] - 128);
        total = fmaf((float)sum, scale[r * groups + g], total);
      }
      y[r * ldy + o] = total * w_scale[o];
    }
  }
}

static void linear_int4(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w, float *y,
                        size_t ldy, size_t rows, size_t outputs) {
  size_t groups = ldq / ARPG_GROUP;
  for (size_t o = 0; o < outputs; o++) {
    const uint8_t *panel = w + o / ARPG_PANEL * groups * ARPG_INT4_GROUP_BYTES;
    size_t lane = o % ARPG_PANEL;
    for (size_t r = 0; r < rows; r++) {
      float total = 0;
      for (size_t g = 0; g < groups; g++) {
        const uint8_t *group = panel + g * ARPG_INT4_GROUP_BYTES;
        uint16_t halves[2];
        memcpy(&halves[0], group + 2 * lane, 2);
        memcpy(&halves[1], group + 32 + 2 * lane, 2);
        int32_t sum = 0;
        for (size_t k = 0; k < ARPG_GROUP; k++) {
          uint8_t both = group[64 + k / 8 * 64 + lane * 4 + k % 4];
          sum += q[r * ldq + g * ARPG_GROUP + k] * (k % 8 < 4 ? both & 15 : both >> 4);
        }
        float part = fmaf((float)sum, half_to_float(halves[0]), (float)sums[r * groups + g] * half_to_float(halves[1]));
        total = fmaf(part, scale[r * groups + g], total);
      }
      y[r * ldy + o] = total;
    }
  }
}

const arpg_packed arpg_packed_scalar = {quantize, linear_float16, round_bfloat16, linear_bfloat16, linear_int8, linear_int4};
