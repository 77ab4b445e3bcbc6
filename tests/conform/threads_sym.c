/*
 * Many threads on one symmetric key and on one hash. Calls with an IV of their own, and calls in ECB and the authenticated modes, give what
 * one thread alone gives. A hash that all threads feed the same bytes has the digest of so many repetitions. While another
 * thread destroys the handle, or changes what the key keeps, the answers stay whole: right, or STATUS_INVALID_HANDLE, or
 * one of the two that are right before and after.
 *
 * Every part is bounded in time, and does two rounds at least, however slow the machine.
 */
#include "conform_sym.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#define THREADS 6
#define PART_MS 60
#define BYTES 192

/* ---- what went wrong, and for how long -------------------------------------------------------------------------- */

static _Atomic(const char *) first_wrong;
static _Atomic unsigned first_status;
static atomic_uint wrongs;

static void wrong(const char *what, NTSTATUS status)
{
    const char *none = NULL;
    atomic_fetch_add(&wrongs, 1);
    if (atomic_compare_exchange_strong(&first_wrong, &none, what))
        atomic_store(&first_status, (unsigned)status);
}

static void part_report(const char *what)
{
    tap(atomic_load(&wrongs) == 0, what);
    if (atomic_load(&wrongs) != 0)
        printf("# %u wrong answers; the first: %s, 0x%08x\n", atomic_load(&wrongs),
               atomic_load(&first_wrong), atomic_load(&first_status));
    atomic_store(&wrongs, 0);
    atomic_store(&first_wrong, NULL);
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One piece of work, done by every thread until time is up; the number tells threads apart. */
struct crew {
    void (*work)(unsigned number);
    long end;
    atomic_uint next;
    pthread_t threads[THREADS];
};

static void *crew_member(void *p)
{
    struct crew *crew = p;
    unsigned number = atomic_fetch_add(&crew->next, 1);
    for (int round = 0; round < 2 || now_ms() < crew->end; round++)
        crew->work(number);
    return NULL;
}

static void crew_run(void (*work)(unsigned number))
{
    struct crew crew = {.work = work, .end = now_ms() + PART_MS};
    int started = 0;
    for (; started < THREADS; started++) {
        if (pthread_create(&crew.threads[started], NULL, crew_member, &crew) != 0)
            break;
    }
    for (int i = 0; i < started; i++)
        pthread_join(crew.threads[i], NULL);
    if (started < THREADS)
        wrong("a thread could not be started", 0);
}

/* ---- one key ---------------------------------------------------------------------------------------------------- */

enum shape { NO_IV, OWN_IV, AUTHENTICATED };

struct row {
    const char *label;
    LPCWSTR alg, mode;
    ULONG secret, iv;
    enum shape shape;
};

static const struct row rows[] = {
    {"AES ECB", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 16, 0, NO_IV},
    {"AES CBC", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 32, 16, OWN_IV},
    {"AES CFB", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 16, 16, OWN_IV},
    {"AES GCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 32, 12, AUTHENTICATED},
    {"AES CCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, 16, 12, AUTHENTICATED},
    {"CHACHA20_POLY1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, 32, 12, AUTHENTICATED},
    {"3DES CBC", BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 24, 8, OWN_IV},
    {"DESX CBC", BCRYPT_DESX_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 24, 8, OWN_IV},
    {"RC2 CBC", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 16, 8, OWN_IV},
    {"XTS-AES", BCRYPT_XTS_AES_ALGORITHM, NULL, 64, 8, OWN_IV},
};

/* What the threads share: the key, and each thread's message with the answers that one thread alone got. */
static struct {
    const struct row *row;
    UCHAR secret[64];
    _Atomic(BCRYPT_KEY_HANDLE) key;
    UCHAR iv[THREADS][16], plain[THREADS][BYTES], cipher[THREADS][BYTES], tag[THREADS][16];
} shared;

static BCRYPT_KEY_HANDLE shared_key(void)
{
    BCRYPT_KEY_HANDLE key =
        key_of(shared.row->alg, shared.row->mode, shared.secret, shared.row->secret);
    if (shared.row->alg[0] == 'X')
        set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, 64);
    return key;
}

/* The thread's message with this key; `tag` is written or compared. */
static NTSTATUS one_call(enum way way, BCRYPT_KEY_HANDLE key, unsigned number, const UCHAR *in,
                         UCHAR *out, UCHAR tag[16])
{
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    UCHAR iv[16];
    ULONG n = 0;
    memcpy(iv, shared.iv[number], sizeof iv);
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = iv;
    info.cbNonce = shared.row->iv;
    info.pbAuthData = shared.iv[number];
    info.cbAuthData = 5;
    info.pbTag = tag;
    info.cbTag = 16;
    bool aead = shared.row->shape == AUTHENTICATED, has_iv = shared.row->shape == OWN_IV;
    return (way == ENCRYPT ? BCryptEncrypt : BCryptDecrypt)(
        key, (PUCHAR)in, BYTES, aead ? &info : NULL, has_iv ? iv : NULL,
        has_iv ? shared.row->iv : 0, out, BYTES, &n, 0);
}

static void compare(NTSTATUS status, bool same, const char *what, bool may_be_gone)
{
    if (status == STATUS_INVALID_HANDLE && may_be_gone)
        return;
    if (status != STATUS_SUCCESS)
        wrong(what, status);
    else if (!same)
        wrong("another result", 0);
}

static void use_key(unsigned number, bool may_be_gone)
{
    UCHAR out[BYTES], tag[16];
    BCRYPT_KEY_HANDLE key = atomic_load(&shared.key);
    NTSTATUS status = one_call(ENCRYPT, key, number, shared.plain[number], out, tag);
    compare(status,
            memcmp(out, shared.cipher[number], BYTES) == 0 &&
                (shared.row->shape != AUTHENTICATED || memcmp(tag, shared.tag[number], 16) == 0),
            "encrypt", may_be_gone);
    memcpy(tag, shared.tag[number], 16);
    status = one_call(DECRYPT, key, number, shared.cipher[number], out, tag);
    compare(status, memcmp(out, shared.plain[number], BYTES) == 0, "decrypt", may_be_gone);
}

static void work_key(unsigned number)
{
    use_key(number, false);
}

static void work_copies(unsigned number)
{
    BCRYPT_KEY_HANDLE copy = NULL;
    UCHAR out[BYTES], tag[16], blob[128];
    ULONG n = 0;
    NTSTATUS status = BCryptDuplicateKey(shared.key, &copy, NULL, 0, 0);
    if (status != STATUS_SUCCESS) {
        wrong("duplicate", status);
        return;
    }
    status = one_call(ENCRYPT, copy, number, shared.plain[number], out, tag);
    compare(status, memcmp(out, shared.cipher[number], BYTES) == 0, "encrypt with a copy", false);
    status = BCryptExportKey(shared.key, NULL, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob, &n, 0);
    compare(status, memcmp(blob + 12, shared.secret, shared.row->secret) == 0, "export", false);
    compare(BCryptDestroyKey(copy), true, "destroy a copy", false);
    use_key(number, false);
}

/* Thread 0 destroys the key under the others and puts a fresh one in its place. */
static void work_destroy(unsigned number)
{
    if (number != 0) {
        use_key(number, true);
        return;
    }
    BCRYPT_KEY_HANDLE old = atomic_exchange(&shared.key, shared_key());
    compare(BCryptDestroyKey(old), true, "destroy", false);
    NTSTATUS again = BCryptDestroyKey(old);
    if (again != STATUS_INVALID_HANDLE)
        wrong("destroy again", again);
}

static void check_keys(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        shared.row = &rows[i];
        ROW(rows[i].label);
        fill(shared.secret, sizeof shared.secret);
        atomic_store(&shared.key, shared_key());
        bool good = true;
        for (unsigned t = 0; t < THREADS; t++) {
            fill(shared.iv[t], 16);
            fill(shared.plain[t], BYTES);
            good = good && one_call(ENCRYPT, shared.key, t, shared.plain[t], shared.cipher[t],
                                    shared.tag[t]) == STATUS_SUCCESS;
        }
        tap(good, "one thread alone");
        /* A key that nobody has used. */
        BCryptDestroyKey(shared.key);
        atomic_store(&shared.key, shared_key());
        crew_run(work_key);
        part_report("many threads with one key");
        crew_run(work_copies);
        part_report("copying and exporting it meanwhile");
        crew_run(work_destroy);
        part_report("destroying it in the middle of calls");
        BCryptDestroyKey(shared.key);
    }
}

/* ---- changes of one key ----------------------------------------------------------------------------------------- */

static UCHAR in_cbc[BYTES], in_cfb[BYTES];

/* Thread 0 changes the mode; the others see one or the other. */
static void work_modes(unsigned number)
{
    static atomic_uint turn;
    if (number == 0) {
        NTSTATUS status = set_text(shared.key, BCRYPT_CHAINING_MODE,
                                   atomic_fetch_add(&turn, 1) % 2 == 0 ? BCRYPT_CHAIN_MODE_CFB
                                                                       : BCRYPT_CHAIN_MODE_CBC);
        if (status != STATUS_SUCCESS)
            wrong("set the mode", status);
        return;
    }
    UCHAR out[BYTES], tag[16];
    NTSTATUS status = one_call(ENCRYPT, shared.key, 1, shared.plain[1], out, tag);
    compare(status, memcmp(out, in_cbc, BYTES) == 0 || memcmp(out, in_cfb, BYTES) == 0,
            "encrypt in a changing mode", false);
}

/* All of them continue from the key's chaining value, each call whole: CBC in zeros is a chain of encryptions, so every output block is
 * the encryption of the one before, within a call and over calls. */
static UCHAR (*pieces)[16 * 4];
static atomic_uint pieces_n;
#define PIECES_MAX 20000

static void work_chain(unsigned number)
{
    UCHAR zeros[16 * 4] = {0};
    ULONG n = 0;
    unsigned at = atomic_fetch_add(&pieces_n, 1);
    (void)number;
    if (at >= PIECES_MAX)
        return;
    NTSTATUS status = BCryptEncrypt(shared.key, zeros, sizeof zeros, NULL, NULL, 0, pieces[at],
                                    sizeof zeros, &n, 0);
    if (status != STATUS_SUCCESS)
        wrong("encrypt from the key's chaining value", status);
}

static int by_first_block(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

static void check_changes(void)
{
    shared.row = &rows[1];
    ROW("AES, changes of one key");
    fill(shared.secret, sizeof shared.secret);
    atomic_store(&shared.key, shared_key());
    UCHAR tag[16];
    bool good =
        one_call(ENCRYPT, shared.key, 1, shared.plain[1], in_cbc, tag) == STATUS_SUCCESS &&
        set_text(shared.key, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_CFB) == STATUS_SUCCESS &&
        one_call(ENCRYPT, shared.key, 1, shared.plain[1], in_cfb, tag) == STATUS_SUCCESS;
    tap(good && memcmp(in_cbc, in_cfb, BYTES) != 0, "CBC and CFB");
    crew_run(work_modes);
    part_report(
        "the mode changes in the middle of calls: every answer is of one mode or the other");
    BCryptDestroyKey(shared.key);

    pieces = calloc(PIECES_MAX, sizeof *pieces);
    atomic_store(&shared.key, shared_key());
    crew_run(work_chain);
    part_report("many threads continue one chain");
    unsigned n = atomic_load(&pieces_n) < PIECES_MAX ? atomic_load(&pieces_n) : PIECES_MAX;
    BCRYPT_KEY_HANDLE ecb =
        key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, shared.secret, shared.row->secret);
    qsort(pieces, n, sizeof *pieces, by_first_block);
    unsigned found = 0;
    UCHAR last[16] = {0};
    for (; found < n; found++) {
        UCHAR next[16];
        if (!crypt_all(ENCRYPT, ecb, last, 16, NULL, 0, next))
            break;
        const UCHAR *piece = bsearch(next, pieces, n, sizeof *pieces, by_first_block);
        if (piece == NULL)
            break;
        memcpy(last, piece + 48, 16);
    }
    tap(n > THREADS && found == n, "call after call, none lost and none mixed");
    BCryptDestroyKey(ecb);
    BCryptDestroyKey(shared.key);
    free(pieces);
}

/* ---- one hash --------------------------------------------------------------------------------------------------- */

struct hash_row {
    const char *label;
    BCRYPT_ALG_HANDLE alg;
    ULONG secret, digest;
};

static const struct hash_row hash_rows[] = {
    {"MD4", BCRYPT_MD4_ALG_HANDLE, 0, 16},
    {"SHA1", BCRYPT_SHA1_ALG_HANDLE, 0, 20},
    {"SHA256", BCRYPT_SHA256_ALG_HANDLE, 0, 32},
    {"SHA512", BCRYPT_SHA512_ALG_HANDLE, 0, 64},
    {"SHA3-256", BCRYPT_SHA3_256_ALG_HANDLE, 0, 32},
    {"CSHAKE128", BCRYPT_CSHAKE128_ALG_HANDLE, 0, 32},
    {"HMAC-SHA256", BCRYPT_HMAC_SHA256_ALG_HANDLE, 20, 32},
    {"AES-CMAC", BCRYPT_AES_CMAC_ALG_HANDLE, 16, 16},
    {"KMAC256", BCRYPT_KMAC256_ALG_HANDLE, 20, 64},
};

#define PIECE 77 /* bytes: no block of any hash */
#define TIMES 150
static struct {
    const struct hash_row *row;
    _Atomic(BCRYPT_HASH_HANDLE) hash;
    UCHAR piece[PIECE];
    UCHAR digests[TIMES * THREADS + 1][64]; /* of so many repetitions of the piece */
    atomic_uint fed;
} one_hash;

static BCRYPT_HASH_HANDLE fresh_hash(void)
{
    BCRYPT_HASH_HANDLE h = NULL;
    BCryptCreateHash(one_hash.row->alg, &h, NULL, 0,
                     one_hash.row->secret > 0 ? shared.secret : NULL, one_hash.row->secret, 0);
    return h;
}

static bool is_known(const UCHAR *digest)
{
    for (unsigned i = 0; i <= TIMES * THREADS; i++) {
        if (memcmp(one_hash.digests[i], digest, one_hash.row->digest) == 0)
            return true;
    }
    return false;
}

/* Feeds the hash, so many times in all, and looks at copies. */
static void work_feed(unsigned number)
{
    if (atomic_load(&one_hash.fed) >= TIMES * THREADS)
        return;
    if (atomic_fetch_add(&one_hash.fed, 1) < TIMES * THREADS) {
        NTSTATUS status = BCryptHashData(one_hash.hash, one_hash.piece, PIECE, 0);
        if (status != STATUS_SUCCESS)
            wrong("data", status);
    }
    if (number % 2 == 0)
        return;
    BCRYPT_HASH_HANDLE copy = NULL;
    UCHAR digest[64];
    NTSTATUS status = BCryptDuplicateHash(one_hash.hash, &copy, NULL, 0, 0);
    if (status == STATUS_SUCCESS)
        status = BCryptFinishHash(copy, digest, one_hash.row->digest, 0);
    if (status != STATUS_SUCCESS)
        wrong("a copy", status);
    else if (!is_known(digest))
        wrong("a copy with half a piece", 0);
    BCryptDestroyHash(copy);
}

/* Everybody feeds and finishes a hash that starts anew: every digest is of whole pieces. */
static void work_finish(unsigned number)
{
    UCHAR digest[64];
    NTSTATUS status = BCryptHashData(one_hash.hash, one_hash.piece, PIECE, 0);
    (void)number;
    if (status == STATUS_SUCCESS) {
        status = BCryptFinishHash(one_hash.hash, digest, one_hash.row->digest, 0);
        if (status == STATUS_SUCCESS && !is_known(digest))
            wrong("a digest of half a piece", 0);
    }
    if (status != STATUS_SUCCESS)
        wrong("data or finish", status);
}

static void work_destroy_hash(unsigned number)
{
    UCHAR digest[64];
    if (number == 0) {
        BCRYPT_HASH_HANDLE old = atomic_exchange(&one_hash.hash, fresh_hash());
        compare(BCryptDestroyHash(old), true, "destroy", false);
        NTSTATUS again = BCryptDestroyHash(old);
        if (again != STATUS_INVALID_PARAMETER)
            wrong("destroy again", again);
        return;
    }
    BCRYPT_HASH_HANDLE h = atomic_load(&one_hash.hash), copy = NULL;
    compare(BCryptHashData(h, one_hash.piece, PIECE, 0), true, "data", true);
    NTSTATUS status = BCryptDuplicateHash(h, &copy, NULL, 0, 0);
    compare(status, true, "duplicate", true);
    if (status == STATUS_SUCCESS)
        compare(BCryptDestroyHash(copy), true, "destroy a copy", false);
    compare(BCryptFinishHash(h, digest, one_hash.row->digest, 0), true, "finish", true);
}

static void check_hashes(void)
{
    for (size_t i = 0; i < COUNT(hash_rows); i++) {
        one_hash.row = &hash_rows[i];
        ROW(hash_rows[i].label);
        fill(one_hash.piece, PIECE);
        BCRYPT_HASH_HANDLE h = fresh_hash(), copy = NULL;
        bool good = h != NULL;
        for (unsigned n = 0; n <= TIMES * THREADS && good; n++) {
            good = BCryptDuplicateHash(h, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
                   BCryptFinishHash(copy, one_hash.digests[n], hash_rows[i].digest, 0) ==
                       STATUS_SUCCESS &&
                   BCryptHashData(h, one_hash.piece, PIECE, 0) == STATUS_SUCCESS;
            BCryptDestroyHash(copy);
        }
        BCryptDestroyHash(h);
        tap(good, "one thread alone");
        if (!good)
            continue;
        UCHAR digest[64];
        atomic_store(&one_hash.fed, 0);
        atomic_store(&one_hash.hash, fresh_hash());
        crew_run(work_feed);
        part_report("many threads feed one hash and look at copies");
        for (unsigned n = atomic_load(&one_hash.fed); n < TIMES * THREADS; n++)
            BCryptHashData(one_hash.hash, one_hash.piece, PIECE, 0);
        tap(BCryptFinishHash(one_hash.hash, digest, hash_rows[i].digest, 0) == STATUS_SUCCESS &&
                memcmp(digest, one_hash.digests[TIMES * THREADS], hash_rows[i].digest) == 0,
            "nothing is lost");
        crew_run(work_finish);
        part_report("many threads feed and finish one hash");
        crew_run(work_destroy_hash);
        part_report("destroying it in the middle of calls");
        BCryptDestroyHash(one_hash.hash);
    }
}

int main(void)
{
    check_keys();
    check_changes();
    check_hashes();
    return tap_done();
}
