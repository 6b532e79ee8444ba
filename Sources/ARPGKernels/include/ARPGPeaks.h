// What a processor does at most, to hold other kernels against: how fast it reads memory, and how fast it multiplies and adds.
// Every SIMD level gives the same bits.
#ifndef ARPG_PEAKS_H
#define ARPG_PEAKS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// The multiplications and additions of a round of multiply_add.
enum { ARPG_PEAK_OPERATIONS = 2 * 12 * 16 };

typedef struct arpg_peaks {
  // The sum of count floats, in 64 lanes.
  float (*sum)(const float *x, size_t count);
  // Rounds of fused multiply-adds in chains that do not wait for each other, and the sum of what they end with: a number
  // between 0 and 192.
  float (*multiply_add)(size_t rounds);
} arpg_peaks;

#ifdef __cplusplus
}
#endif
#endif
