/*
 * The harness: runs the library and a reference in turns, and says by how much they differ.
 *
 * A row is one operation with two sides, ours through bcrypt.h and the reference on libcrypto (in the suite `store`: ours
 * through ncrypt.h and the reference through bcrypt.h); each side is a function and its argument, and does the operation
 * once. Both sides are calibrated to slices of a millisecond; then they take turns, and what counts is the median of the
 * ratios of neighbouring slices: a machine that slows down slows both. Time is the process's own, so that other programs
 * count only through caches and clock rates.
 *
 * Some operations take a random time (prime search, rejection sampling). Their rows compare means over seconds of work
 * and say how sure the ratio is.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

struct bench_op {
    bool (*run)(void *arg); /* false: it failed, and said so on stderr */
    void *arg;
};

struct bench_options {
    const char *group;   /* only this key or family, and nothing is set up for others; NULL: all */
    const char *filter;  /* only rows whose group and name contain it; NULL: all */
    const char *profile; /* "ours" or "libcrypto": run that side for a while, measure nothing */
    bool counted;        /* profile: `count` times, not for a while */
    size_t count;
    bool json;
    bool quick;
    bool large; /* sizes that take minutes to set up */
    bool once;  /* run each side once, measure nothing: a test of the benchmark */
};

struct bench;

/* `reference`: the name of the other side, a word. */
struct bench *bench_new(const struct bench_options *options, const char *reference);
void bench_free(struct bench *b);

/* The key or family that the next rows are about. False: nobody wants them. */
bool bench_group(struct bench *b, const char *name);

/* Whether the row is asked for; for rows whose set-up takes long. */
bool bench_wants(const struct bench *b, const char *name);

/* What an operation may take longer than libcrypto: the ratio or the difference, whichever is more. With a ratio below 1
 * and no difference, it has to be so much quicker. */
struct bench_goal {
    double ratio;
    double ns;
};

#define BENCH_GOAL ((struct bench_goal){1.03, 300})

/* The goal of the rows that follow; at first BENCH_GOAL. */
void bench_goal(struct bench *b, struct bench_goal goal);

/* Measures and prints a row. */
void bench_row(struct bench *b, const char *name, struct bench_op ours, struct bench_op reference);

/* The same, and how ours compares with a third side: libcrypto as a program calls it that takes the
 * examples of its manual. */
void bench_naive_row(struct bench *b, const char *name, struct bench_op ours,
                     struct bench_op reference, struct bench_op naive);

/* The same where the time of one run is random. */
void bench_random_row(struct bench *b, const char *name, struct bench_op ours,
                      struct bench_op reference);

/* The same by the clock on the wall, for operations that start threads; not judged unless two processors were idle. */
void bench_random_wall_row(struct bench *b, const char *name, struct bench_op ours,
                           struct bench_op reference);

/* For operations that are what they are only so many times: each side runs `count` times, without warming up. */
void bench_once_row(struct bench *b, const char *name, size_t count, struct bench_op ours,
                    struct bench_op reference);

/* For operations that wait for a disk: by the clock on the wall, each side `count` times, medians. Not judged: disks
 * differ. */
void bench_wall_row(struct bench *b, const char *name, size_t count, struct bench_op ours,
                    struct bench_op reference);

/* Shown but not judged: the reference does less than the API promises. */
void bench_note_row(struct bench *b, const char *name, struct bench_op ours,
                    struct bench_op reference);

/* Two threads at once, one operation for each; judged by their common throughput. */
#define BENCH_THREADS 2
void bench_threads_row(struct bench *b, const char *name, const struct bench_op *ours,
                       const struct bench_op *reference);

/* The same, judged by the throughput of two threads over that of one, which has to be so high. */
void bench_scaling_row(struct bench *b, const char *name, const struct bench_op *ours,
                       const struct bench_op *reference, double least);

/* What an operation adds to the memory that the process has resident, at most; it may be so much. */
struct bench_memory {
    bool (*run)(void *arg, double *grown_kib);
    void *arg;
    double goal_kib;
};
void bench_memory_row(struct bench *b, const char *name, struct bench_memory what);

/* Counts rows that could not be set up as one that failed. */
void bench_lost(struct bench *b, const char *what);

/* Says why rows are missing rightly. */
void bench_skip(struct bench *b, const char *why);

/* Prints the summary, or the JSON. False: a row failed. */
bool bench_finish(struct bench *b, const char *legend);

#endif
