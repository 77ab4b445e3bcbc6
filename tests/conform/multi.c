/*
 * Many hashes at once. Every hash and code that has a multi-hash gives, after any operations in any number of calls, what as
 * many single hash objects give. Then the contract of the two functions: wrong handles and arguments, operations of which one
 * is wrong, memory of the caller's, and threads that share an object.
 */
#include "conform_sym.h"

#include <pthread.h>
#include <stdatomic.h>

#define ELEMENTS 12
#define MOST_OPS 400
#define MOST_RESULT 200

static UCHAR pool[16384]; /* what is hashed */
static UCHAR secret[32];

/* ---- operations ------------------------------------------------------------------------------------------------- */

static BCRYPT_MULTI_HASH_OPERATION add_op(ULONG element, const UCHAR *data, ULONG n)
{
    BCRYPT_MULTI_HASH_OPERATION op = {element, BCRYPT_HASH_OPERATION_HASH_DATA, (PUCHAR)data, n};
    return op;
}

static BCRYPT_MULTI_HASH_OPERATION finish_op(ULONG element, UCHAR *out, ULONG n)
{
    BCRYPT_MULTI_HASH_OPERATION op = {element, BCRYPT_HASH_OPERATION_FINISH_HASH, out, n};
    return op;
}

static NTSTATUS process(BCRYPT_HASH_HANDLE many, BCRYPT_MULTI_HASH_OPERATION *ops, ULONG n)
{
    return BCryptProcessMultiOperations(many, BCRYPT_OPERATION_TYPE_HASH, ops,
                                        n * (ULONG)sizeof *ops, 0);
}

/* ---- every algorithm -------------------------------------------------------------------------------------------- */

struct row {
    const char *label;
    LPCWSTR name;
    ULONG flags, key, length; /* bytes of the key, and of the result */
    bool xof;
    BCRYPT_ALG_HANDLE pseudo;
};

#define HMAC BCRYPT_ALG_HANDLE_HMAC_FLAG

static const struct row rows[] = {
    {"MD2", BCRYPT_MD2_ALGORITHM, 0, 0, 16, false, BCRYPT_MD2_ALG_HANDLE},
    {"MD4", BCRYPT_MD4_ALGORITHM, 0, 0, 16, false, BCRYPT_MD4_ALG_HANDLE},
    {"MD5", BCRYPT_MD5_ALGORITHM, 0, 0, 16, false, BCRYPT_MD5_ALG_HANDLE},
    {"SHA1", BCRYPT_SHA1_ALGORITHM, 0, 0, 20, false, BCRYPT_SHA1_ALG_HANDLE},
    {"SHA256", BCRYPT_SHA256_ALGORITHM, 0, 0, 32, false, BCRYPT_SHA256_ALG_HANDLE},
    {"SHA384", BCRYPT_SHA384_ALGORITHM, 0, 0, 48, false, BCRYPT_SHA384_ALG_HANDLE},
    {"SHA512", BCRYPT_SHA512_ALGORITHM, 0, 0, 64, false, BCRYPT_SHA512_ALG_HANDLE},
    {"SHA3-256", BCRYPT_SHA3_256_ALGORITHM, 0, 0, 32, false, BCRYPT_SHA3_256_ALG_HANDLE},
    {"SHA3-384", BCRYPT_SHA3_384_ALGORITHM, 0, 0, 48, false, BCRYPT_SHA3_384_ALG_HANDLE},
    {"SHA3-512", BCRYPT_SHA3_512_ALGORITHM, 0, 0, 64, false, BCRYPT_SHA3_512_ALG_HANDLE},
    {"SHAKE128", BCRYPT_SHAKE128_ALGORITHM, 0, 0, 32, true, BCRYPT_SHAKE128_ALG_HANDLE},
    {"SHAKE256", BCRYPT_SHAKE256_ALGORITHM, 0, 0, 64, true, BCRYPT_SHAKE256_ALG_HANDLE},
    {"CSHAKE128", BCRYPT_CSHAKE128_ALGORITHM, 0, 0, 32, true, BCRYPT_CSHAKE128_ALG_HANDLE},
    {"CSHAKE256", BCRYPT_CSHAKE256_ALGORITHM, 0, 0, 64, true, BCRYPT_CSHAKE256_ALG_HANDLE},
    {"KMAC128", BCRYPT_KMAC128_ALGORITHM, 0, 32, 32, true, BCRYPT_KMAC128_ALG_HANDLE},
    {"KMAC256", BCRYPT_KMAC256_ALGORITHM, 0, 32, 64, true, BCRYPT_KMAC256_ALG_HANDLE},
    {"AES-CMAC", BCRYPT_AES_CMAC_ALGORITHM, 0, 16, 16, false, BCRYPT_AES_CMAC_ALG_HANDLE},
    {"HMAC-MD5", BCRYPT_MD5_ALGORITHM, HMAC, 20, 16, false, BCRYPT_HMAC_MD5_ALG_HANDLE},
    {"HMAC-SHA1", BCRYPT_SHA1_ALGORITHM, HMAC, 20, 20, false, BCRYPT_HMAC_SHA1_ALG_HANDLE},
    {"HMAC-SHA256", BCRYPT_SHA256_ALGORITHM, HMAC, 32, 32, false, BCRYPT_HMAC_SHA256_ALG_HANDLE},
    {"HMAC-SHA384", BCRYPT_SHA384_ALGORITHM, HMAC, 32, 48, false, BCRYPT_HMAC_SHA384_ALG_HANDLE},
    {"HMAC-SHA512", BCRYPT_SHA512_ALGORITHM, HMAC, 0, 64, false, BCRYPT_HMAC_SHA512_ALG_HANDLE},
    {"HMAC-SHA3-256", BCRYPT_SHA3_256_ALGORITHM, HMAC, 32, 32, false,
     BCRYPT_HMAC_SHA3_256_ALG_HANDLE},
    {"HMAC-SHA3-384", BCRYPT_SHA3_384_ALGORITHM, HMAC, 32, 48, false,
     BCRYPT_HMAC_SHA3_384_ALG_HANDLE},
    {"HMAC-SHA3-512", BCRYPT_SHA3_512_ALGORITHM, HMAC, 32, 64, false,
     BCRYPT_HMAC_SHA3_512_ALG_HANDLE},
};

static BCRYPT_MULTI_HASH_OPERATION random_op(const struct row *row, UCHAR *out)
{
    static const ULONG mosts[] = {8, 100, 300, 3000};
    ULONG element = below(ELEMENTS), n = below(mosts[below(4)]);
    if (below(4) == 0)
        return finish_op(element, out, row->xof ? below(MOST_RESULT) : row->length);
    return below(12) == 0 ? add_op(element, NULL, 0)
                          : add_op(element, pool + below(sizeof pool - n), n);
}

/* The same operation on a hash object, and whether the results agree. */
static bool single_agrees(BCRYPT_HASH_HANDLE single, const BCRYPT_MULTI_HASH_OPERATION *op)
{
    UCHAR out[MOST_RESULT];
    if (op->hashOperation == BCRYPT_HASH_OPERATION_HASH_DATA)
        return BCryptHashData(single, op->pbBuffer, op->cbBuffer, 0) == STATUS_SUCCESS;
    return BCryptFinishHash(single, out, op->cbBuffer, 0) == STATUS_SUCCESS &&
           memcmp(out, op->pbBuffer, op->cbBuffer) == 0 && op->pbBuffer[op->cbBuffer] == GUARD_BYTE;
}

/* Random operations, a few calls of few and one of many. */
static void check_operations(const struct row *row, BCRYPT_HASH_HANDLE many, BCRYPT_ALG_HANDLE alg,
                             const char *what)
{
    static BCRYPT_MULTI_HASH_OPERATION ops[MOST_OPS];
    static UCHAR out[MOST_OPS][MOST_RESULT + 1];
    BCRYPT_HASH_HANDLE singles[ELEMENTS] = {NULL};
    bool good = true;
    for (ULONG i = 0; i < ELEMENTS; i++)
        good = BCryptCreateHash(alg, &singles[i], NULL, 0, row->key > 0 ? secret : NULL, row->key,
                                BCRYPT_HASH_REUSABLE_FLAG) == STATUS_SUCCESS &&
               good;
    for (int call = 0; call < 5; call++) {
        ULONG n = call == 4 ? MOST_OPS : below(64);
        memset(out, GUARD_BYTE, sizeof out);
        for (ULONG i = 0; i < n; i++)
            ops[i] = random_op(row, out[i]);
        good = process(many, ops, n) == STATUS_SUCCESS && good;
        for (ULONG i = 0; i < n; i++)
            good = single_agrees(singles[ops[i].iHash], &ops[i]) && good;
    }
    for (ULONG i = 0; i < ELEMENTS; i++)
        BCryptDestroyHash(singles[i]);
    tap(good, what);
}

static ULONG object_bytes(BCRYPT_ALG_HANDLE alg, ULONG count)
{
    BCRYPT_MULTI_OBJECT_LENGTH_STRUCT lengths = {0, 0};
    got = 0;
    bool good = BCryptGetProperty(alg, BCRYPT_MULTI_OBJECT_LENGTH, (PUCHAR)&lengths, sizeof lengths,
                                  &got, 0) == STATUS_SUCCESS &&
                got == sizeof lengths;
    return good ? lengths.cbPerObject + count * lengths.cbPerElement : 0;
}

static void check_row(const struct row *row)
{
    BCRYPT_ALG_HANDLE alg = open_with(row->name, NULL, row->flags | BCRYPT_MULTI_FLAG);
    BCRYPT_HASH_HANDLE many = UNTOUCHED;
    UCHAR *key = row->key > 0 ? secret : NULL;
    ROW(row->label);
    if (alg == NULL) {
        tap_skip("many at once", "the installed libcrypto lacks it, or it is not approved");
        return;
    }
    ULONG bytes = object_bytes(alg, ELEMENTS);
    tap(bytes > 0 && bytes <= (5 + ELEMENTS) * 1024 && object_bytes(alg, 1000) <= 1005 * 1024,
        "MultiObjectLength is within what programs reserve");

    struct guarded object = guarded_new(bytes);
    tap_status(BCryptCreateMultiHash(alg, &many, ELEMENTS, object.p, bytes - 1, key, row->key, 0),
               STATUS_BUFFER_TOO_SMALL, "an object a byte short");
    tap(many == UNTOUCHED && guarded_untouched(&object), "nothing is touched");
    tap_status(BCryptCreateMultiHash(alg, &many, ELEMENTS, object.p, bytes, key, row->key, 0),
               STATUS_SUCCESS, "an object of exactly its length");
    check_operations(row, many, alg, "gives what single hashes give");
    tap(guarded_intact(&object), "and writes nothing around the object");
    tap_status(BCryptDestroyHash(many), STATUS_SUCCESS, "destroy");
    guarded_free(&object);

    tap_status(BCryptCreateMultiHash(alg, &many, ELEMENTS, NULL, 0, key, row->key,
                                     BCRYPT_HASH_REUSABLE_FLAG),
               STATUS_SUCCESS, "without an object, with the reusable flag");
    BCryptCloseAlgorithmProvider(alg, 0);
    check_operations(row, many, row->pseudo, "works when the algorithm is closed");
    BCryptDestroyHash(many);

    many = NULL;
    tap_status(BCryptCreateMultiHash(row->pseudo, &many, ELEMENTS, NULL, 0, key, row->key, 0),
               STATUS_SUCCESS, "of the pseudo-handle");
    check_operations(row, many, row->pseudo, "gives the same");
    tap(object_bytes(row->pseudo, ELEMENTS) == bytes, "and has the same MultiObjectLength");
    BCryptDestroyHash(many);
}

/* ---- those that have none --------------------------------------------------------------------------------------- */

static void check_refusals(void)
{
    static const struct {
        const char *label;
        LPCWSTR name;
        ULONG flags;
        BCRYPT_ALG_HANDLE pseudo;
    } refused[] = {
        {"HMAC-MD2", BCRYPT_MD2_ALGORITHM, HMAC, BCRYPT_HMAC_MD2_ALG_HANDLE},
        {"HMAC-MD4", BCRYPT_MD4_ALGORITHM, HMAC, BCRYPT_HMAC_MD4_ALG_HANDLE},
        {"AES-GMAC", BCRYPT_AES_GMAC_ALGORITHM, 0, BCRYPT_AES_GMAC_ALG_HANDLE},
        {"AES", BCRYPT_AES_ALGORITHM, 0, BCRYPT_AES_CBC_ALG_HANDLE},
        {"RNG", BCRYPT_RNG_ALGORITHM, 0, BCRYPT_RNG_ALG_HANDLE},
        {"RSA", BCRYPT_RSA_ALGORITHM, 0, BCRYPT_RSA_ALG_HANDLE},
    };
    BCRYPT_HASH_HANDLE many = UNTOUCHED;
    for (size_t i = 0; i < COUNT(refused); i++) {
        BCRYPT_ALG_HANDLE alg = NULL;
        ROW(refused[i].label);
        NTSTATUS status =
            BCryptOpenAlgorithmProvider(&alg, refused[i].name, NULL, refused[i].flags);
        if (status == STATUS_NOT_FOUND) {
            tap_skip("no many at once", "the installed libcrypto lacks it, or it is not approved");
            continue;
        }
        BCryptCloseAlgorithmProvider(alg, 0);
        tap_status(BCryptOpenAlgorithmProvider(&alg, refused[i].name, NULL,
                                               refused[i].flags | BCRYPT_MULTI_FLAG),
                   STATUS_NOT_SUPPORTED, "cannot be opened for many at once");
        tap_status(BCryptCreateMultiHash(refused[i].pseudo, &many, 2, NULL, 0, NULL, 0, 0),
                   STATUS_NOT_SUPPORTED, "BCryptCreateMultiHash of the pseudo-handle");
        tap_status(
            BCryptGetProperty(refused[i].pseudo, BCRYPT_MULTI_OBJECT_LENGTH, room, 8, &got, 0),
            STATUS_NOT_SUPPORTED, "MultiObjectLength of it");
    }
    ROW("SHA256 opened without BCRYPT_MULTI_FLAG");
    BCRYPT_ALG_HANDLE sha = open_alg(BCRYPT_SHA256_ALGORITHM);
    tap_status(BCryptCreateMultiHash(sha, &many, 2, NULL, 0, NULL, 0, 0), STATUS_NOT_SUPPORTED,
               "BCryptCreateMultiHash");
    tap_status(BCryptGetProperty(sha, BCRYPT_MULTI_OBJECT_LENGTH, room, 8, &got, 0),
               STATUS_NOT_SUPPORTED, "MultiObjectLength");
    tap(many == UNTOUCHED, "the handle variable is untouched");
    BCryptCloseAlgorithmProvider(sha, 0);
}

/* ---- BCryptCreateMultiHash --------------------------------------------------------------------------------------- */

static void check_create(void)
{
    BCRYPT_ALG_HANDLE sha = open_with(BCRYPT_SHA256_ALGORITHM, NULL, BCRYPT_MULTI_FLAG);
    BCRYPT_ALG_HANDLE hmac = open_with(BCRYPT_SHA256_ALGORITHM, NULL, BCRYPT_MULTI_FLAG | HMAC);
    BCRYPT_HASH_HANDLE many = UNTOUCHED, single = NULL;
    ROW("BCryptCreateMultiHash");
    tap_status(BCryptCreateMultiHash(sha, NULL, 2, NULL, 0, NULL, 0, 0), STATUS_INVALID_PARAMETER,
               "no handle variable");
    tap_status(BCryptCreateMultiHash(sha, &many, 0, NULL, 0, NULL, 0, 0), STATUS_INVALID_PARAMETER,
               "no hashes");
    tap_status(BCryptCreateMultiHash(sha, &many, 2, NULL, 0, NULL, 0, UNKNOWN_BIT),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptCreateMultiHash(sha, &many, 2, NULL, 0, NULL, 0, BCRYPT_MULTI_FLAG),
               STATUS_INVALID_PARAMETER, "a flag of BCryptOpenAlgorithmProvider");
    tap_status(BCryptCreateMultiHash(sha, &many, 2, NULL, 0, secret, 16, 0),
               STATUS_INVALID_PARAMETER, "a key for a hash that takes none");
    tap_status(BCryptCreateMultiHash(hmac, &many, 2, NULL, 0, NULL, 16, 0),
               STATUS_INVALID_PARAMETER, "no key for its bytes");
    tap_status(BCryptCreateMultiHash(BCRYPT_AES_CMAC_ALG_HANDLE, &many, 2, NULL, 0, secret, 15, 0),
               STATUS_INVALID_PARAMETER, "an AES-CMAC key of 15 bytes");
    tap_status(BCryptCreateMultiHash(sha, &many, 0xFFFFFFFF, room, sizeof room, NULL, 0, 0),
               STATUS_BUFFER_TOO_SMALL, "an object for far fewer hashes");
    tap_status(BCryptCreateMultiHash(NULL, &many, 2, NULL, 0, NULL, 0, 0), STATUS_INVALID_HANDLE,
               "no algorithm");
    BCryptCreateHash(sha, &single, NULL, 0, NULL, 0, 0);
    tap_status(BCryptCreateMultiHash(single, &many, 2, NULL, 0, NULL, 0, 0), STATUS_INVALID_HANDLE,
               "a hash instead of an algorithm");
    tap(many == UNTOUCHED, "the handle variable is untouched");

    ROW("a multi-hash");
    tap_status(BCryptCreateMultiHash(sha, &many, 2, NULL, 0, NULL, 0, 0), STATUS_SUCCESS,
               "can be made");
    tap_status(BCryptHashData(many, pool, 5, 0), STATUS_INVALID_HANDLE, "BCryptHashData");
    tap_status(BCryptFinishHash(many, room, 32, 0), STATUS_INVALID_HANDLE, "BCryptFinishHash");
    BCRYPT_HASH_HANDLE copy = UNTOUCHED;
    tap_status(BCryptDuplicateHash(many, &copy, NULL, 0, 0), STATUS_INVALID_HANDLE,
               "BCryptDuplicateHash");
    tap(copy == UNTOUCHED, "which makes nothing");
    tap_status(BCryptDestroyKey(many), STATUS_INVALID_HANDLE, "BCryptDestroyKey");
    tap_status(process(single, NULL, 0), STATUS_INVALID_HANDLE,
               "BCryptProcessMultiOperations of a single hash");
    tap_status(process(NULL, NULL, 0), STATUS_INVALID_HANDLE, "of nothing");
    tap_status(process(sha, NULL, 0), STATUS_INVALID_HANDLE, "of an algorithm");
    tap_status(process(BCRYPT_SHA256_ALG_HANDLE, NULL, 0), STATUS_INVALID_HANDLE,
               "of a pseudo-handle");
    tap_status(BCryptDestroyHash(many), STATUS_SUCCESS, "BCryptDestroyHash");
    tap_status(BCryptDestroyHash(many), STATUS_INVALID_PARAMETER, "BCryptDestroyHash again");
    tap_status(process(many, NULL, 0), STATUS_INVALID_HANDLE,
               "BCryptProcessMultiOperations afterwards");
    BCryptDestroyHash(single);
    BCryptCloseAlgorithmProvider(sha, 0);
    BCryptCloseAlgorithmProvider(hmac, 0);
}

/* ---- BCryptProcessMultiOperations -------------------------------------------------------------------------------- */

/* A wrong operation behind good ones: nothing is done. */
static void check_wrong_operations(BCRYPT_ALG_HANDLE alg, ULONG length, const char *label)
{
    UCHAR want[64];
    struct guarded out = guarded_new(length);
    BCRYPT_HASH_HANDLE many = NULL;
    const struct {
        const char *what;
        BCRYPT_MULTI_HASH_OPERATION op;
    } wrong[] = {
        {"data for an element too many", {3, BCRYPT_HASH_OPERATION_HASH_DATA, pool, 5}},
        {"a result of an element too many", {3, BCRYPT_HASH_OPERATION_FINISH_HASH, out.p, length}},
        {"an element far away", {0xFFFFFFFF, BCRYPT_HASH_OPERATION_HASH_DATA, pool, 5}},
        {"no operation", {1, (BCRYPT_HASH_OPERATION_TYPE)0, pool, 5}},
        {"an unknown operation", {1, (BCRYPT_HASH_OPERATION_TYPE)3, pool, 5}},
        {"no data for its bytes", {1, BCRYPT_HASH_OPERATION_HASH_DATA, NULL, 5}},
        {"no result", {1, BCRYPT_HASH_OPERATION_FINISH_HASH, NULL, length}},
        {"no result of no bytes", {1, BCRYPT_HASH_OPERATION_FINISH_HASH, NULL, 0}},
        {"a result a byte short", {1, BCRYPT_HASH_OPERATION_FINISH_HASH, out.p, length - 1}},
        {"a result a byte long", {1, BCRYPT_HASH_OPERATION_FINISH_HASH, out.p, length + 1}},
    };
    ROW(label);
    tap(BCryptHash(alg, NULL, 0, pool, 100, want, length) == STATUS_SUCCESS &&
            BCryptCreateMultiHash(alg, &many, 3, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS,
        "three hashes");
    BCRYPT_MULTI_HASH_OPERATION ops[4] = {add_op(0, pool, 100)};
    tap_status(process(many, ops, 1), STATUS_SUCCESS, "data");
    for (size_t i = 0; i < COUNT(wrong); i++) {
        ops[0] = add_op(0, pool, 50);
        ops[1] = finish_op(0, out.p, length);
        ops[2] = wrong[i].op;
        ops[3] = add_op(0, pool, 5);
        tap_status(process(many, ops, 4), STATUS_INVALID_PARAMETER, wrong[i].what);
    }
    tap(guarded_untouched(&out), "no result was written");
    ops[0] = finish_op(0, out.p, length);
    tap(process(many, ops, 1) == STATUS_SUCCESS && memcmp(out.p, want, length) == 0 &&
            guarded_intact(&out),
        "and no data was added");
    BCryptDestroyHash(many);
    guarded_free(&out);
}

static void check_process(void)
{
    BCRYPT_HASH_HANDLE many = NULL;
    UCHAR out[32], want[32];
    BCRYPT_MULTI_HASH_OPERATION ops[2] = {add_op(0, pool, 100), finish_op(0, out, 32)};
    const ULONG one = sizeof ops[0];
    BCryptCreateMultiHash(BCRYPT_SHA256_ALG_HANDLE, &many, 1, NULL, 0, NULL, 0, 0);
    BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, pool, 100, want, 32);
    ROW("BCryptProcessMultiOperations");
    tap_status(BCryptProcessMultiOperations(many, (BCRYPT_MULTI_OPERATION_TYPE)0, ops, 2 * one, 0),
               STATUS_INVALID_PARAMETER, "no type");
    tap_status(BCryptProcessMultiOperations(many, (BCRYPT_MULTI_OPERATION_TYPE)2, ops, 2 * one, 0),
               STATUS_INVALID_PARAMETER, "an unknown type");
    tap_status(
        BCryptProcessMultiOperations(many, BCRYPT_OPERATION_TYPE_HASH, ops, 2 * one, UNKNOWN_BIT),
        STATUS_INVALID_PARAMETER, "an unknown flag");
    static const ULONG odd[] = {1, 2, 23, 25, 47};
    for (size_t i = 0; i < COUNT(odd); i++) {
        char what[64];
        snprintf(what, sizeof what, "an array of %u bytes", (unsigned)odd[i]);
        tap_status(BCryptProcessMultiOperations(many, BCRYPT_OPERATION_TYPE_HASH, ops, odd[i], 0),
                   STATUS_INVALID_PARAMETER, what);
    }
    tap_status(BCryptProcessMultiOperations(many, BCRYPT_OPERATION_TYPE_HASH, NULL, one, 0),
               STATUS_INVALID_PARAMETER, "no array for its bytes");
    tap_status(process(many, NULL, 0), STATUS_SUCCESS, "no operations");
    tap_status(process(many, ops, 0), STATUS_SUCCESS, "none of an array");
    tap(process(many, ops, 2) == STATUS_SUCCESS && memcmp(out, want, 32) == 0,
        "and the hash is still fresh");
    /* Nobody says that the array is aligned. */
    UCHAR bytes[2 * sizeof ops[0] + 1];
    memcpy(bytes + 1, ops, sizeof ops);
    memset(out, 0, sizeof out);
    tap(BCryptProcessMultiOperations(many, BCRYPT_OPERATION_TYPE_HASH, bytes + 1, 2 * one, 0) ==
                STATUS_SUCCESS &&
            memcmp(out, want, 32) == 0,
        "an array at an odd address");
    BCryptDestroyHash(many);
    check_wrong_operations(BCRYPT_SHA256_ALG_HANDLE, 32, "one wrong operation of SHA256");
    check_wrong_operations(BCRYPT_SHA1_ALG_HANDLE, 20, "one wrong operation of SHA1");
}

/* ---- many of many ------------------------------------------------------------------------------------------------ */

static void check_great_number(void)
{
    enum { COUNT_OF_ELEMENTS = 1000 };
    static BCRYPT_MULTI_HASH_OPERATION ops[2 * COUNT_OF_ELEMENTS];
    static UCHAR out[COUNT_OF_ELEMENTS][64];
    UCHAR want[64];
    BCRYPT_HASH_HANDLE many = NULL;
    bool good = BCryptCreateMultiHash(BCRYPT_SHA512_ALG_HANDLE, &many, COUNT_OF_ELEMENTS, NULL, 0,
                                      NULL, 0, 0) == STATUS_SUCCESS;
    ROW("a thousand hashes");
    for (ULONG i = 0; i < COUNT_OF_ELEMENTS; i++) {
        ops[i] = add_op(i, pool + i, 7 * i);
        ops[COUNT_OF_ELEMENTS + i] = finish_op(i, out[i], 64);
    }
    good = process(many, ops, 2 * COUNT_OF_ELEMENTS) == STATUS_SUCCESS && good;
    for (ULONG i = 0; i < COUNT_OF_ELEMENTS; i++) {
        BCryptHash(BCRYPT_SHA512_ALG_HANDLE, NULL, 0, pool + i, 7 * i, want, 64);
        good = memcmp(out[i], want, 64) == 0 && good;
    }
    tap(good, "in one call");
    BCryptDestroyHash(many);
}

/* ---- threads ----------------------------------------------------------------------------------------------------- */

#define THREADS 4
#define ROUNDS 300

static BCRYPT_HASH_HANDLE shared;
static atomic_uint wrong_answers, next_thread, refusals;

/* A thread's own element gives the right digests, whatever the others do with theirs. */
static void *use_own_element(void *arg)
{
    ULONG element = atomic_fetch_add(&next_thread, 1);
    UCHAR out[32], want[32];
    (void)arg;
    for (ULONG i = 0; i < ROUNDS; i++) {
        BCRYPT_MULTI_HASH_OPERATION ops[] = {add_op(element, pool + element, i),
                                             add_op(element, pool + i, 100),
                                             finish_op(element, out, 32)};
        UCHAR message[ROUNDS + 100];
        memcpy(message, pool + element, i);
        memcpy(message + i, pool + i, 100);
        BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, message, i + 100, want, 32);
        if (process(shared, ops, 1) < 0 || process(shared, ops + 1, 2) < 0 ||
            memcmp(out, want, 32) != 0)
            atomic_fetch_add(&wrong_answers, 1);
    }
    return NULL;
}

/* All on one element, until somebody destroys the object. */
static void *use_one_element(void *arg)
{
    UCHAR out[32];
    (void)arg;
    for (;;) {
        BCRYPT_MULTI_HASH_OPERATION ops[] = {add_op(0, pool, 77), add_op(1, pool, 1000),
                                             finish_op(0, out, 32)};
        NTSTATUS status = process(shared, ops, 3);
        if (status == STATUS_INVALID_HANDLE) {
            atomic_fetch_add(&refusals, 1);
            return NULL;
        }
        if (status != STATUS_SUCCESS)
            atomic_fetch_add(&wrong_answers, 1);
    }
}

static void check_threads(void)
{
    pthread_t threads[THREADS];
    bool good = BCryptCreateMultiHash(BCRYPT_SHA256_ALG_HANDLE, &shared, THREADS, NULL, 0, NULL, 0,
                                      0) == STATUS_SUCCESS;
    ROW("threads");
    for (int i = 0; i < THREADS; i++)
        good = pthread_create(&threads[i], NULL, use_own_element, NULL) == 0 && good;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    tap(good && wrong_answers == 0, "each with an element of its own");
    for (int i = 0; i < THREADS; i++)
        good = pthread_create(&threads[i], NULL, use_one_element, NULL) == 0 && good;
    for (int i = 0; i < 20; i++)
        sched_yield();
    tap_status(BCryptDestroyHash(shared), STATUS_SUCCESS, "destroyed while in use");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    tap(good && wrong_answers == 0 && refusals == THREADS,
        "every call succeeds or finds no object");
}

int main(void)
{
    fill(pool, sizeof pool);
    fill(secret, sizeof secret);
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i]);
    check_refusals();
    check_create();
    check_process();
    check_great_number();
    check_threads();
    return tap_done();
}
