/*
 * Random walks over hash objects: data, results right and wrong, output in pieces, copies, strings and nonces at good and bad
 * times, on a handful of objects at once. The model of an object is the bytes that went in and where its output stands; what they
 * must give is asked of a fresh object in one go. At the end TLS records, which are checked and reset in one call.
 */
#include "conform_sym.h"

#define STEPS 3000
#define OBJECTS 5
#define MOST_FED 1200
#define MOST_OUT 300

static const struct row {
    const char *label;
    LPCWSTR alg;
    ULONG open_flags, secret, digest;
    bool xof, custom, function, nonce;
} rows[] = {
    {"MD2", BCRYPT_MD2_ALGORITHM, 0, 0, 16, false, false, false, false},
    {"MD4", BCRYPT_MD4_ALGORITHM, 0, 0, 16, false, false, false, false},
    {"MD5", BCRYPT_MD5_ALGORITHM, 0, 0, 16, false, false, false, false},
    {"SHA1", BCRYPT_SHA1_ALGORITHM, 0, 0, 20, false, false, false, false},
    {"SHA256", BCRYPT_SHA256_ALGORITHM, 0, 0, 32, false, false, false, false},
    {"SHA512", BCRYPT_SHA512_ALGORITHM, 0, 0, 64, false, false, false, false},
    {"SHA3-384", BCRYPT_SHA3_384_ALGORITHM, 0, 0, 48, false, false, false, false},
    {"HMAC-MD2", BCRYPT_MD2_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 30, 16, false, false, false,
     false},
    {"HMAC-SHA256", BCRYPT_SHA256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 70, 32, false, false,
     false, false},
    {"HMAC-SHA3-256", BCRYPT_SHA3_256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 20, 32, false, false,
     false, false},
    {"AES-CMAC", BCRYPT_AES_CMAC_ALGORITHM, 0, 32, 16, false, false, false, false},
    {"AES-GMAC", BCRYPT_AES_GMAC_ALGORITHM, 0, 16, 16, false, false, false, true},
    {"SHAKE128", BCRYPT_SHAKE128_ALGORITHM, 0, 0, 32, true, false, false, false},
    {"CSHAKE256", BCRYPT_CSHAKE256_ALGORITHM, 0, 0, 64, true, true, true, false},
    {"KMAC128", BCRYPT_KMAC128_ALGORITHM, 0, 20, 32, true, true, false, false},
};

struct model {
    BCRYPT_HASH_HANDLE h;
    bool reusable;
    enum { OPEN, SQUEEZED, FINISHED } state;
    UCHAR fed[MOST_FED];
    ULONG fed_n;
    ULONG squeezed;
    UCHAR custom[40], function[40], nonce[12];
    ULONG custom_n, function_n;
    bool has_nonce;
};

static const struct row *row;
static BCRYPT_ALG_HANDLE alg;
static UCHAR secret[128];
static struct model models[OBJECTS];

static const char *first_wrong;
static NTSTATUS wrong_status;
static int wrong_step, step;

static void expect(bool good, const char *what, NTSTATUS status)
{
    if (good || first_wrong != NULL)
        return;
    first_wrong = what;
    wrong_status = status;
    wrong_step = step;
}

static void expect_status(NTSTATUS got_status, NTSTATUS want, const char *what)
{
    expect(got_status == want, what, got_status);
}

static NTSTATUS set_bytes(BCRYPT_HASH_HANDLE h, LPCWSTR name, UCHAR *p, ULONG n)
{
    return BCryptSetProperty(h, name, p, n, 0);
}

static BCRYPT_HASH_HANDLE fresh(ULONG flags)
{
    BCRYPT_HASH_HANDLE h = NULL;
    NTSTATUS status =
        BCryptCreateHash(alg, &h, NULL, 0, row->secret > 0 ? secret : NULL, row->secret, flags);
    expect_status(status, STATUS_SUCCESS, "create");
    return h;
}

/* What the model's bytes give: n bytes at once, as the last output or as one that goes on. */
static void answer(const struct model *m, UCHAR *out, ULONG n, bool more)
{
    struct model copy = *m;
    BCRYPT_HASH_HANDLE h = fresh(0);
    if (m->custom_n > 0)
        set_bytes(h, BCRYPT_CUSTOMIZATION_STRING, copy.custom, m->custom_n);
    if (m->function_n > 0)
        set_bytes(h, BCRYPT_FUNCTION_NAME_STRING, copy.function, m->function_n);
    if (row->nonce)
        set_bytes(h, BCRYPT_INITIALIZATION_VECTOR, copy.nonce, 12);
    NTSTATUS status = BCryptHashData(h, copy.fed, m->fed_n, 0);
    if (status == STATUS_SUCCESS)
        status = BCryptFinishHash(h, out, n, more ? BCRYPT_HASH_DONT_RESET_FLAG : 0);
    expect_status(status, STATUS_SUCCESS, "the model's own hash");
    BCryptDestroyHash(h);
}

static void step_data(struct model *m)
{
    UCHAR data[200];
    ULONG n = below(5) == 0 ? 0 : below(sizeof data);
    fill(data, sizeof data);
    if (m->fed_n + n > sizeof m->fed)
        n = 0;
    NTSTATUS status = BCryptHashData(m->h, n == 0 && below(2) == 0 ? NULL : data, n, 0);
    if (m->state != OPEN) {
        expect_status(status, STATUS_INVALID_HANDLE, "data for an object that gives no ear");
        return;
    }
    if (row->nonce && !m->has_nonce && n > 0) {
        expect_status(status, STATUS_INVALID_PARAMETER, "data without a nonce");
        return;
    }
    expect_status(status, STATUS_SUCCESS, "data");
    memcpy(m->fed + m->fed_n, data, n);
    m->fed_n += n;
    expect_status(BCryptHashData(m->h, NULL, 7, 0), STATUS_INVALID_PARAMETER, "data that is NULL");
}

static void restart(struct model *m)
{
    m->state = m->reusable ? OPEN : FINISHED;
    m->fed_n = m->squeezed = 0;
    m->has_nonce = false;
}

static void step_finish(struct model *m)
{
    UCHAR out[2 * MOST_OUT], want[4 * MOST_OUT];
    bool more = row->xof && below(2) == 0 && m->squeezed < 2 * MOST_OUT;
    ULONG n = row->xof ? below(MOST_OUT) : row->digest;
    memset(out, GUARD_BYTE, sizeof out);
    if (!row->xof && below(3) == 0) {
        static const int off[] = {-1, 1, 16};
        NTSTATUS bad = BCryptFinishHash(m->h, out, n + (ULONG)off[below(3)], 0);
        expect_status(bad, m->state == FINISHED ? STATUS_INVALID_HANDLE : STATUS_INVALID_PARAMETER,
                      "a result of the wrong size");
        expect(all_bytes(out, sizeof out, GUARD_BYTE), "the output of a refused finish", bad);
        return;
    }
    NTSTATUS status = BCryptFinishHash(m->h, out, n, more ? BCRYPT_HASH_DONT_RESET_FLAG : 0);
    if (m->state == FINISHED) {
        expect_status(status, STATUS_INVALID_HANDLE, "a finished object");
        return;
    }
    if (row->nonce && !m->has_nonce) {
        expect_status(status, STATUS_INVALID_PARAMETER, "a result without a nonce");
        return;
    }
    expect_status(status, STATUS_SUCCESS, "a result");
    expect(all_bytes(out + n, sizeof out - n, GUARD_BYTE), "bytes behind the result", status);
    if (m->squeezed + n > 0) {
        /* With the flag the whole output is one string; once begun so, it ends so. */
        answer(m, want, m->squeezed + n, more || m->state == SQUEEZED);
        expect(memcmp(out, want + m->squeezed, n) == 0, "the bytes of a result", status);
    }
    m->squeezed += n;
    if (more)
        m->state = SQUEEZED;
    else
        restart(m);
}

static void step_copy(struct model *m)
{
    struct model *to = &models[below(OBJECTS)];
    BCRYPT_HASH_HANDLE made = UNTOUCHED;
    NTSTATUS status = BCryptDuplicateHash(m->h, &made, NULL, 0, 0);
    if (m->state == FINISHED) {
        expect_status(status, STATUS_INVALID_HANDLE, "a copy of a finished object");
        expect(made == UNTOUCHED, "the handle variable of a refused copy", status);
        return;
    }
    expect_status(status, STATUS_SUCCESS, "a copy");
    if (status != STATUS_SUCCESS)
        return;
    expect_status(BCryptDestroyHash(to->h), STATUS_SUCCESS, "destroy");
    *to = *m;
    to->h = made;
}

static void step_renew(struct model *m)
{
    expect_status(BCryptDestroyHash(m->h), STATUS_SUCCESS, "destroy");
    memset(m, 0, sizeof *m);
    m->reusable = below(2) == 0;
    m->h = fresh(m->reusable ? BCRYPT_HASH_REUSABLE_FLAG : 0);
}

static void step_property(struct model *m)
{
    expect(get_u32(m->h, BCRYPT_HASH_LENGTH) == row->digest, "HashDigestLength", 0);
    UCHAR bytes[40];
    ULONG n = below(sizeof bytes);
    fill(bytes, sizeof bytes);
    bool busy = m->state != OPEN || m->fed_n > 0;
    NTSTATUS status = set_bytes(m->h, BCRYPT_CUSTOMIZATION_STRING, bytes, n);
    if (!row->custom)
        expect_status(status, STATUS_NOT_SUPPORTED, "CustomizationString of another algorithm");
    else if (busy)
        expect(status < 0, "CustomizationString too late", status);
    else {
        expect_status(status, STATUS_SUCCESS, "CustomizationString");
        memcpy(m->custom, bytes, n);
        m->custom_n = n;
    }
    n = below(sizeof bytes);
    status = set_bytes(m->h, BCRYPT_FUNCTION_NAME_STRING, bytes, n);
    if (!row->function)
        expect_status(status, STATUS_NOT_SUPPORTED, "FunctionNameString of another algorithm");
    else if (busy)
        expect(status < 0, "FunctionNameString too late", status);
    else {
        expect_status(status, STATUS_SUCCESS, "FunctionNameString");
        memcpy(m->function, bytes, n);
        m->function_n = n;
    }
    n = below(3) == 0 ? below(20) : 12;
    status = set_bytes(m->h, BCRYPT_INITIALIZATION_VECTOR, bytes, n);
    if (!row->nonce)
        expect_status(status, STATUS_NOT_SUPPORTED, "IV of another algorithm");
    else if (busy || n != 12)
        expect(status < 0, "IV too late, or of another size", status);
    else {
        expect_status(status, STATUS_SUCCESS, "IV");
        memcpy(m->nonce, bytes, 12);
        m->has_nonce = true;
    }
}

static void walk_over(const struct row *r)
{
    row = r;
    first_wrong = NULL;
    ROW(r->label);
    fill(secret, sizeof secret);
    alg = open_with(r->alg, NULL, r->open_flags);
    for (int i = 0; i < OBJECTS; i++) {
        memset(&models[i], 0, sizeof models[i]);
        models[i].h = fresh(0);
    }
    for (step = 0; step < STEPS && first_wrong == NULL; step++) {
        struct model *m = &models[below(OBJECTS)];
        ULONG kind = below(20);
        if (kind < 9)
            step_data(m);
        else if (kind < 13)
            step_finish(m);
        else if (kind < 16)
            step_copy(m);
        else if (kind < 18)
            step_property(m);
        else
            step_renew(m);
    }
    tap(first_wrong == NULL, "every call answers as the model says");
    if (first_wrong != NULL)
        printf("# step %d: %s, 0x%08x\n", wrong_step, first_wrong, (unsigned)wrong_status);
    for (int i = 0; i < OBJECTS; i++)
        BCryptDestroyHash(models[i].h);
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* ---- TLS records ------------------------------------------------------------------------------------------------ */

static const struct tls {
    const char *label;
    LPCWSTR alg;
    BCRYPT_ALG_HANDLE pseudo;
    ULONG code;
} tls_rows[] = {
    {"HMAC-SHA1", BCRYPT_SHA1_ALGORITHM, BCRYPT_HMAC_SHA1_ALG_HANDLE, 20},
    {"HMAC-SHA256", BCRYPT_SHA256_ALGORITHM, BCRYPT_HMAC_SHA256_ALG_HANDLE, 32},
    {"HMAC-SHA384", BCRYPT_SHA384_ALGORITHM, BCRYPT_HMAC_SHA384_ALG_HANDLE, 48},
};

/* text || code(header || text) || padding || its length */
static ULONG tls_record(const struct tls *t, UCHAR *header, ULONG header_n, ULONG text_n,
                        ULONG padding, UCHAR *record)
{
    UCHAR all[1600];
    memcpy(all, header, header_n);
    fill(record, text_n);
    memcpy(all + header_n, record, text_n);
    BCryptHash(t->pseudo, secret, 20, all, header_n + text_n, record + text_n, t->code);
    memset(record + text_n + t->code, (int)padding, padding + 1);
    return text_n + t->code + padding + 1;
}

static NTSTATUS tls_verify(BCRYPT_HASH_HANDLE h, UCHAR *header, ULONG header_n, UCHAR *record,
                           ULONG n)
{
    NTSTATUS status = BCryptHashData(h, header, header_n, 0);
    return status < 0 ? status : BCryptHashData(h, record, n, BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG);
}

static void check_tls(const struct tls *t)
{
    UCHAR header[200], record[1700], before[1700];
    row_begin("TLS records of %s (%d-bit WCHAR)", t->label, (int)sizeof(WCHAR) * 8);
    fill(header, sizeof header);
    BCRYPT_ALG_HANDLE opened =
        open_with(t->alg, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG | BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG);
    BCRYPT_HASH_HANDLE h = NULL, pseudo = NULL, copy = NULL;
    bool made = BCryptCreateHash(opened, &h, NULL, 0, secret, 20, 0) == STATUS_SUCCESS &&
                BCryptCreateHash(t->pseudo, &pseudo, NULL, 0, secret, 20, 0) == STATUS_SUCCESS;
    tap(made, "an object of an algorithm opened with the flag, and one of a pseudo-handle");
    bool right = made, refused = made, unchanged = made;
    for (ULONG padding = 0; padding < 256 && made; padding++) {
        for (int round = 0; round < 6; round++) {
            ULONG header_n = round == 0 ? 13 : below(sizeof header);
            ULONG text_n = round == 1 ? 0 : below(700);
            ULONG n = tls_record(t, header, header_n, text_n, padding, record);
            BCRYPT_HASH_HANDLE use = below(2) == 0 ? h : pseudo;
            memcpy(before, record, n);
            right = right && tls_verify(use, header, header_n, record, n) == STATUS_SUCCESS;
            unchanged = unchanged && memcmp(before, record, n) == 0;
            /* Anything changed, and the object starts anew for the next record. */
            ULONG at = below(4) == 0 ? n - 1 : below(n);
            record[at] ^= (UCHAR)(1 + below(255));
            refused =
                refused && tls_verify(use, header, header_n, record, n) == STATUS_INVALID_SIGNATURE;
        }
    }
    tap(right, "every padding length, any header, any text: right");
    tap(unchanged, "the record is only read");
    tap(refused, "one byte changed anywhere: STATUS_INVALID_SIGNATURE");
    bool small = made;
    memset(record, 0, sizeof record);
    for (ULONG less = 0; less <= t->code; less++)
        small = small && tls_verify(h, header, 13, record, less) < 0;
    tap(small, "records too short for a code are refused");
    ULONG n = tls_record(t, header, 13, 100, 7, record);
    tap(made && BCryptHashData(h, header, 13, 0) == STATUS_SUCCESS &&
            BCryptDuplicateHash(h, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptHashData(copy, record, n, BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG) == STATUS_SUCCESS &&
            BCryptHashData(h, record, n, BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG) == STATUS_SUCCESS,
        "a copy checks as the object does");
    UCHAR mac[48], want[48];
    tap(made && BCryptHashData(h, header, 50, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(h, mac, t->code, 0) == STATUS_SUCCESS &&
            BCryptHash(t->pseudo, secret, 20, header, 50, want, t->code) == STATUS_SUCCESS &&
            memcmp(mac, want, t->code) == 0,
        "and then serves for ordinary codes");
    BCryptDestroyHash(copy);
    BCryptDestroyHash(h);
    BCryptDestroyHash(pseudo);
    BCryptCloseAlgorithmProvider(opened, 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        walk_over(&rows[i]);
    fill(secret, sizeof secret);
    for (size_t i = 0; i < COUNT(tls_rows); i++)
        check_tls(&tls_rows[i]);
    return tap_done();
}
