/*
 * Many hashes at once, of every algorithm that has them: random lists of operations against a model that remembers what each hash was
 * fed and asks BCryptHash; and all hashes in step, in numbers and sizes around lanes, blocks and paddings. multi.c has the contract.
 */
#include "conform_sym.h"

#define MOST_HASHES 20
#define MOST_BYTES 400

static const struct row {
    const char *label;
    LPCWSTR alg;
    ULONG flags, secret, digest;
} rows[] = {
    {"MD2", BCRYPT_MD2_ALGORITHM, 0, 0, 16},
    {"MD4", BCRYPT_MD4_ALGORITHM, 0, 0, 16},
    {"MD5", BCRYPT_MD5_ALGORITHM, 0, 0, 16},
    {"SHA1", BCRYPT_SHA1_ALGORITHM, 0, 0, 20},
    {"SHA256", BCRYPT_SHA256_ALGORITHM, 0, 0, 32},
    {"SHA384", BCRYPT_SHA384_ALGORITHM, 0, 0, 48},
    {"SHA512", BCRYPT_SHA512_ALGORITHM, 0, 0, 64},
    {"SHA3-256", BCRYPT_SHA3_256_ALGORITHM, 0, 0, 32},
    {"SHA3-512", BCRYPT_SHA3_512_ALGORITHM, 0, 0, 64},
    {"HMAC-MD5", BCRYPT_MD5_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 20, 16},
    {"HMAC-SHA1", BCRYPT_SHA1_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 20, 20},
    {"HMAC-SHA256", BCRYPT_SHA256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 100, 32},
    {"HMAC-SHA512", BCRYPT_SHA512_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 20, 64},
    {"AES-CMAC", BCRYPT_AES_CMAC_ALGORITHM, 0, 16, 16},
};

static UCHAR secret[128];

static NTSTATUS process(BCRYPT_HASH_HANDLE h, BCRYPT_MULTI_HASH_OPERATION *ops, ULONG n)
{
    return BCryptProcessMultiOperations(h, BCRYPT_OPERATION_TYPE_HASH, ops, n * (ULONG)sizeof *ops,
                                        0);
}

/* ---- against one hash after another ----------------------------------------------------------------------------- */

/* What a hash was fed since it began, and where its results go. */
struct model {
    UCHAR fed[4000];
    ULONG n;
};

static bool walk_lists(const struct row *r, BCRYPT_ALG_HANDLE alg, ULONG hashes)
{
    static struct model models[MOST_HASHES];
    static UCHAR data[64][MOST_BYTES], results[64][64], wanted[64][64];
    BCRYPT_HASH_HANDLE h = NULL;
    bool good = BCryptCreateMultiHash(alg, &h, hashes, NULL, 0, r->secret > 0 ? secret : NULL,
                                      r->secret, 0) == STATUS_SUCCESS;
    memset(models, 0, sizeof models);
    for (int list = 0; list < 40 && good; list++) {
        BCRYPT_MULTI_HASH_OPERATION ops[64];
        ULONG n = 1 + below(64);
        memset(results, GUARD_BYTE, sizeof results);
        for (ULONG i = 0; i < n; i++) {
            struct model *m;
            ops[i].iHash = below(hashes);
            m = &models[ops[i].iHash];
            ULONG bytes = below(4) == 0 ? 64 * below(4) : below(MOST_BYTES);
            if (below(3) == 0 || m->n + bytes > sizeof m->fed) {
                ops[i].hashOperation = BCRYPT_HASH_OPERATION_FINISH_HASH;
                ops[i].pbBuffer = results[i];
                ops[i].cbBuffer = r->digest;
                good = good && BCryptHash(alg, r->secret > 0 ? secret : NULL, r->secret, m->fed,
                                          m->n, wanted[i], r->digest) == STATUS_SUCCESS;
                m->n = 0;
            } else {
                fill(data[i], bytes);
                memcpy(m->fed + m->n, data[i], bytes);
                m->n += bytes;
                ops[i].hashOperation = BCRYPT_HASH_OPERATION_HASH_DATA;
                ops[i].pbBuffer = data[i];
                ops[i].cbBuffer = bytes;
            }
        }
        BCRYPT_MULTI_HASH_OPERATION before[64];
        memcpy(before, ops, sizeof ops);
        good = good && process(h, ops, n) == STATUS_SUCCESS &&
               memcmp(before, ops, n * sizeof *ops) == 0;
        for (ULONG i = 0; i < n && good; i++) {
            if (ops[i].hashOperation == BCRYPT_HASH_OPERATION_FINISH_HASH)
                good = memcmp(results[i], wanted[i], r->digest) == 0 &&
                       all_bytes(results[i] + r->digest, 64 - r->digest, GUARD_BYTE);
        }
    }
    return BCryptDestroyHash(h) == STATUS_SUCCESS && good;
}

/* All hashes in step, as programs use them: the same number of bytes for each, then all the results. */
static bool walk_in_step(const struct row *r, BCRYPT_ALG_HANDLE alg, ULONG hashes, ULONG n)
{
    static UCHAR data[MOST_HASHES][4000], results[MOST_HASHES][64];
    BCRYPT_MULTI_HASH_OPERATION ops[2 * MOST_HASHES];
    BCRYPT_HASH_HANDLE h = NULL;
    bool good = BCryptCreateMultiHash(alg, &h, hashes, NULL, 0, r->secret > 0 ? secret : NULL,
                                      r->secret, 0) == STATUS_SUCCESS;
    for (int round = 0; round < 2 && good; round++) {
        for (ULONG i = 0; i < hashes; i++) {
            fill(data[i], n);
            ops[i] = (BCRYPT_MULTI_HASH_OPERATION){i, BCRYPT_HASH_OPERATION_HASH_DATA, data[i], n};
            ops[hashes + i] = (BCRYPT_MULTI_HASH_OPERATION){i, BCRYPT_HASH_OPERATION_FINISH_HASH,
                                                            results[i], r->digest};
        }
        good = process(h, ops, 2 * hashes) == STATUS_SUCCESS;
        for (ULONG i = 0; i < hashes && good; i++) {
            UCHAR want[64];
            good = BCryptHash(alg, r->secret > 0 ? secret : NULL, r->secret, data[i], n, want,
                              r->digest) == STATUS_SUCCESS &&
                   memcmp(want, results[i], r->digest) == 0;
        }
    }
    return BCryptDestroyHash(h) == STATUS_SUCCESS && good;
}

static void check_row(const struct row *r)
{
    ROW(r->label);
    BCRYPT_ALG_HANDLE alg = open_with(r->alg, NULL, r->flags | BCRYPT_MULTI_FLAG);
    tap(alg != NULL, "opens with BCRYPT_MULTI_FLAG");
    static const ULONG counts[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, MOST_HASHES};
    bool lists = true, in_step = true;
    for (size_t i = 0; i < COUNT(counts); i++) {
        lists = lists && walk_lists(r, alg, counts[i]);
        static const ULONG sizes[] = {0,   1,   55,  56,  63,  64,   65,
                                      111, 112, 127, 128, 129, 1000, 4000};
        for (size_t k = 0; k < COUNT(sizes); k++)
            in_step = in_step && walk_in_step(r, alg, counts[i], sizes[k]);
    }
    tap(lists, "operations in any order: the results of one hash after another");
    tap(in_step, "all hashes in step, any number of them");

    /* The caller's memory. */
    BCRYPT_MULTI_OBJECT_LENGTH_STRUCT size = {0, 0};
    got = 0;
    tap(BCryptGetProperty(alg, BCRYPT_MULTI_OBJECT_LENGTH, (PUCHAR)&size, sizeof size, &got, 0) ==
                STATUS_SUCCESS &&
            got == 8 && size.cbPerObject + 4 * size.cbPerElement > 0 &&
            size.cbPerObject + size.cbPerElement * 4 <= (5 + 4) * 1024,
        "MultiObjectLength, at most what programs reserve");
    ULONG need = size.cbPerObject + 4 * size.cbPerElement;
    struct guarded object = guarded_new(need <= 9 * 1024 ? need : 9 * 1024);
    BCRYPT_HASH_HANDLE h = UNTOUCHED;
    PUCHAR key = r->secret > 0 ? secret : NULL;
    tap(BCryptCreateMultiHash(alg, &h, 4, object.p, need - 1, key, r->secret, 0) ==
                STATUS_BUFFER_TOO_SMALL &&
            BCryptCreateMultiHash(alg, &h, 5, object.p, need, key, r->secret, 0) ==
                STATUS_BUFFER_TOO_SMALL &&
            h == UNTOUCHED,
        "an object that is too small");
    UCHAR one[64], two[64];
    BCRYPT_MULTI_HASH_OPERATION ops[] = {
        {3, BCRYPT_HASH_OPERATION_HASH_DATA, secret, 70},
        {3, BCRYPT_HASH_OPERATION_FINISH_HASH, one, r->digest},
        {0, BCRYPT_HASH_OPERATION_FINISH_HASH, two, r->digest},
    };
    UCHAR want[64];
    tap(BCryptCreateMultiHash(alg, &h, 4, object.p, need, key, r->secret,
                              BCRYPT_HASH_REUSABLE_FLAG) == STATUS_SUCCESS &&
            process(h, ops, 3) == STATUS_SUCCESS &&
            BCryptHash(alg, key, r->secret, secret, 70, want, r->digest) == STATUS_SUCCESS &&
            memcmp(one, want, r->digest) == 0 &&
            BCryptHash(alg, key, r->secret, NULL, 0, want, r->digest) == STATUS_SUCCESS &&
            memcmp(two, want, r->digest) == 0 && BCryptDestroyHash(h) == STATUS_SUCCESS &&
            guarded_intact(&object),
        "an object of exactly that size, with guards around");
    guarded_free(&object);
    BCryptCloseAlgorithmProvider(alg, 0);
}

int main(void)
{
    fill(secret, sizeof secret);
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i]);
    return tap_done();
}
