/*
 * The search for two primes (rsa_search.h).
 *
 * Candidates are tested two at a time, because libcrypto does two exponentiations nearly as fast as
 * one where the machine has AVX-512 IFMA (rsa_prime.h).
 *
 * With two threads both look for both: the first two primes that anybody finds are taken. If each
 * had one of its own to find, the quicker would wait for the slower, half as long as it takes to find
 * one. Which primes are first depends on how long candidates take, and that does not depend on their
 * values; so they are as random as a single thread's. The other thread lives for the length of the
 * call, takes no signals, and has its own random number generator of libcrypto's.
 */
#include "rsa_search.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "rsa_candidate.h"
#include "rsa_prime.h"

/* ---- what threads share --------------------------------------------------------------------- */

struct race {
    int bits;
    _Atomic bool over;
    _Atomic(BIGNUM *) found[2];
};

static void race_done(struct race *r)
{
    BN_clear_free(atomic_exchange(&r->found[0], NULL));
    BN_clear_free(atomic_exchange(&r->found[1], NULL));
}

/* Takes the prime over; one that comes too late is thrown away. */
static void race_post(struct race *r, BIGNUM *prime)
{
    BIGNUM *none = NULL;
    if (atomic_compare_exchange_strong(&r->found[0], &none, prime))
        return;
    none = NULL;
    if (!atomic_compare_exchange_strong(&r->found[1], &none, prime))
        BN_clear_free(prime);
    atomic_store(&r->over, true);
}

/* ---- one thread's part ---------------------------------------------------------------------- */

struct search {
    struct rsa_candidates candidates;
    struct prime_lane lanes[2];
    BN_CTX *ctx;
};

static void search_done(struct search *s)
{
    rsa_candidates_done(&s->candidates);
    prime_lane_done(&s->lanes[0]);
    prime_lane_done(&s->lanes[1]);
    BN_CTX_free(s->ctx);
}

static NTSTATUS next_in_lane(struct search *s, size_t i)
{
    TRY(rsa_candidates_next(&s->candidates));
    return prime_lane_set(&s->lanes[i], s->candidates.number, s->ctx);
}

/* Tests two candidates. */
static NTSTATUS search_step(struct search *s, struct race *r)
{
    TRY(next_in_lane(s, 0));
    TRY(next_in_lane(s, 1));
    TRY(prime_round(&s->lanes[0], &s->lanes[1], s->ctx));
    for (size_t i = 0; i < ARRAY_COUNT(s->lanes); i++) {
        if (!s->lanes[i].composite)
            race_post(r, prime_lane_take(&s->lanes[i]));
    }
    return STATUS_SUCCESS;
}

static NTSTATUS search(struct race *r)
{
    CLEANUP(search_done) struct search s = {.ctx = BN_CTX_new_ex(ossl_ctx())};
    if (s.ctx == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(rsa_candidates_init(&s.candidates, r->bits));
    while (!atomic_load_explicit(&r->over, memory_order_relaxed))
        TRY(search_step(&s, r));
    return STATUS_SUCCESS;
}

/* ---- the other thread ----------------------------------------------------------------------- */

/* Its failure is no loss: whoever waits for it goes on alone. */
static void *search_beside(void *race)
{
    (void)!search(race);
    return NULL;
}

/* Without the program's signals, whose handlers expect the program's own threads. */
static bool start_beside(pthread_t *thread, struct race *r)
{
    sigset_t all, before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return false;
    bool started = pthread_create(thread, NULL, search_beside, r) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

/* The other thread works on this one's stack: it is waited for in any case, and a request to cancel
 * this one has to wait as well. */
static NTSTATUS search_together(struct race *r)
{
    int cancel;
    pthread_t thread;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    bool started = start_beside(&thread, r);
    NTSTATUS status = search(r);
    atomic_store(&r->over, true);
    if (started)
        pthread_join(thread, NULL);
    pthread_setcancelstate(cancel, NULL);
    return status;
}

NTSTATUS rsa_search_pair(int bits, unsigned threads, BIGNUM **p, BIGNUM **q)
{
    CLEANUP(race_done) struct race r = {.bits = bits};
    TRY(threads > 1 ? search_together(&r) : search(&r));
    *p = atomic_exchange(&r.found[0], NULL);
    *q = atomic_exchange(&r.found[1], NULL);
    return STATUS_SUCCESS;
}
