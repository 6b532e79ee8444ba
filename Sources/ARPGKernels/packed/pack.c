// From matrices to panels and back. Runs once for each matrix, on whatever thread loads it.
#include "ARPGKernels.h"
#include "packed.h"

#pragma STDC FP_CONTRACT OFF

INLINE uint16_t float_to_half(float value) {
  _Float16 half = (_Float16)value;
  uint16_t bits;
  memcpy(&bits, &half, sizeof bits);
  return bits;
}

INLINE float at(const float *matrix, size_t output, size_t input, size_t outputs, size_t inputs) {
  return output < outputs && input < inputs ? matrix[output * inputs + input] : 0;
}

INLINE size_t panels_of(size_t outputs) { return (outputs + ARPG_PANEL - 1) / ARPG_PANEL; }

INLINE void pack_float16(const float *matrix, uint16_t *w, size_t outputs, size_t inputs) {
  for (size_t p = 0; p < panels_of(outputs); p++)
    for (size_t k = 0; k < inputs; k++, w += ARPG_PANEL) {
      float values[ARPG_PANEL];
      _Float16 halves[ARPG_PANEL];
      for (size_t lane = 0; lane < ARPG_PANEL; lane++) values[lane] = at(matrix, p * ARPG_PANEL + lane, k, outputs, inputs);
      for (size_t lane = 0; lane < ARPG_PANEL; lane++) halves[lane] = (_Float16)values[lane];
      memcpy(w, halves, sizeof halves);
    }
}

typedef uint16_t eight_halves __attribute__((vector_size(16)));

// Eight inputs of eight outputs, whose rows are `row` bytes apart, to a part of a panel: interleaving the first and the last four
// rows three times turns columns into rows.
INLINE void turn_eight(const char *rows, size_t row, uint16_t *w) {
  eight_halves values[8], next[8];
  UNROLL for (int i = 0; i < 8; i++) memcpy(&values[i], rows + i * row, sizeof values[i]);
  UNROLL for (int round = 0; round < 3; round++) {
    UNROLL for (int i = 0; i < 4; i++) {
      next[2 * i] = __builtin_shufflevector(values[i], values[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      next[2 * i + 1] = __builtin_shufflevector(values[i], values[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    UNROLL for (int i = 0; i < 8; i++) values[i] = next[i];
  }
  UNROLL for (int i = 0; i < 8; i++) memcpy(w + i * ARPG_PANEL, &values[i], sizeof values[i]);
}

void arpg_pack_halves(const void *matrix, uint16_t *w, size_t outputs, size_t inputs) {
  const char *bytes = matrix;
  for (size_t p = 0; p < panels_of(outputs); p++, w += ARPG_PANEL * inputs) {
    size_t k = 0;
    for (; (p + 1) * ARPG_PANEL <= outputs && k + 8 <= inputs; k += 8)
      for (size_t lane = 0; lane < ARPG_PANEL; lane += 8)
        turn_eight(bytes + 2 * ((p * ARPG_PANEL + lane) * inputs + k), 2 * inputs, w + k * ARPG_PANEL + lane);
    for (; k < inputs; k++)
      for (size_t lane = 0; lane < ARPG_PANEL; lane++) {
        size_t output = p * ARPG_PANEL + lane;
        if (output < outputs) memcpy(w + k * ARPG_PANEL + lane, bytes + 2 * (output * inputs + k), 2);
        else w[k * ARPG_PANEL + lane] = 0;
      }
  }
}

int arpg_halves_below(const uint16_t *w, size_t count, uint16_t limit) {
  int16_t most = 0;
  for (size_t i = 0; i < count; i++) {
    int16_t magnitude = (int16_t)(w[i] & 0x7fff);
    most = magnitude > most ? magnitude : most;
  }
  return most < (int16_t)limit;
}

void arpg_unpack_float16(const uint16_t *w, float *matrix, size_t outputs, size_t inputs) {
  for (size_t o = 0; o < outputs; o++)
    for (size_t k = 0; k < inputs; k++)
      matrix[o * inputs + k] = half_to_float(w[(o / ARPG_PANEL * inputs + k) * ARPG_PANEL + o % ARPG_PANEL]);
}

void arpg_pack_bfloat16(const float *matrix, uint16_t *w, size_t outputs, size_t inputs) {
  for (size_t p = 0; p < panels_of(outputs); p++)
    for (size_t k = 0; k < inputs; k += 2)
      for (size_t lane = 0; lane < ARPG_PANEL; lane++)
        for (size_t i = 0; i < 2; i++)
          *w++ = float_to_bfloat(at(matrix, p * ARPG_PANEL + lane, k + i, outputs, inputs));
}

void arpg_unpack_bfloat16(const uint16_t *w, float *matrix, size_t outputs, size_t inputs) {
  size_t pairs = (inputs + 1) / 2;
  for (size_t o = 0; o < outputs; o++)
    for (size_t k = 0; k < inputs; k++)
      matrix[o * inputs + k] =
          bfloat_to_float(w[((o / ARPG_PANEL * pairs + k / 2) * ARPG_PANEL + o % ARPG_PANEL) * 2 + k % 2]);
}

// The nearest whole number, ties to even, of one below 2^22; unlike rintf no call where the processor's first set of
// instructions is all that may be used.
INLINE float nearest(float value) { return (value + 0x1.8p23f) - 0x1.8p23f; }

// The bits of the largest magnitude, as of a positive float; of what is no number where there is such.
INLINE int32_t largest_bits(const float *row, size_t count) {
  int32_t most = 0;
  for (size_t k = 0; k < count; k++) {
    int32_t bits;
    memcpy(&bits, row + k, sizeof bits);
    bits &= 0x7fffffff;
    most = bits > most ? bits : most;
  }
  return most;
}

void arpg_pack_int8(const float *matrix, uint8_t *w, float *scale, size_t outputs, size_t inputs) {
  size_t padded = groups_of(inputs) * ARPG_GROUP;
  for (size_t o = 0; o < panels_of(outputs) * ARPG_PANEL; o++) {
    const float *row = matrix + o * inputs;
    size_t count = o < outputs ? inputs : 0;
    int32_t bits = largest_bits(row, count);
    float largest;
    memcpy(&largest, &bits, sizeof largest);
    scale[o] = largest / 127.0f;
    float factor = largest > 0 && 127.0f / largest <= 3e38f ? 127.0f / largest : 0;
    uint8_t *panel = w + o / ARPG_PANEL * ARPG_PANEL * padded + o % ARPG_PANEL * 4;
    for (size_t k = 0; k < padded; k += ARPG_GROUP) {
      // A group at a time, whose values the compiler takes together.
      float values[ARPG_GROUP] = {0};
      uint8_t bytes[ARPG_GROUP];
      if (k < count) memcpy(values, row + k, (count - k < ARPG_GROUP ? count - k : ARPG_GROUP) * sizeof *values);
      for (size_t i = 0; i < ARPG_GROUP; i++) bytes[i] = (uint8_t)(128 + (int)nearest(values[i] * factor));
      for (size_t i = 0; i < ARPG_GROUP; i += 4) memcpy(panel + (k + i) * ARPG_PANEL, bytes + i, 4);
    }
  }
}

void arpg_unpack_int8(const uint8_t *w, const float *scale, float *matrix, size_t outputs, size_t inputs) {
  size_t padded = groups_of(inputs) * ARPG_GROUP;
  for (size_t o = 0; o < outputs; o++) {
    const uint8_t *panel = w + o / ARPG_PANEL * ARPG_PANEL * padded + o % ARPG_PANEL * 4;
    for (size_t k = 0; k < inputs; k++)
      matrix[o * inputs + k] = (float)(panel[k / 4 * ARPG_PANEL * 4 + k % 4] - 128) * scale[o];
  }
}

// The nearest of 16 steps from a minimum, of which there are `steps` to one.
INLINE int step_of(float value, float minimum, float steps) {
  float step = nearest((value - minimum) * steps);
  return step < 0 ? 0 : step > 15 ? 15 : (int)step;
}
INLINE float steps_of(float scale) { return scale > 0 && 1 / scale <= 3e38f ? 1 / scale : 0; }

// Half precision of the scale and the minimum of a group, such that the squared error is least among ranges that are shorter
// and shorter than that of the values: what lies beyond is then cut off.
INLINE void choose_range(const float *values, uint16_t *scale, uint16_t *minimum) {
  float low = values[0], high = values[0];
  for (size_t k = 1; k < ARPG_GROUP; k++) {
    low = values[k] < low ? values[k] : low;
    high = values[k] > high ? values[k] : high;
  }
  float best = INFINITY;
  *scale = *minimum = 0;
  for (int cut = 0; cut < 8; cut++) {
    float margin = (high - low) * 0.5f * 0.03f * (float)cut;
    uint16_t s = float_to_half((high - low - 2 * margin) / 15.0f), m = float_to_half(low + margin);
    float width = half_to_float(s), from = half_to_float(m), steps = steps_of(width), error = 0, squares[ARPG_GROUP];
    for (size_t k = 0; k < ARPG_GROUP; k++) {
      float step = nearest((values[k] - from) * steps);
      step = step < 0 ? 0 : step > 15 ? 15 : step;
      float difference = step * width + from - values[k];
      squares[k] = difference * difference;
    }
    for (size_t k = 0; k < ARPG_GROUP; k++) error += squares[k];
    if (error < best) {
      best = error;
      *scale = s;
      *minimum = m;
    }
  }
}

INLINE void pack_int4(const float *matrix, uint8_t *w, size_t outputs, size_t inputs) {
  size_t groups = groups_of(inputs);
  for (size_t o = 0; o < panels_of(outputs) * ARPG_PANEL; o++) {
    size_t lane = o % ARPG_PANEL;
    for (size_t g = 0; g < groups; g++) {
      uint8_t *group = w + (o / ARPG_PANEL * groups + g) * ARPG_INT4_GROUP_BYTES;
      float values[ARPG_GROUP];
      for (size_t k = 0; k < ARPG_GROUP; k++) values[k] = at(matrix, o, g * ARPG_GROUP + k, outputs, inputs);
      uint16_t scale, minimum;
      choose_range(values, &scale, &minimum);
      memcpy(group + 2 * lane, &scale, 2);
      memcpy(group + 32 + 2 * lane, &minimum, 2);
      float from = half_to_float(minimum), steps = steps_of(half_to_float(scale));
      for (size_t k = 0; k < ARPG_GROUP; k++) {
        uint8_t *both = group + 64 + k / 8 * 64 + lane * 4 + k % 4;
        int step = step_of(values[k], from, steps);
        *both = (uint8_t)(k % 8 < 4 ? step : *both | step << 4);
      }
    }
  }
}

void arpg_unpack_int4(const uint8_t *w, float *matrix, size_t outputs, size_t inputs) {
  size_t groups = groups_of(inputs);
  for (size_t o = 0; o < outputs; o++) {
    size_t lane = o % ARPG_PANEL;
    for (size_t k = 0; k < inputs; k++) {
      const uint8_t *group = w + (o / ARPG_PANEL * groups + k / ARPG_GROUP) * ARPG_INT4_GROUP_BYTES;
      uint16_t halves[2];
      memcpy(&halves[0], group + 2 * lane, 2);
      memcpy(&halves[1], group + 32 + 2 * lane, 2);
      uint8_t both = group[64 + k % ARPG_GROUP / 8 * 64 + lane * 4 + k % 4];
      matrix[o * inputs + k] =
          (float)(k % 8 < 4 ? both & 15 : both >> 4) * half_to_float(halves[0]) + half_to_float(halves[1]);
    }
  }
}

// Packing to half precision costs a call for each value where the processor's first set of instructions is all that may be used.
#if defined(__x86_64__)
#define WITH_HALVES __attribute__((target("avx2,fma,f16c"))) static
WITH_HALVES void pack_float16_at_once(const float *matrix, uint16_t *w, size_t outputs, size_t inputs) {
  pack_float16(matrix, w, outputs, inputs);
}
WITH_HALVES void pack_int4_at_once(const float *matrix, uint8_t *w, size_t outputs, size_t inputs) {
  pack_int4(matrix, w, outputs, inputs);
}
static int has_halves(void) { return arpg_kernels_at(ARPG_SIMD_AVX2) != 0; }
#else
#define pack_float16_at_once pack_float16
#define pack_int4_at_once pack_int4
static int has_halves(void) { return 0; }
#endif

void arpg_pack_float16(const float *matrix, uint16_t *w, size_t outputs, size_t inputs) {
  (has_halves() ? pack_float16_at_once : pack_float16)(matrix, w, outputs, inputs);
}

void arpg_pack_int4(const float *matrix, uint8_t *w, size_t outputs, size_t inputs) {
  (has_halves() ? pack_int4_at_once : pack_int4)(matrix, w, outputs, inputs);
}
