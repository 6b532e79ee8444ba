// The kernels on single precision.
#include <math.h>
#include <string.h>

#include "ARPGKernels.h"
#include "check.h"

// Sizes and arrays of one call; a, b and c are long enough for each kernel.
static struct {
  size_t rows, columns, inner, ld;
  int transposes, add;
  const float *a, *b, *c, *gain, *bias;
} p;

#define RUN(name) static void name(const void *table, float *y)
#define KERNELS ((const arpg_kernels *)table)

RUN(linear) { KERNELS->linear(p.a, p.inner + 3, p.b, y, p.columns + 2, p.rows, p.columns, p.inner); }
RUN(multiply) {
  size_t count = (p.rows - 1) * (p.columns + 2) + p.columns;
  memcpy(y, p.c, count * sizeof(float));
  size_t a_row = p.transposes & 1 ? 1 : p.inner, a_column = p.transposes & 1 ? p.rows : 1;
  size_t b_row = p.transposes & 2 ? 1 : p.columns, b_column = p.transposes & 2 ? p.inner : 1;
  KERNELS->multiply(p.a, a_row, a_column, p.b, b_row, b_column, y, p.columns + 2, p.rows, p.columns, p.inner, p.add);
}
RUN(rms_norm) { KERNELS->rms_norm(p.a, p.gain, 1e-5f, y, p.rows, p.columns); }
RUN(layer_norm) { KERNELS->layer_norm(p.a, p.gain, p.bias, 1e-6f, y, p.rows, p.columns); }
RUN(group_norm) { KERNELS->group_norm(p.a, p.gain, p.bias, 1e-6f, p.add, y, p.rows, p.columns); }
RUN(silu_multiply) { KERNELS->silu_multiply(p.a, p.b, y, p.columns); }
RUN(silu) { KERNELS->silu(p.a, y, p.columns); }
RUN(gelu) { KERNELS->gelu(p.a, y, p.columns); }
RUN(gelu_tanh) { KERNELS->gelu_tanh(p.a, y, p.columns); }
RUN(softmax) {
  memcpy(y, p.a, p.rows * p.columns * sizeof(float));
  KERNELS->softmax(y, p.columns, 0.7f, p.rows, p.columns);
}
RUN(add_scaled) {
  memcpy(y, p.b, p.columns * sizeof(float));
  KERNELS->add_scaled(p.a, 0.3f, y, p.columns);
}
RUN(rotate) { KERNELS->rotate(p.a, p.b, y, p.rows, p.columns / 2 * 2); }
RUN(attend) {
  float *scratch = array(7, ARPG_ATTEND_QUERIES * p.inner * sizeof(float));
  KERNELS->attend(p.a, p.columns, p.b, p.c, p.columns, y, p.columns, p.rows, p.inner, p.columns, 0.4f, p.ld, scratch);
}
// Of keys and values that are remembered one after another, some of them not seen.
RUN(attend_halves) {
  size_t panels = (p.inner + ARPG_KEY_PANEL - 1) / ARPG_KEY_PANEL * ARPG_KEY_PANEL;
  uint16_t *k = array(8, panels * p.columns * sizeof *k), *v = array(9, p.inner * p.columns * sizeof *v);
  float *scratch = array(7, ARPG_ATTEND_QUERIES * panels * sizeof(float));
  for (size_t j = 0; j < p.inner; j++)
    KERNELS->remember_halves(p.b + j * p.columns, p.c + j * p.columns, k, v, j, p.columns);
  size_t first = p.ld > 20 ? 17 : p.ld > 3 ? 2 : 0;
  KERNELS->attend_halves(p.a, p.columns, k, v, y, p.columns, p.rows, first, p.inner, p.columns, 0.4f, p.ld, scratch);
}
RUN(exponentials) {
  float largest = -INFINITY;
  for (size_t i = 0; i < p.columns; i++)
    if (p.a[i] > largest) largest = p.a[i];
  double *weights = array(7, (p.columns + 1) * sizeof(double));
  weights[p.columns] = KERNELS->exponentials(p.a, isfinite(largest) ? largest : 1, weights, p.columns);
  memcpy(y, weights, (p.columns + 1) * sizeof(double));
}
RUN(from_float16) { KERNELS->from_float16((const uint16_t *)p.a, y, p.columns); }
RUN(from_bfloat16) { KERNELS->from_bfloat16((const uint16_t *)p.a, y, p.columns); }
RUN(all_finite) { *y = (float)KERNELS->all_finite(p.a, p.columns); }
RUN(silu_multiply_gradient) { KERNELS->silu_multiply_gradient(p.a, p.b, p.c, y, y + p.columns, p.columns); }
RUN(gelu_gradient) { KERNELS->gelu_gradient(p.a, p.b, y, p.columns); }
RUN(gelu_tanh_gradient) { KERNELS->gelu_tanh_gradient(p.a, p.b, y, p.columns); }
RUN(rms_norm_gradient) {
  float *dgain = y + p.rows * p.columns;
  memcpy(dgain, p.bias, p.columns * sizeof(float));
  KERNELS->rms_norm_gradient(p.a, p.gain, 1e-5f, p.b, y, dgain, p.rows, p.columns);
}
RUN(group_norm_gradient) {
  float *dgain = y + p.rows * p.columns;
  KERNELS->group_norm_gradient(p.a, p.gain, p.bias, 1e-6f, p.add, p.b, y, dgain, dgain + p.rows, p.rows, p.columns);
}
RUN(softmax_gradient) {
  memcpy(y, p.b, p.rows * p.columns * sizeof(float));
  KERNELS->softmax_gradient(p.a, y, p.columns, 0.7f, p.rows, p.columns);
}
RUN(dropout) {
  const uint32_t key[2] = {7, (uint32_t)p.columns}, counter[4] = {3, 1, 4, 1};
  KERNELS->dropout(p.a, key, counter, 20000, 1.5f, y, p.columns);
}

// Those that go through rows, and how many results they have for each row, each column and each value.
static struct {
  check check;
  kernel_run *run;
  size_t most_rows, for_row, for_column, for_value;
} row_kernels[] = {
    {{"rms_norm", 0}, rms_norm, 3, 0, 0, 1},
    {{"layer_norm", 0}, layer_norm, 3, 0, 0, 1},
    {{"group_norm", 0}, group_norm, 3, 0, 0, 1},
    {{"silu_multiply", 0}, silu_multiply, 1, 0, 0, 1},
    {{"silu", 0}, silu, 1, 0, 0, 1},
    {{"gelu", 0}, gelu, 1, 0, 0, 1},
    {{"gelu_tanh", 0}, gelu_tanh, 1, 0, 0, 1},
    {{"softmax", 0}, softmax, 3, 0, 0, 1},
    {{"add_scaled", 0}, add_scaled, 1, 0, 0, 1},
    {{"rotate", 0}, rotate, 3, 0, 0, 1},
    {{"exponentials", 0}, exponentials, 1, 2, 0, 2},
    {{"from_float16", 0}, from_float16, 1, 0, 0, 1},
    {{"from_bfloat16", 0}, from_bfloat16, 1, 0, 0, 1},
    {{"all_finite", 0}, all_finite, 1, 1, 0, 0},
    {{"silu_multiply_gradient", 0}, silu_multiply_gradient, 1, 0, 0, 2},
    {{"gelu_gradient", 0}, gelu_gradient, 1, 0, 0, 1},
    {{"gelu_tanh_gradient", 0}, gelu_tanh_gradient, 1, 0, 0, 1},
    {{"rms_norm_gradient", 0}, rms_norm_gradient, 3, 0, 1, 1},
    {{"group_norm_gradient", 0}, group_norm_gradient, 3, 2, 0, 1},
    {{"softmax_gradient", 0}, softmax_gradient, 3, 0, 0, 1},
    {{"dropout", 0}, dropout, 1, 0, 0, 1},
};

static void check_rows(const level_list *levels) {
  for (size_t k = 0; k < sizeof row_kernels / sizeof *row_kernels; k++) {
    for (p.columns = 1; p.columns <= 300; p.columns += p.columns < 100 ? 1 : 40)
      for (p.rows = 1; p.rows <= row_kernels[k].most_rows; p.rows++)
        for (int spread = 0; spread < SPREADS; spread++) {
          size_t values = p.rows * p.columns;
          p.a = numbers(1, values, spread);
          p.b = numbers(2, values, spread);
          p.c = numbers(3, values, spread);
          p.gain = numbers(4, values, ORDINARY);
          p.bias = numbers(5, values, ORDINARY);
          p.add = (p.columns + p.rows) % 2 == 0;
          size_t results = row_kernels[k].for_row * p.rows + row_kernels[k].for_column * p.columns;
          compare(&row_kernels[k].check, levels, row_kernels[k].run, results + row_kernels[k].for_value * values);
        }
    print_hash(&row_kernels[k].check);
  }
}

static void check_products(const level_list *levels) {
  static const size_t rows[] = {1, 2, 3, 5, 6, 7, 13}, columns[] = {1, 2, 3, 4, 15, 17, 40};
  check products = {"linear", 0}, matrices = {"multiply", 0};
  for (size_t r = 0; r < sizeof rows / sizeof(size_t); r++)
    for (size_t c = 0; c < sizeof columns / sizeof(size_t); c++)
      for (p.inner = 1; p.inner <= 300; p.inner += p.inner < 40 ? 1 : 37) {
        int spread = (int)((r + c + p.inner) % SPREADS);
        p.rows = rows[r];
        p.columns = columns[c];
        p.a = numbers(1, (p.rows - 1) * (p.inner + 3) + p.inner, spread);
        p.b = numbers(2, p.columns * p.inner, spread);
        size_t results = (p.rows - 1) * (p.columns + 2) + p.columns;
        p.c = numbers(3, results, spread);
        compare(&products, levels, linear, results);
        p.transposes = (int)p.inner % 4;
        p.add = p.inner % 3 == 0;
        p.a = numbers(1, p.rows * p.inner, spread);
        compare(&matrices, levels, multiply, results);
      }
  print_hash(&products);
  print_hash(&matrices);
}

static void check_attention(const level_list *levels) {
  static const size_t widths[] = {2, 8, 16, 30, 48, 64, 100, 130};
  check attention = {"attend", 0}, halves = {"attend_halves", 0};
  for (size_t w = 0; w < sizeof widths / sizeof(size_t); w++)
    for (p.rows = 1; p.rows <= 9; p.rows += 2)
      for (p.inner = p.rows; p.inner <= 60; p.inner += 7)
        for (int causal = 0; causal < 2; causal++) {
          p.columns = widths[w];
          p.ld = causal ? p.inner - p.rows + 1 : p.inner;
          int spread = (int)(p.inner % SPREADS);
          p.a = numbers(1, p.rows * p.columns, spread);
          p.b = numbers(2, p.inner * p.columns, spread);
          p.c = numbers(3, p.inner * p.columns, spread);
          compare(&attention, levels, attend, p.rows * p.columns);
          compare(&halves, levels, attend_halves, p.rows * p.columns);
        }
  print_hash(&attention);
  print_hash(&halves);
}

void check_single(const level_list *levels) {
  check_rows(levels);
  check_products(levels);
  check_attention(levels);
}
