/* Inner loops for x86 processors with AVX-512. */
#include "nn/kernels.h"

#if defined(__x86_64__)
#define WSF__FUSED
#define WSF__WIDE
#include "nn/kernel_loops.h"

const wsf__kernels wsf__kernels_wide = WSF__KERNEL_LOOPS;
#endif
