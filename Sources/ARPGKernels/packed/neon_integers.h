// Products of integers on NEON, for the level that includes this: it has named its target, and gives LEVEL, which makes its names
// of these, `sums` for four outputs, `add_eight`, which adds the products of eight inputs to them, and `total`.

INLINE void LEVEL(int8_block)(const int8_t *q, size_t ldq, const float *scale, const uint8_t *w, const float *w_scale,
                              float *y, size_t ldy, size_t outputs, int rows) {
  size_t groups = ldq / ARPG_GROUP;
  float32x4_t totals[4][4];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int p = 0; p < 4; p++) totals[i][p] = vdupq_n_f32(0);
  for (size_t g = 0; g < groups; g++, w += ARPG_PANEL * ARPG_GROUP) {
    UNROLL for (int p = 0; p < 4; p++) {
      LEVEL(sums) parts[4] = {0};
      UNROLL for (int k = 0; k < ARPG_GROUP; k += 8) {
        int8x16_t a = signed_of(w + 16 * k + 16 * p), b = signed_of(w + 16 * k + 64 + 16 * p);
        UNROLL for (int i = 0; i < rows; i++)
          parts[i] = LEVEL(add_eight)(parts[i], a, b, q + (size_t)i * ldq + g * ARPG_GROUP + k);
      }
      UNROLL for (int i = 0; i < rows; i++)
        totals[i][p] = vfmaq_n_f32(totals[i][p], LEVEL(total)(parts[i]), scale[(size_t)i * groups + g]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int p = 0; p < 4; p++) totals[i][p] = vmulq_f32(totals[i][p], vld1q_f32(w_scale + 4 * p));
    write_lanes(y + (size_t)i * ldy, totals[i], outputs);
  }
}

static void LEVEL(linear_int8)(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w,
                               const float *w_scale, float *y, size_t ldy, size_t rows, size_t outputs) {
  (void)sums;
  size_t groups = ldq / ARPG_GROUP;
  for (size_t o = 0; o < outputs; o += ARPG_PANEL, w += ARPG_PANEL * ldq) {
#define BLOCK(n) \
  LEVEL(int8_block)(q + r * ldq, ldq, scale + r * groups, w, w_scale + o, y + r * ldy + o, ldy, outputs - o, n);
    BLOCKS_OF_FOUR(BLOCK)
#undef BLOCK
  }
}

INLINE void LEVEL(int4_block)(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w,
                              float *y, size_t ldy, size_t outputs, int rows) {
  size_t groups = ldq / ARPG_GROUP;
  float32x4_t totals[4][4];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int p = 0; p < 4; p++) totals[i][p] = vdupq_n_f32(0);
  for (size_t g = 0; g < groups; g++, w += ARPG_INT4_GROUP_BYTES) {
    UNROLL for (int p = 0; p < 4; p++) {
      float32x4_t s = halves_of(w + 8 * p), m = halves_of(w + 32 + 8 * p);
      LEVEL(sums) parts[4] = {0};
      UNROLL for (int k = 0; k < ARPG_GROUP; k += 8) {
        uint8x16_t both = vld1q_u8(w + 64 + 8 * k + 16 * p);
        int8x16_t a = vreinterpretq_s8_u8(vandq_u8(both, vdupq_n_u8(15)));
        int8x16_t b = vreinterpretq_s8_u8(vshrq_n_u8(both, 4));
        UNROLL for (int i = 0; i < rows; i++)
          parts[i] = LEVEL(add_eight)(parts[i], a, b, q + (size_t)i * ldq + g * ARPG_GROUP + k);
      }
      UNROLL for (int i = 0; i < rows; i++) {
        float32x4_t part = vmulq_n_f32(m, (float)sums[(size_t)i * groups + g]);
        part = vfmaq_f32(part, LEVEL(total)(parts[i]), s);
        totals[i][p] = vfmaq_n_f32(totals[i][p], part, scale[(size_t)i * groups + g]);
      }
    }
  }
  UNROLL for (int i = 0; i < rows; i++) write_lanes(y + (size_t)i * ldy, totals[i], outputs);
}

static void LEVEL(linear_int4)(const int8_t *q, size_t ldq, const float *scale, const int32_t *sums, const uint8_t *w,
                               float *y, size_t ldy, size_t rows, size_t outputs) {
  size_t groups = ldq / ARPG_GROUP;
  for (size_t o = 0; o < outputs; o += ARPG_PANEL, w += groups * ARPG_INT4_GROUP_BYTES) {
#define BLOCK(n)                                                                                                    \
  LEVEL(int4_block)(q + r * ldq, ldq, scale + r * groups, sums + r * groups, w, y + r * ldy + o, ldy, outputs - o, n);
    BLOCKS_OF_FOUR(BLOCK)
#undef BLOCK
  }
}
