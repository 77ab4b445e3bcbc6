/*
 * Memory that runs out, or a libcrypto that fails (refusing.h): one request is refused, the first, the second, and so on, in every
 * kind of call. A call then fails or succeeds; when it says success its answer is right; it writes no
 * handle and no output when it fails; what it took it gives back; and the next call, with all that it asks for, works. The library has been
 * used before: libcrypto's own first steps do not survive a lack of memory.
 */
#include "refusing.h"

#include "starve_uses.h"

static long requests; /* in all */

/* Objects that hold what the library keeps ready for the next hash of the kind. */
#define HOARD 70
static BCRYPT_HASH_HANDLE hoard[HOARD];

static void hoard_take(const struct use *u)
{
    if (u->call != use_hash)
        return;
    BCRYPT_ALG_HANDLE alg = open_with(u->s.alg, NULL, u->s.flags);
    for (int i = 0; i < HOARD; i++) {
        hoard[i] = NULL;
        BCryptCreateHash(alg, &hoard[i], NULL, 0, u->s.key > 0 ? secret : NULL, u->s.key, 0);
        if (u->s.iv == 0)
            BCryptHashData(hoard[i], data, 1, 0);
    }
    BCryptCloseAlgorithmProvider(alg, 0);
}

static void hoard_give(const struct use *u)
{
    for (int i = 0; i < HOARD && u->call == use_hash; i++)
        BCryptDestroyHash(hoard[i]);
}

/* One run whose request number k is refused. */
static NTSTATUS starve(const struct use *u, long k)
{
    memset(&run, 0, sizeof run);
    hoard_take(u);
    refused = false;
    countdown = k;
    NTSTATUS status = u->call(&u->s);
    countdown = -1;
    BCryptDestroyKey(run.key);
    BCryptDestroyKey(run.copy);
    BCryptDestroyHash(run.hash);
    BCryptDestroyHash(run.twin);
    BCryptCloseAlgorithmProvider(run.alg, 0);
    hoard_give(u);
    return status;
}

#define REQUESTS_MAX 3000
#define ROUNDS 60       /* one request is refused */
#define ROUNDS_SHORT 12 /* and all that follow */

/* Refuses each request of a use in turn; gives how many there are. What turns out to be wrong is set false. */
static long refuse_each(const struct use *u, const UCHAR *want, bool *right, bool *tidy,
                        bool *statuses)
{
    const int rounds = for_ever ? ROUNDS_SHORT : ROUNDS;
    long k = 0;
    for (; k < REQUESTS_MAX; k++) {
        long before = 0;
        for (int round = 0; round < rounds; round++) {
            NTSTATUS status = starve(u, k);
            if (status >= 0)
                *right = *right && memcmp(want, result, result_n) == 0;
            else
                *statuses = *statuses && refused;
            if (round == rounds / 3)
                before = held;
        }
        /* libcrypto keeps its last errors, a block or two more or less. */
        if (held > before + rounds / 3) {
            *tidy = false;
            printf("# request %ld: %ld blocks more\n", k, held - before);
        }
        if (!refused)
            break;
    }
    return k;
}

static void check_use(const struct use *u)
{
    UCHAR want[sizeof result];
    bool right = true, tidy = true, statuses = true;
    ROW(u->s.label);
    wrong = NULL;
    bool good = starve(u, -1) == STATUS_SUCCESS && starve(u, -1) == STATUS_SUCCESS;
    memcpy(want, result, sizeof want);
    tap(good && wrong == NULL, "with all that it asks for");
    long k = refuse_each(u, want, &right, &tidy, &statuses);
    for_ever = true;
    (void)refuse_each(u, want, &right, &tidy, &statuses);
    for_ever = false;
    printf("# %ld requests\n", k);
    requests += k;
    tap(right && wrong == NULL, "refused: what says success is right, what fails writes no handle");
    if (wrong != NULL)
        printf("# %s\n", wrong);
    tap(statuses, "only a refusal makes a call fail");
    tap(tidy, "and gives back what it took");
    tap(starve(u, -1) == STATUS_SUCCESS && memcmp(want, result, result_n) == 0,
        "and with all that it asks for again");
}

int main(int argc, char **argv)
{
    refusing_begin(argc < 2 || strcmp(argv[1], "evp") != 0);
    fill(secret, sizeof secret);
    fill(data, sizeof data);
    for (size_t i = 0; i < COUNT(uses); i++)
        check_use(&uses[i]);
    printf("# " REFUSED_FIGURE "%zu scenarios of hashes and ciphers, %ld " REFUSED_THINGS
           " refused once and for good\n",
           COUNT(uses), requests);
    return tap_done();
}
