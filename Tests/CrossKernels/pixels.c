// The kernels of images whose channels lie side by side.
#include "ARPGKernels.h"
#include "check.h"

enum { CHANNELS = 48, LINE = 7 * CHANNELS, STEP = 32 };

static size_t inputs, tiles, rows, columns;
static int choice;
static const uint16_t *halves;
static const float *first, *second, *third;

#define RUN(name) static void name(const void *table, float *y)
#define KERNELS ((const arpg_pixels *)table)

RUN(run_weights) { KERNELS->weights(halves, y, inputs); }
RUN(run_input) { KERNELS->input(first, LINE, CHANNELS, y, CHANNELS + 16); }
RUN(run_multiply) { KERNELS->multiply(first, (inputs + 15) / 16 * 16, second, choice ? third : 0, y, tiles, inputs); }
RUN(run_output) {
  KERNELS->output(first, STEP, second, choice ? third : 0, y, LINE, CHANNELS, rows, columns);
}
RUN(run_activate) { KERNELS->activate(first, second, third, choice, y, tiles, CHANNELS); }
RUN(run_moments) {
  double sums[CHANNELS] = {0}, squares[CHANNELS] = {0};
  KERNELS->moments(first, sums, squares, tiles, CHANNELS);
  memcpy(y, sums, sizeof sums);
  memcpy(y + 2 * CHANNELS, squares, sizeof squares);
}

void check_pixels(const level_list *levels) {
  check weights = {"tile weights", 0}, input = {"tile input", 0}, multiply = {"tile multiply", 0};
  check output = {"tile output", 0}, activate = {"activate pixels", 0}, moments = {"pixel moments", 0};
  for (inputs = 1; inputs <= 300; inputs = inputs * 2 + 1) {
    uint16_t *w = array(1, inputs * 9 * 16 * sizeof *w);
    // Half precision without infinities.
    for (size_t i = 0; i < inputs * 9 * 16; i++) w[i] = (uint16_t)(random_bits() & 0xbbff);
    halves = w;
    compare(&weights, levels, run_weights, ARPG_TILE_POINTS * inputs * 16);
    if (inputs > 140) continue;
    for (tiles = 1; tiles <= 9; tiles += 2)
      for (choice = 0; choice < 2; choice++) {
        first = numbers(1, (ARPG_TILE_POINTS * tiles - 1) * ((inputs + 15) / 16 * 16) + inputs, ORDINARY);
        second = numbers(2, ARPG_TILE_POINTS * inputs * 16, ORDINARY);
        third = numbers(3, ARPG_TILE_POINTS * inputs * 16, ORDINARY);
        compare(&multiply, levels, run_multiply, ARPG_TILE_POINTS * tiles * (choice ? 32 : 16));
      }
  }
  for (int spread = 0; spread < SPREADS; spread++) {
    first = numbers(1, 5 * LINE + 6 * CHANNELS, spread);
    compare(&input, levels, run_input, 35 * (CHANNELS + 16) + CHANNELS);
    for (rows = 1; rows <= 4; rows++)
      for (columns = 1; columns <= 4; columns++)
        for (choice = 0; choice < 2; choice++) {
          size_t count = (rows - 1) * LINE + (columns - 1) * CHANNELS + 16;
          first = numbers(1, 35 * STEP + 16, spread);
          second = numbers(2, 16, spread);
          third = numbers(3, count, spread);
          compare(&output, levels, run_output, count);
        }
    for (tiles = 1; tiles <= 7; tiles++) {
      first = numbers(1, tiles * CHANNELS, spread);
      second = numbers(2, CHANNELS, spread);
      third = numbers(3, CHANNELS, spread);
      for (choice = 0; choice < 2; choice++) compare(&activate, levels, run_activate, tiles * CHANNELS);
      if (spread == ORDINARY) compare(&moments, levels, run_moments, 4 * CHANNELS);
    }
  }
  print_hash(&weights);
  print_hash(&input);
  print_hash(&multiply);
  print_hash(&output);
  print_hash(&activate);
  print_hash(&moments);
}
