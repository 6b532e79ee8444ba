// Attention of one head, ARPG_ATTEND_QUERIES queries at a time, so that keys and values are read once for all of them.

// The most columns, in vectors, whose sums are kept at a time.
enum { MOST_VECTORS = 4 };

// out[i] += sum over j in first ..< end of p[i][j] * v[j], in the order of j, for some columns of a block of queries.
INLINE void accumulate_block(const float *p, size_t ldp, const float *v, size_t ldv, float *out, size_t ldo,
                             size_t first, size_t end, int queries, int vectors, size_t columns) {
  lanes sums[ARPG_ATTEND_QUERIES * MOST_VECTORS];
  size_t last = columns - (size_t)(vectors - 1) * LANES;
  UNROLL for (int i = 0; i < queries; i++) UNROLL for (int c = 0; c < vectors; c++) {
    const float *from = out + (size_t)i * ldo + c * LANES;
    sums[i * vectors + c] = c + 1 < vectors ? load(from) : load_up_to(from, last);
  }
  for (size_t j = first; j < end; j++) {
    lanes value[MOST_VECTORS];
    UNROLL for (int c = 0; c < vectors; c++) {
      const float *from = v + j * ldv + c * LANES;
      value[c] = c + 1 < vectors ? load(from) : load_up_to(from, last);
    }
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
INLINE void accumulate(const float *p, size_t ldp, const float *v, size_t ldv, float *out, size_t ldo, size_t first,
                       size_t end, int queries, size_t widest, size_t head_dim) {
  for (size_t d = 0, vectors; d < head_dim; d += vectors * LANES) {
    size_t left = (head_dim - d) / LANES;
    vectors = left < 1 ? 1 : left < widest ? left : widest;
#define BLOCK(vectors, columns) \
  accumulate_block(p, ldp, v + d, ldv, out + d, ldo, first, end, queries, vectors, columns)
    if (left < 1) BLOCK(1, head_dim - d);
    else if (vectors == 1) BLOCK(1, 1 * LANES);
    else if (widest >= 2 && vectors == 2) BLOCK(2, 2 * LANES);
    else if (widest >= 3 && vectors == 3) BLOCK(3, 3 * LANES);
    else if (widest >= 4) BLOCK(4, 4 * LANES);
#undef BLOCK
  }
}

static void attend(const float *q, size_t ldq, const float *k, const float *v, size_t ldkv, float *out, size_t ldo,
                   size_t queries, size_t keys, size_t head_dim, float scale, size_t seen, float *scratch) {
  for (size_t i = 0; i < queries; i += ARPG_ATTEND_QUERIES) {
    size_t some = queries - i < ARPG_ATTEND_QUERIES ? queries - i : ARPG_ATTEND_QUERIES;
    size_t least = seen + i < keys ? seen + i : keys;
    size_t most = seen + i + some - 1 < keys ? seen + i + some - 1 : keys;
    product(q + i * ldq, ldq, k, ldkv, scratch, keys, some, most, head_dim);
    for (size_t r = 0; r < some; r++) {
      softmax_row(scratch + r * keys, scale, seen + i + r < keys ? seen + i + r : keys);
      for (size_t d = 0; d < head_dim; d++) out[(i + r) * ldo + d] = 0;
    }
    float *o = out + i * ldo;
    if (some == ARPG_ATTEND_QUERIES) {
      accumulate(scratch, keys, v, ldkv, o, ldo, 0, least, ARPG_ATTEND_QUERIES, ATTEND_VECTORS, head_dim);
    } else {
      for (size_t r = 0; r < some; r++)
        accumulate(scratch + r * keys, keys, v, ldkv, o + r * ldo, ldo, 0, least, 1, MOST_VECTORS,
                   head_dim);
    }
    for (size_t r = 1; r < some && least < most; r++)
      accumulate(scratch + r * keys, keys, v, ldkv, o + r * ldo, ldo, least, seen + i + r < keys ? seen + i + r : keys, 1,
                 MOST_VECTORS, head_dim);
  }
}
