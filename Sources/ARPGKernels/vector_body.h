// The kernels in lanes, for the level that includes this: it has named its target, given the sizes of its blocks, and load_part and
// store_part, which touch only the first few of the sixteen.
#define X_CACHE (512 * 1024)

// All of n lanes, or the part of them that there is.
INLINE lanes load_up_to(const float *p, size_t n) { return n >= LANES ? load(p) : load_part(p, n); }
INLINE void store_up_to(float *p, lanes v, size_t n) {
  if (n >= LANES) store(p, v);
  else store_part(p, v, n);
}

#include "rows.h"
#include "linear.h"
#include "attend.h"
#include "gradients.h"
