// What the levels of packed products share: where a weight lies.
#ifndef ARPG_PACKED_LEVELS_H
#define ARPG_PACKED_LEVELS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ARPGPacked.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

// Calls BLOCK(rows) for blocks of at most four rows, or of eight, from r on, each with the number of rows as a constant.
#define LAST_ROWS(BLOCK)                   \
    case 1: BLOCK(1) break;                \
    case 2: BLOCK(2) break;                \
    case 3: BLOCK(3) break;                \
    default: break;
#define BLOCKS_OF_FOUR(BLOCK)              \
  size_t r = 0;                            \
  for (; r + 4 <= rows; r += 4) BLOCK(4)   \
  switch (rows - r) { LAST_ROWS(BLOCK) }
#define BLOCKS_OF_EIGHT(BLOCK)             \
  size_t r = 0;                            \
  for (; r + 8 <= rows; r += 8) BLOCK(8)   \
  switch (rows - r) {                      \
    case 4: BLOCK(4) break;                \
    case 5: BLOCK(5) break;                \
    case 6: BLOCK(6) break;                \
    case 7: BLOCK(7) break;                \
    LAST_ROWS(BLOCK)                       \
  }

// Weights that are fetched while those before them are used: a block of rows takes its share of the next panels, group by group.
typedef struct fetching {
  const char *at;
  size_t bytes;
} fetching;

enum { CACHE_LINE = 64 };

// The share of a block: next are the panels, bytes those of a group of them.
INLINE fetching share_of_next(const void *next, size_t bytes, size_t groups, size_t block, size_t blocks) {
  size_t lines = (bytes / CACHE_LINE + blocks - 1) / blocks;
  return (fetching){(const char *)next + block * lines * CACHE_LINE * groups, lines * CACHE_LINE};
}

INLINE void fetch_group(fetching *share) {
  for (size_t i = 0; i < share->bytes; i += CACHE_LINE) __builtin_prefetch(share->at + i, 0, 2);
  share->at += share->bytes;
}

extern const arpg_packed arpg_packed_scalar;
#if defined(__x86_64__)
extern const arpg_packed arpg_packed_avx2;
extern const arpg_packed arpg_packed_avx512;
extern const arpg_packed arpg_packed_vnni;
extern const arpg_packed arpg_packed_bf16;
#elif defined(__aarch64__)
extern const arpg_packed arpg_packed_neon;
extern const arpg_packed arpg_packed_dotprod;
#endif

static inline size_t groups_of(size_t inputs) { return (inputs + ARPG_GROUP - 1) / ARPG_GROUP; }

// Half precision to single, exactly.
static inline float half_to_float(uint16_t half) {
  _Float16 value;
  memcpy(&value, &half, sizeof value);
  return (float)value;
}
static inline float bfloat_to_float(uint16_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, sizeof value);
  return value;
}

// Rounded to the nearest, ties to even; what is no number stays one.
static inline uint16_t float_to_bfloat(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? bits >> 16 | 0x40 : rounded);
}

// The rounding of rows, for a level that has named its target.
#define DEFINE_ROUND_BFLOAT16                                                                                          \
  static void round_bfloat16(const float *x, size_t ldx, float *values, uint16_t *halves, size_t ld, size_t rows,     \
                             size_t inputs) {                                                                         \
    for (size_t r = 0; r < rows; r++, x += ldx, values += ld, halves += ld) {                                         \
      for (size_t k = 0; k < inputs; k++) {                                                                           \
        halves[k] = float_to_bfloat(x[k]);                                                                            \
        values[k] = bfloat_to_float(halves[k]);                                                                       \
      }                                                                                                               \
      for (size_t k = inputs; k < ld; k++) {                                                                          \
        halves[k] = 0;                                                                                                \
        values[k] = 0;                                                                                                \
      }                                                                                                               \
    }                                                                                                                 \
  }

// The largest magnitude of a row by its bits, in which infinity and what is no number are above all others.
static inline uint32_t magnitude_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits & 0x7fffffffu;
}
static inline float float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// What a group is multiplied with to be rounded, from the bits of its largest magnitude, and its scale; 0 where it becomes zeros,
// as it does where the factor would be infinite or a value is not finite: the scale then is no number.
static inline float rounding_factor(uint32_t most, float *scale) {
  float largest = float_of_bits(most);
  *scale = largest / 127.0f;
  if (most >= 0x7f800000u) {
    *scale = NAN;
    return 0;
  }
  float factor = *scale > 0 ? 127.0f / largest : 0;
  return factor <= 3e38f ? factor : 0;
}

#endif
