/* Time and statistics: what one row measures, before anybody prints it. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "bench.h"

enum verdict { VERDICT_OK, VERDICT_OVER, VERDICT_NONE, VERDICT_FAILED };

struct figures {
    struct bench_goal goal; /* what the row is judged by */
    double least_scaling;   /* the goal of a row of threads that is judged by it; 0: not */
    double ours_ns, reference_ns;
    double ratio;
    double error;       /* two standard errors of the ratio */
    double naive_ratio; /* ours / libcrypto used naively; 0: not measured */
    double ours_scaling,
        reference_scaling;      /* throughput of two threads over that of one; 0: not measured */
    double grown_kib, goal_kib; /* of a row of memory; goal 0: the row is of time */
    enum verdict verdict;
};

/* A side with the number of runs that fill a slice. */
struct side {
    const struct bench_op *op; /* for two threads: the first of two */
    size_t runs;
    double slice_ns; /* how long they took when that was found out */
    bool wall;       /* by the clock on the wall; otherwise the process's own time counts */
};

double cpu_ns(void);

bool run_many(const struct bench_op *op, size_t runs);

/* Finds the number of runs that take so long. The runs done on the way warm up caches and keys. */
bool calibrate(struct side *s, double slice_ns);

/* Each is false when an operation failed. `naive` may be NULL. */
bool measure_steady(struct side *ours, struct side *reference, struct side *naive, size_t count,
                    struct figures *out);
bool measure_random(struct side *ours, struct side *reference, double seconds, struct figures *out);
bool measure_once(struct side *ours, struct side *reference, size_t count, struct figures *out);
bool measure_threads(const struct side *ours, const struct side *reference, size_t count,
                     struct figures *out);

#endif
