// One text for every level: the compiler vectorises the loops for what each wrapper may use.
#include "ARPGKernels.h"

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

INLINE void weights(const float *restrict w, float *restrict u, size_t step, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float *g = w + 9 * i;
    float r[4][3];
    for (int j = 0; j < 3; j++) {
      float outer = g[j] + g[6 + j];
      r[0][j] = g[j];
      r[1][j] = 0.5f * (outer + g[3 + j]);
      r[2][j] = 0.5f * (outer - g[3 + j]);
      r[3][j] = g[6 + j];
    }
    for (int k = 0; k < 4; k++) {
      float outer = r[k][0] + r[k][2];
      float *row = u + 4 * (size_t)k * step + i;
      row[0] = r[k][0];
      row[step] = 0.5f * (outer + r[k][1]);
      row[2 * step] = 0.5f * (outer - r[k][1]);
      row[3 * step] = r[k][2];
    }
  }
}

INLINE void input(const float *restrict x, size_t ldx, float *restrict v, size_t step, size_t tiles) {
  const float *restrict first[4] = {x, x + ldx, x + ldx, x + ldx};
  const float *restrict second[4] = {x + 2 * ldx, x + 2 * ldx, x + 2 * ldx, x + 3 * ldx};
  const float sign[4] = {-1, 1, -1, -1};
  for (int k = 0; k < 4; k++) {
    // Rows 0 - 2, 1 + 2, 2 - 1 and 1 - 3.
    const float *restrict a = k == 2 ? second[k] : first[k], *restrict b = k == 2 ? first[k] : second[k];
    float *restrict row = v + 4 * (size_t)k * step;
    float s = sign[k];
    for (size_t t = 0; t < tiles; t++) {
      float d0 = a[2 * t] + s * b[2 * t], d1 = a[2 * t + 1] + s * b[2 * t + 1];
      float d2 = a[2 * t + 2] + s * b[2 * t + 2], d3 = a[2 * t + 3] + s * b[2 * t + 3];
      row[t] = d0 - d2;
      row[step + t] = d1 + d2;
      row[2 * step + t] = d2 - d1;
      row[3 * step + t] = d1 - d3;
    }
  }
}

INLINE void output(const float *restrict m, size_t step, float bias, float *restrict y, size_t ldy, size_t tiles) {
  const float *restrict m0 = m, *restrict m1 = m + 4 * step, *restrict m2 = m + 8 * step, *restrict m3 = m + 12 * step;
  float *restrict y0 = y, *restrict y1 = y + ldy;
  for (size_t t = 0; t < tiles; t++) {
    float upper[4], lower[4];
    for (int j = 0; j < 4; j++) {
      size_t i = (size_t)j * step + t;
      upper[j] = m0[i] + m1[i] + m2[i];
      lower[j] = m1[i] - m2[i] - m3[i];
    }
    y0[2 * t] = upper[0] + upper[1] + upper[2] + bias;
    y0[2 * t + 1] = upper[1] - upper[2] - upper[3] + bias;
    y1[2 * t] = lower[0] + lower[1] + lower[2] + bias;
    y1[2 * t + 1] = lower[1] - lower[2] - lower[3] + bias;
  }
}

INLINE void doubled_weights(const float *restrict w, float *restrict u, size_t step, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float *g = w + 9 * i;
    float r[3][3];
    for (int j = 0; j < 3; j++) {
      r[0][j] = g[j];
      r[1][j] = g[j] + g[3 + j] + g[6 + j];
      r[2][j] = g[6 + j];
    }
    for (int k = 0; k < 3; k++) {
      float *row = u + 3 * (size_t)k * step + i;
      row[0] = r[k][0];
      row[step] = r[k][0] + r[k][1] + r[k][2];
      row[2 * step] = r[k][2];
    }
  }
}

INLINE void doubled_input(const float *restrict x, size_t ldx, float *restrict v, size_t step, size_t tiles) {
  for (size_t t = 0; t < tiles; t++) {
    float upper[3], middle[3], lower[3];
    for (size_t j = 0; j < 3; j++) {
      float a = x[t + j], b = x[ldx + t + j], c = x[2 * ldx + t + j];
      upper[j] = a - b;
      middle[j] = b;
      lower[j] = b - c;
    }
    v[t] = upper[0] - upper[1];
    v[step + t] = upper[1];
    v[2 * step + t] = upper[1] - upper[2];
    v[3 * step + t] = middle[0] - middle[1];
    v[4 * step + t] = middle[1];
    v[5 * step + t] = middle[1] - middle[2];
    v[6 * step + t] = lower[0] - lower[1];
    v[7 * step + t] = lower[1];
    v[8 * step + t] = lower[1] - lower[2];
  }
}

INLINE void doubled_output(const float *restrict m, size_t step, float bias, float *restrict y, size_t ldy,
                           size_t tiles) {
  const float *restrict m0 = m, *restrict m1 = m + 3 * step, *restrict m2 = m + 6 * step;
  float *restrict y0 = y, *restrict y1 = y + ldy;
  for (size_t t = 0; t < tiles; t++) {
    float upper[3], lower[3];
    for (int j = 0; j < 3; j++) {
      size_t i = (size_t)j * step + t;
      upper[j] = m0[i] + m1[i];
      lower[j] = m1[i] - m2[i];
    }
    y0[2 * t] = upper[0] + upper[1] + bias;
    y0[2 * t + 1] = upper[1] - upper[2] + bias;
    y1[2 * t] = lower[0] + lower[1] + bias;
    y1[2 * t + 1] = lower[1] - lower[2] + bias;
  }
}

INLINE void output_gradient(const float *restrict y, size_t ldy, float *restrict m, size_t step, size_t tiles) {
  const float *restrict first[4] = {y, y, y, y + ldy};
  const float upper[4] = {1, 1, 1, -1}, lower[4] = {0, 1, -1, 0};
  for (int k = 0; k < 4; k++) {
    float *restrict row = m + 4 * (size_t)k * step;
    const float *restrict a = first[k], *restrict b = y + ldy;
    float u = upper[k], l = lower[k];
    for (size_t t = 0; t < tiles; t++) {
      float left = u * a[2 * t] + l * b[2 * t], right = u * a[2 * t + 1] + l * b[2 * t + 1];
      row[t] = left;
      row[step + t] = left + right;
      row[2 * step + t] = left - right;
      row[3 * step + t] = -right;
    }
  }
}

INLINE void weights_gradient(const float *restrict u, size_t step, float *restrict w, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float r[3][4];
    for (int j = 0; j < 4; j++) {
      const float *column = u + (size_t)j * step + i;
      float sum = column[4 * step] + column[8 * step], difference = column[4 * step] - column[8 * step];
      r[0][j] = column[0] + 0.5f * sum;
      r[1][j] = 0.5f * difference;
      r[2][j] = 0.5f * sum + column[12 * step];
    }
    for (int k = 0; k < 3; k++) {
      float sum = r[k][1] + r[k][2], difference = r[k][1] - r[k][2];
      float *g = w + 9 * i + 3 * (size_t)k;
      g[0] = r[k][0] + 0.5f * sum;
      g[1] = 0.5f * difference;
      g[2] = 0.5f * sum + r[k][3];
    }
  }
}

INLINE void doubled_output_gradient(const float *restrict y, size_t ldy, float *restrict m, size_t step,
                                    size_t tiles) {
  const float *restrict y0 = y, *restrict y1 = y + ldy;
  for (size_t t = 0; t < tiles; t++) {
    float left[3] = {y0[2 * t], y0[2 * t] + y1[2 * t], -y1[2 * t]};
    float right[3] = {y0[2 * t + 1], y0[2 * t + 1] + y1[2 * t + 1], -y1[2 * t + 1]};
    for (size_t k = 0; k < 3; k++) {
      m[3 * k * step + t] = left[k];
      m[(3 * k + 1) * step + t] = left[k] + right[k];
      m[(3 * k + 2) * step + t] = -right[k];
    }
  }
}

INLINE void doubled_weights_gradient(const float *restrict u, size_t step, float *restrict w, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float r[3][3];
    for (int j = 0; j < 3; j++) {
      const float *column = u + (size_t)j * step + i;
      r[0][j] = column[0] + column[3 * step];
      r[1][j] = column[3 * step];
      r[2][j] = column[3 * step] + column[6 * step];
    }
    for (int k = 0; k < 3; k++) {
      float *g = w + 9 * i + 3 * (size_t)k;
      g[0] = r[k][0] + r[k][1];
      g[1] = r[k][1];
      g[2] = r[k][1] + r[k][2];
    }
  }
}

#define WRAP(level, attributes)                                                                                   \
  attributes static void weights_##level(const float *w, float *u, size_t step, size_t count) {                   \
    weights(w, u, step, count);                                                                                   \
  }                                                                                                               \
  attributes static void input_##level(const float *x, size_t ldx, float *v, size_t step, size_t tiles) {         \
    input(x, ldx, v, step, tiles);                                                                                \
  }                                                                                                               \
  attributes static void output_##level(const float *m, size_t step, float bias, float *y, size_t ldy,            \
                                        size_t tiles) {                                                           \
    output(m, step, bias, y, ldy, tiles);                                                                         \
  }                                                                                                               \
  attributes static void doubled_weights_##level(const float *w, float *u, size_t step, size_t count) {           \
    doubled_weights(w, u, step, count);                                                                           \
  }                                                                                                               \
  attributes static void doubled_input_##level(const float *x, size_t ldx, float *v, size_t step, size_t tiles) { \
    doubled_input(x, ldx, v, step, tiles);                                                                        \
  }                                                                                                               \
  attributes static void doubled_output_##level(const float *m, size_t step, float bias, float *y, size_t ldy,    \
                                                size_t tiles) {                                                   \
    doubled_output(m, step, bias, y, ldy, tiles);                                                                 \
  }                                                                                                               \
  attributes static void output_gradient_##level(const float *y, size_t ldy, float *m, size_t step,               \
                                                 size_t tiles) {                                                  \
    output_gradient(y, ldy, m, step, tiles);                                                                      \
  }                                                                                                               \
  attributes static void weights_gradient_##level(const float *u, size_t step, float *w, size_t count) {          \
    weights_gradient(u, step, w, count);                                                                          \
  }                                                                                                               \
  attributes static void doubled_output_gradient_##level(const float *y, size_t ldy, float *m, size_t step,       \
                                                         size_t tiles) {                                          \
    doubled_output_gradient(y, ldy, m, step, tiles);                                                              \
  }                                                                                                               \
  attributes static void doubled_weights_gradient_##level(const float *u, size_t step, float *w, size_t count) {  \
    doubled_weights_gradient(u, step, w, count);                                                                  \
  }                                                                                                               \
  static const arpg_winograd level##_transforms = {                                                               \
      weights_##level,         input_##level,         output_##level,                                             \
      doubled_weights_##level, doubled_input_##level, doubled_output_##level,                                     \
      output_gradient_##level, weights_gradient_##level, doubled_output_gradient_##level,                         \
      doubled_weights_gradient_##level,                                                                           \
  };

WRAP(scalar, )
#ifdef __x86_64__
WRAP(avx2, __attribute__((target("avx2"))))
WRAP(avx512, __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))))
#endif

const arpg_winograd *arpg_winograd_at(arpg_simd_level level) {
  switch (level) {
#ifdef __x86_64__
  case ARPG_SIMD_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
               ? &avx512_transforms
               : 0;
  case ARPG_SIMD_AVX2:
    return __builtin_cpu_supports("avx2") ? &avx2_transforms : 0;
#elif defined(__aarch64__)
  // What is compiled for any processor uses NEON.
  case ARPG_SIMD_NEON:
#endif
  case ARPG_SIMD_SCALAR:
    return &scalar_transforms;
  default:
    return 0;
  }
}

const arpg_winograd *arpg_best_winograd(void) {
  for (int level = ARPG_SIMD_NEON; level > ARPG_SIMD_SCALAR; level--)
    if (arpg_winograd_at((arpg_simd_level)level)) return arpg_winograd_at((arpg_simd_level)level);
  return &scalar_transforms;
}
