/*
 * Random walks over block-cipher keys: thousands of calls in any order, right ones and wrong ones, on keys that are copied, exported, imported
 * and changed between them. A model of a dozen lines, which knows nothing but one block's encryption, tells what every call
 * must answer: status, size, output, the IV in the caller's buffer and the one in the key.
 */
#include "conform_sym.h"

static const struct cipher {
    const char *label;
    LPCWSTR alg;
    ULONG secret, block;
} ciphers[] = {
    {"AES-128", BCRYPT_AES_ALGORITHM, 16, 16}, {"AES-256", BCRYPT_AES_ALGORITHM, 32, 16},
    {"DES", BCRYPT_DES_ALGORITHM, 8, 8},       {"DESX", BCRYPT_DESX_ALGORITHM, 24, 8},
    {"3DES", BCRYPT_3DES_ALGORITHM, 24, 8},    {"3DES_112", BCRYPT_3DES_112_ALGORITHM, 16, 8},
    {"RC2", BCRYPT_RC2_ALGORITHM, 16, 8},
};

#define STEPS 4000
#define KEYS 4
#define MOST 160

enum mode { ECB, CBC, CFB };

static const LPCWSTR mode_names[] = {BCRYPT_CHAIN_MODE_ECB, BCRYPT_CHAIN_MODE_CBC,
                                     BCRYPT_CHAIN_MODE_CFB};

/* A key and what it must be like. */
struct model {
    BCRYPT_KEY_HANDLE key;
    enum mode mode;
    ULONG segment; /* CFB */
    UCHAR chain[16];
    bool chain_known; /* else what the key says is taken for right */
};

static struct {
    const struct cipher *c;
    UCHAR secret[32];
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE block; /* one block's encryption */
    struct model models[KEYS];
} walk;

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

/* ---- the model -------------------------------------------------------------------------------------------------- */

static void one_block(enum way way, const UCHAR *in, UCHAR *out)
{
    expect(crypt_all(way, walk.block, in, walk.c->block, NULL, 0, out), "a single block", 0);
}

static void mix(UCHAR *out, const UCHAR *a, const UCHAR *b, ULONG n)
{
    for (ULONG i = 0; i < n; i++)
        out[i] = a[i] ^ b[i];
}

/* n whole blocks or segments; the chain moves on. */
static void model_crypt(enum way way, enum mode mode, ULONG segment, UCHAR chain[16],
                        const UCHAR *in, ULONG n, UCHAR *out)
{
    const ULONG block = walk.c->block, grain = mode == CFB ? segment : block;
    for (ULONG at = 0; at < n; at += grain) {
        UCHAR pad[16], x[16], cipher[16];
        switch (mode) {
        case ECB:
            one_block(way, in + at, out + at);
            break;
        case CBC:
            memcpy(cipher, in + at, block);
            if (way == ENCRYPT) {
                mix(x, in + at, chain, block);
                one_block(ENCRYPT, x, out + at);
                memcpy(chain, out + at, block);
            } else {
                one_block(DECRYPT, in + at, x);
                mix(out + at, x, chain, block);
                memcpy(chain, cipher, block);
            }
            break;
        case CFB:
            one_block(ENCRYPT, chain, pad);
            memcpy(cipher, in + at, segment);
            mix(out + at, in + at, pad, segment);
            if (way == ENCRYPT)
                memcpy(cipher, out + at, segment);
            memmove(chain, chain + segment, block - segment);
            memcpy(chain + block - segment, cipher, segment);
            break;
        }
    }
}

static void sync_chain(struct model *m)
{
    ULONG n = 0;
    UCHAR chain[16] = {0};
    NTSTATUS status = BCryptGetProperty(m->key, BCRYPT_INITIALIZATION_VECTOR, chain, 16, &n, 0);
    if (m->mode == ECB)
        return;
    expect(status == STATUS_SUCCESS && n == walk.c->block, "property IV", status);
    if (m->chain_known)
        expect(memcmp(chain, m->chain, n) == 0, "the key's chaining value", 0);
    memcpy(m->chain, chain, 16);
    m->chain_known = true;
}

/* ---- steps ------------------------------------------------------------------------------------------------------ */

/* What one call is given; at most one thing is wrong with it. */
enum flaw { NO_FLAW, QUERY, SHORT_OUTPUT, PARTIAL, BAD_IV, BAD_FLAG, NO_INPUT, OVERLAP, FLAWS };

static void step_crypt(struct model *m)
{
    const ULONG block = walk.c->block;
    const ULONG grain = m->mode == CFB ? m->segment : block;
    const enum way way = below(2) == 0 ? ENCRYPT : DECRYPT;
    const bool padding = below(3) == 0, by_key = m->mode == ECB || below(2) == 0;
    enum flaw flaw = below(2) == 0 ? NO_FLAW : below(FLAWS);
    UCHAR in[MOST], out[MOST], want[MOST], iv[32], chain[16], next[16];
    ULONG n, need, wanted = 0;

    /* The input: for decryption with padding a ciphertext that mostly has one. */
    sync_chain(m);
    fill(iv, sizeof iv);
    memcpy(chain, by_key ? m->chain : iv, 16);
    n = below(80 / grain) * grain;
    if (padding)
        n = way == DECRYPT ? (1 + below(80 / block)) * block : below(80);
    fill(in, sizeof in);
    if (padding && way == DECRYPT && below(4) != 0) {
        ULONG pad = 1 + below(block);
        memset(in + n - pad, (int)pad, pad);
        memcpy(next, chain, 16);
        model_crypt(ENCRYPT, m->mode, m->segment, next, in, n, want);
        memcpy(in, want, n);
    }
    if (flaw == PARTIAL) {
        ULONG unit = padding ? block : grain;
        if (unit == 1 || (padding && way == ENCRYPT))
            flaw = NO_FLAW;
        else
            n += 1 + below(unit - 1);
    }
    if ((flaw == NO_INPUT || flaw == OVERLAP || flaw == SHORT_OUTPUT) && n < 2 * block)
        flaw = NO_FLAW;

    /* What must come. */
    need = padding && way == ENCRYPT ? (n / block + 1) * block : n;
    memcpy(next, chain, 16);
    bool bad_padding = false;
    if (flaw == NO_FLAW) {
        UCHAR padded[MOST];
        memcpy(padded, in, n);
        if (padding && way == ENCRYPT)
            memset(padded + n, (int)(need - n), need - n);
        model_crypt(way, m->mode, m->segment, next, padded, need, want);
        wanted = need;
        if (padding && way == DECRYPT) {
            ULONG pad = want[n - 1];
            bad_padding = pad == 0 || pad > block || !all_bytes(want + n - pad, pad, (UCHAR)pad);
            wanted = n - (bad_padding ? 0 : pad);
        }
    }

    /* The call. */
    UCHAR area[2 * MOST];
    memset(out, GUARD_BYTE, sizeof out);
    const bool in_place = flaw == NO_FLAW && below(3) == 0;
    UCHAR *to = out;
    const UCHAR *from = in;
    if (in_place) {
        memcpy(out, in, n);
        from = out;
    } else if (flaw == OVERLAP) {
        memset(area, GUARD_BYTE, sizeof area);
        from = area + 64;
        to = area + 64 + 1 + below(n - 1);
        memcpy(area + 64, in, n);
    } else if (flaw == QUERY) {
        to = NULL;
    } else if (flaw == NO_INPUT) {
        from = NULL;
    }
    UCHAR iv_before[32];
    memcpy(iv_before, iv, sizeof iv);
    ULONG cap = flaw == SHORT_OUTPUT ? below(padding && way == DECRYPT ? n - block : need)
                                     : need + below(8);
    ULONG iv_n = by_key ? 0 : block;
    UCHAR *iv_at = by_key ? NULL : iv;
    if (flaw == BAD_IV) {
        iv_at = iv;
        iv_n = m->mode == ECB ? block : block - 1 + 2 * below(2);
    }
    ULONG flags = (padding ? BCRYPT_BLOCK_PADDING : 0) | (flaw == BAD_FLAG ? UNKNOWN_BIT : 0);
    NTSTATUS status = crypt_once(way, m->key, from, n, NULL, iv_at, iv_n, to, cap, flags);

    /* Its answer. */
    switch (flaw) {
    case NO_FLAW:
        if (bad_padding) {
            expect(status == STATUS_DATA_ERROR, "a bad padding", status);
            m->chain_known = false;
            return;
        }
        expect(status == STATUS_SUCCESS, "a right call", status);
        expect(got == wanted, "the size of a right call", status);
        expect(memcmp(out, want, wanted) == 0, "the output of a right call", status);
        expect(m->mode == ECB || by_key || memcmp(iv, next, block) == 0, "the IV of a right call",
               status);
        expect(memcmp(iv + block, iv_before + block, 32 - block) == 0, "bytes behind the IV",
               status);
        expect(all_bytes(out + need, MOST - need, GUARD_BYTE), "bytes behind the output", status);
        if (n > 0 || padding)
            memcpy(m->chain, next, 16);
        else
            m->chain_known =
                false; /* no bytes: whether the IV is taken over is nobody's business */
        sync_chain(m);
        return;
    case QUERY:
        expect(status == STATUS_SUCCESS && got == need, "a size query", status);
        break;
    case SHORT_OUTPUT:
        expect(status == STATUS_BUFFER_TOO_SMALL && got == need, "a short output", status);
        break;
    case PARTIAL:
        expect(status == STATUS_INVALID_BUFFER_SIZE && got == n, "a partial block", status);
        break;
    case OVERLAP:
        expect(memcmp(area + 64, in, n) == 0, "the input of a call with overlap", status);
        __attribute__((fallthrough));
    default:
        expect(status == STATUS_INVALID_PARAMETER, "a wrong argument", status);
        break;
    }
    expect(memcmp(iv, iv_before, sizeof iv) == 0, "the IV of a call that failed", status);
    expect(all_bytes(out, sizeof out, GUARD_BYTE), "the output of a call that failed", status);
    sync_chain(m);
}

static void step_change(struct model *m)
{
    NTSTATUS status;
    UCHAR chain[16];
    switch (below(3)) {
    case 0:
        m->mode = below(3);
        status = set_text(m->key, BCRYPT_CHAINING_MODE, mode_names[m->mode]);
        expect(status == STATUS_SUCCESS, "set the mode", status);
        m->chain_known = false;
        if (m->mode == CFB) {
            m->segment = get_u32(m->key, BCRYPT_MESSAGE_BLOCK_LENGTH);
            expect(m->segment == 1 || m->segment == walk.c->block, "the segment in CFB", 0);
        }
        break;
    case 1:
        if (m->mode != CFB)
            return;
        m->segment = below(2) == 0 ? 1 : walk.c->block;
        status = set_u32(m->key, BCRYPT_MESSAGE_BLOCK_LENGTH, m->segment);
        expect(status == STATUS_SUCCESS, "set the segment", status);
        m->chain_known = false;
        break;
    default:
        if (m->mode == ECB)
            return;
        fill(chain, sizeof chain);
        status = BCryptSetProperty(m->key, BCRYPT_INITIALIZATION_VECTOR, chain, walk.c->block, 0);
        expect(status == STATUS_SUCCESS, "set the IV", status);
        memcpy(m->chain, chain, walk.c->block);
        m->chain_known = true;
    }
}

/* Another key takes over what this one is, or begins anew. */
static void step_copy(struct model *m)
{
    struct model *to = &walk.models[below(KEYS)], made = *m;
    UCHAR blob[512];
    ULONG n = 0;
    NTSTATUS status;
    switch (below(3)) {
    case 0:
        status = BCryptDuplicateKey(m->key, &made.key, NULL, 0, 0);
        expect(status == STATUS_SUCCESS, "duplicate", status);
        break;
    case 1:
        n = export_to(m->key, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob);
        status =
            BCryptImportKey(walk.alg, NULL, BCRYPT_OPAQUE_KEY_BLOB, &made.key, NULL, 0, blob, n, 0);
        expect(status == STATUS_SUCCESS, "opaque export and import", status);
        break;
    default:
        n = export_to(m->key, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob);
        status =
            BCryptImportKey(walk.alg, NULL, BCRYPT_KEY_DATA_BLOB, &made.key, NULL, 0, blob, n, 0);
        expect(status == STATUS_SUCCESS, "data export and import", status);
        made.mode = CBC;
        memset(made.chain, 0, sizeof made.chain);
        made.chain_known = true;
    }
    if (first_wrong != NULL)
        return;
    status = BCryptDestroyKey(to->key);
    expect(status == STATUS_SUCCESS, "destroy", status);
    *to = made;
}

static void walk_over(const struct cipher *c)
{
    walk.c = c;
    first_wrong = NULL;
    ROW(c->label);
    fill(walk.secret, sizeof walk.secret);
    walk.alg = open_alg(c->alg);
    walk.block = key_of(c->alg, BCRYPT_CHAIN_MODE_ECB, walk.secret, c->secret);
    for (int i = 0; i < KEYS; i++)
        walk.models[i] = (struct model){
            .key = sym_key(walk.alg, walk.secret, c->secret), .mode = CBC, .chain_known = true};
    for (step = 0; step < STEPS && first_wrong == NULL; step++) {
        struct model *m = &walk.models[below(KEYS)];
        ULONG kind = below(10);
        if (kind < 7)
            step_crypt(m);
        else if (kind < 9)
            step_change(m);
        else
            step_copy(m);
    }
    tap(first_wrong == NULL, "every call answers as the model says");
    if (first_wrong != NULL)
        printf("# step %d: %s, 0x%08x\n", wrong_step, first_wrong, (unsigned)wrong_status);
    for (int i = 0; i < KEYS; i++)
        BCryptDestroyKey(walk.models[i].key);
    BCryptDestroyKey(walk.block);
    BCryptCloseAlgorithmProvider(walk.alg, 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(ciphers); i++)
        walk_over(&ciphers[i]);
    return tap_done();
}
