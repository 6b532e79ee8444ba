// The kernels in lanes, for the level that includes this: it has named its target and given the sizes of its blocks.
#define X_CACHE (512 * 1024)
#include "rows.h"
#include "linear.h"
#include "attend.h"
#include "gradients.h"
