/* The suites of the benchmark program, one function each. */
#ifndef BENCH_SUITES_H
#define BENCH_SUITES_H

#include "bench.h"

bool suite_keypairs(const struct bench_options *options);
bool suite_patterns(const struct bench_options *options);
bool suite_primitives(const struct bench_options *options);
bool suite_store(const struct bench_options *options);

#endif
