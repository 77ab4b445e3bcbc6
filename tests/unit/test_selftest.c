/*
 * Self-tests: every algorithm has known answers, every call that a self-test makes is checked, and one wrong answer closes that
 * algorithm and no other.
 *
 * The provider's table is wrapped by the linker (-Wl,--wrap), so that a table of the test's own stands before it: the same rows,
 * one of them with a function that goes wrong at a chosen call.
 */
#include "crypto_check.h"

#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "registry.h"
#include "router.h"

/* A sanitizer has a malloc of its own, and takes its time. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||                         \
    __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif

#define MOST_ROWS 80
/* Milliseconds. P-384 and P-521 of libcrypto before 3.5 take twice as long. */
#define MOST_MS (OPENSSL_VERSION_NUMBER >= 0x30500000L ? 5 : 10)

extern const struct provider __real_opencng_primitive_provider;

static const struct alg_class *rows[MOST_ROWS];

/* What the router finds. */
extern const struct provider __wrap_opencng_primitive_provider;
const struct provider __wrap_opencng_primitive_provider = {.name = "Microsoft Primitive Provider",
                                                           .classes = rows};

/* ---- a row that goes wrong ------------------------------------------------------------------- */

enum fault { FAULT_FLIP, FAULT_NO_MEMORY, FAULT_NO_RANDOM };

static struct {
    const struct alg_class *real;
    struct alg_class class;
    struct asym_class asym;
    struct sym_class sym;
    struct hash_class hash, hmac;
    struct multi_class multi;
    struct agreed_class agreed;
    struct selftest test;
    _Atomic int state;
    enum fault fault;
    unsigned at;          /* the call that goes wrong, each time that it is asked, from 1; 0: all */
    _Atomic unsigned now; /* calls so far */
} bad;

static bool strikes(void)
{
    unsigned now = atomic_fetch_add(&bad.now, 1) + 1;
    return bad.at == 0 || now % bad.at == 0;
}

/* Flips a bit of the result, or fails as a whole. */
static NTSTATUS spoil(NTSTATUS status, uint8_t *p)
{
    if (status < 0 || !strikes())
        return status;
    if (bad.fault != FAULT_FLIP)
        return bad.fault == FAULT_NO_MEMORY ? STATUS_NO_MEMORY : STATUS_INTERNAL_ERROR;
    p[0] ^= 1;
    return status;
}

static NTSTATUS bad_finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    const struct hash_class *real = h->ops == &bad.hash ? bad.real->hash : bad.real->hmac;
    return spoil(real->finish(h, out, n, more), out);
}

static NTSTATUS bad_once(struct alg *alg, struct span key, struct span in, uint8_t *out, size_t n)
{
    bool hmac = (alg->flags & BCRYPT_ALG_HANDLE_HMAC_FLAG) != 0;
    const struct hash_class *real = hmac ? bad.real->hmac : bad.real->hash;
    return spoil(real->once(alg, key, in, out, n), out);
}

static NTSTATUS bad_many(void *elements, size_t count, const struct multi_op *ops, size_t n)
{
    return spoil(bad.real->hash->multi->run(elements, count, ops, n), ops[n - 1].out);
}

static NTSTATUS bad_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return spoil(bad.real->sym->crypt(key, call, o), o->p);
}

static NTSTATUS bad_tag(struct key *key, const struct crypt *call, const struct out *o)
{
    const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info = call->info;
    NTSTATUS status = bad.real->sym->crypt(key, call, o);
    if (info == NULL)
        return status;
    if (call->encrypt)
        return spoil(status, info->pbTag);
    /* Decrypting: what is authentic is not, and the other way round. */
    if (!strikes())
        return status;
    return status < 0 ? STATUS_SUCCESS : STATUS_AUTH_TAG_MISMATCH;
}

static NTSTATUS bad_derive(struct key *key, const struct params *params, uint32_t flags,
                           const struct out *o)
{
    return spoil(bad.real->sym->derive(key, params, flags, o), o->p);
}

static NTSTATUS bad_sign(struct key *key, const struct padding *pad, struct span hash,
                         const struct out *o)
{
    return spoil(bad.real->asym->sign(key, pad, hash, o), o->p + 1);
}

static NTSTATUS bad_verify(struct key *key, const struct padding *pad, struct span hash,
                           struct span sig)
{
    NTSTATUS status = bad.real->asym->verify(key, pad, hash, sig);
    if (!strikes())
        return status;
    return status < 0 ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE;
}

static NTSTATUS bad_encrypt(struct key *key, const struct padding *pad, struct span in,
                            const struct out *o)
{
    return spoil(bad.real->asym->encrypt(key, pad, in, o), o->p + 1);
}

static NTSTATUS bad_decrypt(struct key *key, const struct padding *pad, struct span in,
                            const struct out *o)
{
    return spoil(bad.real->asym->decrypt(key, pad, in, o), o->p);
}

/* With oneself. */
static NTSTATUS bad_agree(struct key *own, struct key *peer, struct agreed **secret)
{
    return bad.real->asym->agree(own, strikes() ? own : peer, secret);
}

static NTSTATUS bad_agreed(struct agreed *secret, const struct name *kdf,
                           const struct params *params, uint32_t flags, const struct out *o)
{
    return spoil(bad.real->agreed->derive(secret, kdf, params, flags, o), o->p);
}

static NTSTATUS bad_encapsulate(struct key *key, const struct out *secret,
                                const struct out *ciphertext)
{
    return spoil(bad.real->asym->encapsulate(key, secret, ciphertext), ciphertext->p);
}

static NTSTATUS bad_decapsulate(struct key *key, struct span ciphertext, const struct out *secret)
{
    return spoil(bad.real->asym->decapsulate(key, ciphertext, secret), secret->p);
}

/* Stuck. */
static NTSTATUS bad_random(struct alg *alg, uint32_t flags, uint8_t *p, size_t n)
{
    TRY(bad.real->random(alg, flags, p, n));
    if (strikes())
        memset(p, 0x55, n);
    return STATUS_SUCCESS;
}

/* ---- where it can go wrong -------------------------------------------------------------------- */

static void **slot_of(size_t offset)
{
    return (void **)(void *)((char *)&bad + offset);
}

#define SLOT(title, member, function)                                                              \
    {                                                                                              \
        title, offsetof(__typeof__(bad), member), (void *)(uintptr_t)(function)                    \
    }

/* The function of each slot that a row may have. */
static const struct place {
    const char *label;
    size_t offset;
    void *function;
} places[] = {
    SLOT("a hash", hash.finish, bad_finish),
    SLOT("a hash in one call", hash.once, bad_once),
    SLOT("many hashes", multi.run, bad_many),
    SLOT("an HMAC", hmac.finish, bad_finish),
    SLOT("an HMAC in one call", hmac.once, bad_once),
    SLOT("a cipher", sym.crypt, bad_crypt),
    SLOT("a cipher's tag", sym.crypt, bad_tag),
    SLOT("a derivation", sym.derive, bad_derive),
    SLOT("signing", asym.sign, bad_sign),
    SLOT("verifying", asym.verify, bad_verify),
    SLOT("encrypting", asym.encrypt, bad_encrypt),
    SLOT("decrypting", asym.decrypt, bad_decrypt),
    SLOT("agreeing", asym.agree, bad_agree),
    SLOT("an agreed secret", agreed.derive, bad_agreed),
    SLOT("encapsulating", asym.encapsulate, bad_encapsulate),
    SLOT("decapsulating", asym.decapsulate, bad_decapsulate),
    SLOT("random numbers", class.random, bad_random),
};

/* SLH-DSA's signatures take longer than a self-test may; its pairs are tested when they are made. GMAC has no code in one
 * call, AES-CMAC's HMAC is its hash. */
static bool is_left_out(const struct place *place, const struct alg_class *class)
{
    return (class == &slhdsa_class && place->function == (void *)(uintptr_t)bad_sign) ||
           (class == &aes_gmac_class && place->function == (void *)(uintptr_t)bad_once) ||
           (class == &aes_cmac_class && strstr(place->label, "HMAC") != NULL);
}

/* Whether the self-test makes calls that `place` would spoil. */
static bool has(const struct place *place, const struct alg_class *class)
{
    if (*slot_of(place->offset) == NULL || is_left_out(place, class))
        return false;
    return place->function != (void *)(uintptr_t)bad_tag || class == &aes_class ||
           class == &chacha_class;
}

/* A copy of the row, untested, still right. */
static void copy_row(const struct alg_class *real)
{
    memset(&bad, 0, sizeof bad);
    bad.real = real;
    bad.class = *real;
    if (real->asym != NULL)
        bad.asym = *real->asym, bad.class.asym = &bad.asym;
    if (real->sym != NULL)
        bad.sym = *real->sym, bad.class.sym = &bad.sym;
    if (real->hash != NULL)
        bad.hash = *real->hash, bad.class.hash = &bad.hash;
    if (real->hmac != NULL)
        bad.hmac = *real->hmac, bad.class.hmac = &bad.hmac;
    if (real->hash != NULL && real->hash->multi != NULL)
        bad.multi = *real->hash->multi, bad.hash.multi = &bad.multi;
    if (real->agreed != NULL)
        bad.agreed = *real->agreed, bad.class.agreed = &bad.agreed;
    bad.test = *real->selftest;
    bad.test.state = &bad.state;
    bad.class.selftest = &bad.test;
}

static void break_row(const struct alg_class *real, const struct place *place, unsigned at)
{
    copy_row(real);
    *slot_of(place->offset) = place->function;
    bad.at = at;
}

static bool exists(const struct alg_class *class)
{
    return class->available == NULL || class->available();
}

/* ---- the tests -------------------------------------------------------------------------------- */

static void each_row_once_with_answers(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct alg_class *const *row = __real_opencng_primitive_provider.classes;
         *row != NULL; row++) {
        assert_non_null((*row)->selftest);
        assert_true((*row)->selftest->count > 0);
        for (size_t i = 0; i < n; i++)
            assert_string_not_equal(rows[i]->name, (*row)->name);
        assert_true(n + 1 < MOST_ROWS);
        rows[n++] = *row;
    }
    rows[n] = NULL;
    assert_true(n > 40);
}

static void every_call_is_checked(void **state)
{
    (void)state;
    unsigned broken = 0;
    for (size_t i = 0; rows[i] != NULL; i++) {
        if (!exists(rows[i]))
            continue;
        unsigned of_row = 0;
        for (size_t p = 0; p < ARRAY_COUNT(places); p++) {
            copy_row(rows[i]);
            if (!has(&places[p], rows[i]))
                continue;
            unsigned at = 0;
            NTSTATUS status;
            do {
                break_row(rows[i], &places[p], ++at);
                status = selftest_run(&bad.class);
                bool reached = atomic_load(&bad.now) >= at;
                if ((status < 0) != reached || (atomic_load(&bad.state) == SELFTEST_BAD) != reached)
                    fail_msg("%s: %s goes wrong at call %u: status %08X", rows[i]->name,
                             places[p].label, at, (unsigned)status);
            } while (status < 0);
            if (at == 1)
                fail_msg("%s: %s is not tested", rows[i]->name, places[p].label);
            of_row += at - 1;
        }
        assert_true(of_row > 0);
        broken += of_row;
    }
    print_message("# %u faults, each seen\n", broken);
}

static NTSTATUS open_named(const char *name)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    struct name n = {{0}};
    memcpy(n.s, name, strlen(name));
    NTSTATUS status = router_open(&n, NULL, 0, &alg);
    if (status >= 0)
        assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
    return status;
}

/* In a process of its own, because verdicts are for ever. */
static void in_child(void (*check)(size_t row), size_t row)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        check(row);
        _exit(0);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
        fail_msg("%s: the child process ended with %X", rows[row]->name, (unsigned)how);
}

#define IN_CHILD(condition)                                                                        \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, rows[row]->name, #condition);   \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

/* The pseudo-handles of these names answer as opening does. */
static const struct {
    const char *name;
    ULONG_PTR handle;
} pseudo[] = {
    {"SHA256", 0x41}, {"AES", 0x1A1}, {"RSA", 0xE1}, {"HKDF", 0x391}, {"ECDH_P256", 0x2A1}};

static void check_pseudo(size_t row, const char *name, NTSTATUS expected)
{
    for (size_t i = 0; i < ARRAY_COUNT(pseudo); i++) {
        uint32_t id;
        ULONG n;
        if (strcmp(pseudo[i].name, name) == 0)
            IN_CHILD(BCryptGetProperty((BCRYPT_ALG_HANDLE)pseudo[i].handle, BCRYPT_PRIMITIVE_TYPE,
                                       (PUCHAR)&id, sizeof id, &n, 0) == expected);
    }
}

static const struct place *first_place(const struct alg_class *class)
{
    copy_row(class);
    const struct place *place = places;
    while (!has(place, class))
        place++;
    return place;
}

static void blocks_exactly(size_t row)
{
    const struct alg_class *real = rows[row];
    const struct place *place = first_place(real);
    break_row(real, place, 0);
    rows[row] = &bad.class;
    IN_CHILD(open_named(real->name) == STATUS_INTERNAL_ERROR);
    check_pseudo(row, real->name, STATUS_INTERNAL_ERROR);
    for (size_t i = 0; rows[i] != NULL; i++) {
        if (i != row && exists(rows[i])) {
            IN_CHILD(open_named(rows[i]->name) == STATUS_SUCCESS);
            check_pseudo(row, rows[i]->name, STATUS_SUCCESS);
        }
    }
    /* It is right again, and stays closed. */
    bad.at = UINT_MAX;
    IN_CHILD(open_named(real->name) == STATUS_INTERNAL_ERROR);
    uint8_t byte;
    bool generator = real == &rng_class;
    IN_CHILD(BCryptGenRandom(NULL, &byte, 1, BCRYPT_USE_SYSTEM_PREFERRED_RNG) ==
             (generator ? STATUS_INTERNAL_ERROR : STATUS_SUCCESS));
}

static void a_broken_one_is_closed_and_no_other(void **state)
{
    (void)state;
    unsigned closed = 0;
    for (size_t i = 0; rows[i] != NULL; i++) {
        if (!exists(rows[i]))
            continue;
        in_child(blocks_exactly, i);
        closed++;
    }
    print_message("# figure: 27 %u algorithms broken one by one: each closed, and no other\n",
                  closed);
}

static void no_answer_is_no_verdict(void **state)
{
    (void)state;
    static const struct {
        enum fault fault;
        NTSTATUS status;
    } lacks[] = {{FAULT_NO_MEMORY, STATUS_NO_MEMORY}, {FAULT_NO_RANDOM, STATUS_INTERNAL_ERROR}};
    for (size_t i = 0; rows[i] != NULL; i++) {
        for (size_t k = 0; exists(rows[i]) && rows[i]->random == NULL && k < ARRAY_COUNT(lacks);
             k++) {
            const struct place *place = first_place(rows[i]);
            if (place->function == (void *)(uintptr_t)bad_verify ||
                place->function == (void *)(uintptr_t)bad_agree)
                continue; /* these always answer */
            break_row(rows[i], place, 1);
            bad.fault = lacks[k].fault;
            assert_int_equal(selftest_run(&bad.class), lacks[k].status);
            assert_int_equal(atomic_load(&bad.state), SELFTEST_UNKNOWN);
            bad.at = UINT_MAX;
            assert_int_equal(selftest_run(&bad.class), STATUS_SUCCESS);
            assert_int_equal(atomic_load(&bad.state), SELFTEST_GOOD);
        }
    }
}

/* ---- memory that runs out -------------------------------------------------------------------- */

#ifndef SANITIZED

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *p, size_t n);

static long countdown = -1; /* requests until the one that is refused; below 0: none is */
static bool refused;

static bool starved(void)
{
    if (countdown < 0 || countdown-- > 0)
        return false;
    refused = true;
    return true;
}

/* The program's own, which libcrypto gets to see, too. */
#define SEEN __attribute__((visibility("default")))

SEEN void *malloc(size_t n)
{
    return starved() ? NULL : __libc_malloc(n);
}

SEEN void *calloc(size_t count, size_t n)
{
    return starved() ? NULL : __libc_calloc(count, n);
}

SEEN void *realloc(void *p, size_t n)
{
    return starved() ? NULL : __libc_realloc(p, n);
}

/* Each request of each self-test is refused in turn. */
static void a_lack_of_memory_is_no_verdict(void **state)
{
    (void)state;
    unsigned long requests = 0;
    for (size_t i = 0; rows[i] != NULL; i++) {
        if (!exists(rows[i]))
            continue;
        copy_row(rows[i]);
        assert_int_equal(selftest_run(&bad.class), STATUS_SUCCESS);
        for (long n = 0, more = 1; more; n++) {
            atomic_store(&bad.state, SELFTEST_UNKNOWN);
            refused = false;
            countdown = n;
            NTSTATUS status = selftest_run(&bad.class);
            countdown = -1;
            more = refused;
            int verdict = atomic_load(&bad.state);
            bool right = status < 0 ? verdict == SELFTEST_UNKNOWN : verdict == SELFTEST_GOOD;
            if (!right ||
                (status < 0 && status != STATUS_NO_MEMORY && status != STATUS_INTERNAL_ERROR))
                fail_msg("%s: without request %ld: status %08X, verdict %d", rows[i]->name, n,
                         (unsigned)status, verdict);
            requests++;
        }
    }
    print_message("# %lu requests for memory, each refused once\n", requests);
}

#endif

/* ---- threads, forks, time --------------------------------------------------------------------- */

#define THREADS 16

static pthread_barrier_t line;

static void *open_in_line(void *row)
{
    pthread_barrier_wait(&line);
    return (void *)(intptr_t)open_named(((const struct alg_class *)row)->name);
}

static void open_in_threads(size_t row, NTSTATUS expected)
{
    pthread_t threads[THREADS];
    pthread_barrier_init(&line, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++)
        IN_CHILD(pthread_create(&threads[i], NULL, open_in_line, (void *)(uintptr_t)&bad.class) ==
                 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *status;
        pthread_join(threads[i], &status);
        IN_CHILD((NTSTATUS)(intptr_t)status == expected);
    }
}

static void good_in_threads(size_t row)
{
    copy_row(rows[row]);
    rows[row] = &bad.class;
    open_in_threads(row, STATUS_SUCCESS);
}

static void bad_in_threads(size_t row)
{
    const struct alg_class *real = rows[row];
    break_row(real, first_place(real), 0);
    rows[row] = &bad.class;
    open_in_threads(row, STATUS_INTERNAL_ERROR);
}

static void threads_that_come_together(void **state)
{
    (void)state;
    for (size_t i = 0; rows[i] != NULL; i++) {
        if (!exists(rows[i]))
            continue;
        in_child(good_in_threads, i);
        in_child(bad_in_threads, i);
    }
}

static _Atomic bool inside, leave;

static NTSTATUS slow_finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    atomic_store(&inside, true);
    while (!atomic_load(&leave))
        usleep(100);
    return bad.real->hash->finish(h, out, n, more);
}

/* A child that is forked while another thread is in the middle of the test does not wait for it. */
static void forked_in_the_middle(size_t row)
{
    pthread_t thread;
    copy_row(rows[row]);
    rows[row] = &bad.class;
    bad.hash.finish = slow_finish;
    pthread_barrier_init(&line, NULL, 1);
    IN_CHILD(pthread_create(&thread, NULL, open_in_line, (void *)(uintptr_t)&bad.class) == 0);
    while (!atomic_load(&inside))
        usleep(100);
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        atomic_store(&leave, true);
        _exit(open_named(bad.class.name) != STATUS_SUCCESS);
    }
    int how = 1;
    IN_CHILD(waitpid(child, &how, 0) == child && how == 0);
    atomic_store(&leave, true);
    void *status;
    pthread_join(thread, &status);
    IN_CHILD((NTSTATUS)(intptr_t)status == STATUS_SUCCESS);
}

static void a_fork_in_the_middle(void **state)
{
    (void)state;
    for (size_t i = 0; rows[i] != NULL; i++) {
        if (rows[i] == &sha256_class)
            in_child(forked_in_the_middle, i);
    }
}

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The first time in a process counts, so each is measured in one of its own; of five, the best, because the machine has other
 * things to do. What is measured includes libcrypto's own first steps, in the first row. */
static double *fastest;

static void measure(size_t row)
{
    double start = cpu_ms();
    IN_CHILD(selftest_run(rows[row]) == STATUS_SUCCESS);
    double took = cpu_ms() - start;
    if (fastest[row] == 0 || took < fastest[row])
        fastest[row] = took;
}

static void each_takes_little_time(void **state)
{
    (void)state;
    for (size_t i = 0; rows[i] != NULL; i++) {
        for (int round = 0; exists(rows[i]) && round < 5; round++)
            in_child(measure, i);
        if (!exists(rows[i]))
            continue;
        print_message("# %-20s %6.3f ms\n", rows[i]->name, fastest[i]);
#if defined(__OPTIMIZE__) && !defined(SANITIZED)
        assert_true(fastest[i] < MOST_MS);
#endif
    }
}

int main(void)
{
    fastest = mmap(NULL, MOST_ROWS * sizeof *fastest, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_once_with_answers),
        cmocka_unit_test(each_takes_little_time), /* before anything is warm */
        cmocka_unit_test(every_call_is_checked),
        cmocka_unit_test(a_broken_one_is_closed_and_no_other),
        cmocka_unit_test(no_answer_is_no_verdict),
#ifndef SANITIZED
        cmocka_unit_test(a_lack_of_memory_is_no_verdict),
#endif
        cmocka_unit_test(threads_that_come_together),
        cmocka_unit_test(a_fork_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
