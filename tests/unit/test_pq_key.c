/* Post-quantum keys: known answers, blobs in and out, properties,
 * generation, and every kind of bad key. */
#include "pq_fixture.h"

/* The forms of one class's keys. */
struct forms {
    const struct alg_class *class;
    const char *public_type, *private_type, *seed_type; /* NULL: there is none */
    uint32_t public_magic, private_magic, seed_magic;
};

static const struct forms mlkem = {
    &mlkem_class,        "MLKEMPUBLICBLOB",   "MLKEMPRIVATEBLOB",  "MLKEMPRIVATESEEDBLOB",
    0x504B4C4D /*MLKP*/, 0x524B4C4D /*MLKR*/, 0x534B4C4D /*MLKS*/,
};
static const struct forms mldsa = {
    &mldsa_class,        "PQDSAPUBLICBLOB",   "PQDSAPRIVATEBLOB",  "PQDSAPRIVATESEEDBLOB",
    0x4B505344 /*DSPK*/, 0x4B535344 /*DSSK*/, 0x53535344 /*DSSS*/,
};
static const struct forms slhdsa = {
    &slhdsa_class,
    "PQDSAPUBLICBLOB",
    "PQDSAPRIVATEBLOB",
    NULL,
    0x4B504853 /*SHPK*/,
    0x4B534853 /*SHSK*/,
    0,
};

/* ACVP ML-KEM-keyGen-FIPS203 (tests 1, 26, 51) and ML-DSA-keyGen-FIPS204 (tests 1, 26, 51); SHA-256
 * of their answers. */
static const struct answer {
    const struct forms *forms;
    const char *set, *seed, *public_sha256, *private_sha256;
} answers[] = {
    {&mlkem, "512",
     "47B893474672BA92E4B12EE44FB32953AF8E8503B5FB471D1614FB8A021A660A"
     "1F8CB39E9E30BC458A0DC5408884B1187FB217018DF760FA57317703B844A0A9",
     "7e4a2b716a684c1ad33c43c808782da9e1a72f14ccda82723f712d49f53a9f28",
     "c725c25ca8636d75653a07e7a9ccf0b3c2b927617e8f99f0f05ab1f9cb7e046d"},
    {&mlkem, "768",
     "E582B7D75E6C80B05AE392A1FC9F7153B12390FD99930368CC67A768BAEBC8A0"
     "1CDACB8740C0B87C4A379575F187B367CBFA3B300BF591B109F79816E9CBE8F0",
     "4158f6afb5e516c99f1da07da8c651348422b17c1f4e9a08ad73fb1f91249b3e",
     "7aab35839207f72b310abe36e2daa1cc7ff6f7fa8941e439967cd47d9b437079"},
    {&mlkem, "1024",
     "F3A706FAF090C03DB506863AB0B20BD8A1627956318E88C67EB875E8E7266009"
     "35D2BC43DD1CC879F765BF2A0C5E297889DDE910E57E2BB0EAE417B90AB7A275",
     "b78619e4fceeeb86dee3fedb945eca6da61dae312771ef8fa871951d391bd7b6",
     "925ed6f1cf0379ede29d8209432d6e08c73ed0423883febf85416343f4fa1f86"},
    {&mldsa, "44", "7194B13C95231010AFD2C909992BD2003BA6F437C3886BDBE3F6B867A14BA161",
     "838b88b6ac41e2c60698173e08ca173d0b0d2839205806e56a8a3d53195f3a03",
     "1c911d163cd0a5563e06f22403f7e16334fee17c2abb66f11ddf39ca6307ec58"},
    {&mldsa, "65", "A991FD42B071D49C48AE3E75C647459E0DAAD1E1BA356A04801912D3294BCFF8",
     "b1a7d0d2f0d7a04b9d5ffccd9bd578864dab4a01cdd7f70a05cd1f4f0672e43a",
     "56c53ac82fbff7d81b7a8cfbbc73011ceccad677e16dc53f2ece66d49aa11edd"},
    {&mldsa, "87", "A16F5B0796703E2D1A0140A35CBF36EFABE70E752BA59B6A9A0E9C4B05302F73",
     "33f49649f05ec2fc3b050007b18ade043bbc8d1c0ded03a269d540486daaa5f4",
     "c64e15742f27d7d8e2832f7d55a5c014f2c9536082f3a3181cfc6246908dd649"},
};

/* ACVP SLH-DSA-keyGen-FIPS205, tests 21 and 31: the private key, whose
 * second half is the public key. */
static const struct {
    const char *set, *key;
} slh_answers[] = {
    {"SHA2-128f", "C42BCB3B5A6F331F5CCE899253C6D9E29FF2B7EAD7A04BAB1794DB8CC659C3B4"
                  "A868F1BD5DEBC12D4C9FAD66AABD0A94B546DF247BE4C457F3D467CDFCFABD39"},
    {"SHAKE-128f", "3956AB391B4D22FC907AF0740326D061AB0EB206436F2B86EBE086D77739B3E4"
                   "56505C229F4E7FA6B201714C7DCC9DA366578F1F24C3FE371C97C14CE0E79CDC"},
};

static struct key *key_from_answer(const struct answer *a, struct bytes *seed_blob)
{
    struct bytes seed;
    from_hex(&seed, a->seed);
    make_blob(seed_blob, a->forms->seed_magic, a->set, span_in(&seed));
    return import(a->forms->class, a->forms->seed_type, span_in(seed_blob));
}

static void seed_known_answers(void **state)
{
    (void)state;
    need(&mlkem_class);
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        const struct answer *a = &answers[i];
        struct bytes in, out;
        struct key *key = key_from_answer(a, &in);
        export(key, a->forms->seed_type, &out);
        assert_int_equal(out.n, in.n);
        assert_memory_equal(out.p, in.p, in.n);
        export(key, a->forms->public_type, &out);
        assert_sha256(blob_key(&out), a->public_sha256);
        export(key, a->forms->private_type, &out);
        assert_sha256(blob_key(&out), a->private_sha256);
        key_free(key);
    }
}

/* The seed's way without validation goes through libcrypto's generator; it must give the same key,
 * and leave nothing behind for the next one. */
static void seed_without_validation(void **state)
{
    (void)state;
    need(&mlkem_class);
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        const struct answer *a = &answers[i];
        struct bytes seed, blob, out, fresh;
        from_hex(&seed, a->seed);
        make_blob(&blob, a->forms->seed_magic, a->set, span_in(&seed));
        struct key *key = NULL;
        assert_int_equal(import_flags(a->forms->class, a->forms->seed_type, span_in(&blob),
                                      BCRYPT_NO_KEY_VALIDATION, &key),
                         STATUS_SUCCESS);
        export(key, a->forms->private_type, &out);
        assert_sha256(blob_key(&out), a->private_sha256);
        struct key *other = generate(a->forms->class, a->set);
        export(other, a->forms->private_type, &fresh);
        assert_memory_not_equal(fresh.p, out.p, out.n);
        key_free(other);
        key_free(key);
    }
}

static void expanded_private_keys(void **state)
{
    (void)state;
    need(&mlkem_class);
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        const struct answer *a = &answers[i];
        struct bytes in, expanded, out;
        struct key *seeded = key_from_answer(a, &in);
        export(seeded, a->forms->private_type, &expanded);
        key_free(seeded);

        struct key *key = import(a->forms->class, a->forms->private_type, span_in(&expanded));
        export(key, a->forms->public_type, &out);
        assert_sha256(blob_key(&out), a->public_sha256);
        export(key, "PRIVATEBLOB", &out);
        assert_int_equal(out.n, expanded.n);
        assert_memory_equal(out.p, expanded.p, expanded.n);
        uint32_t n;
        assert_int_equal(export_status(key, a->forms->seed_type, out.p, sizeof out.p, &n),
                         STATUS_NOT_SUPPORTED);
        key_free(key);
    }
}

static void slhdsa_private_keys(void **state)
{
    (void)state;
    need(&slhdsa_class);
    for (size_t i = 0; i < ARRAY_COUNT(slh_answers); i++) {
        struct bytes raw, blob, out;
        from_hex(&raw, slh_answers[i].key);
        make_blob(&blob, slhdsa.private_magic, slh_answers[i].set, span_in(&raw));
        struct key *key = import(&slhdsa_class, slhdsa.private_type, span_in(&blob));
        export(key, "PRIVATEBLOB", &out);
        assert_int_equal(out.n, blob.n);
        assert_memory_equal(out.p, blob.p, blob.n);
        export(key, "PUBLICBLOB", &out);
        assert_int_equal(blob_key(&out).n, 32);
        assert_memory_equal(blob_key(&out).p, raw.p + 32, 32);
        uint32_t n;
        assert_int_equal(export_status(key, "PQDSAPRIVATESEEDBLOB", out.p, sizeof out.p, &n),
                         STATUS_NOT_SUPPORTED);
        key_free(key);

        /* A root that is not this key's: found, unless the caller does not want to know. */
        blob.p[blob.n - 1] ^= 1;
        assert_int_equal(import_status(&slhdsa_class, slhdsa.private_type, span_in(&blob)),
                         STATUS_INVALID_PARAMETER);
        assert_int_equal(import_flags(&slhdsa_class, slhdsa.private_type, span_in(&blob),
                                      BCRYPT_NO_KEY_VALIDATION, &key),
                         STATUS_SUCCESS);
        key_free(key);
    }
}

/* ---- generation ------------------------------------------------------------------------------ */

static void empty_keys(void **state)
{
    (void)state;
    need(&mlkem_class);
    static const struct alg_class *const classes[] = {&mlkem_class, &mldsa_class, &slhdsa_class};
    for (size_t i = 0; i < ARRAY_COUNT(classes); i++) {
        const struct alg_class *class = classes[i];
        struct alg alg = {.class = class};
        struct key *key = NULL;
        assert_int_equal(class->asym->generate(&alg, 768, 0, &key), STATUS_INVALID_PARAMETER);
        assert_null(key);
        assert_int_equal(class->asym->generate_flags,
                         class == &mlkem_class ? BCRYPT_NO_KEY_VALIDATION : 0);

        key = generate_empty(class, 0);
        uint8_t value[64];
        uint32_t n = 0;
        assert_int_equal(get_prop(key, "ParameterSetName", value, sizeof value, &n),
                         STATUS_INVALID_HANDLE);
        assert_int_equal(get_prop(key, "PublicKeyLength", value, sizeof value, &n),
                         STATUS_INVALID_HANDLE);
        assert_int_equal(class->asym->finalize(key, 0), STATUS_INVALID_PARAMETER);
        assert_int_equal(set_name(key, "999"), STATUS_NOT_SUPPORTED);
        assert_int_equal(set_name(key, ""), STATUS_NOT_SUPPORTED);
        assert_int_equal(set_name(key, class == &mlkem_class ? "65" : "768"), STATUS_NOT_SUPPORTED);
        assert_int_equal(class->asym->finalize(key, 0), STATUS_INVALID_PARAMETER);
        key_free(key);
    }
}

static void assert_facts(struct key *key, const char *set, uint32_t public_bytes, uint32_t result,
                         const char *result_prop)
{
    uint16_t name[40];
    uint32_t n;
    assert_int_equal(get_prop(key, "ParameterSetName", name, sizeof name, &n), STATUS_SUCCESS);
    assert_int_equal(n, 2 * (strlen(set) + 1));
    for (size_t i = 0; i <= strlen(set); i++)
        assert_int_equal(name[i], set[i]);
    assert_int_equal(get_u32(key, "PublicKeyLength"), 8 * public_bytes);
    assert_int_equal(get_u32(key, "KeyLength"), 8 * public_bytes);
    assert_int_equal(get_u32(key, "KeyStrength"), 8 * public_bytes);
    assert_int_equal(get_u32(key, result_prop), result);
}

static const struct {
    const struct forms *forms;
    const char *set;
    uint32_t public_bytes, private_bytes, seed_bytes, result;
} sizes[] = {
    {&mlkem, "512", 800, 1632, 64, 768},       {&mlkem, "768", 1184, 2400, 64, 1088},
    {&mlkem, "1024", 1568, 3168, 64, 1568},    {&mldsa, "44", 1312, 2560, 32, 2420},
    {&mldsa, "65", 1952, 4032, 32, 3309},      {&mldsa, "87", 2592, 4896, 32, 4627},
    {&slhdsa, "SHA2-128s", 32, 64, 0, 7856},   {&slhdsa, "SHAKE-128s", 32, 64, 0, 7856},
    {&slhdsa, "SHA2-128f", 32, 64, 0, 17088},  {&slhdsa, "SHAKE-128f", 32, 64, 0, 17088},
    {&slhdsa, "SHA2-192s", 48, 96, 0, 16224},  {&slhdsa, "SHAKE-192s", 48, 96, 0, 16224},
    {&slhdsa, "SHA2-192f", 48, 96, 0, 35664},  {&slhdsa, "SHAKE-192f", 48, 96, 0, 35664},
    {&slhdsa, "SHA2-256s", 64, 128, 0, 29792}, {&slhdsa, "SHAKE-256s", 64, 128, 0, 29792},
    {&slhdsa, "SHA2-256f", 64, 128, 0, 49856}, {&slhdsa, "SHAKE-256f", 64, 128, 0, 49856},
};

static void facts_of_every_set(void **state)
{
    (void)state;
    need(&mlkem_class);
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct key *key = generate_empty(sizes[i].forms->class, 0);
        assert_int_equal(set_name(key, sizes[i].set), STATUS_SUCCESS);
        assert_facts(key, sizes[i].set, sizes[i].public_bytes, sizes[i].result,
                     sizes[i].forms == &mlkem ? "KEMCiphertextLength" : "SignatureLength");
        key_free(key);
    }
}

/* Generates, exports every form, imports it again: sizes are as published and the key stays the
 * same. The slow sets of SLH-DSA differ from the fast ones by numbers only and stay out. */
static void generate_and_roundtrip(void **state)
{
    (void)state;
    need(&mlkem_class);
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        const struct forms *f = sizes[i].forms;
        if (f == &slhdsa && sizes[i].set[strlen(sizes[i].set) - 1] == 's')
            continue;
        struct bytes public, private, seed, out;
        struct key *key = generate(f->class, sizes[i].set);
        assert_true(key->has_private);
        export(key, f->public_type, &public);
        export(key, f->private_type, &private);
        assert_int_equal(blob_key(&public).n, sizes[i].public_bytes);
        assert_int_equal(blob_key(&private).n, sizes[i].private_bytes);

        uint32_t n = 0;
        assert_int_equal(export_status(key, f->public_type, NULL, 0, &n), STATUS_SUCCESS);
        assert_int_equal(n, public.n);
        memset(out.p, 0xA5, sizeof out.p);
        assert_int_equal(export_status(key, f->public_type, out.p, public.n - 1, &n),
                         STATUS_BUFFER_TOO_SMALL);
        assert_int_equal(n, public.n);
        assert_int_equal(out.p[0], 0xA5);

        struct key *half = import(f->class, "PUBLICBLOB", span_in(&public));
        assert_false(half->has_private);
        export(half, f->public_type, &out);
        assert_int_equal(out.n, public.n);
        assert_memory_equal(out.p, public.p, public.n);
        assert_int_equal(export_status(half, f->private_type, out.p, sizeof out.p, &n),
                         STATUS_INVALID_PARAMETER);
        assert_int_equal(export_status(half, "PRIVATEBLOB", out.p, sizeof out.p, &n),
                         STATUS_INVALID_PARAMETER);
        key_free(half);

        struct key *whole = import(f->class, "PRIVATEBLOB", span_in(&private));
        assert_true(whole->has_private);
        export(whole, f->public_type, &out);
        assert_memory_equal(out.p, public.p, public.n);
        key_free(whole);

        if (f->seed_type != NULL) {
            export(key, f->seed_type, &seed);
            assert_int_equal(blob_key(&seed).n, sizes[i].seed_bytes);
            struct key *again = import(f->class, "PRIVATEBLOB", span_in(&seed));
            export(again, f->private_type, &out);
            assert_memory_equal(out.p, private.p, private.n);
            key_free(again);
        }
        key_free(key);
    }
}

static void generate_unchecked(void **state)
{
    (void)state;
    need(&mlkem_class);
    struct key *key = generate_empty(&mlkem_class, BCRYPT_NO_KEY_VALIDATION);
    assert_int_equal(set_name(key, "512"), STATUS_SUCCESS);
    assert_int_equal(set_name(key, "768"), STATUS_SUCCESS); /* the last one counts */
    assert_int_equal(mlkem_class.asym->finalize(key, 0), STATUS_SUCCESS);
    struct bytes blob;
    export(key, "MLKEMPRIVATEBLOB", &blob);
    assert_int_equal(blob_key(&blob).n, 2400);
    assert_int_equal(import_status(&mlkem_class, "MLKEMPRIVATEBLOB", span_in(&blob)),
                     STATUS_SUCCESS);
    key_free(key);
}

/* ---- bad blobs ------------------------------------------------------------------------------- */

static void truncated_and_longer(void **state)
{
    (void)state;
    need(&mlkem_class);
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        const struct forms *f = answers[i].forms;
        const char *const types[] = {f->public_type, f->private_type, f->seed_type};
        struct bytes seed, blob;
        struct key *key = key_from_answer(&answers[i], &seed);
        for (size_t t = 0; t < ARRAY_COUNT(types); t++) {
            export(key, types[t], &blob);
            for (uint32_t n = 0; n < blob.n; n += n < 40 ? 1 : 97)
                assert_int_equal(import_status(f->class, types[t], span_of(blob.p, n)),
                                 STATUS_INVALID_BUFFER_SIZE);
            assert_int_equal(import_status(f->class, types[t], span_of(blob.p, blob.n - 1)),
                             STATUS_INVALID_BUFFER_SIZE);

            memset(blob.p + blob.n, 0, 2);
            bool tolerated = f == &mlkem && t != 1;
            NTSTATUS want = tolerated ? STATUS_SUCCESS : STATUS_INVALID_BUFFER_SIZE;
            assert_int_equal(import_status(f->class, types[t], span_of(blob.p, blob.n + 2)), want);
            assert_int_equal(import_status(f->class, t == 0 ? "PUBLICBLOB" : "PRIVATEBLOB",
                                           span_of(blob.p, blob.n + 2)),
                             want);
        }
        key_free(key);
    }
}

static void changed_headers(void **state)
{
    (void)state;
    need(&mlkem_class);
    struct bytes seed, public, blob;
    struct key *key = key_from_answer(&answers[1], &seed);
    export(key, mlkem.public_type, &public);
    key_free(key);
    struct span ek = blob_key(&public);

    make_blob(&blob, mlkem.public_magic, "768", ek);
    assert_int_equal(import_status(&mlkem_class, "MLKEMPUBLICBLOB", span_in(&blob)),
                     STATUS_SUCCESS);
    assert_int_equal(import_status(&mlkem_class, "MLKEMPRIVATEBLOB", span_in(&blob)),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&mlkem_class, "MLKEMPRIVATESEEDBLOB", span_in(&blob)),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&mlkem_class, "PRIVATEBLOB", span_in(&blob)),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&mlkem_class, "PQDSAPUBLICBLOB", span_in(&blob)),
                     STATUS_NOT_SUPPORTED);
    assert_int_equal(import_status(&mldsa_class, "PQDSAPUBLICBLOB", span_in(&blob)),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(import_status(&slhdsa_class, "PUBLICBLOB", span_in(&blob)),
                     STATUS_INVALID_PARAMETER);

    static const uint32_t magics[] = {0,          0x524B4C4D, 0x534B4C4D, 0x4B505344,
                                      0x4B504853, 0x31415352, 0xFFFFFFFF};
    for (size_t i = 0; i < ARRAY_COUNT(magics); i++) {
        make_blob(&blob, magics[i], "768", ek);
        assert_int_equal(import_status(&mlkem_class, "MLKEMPUBLICBLOB", span_in(&blob)),
                         STATUS_INVALID_PARAMETER);
    }
    static const struct {
        const char *set;
        NTSTATUS want;
    } names[] = {
        {"512", STATUS_INVALID_BUFFER_SIZE}, {"1024", STATUS_INVALID_BUFFER_SIZE},
        {"65", STATUS_INVALID_PARAMETER},    {"", STATUS_INVALID_PARAMETER},
        {"7680", STATUS_INVALID_PARAMETER},  {"76", STATUS_INVALID_PARAMETER},
        {"768 ", STATUS_INVALID_PARAMETER},
    };
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        make_blob(&blob, mlkem.public_magic, names[i].set, ek);
        assert_int_equal(import_status(&mlkem_class, "MLKEMPUBLICBLOB", span_in(&blob)),
                         names[i].want);
    }

    /* Lengths that lie: of the name, of the key, and so large that sums wrap around. */
    static const uint32_t lies[] = {0,    1,          7,          9,          1183,
                                    1185, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFF4, 0x80000000};
    for (size_t field = 4; field <= 8; field += 4) {
        for (size_t i = 0; i < ARRAY_COUNT(lies); i++) {
            make_blob(&blob, mlkem.public_magic, "768", ek);
            memcpy(blob.p + field, &lies[i], 4);
            assert_true(import_status(&mlkem_class, "MLKEMPUBLICBLOB", span_in(&blob)) < 0);
        }
    }
}

/* FIPS 203 7.2: a coefficient of the public key that is not below q = 3329. */
static void mlkem_modulus_check(void **state)
{
    (void)state;
    need(&mlkem_class);
    struct bytes seed, blob;
    struct key *key = key_from_answer(&answers[1], &seed);
    export(key, mlkem.public_type, &blob);
    uint8_t *ek = blob.p + (blob_key(&blob).p - blob.p);
    for (size_t at = 0; at < 1152; at += 381) {
        uint8_t kept[3];
        memcpy(kept, ek + at, 3);
        ek[at] = 0x01; /* the low coefficient of the three bytes becomes 0xD01 = 3329 */
        ek[at + 1] = (uint8_t)((kept[1] & 0xF0) | 0x0D);
        assert_int_equal(import_status(&mlkem_class, mlkem.public_type, span_in(&blob)),
                         STATUS_INVALID_PARAMETER);
        ek[at] = 0x00; /* 3328 is the largest that there is */
        assert_int_equal(import_status(&mlkem_class, mlkem.public_type, span_in(&blob)),
                         STATUS_SUCCESS);
        memcpy(ek + at, kept, 3);
    }
    key_free(key);
}

/* FIPS 203 7.3 and the pair: a private key of which one part belongs to another key. */
static void mlkem_private_checks(void **state)
{
    (void)state;
    need(&mlkem_class);
    struct bytes seed, blob, other, mixed;
    struct key *key = key_from_answer(&answers[1], &seed);
    export(key, mlkem.private_type, &blob);
    struct key *stranger = generate(&mlkem_class, "768");
    export(stranger, mlkem.private_type, &other);
    size_t head = (size_t)(blob_key(&blob).p - blob.p);

    mixed = blob; /* the stored hash of the public key */
    mixed.p[head + 1152 + 1184] ^= 1;
    assert_int_equal(import_status(&mlkem_class, mlkem.private_type, span_in(&mixed)),
                     STATUS_INVALID_PARAMETER);
    mixed = blob; /* the public key inside, with its own hash no longer right */
    mixed.p[head + 1152 + 1160] ^= 1;
    assert_int_equal(import_status(&mlkem_class, mlkem.private_type, span_in(&mixed)),
                     STATUS_INVALID_PARAMETER);
    mixed = blob; /* the whole public part of another key, hash included */
    memcpy(mixed.p + head + 1152, other.p + head + 1152, 1184 + 32);
    assert_int_equal(import_status(&mlkem_class, mlkem.private_type, span_in(&mixed)),
                     STATUS_INVALID_PARAMETER);
    mixed = blob; /* a secret coefficient that is not below q */
    mixed.p[head] = 0xFF;
    mixed.p[head + 1] |= 0x0F;
    assert_int_equal(import_status(&mlkem_class, mlkem.private_type, span_in(&mixed)),
                     STATUS_INVALID_PARAMETER);
    mixed = blob; /* the value for implicit rejection may be anything */
    mixed.p[mixed.n - 1] ^= 1;
    assert_int_equal(import_status(&mlkem_class, mlkem.private_type, span_in(&mixed)),
                     STATUS_SUCCESS);
    key_free(stranger);
    key_free(key);
}

/* FIPS 204: rho | K | tr | s1 | s2 | t0; everything but K is tied together by the public key. */
static void mldsa_private_checks(void **state)
{
    (void)state;
    need(&mldsa_class);
    struct bytes seed, blob, mixed;
    struct key *key = key_from_answer(&answers[4], &seed);
    export(key, mldsa.private_type, &blob);
    size_t head = (size_t)(blob_key(&blob).p - blob.p);
    static const struct {
        size_t at;
        uint8_t change;
    } spots[] = {
        {0, 1},                      /* rho */
        {64, 1},                     /* tr */
        {127, 0x80},                 /* tr, its end */
        {128 + 5 * 128 + 1, 0x10},   /* s2 */
        {128 + 11 * 128 + 10, 0x01}, /* t0 */
        {4031, 0x80},                /* t0, its end */
    };
    for (size_t i = 0; i < ARRAY_COUNT(spots); i++) {
        mixed = blob;
        mixed.p[head + spots[i].at] ^= spots[i].change;
        assert_int_equal(import_status(&mldsa_class, mldsa.private_type, span_in(&mixed)),
                         STATUS_INVALID_PARAMETER);
    }
    mixed = blob; /* s1 coefficient out of [-4, 4]: the nibble 15 */
    mixed.p[head + 128] |= 0x0F;
    assert_int_equal(import_status(&mldsa_class, mldsa.private_type, span_in(&mixed)),
                     STATUS_INVALID_PARAMETER);
    key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(seed_known_answers, teardown),
        cmocka_unit_test_teardown(seed_without_validation, teardown),
        cmocka_unit_test_teardown(expanded_private_keys, teardown),
        cmocka_unit_test_teardown(slhdsa_private_keys, teardown),
        cmocka_unit_test_teardown(empty_keys, teardown),
        cmocka_unit_test_teardown(facts_of_every_set, teardown),
        cmocka_unit_test_teardown(generate_and_roundtrip, teardown),
        cmocka_unit_test_teardown(generate_unchecked, teardown),
        cmocka_unit_test_teardown(truncated_and_longer, teardown),
        cmocka_unit_test_teardown(changed_headers, teardown),
        cmocka_unit_test_teardown(mlkem_modulus_check, teardown),
        cmocka_unit_test_teardown(mlkem_private_checks, teardown),
        cmocka_unit_test_teardown(mldsa_private_checks, teardown),
    };
    return cmocka_run_group_tests_name("pq_key", tests, NULL, NULL);
}
