// Sixteen floats as one value, and what can be done with them. A level includes this after it has named its target.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "exponential.h"

// Everything that takes or gives lanes is inlined, so that how they would be passed does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

enum { LANES = 16 };

typedef float lanes __attribute__((vector_size(64)));
typedef int32_t lanes_int __attribute__((vector_size(64)));
typedef uint32_t lanes_bits __attribute__((vector_size(64)));
typedef double lanes_double __attribute__((vector_size(128)));
typedef int64_t lanes_wide __attribute__((vector_size(128)));
typedef float lanes_unaligned __attribute__((vector_size(64), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE lanes load(const float *p) { return *(const lanes_unaligned *)p; }
INLINE void store(float *p, lanes v) { *(lanes_unaligned *)p = v; }

INLINE lanes all(float value) { return value - (lanes){0}; }
INLINE lanes fused(lanes a, lanes b, lanes c) { return __builtin_elementwise_fma(a, b, c); }
INLINE lanes choose(lanes_int mask, lanes yes, lanes no) {
  return (lanes)(((lanes_int)yes & mask) | ((lanes_int)no & ~mask));
}
// The first n lanes of yes, the others of no.
INLINE lanes choose_first(size_t n, lanes yes, lanes no) {
  const lanes_int index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return choose(index < (int32_t)n, yes, no);
}

// Halves of the lanes added in the order of the reference: 16 to 8 to 4 to 2 to 1.
INLINE float fold(lanes v) {
  typedef float eight __attribute__((vector_size(32)));
  typedef float four __attribute__((vector_size(16)));
  eight a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
            __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  four b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
  return (b[0] + b[2]) + (b[1] + b[3]);
}

// The steps of that fold for two values at once: each keeps the sums of a beside the sums of b.
INLINE lanes fold_16_to_8(lanes a, lanes b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
         __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}
INLINE lanes fold_8_to_4(lanes a, lanes b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
         __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}
INLINE lanes fold_4_to_2(lanes a, lanes b) {
  return __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
         __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
}
INLINE lanes fold_2_to_1(lanes a, lanes b) {
  return __builtin_shufflevector(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30) +
         __builtin_shufflevector(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31);
}

// Folds count values, at most sixteen; value 4g + i ends in lane 4i + g.
INLINE lanes fold_many(const lanes *v, int count) {
  lanes four[4] = {{0}};
  UNROLL for (int g = 0; g < 4; g++) {
    if (4 * g >= count) continue;
    lanes zero = {0};
    lanes b = 4 * g + 1 < count ? v[4 * g + 1] : zero;
    lanes c = 4 * g + 2 < count ? v[4 * g + 2] : zero;
    lanes d = 4 * g + 3 < count ? v[4 * g + 3] : zero;
    four[g] = fold_8_to_4(fold_16_to_8(v[4 * g], b), fold_16_to_8(c, d));
  }
  return fold_2_to_1(fold_4_to_2(four[0], four[1]), fold_4_to_2(four[2], four[3]));
}

// The reference's exponential, lane by lane.
INLINE lanes exponential(lanes x) {
  lanes_int above = x > -87.3f;
  lanes y = choose(above, x, all(0));
  y = choose(y > 88.0f, all(88), y);
  lanes n = __builtin_elementwise_rint(y * 1.44269504088896341f);
  lanes r = fused(n, all(-0.693145751953125f), y);
  r = fused(n, all(-1.428606765330187045e-06f), r);
  lanes p = all(0.001381454f);
  p = fused(p, r, all(0.008368745f));
  p = fused(p, r, all(0.04166839f));
  p = fused(p, r, all(0.16666521f));
  p = fused(p, r, all(0.49999994f));
  p = fused(p, r, all(1));
  p = fused(p, r, all(1));
  lanes power = (lanes)((__builtin_convertvector(n, lanes_int) + 127) << 23);
  return choose(above, p * power, choose(x != x, x, all(0)));
}

// The reference's exponential of what is not above 0, in double precision, lane by lane.
INLINE lanes_double exponential_double(lanes_double x) {
  const lanes_double zero = {0}, big = zero + 0x1.8p52;
  lanes_wide above = x > -708.0;
  lanes_double y = (lanes_double)((lanes_wide)x & above);
  lanes_double shifted = __builtin_elementwise_fma(y, zero + 1.4426950408889634, big), n = shifted - big;
  lanes_double r = __builtin_elementwise_fma(n, zero - 6.93147180369123816490e-01, y);
  r = __builtin_elementwise_fma(n, zero - 1.90821492927058770002e-10, r);
  lanes_double p = zero + EXPONENTIAL_TERMS[0];
  UNROLL for (int i = 1; i < EXPONENTIAL_DEGREE + 1; i++) p = __builtin_elementwise_fma(p, r, zero + EXPONENTIAL_TERMS[i]);
  lanes_double power = (lanes_double)(((lanes_wide)shifted + 1023) << 52);
  return (lanes_double)((lanes_wide)(p * power) & above);
}

INLINE lanes silu_of(lanes x) { return x / (1.0f + exponential(-x)); }
INLINE lanes gelu_of(lanes x) {
  lanes u = 0.7978845608028654f * fused(0.044715f * x * x, x, x);
  return x / (1.0f + exponential(-2.0f * u));
}

// The reference's tail of the normal distribution, lane by lane, and the share of it below x.
INLINE lanes normal_tail(lanes x, lanes exponential) {
  lanes t = 1.0f / fused(all(0.3275911f * 0.70710678f), __builtin_elementwise_abs(x), all(1));
  lanes p = fused(all(1.061405429f), t, all(-1.453152027f));
  p = fused(p, t, all(1.421413741f));
  p = fused(p, t, all(-0.284496736f));
  p = fused(p, t, all(0.254829592f));
  return 0.5f * p * t * exponential;
}
INLINE lanes normal_below(lanes x, lanes exponential) {
  lanes tail = normal_tail(x, exponential);
  return choose(x < 0.0f, tail, 1.0f - tail);
}
