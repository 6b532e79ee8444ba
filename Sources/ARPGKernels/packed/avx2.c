// Packed products on AVX2: a panel is two registers. Blocks of four rows by a panel stay in registers.
#include "packed.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

// Writes the first outputs of a panel.
INLINE void write_lanes(float *y, const __m256 *values, size_t outputs) {
  if (outputs >= ARPG_PANEL) {
    _mm256_storeu_ps(y, values[0]);
    _mm256_storeu_ps(y + 8, values[1]);
    return;
  }
  float lanes[ARPG_PANEL];
  _mm256_storeu_ps(lanes, values[0]);
  _mm256_storeu_ps(lanes + 8, values[1]);
  memcpy(y, lanes, outputs * sizeof(float));
}

INLINE void float16_block(const float *x, size_t ldx, const uint16_t *w, fetching share, float *y, size_t ldy,
                          size_t outputs, size_t inputs, int rows) {
  __m256 sums[4][2];
  UNROLL for (int i = 0; i < rows; i++) sums[i][0] = sums[i][1] = _mm256_setzero_ps();
  for (size_t k = 0; k < inputs; k++, w += ARPG_PANEL) {
    if (k % ARPG_GROUP == 0) fetch_group(&share);
    __m256 a = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)w));
    __m256 b = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(w + 8)));
    UNROLL for (int i = 0; i < rows; i++) {
      __m256 value = _mm256_set1_ps(x[(size_t)i * ldx + k]);
      sums[i][0] = _mm256_fmadd_ps(value, a, sums[i][0]);
      sums[i][1] = _mm256_fmadd_ps(value, b, sums[i][1]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) write_lanes(y + (size_t)i * ldy, sums[i], outputs);
}

static void linear_float16(const float *x, size_t ldx, const uint16_t *w, float *y, size_t ldy, size_t rows,
                           size_t outputs, size_t inputs) {
  const size_t panel = ARPG_PANEL * inputs, group = ARPG_PANEL * ARPG_GROUP * sizeof *w, blocks = (rows + 3) / 4;
  for (size_t o = 0; o < outputs; o += ARPG_PANEL, w += panel) {
#define BLOCK(n)                                                                                            \
  float16_block(x + r * ldx, ldx, w, share_of_next(w + panel, group, groups_of(inputs), r / 4, blocks),     \
                y + r * ldy + o, ldy, outputs - o, inputs, n);
    BLOCKS_OF_FOUR(BLOCK)
#undef BLOCK
  }
}

DEFINE_ROUND_BFLOAT16

INLINE void bfloat16_block(const float *x, size_t ld, const uint16_t *w, fetching share, float *y, size_t ldy,
                           size_t outputs, size_t inputs, int rows) {
  __m256 sums[4][2];
  const __m256i upper = _mm256_set1_epi32((int)0xffff0000u);
  UNROLL for (int i = 0; i < rows; i++) sums[i][0] = sums[i][1] = _mm256_setzero_ps();
  for (size_t k = 0; k < inputs; k += 2, w += 2 * ARPG_PANEL) {
    if (k % ARPG_GROUP == 0) fetch_group(&share);
    __m256 first[2], second[2];
    UNROLL for (int p = 0; p < 2; p++) {
      __m256i pairs = _mm256_loadu_si256((const __m256i *)(w + 16 * p));
      first[p] = _mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16));
      second[p] = _mm256_castsi256_ps(_mm256_and_si256(pairs, upper));
    }
    UNROLL for (int i = 0; i < rows; i++) {
      const float *row = x + (size_t)i * ld + k;
      UNROLL for (int p = 0; p < 2; p++) sums[i][p] = _mm256_fmadd_ps(_mm256_set1_ps(row[1]), second[p], sums[i][p]);
      UNROLL for (int p = 0; p < 2; p++) sums[i][p] = _mm256_fmadd_ps(_mm256_set1_ps(row[0]), first[p], sums[i][p]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) write_lanes(y + (size_t)i * ldy, sums[i], outputs);
}

static void linear_bfloat16(const float *x, const uint16_t *halves, size_t ld, const uint16_t *w, float *y, size_t ldy,
                            size_t rows, size_t outputs, size_t inputs) {
  (void)halves;
  const size_t panel = ARPG_PANEL * ((inputs + 1) / 2) * 2, group = ARPG_PANEL * ARPG_GROUP * sizeof *w;
  const size_t blocks = (rows + 3) / 4;
  for (size_t o = 0; o < outputs; o += ARPG_PANEL, w += panel) {
#define BLOCK(n)                                                                                            \
  bfloat16_block(x + r * ld, ld, w, share_of_next(w + panel, group, groups_of(inputs), r / 4, blocks),      \
                 y + r * ldy + o, ldy, outputs - o, inputs, n);
    BLOCKS_OF_FOUR(BLOCK)
#undef BLOCK
  }
}

INLINE __m256i four_of(const int8_t *q) {
  int32_t four;
  memcpy(&four, q, sizeof four);
  return _mm256_set1_epi32(four);
}

// Adds products of bytes, four to a lane. Those of unsigned bytes up to 127, or up to 15, by signed ones fit 16 bits in pairs.
INLINE __m256i add_products(__m256i sum, __m256i unsigned_bytes, __m256i signed_bytes) {
  __m256i pairs = _mm256_maddubs_epi16(unsigned_bytes, signed_bytes);
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

INLINE void int8_block(const int8_t *q, size_t ldq, const float *scale, const uint8_t *w, fetching share,
                       const float *w_scale, float *y, size_t ldy, size_t outputs, int rows) {
  size_t groups = ldq / ARPG_GROUP;
  __m256 totals[4][2];
  UNROLL for (int i = 0; i < rows; i++) totals[i][0] = totals[i][1] = _mm256_setzero_ps();
  const __m256i excess = _mm256_set1_epi8((char)128);
  for (size_t g = 0; g < groups; g++) {
    fetch_group(&share);
    __m256i parts[4][2];
    UNROLL for (int i = 0; i < rows; i++) parts[i][0] = parts[i][1] = _mm256_setzero_si256();
    for (size_t k = 0; k < ARPG_GROUP; k += 4, w += 64) {
      __m256i weights[2];
      UNROLL for (int p = 0; p < 2; p++)
        weights[p] = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(w + 32 * p)), excess);
      UNROLL for (int i = 0; i < rows; i++) {
        // The sign of x moves to the weight: magnitudes are at most 127.
        __m256i value = four_of(q + (size_t)i * ldq + g * ARPG_GROUP + k), magnitude = _mm256_abs_epi8(value);
        UNROLL for (int p = 0; p < 2; p++)
          parts[i][p] = add_products(parts[i][p], magnitude, _mm256_sign_epi8(weights[p], value));
      }
    }
    UNROLL for (int i = 0; i < rows; i++) {
      __m256 factor = _mm256_set1_ps(scale[(size_t)i * groups + g]);
      UNROLL for (int p = 0; p < 2; p++)
        totals[i][p] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(parts[i][p]), factor, totals[i][p]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int p = 0; p < 2; p++) totals[i][p] = _mm256_mul_ps(totals[i][p], _mm256_loadu_ps(w_scale + 8 * p));
    write_lanes(y + (size_t)i * ldy, totals[i], outputs);
  }
}

void arpg_packed_avx2_int8(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w,
                           const float *w_scale, float *y, size_t ldy, size_t rows, size_t outputs) {
  (void)sums;
  const size_t groups = ldq / ARPG_GROUP, panel = ARPG_PANEL * ldq, blocks = (rows + 3) / 4;
  for (size_t o = 0; o < outputs; o += ARPG_PANEL, w += panel) {
#define BLOCK(n)                                                                                                      \
  int8_block(q + r * ldq, ldq, scale + r * groups, w,                                                                \
             share_of_next(w + panel, ARPG_PANEL * ARPG_GROUP, groups, r / 4, blocks), w_scale + o, y + r * ldy + o, \
             ldy, outputs - o, n);
    BLOCKS_OF_FOUR(BLOCK)
#undef BLOCK
  }
}

INLINE void int4_block(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w, fetching share,
                       float *y, size_t ldy, size_t outputs, int rows) {
  size_t groups = ldq / ARPG_GROUP;
  __m256 totals[4][2];
  const __m256i low = _mm256_set1_epi8(15);
  UNROLL for (int i = 0; i < rows; i++) totals[i][0] = totals[i][1] = _mm256_setzero_ps();
  for (size_t g = 0; g < groups; g++, w += ARPG_INT4_GROUP_BYTES) {
    fetch_group(&share);
    UNROLL for (int p = 0; p < 2; p++) {
      __m256 s = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(w + 16 * p)));
      __m256 m = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(w + 32 + 16 * p)));
      UNROLL for (int i = 0; i < rows; i++) {
        const int8_t *row = q + (size_t)i * ldq + g * ARPG_GROUP;
        __m256i sum = _mm256_setzero_si256();
        UNROLL for (int j = 0; j < 4; j++) {
          __m256i both = _mm256_loadu_si256((const __m256i *)(w + 64 + 64 * j + 32 * p));
          sum = add_products(sum, _mm256_and_si256(both, low), four_of(row + 8 * j));
          sum = add_products(sum, _mm256_and_si256(_mm256_srli_epi16(both, 4), low), four_of(row + 8 * j + 4));
        }
        __m256 part = _mm256_mul_ps(_mm256_set1_ps((float)sums[(size_t)i * groups + g]), m);
        part = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), s, part);
        totals[i][p] = _mm256_fmadd_ps(part, _mm256_set1_ps(scale[(size_t)i * groups + g]), totals[i][p]);
      }
    }
  }
  UNROLL for (int i = 0; i < rows; i++) write_lanes(y + (size_t)i * ldy, totals[i], outputs);
}

void arpg_packed_avx2_int4(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w,
                           float *y, size_t ldy, size_t rows, size_t outputs) {
  const size_t groups = ldq / ARPG_GROUP, panel = groups * ARPG_INT4_GROUP_BYTES, blocks = (rows + 3) / 4;
  for (size_t o = 0; o < outputs; o += ARPG_PANEL, w += panel) {
#define BLOCK(n)                                                                                                   \
  int4_block(q + r * ldq, ldq, scale + r * groups, sums + r * groups, w,                                          \
             share_of_next(w + panel, ARPG_INT4_GROUP_BYTES, groups, r / 4, blocks), y + r * ldy + o, ldy, outputs - o, n);
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
      __m256i magnitudes = _mm256_setzero_si256();
      UNROLL for (int i = 0; i < ARPG_GROUP; i += 8) {
        __m256i bits = _mm256_castps_si256(_mm256_loadu_ps(values + i));
        magnitudes = _mm256_max_epu32(magnitudes, _mm256_and_si256(bits, _mm256_set1_epi32(0x7fffffff)));
      }
      uint32_t parts[8], most = 0;
      _mm256_storeu_si256((__m256i *)parts, magnitudes);
      for (int i = 0; i < 8; i++) most = parts[i] > most ? parts[i] : most;
      float factor = rounding_factor(most, &scale[r * groups + g]);
      int32_t rounded[ARPG_GROUP] = {0}, sum = 0;
      if (factor > 0) {
        UNROLL for (int i = 0; i < ARPG_GROUP; i += 8)
          _mm256_storeu_si256((__m256i *)(rounded + i),
                              _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(values + i), _mm256_set1_ps(factor))));
      }
      for (size_t i = 0; i < ARPG_GROUP; i++) {
        q[r * ldq + first + i] = (int8_t)rounded[i];
        sum += rounded[i];
      }
      sums[r * groups + g] = sum;
    }
  }
}

const arpg_packed arpg_packed_avx2 = {
    quantize, linear_float16, round_bfloat16, linear_bfloat16, arpg_packed_avx2_int8, arpg_packed_avx2_int4,
};
#pragma clang attribute pop
#endif
