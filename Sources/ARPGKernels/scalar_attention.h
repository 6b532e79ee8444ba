// The reference of attention, of the levels in attend.h.

static void attend(const float *q, size_t ldq, const float *k, const float *v, size_t ldkv, float *out, size_t ldo,
                   size_t queries, size_t keys, size_t head_dim, float scale, size_t seen, float *scratch) {
  for (size_t i = 0; i < queries; i++) {
    size_t end = seen + i < keys ? seen + i : keys;
    for (size_t j = 0; j < end; j++) scratch[j] = dot(q + i * ldq, k + j * ldkv, head_dim);
    softmax_row(scratch, scale, end);
    float *o = out + i * ldo;
    for (size_t d = 0; d < head_dim; d++) o[d] = 0;
    for (size_t j = 0; j < end; j++) add_scaled(v + j * ldkv, scratch[j], o, head_dim);
  }
}

static uint16_t half_of(float value) {
  _Float16 half = (_Float16)(value > 65504.0f ? 65504.0f : value < -65504.0f ? -65504.0f : value);
  uint16_t bits;
  memcpy(&bits, &half, sizeof bits);
  return bits;
}

static void remember_halves(const float *key, const float *value, uint16_t *k, uint16_t *v, size_t position,
                            size_t head_dim) {
  for (size_t d = 0; d < head_dim; d++) {
    k[(position / ARPG_KEY_PANEL * head_dim + d) * ARPG_KEY_PANEL + position % ARPG_KEY_PANEL] = half_of(key[d]);
    v[position * head_dim + d] = half_of(value[d]);
  }
}

static void attend_halves(const float *q, size_t ldq, const uint16_t *k, const uint16_t *v, float *out, size_t ldo,
                          size_t queries, size_t first, size_t keys, size_t head_dim, float scale, size_t seen,
                          float *scratch) {
  for (size_t i = 0; i < queries; i++) {
    size_t end = seen + i < keys ? seen + i : keys;
    for (size_t j = first; j < end; j++) {
      const uint16_t *key = k + j / ARPG_KEY_PANEL * ARPG_KEY_PANEL * head_dim + j % ARPG_KEY_PANEL;
      scratch[j] = 0;
      for (size_t d = 0; d < head_dim; d++)
        scratch[j] = fmaf(q[i * ldq + d], half_to_float(key[d * ARPG_KEY_PANEL]), scratch[j]);
    }
    softmax_row(scratch + first, scale, end - first);
    for (size_t d = 0; d < head_dim; d++) {
      float sum = 0;
      for (size_t j = first; j < end; j++) sum = fmaf(half_to_float(v[j * head_dim + d]), scratch[j], sum);
      out[i * ldo + d] = sum;
    }
  }
}
