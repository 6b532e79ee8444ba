// The kernels that go through a row, or a whole array, value by value.

INLINE float dot(const float *a, const float *b, size_t n) {
  lanes sums = all(0);
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) sums = fused(load(a + i), load(b + i), sums);
  if (i < n) sums = choose_first(n - i, fused(load_part(a + i, n - i), load_part(b + i, n - i), sums), sums);
  return fold(sums);
}

static void rms_norm(const float *x, const float *gain, float eps, float *y, size_t rows, size_t dim) {
  for (size_t r = 0; r < rows; r++, x += dim, y += dim) {
    float scale = 1.0f / sqrtf(dot(x, x, dim) / (float)dim + eps);
    for (size_t i = 0; i < dim; i += LANES)
      store_up_to(y + i, load_up_to(x + i, dim - i) * scale * load_up_to(gain + i, dim - i), dim - i);
  }
}

INLINE float sum(const float *x, size_t n) {
  lanes sums = all(0);
  for (size_t i = 0; i < n; i += LANES) sums = sums + load_up_to(x + i, n - i);
  return fold(sums);
}

INLINE float variance(const float *x, float mean, size_t n) {
  lanes sums = all(0);
  for (size_t i = 0; i < n; i += LANES) {
    lanes d = load_up_to(x + i, n - i) - mean;
    lanes next = fused(d, d, sums);
    sums = n - i >= LANES ? next : choose_first(n - i, next, sums);
  }
  return fold(sums) / (float)n;
}

static void layer_norm(const float *x, const float *gain, const float *bias, float eps, float *y, size_t rows,
                       size_t dim) {
  for (size_t r = 0; r < rows; r++, x += dim, y += dim) {
    float mean = sum(x, dim) / (float)dim;
    float scale = 1.0f / sqrtf(variance(x, mean, dim) + eps);
    for (size_t i = 0; i < dim; i += LANES) {
      lanes value = (load_up_to(x + i, dim - i) - mean) * scale;
      store_up_to(y + i, fused(value, load_up_to(gain + i, dim - i), load_up_to(bias + i, dim - i)), dim - i);
    }
  }
}

INLINE double fold_double(lanes_double v) {
  double lane[LANES];
  UNROLL for (int l = 0; l < LANES; l++) lane[l] = v[l];
  UNROLL for (int half = LANES / 2; half > 0; half /= 2)
    UNROLL for (int l = 0; l < half; l++) lane[l] = lane[l] + lane[l + half];
  return lane[0];
}

// What a group of n values is shifted by and scaled with.
INLINE void group_moments(const float *x, size_t n, float eps, float *center, float *scale) {
  lanes_double sums = {0}, squares = {0};
  for (size_t i = 0; i < n; i += LANES) {
    lanes_double value = __builtin_convertvector(load_up_to(x + i, n - i), lanes_double);
    sums = sums + value;
    squares = __builtin_elementwise_fma(value, value, squares);
  }
  double mean = fold_double(sums) / (double)n;
  double variance = fold_double(squares) / (double)n - mean * mean;
  *center = (float)mean;
  *scale = (float)(1.0 / sqrt((variance > 0 ? variance : 0) + (double)eps));
}

static void group_norm(const float *x, const float *gain, const float *bias, float eps, int silu, float *y,
                       size_t channels, size_t pixels) {
  float center, scale;
  group_moments(x, channels * pixels, eps, &center, &scale);
  for (size_t c = 0; c < channels; c++, x += pixels, y += pixels)
    for (size_t i = 0; i < pixels; i += LANES) {
      lanes value = (load_up_to(x + i, pixels - i) - center) * scale;
      value = fused(value, all(gain[c]), all(bias[c]));
      store_up_to(y + i, silu ? silu_of(value) : value, pixels - i);
    }
}

static void silu_multiply(const float *a, const float *b, float *y, size_t count) {
  for (size_t i = 0; i < count; i += LANES)
    store_up_to(y + i, silu_of(load_up_to(a + i, count - i)) * load_up_to(b + i, count - i), count - i);
}

static void silu(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i += LANES) store_up_to(y + i, silu_of(load_up_to(x + i, count - i)), count - i);
}

static void gelu_tanh(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i += LANES) store_up_to(y + i, gelu_of(load_up_to(x + i, count - i)), count - i);
}

static void gelu(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    lanes value = load_up_to(x + i, count - i);
    store_up_to(y + i, value * normal_below(value, exponential(-0.5f * value * value)), count - i);
  }
}

INLINE void softmax_row(float *x, float scale, size_t n) {
  lanes maxima = all(-INFINITY);
  for (size_t i = 0; i < n; i += LANES) {
    lanes value = load_up_to(x + i, n - i);
    if (n - i < LANES) value = choose_first(n - i, value, maxima);
    maxima = choose(value > maxima, value, maxima);
  }
  float largest = maxima[0];
  UNROLL for (int l = 1; l < LANES; l++) largest = maxima[l] > largest ? maxima[l] : largest;
  lanes sums = all(0);
  for (size_t i = 0; i < n; i += LANES) {
    lanes value = exponential((load_up_to(x + i, n - i) - largest) * scale);
    sums = sums + (n - i >= LANES ? value : choose_first(n - i, value, all(0)));
    store_up_to(x + i, value, n - i);
  }
  float inverse = 1.0f / fold(sums);
  for (size_t i = 0; i < n; i += LANES) store_up_to(x + i, load_up_to(x + i, n - i) * inverse, n - i);
}

static void softmax(float *x, size_t ldx, float scale, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) softmax_row(x + r * ldx, scale, columns);
}

static void add_scaled(const float *x, float scale, float *y, size_t count) {
  for (size_t i = 0; i < count; i += LANES)
    store_up_to(y + i, fused(load_up_to(x + i, count - i), all(scale), load_up_to(y + i, count - i)), count - i);
}

static double exponentials(const float *x, float largest, double *y, size_t count) {
  const lanes_double zero = {0};
  lanes_double sums = zero;
  for (size_t i = 0; i < count; i += LANES) {
    size_t left = count - i;
    lanes value = left >= LANES ? load(x + i) : choose_first(left, load_part(x + i, left), all(-INFINITY));
    lanes_double result =
        exponential_double(__builtin_convertvector(value, lanes_double) - (zero + (double)largest));
    sums = sums + result;
    memcpy(y + i, &result, (left < LANES ? left : LANES) * sizeof *y);
  }
  return fold_double(sums);
}

static void rotate(const float *x, const float *table, float *y, size_t heads, size_t head_dim) {
  const lanes_bits minus = {1u << 31, 0, 1u << 31, 0, 1u << 31, 0, 1u << 31, 0,
                            1u << 31, 0, 1u << 31, 0, 1u << 31, 0, 1u << 31, 0};
  for (size_t h = 0; h < heads; h++, x += head_dim, y += head_dim)
    for (size_t i = 0; i < head_dim; i += LANES) {
      lanes value = load_up_to(x + i, head_dim - i), angle = load_up_to(table + i, head_dim - i);
      lanes other = __builtin_shufflevector(value, value, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
      lanes cosine = __builtin_shufflevector(angle, angle, 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14);
      lanes sine = __builtin_shufflevector(angle, angle, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15);
      lanes turned = (lanes)((lanes_bits)(other * sine) ^ minus);
      store_up_to(y + i, fused(value, cosine, turned), head_dim - i);
    }
}

typedef uint16_t lanes_short __attribute__((vector_size(32)));
typedef uint16_t lanes_short_unaligned __attribute__((vector_size(32), aligned(2), may_alias));
typedef _Float16 lanes_half __attribute__((vector_size(32)));

// Sixteen values of 16 bits, the first n of them from x.
INLINE lanes_short load_short(const uint16_t *x, size_t n) {
  if (n >= LANES) return *(const lanes_short_unaligned *)x;
  lanes_short v = {0};
  for (size_t l = 0; l < n; l++) v[l] = x[l];
  return v;
}

static void from_float16(const uint16_t *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i += LANES)
    store_up_to(y + i, __builtin_convertvector((lanes_half)load_short(x + i, count - i), lanes), count - i);
}

static void from_bfloat16(const uint16_t *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    lanes_bits bits = __builtin_convertvector(load_short(x + i, count - i), lanes_bits) << 16;
    store_up_to(y + i, (lanes)bits, count - i);
  }
}

static int all_finite(const float *x, size_t count) {
  lanes_int infinite = {0};
  for (size_t i = 0; i < count; i += LANES) {
    lanes_bits exponent = (lanes_bits)load_up_to(x + i, count - i) & 0x7f800000u;
    infinite |= exponent == 0x7f800000u;
  }
  return __builtin_reduce_or(infinite) == 0;
}
