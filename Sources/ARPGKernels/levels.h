// The tables of kernels, one for each level that is compiled in.
#ifndef ARPG_LEVELS_H
#define ARPG_LEVELS_H

#include "ARPGKernels.h"

extern const arpg_kernels arpg_scalar_kernels;

#endif
