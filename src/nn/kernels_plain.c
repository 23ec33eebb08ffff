/* Inner loops for any processor. */
#include "nn/kernel_loops.h"

const wsf__kernels wsf__kernels_plain = WSF__KERNEL_LOOPS;
