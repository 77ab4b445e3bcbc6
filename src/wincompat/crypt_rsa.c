/*
 * RSA keys (RFC 8017, A.1) as the blobs of CryptoAPI and of bcrypt.h:
 *
 *   RSAPublicKey   n e                  RSAPrivateKey   0 n e d p q dp dq qi
 *
 *   CryptoAPI: everything little-endian       bcrypt.h: numbers big-endian
 *    0  PUBLICKEYSTRUC                         0  BCRYPT_RSAKEY_BLOB
 *    8  RSAPUBKEY                             24  e n        or  e n p q
 *   20  n            or  n p q dp dq qi d
 *
 * In CryptoAPI's blobs n and d take bitlen, whole bytes here as in what bcrypt.h exports; the others half
 * of that, rounded up.
 */
#include "crypt_types.h"

#include <endian.h>
#include <string.h>

#define CSP_HEAD (sizeof(PUBLICKEYSTRUC) + sizeof(RSAPUBKEY))
#define CSP_PUBLIC_MAGIC 0x31415352  /* RSA1 */
#define CSP_PRIVATE_MAGIC 0x32415352 /* RSA2 */
#define MOST_BITS 16384u

_Static_assert(CSP_HEAD == 20 && sizeof(BCRYPT_RSAKEY_BLOB) == 24, "as drawn");

/* Headers that are nothing but 32-bit numbers. */
#define HEAD_TURN(head) fields_turn((DWORD *)(head), sizeof *(head) / sizeof(DWORD))

/* The numbers of a key in the order of RSAPrivateKey. A public key has the first two. */
enum { N, E, D, P, Q, DP, DQ, QI, NUMBERS };

static void key_decode(struct der *d, struct bytes *v, size_t count)
{
    struct der in = der_enter(d, DER_SEQUENCE);
    if (count > 2 && der_small(&in) != 0)
        der_fail(&in, CRYPT_E_ASN1_CORRUPT); /* a key of more than two primes */
    for (size_t i = 0; i < count; i++)
        v[i] = der_number(&in);
    der_leave(d, &in);
    if (d->error == NO_ERROR && v[N].n > MOST_BITS / 8)
        der_fail(d, CRYPT_E_ASN1_LARGE);
}

static void key_encode(struct der_out *o, const struct bytes *v, size_t count, bool little_endian)
{
    size_t since = o->n;
    for (size_t i = count; i-- > 0;)
        der_put_number(o, v[i].p, v[i].n, little_endian);
    if (count > 2)
        der_put_small(o, 0);
    der_wrap(o, DER_SEQUENCE, since);
}

static DWORD bits_of(struct bytes v)
{
    return (DWORD)(8 * v.n) - (DWORD)(__builtin_clz(v.p[0] | 1u) - 24);
}

/* ---- CryptoAPI --------------------------------------------------------------------------------- */

/* A number in so many little-endian bytes. */
static void put_little(struct der *d, BYTE **at, struct bytes v, size_t n)
{
    if (v.n > n) {
        der_fail(d, CRYPT_E_ASN1_LARGE);
        return;
    }
    for (size_t i = 0; *at != NULL && i < n; i++)
        (*at)[i] = i < v.n ? v.p[v.n - 1 - i] : 0;
    if (*at != NULL)
        *at += n;
}

static void csp_decode(struct der *d, struct block *b, size_t count)
{
    static const BYTE order[] = {N, P, Q, DP, DQ, QI, D};
    struct bytes v[NUMBERS] = {{NULL, 0}};
    key_decode(d, v, count);
    if (d->error != NO_ERROR)
        return;
    bool is_private = count > 2;
    size_t whole = v[N].n, half = (whole + 1) / 2;
    BYTE *at = block_take(b, CSP_HEAD + whole + (is_private ? 5 * half + whole : 0));
    if (v[E].n > sizeof(DWORD))
        der_fail(d, CRYPT_E_ASN1_LARGE);
    if (at != NULL && d->error == NO_ERROR) {
        PUBLICKEYSTRUC head = {is_private ? PRIVATEKEYBLOB : PUBLICKEYBLOB, CUR_BLOB_VERSION, 0,
                               htole32(CALG_RSA_KEYX)};
        RSAPUBKEY rsa = {is_private ? CSP_PRIVATE_MAGIC : CSP_PUBLIC_MAGIC, (DWORD)(8 * whole), 0};
        for (size_t i = 0; i < v[E].n; i++)
            rsa.pubexp = rsa.pubexp << 8 | v[E].p[i];
        HEAD_TURN(&rsa);
        memcpy(at, &head, sizeof head);
        memcpy(at + sizeof head, &rsa, sizeof rsa);
        at += CSP_HEAD;
    }
    for (size_t i = 0; i < (is_private ? sizeof order : 1); i++)
        put_little(d, &at, v[order[i]], order[i] == N || order[i] == D ? whole : half);
}

static void csp_encode(struct der_out *o, const void *info, size_t count)
{
    const PUBLICKEYSTRUC *head = info;
    RSAPUBKEY rsa;
    const BYTE *at = (const BYTE *)info + CSP_HEAD;
    bool is_private = count > 2;
    memcpy(&rsa, head + 1, sizeof rsa);
    HEAD_TURN(&rsa);
    if (head->bType != (is_private ? PRIVATEKEYBLOB : PUBLICKEYBLOB) ||
        rsa.magic != (is_private ? CSP_PRIVATE_MAGIC : CSP_PUBLIC_MAGIC) || rsa.bitlen == 0 ||
        rsa.bitlen > MOST_BITS) {
        o->bad = true;
        return;
    }
    size_t whole = (rsa.bitlen + 7) / 8, half = (whole + 1) / 2;
    struct bytes v[NUMBERS] = {
        [N] = {at, whole},
        [E] = {at - sizeof rsa.pubexp, sizeof rsa.pubexp},
        [P] = {at + whole, half},
        [Q] = {at + whole + half, half},
        [DP] = {at + whole + 2 * half, half},
        [DQ] = {at + whole + 3 * half, half},
        [QI] = {at + whole + 4 * half, half},
        [D] = {at + whole + 5 * half, whole},
    };
    key_encode(o, v, count, true);
}

void rsa_csp_public_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    csp_decode(d, b, 2);
}

void rsa_csp_public_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    csp_encode(o, info, 2);
}

void rsa_csp_private_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    csp_decode(d, b, NUMBERS);
}

void rsa_csp_private_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    csp_encode(o, info, NUMBERS);
}

/* ---- bcrypt.h ---------------------------------------------------------------------------------- */

static void cng_decode(struct der *d, struct block *b, size_t count)
{
    static const BYTE order[] = {E, N, P, Q};
    struct bytes v[NUMBERS] = {{NULL, 0}};
    size_t used = count > 2 ? 4 : 2, n = sizeof(BCRYPT_RSAKEY_BLOB);
    key_decode(d, v, count);
    if (d->error != NO_ERROR)
        return;
    for (size_t i = 0; i < used; i++)
        n += v[order[i]].n;
    BYTE *at = block_take(b, n);
    if (at == NULL)
        return;
    BCRYPT_RSAKEY_BLOB head = {count > 2 ? BCRYPT_RSAPRIVATE_MAGIC : BCRYPT_RSAPUBLIC_MAGIC,
                               bits_of(v[N]),
                               (ULONG)v[E].n,
                               (ULONG)v[N].n,
                               count > 2 ? (ULONG)v[P].n : 0,
                               count > 2 ? (ULONG)v[Q].n : 0};
    HEAD_TURN(&head);
    memcpy(at, &head, sizeof head);
    at += sizeof head;
    for (size_t i = 0; i < used; i++) {
        memcpy(at, v[order[i]].p, v[order[i]].n);
        at += v[order[i]].n;
    }
}

void rsa_cng_public_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    cng_decode(d, b, 2);
}

void rsa_cng_private_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    cng_decode(d, b, NUMBERS);
}

static void head_read(BCRYPT_RSAKEY_BLOB *head, const void *blob)
{
    memcpy(head, blob, sizeof *head);
    HEAD_TURN(head);
}

/* Reads the header: whether the sizes of the blob's numbers make sense. */
static bool cng_is(BCRYPT_RSAKEY_BLOB *head, const void *blob, ULONG magic)
{
    head_read(head, blob);
    return head->Magic == magic && head->cbPublicExp > 0 && head->cbPublicExp <= MOST_BITS / 8 &&
           head->cbModulus > 0 && head->cbModulus <= MOST_BITS / 8 &&
           head->cbPrime1 <= MOST_BITS / 8 && head->cbPrime2 <= MOST_BITS / 8;
}

void rsa_cng_public_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    BCRYPT_RSAKEY_BLOB head;
    const BYTE *at = (const BYTE *)info + sizeof head;
    if (!cng_is(&head, info, BCRYPT_RSAPUBLIC_MAGIC)) {
        o->bad = true;
        return;
    }
    struct bytes v[2] = {
        [N] = {at + head.cbPublicExp, head.cbModulus}, [E] = {at, head.cbPublicExp}};
    key_encode(o, v, 2, false);
}

/* The blob has no d and no CRT numbers: a key computes them. NULL when the blob is no key. */
static BYTE *full_blob_new(const BCRYPT_RSAKEY_BLOB *head, const void *blob)
{
    ULONG n =
        (ULONG)sizeof *head + head->cbPublicExp + head->cbModulus + head->cbPrime1 + head->cbPrime2;
    BCRYPT_KEY_HANDLE key;
    BYTE *full = NULL;
    if (!BCRYPT_SUCCESS(BCryptImportKeyPair(BCRYPT_RSA_ALG_HANDLE, NULL, BCRYPT_RSAPRIVATE_BLOB,
                                            &key, (PUCHAR)(uintptr_t)blob, n,
                                            BCRYPT_NO_KEY_VALIDATION)))
        return NULL;
    if (BCRYPT_SUCCESS(BCryptExportKey(key, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, NULL, 0, &n, 0)))
        full = malloc(n);
    if (full != NULL &&
        !BCRYPT_SUCCESS(BCryptExportKey(key, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, full, n, &n, 0))) {
        free(full);
        full = NULL;
    }
    BCryptDestroyKey(key);
    return full;
}

void rsa_cng_private_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    BCRYPT_RSAKEY_BLOB head;
    BYTE *full = cng_is(&head, info, BCRYPT_RSAPRIVATE_MAGIC) ? full_blob_new(&head, info) : NULL;
    if (full == NULL) {
        o->bad = true;
        return;
    }
    head_read(&head, full);
    const ULONG sizes[] = {head.cbPublicExp, head.cbModulus, head.cbPrime1, head.cbPrime2,
                           head.cbPrime1,    head.cbPrime2,  head.cbPrime1, head.cbModulus};
    static const BYTE order[] = {E, N, P, Q, DP, DQ, QI, D};
    struct bytes v[NUMBERS];
    BYTE *start = full + sizeof head, *at = start;
    for (size_t i = 0; i < NUMBERS; i++) {
        v[order[i]] = (struct bytes){at, sizes[i]};
        at += sizes[i];
    }
    key_encode(o, v, NUMBERS, false);
    SecureZeroMemory(start, (size_t)(at - start));
    free(full);
}
