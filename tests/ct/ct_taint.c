/*
 * Constant time, seen by valgrind: secrets are marked as undefined, and memcheck then reports every branch and every address that
 * depends on one. What may be known is published in the sources (ct_publish, ct.h), each time with the reason.
 *
 * The algorithms are asked their known answers with a key that is secret, so a new one is checked here as soon as it has answers;
 * what parses, exports or takes padding off is called itself. Some branches and look-ups are planted, to see that they are found.
 */
#include <stdio.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "ct.h"
#include "dh_key.h"
#include "dsa_key.h"
#include "ecc_key.h"
#include "ffc_comb.h"
#include "lanes_cpu.h"
#include "registry.h"
#include "router.h"
#include "rsa_key.h"
#include "rsa_op.h"
#include "rsa_pad.h"

#define MOST 8192

static void hide(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void show(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

/* ---- what is asked ---------------------------------------------------------------------------------- */

static unsigned tests, failures;

/* A test program that cannot do what it was to look at is worth nothing. */
static void must(NTSTATUS status, const char *what)
{
    show(&status, sizeof status);
    if (status < 0) {
        printf("# %s: status %08X\n", what, (unsigned)status);
        failures++;
    }
}

/* Reports that came since `before`; a planted one has to. */
static void judge(const char *label, unsigned long before, bool planted)
{
    unsigned long found = VALGRIND_COUNT_ERRORS - before;
    bool good = (found > 0) == planted;
    failures += !good;
    printf("%s %u - %s%s\n", good ? "ok" : "not ok", ++tests, planted ? "planted, and found: " : "",
           label);
    if (found > 0 && !planted)
        printf("# %lu reports\n", found);
}

/* ---- known answers with secret keys ------------------------------------------------------------------- */

static void ask(const struct alg_class *class, size_t i)
{
    static uint8_t key[MOST];
    char label[80];
    struct known_answer a = class->selftest->answers[i];
    memcpy(key, a.key.p, a.key.n);
    a.key.p = key;
    _Atomic int state = SELFTEST_UNKNOWN;
    const struct selftest one = {&a, 1, &state};
    struct alg_class copy = *class;
    copy.selftest = &one;
    must(selftest_run(&copy),
         class->name); /* what is made once, methods and pools, is made in the open */
    hide(key, a.key.n);
    unsigned long before = VALGRIND_COUNT_ERRORS;
    must(selftest_run(&copy), class->name);
    snprintf(label, sizeof label, "%s, answer %zu", class->name, i + 1);
    show(key, a.key.n);
    judge(label, before, false);
}

/* Those whose tables are indexed by the key: docs/constant-time.md. */
static bool is_open(const struct alg_class *class)
{
    static const struct alg_class *const tables[] = {
        &des_class, &des3_class, &des3_112_class, &desx_class, &rc2_class, &rc4_class, &md2_class};
    for (size_t i = 0; i < ARRAY_COUNT(tables); i++) {
        if (class == tables[i])
            return true;
    }
    return false;
}

static bool has_secret(const struct known_answer *a)
{
    return a->key.n > 0 && a->format == NULL;
}

static void known_answers(void)
{
    for (const struct alg_class *const *row = opencng_primitive_provider.classes; *row != NULL;
         row++) {
        for (size_t i = 0; i < (*row)->selftest->count; i++) {
            const struct known_answer *a = &(*row)->selftest->answers[i];
            if (has_secret(a) && !is_open(*row))
                ask(*row, i);
        }
    }
}

/* ---- comparing, selecting, numbers --------------------------------------------------------------------- */

static volatile uint32_t sink;

static void base(void)
{
    uint8_t a[48], b[48], out[64];
    memset(a, 5, sizeof a);
    memset(b, 5, sizeof b);
    b[17] = 0;
    hide(a, sizeof a);
    hide(b, sizeof b);
    unsigned long before = VALGRIND_COUNT_ERRORS;
    sink = ct_equal(a, b, sizeof a);
    sink = ct_all_zero(a, sizeof a);
    judge("ct_equal, ct_all_zero", before, false);

    before = VALGRIND_COUNT_ERRORS;
    sink = ct_select(ct_eq(a[0], b[0]) | ct_lt(a[1], b[1]) | ct_is_zero(a[2]), a[3], b[3]);
    judge("masks", before, false);

    before = VALGRIND_COUNT_ERRORS;
    sink = num_to_be(num_le(a, sizeof a), out, sizeof out);
    sink = num_to_be(num_be(a, sizeof a), out, sizeof out);
    sink = num_to_be(num_le(a, sizeof a), out, 32);
    judge("numbers in both byte orders", before, false);
}

/* ---- RSA: padding, blobs -------------------------------------------------------------------------------- */

#define K 128

static void pkcs1(void)
{
    static const struct {
        const char *label;
        size_t zero; /* where the padding ends */
        uint8_t type;
    } rows[] = {{"right", 40, 2},
                {"without a message", K - 1, 2},
                {"of another type", 40, 1},
                {"too short", 6, 2},
                {"endless", K, 2}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        uint8_t em[K + 1];
        char label[80];
        struct span message;
        memset(em, 0xA5, sizeof em);
        em[0] = 0;
        em[1] = rows[i].type;
        em[rows[i].zero] = 0;
        hide(em, K);
        unsigned long before = VALGRIND_COUNT_ERRORS;
        NTSTATUS status = pad_pkcs1_decrypt(em, K, &message);
        sink = status < 0;
        snprintf(label, sizeof label, "a PKCS #1 padding, %s", rows[i].label);
        judge(label, before, false);
    }
}

static void oaep(void)
{
    const struct digest *d = digest_named("SHA256");
    for (size_t i = 0; i < 4; i++) {
        static const char *const labels[] = {"right", "with another first byte", "damaged in front",
                                             "damaged at the end"};
        uint8_t em[K];
        char label[80];
        struct span message;
        must(pad_oaep_encrypt(d, span_of("label", 5), span_of("message", 7), em, K), "OAEP");
        if (i > 0)
            em[i == 1 ? 0 : i == 2 ? 40 : K - 1] ^= 1;
        hide(em, K);
        unsigned long before = VALGRIND_COUNT_ERRORS;
        NTSTATUS status = pad_oaep_decrypt(d, span_of("label", 5), em, K, &message);
        sink = status < 0;
        snprintf(label, sizeof label, "an OAEP padding, %s", labels[i]);
        judge(label, before, false);
    }
}

static const struct key_format *format_named(const struct alg_class *class, const char *name)
{
    const struct key_format *f = class->asym->formats;
    while (strcmp(f->name, name) != 0)
        f++;
    return f;
}

static const struct known_answer *answer_with_key(const struct alg_class *class)
{
    const struct known_answer *a = class->selftest->answers;
    while (a->format == NULL)
        a++;
    return a;
}

/* The key of the class's first answer that has one. */
static struct alg *open_class(const struct alg_class *class, uint32_t flags)
{
    struct alg *alg = NULL;
    must(alg_new(class, flags, &alg), class->name);
    return alg;
}

static struct key *known_key(struct alg *alg)
{
    const struct known_answer *a = answer_with_key(alg->class);
    const struct key_format *f = format_named(alg->class, a->format);
    struct key *key = NULL;
    must(f->import(alg, f, a->key, 0, &key), alg->class->name);
    return key;
}

static void export(struct key *key, const char *format)
{
    static uint8_t blob[MOST];
    char label[80];
    uint32_t n;
    const struct key_format *f = format_named(key->class, format);
    const struct out o = {blob, sizeof blob, &n, WIDTH_16};
    unsigned long before = VALGRIND_COUNT_ERRORS;
    must(f->export(key, f, &o), format);
    snprintf(label, sizeof label, "%s of %s", format, key->class->name);
    judge(label, before, false);
    show(blob, sizeof blob);
}

/* libcrypto's number begins with the pointer to its words. */
static void hide_number(const BIGNUM *n)
{
    void *words;
    memcpy(&words, n, sizeof words);
    hide(words, (size_t)BN_num_bytes(n));
}

static void exports(void)
{
    struct alg *alg = open_class(&rsa_class, 0);
    struct key *key = known_key(alg);
    hide(rsa_key_of(key)->private_part.p, rsa_key_of(key)->private_part.n);
    export(key, "RSAPRIVATEBLOB");
    export(key, "RSAFULLPRIVATEBLOB");
    export(key, "CAPIPRIVATEBLOB");
    key_free(key);
    alg->object.destroy(&alg->object);

    alg = open_class(&ecdsa_p256_class, 0);
    key = known_key(alg);
    hide_number(EC_KEY_get0_private_key(ecc_key_of(key)->ec));
    export(key, "ECCPRIVATEBLOB");
    key_free(key);
    alg->object.destroy(&alg->object);

    alg = open_class(&dh_class, 0);
    key = known_key(alg);
    hide_number(ffc_key_of(key)->x);
    export(key, "DHPRIVATEBLOB");
    key_free(key);
    alg->object.destroy(&alg->object);

    alg = open_class(&dsa_class, 0);
    key = known_key(alg);
    hide_number(ffc_key_of(key)->x);
    export(key, "DSAPRIVATEBLOB");
    key_free(key);
    alg->object.destroy(&alg->object);
}

/* ---- curve25519 ------------------------------------------------------------------------------------------- */

static void curve25519(void)
{
    const struct known_answer *a = &ecdh_class.selftest->answers[ecdh_class.selftest->count - 1];
    struct alg *alg = open_class(&ecdh_class, 0);
    const struct prop_row *row = ecdh_class.props;
    while (strcmp(row->name, a->set->name) != 0)
        row++;
    const struct in curve = {a->set->value.p, (uint32_t)a->set->value.n, WIDTH_16};
    must(row->set(&(struct prop_target){.class = &ecdh_class, .alg = alg}, &curve), "curve25519");

    const struct key_format *f = format_named(&ecdh_class, a->format);
    struct key *own = NULL, *peer = NULL;
    struct agreed *secret = NULL;
    static uint8_t blob[256];
    const struct key_format *pf = format_named(&ecdh_class, a->peer_format);
    must(pf->import(alg, pf, a->peer, 0, &peer), "curve25519, a peer");
    memcpy(blob, a->key.p, a->key.n);
    hide(blob + a->key.n - 32, 32);
    unsigned long before = VALGRIND_COUNT_ERRORS;
    must(f->import(alg, f, span_of(blob, a->key.n), BCRYPT_NO_KEY_VALIDATION, &own),
         "curve25519, a private key");
    judge("curve25519: a private key", before, false);
    before = VALGRIND_COUNT_ERRORS;
    must(ecdh_class.asym->agree(own, peer, &secret), "curve25519, an agreement");
    judge("curve25519: an agreement", before, false);
    export(own, "ECCPRIVATEBLOB");
    agreed_free(secret);
    key_free(own);
    key_free(peer);
    alg->object.destroy(&alg->object);
}

/* ---- ciphers: padding, chains ------------------------------------------------------------------------------ */

static void block_padding(void)
{
    struct alg *alg = open_class(&aes_class, 0);
    aes_class.alg_mode(alg, "ChainingModeCBC");
    static const uint8_t text[40] = "a text that is to be padded";
    uint8_t raw[16], cipher[48], back[48];
    memset(raw, 9, sizeof raw);
    hide(raw, sizeof raw);
    struct key *key = NULL;
    uint32_t n;
    must(aes_class.sym->make(alg, span_of(raw, sizeof raw), 0, &key), "AES");
    for (int wrong = 0; wrong < 2; wrong++) {
        uint8_t iv[16] = {0};
        struct crypt call = {.encrypt = true,
                             .flags = BCRYPT_BLOCK_PADDING,
                             .in = span_of(text, sizeof text),
                             .iv = iv,
                             .iv_size = 16};
        must(aes_class.sym->crypt(key, &call, &(struct out){cipher, sizeof cipher, &n, WIDTH_16}),
             "CBC");
        if (wrong)
            cipher[20] ^= 1; /* in the block before the last: it is the padding that changes */
        memset(iv, 0, sizeof iv);
        show(cipher, sizeof cipher);
        call.encrypt = false;
        call.in = span_of(cipher, sizeof cipher);
        unsigned long before = VALGRIND_COUNT_ERRORS;
        NTSTATUS status =
            aes_class.sym->crypt(key, &call, &(struct out){back, sizeof back, &n, WIDTH_16});
        sink = status < 0;
        judge(wrong ? "a block padding, wrong" : "a block padding", before, false);
    }
    key_free(key);
    alg->object.destroy(&alg->object);
}

/* A message in GCM whose GHASH is ours: in two calls, or in one short one, which is decrypted too. */
static void gcm_call(const char *name, bool chained)
{
    struct alg *alg = open_class(&aes_class, 0);
    aes_class.alg_mode(alg, "ChainingModeGCM");
    uint8_t raw[16], text[64], out[64], nonce[12] = {1}, iv[16] = {0}, mac[16] = {0}, tag[16];
    memset(raw, 9, sizeof raw);
    memset(text, 7, sizeof text);
    struct key *key = NULL;
    uint32_t n;
    for (int hidden = 0; hidden < 2;
         hidden++) { /* once in the open: libcrypto's methods are made */
        if (hidden) {
            hide(raw, sizeof raw);
            hide(text, sizeof text);
        }
        must(aes_class.sym->make(alg, span_of(raw, sizeof raw), 0, &key), "AES");
        BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
        BCRYPT_INIT_AUTH_MODE_INFO(info);
        info.pbNonce = nonce;
        info.cbNonce = sizeof nonce;
        info.pbMacContext = mac;
        info.cbMacContext = sizeof mac;
        info.pbTag = tag;
        info.cbTag = sizeof tag;
        struct crypt call = {.encrypt = true,
                             .in = span_of(text, sizeof text),
                             .info = &info,
                             .iv = iv,
                             .iv_size = 16};
        struct out to = {out, sizeof out, &n, WIDTH_16};
        unsigned long before = VALGRIND_COUNT_ERRORS;
        if (chained) {
            info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
            call.in.n = 32;
            must(aes_class.sym->crypt(key, &call, &to), name);
            info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
            call.in.p += 32;
            to.p += 32;
        }
        must(aes_class.sym->crypt(key, &call, &to), name);
        if (!chained) {
            show(out, sizeof out);
            show(tag, sizeof tag);
            call.encrypt = false;
            call.in = span_of(out, sizeof out);
            must(aes_class.sym->crypt(key, &call, &to), name);
        }
        if (hidden)
            judge(name, before, false);
        key_free(key);
        memset(iv, 0, sizeof iv);
        memset(mac, 0, sizeof mac);
    }
    alg->object.destroy(&alg->object);
}

static void gcm_calls(void)
{
    gcm_call("chained GCM", true);
    gcm_call("a short GCM message", false);
    lanes_restrict(~(unsigned)LANES_CLMUL);
    gcm_call("chained GCM by words", true);
    lanes_restrict(~0u);
}

/* ---- TLS records ------------------------------------------------------------------------------------------- */

static void tls_record(const struct alg_class *class, uint8_t padding)
{
    char label[80];
    uint8_t record[400], raw[32];
    struct alg *alg = open_class(class, BCRYPT_ALG_HANDLE_HMAC_FLAG);
    struct hash *h = hash_alloc(alg, class->hmac);
    memset(raw, 3, sizeof raw);
    hide(raw, sizeof raw);
    must(class->hmac->init(h, alg, span_of(raw, sizeof raw)), class->name);
    must(class->hmac->data(h, span_of("a header, 13B", 13)), class->name);
    memset(record, padding, sizeof record);
    hide(record, sizeof record);
    unsigned long before = VALGRIND_COUNT_ERRORS;
    NTSTATUS status = class->hmac->tls_verify(h, span_of(record, sizeof record));
    sink = status < 0;
    snprintf(label, sizeof label, "a TLS record with %s, %u bytes of padding", class->name,
             padding);
    judge(label, before, false);
    hash_free(h);
    alg->object.destroy(&alg->object);
}

/* ---- powers ------------------------------------------------------------------------------------------------ */

/* A power from the table: which entry is read must not show. */
static void comb(void)
{
    struct alg *alg = open_class(&dh_class, 0);
    struct key *key = known_key(alg);
    struct ffc_key *k = ffc_key_of(key);
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *r = BN_new();
    size_t bits = ffc_key_x_bits(k);
    must(ffc_power_g(k->group, k->x, bits, r, ctx), "a power of g");
    hide_number(k->x);
    unsigned long before = VALGRIND_COUNT_ERRORS;
    must(ffc_power_g(k->group, k->x, bits, r, ctx), "a power of g");
    judge("a power of g", before, false);
    key_free(key);
    alg->object.destroy(&alg->object);
}

/* ---- planted ------------------------------------------------------------------------------------------------- */

static __attribute__((noinline)) uint32_t planted_branch(const uint8_t *secret)
{
    if (secret[0] == 7)
        sink = 1;
    return secret[1];
}

static const uint8_t table[256] = {1, 2, 3};

static __attribute__((noinline)) uint32_t planted_lookup(const uint8_t *secret)
{
    return table[secret[0]];
}

/* For check_division.py; valgrind does not look at divisions. */
__attribute__((noinline, used)) uint32_t planted_division(const uint8_t *secret);
uint32_t planted_division(const uint8_t *secret)
{
    return 1000 / secret[0]; /* planted */
}

/* A comparison as nobody should write it. */
static __attribute__((noinline)) bool planted_compare(const uint8_t *a, const uint8_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (a[i] != b[i])
            return false;
    }
    return true;
}

static void planted(void)
{
    uint8_t secret[16], other[16];
    memset(secret, 1, sizeof secret);
    memset(other, 1, sizeof other);
    hide(secret, sizeof secret);
    unsigned long before = VALGRIND_COUNT_ERRORS;
    sink = planted_branch(secret);
    judge("a branch", before, true);
    before = VALGRIND_COUNT_ERRORS;
    sink = planted_lookup(secret);
    judge("a look-up in a table", before, true);
    before = VALGRIND_COUNT_ERRORS;
    sink = planted_compare(secret, other, sizeof secret);
    judge("a comparison that stops early", before, true);
}

/* ---- libcrypto: what docs/constant-time.md tells of it ---------------------------------------------------- */

/* RSA's numbers, or an EC key's; of others the whole private key as the blob has it. */
static void hide_key(struct key *key)
{
    if (key->class == &rsa_class) {
        const RSA *rsa = rsa_key_of(key)->rsa;
        const BIGNUM *const parts[] = {RSA_get0_p(rsa),    RSA_get0_q(rsa),    RSA_get0_d(rsa),
                                       RSA_get0_dmp1(rsa), RSA_get0_dmq1(rsa), RSA_get0_iqmp(rsa)};
        for (size_t i = 0; i < ARRAY_COUNT(parts); i++)
            hide_number(parts[i]);
    } else if (key->class->params != NULL && ecc_key_of(key)->ec != NULL) {
        hide_number(EC_KEY_get0_private_key(ecc_key_of(key)->ec));
    } else {
        hide_number(ffc_key_of(key)->x);
    }
}

static void use(const struct alg_class *class, bool hidden)
{
    static uint8_t out[MOST];
    uint32_t n;
    const struct known_answer *a = answer_with_key(class);
    struct alg *alg = open_class(class, 0);
    struct key *key = known_key(alg);
    const struct out o = {out, sizeof out, &n, WIDTH_16};
    unsigned long before = VALGRIND_COUNT_ERRORS;
    if (hidden)
        hide_key(key);
    NTSTATUS status;
    if (a->kind == ANSWER_AGREE) {
        struct key *peer = NULL;
        struct agreed *secret = NULL;
        const struct key_format *f = format_named(class, a->peer_format);
        must(f->import(alg, f, a->peer, 0, &peer), class->name);
        status = class->asym->agree(key, peer, &secret);
        key_free(peer);
        agreed_free(status < 0 ? NULL : secret);
    } else {
        status = class->asym->sign(key, &a->pad, a->input, &o);
    }
    sink = status < 0;
    show(out, sizeof out);
    if (hidden)
        printf("# %s: %lu reports\n", class->name, VALGRIND_COUNT_ERRORS - before);
    key_free(key);
    alg->object.destroy(&alg->object);
}

/* The seed is all that is secret of a blob of ML-KEM or ML-DSA: its last bytes. */
static void use_seed(const struct alg_class *class, enum answer_kind kind, size_t seed, bool hidden)
{
    static uint8_t blob[256], out[MOST];
    uint32_t n;
    const struct known_answer *a = class->selftest->answers;
    while (a->kind != kind)
        a++;
    struct alg *alg = open_class(class, 0);
    struct key *key = NULL;
    const struct key_format *f = format_named(class, a->format);
    const struct out o = {out, sizeof out, &n, WIDTH_16};
    memcpy(blob, a->key.p, a->key.n);
    if (hidden)
        hide(blob + a->key.n - seed, seed);
    unsigned long before = VALGRIND_COUNT_ERRORS;
    must(f->import(alg, f, span_of(blob, a->key.n), BCRYPT_NO_KEY_VALIDATION, &key), class->name);
    unsigned long loaded = VALGRIND_COUNT_ERRORS;
    NTSTATUS status = kind == ANSWER_DECAPSULATE ? class->asym->decapsulate(key, a->input, &o)
                                                 : class->asym->sign(key, &a->pad, a->input, &o);
    sink = status < 0;
    show(out, sizeof out);
    if (hidden)
        printf("# %s: %lu reports when its seed is expanded, %lu when it is used\n", class->name,
               loaded - before, VALGRIND_COUNT_ERRORS - loaded);
    key_free(key);
    alg->object.destroy(&alg->object);
}

static void look_into_libcrypto(void)
{
    static const struct alg_class *const classes[] = {
        &rsa_class,       &ecdsa_p256_class, &ecdsa_p384_class, &ecdsa_p521_class, &ecdh_p256_class,
        &ecdh_p384_class, &ecdh_p521_class,  &dsa_class,        &dh_class};
    for (size_t i = 0; i < ARRAY_COUNT(classes); i++) {
        use(classes[i], false);
        use(classes[i], true);
    }
    for (int hidden = 0; hidden < 2 && mlkem_class.available(); hidden++) {
        use_seed(&mlkem_class, ANSWER_DECAPSULATE, 64, hidden);
        use_seed(&mldsa_class, ANSWER_PAIR, 32, hidden);
    }
}

int main(int argc, char **argv)
{
    if (!RUNNING_ON_VALGRIND) {
        printf("1..0 # SKIP not under valgrind\n");
        return 0;
    }
    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc > 1 && strcmp(argv[1], "libcrypto") == 0) {
        look_into_libcrypto();
        return 0;
    }
    known_answers();
    base();
    pkcs1();
    oaep();
    exports();
    curve25519();
    block_padding();
    gcm_calls();
    tls_record(&sha1_class, 0);
    tls_record(&sha256_class, 17);
    tls_record(&sha384_class, 255);
    comb();
    planted();
    printf("1..%u\n", tests);
    return failures != 0;
}
