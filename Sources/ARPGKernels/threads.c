// What a thread knows of the loop that it works in.
#include "ARPGKernels.h"

static _Thread_local size_t share;

size_t arpg_thread_share(void) { return share; }
void arpg_set_thread_share(size_t threads) { share = threads; }
