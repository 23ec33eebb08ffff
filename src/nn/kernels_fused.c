/* Inner loops for x86 processors with AVX2 and FMA. */
#include "nn/kernels.h"

#if defined(__x86_64__)
#define WSF__FUSED
#include "nn/kernel_loops.h"

const wsf__kernels wsf__kernels_fused = WSF__KERNEL_LOOPS;
#endif
