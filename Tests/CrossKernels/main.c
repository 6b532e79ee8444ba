// Prints a hash of what the scalar level gives for each kernel; any other level that this machine has must give the same. The
// last line tells the best levels and how many values were compared. scripts/neon compares the hashes of two kinds of processors.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "ARPGKernels.h"
#include "check.h"

enum { SLOT_BYTES = 1 << 20, GUARD_BYTES = 1 << 16 };

static uint64_t compared;

void *array(int slot, size_t bytes) {
  static char *memory[SLOTS];
  if (!memory[slot]) {
    memory[slot] = mmap(0, SLOT_BYTES + GUARD_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory[slot] == MAP_FAILED || mprotect(memory[slot] + SLOT_BYTES, GUARD_BYTES, PROT_NONE)) exit(2);
  }
  if (bytes > SLOT_BYTES) {
    fprintf(stderr, "An array of %zu bytes does not fit %d\n", bytes, SLOT_BYTES);
    exit(2);
  }
  return memset(memory[slot] + SLOT_BYTES - bytes, 0xa5, bytes);
}

uint32_t random_bits(void) {
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 32);
}

float *numbers(int slot, size_t count, int spread) {
  static const uint32_t special[] = {0,          0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 1,         0x80800000,
                                     0x7f7fffff, 0xc2ae999a, 0x42b00000, 0x42b10000, 0xc2b00000, 0xc2d00000};
  float *values = array(slot, count * sizeof(float));
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = random_bits();
    values[i] = (float)((int32_t)bits >> 8) / 8388608.0f;
    // Exponents from none to 2^63, so that most products are finite too.
    if (spread == FINITE) bits = (bits & 0x807fffffu) | ((bits >> 8 & 127) + (bits & 63)) << 23;
    if (spread == SPECIAL) bits = special[bits % (sizeof special / sizeof *special)];
    if (spread == FINITE || (spread == SPECIAL && i % 7 == 3)) memcpy(values + i, &bits, sizeof bits);
  }
  return values;
}

static uint32_t bits_at(const float *y, size_t i) {
  uint32_t bits;
  memcpy(&bits, y + i, sizeof bits);
  return (bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc00000u : bits;
}

void compare(check *check, const level_list *levels, kernel_run *run, size_t count) {
  static uint32_t expected[SLOT_BYTES / sizeof(float)];
  for (int level = 0; level < levels->count; level++) {
    float *y = array(0, count * sizeof(float));
    run(levels->tables[level], y);
    for (size_t i = 0; i < count; i++) {
      uint32_t bits = bits_at(y, i);
      if (level == 0) {
        expected[i] = bits;
        // FNV-1a.
        for (int shift = 0; shift < 32; shift += 8) check->hash = (check->hash ^ (bits >> shift & 255)) * 0x100000001b3u;
      } else if (bits != expected[i]) {
        fprintf(stderr, "%s at level %s: value %zu of %zu is %08x, expected %08x\n", check->name, levels->names[level], i,
                count, (unsigned)bits, (unsigned)expected[i]);
        exit(1);
      }
    }
    if (level > 0) compared += count;
  }
}

void print_hash(const check *check) { printf("%-28s %016llx\n", check->name, (unsigned long long)check->hash); }

static void add(level_list *list, const char *name, const void *table) {
  if (!table) return;
  list->names[list->count] = name;
  list->tables[list->count++] = table;
}

int main(void) {
  static const char *simd[] = {"scalar", "AVX2", "AVX-512", "NEON"};
  static const char *packed[] = {"scalar", "AVX2", "AVX-512", "AVX-512 with VNNI", "NEON", "NEON with dot products",
                                 "AVX-512 with BF16"};
  level_list kernels = {0}, transforms = {0}, pixels = {0}, products = {0};
  for (int i = 0; i < (int)(sizeof simd / sizeof *simd); i++) {
    add(&kernels, simd[i], arpg_kernels_at((arpg_simd_level)i));
    add(&transforms, simd[i], arpg_winograd_at((arpg_simd_level)i));
    add(&pixels, simd[i], arpg_pixels_at((arpg_simd_level)i));
  }
  for (int i = 0; i < (int)(sizeof packed / sizeof *packed); i++)
    add(&products, packed[i], arpg_packed_at((arpg_packed_level)i));
  if (arpg_best_kernels() != kernels.tables[kernels.count - 1] ||
      arpg_best_packed() != products.tables[products.count - 1]) {
    fprintf(stderr, "The best kernels are not those of the last level\n");
    return 1;
  }
  check_packed(&products);
  check_single(&kernels);
  check_winograd(&transforms);
  check_pixels(&pixels);
  printf("levels: %s, %s; %llu values\n", kernels.names[kernels.count - 1], products.names[products.count - 1],
          (unsigned long long)compared);
  return 0;
}
