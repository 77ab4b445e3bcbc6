/* Measuring, judging and printing (bench.h). */
#include "bench.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <openssl/crypto.h>

/* The goal: an operation may take 3 % or 300 ns longer than libcrypto, whichever is more. */
#define GOAL_RATIO 1.03
#define GOAL_NS 300.0

#define SLICE_NS 5e6
#define THREADS_SLICE_NS 3e6
#define PROFILE_NS 5e8
#define MOST_ROUNDS 400
#define MOST_RESULTS 400

enum verdict { VERDICT_OK, VERDICT_OVER, VERDICT_NONE, VERDICT_FAILED };
static const char *const verdict_names[] = {"ok", "OVER", "-", "FAILED"};

struct result {
    char name[96];
    double ours_ns, reference_ns;
    double ratio;
    double error; /* two standard errors of the ratio */
    double ours_scaling,
        reference_scaling; /* throughput of two threads over that of one; 0: not measured */
    enum verdict verdict;
};

struct bench {
    struct bench_options options;
    const char *group;
    struct result results[MOST_RESULTS];
    size_t count;
};

/* A side with the number of runs that fill a slice. */
struct side {
    const struct bench_op *op; /* for two threads: the first of two */
    size_t runs;
};

/* ---- time ------------------------------------------------------------------------------------------------------ */

static double now_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static bool run_many(const struct bench_op *op, size_t runs)
{
    for (size_t i = 0; i < runs; i++) {
        if (!op->run(op->arg))
            return false;
    }
    return true;
}

struct worker {
    const struct bench_op *op;
    size_t runs;
    pthread_barrier_t *start;
    bool ok;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    w->ok = run_many(w->op, 1); /* what a thread does once is not part of the operation */
    pthread_barrier_wait(w->start);
    w->ok = w->ok && run_many(w->op, w->runs);
    return NULL;
}

/* Nanoseconds for each operation when one more thread works beside the calling one; negative: failed. */
static double slice_threads(const struct bench_op *ops, size_t runs)
{
    pthread_barrier_t start;
    pthread_t thread;
    pthread_barrier_init(&start, NULL, BENCH_THREADS);
    struct worker other = {&ops[1], runs, &start, false};
    if (pthread_create(&thread, NULL, work, &other) != 0)
        return -1;
    bool ok = run_many(&ops[0], 1);
    pthread_barrier_wait(&start);
    double before = now_ns(CLOCK_MONOTONIC);
    ok = run_many(&ops[0], runs) && ok;
    pthread_join(thread, NULL);
    double spent = now_ns(CLOCK_MONOTONIC) - before;
    pthread_barrier_destroy(&start);
    return ok && other.ok ? spent / (double)(BENCH_THREADS * runs) : -1;
}

/* The same for the calling thread alone, by one clock or the other. */
static double slice_clock(const struct bench_op *op, size_t runs, clockid_t clock)
{
    double before = now_ns(clock);
    bool ok = run_many(op, runs);
    double spent = now_ns(clock) - before;
    return ok ? spent / (double)runs : -1;
}

static double slice(const struct side *s)
{
    return slice_clock(s->op, s->runs, CLOCK_PROCESS_CPUTIME_ID);
}

/* Finds the number of runs that take so long. The runs done on the way warm up caches and keys. */
static bool calibrate(struct side *s, double slice_ns)
{
    for (s->runs = 1;; s->runs *= 2) {
        double each = slice(s);
        bool ok = each >= 0;
        if (!ok || each * (double)s->runs >= slice_ns / 2) {
            if (ok && each * (double)s->runs < slice_ns)
                s->runs = (size_t)(slice_ns / each) + 1;
            return ok;
        }
    }
}

/* ---- statistics ------------------------------------------------------------------------------------------------ */

struct samples {
    double at[MOST_ROUNDS];
    size_t n;
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const struct samples *s)
{
    struct samples sorted = *s;
    qsort(sorted.at, sorted.n, sizeof sorted.at[0], by_size);
    return (sorted.at[(sorted.n - 1) / 2] + sorted.at[sorted.n / 2]) / 2;
}

static double mean(const struct samples *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += s->at[i];
    return sum / (double)s->n;
}

/* The standard error of a mean, relative to it. */
static double mean_error(const struct samples *s)
{
    double m = mean(s);
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += (s->at[i] - m) * (s->at[i] - m);
    return s->n < 2 ? 1 : sqrt(sum / (double)(s->n - 1) / (double)s->n) / m;
}

/* The standard error of a median, from the median distance to it. */
static double median_error(const struct samples *s)
{
    double m = median(s);
    struct samples distances = {.n = s->n};
    for (size_t i = 0; i < s->n; i++)
        distances.at[i] = fabs(s->at[i] - m);
    return 1.2533 * 1.4826 * median(&distances) / sqrt((double)s->n);
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

struct rounds {
    struct samples ours, reference, ratio;
};

/* One slice of each side; in every second round the reference is first. */
static bool take_round(const struct side *ours, const struct side *reference, struct rounds *r)
{
    size_t i = r->ours.n;
    if (i % 2 == 1)
        r->reference.at[i] = slice(reference);
    r->ours.at[i] = slice(ours);
    if (i % 2 == 0)
        r->reference.at[i] = slice(reference);
    r->ratio.at[i] = r->ours.at[i] / r->reference.at[i];
    r->ours.n = r->reference.n = r->ratio.n = i + 1;
    return r->ours.at[i] >= 0 && r->reference.at[i] >= 0;
}

static enum verdict judge(double ratio, double reference_ns)
{
    return ratio <= GOAL_RATIO || (ratio - 1) * reference_ns <= GOAL_NS ? VERDICT_OK : VERDICT_OVER;
}

static bool measure_steady(struct side *ours, struct side *reference, size_t count,
                           struct result *out)
{
    static struct rounds r;
    r.ours.n = 0;
    while (r.ours.n < count) {
        if (!take_round(ours, reference, &r))
            return false;
    }
    out->ours_ns = median(&r.ours);
    out->reference_ns = median(&r.reference);
    out->ratio = median(&r.ratio);
    out->error = 2 * median_error(&r.ratio);
    out->verdict = judge(out->ratio, out->reference_ns);
    return true;
}

/* Over the goal is what is over it by more than chance explains. */
static void conclude_means(const struct rounds *r, struct result *out)
{
    out->ours_ns = mean(&r->ours);
    out->reference_ns = mean(&r->reference);
    out->ratio = out->ours_ns / out->reference_ns;
    out->error = 2 * out->ratio * hypot(mean_error(&r->ours), mean_error(&r->reference));
    out->verdict = judge(out->ratio - out->error, out->reference_ns);
}

static bool measure_random(struct side *ours, struct side *reference, double seconds,
                           struct result *out)
{
    static struct rounds r;
    r.ours.n = 0;
    double before = now_ns(CLOCK_PROCESS_CPUTIME_ID);
    while (r.ours.n < MOST_ROUNDS &&
           (r.ours.n < 6 || now_ns(CLOCK_PROCESS_CPUTIME_ID) - before < seconds * 1e9)) {
        if (!take_round(ours, reference, &r))
            return false;
    }
    conclude_means(&r, out);
    return true;
}

static bool measure_once(struct side *ours, struct side *reference, size_t count,
                         struct result *out)
{
    static struct rounds r;
    r.ours.n = 0;
    while (r.ours.n < count) {
        if (!take_round(ours, reference, &r))
            return false;
    }
    conclude_means(&r, out);
    return true;
}

static void print_time(double ns)
{
    if (ns < 1e3)
        printf(" %7.0f ns", ns);
    else if (ns < 1e6)
        printf(" %7.2f us", ns / 1e3);
    else
        printf(" %7.2f ms", ns / 1e6);
}

static void print_head(void)
{
    printf("%-46s %10s %10s %7s %7s %11s  %s\n", "operation", "ours", "libcrypto", "ratio", "+-",
           "difference", "verdict");
}

static void print_row(const struct result *r)
{
    printf("%-46s", r->name);
    if (r->verdict == VERDICT_FAILED) {
        printf(" %s\n", verdict_names[r->verdict]);
        return;
    }
    print_time(r->ours_ns);
    print_time(r->reference_ns);
    double difference = (r->ratio - 1) * r->reference_ns;
    printf(" %7.3f %7.3f %c", r->ratio, r->error, difference < 0 ? '-' : '+');
    print_time(fabs(difference));
    printf("  %s", verdict_names[r->verdict]);
    if (r->ours_scaling > 0)
        printf("  (2 threads do x%.2f of one; libcrypto x%.2f)", r->ours_scaling,
               r->reference_scaling);
    printf("\n");
    fflush(stdout);
}

static bool name_wanted(const struct bench *b, const char *name)
{
    const char *filter = b->options.filter;
    return filter == NULL || strcasestr(name, filter) != NULL;
}

/* Runs one side for a while, for a profiler. */
static void profile_op(const char *name, const struct bench_op *op)
{
    struct side side = {op, 0};
    double before = now_ns(CLOCK_PROCESS_CPUTIME_ID);
    size_t runs = 0;
    while (calibrate(&side, PROFILE_NS / 20) &&
           now_ns(CLOCK_PROCESS_CPUTIME_ID) - before < PROFILE_NS)
        runs += side.runs;
    printf("%s: %zu runs or more\n", name, runs);
}

/* The next place for a result; NULL when there is nothing to measure. */
static struct result *result_begin(struct bench *b, const char *name, const struct bench_op *ours,
                                   const struct bench_op *reference)
{
    struct result *r = &b->results[b->count];
    *r = (struct result){.verdict = VERDICT_FAILED};
    snprintf(r->name, sizeof r->name, "%s %s", b->group, name);
    if (!name_wanted(b, r->name) || b->count + 1 == MOST_RESULTS)
        return NULL;
    if (b->options.profile != NULL) {
        profile_op(r->name, strcmp(b->options.profile, "ours") == 0 ? ours : reference);
        return NULL;
    }
    b->count++;
    if (!b->options.once)
        return r;
    bool ok = run_many(ours, 1);
    if (run_many(reference, 1) && ok)
        r->verdict = VERDICT_OK;
    else
        printf("%s: failed\n", r->name);
    return NULL;
}

static void result_end(const struct bench *b, const struct result *r)
{
    if (!b->options.json)
        print_row(r);
}

void bench_row(struct bench *b, const char *name, struct bench_op ours, struct bench_op reference)
{
    struct result *r = result_begin(b, name, &ours, &reference);
    if (r == NULL)
        return;
    struct side s = {&ours, 0};
    struct side t = {&reference, 0};
    size_t count = b->options.quick ? 11 : 41;
    bool ok =
        calibrate(&s, SLICE_NS) && calibrate(&t, SLICE_NS) && measure_steady(&s, &t, count, r);
    if (ok && r->verdict == VERDICT_OVER)
        ok = measure_steady(&s, &t, 3 * count, r); /* believed only when it repeats */
    if (!ok)
        r->verdict = VERDICT_FAILED;
    result_end(b, r);
}

void bench_random_row(struct bench *b, const char *name, struct bench_op ours,
                      struct bench_op reference)
{
    struct result *r = result_begin(b, name, &ours, &reference);
    if (r == NULL)
        return;
    struct side s = {&ours, 0};
    struct side t = {&reference, 0};
    double seconds = b->options.quick ? 1 : 4;
    double slice_ns = seconds * 1e9 / MOST_ROUNDS;
    bool ok =
        calibrate(&s, slice_ns) && calibrate(&t, slice_ns) && measure_random(&s, &t, seconds, r);
    if (ok && r->verdict == VERDICT_OVER)
        ok = measure_random(&s, &t, 3 * seconds, r);
    if (!ok)
        r->verdict = VERDICT_FAILED;
    result_end(b, r);
}

void bench_once_row(struct bench *b, const char *name, size_t count, struct bench_op ours,
                    struct bench_op reference)
{
    struct result *r = result_begin(b, name, &ours, &reference);
    if (r == NULL)
        return;
    struct side s = {&ours, 1};
    struct side t = {&reference, 1};
    if (!measure_once(&s, &t, count, r))
        r->verdict = VERDICT_FAILED;
    result_end(b, r);
}

void bench_note_row(struct bench *b, const char *name, struct bench_op ours,
                    struct bench_op reference)
{
    struct result *r = result_begin(b, name, &ours, &reference);
    if (r == NULL)
        return;
    struct side s = {&ours, 0};
    struct side t = {&reference, 0};
    if (calibrate(&s, SLICE_NS) && calibrate(&t, SLICE_NS) &&
        measure_steady(&s, &t, b->options.quick ? 11 : 41, r))
        r->verdict = VERDICT_NONE;
    result_end(b, r);
}

/* ---- two threads ----------------------------------------------------------------------------- */

/* What a machine does that other programs leave alone for a moment: threads are compared by the clock on the wall,
 * so that waiting for each other counts, and the best slices are those without other programs. */
static double nearly_least(const struct samples *s, size_t parts)
{
    struct samples sorted = *s;
    qsort(sorted.at, sorted.n, sizeof sorted.at[0], by_size);
    return sorted.at[sorted.n / parts];
}

struct threads_rounds {
    struct samples one, two;
};

static bool take_threads_round(const struct side *s, struct threads_rounds *r)
{
    size_t i = r->one.n;
    r->one.at[i] = slice_clock(s->op, s->runs, CLOCK_MONOTONIC);
    r->two.at[i] = slice_threads(s->op, s->runs);
    r->one.n = r->two.n = i + 1;
    return r->one.at[i] >= 0 && r->two.at[i] >= 0;
}

static bool measure_threads(const struct side *ours, const struct side *reference, size_t count,
                            struct result *out)
{
    static struct threads_rounds s, t;
    s.one.n = t.one.n = 0;
    while (s.one.n < count) {
        if (!take_threads_round(ours, &s) || !take_threads_round(reference, &t))
            return false;
    }
    out->ours_ns = nearly_least(&s.two, 20);
    out->reference_ns = nearly_least(&t.two, 20);
    out->ratio = out->ours_ns / out->reference_ns;
    out->error = fabs(nearly_least(&s.two, 8) / out->ours_ns - 1) +
                 fabs(nearly_least(&t.two, 8) / out->reference_ns - 1);
    out->verdict = judge(out->ratio, out->reference_ns);
    out->ours_scaling = nearly_least(&s.one, 20) / out->ours_ns;
    out->reference_scaling = nearly_least(&t.one, 20) / out->reference_ns;
    return true;
}

void bench_threads_row(struct bench *b, const char *name, const struct bench_op *ours,
                       const struct bench_op *reference)
{
    struct result *r = result_begin(b, name, ours, reference);
    if (r == NULL)
        return;
    struct side s = {ours, 0};
    struct side t = {reference, 0};
    size_t count = b->options.quick ? 60 : 130;
    bool ok = calibrate(&s, THREADS_SLICE_NS) && calibrate(&t, THREADS_SLICE_NS) &&
              measure_threads(&s, &t, count, r);
    if (ok && r->verdict == VERDICT_OVER)
        ok = measure_threads(&s, &t, 3 * count, r);
    if (!ok)
        r->verdict = VERDICT_FAILED;
    result_end(b, r);
}

/* ---- the run as a whole ---------------------------------------------------------------------------------------- */

struct bench *bench_new(const struct bench_options *options)
{
    struct bench *b = calloc(1, sizeof *b);
    if (b == NULL)
        return NULL;
    b->options = *options;
    b->group = "";
    if (!b->options.json && !b->options.once && b->options.profile == NULL)
        print_head();
    return b;
}

void bench_free(struct bench *b)
{
    free(b);
}

bool bench_group(struct bench *b, const char *name)
{
    b->group = name;
    return b->options.group == NULL || strcasecmp(b->options.group, name) == 0;
}

bool bench_wants(const struct bench *b, const char *name)
{
    struct result r;
    snprintf(r.name, sizeof r.name, "%s %s", b->group, name);
    return name_wanted(b, r.name);
}

void bench_skip(struct bench *b, const char *why)
{
    if (!b->options.json && name_wanted(b, b->group))
        printf("%-46s skipped: %s\n", b->group, why);
}

void bench_lost(struct bench *b, const char *what)
{
    struct result *r = &b->results[b->count];
    if (b->options.profile != NULL || b->count + 1 == MOST_RESULTS)
        return;
    *r = (struct result){.verdict = VERDICT_FAILED};
    snprintf(r->name, sizeof r->name, "%s %s", b->group, what);
    b->count++;
    if (!b->options.json)
        print_row(r);
}

static size_t count_verdict(const struct bench *b, enum verdict v)
{
    size_t n = 0;
    for (size_t i = 0; i < b->count; i++)
        n += b->results[i].verdict == v;
    return n;
}

static void print_json(const struct bench *b, size_t within, size_t judged)
{
    printf(
        "{\n  \"libcrypto\": \"%s\",\n  \"within_goal\": %zu,\n  \"judged\": %zu,\n  \"rows\": [",
        OpenSSL_version(OPENSSL_VERSION), within, judged);
    for (size_t i = 0; i < b->count; i++) {
        const struct result *r = &b->results[i];
        printf("%s\n    {\"operation\": \"%s\", \"verdict\": \"%s\"", i == 0 ? "" : ",", r->name,
               verdict_names[r->verdict]);
        if (r->verdict != VERDICT_FAILED)
            printf(", \"ours_ns\": %.1f, \"libcrypto_ns\": %.1f, \"ratio\": %.4f, \"error\": %.4f",
                   r->ours_ns, r->reference_ns, r->ratio, r->error);
        if (r->ours_scaling > 0)
            printf(", \"ours_scaling\": %.3f, \"libcrypto_scaling\": %.3f", r->ours_scaling,
                   r->reference_scaling);
        printf("}");
    }
    printf("\n  ]\n}\n");
}

bool bench_finish(struct bench *b, const char *legend)
{
    size_t failed = count_verdict(b, VERDICT_FAILED);
    if (b->options.profile != NULL)
        return true;
    size_t within = count_verdict(b, VERDICT_OK);
    size_t judged = within + count_verdict(b, VERDICT_OVER) + failed;
    if (b->options.once) {
        printf("%zu rows run, %zu failed\n", b->count, failed);
        return failed == 0;
    }
    if (b->options.json) {
        print_json(b, within, judged);
        return failed == 0;
    }
    printf("\n%s\n%s\n", legend, OpenSSL_version(OPENSSL_VERSION));
    printf("%zu of %zu rows within the goal (3 %% or 300 ns, whichever is more)", within, judged);
    if (failed > 0)
        printf("; %zu failed", failed);
    printf("\n");
    return failed == 0;
}
