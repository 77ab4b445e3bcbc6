#include "progress.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Between two pictures; the first comes late, so that quick work prints nothing. */
#define STEP_MS 120
#define FIRST_MS 400

#define ERASE "\r\033[K"

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* ---- time ----------------------------------------------------------------------------------------------------- */

struct job {
    void (*work)(void *context);
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t finished;
    bool is_finished;
};

static void *run(void *argument)
{
    struct job *job = argument;
    job->work(job->context);
    pthread_mutex_lock(&job->lock);
    job->is_finished = true;
    pthread_cond_signal(&job->finished);
    pthread_mutex_unlock(&job->lock);
    return NULL;
}

static struct timespec later(long ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += ms * 1000000L;
    t.tv_sec += t.tv_nsec / 1000000000L;
    t.tv_nsec %= 1000000000L;
    return t;
}

static void show_until_finished(struct job *job, const char *label)
{
    static const char pictures[] = "|/-\\";
    struct timespec start;
    bool shown = false;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pthread_mutex_lock(&job->lock);
    for (unsigned i = 0; !job->is_finished; i++) {
        struct timespec next = later(i == 0 ? FIRST_MS : STEP_MS);
        int waited = pthread_cond_timedwait(&job->finished, &job->lock, &next);
        if (waited == 0 || job->is_finished)
            continue;
        fprintf(stderr, "\r%c %s ... %.1f s ", pictures[i % 4], label, seconds_since(&start));
        fflush(stderr);
        shown = true;
    }
    pthread_mutex_unlock(&job->lock);
    if (shown)
        fputs(ERASE, stderr);
}

void progress_run(const char *label, void (*work)(void *context), void *context)
{
    struct job job = {.work = work, .context = context, .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_condattr_t attributes;
    pthread_t thread;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&job.finished, &attributes);
    pthread_condattr_destroy(&attributes);
    if (isatty(STDERR_FILENO) && pthread_create(&thread, NULL, run, &job) == 0) {
        show_until_finished(&job, label);
        pthread_join(thread, NULL);
    } else {
        work(context);
    }
    pthread_cond_destroy(&job.finished);
}

/* ---- bytes ---------------------------------------------------------------------------------------------------- */

#define CELLS 24

void progress_bar_begin(struct progress_bar *bar, const char *label, uint64_t total)
{
    *bar = (struct progress_bar){
        .label = label, .total = total, .next = FIRST_MS / 1e3, .terminal = isatty(STDERR_FILENO)};
    clock_gettime(CLOCK_MONOTONIC, &bar->start);
}

/* "[######..................]  25 %", or nothing where the end is not known. A file may grow while it is read. */
static void draw_cells(const struct progress_bar *bar)
{
    char cells[CELLS + 1];
    if (bar->total == 0)
        return;
    double part = bar->done < bar->total ? (double)bar->done / (double)bar->total : 1;
    size_t full = (size_t)(part * CELLS);
    memset(cells, '.', CELLS);
    memset(cells, '#', full);
    cells[CELLS] = 0;
    fprintf(stderr, "[%s] %3d %%  ", cells, (int)(part * 100));
}

void progress_bar_add(struct progress_bar *bar, uint64_t bytes)
{
    bar->done += bytes;
    if (!bar->terminal)
        return;
    double seconds = seconds_since(&bar->start);
    if (seconds < bar->next)
        return;
    bar->next = seconds + STEP_MS / 1e3;
    bar->shown = true;
    double megabytes = (double)bar->done / 1e6;
    fputs(ERASE, stderr);
    draw_cells(bar);
    if (bar->unit != NULL)
        fprintf(stderr, "%s: %llu of %llu %s ", bar->label, (unsigned long long)bar->done,
                (unsigned long long)bar->total, bar->unit);
    else
        fprintf(stderr, "%s: %.0f MB, %.0f MB/s ", bar->label, megabytes, megabytes / seconds);
    fflush(stderr);
}

void progress_bar_done(struct progress_bar *bar)
{
    if (bar->shown)
        fputs(ERASE, stderr);
    bar->shown = false;
}
