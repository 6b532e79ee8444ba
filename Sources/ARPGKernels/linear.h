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

// A product of matrices goes by blocks: of b, MULTIPLY_DEPTH rows and MULTIPLY_PANELS panels of MULTIPLY_COLUMNS columns,
// copied side by side into the second-level cache; of a, MULTIPLY_ROWS rows, whose sums with one panel stay in registers.
#define MULTIPLY_DEPTH 256
#define MULTIPLY_COLUMNS (MULTIPLY_VECTORS * LANES)
#define MULTIPLY_PANELS (12 / MULTIPLY_VECTORS)

// Some rows of a by a panel, of which n columns are written.
INLINE void multiply_block(const float *a, size_t row, size_t column, const float *panel, float *c, size_t ldc,
                           int rows, size_t depth, size_t n, int add) {
  lanes sums[MULTIPLY_ROWS * MULTIPLY_VECTORS];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < MULTIPLY_VECTORS; v++) {
      size_t first = (size_t)v * LANES;
      sums[r * MULTIPLY_VECTORS + v] =
          add && first < n ? load_up_to(c + (size_t)r * ldc + first, n - first) : all(0);
    }
  }
  for (size_t k = 0; k < depth; k++, panel += MULTIPLY_COLUMNS, a += column) {
    lanes value[MULTIPLY_VECTORS];
    UNROLL for (int v = 0; v < MULTIPLY_VECTORS; v++) value[v] = load(panel + v * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      lanes factor = all(a[(size_t)r * row]);
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

// Copies depth rows of n columns side by side, with zeros beyond them; a value is row or column floats from the next.
INLINE void fill_panel(const float *b, size_t row, size_t column, float *panel, size_t depth, size_t n) {
  for (size_t i = 0; i < depth; i++, panel += MULTIPLY_COLUMNS) {
    if (column == 1) {
      UNROLL for (size_t v = 0; v < MULTIPLY_COLUMNS; v += LANES)
        store(panel + v, v < n ? load_up_to(b + i * row + v, n - v) : all(0));
    } else {
      for (size_t v = 0; v < n; v++) panel[v] = b[i * row + v * column];
      for (size_t v = n; v < MULTIPLY_COLUMNS; v++) panel[v] = 0;
    }
  }
}

// Some rows of a by all panels, n columns of which are there.
INLINE void multiply_rows(const float *a, size_t row, size_t column, const float *panels, float *c, size_t ldc, int rows,
                          size_t depth, size_t n, int add) {
  for (size_t j = 0; j < n; j += MULTIPLY_COLUMNS, panels += depth * MULTIPLY_COLUMNS)
    multiply_block(a, row, column, panels, c + j, ldc, rows, depth, n - j, add);
}

static void multiply(const float *a, size_t a_row, size_t a_column, const float *b, size_t b_row, size_t b_column,
                     float *c, size_t ldc, size_t rows, size_t columns, size_t inner, int add) {
  float panels[MULTIPLY_DEPTH * MULTIPLY_COLUMNS * MULTIPLY_PANELS] __attribute__((aligned(64)));
  float turned[MULTIPLY_ROWS * MULTIPLY_DEPTH];
  const size_t most = MULTIPLY_COLUMNS * MULTIPLY_PANELS;
  for (size_t j = 0; j < columns; j += most) {
    size_t n = columns - j < most ? columns - j : most;
    for (size_t k = 0; k == 0 || k < inner; k += MULTIPLY_DEPTH) {
      size_t depth = inner - k < MULTIPLY_DEPTH ? inner - k : MULTIPLY_DEPTH, r = 0;
      int more = add || k > 0;
      for (size_t p = 0; p < n; p += MULTIPLY_COLUMNS)
        fill_panel(b + k * b_row + (j + p) * b_column, b_row, b_column, panels + p * depth, depth,
                   n - p < MULTIPLY_COLUMNS ? n - p : MULTIPLY_COLUMNS);
      for (; r + MULTIPLY_ROWS <= rows; r += MULTIPLY_ROWS) {
        const float *block = a + r * a_row + k * a_column;
        if (a_column == 1) {
          multiply_rows(block, a_row, 1, panels, c + r * ldc + j, ldc, MULTIPLY_ROWS, depth, n, more);
          continue;
        }
        for (size_t i = 0; i < depth; i++) {
          float *target = turned + i * MULTIPLY_ROWS;
          if (a_row == 1) memcpy(target, block + i * a_column, MULTIPLY_ROWS * sizeof(float));
          else UNROLL for (size_t l = 0; l < MULTIPLY_ROWS; l++) target[l] = block[l * a_row + i * a_column];
        }
        multiply_rows(turned, 1, MULTIPLY_ROWS, panels, c + r * ldc + j, ldc, MULTIPLY_ROWS, depth, n, more);
      }
#define LAST(some)                                                                                                     \
  for (; r + some <= rows; r += some)                                                                                  \
    multiply_rows(a + r * a_row + k * a_column, a_row, a_column, panels, c + r * ldc + j, ldc, some, depth, n, more);
      LAST(3)
      LAST(1)
#undef LAST
    }
  }
}
