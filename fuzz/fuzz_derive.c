/*
 * Parameter lists of key derivation, in bcrypt.h and ncrypt.h. An input is
 *
 *    0  what      index into `kdfs`: first those of BCryptKeyDerivation, then those of an agreed secret;
 *                 bit 7: the list's version is wrong
 *    1  flags     u16
 *    3  size      u16 bytes that are asked for
 *    5  secret    a length and bytes
 *    …  settings  HKDF: which property is set with what, two times {which, a length, bytes}
 *    …  list      {type, form, a length, bytes} for each buffer; a form has bit 0: a string of characters,
 *                 with its NUL where bit 1 is set; bit 2: at NULL; bit 3: the type is no KDF_… number
 *
 * What is derived twice is the same; nothing is written beyond what was asked for, or by a refusal;
 * ncrypt.h derives what bcrypt.h derives. Counts of iterations have one byte, or the wait would be long; where the list has
 * none, which means 10000, little is asked for.
 */
#include "fuzz_keys.h"

#include <ncrypt.h>

#define BUFFERS_MOST 24
#define SIZE_AT_10000 255

/* kdfs that are algorithms; behind them HASH, HMAC, TLS_PRF, concatenation, raw, HKDF. */
enum { OWN_PBKDF2, OWN_HKDF, OWN = 8, AGREED_HKDF = OWN + 5 };

static const LPCWSTR kdfs[] = {
    BCRYPT_PBKDF2_ALGORITHM,
    BCRYPT_HKDF_ALGORITHM,
    BCRYPT_SP800108_CTR_HMAC_ALGORITHM,
    BCRYPT_SP80056A_CONCAT_ALGORITHM,
    BCRYPT_CAPI_KDF_ALGORITHM,
    BCRYPT_TLS1_1_KDF_ALGORITHM,
    BCRYPT_TLS1_2_KDF_ALGORITHM,
    BCRYPT_AES_ALGORITHM, /* no KDF */
    BCRYPT_KDF_HASH,
    BCRYPT_KDF_HMAC,
    BCRYPT_KDF_TLS_PRF,
    BCRYPT_KDF_SP80056A_CONCAT,
    BCRYPT_KDF_RAW_SECRET,
    BCRYPT_KDF_HKDF,
    L"NONE",
};

static const LPCWSTR settings[] = {
    BCRYPT_HKDF_HASH_ALGORITHM,
    BCRYPT_HKDF_SALT_AND_FINALIZE,
    BCRYPT_HKDF_PRK_AND_FINALIZE,
};

struct job {
    BCRYPT_HANDLE key;
    NCRYPT_SECRET_HANDLE stored; /* of ncrypt.h, or 0 */
    LPCWSTR kdf;                 /* NULL: BCryptKeyDerivation */
    BCryptBufferDesc *list;
    ULONG flags;
};

/* ---- objects ------------------------------------------------------------------------------------ */

static BCRYPT_SECRET_HANDLE secret_of(unsigned which)
{
    static const size_t keys[] = {10, 11, 12}; /* P-256, X25519, DH */
    const struct pair *p = pair_of(keys[which % COUNT(keys)]);
    BCRYPT_SECRET_HANDLE secret = NULL;
    FUZZ_CHECK(p != NULL);
    FUZZ_CHECK(BCryptSecretAgreement(p->key, p->key, &secret, 0) == STATUS_SUCCESS);
    return secret;
}

/* The same secret in ncrypt.h. */
static NCRYPT_SECRET_HANDLE stored_secret(void)
{
    static NCRYPT_KEY_HANDLE key;
    NCRYPT_SECRET_HANDLE secret = 0;
    if (key == 0) {
        NCRYPT_PROV_HANDLE provider = 0;
        UCHAR blob[256];
        ULONG n = 0;
        FUZZ_CHECK(NCryptOpenStorageProvider(&provider, NULL, 0) == ERROR_SUCCESS);
        FUZZ_CHECK(BCryptExportKey(pair_of(10)->key, NULL, BCRYPT_ECCPRIVATE_BLOB, blob,
                                   sizeof blob, &n, 0) == STATUS_SUCCESS);
        FUZZ_CHECK(NCryptImportKey(provider, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, &key, blob, n, 0) ==
                   ERROR_SUCCESS);
    }
    FUZZ_CHECK(NCryptSecretAgreement(key, key, &secret, 0) == ERROR_SUCCESS);
    return secret;
}

static BCRYPT_KEY_HANDLE key_of(size_t which, struct bytes secret)
{
    static BCRYPT_ALG_HANDLE algs[OWN];
    BCRYPT_KEY_HANDLE key = NULL;
    if (algs[which] == NULL)
        algs[which] = open_algorithm(kdfs[which], 0);
    if (BCryptGenerateSymmetricKey(algs[which], &key, NULL, 0, secret.p, secret.n, 0) < 0)
        return NULL;
    return key;
}

/* ---- the list ----------------------------------------------------------------------------------- */

static void take_buffer(struct input *in, BCryptBuffer *b)
{
    uint8_t type = take_byte(in), form = take_byte(in);
    struct bytes value;
    if ((form & 1) != 0) {
        WCHAR *s = take_text(in);
        ULONG n = text_bytes(s) - ((form & 2) != 0 ? 0 : (ULONG)sizeof *s);
        value = (struct bytes){input_own(in, n), n};
        memcpy(value.p, s, n);
    } else {
        value = take_some(in);
    }
    if (type == KDF_ITERATION_COUNT && value.n > 1)
        memset(value.p + 1, 0, value.n - 1);
    *b = (BCryptBuffer){value.n, (form & 8) != 0 ? ~(ULONG)type : type,
                        (form & 4) != 0 ? NULL : value.p};
}

static bool has_count(const BCryptBufferDesc *list)
{
    for (ULONG i = 0; i < list->cBuffers; i++) {
        if (list->pBuffers[i].BufferType == KDF_ITERATION_COUNT)
            return true;
    }
    return false;
}

static ULONG take_list(struct input *in, BCryptBuffer *buffers)
{
    ULONG n = 0;
    while (n < BUFFERS_MOST && input_more(in))
        take_buffer(in, &buffers[n++]);
    return n;
}

/* ---- deriving ----------------------------------------------------------------------------------- */

static NTSTATUS derive(const struct job *j, UCHAR *out, ULONG room, ULONG *n)
{
    if (j->stored != 0)
        return NCryptDeriveKey(j->stored, j->kdf, j->list, out, room, n, j->flags);
    return j->kdf != NULL ? BCryptDeriveKey(j->key, j->kdf, j->list, out, room, n, j->flags)
                          : BCryptKeyDerivation(j->key, j->list, out, room, n, j->flags);
}

/* What it gives, in a room of that size; nothing is written behind what it says. */
static NTSTATUS derive_into(const struct job *j, struct room *room, ULONG *n)
{
    NTSTATUS status = derive(j, room->p, room->n, n);
    FUZZ_CHECK(room_untouched_from(room, status < 0 ? 0 : *n));
    FUZZ_CHECK(status < 0 || *n <= room->n);
    return status;
}

static void check_job(struct job *j, ULONG size)
{
    struct room first = room_new(size), second = room_new(size), third = room_new(size);
    ULONG n = 0, again = 0, need = 0;
    NTSTATUS status = derive_into(j, &first, &n);
    FUZZ_CHECK(derive_into(j, &second, &again) == status);
    if (status == STATUS_SUCCESS)
        FUZZ_CHECK(n == again && memcmp(first.p, second.p, n) == 0);
    /* Only some have a size of their own to tell; they give no more than that. */
    bool sized = j->kdf == kdfs[OWN] || j->kdf == kdfs[OWN + 1] || j->kdf == kdfs[OWN + 4];
    NTSTATUS asked = derive(j, NULL, 0, &need);
    if (sized && status == STATUS_SUCCESS)
        FUZZ_CHECK(asked == STATUS_SUCCESS && n <= need);
    /* What was set on the secret is not set on that one. */
    if (j->kdf != NULL && j->kdf != kdfs[AGREED_HKDF]) {
        j->stored = stored_secret();
        NTSTATUS other = derive_into(j, &third, &again);
        FUZZ_CHECK((other < 0) == (status < 0) || (j->flags & NCRYPT_SILENT_FLAG) != 0);
        if (status == STATUS_SUCCESS && other == ERROR_SUCCESS)
            FUZZ_CHECK(n == again && memcmp(first.p, third.p, n) == 0);
        FUZZ_CHECK(NCryptFreeObject(j->stored) == ERROR_SUCCESS);
    }
    room_free(&first);
    room_free(&second);
    room_free(&third);
}

static void one(struct input *in)
{
    uint8_t what = take_byte(in);
    size_t which = (what & 0x7Fu) % COUNT(kdfs);
    struct job j = {.flags = take_u16(in)};
    ULONG size = take_u16(in);
    struct bytes secret = take_some(in);
    BCryptBuffer buffers[BUFFERS_MOST];
    BCryptBufferDesc list = {(what & 0x80) != 0 ? 1 : BCRYPTBUFFER_VERSION, 0, buffers};
    bool own = which < OWN;
    j.key = own ? key_of(which, secret) : secret_of(0);
    j.kdf = own ? NULL : kdfs[which];
    if (j.key == NULL)
        return;
    if (which == OWN_HKDF || which == AGREED_HKDF) {
        for (int i = 0; i < 2; i++) {
            LPCWSTR name = settings[take_byte(in) % COUNT(settings)];
            struct bytes value = take_some(in);
            if (name == settings[0]) {
                WCHAR *hash = input_own(in, (value.n + 1) * sizeof *hash);
                for (ULONG k = 0; k <= value.n; k++)
                    hash[k] = k < value.n ? value.p[k] : 0;
                value = (struct bytes){(UCHAR *)hash, text_bytes(hash)};
            }
            (void)BCryptSetProperty(j.key, name, value.p, value.n, 0);
        }
    }
    list.cBuffers = take_list(in, buffers);
    j.list = list.cBuffers > 0 || (what & 0x80) != 0 ? &list : NULL;
    if (which == OWN_PBKDF2 && !has_count(&list))
        size %= SIZE_AT_10000;
    check_job(&j, size);
    FUZZ_CHECK(own ? BCryptDestroyKey(j.key) == STATUS_SUCCESS
                   : BCryptDestroySecret(j.key) == STATUS_SUCCESS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1u << 16)
        return 0;
    struct input in = {.p = data, .n = size};
    one(&in);
    input_done(&in);
    return 0;
}
