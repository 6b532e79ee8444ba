// Attention of one head, ARPG_ATTEND_QUERIES queries at a time, so that keys and values are read once for all of them. Values are
// floats, or halves.

// The most columns, in vectors, whose sums are kept at a time.
enum { MOST_VECTORS = 4 };

INLINE lanes half_lanes(const uint16_t *x, size_t n) {
  return __builtin_convertvector((lanes_half)load_short(x, n), lanes);
}

// The first n values, at most sixteen, from an index on.
INLINE lanes values_at(const void *v, size_t index, size_t n, int halves) {
  return halves ? half_lanes((const uint16_t *)v + index, n) : load_up_to((const float *)v + index, n);
}

// out[i] += sum over j in first ..< end of p[i][j] * v[j], in the order of j, for some columns of a block of queries.
INLINE void accumulate_block(const float *p, size_t ldp, const void *v, size_t ldv, size_t column, float *out, size_t ldo,
                             size_t first, size_t end, int queries, int vectors, size_t columns, int halves) {
  lanes sums[ARPG_ATTEND_QUERIES * MOST_VECTORS];
  size_t last = columns - (size_t)(vectors - 1) * LANES;
  UNROLL for (int i = 0; i < queries; i++) UNROLL for (int c = 0; c < vectors; c++) {
    const float *from = out + (size_t)i * ldo + c * LANES;
    sums[i * vectors + c] = c + 1 < vectors ? load(from) : load_up_to(from, last);
  }
  for (size_t j = first; j < end; j++) {
    lanes value[MOST_VECTORS];
    UNROLL for (int c = 0; c < vectors; c++)
      value[c] = values_at(v, j * ldv + column + c * LANES, c + 1 < vectors ? LANES : last, halves);
    UNROLL for (int i = 0; i < queries; i++) {
      lanes weight = all(p[(size_t)i * ldp + j]);
      UNROLL for (int c = 0; c < vectors; c++)
        sums[i * vectors + c] = fused(value[c], weight, sums[i * vectors + c]);
    }
  }
  UNROLL for (int i = 0; i < queries; i++) UNROLL for (int c = 0; c < vectors; c++) {
    float *to = out + (size_t)i * ldo + c * LANES;
    if (c + 1 < vectors) store(to, sums[i * vectors + c]);
    else store_up_to(to, sums[i * vectors + c], last);
  }
}

// The same for all columns of the head, at most widest vectors of them at a time.
INLINE void accumulate(const float *p, size_t ldp, const void *v, size_t ldv, float *out, size_t ldo, size_t first,
                       size_t end, int queries, size_t widest, size_t head_dim, int halves) {
  for (size_t d = 0, vectors; d < head_dim; d += vectors * LANES) {
    size_t left = (head_dim - d) / LANES;
    vectors = left < 1 ? 1 : left < widest ? left : widest;
#define BLOCK(vectors, columns) \
  accumulate_block(p, ldp, v, ldv, d, out + d, ldo, first, end, queries, vectors, columns, halves)
    if (left < 1) BLOCK(1, head_dim - d);
    else if (vectors == 1) BLOCK(1, 1 * LANES);
    else if (widest >= 2 && vectors == 2) BLOCK(2, 2 * LANES);
    else if (widest >= 3 && vectors == 3) BLOCK(3, 3 * LANES);
    else if (widest >= 4) BLOCK(4, 4 * LANES);
#undef BLOCK
  }
}

// The means of values: some queries have scores of keys from first on, ld apart, the first of them of those below `seen`, each later
// one of one more, as far as there are.
INLINE void weigh(float *scores, size_t ld, const void *v, size_t ldv, float *out, size_t ldo, size_t some, size_t first,
                  size_t keys, size_t seen, size_t head_dim, float scale, int halves) {
  size_t least = seen < keys ? seen : keys;
  for (size_t r = 0; r < some; r++) {
    softmax_row(scores + r * ld + first, scale, (seen + r < keys ? seen + r : keys) - first);
    for (size_t d = 0; d < head_dim; d++) out[r * ldo + d] = 0;
  }
#define QUERIES(n, widest) accumulate(scores, ld, v, ldv, out, ldo, first, least, n, widest, head_dim, halves)
  switch (some) {
    case 1: QUERIES(1, MOST_VECTORS); break;
    case 2: QUERIES(2, ATTEND_VECTORS); break;
    case 3: QUERIES(3, ATTEND_VECTORS); break;
    default: QUERIES(ARPG_ATTEND_QUERIES, ATTEND_VECTORS);
  }
#undef QUERIES
  for (size_t r = 1; r < some && least < keys; r++)
    accumulate(scores + r * ld, ld, v, ldv, out + r * ldo, ldo, least, seen + r < keys ? seen + r : keys, 1, MOST_VECTORS,
               head_dim, halves);
}

static void attend(const float *q, size_t ldq, const float *k, const float *v, size_t ldkv, float *out, size_t ldo,
                   size_t queries, size_t keys, size_t head_dim, float scale, size_t seen, float *scratch) {
  for (size_t i = 0; i < queries; i += ARPG_ATTEND_QUERIES) {
    size_t some = queries - i < ARPG_ATTEND_QUERIES ? queries - i : ARPG_ATTEND_QUERIES;
    size_t most = seen + i + some - 1 < keys ? seen + i + some - 1 : keys;
    product(q + i * ldq, ldq, k, ldkv, scratch, keys, some, most, head_dim);
    weigh(scratch, keys, v, ldkv, out + i * ldo, ldo, some, 0, keys, seen + i, head_dim, scale, 0);
  }
}

// The scores of some queries with the keys of some panels.
INLINE void score_panels(const float *q, size_t ldq, const uint16_t *k, float *scores, size_t ld, size_t head_dim,
                         int queries, int panels) {
  lanes sums[ARPG_ATTEND_QUERIES * SCORE_PANELS];
  UNROLL for (int i = 0; i < queries * panels; i++) sums[i] = all(0);
  for (size_t d = 0; d < head_dim; d++) {
    lanes key[SCORE_PANELS];
    UNROLL for (int p = 0; p < panels; p++) key[p] = half_lanes(k + (p * head_dim + d) * ARPG_KEY_PANEL, LANES);
    UNROLL for (int i = 0; i < queries; i++) {
      lanes factor = all(q[i * ldq + d]);
      UNROLL for (int p = 0; p < panels; p++) sums[i * panels + p] = fused(factor, key[p], sums[i * panels + p]);
    }
  }
  UNROLL for (int i = 0; i < queries; i++)
    UNROLL for (int p = 0; p < panels; p++) store(scores + i * ld + p * ARPG_KEY_PANEL, sums[i * panels + p]);
}

// The scores of some queries with the keys of first ..< end, whole panels of them.
INLINE void score_keys(const float *q, size_t ldq, const uint16_t *k, float *scores, size_t ld, size_t first, size_t end,
                       size_t head_dim, int queries) {
  size_t j = first / ARPG_KEY_PANEL * ARPG_KEY_PANEL;
  for (; SCORE_PANELS > 1 && j + (SCORE_PANELS - 1) * ARPG_KEY_PANEL < end; j += SCORE_PANELS * ARPG_KEY_PANEL)
    score_panels(q, ldq, k + j * head_dim, scores + j, ld, head_dim, queries, SCORE_PANELS);
  for (; j < end; j += ARPG_KEY_PANEL) score_panels(q, ldq, k + j * head_dim, scores + j, ld, head_dim, queries, 1);
}

static void attend_halves(const float *q, size_t ldq, const uint16_t *k, const uint16_t *v, float *out, size_t ldo,
                          size_t queries, size_t first, size_t keys, size_t head_dim, float scale, size_t seen,
                          float *scratch) {
  size_t ld = (keys + ARPG_KEY_PANEL - 1) / ARPG_KEY_PANEL * ARPG_KEY_PANEL;
  for (size_t i = 0; i < queries; i += ARPG_ATTEND_QUERIES) {
    size_t some = queries - i < ARPG_ATTEND_QUERIES ? queries - i : ARPG_ATTEND_QUERIES;
    size_t most = seen + i + some - 1 < keys ? seen + i + some - 1 : keys;
#define QUERIES(n) score_keys(q + i * ldq, ldq, k, scratch, ld, first, most, head_dim, n)
    switch (some) {
      case 1: QUERIES(1); break;
      case 2: QUERIES(2); break;
      case 3: QUERIES(3); break;
      default: QUERIES(ARPG_ATTEND_QUERIES);
    }
#undef QUERIES
    weigh(scratch, ld, v, head_dim, out + i * ldo, ldo, some, first, keys, seen + i, head_dim, scale, 1);
  }
}

// Sixteen floats as halves, those that are too large as the largest half.
INLINE lanes_short to_halves(lanes x) {
  x = choose(x > 65504.0f, all(65504), x);
  x = choose(x < -65504.0f, all(-65504), x);
  return (lanes_short)__builtin_convertvector(x, lanes_half);
}

static void remember_halves(const float *key, const float *value, uint16_t *k, uint16_t *v, size_t position,
                            size_t head_dim) {
  uint16_t *lane = k + position / ARPG_KEY_PANEL * ARPG_KEY_PANEL * head_dim + position % ARPG_KEY_PANEL;
  v += position * head_dim;
  for (size_t d = 0; d < head_dim; d += LANES) {
    size_t n = head_dim - d < LANES ? head_dim - d : LANES;
    lanes_short keys = to_halves(load_up_to(key + d, n)), values = to_halves(load_up_to(value + d, n));
    for (size_t l = 0; l < n; l++) lane[(d + l) * ARPG_KEY_PANEL] = keys[l];
    memcpy(v + d, &values, n * sizeof *v);
  }
}
