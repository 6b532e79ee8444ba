// Products of rows: blocks of ROW_BLOCK rows of x by OUTPUT_BLOCK rows of w, all of whose sums stay in registers.

// Outputs of the block that lie beyond the last one repeat it and are not written. Meanwhile fetches rows of w from
// next on, as many as fetch says.
INLINE void linear_block(const float *x, size_t ldx, const float *w, size_t ldw, const float *next, float *y,
                         size_t ldy, size_t outputs, size_t inputs, int rows, size_t fetch) {
  lanes sums[ROW_BLOCK * OUTPUT_BLOCK];
  UNROLL for (int i = 0; i < rows * OUTPUT_BLOCK; i++) sums[i] = all(0);
  const float *row[OUTPUT_BLOCK];
  UNROLL for (size_t o = 0; o < OUTPUT_BLOCK; o++) row[o] = w + (o < outputs ? o : outputs - 1) * ldw;
  size_t k = 0;
  for (; k + LANES <= inputs; k += LANES) {
    UNROLL for (size_t f = 0; f < fetch; f++) __builtin_prefetch(next + f * ldw + k, 0, 2);
    lanes weight[OUTPUT_BLOCK];
    UNROLL for (int o = 0; o < OUTPUT_BLOCK; o++) weight[o] = load(row[o] + k);
    UNROLL for (int r = 0; r < rows; r++) {
      lanes value = load(x + (size_t)r * ldx + k);
      UNROLL for (int o = 0; o < OUTPUT_BLOCK; o++)
        sums[r * OUTPUT_BLOCK + o] = fused(value, weight[o], sums[r * OUTPUT_BLOCK + o]);
    }
  }
  if (k < inputs) {
    size_t rest = inputs - k;
    lanes weight[OUTPUT_BLOCK];
    UNROLL for (int o = 0; o < OUTPUT_BLOCK; o++) weight[o] = load_part(row[o] + k, rest);
    UNROLL for (int r = 0; r < rows; r++) {
      lanes value = load_part(x + (size_t)r * ldx + k, rest);
      UNROLL for (int o = 0; o < OUTPUT_BLOCK; o++) {
        int i = r * OUTPUT_BLOCK + o;
        sums[i] = choose_first(rest, fused(value, weight[o], sums[i]), sums[i]);
      }
    }
  }
  UNROLL for (int first = 0; first < rows * OUTPUT_BLOCK; first += 16) {
    int count = rows * OUTPUT_BLOCK - first < 16 ? rows * OUTPUT_BLOCK - first : 16;
    lanes folded = fold_many(sums + first, count);
    UNROLL for (int i = 0; i < count; i++) {
      size_t r = (size_t)(first + i) / OUTPUT_BLOCK, o = (size_t)(first + i) % OUTPUT_BLOCK;
      if (o < outputs) y[r * ldy + o] = folded[4 * (i % 4) + i / 4];
    }
  }
}

// All rows by one block of outputs. The rows of w that come next are fetched meanwhile, by the first blocks of rows,
// FETCH_BLOCK rows of w each.
INLINE void linear_outputs(const float *x, size_t ldx, const float *w, size_t ldw, float *y, size_t ldy, size_t rows,
                           size_t outputs, size_t inputs) {
  const float *next = w + OUTPUT_BLOCK * ldw;
  size_t missing = outputs >= 2 * OUTPUT_BLOCK ? OUTPUT_BLOCK : 0;
#define BLOCK(rows, fetch) linear_block(x, ldx, w, ldw, next, y, ldy, outputs, inputs, rows, fetch)
  for (; rows >= ROW_BLOCK; rows -= ROW_BLOCK, x += ROW_BLOCK * ldx, y += ROW_BLOCK * ldy) {
    if (!missing) {
      BLOCK(ROW_BLOCK, 0);
    } else if (missing == OUTPUT_BLOCK && rows < 2 * ROW_BLOCK) {
      BLOCK(ROW_BLOCK, OUTPUT_BLOCK);
      missing = 0;
    } else {
      BLOCK(ROW_BLOCK, FETCH_BLOCK);
      next += FETCH_BLOCK * ldw;
      missing -= FETCH_BLOCK;
    }
  }
  if (rows == 1) {
    if (missing == OUTPUT_BLOCK) BLOCK(1, OUTPUT_BLOCK);
    else BLOCK(1, 0);
  }
#if ROW_BLOCK > 2
  if (rows == 2) {
    if (missing == OUTPUT_BLOCK) BLOCK(2, OUTPUT_BLOCK);
    else BLOCK(2, 0);
  }
  if (rows == 3) {
    if (missing == OUTPUT_BLOCK) BLOCK(3, OUTPUT_BLOCK);
    else BLOCK(3, 0);
  }
#endif
#undef BLOCK
}

// As the linear kernel, with ldw floats from one row of w to the next.
static void product(const float *x, size_t ldx, const float *w, size_t ldw, float *y, size_t ldy, size_t rows,
                    size_t outputs, size_t inputs) {
  size_t chunk = X_CACHE / sizeof(float) / (inputs ? inputs : 1) / ROW_BLOCK * ROW_BLOCK;
  if (chunk < ROW_BLOCK) chunk = ROW_BLOCK;
  for (size_t r = 0; r < rows; r += chunk) {
    size_t some = rows - r < chunk ? rows - r : chunk;
    for (size_t o = 0; o < outputs; o += OUTPUT_BLOCK) {
      size_t left = outputs - o;
      linear_outputs(x + r * ldx, ldx, w + o * ldw, ldw, y + r * ldy + o, ldy, some, left, inputs);
    }
  }
}

static void linear(const float *x, size_t ldx, const float *w, float *y, size_t ldy, size_t rows, size_t outputs,
                   size_t inputs) {
  product(x, ldx, w, inputs, y, ldy, rows, outputs, inputs);
}

// A block of a product of matrices, all of whose sums stay in registers; n of the columns are written.
INLINE void multiply_block(const float *a, size_t lda, const float *b, size_t ldb, float *c, size_t ldc, int rows,
                           size_t inner, size_t n) {
  lanes sums[MULTIPLY_ROWS * MULTIPLY_VECTORS];
  UNROLL for (int i = 0; i < rows * MULTIPLY_VECTORS; i++) sums[i] = all(0);
  for (size_t k = 0; k < inner; k++, b += ldb) {
    lanes value[MULTIPLY_VECTORS];
    UNROLL for (int v = 0; v < MULTIPLY_VECTORS; v++) {
      size_t first = (size_t)v * LANES;
      value[v] = first < n ? load_up_to(b + first, n - first) : all(0);
    }
    UNROLL for (int r = 0; r < rows; r++) {
      lanes factor = all(a[(size_t)r * lda + k]);
      UNROLL for (int v = 0; v < MULTIPLY_VECTORS; v++)
        sums[r * MULTIPLY_VECTORS + v] = fused(factor, value[v], sums[r * MULTIPLY_VECTORS + v]);
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < MULTIPLY_VECTORS; v++) {
      size_t first = (size_t)v * LANES;
      if (first < n) store_up_to(c + (size_t)r * ldc + first, sums[r * MULTIPLY_VECTORS + v], n - first);
    }
  }
}

static void multiply(const float *a, size_t lda, const float *b, size_t ldb, float *c, size_t ldc, size_t rows,
                     size_t columns, size_t inner) {
  for (size_t j = 0; j < columns; j += MULTIPLY_VECTORS * LANES) {
    size_t n = columns - j, r = 0;
#define BLOCK(rows, n) multiply_block(a + r * lda, lda, b + j, ldb, c + r * ldc + j, ldc, rows, inner, n)
    if (n >= MULTIPLY_VECTORS * LANES)
      for (; r + MULTIPLY_ROWS <= rows; r += MULTIPLY_ROWS) BLOCK(MULTIPLY_ROWS, MULTIPLY_VECTORS * LANES);
    for (; r + 2 <= rows; r += 2) BLOCK(2, n);
    if (r < rows) BLOCK(1, n);
#undef BLOCK
  }
}
