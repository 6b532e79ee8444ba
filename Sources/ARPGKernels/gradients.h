// The kernels of training: gradients that go through rows value by value, and dropout.

static void silu_multiply_gradient(const float *a, const float *b, const float *dy, float *da, float *db,
                                   size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    size_t n = count - i;
    lanes x = load_up_to(a + i, n), slope = load_up_to(dy + i, n);
    lanes sigmoid = 1.0f / (1.0f + exponential(-x));
    lanes value = x * sigmoid;
    store_up_to(da + i, slope * load_up_to(b + i, n) * fused(value, 1.0f - sigmoid, sigmoid), n);
    store_up_to(db + i, slope * value, n);
  }
}

static void gelu_gradient(const float *x, const float *dy, float *dx, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    lanes value = load_up_to(x + i, count - i), density = exponential(-0.5f * value * value);
    lanes slope = fused(value * 0.39894228f, density, normal_below(value, density));
    store_up_to(dx + i, load_up_to(dy + i, count - i) * slope, count - i);
  }
}

static void gelu_tanh_gradient(const float *x, const float *dy, float *dx, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    lanes value = load_up_to(x + i, count - i), square = value * value;
    lanes u = 0.7978845608028654f * fused(0.044715f * square, value, value);
    lanes sigmoid = 1.0f / (1.0f + exponential(-2.0f * u));
    lanes slope = 1.5957691216057308f * fused(all(0.134145f), square, all(1));
    slope = fused(value * sigmoid * (1.0f - sigmoid), slope, sigmoid);
    store_up_to(dx + i, load_up_to(dy + i, count - i) * slope, count - i);
  }
}

static void rms_norm_gradient(const float *x, const float *gain, float eps, const float *dy, float *dx, float *dgain,
                              size_t rows, size_t dim) {
  for (size_t r = 0; r < rows; r++, x += dim, dy += dim, dx += dim) {
    lanes sums = all(0);
    for (size_t i = 0; i < dim; i += LANES) {
      size_t n = dim - i;
      lanes next = fused(load_up_to(x + i, n), load_up_to(dy + i, n) * load_up_to(gain + i, n), sums);
      sums = n >= LANES ? next : choose_first(n, next, sums);
    }
    float scale = 1.0f / sqrtf(dot(x, x, dim) / (float)dim + eps);
    float pull = fold(sums) * scale * scale * scale / (float)dim;
    for (size_t i = 0; i < dim; i += LANES) {
      size_t n = dim - i;
      lanes value = load_up_to(x + i, n), slope = load_up_to(dy + i, n);
      store_up_to(dx + i, fused(slope * load_up_to(gain + i, n), all(scale), -(value * pull)), n);
      store_up_to(dgain + i, fused(slope * value, all(scale), load_up_to(dgain + i, n)), n);
    }
  }
}

static void group_norm_gradient(const float *x, const float *gain, const float *bias, float eps, int silu,
                                const float *dy, float *dx, float *dgain, float *dbias, size_t channels,
                                size_t pixels) {
  float center, scale;
  double level = 0, projection = 0;
  group_moments(x, channels * pixels, eps, &center, &scale);
  for (size_t c = 0; c < channels; c++) {
    lanes gains = all(0), biases = all(0);
    for (size_t i = 0; i < pixels; i += LANES) {
      size_t n = pixels - i, at = c * pixels + i;
      lanes value = (load_up_to(x + at, n) - center) * scale, slope = load_up_to(dy + at, n);
      if (silu) {
        lanes y = fused(value, all(gain[c]), all(bias[c])), sigmoid = 1.0f / (1.0f + exponential(-y));
        slope = slope * sigmoid * fused(y, 1.0f - sigmoid, all(1));
      }
      store_up_to(dx + at, slope, n);
      lanes product = fused(slope, value, gains), sum = biases + slope;
      gains = n >= LANES ? product : choose_first(n, product, gains);
      biases = n >= LANES ? sum : choose_first(n, sum, biases);
    }
    dgain[c] = fold(gains);
    dbias[c] = fold(biases);
    level = level + (double)dbias[c] * (double)gain[c];
    projection = projection + (double)dgain[c] * (double)gain[c];
  }
  double n = (double)(channels * pixels);
  float shift = (float)(level / n), pull = (float)(projection / n);
  for (size_t c = 0; c < channels; c++)
    for (size_t i = 0; i < pixels; i += LANES) {
      size_t left = pixels - i, at = c * pixels + i;
      lanes value = (load_up_to(x + at, left) - center) * scale;
      lanes slope = fused(load_up_to(dx + at, left), all(gain[c]), all(-shift));
      store_up_to(dx + at, scale * fused(value, all(-pull), slope), left);
    }
}

static void softmax_gradient(const float *p, float *dp, size_t ld, float scale, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, p += ld, dp += ld) {
    float mean = dot(p, dp, columns);
    for (size_t i = 0; i < columns; i += LANES) {
      size_t n = columns - i;
      store_up_to(dp + i, load_up_to(p + i, n) * (load_up_to(dp + i, n) - mean) * scale, n);
    }
  }
}

typedef uint64_t lanes_long __attribute__((vector_size(128)));

INLINE lanes_bits high_half(lanes_bits x, uint32_t factor) {
  return __builtin_convertvector((__builtin_convertvector(x, lanes_long) * factor) >> 32, lanes_bits);
}

static void dropout(const float *x, const uint32_t *key, const uint32_t *counter, uint32_t threshold, float scale,
                    float *y, size_t count) {
  const lanes_bits index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, zero = {0};
  for (size_t group = 0; group * 8 * LANES < count; group++) {
    lanes_bits word[4] = {index + (counter[0] + LANES * (uint32_t)group), zero + counter[1], zero + counter[2],
                          zero + counter[3]};
    uint32_t first = key[0], second = key[1];
    UNROLL for (int round = 0; round < 10; round++, first += 0x9e3779b9u, second += 0xbb67ae85u) {
      lanes_bits a = high_half(word[0], 0xd2511f53u), b = high_half(word[2], 0xcd9e8d57u);
      lanes_bits c = word[2] * 0xcd9e8d57u, d = word[0] * 0xd2511f53u;
      word[0] = b ^ word[1] ^ first;
      word[2] = a ^ word[3] ^ second;
      word[1] = c;
      word[3] = d;
    }
    UNROLL for (int part = 0; part < 8; part++) {
      size_t i = (group * 8 + (size_t)part) * LANES;
      if (i >= count) return;
      lanes_bits bits = part % 2 ? word[part / 2] >> 16 : word[part / 2] & 0xffffu;
      lanes kept = choose((lanes_int)(bits < threshold), all(0), load_up_to(x + i, count - i) * scale);
      store_up_to(y + i, kept, count - i);
    }
  }
}
