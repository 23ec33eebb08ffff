/* Any bytes as a model file whose model has pools: that of fuzz_model.c, with the toy of tests/toy
 * among the models. */
#include "fuzz_model.c"
