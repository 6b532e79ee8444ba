// The tables of kernels, one for each level that is compiled in.
#ifndef ARPG_LEVELS_H
#define ARPG_LEVELS_H

#include "ARPGKernels.h"

// A table of the kernels of the file that names it.
#define ARPG_KERNEL_TABLE                                                                                             \
  {                                                                                                                   \
      linear, multiply, rms_norm, layer_norm, group_norm, silu_multiply, silu, gelu, gelu_tanh, softmax,              \
      add_scaled, rotate, exponentials, attend, remember_halves, attend_halves, from_float16, from_bfloat16, all_finite, silu_multiply_gradient, gelu_gradient,     \
      gelu_tanh_gradient, rms_norm_gradient, group_norm_gradient, softmax_gradient, dropout,                          \
  }

extern const arpg_kernels arpg_scalar_kernels;
#if defined(__x86_64__)
extern const arpg_kernels arpg_avx2_kernels;
extern const arpg_kernels arpg_avx512_kernels;
#elif defined(__aarch64__)
extern const arpg_kernels arpg_neon_kernels;
#endif

#endif
