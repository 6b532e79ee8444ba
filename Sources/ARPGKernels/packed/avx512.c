// Packed products on AVX-512: a panel is one register. Blocks of rows by two panels stay in registers; the products of integers
// need VNNI, and those of AVX2 serve without it.
#include "packed.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), \
                             apply_to = function)

// Writes the first `outputs` lanes of a panel.
INLINE void write_lanes(float *y, __m512 value, size_t outputs) {
  _mm512_mask_storeu_ps(y, outputs >= ARPG_PANEL ? (__mmask16)-1 : (__mmask16)((1u << outputs) - 1), value);
}

// Writes two panels, as many of their lanes as there are outputs.
INLINE void write_panels(float *y, const __m512 *values, size_t outputs) {
  write_lanes(y, values[0], outputs);
  if (outputs > ARPG_PANEL) write_lanes(y + ARPG_PANEL, values[1], outputs - ARPG_PANEL);
}

INLINE void float16_block(const float *x, size_t ldx, const uint16_t *w, const uint16_t *other, fetching share, float *y,
                          size_t ldy, size_t outputs, size_t inputs, int rows) {
  __m512 sums[8][2];
  UNROLL for (int i = 0; i < rows; i++) sums[i][0] = sums[i][1] = _mm512_setzero_ps();
  for (size_t k = 0; k < inputs; k++) {
    if (k % ARPG_GROUP == 0) fetch_group(&share);
    __m512 a = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(w + k * ARPG_PANEL)));
    __m512 b = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(other + k * ARPG_PANEL)));
    UNROLL for (int i = 0; i < rows; i++) {
      __m512 value = _mm512_set1_ps(x[(size_t)i * ldx + k]);
      sums[i][0] = _mm512_fmadd_ps(value, a, sums[i][0]);
      sums[i][1] = _mm512_fmadd_ps(value, b, sums[i][1]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) write_panels(y + (size_t)i * ldy, sums[i], outputs);
}

static void linear_float16(const float *x, size_t ldx, const uint16_t *w, float *y, size_t ldy, size_t rows,
                           size_t outputs, size_t inputs) {
  size_t panel = ARPG_PANEL * inputs, group = 2 * ARPG_PANEL * ARPG_GROUP * sizeof *w, blocks = (rows + 7) / 8;
  for (size_t o = 0; o < outputs; o += 2 * ARPG_PANEL, w += 2 * panel) {
    // The second of two panels that is not there is the first once more, and not written.
    const uint16_t *other = outputs - o > ARPG_PANEL ? w + panel : w;
#define BLOCK(n)                                                                                                \
  float16_block(x + r * ldx, ldx, w, other, share_of_next(w + 2 * panel, group, groups_of(inputs), r / 8, blocks), \
                y + r * ldy + o, ldy, outputs - o, inputs, n);
    BLOCKS_OF_EIGHT(BLOCK)
#undef BLOCK
  }
}

// The first and the second of each two 16-bit weights.
INLINE __m512 first_of(__m512i pairs) { return _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16)); }
INLINE __m512 second_of(__m512i pairs) {
  return _mm512_castsi512_ps(_mm512_and_si512(pairs, _mm512_set1_epi32((int)0xffff0000u)));
}

DEFINE_ROUND_BFLOAT16

INLINE void bfloat16_block(const float *x, const uint16_t *halves, size_t ld, const uint16_t *w, const uint16_t *other,
                           fetching share, float *y, size_t ldy, size_t outputs, size_t inputs, int rows) {
  (void)halves;
  __m512 sums[4][2];
  UNROLL for (int i = 0; i < rows; i++) sums[i][0] = sums[i][1] = _mm512_setzero_ps();
  for (size_t k = 0; k < inputs; k += 2, w += 2 * ARPG_PANEL, other += 2 * ARPG_PANEL) {
    if (k % ARPG_GROUP == 0) fetch_group(&share);
    __m512i a = _mm512_loadu_si512(w), b = _mm512_loadu_si512(other);
    __m512 a1 = first_of(a), a2 = second_of(a), b1 = first_of(b), b2 = second_of(b);
    UNROLL for (int i = 0; i < rows; i++) {
      const float *row = x + (size_t)i * ld + k;
      __m512 value = _mm512_set1_ps(row[1]);
      sums[i][0] = _mm512_fmadd_ps(value, a2, sums[i][0]);
      sums[i][1] = _mm512_fmadd_ps(value, b2, sums[i][1]);
      value = _mm512_set1_ps(row[0]);
      sums[i][0] = _mm512_fmadd_ps(value, a1, sums[i][0]);
      sums[i][1] = _mm512_fmadd_ps(value, b1, sums[i][1]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) write_panels(y + (size_t)i * ldy, sums[i], outputs);
}

// The product that goes by blocks of a name.
#define DEFINE_LINEAR_BFLOAT16(name, block)                                                                              \
  static void name(const float *x, const uint16_t *halves, size_t ld, const uint16_t *w, float *y, size_t ldy,          \
                   size_t rows, size_t outputs, size_t inputs) {                                                        \
    size_t panel = ARPG_PANEL * ((inputs + 1) / 2) * 2, group = 2 * ARPG_PANEL * ARPG_GROUP * sizeof *w;                \
    size_t blocks = (rows + 3) / 4;                                                                                     \
    for (size_t o = 0; o < outputs; o += 2 * ARPG_PANEL, w += 2 * panel) {                                              \
      const uint16_t *other = outputs - o > ARPG_PANEL ? w + panel : w;                                                 \
      BLOCKS_OF_FOUR(block)                                                                                             \
    }                                                                                                                   \
  }
#define FUSED_BLOCK(n)                                                                                                   \
  bfloat16_block(x + r * ld, halves + r * ld, ld, w, other,                                                             \
                 share_of_next(w + 2 * panel, group, groups_of(inputs), r / 4, blocks), y + r * ldy + o, ldy,           \
                 outputs - o, inputs, n);
DEFINE_LINEAR_BFLOAT16(linear_bfloat16, FUSED_BLOCK)

static void quantize(const float *x, size_t ldx, int8_t *q, size_t ldq, float *scale, int32_t *sums, size_t rows,
                     size_t inputs) {
  size_t groups = groups_of(inputs);
  const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  for (size_t r = 0; r < rows; r++) {
    for (size_t g = 0; g < groups; g++) {
      size_t first = g * ARPG_GROUP, count = inputs - first < ARPG_GROUP ? inputs - first : ARPG_GROUP;
      uint32_t there = count == ARPG_GROUP ? 0xffffffffu : (1u << count) - 1;
      __mmask16 low = (__mmask16)there, high = (__mmask16)(there >> 16);
      __m512 a = _mm512_maskz_loadu_ps(low, x + r * ldx + first);
      __m512 b = _mm512_maskz_loadu_ps(high, x + r * ldx + first + 16);
      uint32_t most = _mm512_reduce_max_epu32(_mm512_max_epu32(_mm512_and_si512(_mm512_castps_si512(a), magnitude),
                                                               _mm512_and_si512(_mm512_castps_si512(b), magnitude)));
      float factor = rounding_factor(most, &scale[r * groups + g]);
      if (!(factor > 0)) low = high = 0;
      __m512i one = _mm512_maskz_cvtps_epi32(low, _mm512_mul_ps(a, _mm512_set1_ps(factor)));
      __m512i other = _mm512_maskz_cvtps_epi32(high, _mm512_mul_ps(b, _mm512_set1_ps(factor)));
      _mm_storeu_si128((__m128i *)(q + r * ldq + first), _mm512_cvtepi32_epi8(one));
      _mm_storeu_si128((__m128i *)(q + r * ldq + first + 16), _mm512_cvtepi32_epi8(other));
      sums[r * groups + g] = _mm512_reduce_add_epi32(_mm512_add_epi32(one, other));
    }
  }
}
#pragma clang attribute pop

#pragma clang attribute push(                                                                               \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c"))), apply_to = function)

// Four bytes of a row, for all lanes.
INLINE __m512i four_of(const int8_t *q) {
  int32_t four;
  memcpy(&four, q, sizeof four);
  return _mm512_set1_epi32(four);
}

INLINE void int8_block(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w,
                       const uint8_t *other, fetching share, const float *w_scale, float *y, size_t ldy, size_t outputs,
                       int rows) {
  size_t groups = ldq / ARPG_GROUP;
  __m512 totals[8][2];
  UNROLL for (int i = 0; i < rows; i++) totals[i][0] = totals[i][1] = _mm512_setzero_ps();
  for (size_t g = 0; g < groups; g++) {
    fetch_group(&share);
    __m512i parts[8][2];
    // The weights have 128 too much.
    UNROLL for (int i = 0; i < rows; i++)
      parts[i][0] = parts[i][1] = _mm512_set1_epi32(-128 * sums[(size_t)i * groups + g]);
    UNROLL for (int k = 0; k < ARPG_GROUP; k += 4, w += 64, other += 64) {
      __m512i a = _mm512_loadu_si512(w), b = _mm512_loadu_si512(other);
      UNROLL for (int i = 0; i < rows; i++) {
        __m512i value = four_of(q + (size_t)i * ldq + g * ARPG_GROUP + k);
        parts[i][0] = _mm512_dpbusd_epi32(parts[i][0], a, value);
        parts[i][1] = _mm512_dpbusd_epi32(parts[i][1], b, value);
      }
    }
    UNROLL for (int i = 0; i < rows; i++) {
      __m512 factor = _mm512_set1_ps(scale[(size_t)i * groups + g]);
      totals[i][0] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(parts[i][0]), factor, totals[i][0]);
      totals[i][1] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(parts[i][1]), factor, totals[i][1]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int p = 0; p < 2; p++) {
      if (p && outputs <= ARPG_PANEL) continue;
      write_lanes(y + (size_t)i * ldy + p * ARPG_PANEL,
                  _mm512_mul_ps(totals[i][p], _mm512_loadu_ps(w_scale + p * ARPG_PANEL)),
                  outputs - (size_t)p * ARPG_PANEL);
    }
  }
}

static void linear_int8(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w,
                        const float *w_scale, float *y, size_t ldy, size_t rows, size_t outputs) {
  size_t panel = ARPG_PANEL * ldq, groups = ldq / ARPG_GROUP, blocks = (rows + 3) / 4;
  for (size_t o = 0; o < outputs; o += 2 * ARPG_PANEL, w += 2 * panel) {
    const uint8_t *other = outputs - o > ARPG_PANEL ? w + panel : w;
#define BLOCK(n)                                                                                             \
  int8_block(q + r * ldq, ldq, scale + r * groups, sums + r * groups, w, other,                              \
             share_of_next(w + 2 * panel, 2 * ARPG_PANEL * ARPG_GROUP, groups, r / 4, blocks), w_scale + o,  \
             y + r * ldy + o, ldy, outputs - o, n);
    BLOCKS_OF_FOUR(BLOCK)
#undef BLOCK
  }
}

INLINE void int4_block(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w, fetching share,
                       float *y, size_t ldy, size_t outputs, int rows) {
  size_t groups = ldq / ARPG_GROUP;
  __m512 totals[8];
  const __m512i low = _mm512_set1_epi8(15);
  UNROLL for (int i = 0; i < rows; i++) totals[i] = _mm512_setzero_ps();
  for (size_t g = 0; g < groups; g++, w += ARPG_INT4_GROUP_BYTES) {
    fetch_group(&share);
    __m512i weights[8];
    UNROLL for (int j = 0; j < 4; j++) {
      __m512i both = _mm512_loadu_si512(w + 64 + 64 * j);
      weights[2 * j] = _mm512_and_si512(both, low);
      weights[2 * j + 1] = _mm512_and_si512(_mm512_srli_epi16(both, 4), low);
    }
    __m512 s = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)w));
    __m512 m = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(w + 32)));
    UNROLL for (int i = 0; i < rows; i++) {
      const int8_t *row = q + (size_t)i * ldq + g * ARPG_GROUP;
      __m512i sum = _mm512_setzero_si512();
      UNROLL for (int j = 0; j < 8; j++) sum = _mm512_dpbusd_epi32(sum, weights[j], four_of(row + 4 * j));
      __m512 part = _mm512_mul_ps(_mm512_set1_ps((float)sums[(size_t)i * groups + g]), m);
      part = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), s, part);
      totals[i] = _mm512_fmadd_ps(part, _mm512_set1_ps(scale[(size_t)i * groups + g]), totals[i]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) write_lanes(y + (size_t)i * ldy, totals[i], outputs);
}

static void linear_int4(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w, float *y,
                        size_t ldy, size_t rows, size_t outputs) {
  size_t groups = ldq / ARPG_GROUP;
  for (size_t o = 0; o < outputs; o += ARPG_PANEL, w += groups * ARPG_INT4_GROUP_BYTES) {
#define BLOCK(n)                                                                                                      \
  int4_block(q + r * ldq, ldq, scale + r * groups, sums + r * groups, w,                                             \
             share_of_next(w + groups * ARPG_INT4_GROUP_BYTES, ARPG_INT4_GROUP_BYTES, groups, r / 8, (rows + 7) / 8), \
             y + r * ldy + o, ldy, outputs - o, n);
    BLOCKS_OF_EIGHT(BLOCK)
#undef BLOCK
  }
}
#pragma clang attribute pop

extern void arpg_packed_avx2_int8(const int8_t *, size_t, const float *, const int32_t *, const uint8_t *, const float *,
                                  float *, size_t, size_t, size_t);
extern void arpg_packed_avx2_int4(const int8_t *, size_t, const float *, const int32_t *, const uint8_t *, float *, size_t,
                                  size_t, size_t);

const arpg_packed arpg_packed_avx512 = {
    quantize, linear_float16, round_bfloat16, linear_bfloat16, arpg_packed_avx2_int8, arpg_packed_avx2_int4,
};
const arpg_packed arpg_packed_vnni = {
    quantize, linear_float16, round_bfloat16, linear_bfloat16, linear_int8, linear_int4,
};

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma"))), \
                             apply_to = function)
// Two weights of each output by two values of a row: the instruction adds the second product first.
INLINE void bfloat16_dot_block(const float *x, const uint16_t *halves, size_t ld, const uint16_t *w, const uint16_t *other,
                               fetching share, float *y, size_t ldy, size_t outputs, size_t inputs, int rows) {
  (void)x;
  __m512 sums[4][2];
  UNROLL for (int i = 0; i < rows; i++) sums[i][0] = sums[i][1] = _mm512_setzero_ps();
  for (size_t k = 0; k < inputs; k += 2, w += 2 * ARPG_PANEL, other += 2 * ARPG_PANEL) {
    if (k % ARPG_GROUP == 0) fetch_group(&share);
    __m512bh a = (__m512bh)_mm512_loadu_si512(w), b = (__m512bh)_mm512_loadu_si512(other);
    UNROLL for (int i = 0; i < rows; i++) {
      int32_t pair;
      memcpy(&pair, halves + (size_t)i * ld + k, sizeof pair);
      __m512bh value = (__m512bh)_mm512_set1_epi32(pair);
      sums[i][0] = _mm512_dpbf16_ps(sums[i][0], a, value);
      sums[i][1] = _mm512_dpbf16_ps(sums[i][1], b, value);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) write_panels(y + (size_t)i * ldy, sums[i], outputs);
}

#define DOT_BLOCK(n)                                                                                                     \
  bfloat16_dot_block(x + r * ld, halves + r * ld, ld, w, other,                                                         \
                     share_of_next(w + 2 * panel, group, groups_of(inputs), r / 4, blocks), y + r * ldy + o, ldy,       \
                     outputs - o, inputs, n);
DEFINE_LINEAR_BFLOAT16(linear_bfloat16_dot, DOT_BLOCK)
#pragma clang attribute pop

const arpg_packed arpg_packed_bf16 = {
    quantize, linear_float16, round_bfloat16, linear_bfloat16_dot, linear_int8, linear_int4,
};
#endif
