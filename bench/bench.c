/* Rows and their table (bench.h). */
#include "measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

/* Many short rounds: what disturbs one of them disturbs few. */
#define SLICE_NS 1e6
#define ROUNDS 199
#define ROUNDS_QUICK 55
#define ROUNDS_LEAST 21
#define SIDE_NS 2e8 /* of rounds whose slices are longer, because one operation is */
#define THREADS_SLICE_NS 3e6
#define RANDOM_SLICES 400 /* in the time of a row */
#define PROFILE_NS 5e8
#define MOST_RESULTS 400

static const char *const verdict_names[] = {"ok", "OVER", "not judged", "FAILED"};

struct result {
    char name[96];
    struct figures figures;
};

struct bench {
    struct bench_options options;
    const char *reference;
    const char *group;
    struct bench_goal goal;
    struct result results[MOST_RESULTS];
    size_t count;
};

/* ---- printing -------------------------------------------------------------------------------- */

static void print_time(double ns)
{
    if (ns < 1e3)
        printf(" %7.0f ns", ns);
    else if (ns < 1e6)
        printf(" %7.2f us", ns / 1e3);
    else
        printf(" %7.2f ms", ns / 1e6);
}

static void print_head(const char *reference)
{
    printf("%-54s %7s %7s %7s %10s %10s %11s  %-14s %s\n", "operation", "ratio", "+-", "naive",
           "ours", reference, "difference", "goal", "verdict");
}

static void print_goal(const struct figures *f)
{
    char text[32];
    const struct bench_goal *goal = &f->goal;
    double percent = (goal->ratio - 1) * 100;
    if (goal->ratio == 0)
        snprintf(text, sizeof text, "none");
    else if (goal->ratio < 1)
        snprintf(text, sizeof text, "ratio %.2f", goal->ratio);
    else if (f->least_scaling > 0)
        snprintf(text, sizeof text, "x%.1f", f->least_scaling);
    else if (goal->ns == 0)
        snprintf(text, sizeof text, "%.0f %%", percent);
    else if (percent == 0 && goal->ns >= 1000)
        snprintf(text, sizeof text, "%.0f us", goal->ns / 1000);
    else if (percent == 0)
        snprintf(text, sizeof text, "%.0f ns", goal->ns);
    else
        snprintf(text, sizeof text, "%.0f %% or %.0f ns", percent, goal->ns);
    printf("  %-14s", text);
}

static void print_memory(const struct figures *f)
{
    char goal[32];
    snprintf(goal, sizeof goal, "%.0f KiB", f->goal_kib);
    printf(" %23s %7.0f KiB %22s  %-14s %s\n", "", f->grown_kib, "", goal,
           verdict_names[f->verdict]);
    fflush(stdout);
}

static void print_row(const struct bench *b, const struct result *r)
{
    printf("%-54s", r->name);
    if (r->figures.verdict == VERDICT_FAILED) {
        printf(" %s\n", verdict_names[r->figures.verdict]);
        return;
    }
    if (r->figures.goal_kib > 0) {
        print_memory(&r->figures);
        return;
    }
    double difference = (r->figures.ratio - 1) * r->figures.reference_ns;
    printf(" %7.3f %7.3f", r->figures.ratio, r->figures.error);
    if (r->figures.naive_ratio > 0)
        printf(" %7.3f", r->figures.naive_ratio);
    else
        printf(" %7s", "");
    print_time(r->figures.ours_ns);
    print_time(r->figures.reference_ns);
    printf(" %c", difference < 0 ? '-' : '+');
    print_time(fabs(difference));
    print_goal(&r->figures);
    printf(" %s", verdict_names[r->figures.verdict]);
    if (r->figures.ours_scaling > 0)
        printf("  (2 threads do x%.2f of one; %s x%.2f)", r->figures.ours_scaling, b->reference,
               r->figures.reference_scaling);
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
    struct side side = {.op = op};
    double before = cpu_ns();
    size_t runs = 0;
    while (calibrate(&side, PROFILE_NS / 20) && cpu_ns() - before < PROFILE_NS)
        runs += side.runs;
    printf("%s: %zu runs or more\n", name, runs);
}

/* The next place for a result; NULL when there is nothing to measure. */
static struct result *result_begin(struct bench *b, const char *name, const struct bench_op *ours,
                                   const struct bench_op *reference)
{
    struct result *r = &b->results[b->count];
    *r = (struct result){.figures = {.goal = b->goal, .verdict = VERDICT_FAILED}};
    snprintf(r->name, sizeof r->name, "%s %s", b->group, name);
    if (!name_wanted(b, r->name) || b->count + 1 == MOST_RESULTS)
        return NULL;
    if (b->options.profile != NULL) {
        const struct bench_op *side = strcmp(b->options.profile, "ours") == 0 ? ours : reference;
        if (b->options.counted)
            (void)run_many(side, b->options.count); /* what fails says so */
        else
            profile_op(r->name, side);
        return NULL;
    }
    b->count++;
    if (!b->options.once)
        return r;
    bool ok = run_many(ours, 1);
    if (run_many(reference, 1) && ok)
        r->figures.verdict = VERDICT_OK;
    else
        printf("%s: failed\n", r->name);
    return NULL;
}

static void result_end(const struct bench *b, const struct result *r)
{
    if (!b->options.json)
        print_row(b, r);
}

static size_t rounds_for(const struct bench *b, const struct side *s, const struct side *t)
{
    size_t most = b->options.quick ? ROUNDS_QUICK : ROUNDS;
    size_t least = b->options.quick ? ROUNDS_LEAST / 4 : ROUNDS_LEAST;
    double slice_ns = fmax(s->slice_ns, t->slice_ns);
    double count = SIDE_NS * (double)most / ROUNDS / slice_ns;
    return count > (double)most ? most : count < (double)least ? least : (size_t)count;
}

/* Measures rounds of a row whose time is steady; `naive` may be NULL. */
static void row_steady(struct bench *b, const char *name, const struct bench_op *ours,
                       const struct bench_op *reference, const struct bench_op *naive, bool judged)
{
    struct result *r = result_begin(b, name, ours, reference);
    if (r == NULL)
        return;
    struct side s = {.op = ours};
    struct side t = {.op = reference};
    struct side n = {.op = naive};
    struct side *third = naive == NULL ? NULL : &n;
    bool ok = calibrate(&s, SLICE_NS) && calibrate(&t, SLICE_NS) &&
              (naive == NULL || calibrate(&n, SLICE_NS));
    size_t count = ok ? rounds_for(b, &s, &t) : 0;
    ok = ok && measure_steady(&s, &t, third, count, &r->figures);
    if (ok && judged && r->figures.verdict == VERDICT_OVER) /* believed only when it repeats */
        ok = measure_steady(&s, &t, third, 2 * count, &r->figures);
    if (!ok)
        r->figures.verdict = VERDICT_FAILED;
    else if (!judged)
        r->figures.verdict = VERDICT_NONE;
    result_end(b, r);
}

void bench_row(struct bench *b, const char *name, struct bench_op ours, struct bench_op reference)
{
    row_steady(b, name, &ours, &reference, NULL, true);
}

void bench_naive_row(struct bench *b, const char *name, struct bench_op ours,
                     struct bench_op reference, struct bench_op naive)
{
    row_steady(b, name, &ours, &reference, &naive, true);
}

void bench_note_row(struct bench *b, const char *name, struct bench_op ours,
                    struct bench_op reference)
{
    row_steady(b, name, &ours, &reference, NULL, false);
}

void bench_goal(struct bench *b, struct bench_goal goal)
{
    b->goal = goal;
}

static void row_random(struct bench *b, const char *name, const struct bench_op *ours,
                       const struct bench_op *reference, bool wall)
{
    struct result *r = result_begin(b, name, ours, reference);
    if (r == NULL)
        return;
    struct side s = {.op = ours, .wall = wall};
    struct side t = {.op = reference, .wall = wall};
    double seconds = b->options.quick ? 2 : 12;
    double slice_ns = seconds * 1e9 / RANDOM_SLICES;
    bool ok = calibrate(&s, slice_ns) && calibrate(&t, slice_ns) &&
              measure_random(&s, &t, seconds, &r->figures);
    if (ok && r->figures.verdict == VERDICT_OVER)
        ok = measure_random(&s, &t, 3 * seconds, &r->figures);
    if (!ok)
        r->figures.verdict = VERDICT_FAILED;
    result_end(b, r);
}

void bench_random_row(struct bench *b, const char *name, struct bench_op ours,
                      struct bench_op reference)
{
    row_random(b, name, &ours, &reference, false);
}

void bench_random_wall_row(struct bench *b, const char *name, struct bench_op ours,
                           struct bench_op reference)
{
    row_random(b, name, &ours, &reference, true);
}

void bench_once_row(struct bench *b, const char *name, size_t count, struct bench_op ours,
                    struct bench_op reference)
{
    struct result *r = result_begin(b, name, &ours, &reference);
    if (r == NULL)
        return;
    struct side s = {.op = &ours, .runs = 1};
    struct side t = {.op = &reference, .runs = 1};
    if (!measure_once(&s, &t, count, &r->figures))
        r->figures.verdict = VERDICT_FAILED;
    result_end(b, r);
}

void bench_wall_row(struct bench *b, const char *name, size_t count, struct bench_op ours,
                    struct bench_op reference)
{
    struct result *r = result_begin(b, name, &ours, &reference);
    if (r == NULL)
        return;
    r->figures.goal = (struct bench_goal){0};
    struct side s = {.op = &ours, .runs = 1, .wall = true};
    struct side t = {.op = &reference, .runs = 1, .wall = true};
    bool ok = measure_steady(&s, &t, NULL, count, &r->figures);
    r->figures.verdict = ok ? VERDICT_NONE : VERDICT_FAILED;
    result_end(b, r);
}

static void row_threads(struct bench *b, const char *name, const struct bench_op *ours,
                        const struct bench_op *reference, double least_scaling)
{
    struct result *r = result_begin(b, name, ours, reference);
    if (r == NULL)
        return;
    r->figures.least_scaling = least_scaling;
    struct side s = {.op = ours};
    struct side t = {.op = reference};
    size_t count = b->options.quick ? 60 : 130;
    bool ok = calibrate(&s, THREADS_SLICE_NS) && calibrate(&t, THREADS_SLICE_NS) &&
              measure_threads(&s, &t, count, &r->figures);
    if (ok && r->figures.verdict == VERDICT_OVER)
        ok = measure_threads(&s, &t, 3 * count, &r->figures);
    if (!ok)
        r->figures.verdict = VERDICT_FAILED;
    result_end(b, r);
}

void bench_threads_row(struct bench *b, const char *name, const struct bench_op *ours,
                       const struct bench_op *reference)
{
    row_threads(b, name, ours, reference, 0);
}

void bench_scaling_row(struct bench *b, const char *name, const struct bench_op *ours,
                       const struct bench_op *reference, double least)
{
    row_threads(b, name, ours, reference, least);
}

static bool grow_once(void *arg)
{
    const struct bench_memory *what = arg;
    double grown;
    return what->run(what->arg, &grown);
}

void bench_memory_row(struct bench *b, const char *name, struct bench_memory what)
{
    const struct bench_op run = {grow_once, &what};
    struct result *r = b->options.profile != NULL ? NULL : result_begin(b, name, &run, &run);
    if (r == NULL)
        return;
    struct figures *f = &r->figures;
    f->goal_kib = what.goal_kib;
    if (what.run(what.arg, &f->grown_kib))
        f->verdict = f->grown_kib <= f->goal_kib ? VERDICT_OK : VERDICT_OVER;
    result_end(b, r);
}

/* ---- the run as a whole ---------------------------------------------------------------------------------------- */

struct bench *bench_new(const struct bench_options *options, const char *reference)
{
    struct bench *b = calloc(1, sizeof *b);
    if (b == NULL)
        return NULL;
    b->options = *options;
    b->reference = reference;
    b->group = "";
    b->goal = BENCH_GOAL;
    if (!b->options.json && !b->options.once && b->options.profile == NULL)
        print_head(reference);
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
        printf("%-54s skipped: %s\n", b->group, why);
}

void bench_lost(struct bench *b, const char *what)
{
    struct result *r = &b->results[b->count];
    if (b->options.profile != NULL || b->count + 1 == MOST_RESULTS)
        return;
    *r = (struct result){.figures = {.verdict = VERDICT_FAILED}};
    snprintf(r->name, sizeof r->name, "%s %s", b->group, what);
    b->count++;
    if (!b->options.json)
        print_row(b, r);
}

static size_t count_verdict(const struct bench *b, enum verdict v)
{
    size_t n = 0;
    for (size_t i = 0; i < b->count; i++)
        n += b->results[i].figures.verdict == v;
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
               verdict_names[r->figures.verdict]);
        if (r->figures.goal_kib > 0)
            printf(", \"grown_kib\": %.0f", r->figures.grown_kib);
        else if (r->figures.verdict != VERDICT_FAILED)
            printf(", \"ours_ns\": %.1f, \"%s_ns\": %.1f, \"ratio\": %.4f, \"error\": %.4f",
                   r->figures.ours_ns, b->reference, r->figures.reference_ns, r->figures.ratio,
                   r->figures.error);
        if (r->figures.naive_ratio > 0)
            printf(", \"naive_ratio\": %.4f", r->figures.naive_ratio);
        if (r->figures.ours_scaling > 0)
            printf(", \"ours_scaling\": %.3f, \"%s_scaling\": %.3f", r->figures.ours_scaling,
                   b->reference, r->figures.reference_scaling);
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
    printf("%zu of %zu rows within their goals", within, judged);
    if (failed > 0)
        printf("; %zu failed", failed);
    printf("\n");
    return failed == 0;
}
