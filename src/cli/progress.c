#include "progress.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Between two pictures; the first comes late, so that quick work prints nothing. */
#define STEP_MS 120
#define FIRST_MS 400

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

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
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
        fputs("\r\033[K", stderr);
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
