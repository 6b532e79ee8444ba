// The transforms of Winograd's minimal filtering.
#include "ARPGKernels.h"
#include "check.h"

enum { STEP = 80 };

static size_t tiles;
static const float *pixels, *points, *weights;

#define RUN(name) static void name(const void *table, float *y)
#define TRANSFORMS ((const arpg_winograd *)table)

RUN(run_weights) { TRANSFORMS->weights(weights, y, STEP, tiles); }
RUN(run_input) { TRANSFORMS->input(pixels, 2 * tiles + 2, y, STEP, tiles); }
RUN(run_output) { TRANSFORMS->output(points, STEP, 0.3f, y, 2 * tiles + 3, tiles); }
RUN(run_doubled_weights) { TRANSFORMS->doubled_weights(weights, y, STEP, tiles); }
RUN(run_doubled_input) { TRANSFORMS->doubled_input(pixels, tiles + 2, y, STEP, tiles); }
RUN(run_doubled_output) { TRANSFORMS->doubled_output(points, STEP, 0.3f, y, 2 * tiles + 3, tiles); }
RUN(run_output_gradient) { TRANSFORMS->output_gradient(pixels, 2 * tiles + 2, y, STEP, tiles); }
RUN(run_weights_gradient) { TRANSFORMS->weights_gradient(points, STEP, y, tiles); }
RUN(run_doubled_output_gradient) { TRANSFORMS->doubled_output_gradient(pixels, 2 * tiles + 2, y, STEP, tiles); }
RUN(run_doubled_weights_gradient) { TRANSFORMS->doubled_weights_gradient(points, STEP, y, tiles); }

// Each, and the values that it has at points, or for each tile.
static struct {
  check check;
  kernel_run *run;
  size_t at_points, for_tile, more;
} transforms[] = {
    {{"winograd weights", 0}, run_weights, 16, 0, 0},
    {{"winograd input", 0}, run_input, 16, 0, 0},
    {{"winograd output", 0}, run_output, 0, 4, 3},
    {{"doubled weights", 0}, run_doubled_weights, 9, 0, 0},
    {{"doubled input", 0}, run_doubled_input, 9, 0, 0},
    {{"doubled output", 0}, run_doubled_output, 0, 4, 3},
    {{"output gradient", 0}, run_output_gradient, 16, 0, 0},
    {{"weights gradient", 0}, run_weights_gradient, 0, 9, 0},
    {{"doubled output gradient", 0}, run_doubled_output_gradient, 9, 0, 0},
    {{"doubled weights gradient", 0}, run_doubled_weights_gradient, 0, 9, 0},
};

void check_winograd(const level_list *levels) {
  for (size_t t = 0; t < sizeof transforms / sizeof *transforms; t++) {
    for (tiles = 1; tiles <= 70; tiles++)
      for (int spread = 0; spread < SPREADS; spread++) {
        pixels = numbers(1, 4 * (2 * tiles + 2), spread);
        points = numbers(2, 16 * STEP, spread);
        weights = numbers(3, 9 * tiles, spread);
        size_t results = transforms[t].at_points ? (transforms[t].at_points - 1) * STEP + tiles : transforms[t].more;
        compare(&transforms[t].check, levels, transforms[t].run, results + transforms[t].for_tile * tiles);
      }
    print_hash(&transforms[t].check);
  }
}
