// Packed products, their rounding and their packing.
#include <string.h>

#include "ARPGKernels.h"
#include "check.h"

static struct {
  size_t rows, outputs, inputs, ldx, ldy, ldq, groups;
  const float *x, *scale, *w_scale, *matrix;
  const uint16_t *halves, *upper;
  const uint8_t *bytes, *nibbles;
  const int8_t *q;
  const int32_t *sums;
} p;

static size_t padded_outputs(void) { return (p.outputs + ARPG_PANEL - 1) / ARPG_PANEL * ARPG_PANEL; }

static void float16(const void *table, float *y) {
  ((const arpg_packed *)table)->linear_float16(p.x, p.ldx, p.halves, y, p.ldy, p.rows, p.outputs, p.inputs);
}
static void bfloat16(const void *table, float *y) {
  size_t ld = (p.inputs + 1) / 2 * 2;
  float *values = array(10, p.rows * ld * sizeof(float));
  uint16_t *halves = array(11, p.rows * ld * sizeof(uint16_t));
  const arpg_packed *kernels = table;
  kernels->round_bfloat16(p.x, p.ldx, values, halves, ld, p.rows, p.inputs);
  kernels->linear_bfloat16(values, halves, ld, p.upper, y, p.ldy, p.rows, p.outputs, p.inputs);
}
static void int8(const void *table, float *y) {
  ((const arpg_packed *)table)
      ->linear_int8(p.q, p.ldq, p.scale, p.sums, p.bytes, p.w_scale, y, p.ldy, p.rows, p.outputs);
}
static void int4(const void *table, float *y) {
  ((const arpg_packed *)table)->linear_int4(p.q, p.ldq, p.scale, p.sums, p.nibbles, y, p.ldy, p.rows, p.outputs);
}

// Bytes, scales and sums, all as floats.
static void quantize(const void *table, float *y) {
  int8_t *q = array(8, p.rows * p.ldq);
  int32_t *sums = array(9, p.rows * p.groups * sizeof *sums);
  ((const arpg_packed *)table)->quantize(p.x, p.ldx, q, p.ldq, y, sums, p.rows, p.inputs);
  y += p.rows * p.groups;
  for (size_t i = 0; i < p.rows * p.groups; i++) *y++ = (float)sums[i];
  for (size_t i = 0; i < p.rows * p.ldq; i++) *y++ = (float)q[i];
}

// Weights of 16 bits: numbers that are packed, small ones without a normal exponent among them, or any bits.
static const uint16_t *weights16(int slot, size_t count, int spread, uint16_t small,
                                 void (*pack)(const float *, uint16_t *, size_t, size_t)) {
  uint16_t *w = array(slot, count * sizeof *w);
  if (spread == ORDINARY) pack(p.matrix, w, p.outputs, p.inputs);
  else
    for (size_t i = 0; i < count; i++) w[i] = (uint16_t)(random_bits() & (spread == FINITE ? small : 0xffffu));
  return w;
}

// Numbers from -127 to 127, the least and the greatest often.
static int random_byte(void) {
  uint32_t bits = random_bits();
  return bits % 5 == 0 ? -127 : bits % 5 == 1 ? 127 : (int)(bits >> 8) % 255 - 127;
}

static void prepare_integers(int spread) {
  int8_t *q = array(4, p.rows * p.ldq);
  int32_t *sums = array(5, p.rows * p.groups * sizeof *sums);
  memset(sums, 0, p.rows * p.groups * sizeof *sums);
  for (size_t i = 0; i < p.rows * p.ldq; i++) {
    q[i] = (int8_t)random_byte();
    sums[i / ARPG_GROUP] += q[i];
  }
  size_t count = padded_outputs() * p.ldq, groups = padded_outputs() / ARPG_PANEL * p.groups;
  uint8_t *bytes = array(6, count), *nibbles = array(7, groups * ARPG_INT4_GROUP_BYTES);
  for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(128 + random_byte());
  for (size_t i = 0; i < groups * ARPG_INT4_GROUP_BYTES; i++) nibbles[i] = (uint8_t)random_bits();
  // Scales and minima that are finite.
  if (spread != SPECIAL)
    for (size_t g = 0; g < groups; g++)
      for (size_t i = 1; i < 64; i += 2) nibbles[g * ARPG_INT4_GROUP_BYTES + i] &= 0xbf;
  p.q = q;
  p.sums = sums;
  p.bytes = bytes;
  p.nibbles = nibbles;
  p.scale = numbers(8, p.rows * p.groups, spread);
  p.w_scale = numbers(9, padded_outputs(), spread);
}

static check checks[] = {{"quantize", 0},    {"linear_float16", 0}, {"linear_bfloat16", 0}, {"linear_int8", 0},
                         {"linear_int4", 0}, {"pack_int8", 0},      {"pack_int4", 0}};

static void compare_products(const level_list *levels, size_t rows, size_t outputs, size_t inputs) {
  int spread = (int)((rows + outputs + inputs) % SPREADS);
  p.rows = rows;
  p.outputs = outputs;
  p.inputs = inputs;
  p.ldx = inputs + 3;
  p.ldy = outputs + 2;
  p.groups = (inputs + ARPG_GROUP - 1) / ARPG_GROUP;
  p.ldq = p.groups * ARPG_GROUP;
  p.x = numbers(1, (rows - 1) * p.ldx + inputs, spread);
  p.matrix = numbers(4, outputs * inputs, ORDINARY);
  p.halves = weights16(2, padded_outputs() * inputs, spread, 0x8fff, arpg_pack_float16);
  compare(&checks[0], levels, quantize, rows * (p.ldq + 2 * p.groups));
  size_t results = (rows - 1) * p.ldy + outputs;
  compare(&checks[1], levels, float16, results);
  prepare_integers(spread);
  compare(&checks[3], levels, int8, results);
  compare(&checks[4], levels, int4, results);
  // Without subnormal numbers, which one level takes as zeros.
  p.x = numbers(1, (rows - 1) * p.ldx + inputs, ORDINARY);
  p.matrix = numbers(4, outputs * inputs, ORDINARY);
  p.upper = weights16(3, padded_outputs() * ((inputs + 1) / 2 * 2), ORDINARY, 0x80ff, arpg_pack_bfloat16);
  compare(&checks[2], levels, bfloat16, results);
}

// What is packed and unpacked again.
static void pack_int8(const void *table, float *y) {
  (void)table;
  uint8_t *bytes = array(6, padded_outputs() * p.ldq);
  float *scale = array(9, padded_outputs() * sizeof(float));
  arpg_pack_int8(p.matrix, bytes, scale, p.outputs, p.inputs);
  arpg_unpack_int8(bytes, scale, y, p.outputs, p.inputs);
}
static void pack_int4(const void *table, float *y) {
  (void)table;
  uint8_t *nibbles = array(7, padded_outputs() / ARPG_PANEL * p.groups * ARPG_INT4_GROUP_BYTES);
  arpg_pack_int4(p.matrix, nibbles, p.outputs, p.inputs);
  arpg_unpack_int4(nibbles, y, p.outputs, p.inputs);
}

void check_packed(const level_list *levels) {
  static const size_t some_rows[] = {1, 2, 3, 4, 5, 7, 8, 17}, some_outputs[] = {1, 15, 16, 17, 31, 33, 40};
  for (size_t inputs = 1; inputs <= 100; inputs++)
    for (size_t o = 0; o < sizeof some_outputs / sizeof(size_t); o++)
      for (size_t r = 0; r < sizeof some_rows / sizeof(size_t); r++)
        compare_products(levels, some_rows[r], some_outputs[o], inputs);
  for (size_t outputs = 1; outputs <= 40; outputs++)
    for (size_t rows = 1; rows <= 17; rows++) compare_products(levels, rows, outputs, 33);
  // There is one level of packing.
  level_list scalar = *levels;
  scalar.count = 1;
  for (p.inputs = 1; p.inputs <= 100; p.inputs++) {
    p.outputs = p.inputs % 40 + 1;
    p.groups = (p.inputs + ARPG_GROUP - 1) / ARPG_GROUP;
    p.ldq = p.groups * ARPG_GROUP;
    p.matrix = numbers(4, p.outputs * p.inputs, ORDINARY);
    compare(&checks[5], &scalar, pack_int8, p.outputs * p.inputs);
    compare(&checks[6], &scalar, pack_int4, p.outputs * p.inputs);
  }
  for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) print_hash(&checks[i]);
}
