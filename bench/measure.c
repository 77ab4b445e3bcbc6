/* Measuring and judging (measure.h, bench.h). */
#include "measure.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MOST_ERROR 0.1
#define MOST_ROUNDS 400

/* ---- time ------------------------------------------------------------------------------------------------------ */

static double now_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

double cpu_ns(void)
{
    return now_ns(CLOCK_PROCESS_CPUTIME_ID);
}

bool run_many(const struct bench_op *op, size_t runs)
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
    const cpu_set_t *allowed;
    bool ok;
};

/* Keeps a thread to the nth of the processors that it may use: short slices are over before the system has moved one away. */
static void keep_to(int nth, const cpu_set_t *allowed)
{
    cpu_set_t one;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, allowed) || nth-- > 0)
            continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        pthread_setaffinity_np(pthread_self(), sizeof one, &one);
        return;
    }
}

static void *work(void *arg)
{
    struct worker *w = arg;
    keep_to(1, w->allowed);
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
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return -1;
    struct worker other = {&ops[1], runs, &start, &allowed, false};
    if (pthread_create(&thread, NULL, work, &other) != 0)
        return -1;
    keep_to(0, &allowed);
    bool ok = run_many(&ops[0], 1);
    pthread_barrier_wait(&start);
    double before = now_ns(CLOCK_MONOTONIC);
    ok = run_many(&ops[0], runs) && ok;
    pthread_join(thread, NULL);
    double spent = now_ns(CLOCK_MONOTONIC) - before;
    pthread_barrier_destroy(&start);
    sched_setaffinity(0, sizeof allowed, &allowed);
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
    return slice_clock(s->op, s->runs, s->wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID);
}

bool calibrate(struct side *s, double slice_ns)
{
    s->slice_ns = 0;
    if (!run_many(s->op, 1)) /* what a process does once would pass for a slow operation */
        return false;
    for (s->runs = 1;; s->runs *= 2) {
        double each = slice(s);
        bool ok = each >= 0;
        if (!ok || each * (double)s->runs >= slice_ns / 2) {
            if (ok && each * (double)s->runs < slice_ns)
                s->runs = (size_t)(slice_ns / each) + 1;
            s->slice_ns = ok ? each * (double)s->runs : 0;
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

/* ---- rounds ---------------------------------------------------------------------------------------------------- */

struct rounds {
    struct samples ours, reference, ratio, naive_ratio;
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

/* The naive way is only looked at: every fourth round is enough. */
static bool take_naive(const struct side *naive, struct rounds *r)
{
    if (naive == NULL || r->ours.n % 4 != 1)
        return true;
    double ns = slice(naive);
    r->naive_ratio.at[r->naive_ratio.n++] = r->ours.at[r->ours.n - 1] / ns;
    return ns >= 0;
}

/* Over the goal is what is over it by more than chance explains. */
static enum verdict judge(const struct figures *f)
{
    double ratio = f->ratio - f->error;
    bool within =
        ratio <= f->goal.ratio || (f->goal.ns > 0 && (ratio - 1) * f->reference_ns <= f->goal.ns);
    return within ? VERDICT_OK : VERDICT_OVER;
}

static enum verdict judge_scaling(const struct figures *f)
{
    return f->ours_scaling >= f->least_scaling ? VERDICT_OK : VERDICT_OVER;
}

bool measure_steady(struct side *ours, struct side *reference, struct side *naive, size_t count,
                    struct figures *out)
{
    static struct rounds r;
    r.ours.n = r.naive_ratio.n = 0;
    while (r.ours.n < count) {
        if (!take_round(ours, reference, &r) || !take_naive(naive, &r))
            return false;
    }
    out->ours_ns = median(&r.ours);
    out->reference_ns = median(&r.reference);
    out->ratio = median(&r.ratio);
    out->error = 2 * median_error(&r.ratio);
    out->naive_ratio = naive == NULL ? 0 : median(&r.naive_ratio);
    out->verdict = judge(out);
    return true;
}

static void conclude_means(const struct rounds *r, struct figures *out)
{
    out->ours_ns = mean(&r->ours);
    out->reference_ns = mean(&r->reference);
    out->ratio = out->ours_ns / out->reference_ns;
    out->error = 2 * out->ratio * hypot(mean_error(&r->ours), mean_error(&r->reference));
    out->verdict = judge(out);
}

/* Whether other programs keep the processors busy, this one's two threads being part of the load. */
static bool others_run(void)
{
    double load;
    return getloadavg(&load, 1) == 1 && load > (double)sysconf(_SC_NPROCESSORS_ONLN) + 0.5;
}

bool measure_random(struct side *ours, struct side *reference, double seconds, struct figures *out)
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
    if (ours->wall && others_run())
        out->verdict = VERDICT_NONE;
    return true;
}

bool measure_once(struct side *ours, struct side *reference, size_t count, struct figures *out)
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

bool measure_threads(const struct side *ours, const struct side *reference, size_t count,
                     struct figures *out)
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
    out->ours_scaling = nearly_least(&s.one, 20) / out->ours_ns;
    out->reference_scaling = nearly_least(&t.one, 20) / out->reference_ns;
    /* Without two idle processors there is nothing to see. */
    out->verdict = out->error > THREADS_MOST_ERROR || others_run() ? VERDICT_NONE
                   : out->least_scaling > 0                        ? judge_scaling(out)
                                                                   : judge(out);
    return true;
}
