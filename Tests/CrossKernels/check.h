// Compares kernels of every level with the scalar ones, bit by bit, on numbers that are the same on every machine.
#ifndef CHECK_H
#define CHECK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The results of one kernel. The hash is over those of the scalar level, so that machines can be compared.
typedef struct {
  const char *name;
  uint64_t hash;
} check;

// Tables of kernels, the scalar one first.
typedef struct {
  const char *names[8];
  const void *tables[8];
  int count;
} level_list;

// How numbers are spread: between -1 and 1; of very different magnitudes; like the first, with infinities, zeros and the
// like among them.
enum { ORDINARY, FINITE, SPECIAL, SPREADS };

// Memory that ends right before what must not be touched, all bytes 0xa5. Each of SLOTS has its own.
enum { SLOTS = 12 };
void *array(int slot, size_t bytes);
float *numbers(int slot, size_t count, int spread);
// Random bits.
uint32_t random_bits(void);

// Runs a kernel of each level, which writes count floats, and ends the program where one differs from the scalar level in
// anything but the bits of what is no number.
typedef void kernel_run(const void *table, float *y);
void compare(check *check, const level_list *levels, kernel_run *run, size_t count);
void print_hash(const check *check);

void check_packed(const level_list *levels);
void check_single(const level_list *levels);
void check_winograd(const level_list *levels);
void check_pixels(const level_list *levels);

#endif
