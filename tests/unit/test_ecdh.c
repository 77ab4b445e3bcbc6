/* ECDH: known answers, every curve, libcrypto's EVP in both directions,
 * X25519's rules, and what is refused. */
#include "ecc_fixture.h"

#include <openssl/ec.h>

#define ECKP BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC
#define ECKV BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC

/* NIST CAVP ECC CDH (COUNT 0 of each curve); RFC 7027 A.1; SymCrypt's
 * answers for the nums curves. */
static const struct answer {
    const char *curve;
    const char *px, *py;   /* the peer's public point */
    const char *d, *x, *y; /* one's own key pair */
    const char *z;
} answers[] = {
    {"nistP192", "42ea6dd9969dd2a61fea1aac7f8e98edcc896c6e55857cc0",
     "dfbe5d7c61fac88b11811bde328e8a0d12bf01a9d204b523",
     "f17d3fea367b74d340851ca4270dcb24c271f445bed9d527",
     "b15053401f57285637ec324c1cd2139e3a67de3739234b37",
     "f269c158637482aad644cd692dd1d3ef2c8a7c49e389f7f6",
     "803d8ab2e5b6e6fca715737c3a82f7ce3c783124f6d51cd0"},
    {"nistP224", "af33cd0629bc7e996320a3f40368f74de8704fa37b8fab69abaae280",
     "882092ccbba7930f419a8a4f9bb16978bbc3838729992559a6f2e2d7",
     "8346a60fc6f293ca5a0d2af68ba71d1dd389e5e40837942df3e43cbd",
     "8de2e26adf72c582d6568ef638c4fd59b18da171bdf501f1d929e048",
     "4a68a1c2b0fb22930d120555c1ece50ea98dea8407f71be36efac0de",
     "7d96f9a3bd3c05cf5cc37feb8b9d5209d5c2597464dec3e9983743e8"},
    {"nistP256", "700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287",
     "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
     "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
     "ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b230",
     "28af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141",
     "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b"},
    {"nistP384",
     "a7c76b970c3b5fe8b05d2838ae04ab47697b9eaf52e764592efda27fe7513272734466b400091adbf2d68c58e0c50"
     "066",
     "ac68f19f2e1cb879aed43a9969b91a0839c4c38a49749b661efedf243451915ed0905a32b060992b468c64766fc84"
     "37a",
     "3cc3122a68f0d95027ad38c067916ba0eb8c38894d22e1b15618b6818a661774ad463b205da88cf699ab4d43c9cf9"
     "8a1",
     "9803807f2f6d2fd966cdd0290bd410c0190352fbec7ff6247de1302df86f25d34fe4a97bef60cff548355c015dbb3"
     "e5f",
     "ba26ca69ec2f5b5d9dad20cc9da711383a9dbe34ea3fa5a2af75b46502629ad54dd8b7d73a8abb06a3a3be47d650c"
     "c99",
     "5f9d29dc5e31a163060356213669c8ce132e22f57c9a04f40ba7fcead493b457e5621e766c40a2e3d4d6a04b25e53"
     "3f1"},
    {"nistP521",
     "00685a48e86c79f0f0875f7bc18d25eb5fc8c0b07e5da4f4370f3a9490340854334b1e1b87fa395464c60626124a4"
     "e70"
     "d0f785601d37c09870ebf176666877a2046d",
     "01ba52c56fc8776d9e8f5db4f0cc27636d0b741bbe05400697942e80b739884a83bde99e0f6716939e632bc8986fa"
     "18d"
     "ccd443a348b6c3e522497955a4f3c302f676",
     "017eecc07ab4b329068fba65e56a1f8890aa935e57134ae0ffcce802735151f4eac6564f6ee9974c5e6887a1fefee"
     "574"
     "3ae2241bfeb95d5ce31ddcb6f9edb4d6fc47",
     "00602f9d0cf9e526b29e22381c203c48a886c2b0673033366314f1ffbcba240ba42f4ef38a76174635f91e6b4ed34"
     "275"
     "eb01c8467d05ca80315bf1a7bbd945f550a5",
     "01b7c85f26f5d4b2d7355cf6b02117659943762b6d1db5ab4f1dbc44ce7b2946eb6c7de342962893fd387d1b73d7a"
     "867"
     "2d1f236961170b7eb3579953ee5cdc88cd2d",
     "005fc70477c3e63bc3954bd0df3ea0d1f41ee21746ed95fc5e1fdf90930d5e136672d72cc770742d1711c3c3a4c33"
     "4a0"
     "ad9759436a4d3c5bf6e74b9578fac148c831"},
    {"brainpoolP256r1", "8D2D688C6CF93E1160AD04CC4429117DC2C41825E1E9FCA0ADDD34E6F1B39F7B",
     "990C57520812BE512641E47034832106BC7D3E8DD0E4C7F1136D7006547CEC6A",
     "81DB1EE100150FF2EA338D708271BE38300CB54241D79950F77B063039804F1D",
     "44106E913F92BC02A1705D9953A8414DB95E1AAA49E81D9E85F929A8E3100BE5",
     "8AB4846F11CACCB73CE49CBDD120F5A900A69FD32C272223F789EF10EB089BDC",
     "89AFC39D41D3B327814B80940B042590F96556EC91E6AE7939BCE31F3A18BF2B"},
    {"numsP256t1", "9FD536B5B8CFB1FDE0C4ACBDC57041CF4BE97501ADACAEBF284884ECF9D4CF40",
     "5A9046F9BB6F35D2F1A8C9835415793056596449D5CC93CFFB8C3C89EF127928",
     "22A13B32B730C46BD0664044F2144FADDC497D9EF6324912FD367840EE509A20",
     "4E911BB0A5F4F850D8C61F1A87A4D7E689713597CA8740320D0F9B4AF4CE5D4D",
     "3F9ED46B9C702B3B7C267A79C1C75B02ADFF274919B708F094A1088762ED71CD",
     "5967C998CF694C90BB1869886B6A07EC772760978E94B8EE873906A75DE323E6"},
    {"numsP512t1",
     "606A43D636D365D56B3D5F0CE7A21F862492C89C3F22C167B695E322E3CC56EAE990AFEC979236FF14262A45AA8C8"
     "56C"
     "52611B0DF98BF896AA69FFE9276F6399",
     "EE727A35113D4975F9FC87D477CF443CAFFC333418DA3BB1AD3D787C48C43CE550E27CF616F5BEAF2C68103CB1D81"
     "208"
     "6329C10F1DD988111A79F6FBAE77CD24",
     "1667BF53CCC9EAB280E9D599C57E802C499D72B90299CAB0DA1F8BE19D9122F72AF22314E7A0913EDDF8D75724547"
     "DDB"
     "458A5DCC93B21A7711CC02DFCC339585",
     "E105BDAC3E5EFF691B098F605960DD11BFF50B6C27FEAC359077E140098BFFA68EA799DE43F521A09FC98A22D1A34"
     "9CB"
     "B7E5F1BEC18A49494FD103C2BF44F55D",
     "D8AED3EA0734C996BDC469BBB7D71B2A554C5E88C0639FE7432F9CE7C57D65279BD491A4C1B43B7044CD3ABBF393E"
     "16F"
     "B47D62A8114A8DF2D31A7DA60F26F2A1",
     "29E1C3540417274BE35F3231BC4F6FC41E7424F0CAA6BA79219E1C7D2695115D08C9AC7EC94ECB6EDB7DFDCB2FF3A"
     "097"
     "6C23442B64BDE725752D4C77AE83430F"},
};

static void zeros(char *hex, size_t bytes)
{
    memset(hex, '0', 2 * bytes);
    hex[2 * bytes] = '\0';
}

static void test_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        const struct answer *a = &answers[i];
        struct bytes peer_blob = blob_of(ECKP, a->px, a->py, NULL);
        struct bytes own_blob = blob_of(ECKV, a->x, a->y, a->d);
        struct key *peer = import_key(&ecdh_class, a->curve, "ECCPUBLICBLOB", &peer_blob);
        struct key *own = import_key(&ecdh_class, a->curve, "ECCPRIVATEBLOB", &own_blob);
        struct bytes z;
        assert_int_equal(agree_raw(own, peer, &z), STATUS_SUCCESS);
        assert_hex(&z, a->z);

        /* Without X and Y the public point is computed, and comes out the same. */
        char none[200];
        zeros(none, strlen(a->x) / 2);
        struct bytes bare = blob_of(ECKV, none, none, a->d);
        struct key *computed = import_key(&ecdh_class, a->curve, "ECCPRIVATEBLOB", &bare);
        struct bytes out;
        export_key(computed, "ECCPRIVATEBLOB", &out);
        assert_memory_equal(out.p + 8, own_blob.p + 8, own_blob.n - 8);
        assert_int_equal(agree_raw(computed, peer, &z), STATUS_SUCCESS);
        assert_hex(&z, a->z);
        key_free(peer);
        key_free(own);
        key_free(computed);
    }
}

static void test_every_curve(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVE_COUNT; i++) {
        struct key *a = generate_named(&ecdh_class, curves[i].name);
        struct key *b = generate_named(&ecdh_class, curves[i].name);
        struct bytes blob, z, w;
        export_key(b, "ECCPUBLICBLOB", &blob);
        struct key *public = import_key(&ecdh_class, curves[i].name, "ECCPUBLICBLOB", &blob);
        assert_int_equal(agree_raw(a, public, &z), STATUS_SUCCESS);
        export_key(a, "ECCPRIVATEBLOB", &blob);
        struct key *private = import_key(&ecdh_class, curves[i].name, "ECCPRIVATEBLOB", &blob);
        assert_int_equal(agree_raw(b, private, &w), STATUS_SUCCESS);
        assert_int_equal(z.n, ecc_key_of(a)->curve.group->field_bytes);
        assert_int_equal(w.n, z.n);
        assert_memory_equal(z.p, w.p, z.n);
        /* With itself; observed to work on Windows. */
        assert_int_equal(agree_raw(a, a, &w), STATUS_SUCCESS);
        assert_memory_not_equal(z.p, w.p, z.n);
        key_free(a);
        key_free(b);
        key_free(public);
        key_free(private);
    }
}

static void test_mismatch(void **state)
{
    (void)state;
    struct key *p256 = generate_named(&ecdh_class, "nistP256");
    struct key *alias = generate_named(&ecdh_class, "secP256r1");
    struct key *k256 = generate_named(&ecdh_class, "secP256k1");
    struct key *p384 = generate_named(&ecdh_class, "nistP384");
    struct key *c25519 = generate_named(&ecdh_class, "curve25519");
    struct key *signer = generate_named(&ecdsa_class, "nistP256");
    struct test_alg a;
    struct key *fixed = generate_on(alg_open(&a, &ecdh_p256_class), 256);
    struct bytes z, w, blob;

    assert_int_equal(agree_raw(p256, alias, &z), STATUS_SUCCESS);
    assert_int_equal(agree_raw(fixed, alias, &z), STATUS_SUCCESS);
    assert_int_equal(agree_raw(alias, fixed, &w), STATUS_SUCCESS);
    assert_memory_equal(z.p, w.p, 32);
    assert_int_equal(agree_raw(p256, k256, &z), STATUS_INVALID_PARAMETER);
    assert_int_equal(agree_raw(p256, p384, &z), STATUS_INVALID_PARAMETER);
    assert_int_equal(agree_raw(p256, c25519, &z), STATUS_INVALID_PARAMETER);
    assert_int_equal(agree_raw(c25519, p256, &z), STATUS_INVALID_PARAMETER);
    assert_int_equal(agree_raw(p256, signer, &z), STATUS_INVALID_PARAMETER);

    export_key(p256, "ECCPUBLICBLOB", &blob);
    struct key *public = import_key(&ecdh_class, NULL, "ECCPUBLICBLOB", &blob);
    assert_int_equal(agree_raw(public, alias, &z), STATUS_INVALID_PARAMETER);
    assert_null(p256->class->asym->sign);

    key_free(p256);
    key_free(alias);
    key_free(k256);
    key_free(p384);
    key_free(c25519);
    key_free(signer);
    key_free(fixed);
    key_free(public);
}

/* ---- X25519 ---- */

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* RFC 7748 6.1, the private numbers clamped. */
#define ALICE_D "70076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c6a"
#define ALICE_U "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
#define BOB_U "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"

static void test_x25519_answer(void **state)
{
    (void)state;
    struct bytes a = blob_of(ECKV, ALICE_U, ZEROS, ALICE_D);
    struct bytes b = blob_of(ECKP, BOB_U, ZEROS, NULL);
    struct key *own = import_key(&ecdh_class, "curve25519", "ECCPRIVATEBLOB", &a);
    struct key *peer = import_key(&ecdh_class, "curve25519", "ECCPUBLICBLOB", &b);
    struct bytes z, out;
    assert_int_equal(agree_raw(own, peer, &z), STATUS_SUCCESS);
    assert_hex(&z, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    export_key(own, "ECCPRIVATEBLOB", &out);
    assert_int_equal(out.n, a.n);
    assert_memory_equal(out.p, a.p, a.n);
    export_key(peer, "ECCPUBLICBLOB", &out);
    assert_memory_equal(out.p, b.p, b.n);
    const struct prop_target t = on_key(own);
    assert_int_equal(prop_u32(&t, "KeyLength"), 255);
    assert_int_equal(prop_u32(&t, "KeyStrength"), 253);
    assert_int_equal(prop_u32(&t, "PublicKeyLength"), 255);
    key_free(own);
    key_free(peer);

    /* X = 0 and Y = 0: computed. */
    a = blob_of(ECKV, ZEROS, ZEROS, ALICE_D);
    own = import_key(&ecdh_class, "curve25519", "ECCPRIVATEBLOB", &a);
    export_key(own, "ECCPUBLICBLOB", &out);
    a = blob_of(ECKP, ALICE_U, ZEROS, NULL);
    assert_int_equal(out.n, a.n);
    assert_memory_equal(out.p, a.p, a.n);
    key_free(own);

    /* A private blob passes for a public one, and is a public key then; observed on Windows. */
    a = blob_of(ECKV, ALICE_U, ZEROS, ALICE_D);
    own = import_key(&ecdh_class, "curve25519", "ECCPUBLICBLOB", &a);
    assert_false(own->has_private);
    export_key(own, "ECCPUBLICBLOB", &out);
    assert_memory_equal(out.p + 8, a.p + 8, 64);
    key_free(own);
}

static void assert_x25519_public(const char *x, const char *y, uint32_t flags, NTSTATUS want)
{
    struct bytes blob = blob_of(ECKP, x, y, NULL);
    assert_int_equal(import_status(&ecdh_class, "curve25519", "ECCPUBLICBLOB", &blob, flags), want);
}

static void assert_x25519_private(const char *x, const char *d, uint32_t flags, NTSTATUS want)
{
    struct bytes blob = blob_of(ECKV, x, ZEROS, d);
    assert_int_equal(import_status(&ecdh_class, "curve25519", "ECCPRIVATEBLOB", &blob, flags),
                     want);
}

static void test_x25519_refused(void **state)
{
    (void)state;
    /* At or above p = 2^255 - 19, whatever the flags; the top bit included. */
    static const char *const high[] = {
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882bcf",
    };
    for (size_t i = 0; i < ARRAY_COUNT(high); i++) {
        assert_x25519_public(high[i], ZEROS, 0, STATUS_INVALID_PARAMETER);
        assert_x25519_public(high[i], ZEROS, BCRYPT_NO_KEY_VALIDATION, STATUS_INVALID_PARAMETER);
    }
    assert_x25519_public(BOB_U, "0100000000000000000000000000000000000000000000000000000000000000",
                         0, STATUS_INVALID_PARAMETER);

    /* Not clamped: low bits, bit 254, bit 255. */
    assert_x25519_private(ZEROS, "71076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c6a",
                          0, STATUS_INVALID_PARAMETER);
    assert_x25519_private(ZEROS, "70076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
                          0, STATUS_INVALID_PARAMETER);
    assert_x25519_private(ZEROS, "70076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92cea",
                          0, STATUS_INVALID_PARAMETER);
    assert_x25519_private(ZEROS, ZEROS, 0, STATUS_INVALID_PARAMETER);
    /* Somebody else's public half. */
    assert_x25519_private(ALICE_U, ALICE_D, 0, STATUS_SUCCESS);
    assert_x25519_private(BOB_U, ALICE_D, 0, STATUS_INVALID_PARAMETER);
    assert_x25519_private(BOB_U, ALICE_D, BCRYPT_NO_KEY_VALIDATION, STATUS_SUCCESS);
    assert_x25519_private(BOB_U, ALICE_D,
                          BCRYPT_NO_KEY_VALIDATION | BCRYPT_KEY_VALIDATION_REGENERATE,
                          STATUS_INVALID_PARAMETER);
}

/* Points of small order: refused, unless nobody asks; then they agree on
 * zero (observed on Windows). */
static void test_x25519_small_order(void **state)
{
    (void)state;
    static const char *const small[] = {
        ZEROS,
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    };
    struct bytes a = blob_of(ECKV, ALICE_U, ZEROS, ALICE_D);
    struct key *own = import_key(&ecdh_class, "curve25519", "ECCPRIVATEBLOB", &a);
    for (size_t i = 0; i < ARRAY_COUNT(small); i++) {
        assert_x25519_public(small[i], ZEROS, 0, STATUS_INVALID_PARAMETER);
        assert_x25519_public(small[i], ZEROS, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER,
                             STATUS_INVALID_PARAMETER);
        struct bytes blob = blob_of(ECKP, small[i], ZEROS, NULL);
        struct key *peer;
        assert_int_equal(import_flags(&ecdh_class, "curve25519", "ECCPUBLICBLOB", &blob,
                                      BCRYPT_NO_KEY_VALIDATION, &peer),
                         STATUS_SUCCESS);
        struct bytes z;
        assert_int_equal(agree_raw(own, peer, &z), STATUS_SUCCESS);
        assert_hex(&z, ZEROS);
        key_free(peer);
    }
    key_free(own);
}

/* ---- EVP in both directions ---- */

static void test_evp_x25519(void **state)
{
    (void)state;
    struct key *own = generate_named(&ecdh_class, "curve25519");
    struct bytes blob, z;
    export_key(own, "ECCPUBLICBLOB", &blob);
    EVP_PKEY *theirs = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    EVP_PKEY *ours = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, blob.p + 8, 32);
    uint8_t w[32];
    size_t n = 32;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(theirs, NULL);
    assert_int_equal(EVP_PKEY_derive_init(ctx), 1);
    assert_int_equal(EVP_PKEY_derive_set_peer(ctx, ours), 1);
    assert_int_equal(EVP_PKEY_derive(ctx, w, &n), 1);
    assert_int_equal(EVP_PKEY_get_raw_public_key(theirs, blob.p + 8, &n), 1);
    struct key *peer = import_key(&ecdh_class, "curve25519", "ECCPUBLICBLOB", &blob);
    assert_int_equal(agree_raw(own, peer, &z), STATUS_SUCCESS);
    assert_memory_equal(z.p, w, 32);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(theirs);
    EVP_PKEY_free(ours);
    key_free(own);
    key_free(peer);
}

static EVP_PKEY *evp_of(EC_KEY *ec)
{
    EVP_PKEY *pkey = EVP_PKEY_new();
    assert_int_equal(EVP_PKEY_assign_EC_KEY(pkey, ec), 1);
    return pkey;
}

static void test_evp(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVE_COUNT; i++) {
        EC_KEY *theirs =
            curves[i].domain->nid == 0 ? NULL : EC_KEY_new_by_curve_name(curves[i].domain->nid);
        if (theirs == NULL) {
            ERR_clear_error();
            continue;
        }
        struct key *own = generate_named(&ecdh_class, curves[i].name);
        size_t n = ecc_key_of(own)->curve.group->field_bytes;
        struct bytes blob, z;
        export_key(own, "ECCPUBLICBLOB", &blob);
        EC_KEY *ours = EC_KEY_new_by_curve_name(curves[i].domain->nid);
        blob.p[7] = 4; /* the last byte of cbKey gives way to the mark of an uncompressed point */
        assert_int_equal(EC_KEY_oct2key(ours, blob.p + 7, 1 + 2 * n, NULL), 1);
        blob.p[7] = 0;

        assert_int_equal(EC_KEY_generate_key(theirs), 1);
        uint8_t octets[1 + 2 * 66];
        assert_int_equal(
            EC_POINT_point2oct(EC_KEY_get0_group(theirs), EC_KEY_get0_public_key(theirs),
                               POINT_CONVERSION_UNCOMPRESSED, octets, sizeof octets, NULL),
            1 + 2 * n);
        memcpy(blob.p + 8, octets + 1, 2 * n);
        struct key *peer = import_key(&ecdh_class, curves[i].name, "ECCPUBLICBLOB", &blob);
        assert_int_equal(agree_raw(own, peer, &z), STATUS_SUCCESS);

        EVP_PKEY *private = evp_of(theirs);
        EVP_PKEY *public = evp_of(ours);
        EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(private, NULL);
        uint8_t w[66];
        size_t got = sizeof w;
        assert_int_equal(EVP_PKEY_derive_init(ctx), 1);
        assert_int_equal(EVP_PKEY_derive_set_peer(ctx, public), 1);
        assert_int_equal(EVP_PKEY_derive(ctx, w, &got), 1);
        assert_int_equal(got, z.n);
        assert_memory_equal(w, z.p, got);
        EVP_PKEY_CTX_free(ctx);
        EVP_PKEY_free(private);
        EVP_PKEY_free(public);
        key_free(own);
        key_free(peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),  cmocka_unit_test(test_every_curve),
        cmocka_unit_test(test_mismatch),       cmocka_unit_test(test_x25519_answer),
        cmocka_unit_test(test_x25519_refused), cmocka_unit_test(test_x25519_small_order),
        cmocka_unit_test(test_evp_x25519),     cmocka_unit_test(test_evp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
