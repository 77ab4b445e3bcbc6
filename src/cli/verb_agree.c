/*
 * Agreement and what is derived from it. The functions and their parameters are rows: an option that a function does
 * not know is an error, and the rest of the code knows no function by name.
 */
#include <bcrypt.h>
#include <string.h>

#include "complain.h"
#include "file_digest.h"
#include "key.h"
#include "render.h"
#include "verbs.h"

struct agree_args {
    const char *key;
    const char *peer;
    const char *curve;
    const char *out;
    const char *kdf;
    const char *hash;
    struct option_bytes prepend, append, hmac_key;
    bool secret_as_hmac_key;
    struct option_bytes label, seed;
    const char *protocol;
    struct option_bytes algorithm_id, party_u, party_v, supp_public, supp_private;
    struct option_bytes salt, info;
    struct option_number length;
    bool big_endian;
    bool hex;
    bool force;
    bool json;
};

#define ROW(member, name, value, help) OPTION(struct agree_args, member, name, 0, value, help)

static const struct option_row options[] = {
    OPTION_KEY(struct agree_args, "one's own private key"),
    OPTION(struct agree_args, peer, "peer", 'p', "FILE", "the other's public key"),
    OPTION_OUT(struct agree_args, "where the result goes (default: standard output)"),
    ROW(kdf, "kdf", "NAME", "raw (default), hash, hmac, tls-prf, concat, hkdf"),
    ROW(length, "length", "BYTES", "how much to derive (hkdf, concat: default 32)"),
    ROW(big_endian, "big-endian", NULL, "raw: as the standards and OpenSSL write it"),
    ROW(hash, "hash", "NAME", "hash, hmac (default SHA1), tls-prf, hkdf (default SHA256)"),
    ROW(prepend, "prepend", "VALUE", "hash, hmac: in front of the secret"),
    ROW(append, "append", "VALUE", "hash, hmac: behind the secret"),
    ROW(hmac_key, "hmac-key", "VALUE", "hmac: the key"),
    ROW(secret_as_hmac_key, "secret-as-hmac-key", NULL, "hmac: the secret is also the key"),
    ROW(label, "label", "VALUE", "tls-prf: the label"),
    ROW(seed, "seed", "VALUE", "tls-prf: the seed, 64 bytes"),
    ROW(protocol, "protocol", "NAME", "tls-prf: tls1.0 (default), tls1.1, tls1.2, dtls1.0"),
    ROW(algorithm_id, "algorithm-id", "VALUE", "concat: AlgorithmID"),
    ROW(party_u, "party-u", "VALUE", "concat: PartyUInfo"),
    ROW(party_v, "party-v", "VALUE", "concat: PartyVInfo"),
    ROW(supp_public, "supp-public", "VALUE", "concat: SuppPubInfo"),
    ROW(supp_private, "supp-private", "VALUE", "concat: SuppPrivInfo"),
    ROW(salt, "salt", "VALUE", "hkdf: the salt"),
    ROW(info, "info", "VALUE", "hkdf: the info"),
    OPTION_CURVE(struct agree_args),
    OPTION_HEX(struct agree_args),
    OPTION_FORCE(struct agree_args),
    OPTION_JSON(struct agree_args),
    OPTION_END,
};

static void args_done(struct agree_args *a)
{
    struct option_bytes *const all[] = {
        &a->prepend, &a->append,  &a->hmac_key,    &a->label,        &a->seed, &a->algorithm_id,
        &a->party_u, &a->party_v, &a->supp_public, &a->supp_private, &a->salt, &a->info,
    };
    for (size_t i = 0; i < ARRAY_COUNT(all); i++)
        option_bytes_done(all[i]);
}

/* ---- the functions -------------------------------------------------------------------------------------------- */

enum { RAW = 1, HASH = 2, HMAC = 4, TLS_PRF = 8, CONCAT = 16, HKDF = 32 };

static const struct kdf_row {
    const char *name;
    const char *engine_name;
    unsigned bit;
    size_t length; /* when none is asked for; 0: the function has one */
} kdfs[] = {
    {"raw", "TRUNCATE", RAW, 0},
    {"hash", "HASH", HASH, 0},
    {"hmac", "HMAC", HMAC, 0},
    {"tls-prf", "TLS_PRF", TLS_PRF, 0},
    {"concat", "SP800_56A_CONCAT", CONCAT, 32},
    {"hkdf", "HKDF", HKDF, 32},
};

/* Parameters that are bytes: which functions take them. HKDF's salt is no parameter but a property. */
static const struct {
    const char *option;
    size_t offset;
    uint32_t id;
    unsigned kdfs;
} byte_parameters[] = {
    {"--prepend", offsetof(struct agree_args, prepend), KDF_SECRET_PREPEND, HASH | HMAC},
    {"--append", offsetof(struct agree_args, append), KDF_SECRET_APPEND, HASH | HMAC},
    {"--hmac-key", offsetof(struct agree_args, hmac_key), KDF_HMAC_KEY, HMAC},
    {"--label", offsetof(struct agree_args, label), KDF_TLS_PRF_LABEL, TLS_PRF},
    {"--seed", offsetof(struct agree_args, seed), KDF_TLS_PRF_SEED, TLS_PRF},
    {"--algorithm-id", offsetof(struct agree_args, algorithm_id), KDF_ALGORITHMID, CONCAT},
    {"--party-u", offsetof(struct agree_args, party_u), KDF_PARTYUINFO, CONCAT},
    {"--party-v", offsetof(struct agree_args, party_v), KDF_PARTYVINFO, CONCAT},
    {"--supp-public", offsetof(struct agree_args, supp_public), KDF_SUPPPUBINFO, CONCAT},
    {"--supp-private", offsetof(struct agree_args, supp_private), KDF_SUPPPRIVINFO, CONCAT},
    {"--info", offsetof(struct agree_args, info), KDF_HKDF_INFO, HKDF},
};

/* DWORDs, as the library takes them. */
static const struct {
    const char *name;
    uint8_t dword[4];
} protocols[] = {
    {"tls1.0", {0x01, 0x03, 0, 0}},
    {"tls1.1", {0x02, 0x03, 0, 0}},
    {"tls1.2", {0x03, 0x03, 0, 0}},
    {"dtls1.0", {0xFF, 0xFE, 0, 0}},
};

static enum outcome complain_option(const char *option, const struct kdf_row *row)
{
    return complain(BAD_USAGE, NULL, NULL, "%s does not go with --kdf %s", option, row->name);
}

static enum outcome find_kdf(const struct agree_args *args, const struct kdf_row **out)
{
    const char *name = args->kdf != NULL ? args->kdf : "raw";
    for (size_t i = 0; i < ARRAY_COUNT(kdfs); i++) {
        if (strcmp(kdfs[i].name, name) == 0) {
            *out = &kdfs[i];
            return DONE;
        }
    }
    return complain(BAD_USAGE, NULL, NULL,
                    "--kdf is raw, hash, hmac, tls-prf, concat or hkdf, not %s", name);
}

static void add_parameter(struct engine_kdf *kdf, uint32_t id, const char *text, struct view bytes)
{
    kdf->parameters[kdf->parameter_count++] = (struct engine_parameter){id, text, bytes};
}

static enum outcome add_bytes(const struct agree_args *args, const struct kdf_row *row,
                              struct engine_kdf *kdf)
{
    for (size_t i = 0; i < ARRAY_COUNT(byte_parameters); i++) {
        const struct option_bytes *value =
            (const void *)((const char *)args + byte_parameters[i].offset);
        if (!value->given)
            continue;
        if ((byte_parameters[i].kdfs & row->bit) == 0)
            return complain_option(byte_parameters[i].option, row);
        add_parameter(kdf, byte_parameters[i].id, NULL, view_of(&value->value));
    }
    return DONE;
}

static enum outcome add_protocol(const struct agree_args *args, const struct kdf_row *row,
                                 struct engine_kdf *kdf)
{
    if (args->protocol == NULL)
        return DONE;
    if (row->bit != TLS_PRF)
        return complain_option("--protocol", row);
    for (size_t i = 0; i < ARRAY_COUNT(protocols); i++) {
        if (strcmp(protocols[i].name, args->protocol) != 0)
            continue;
        add_parameter(kdf, KDF_TLS_PRF_PROTOCOL, NULL, (struct view){protocols[i].dword, 4});
        return DONE;
    }
    return complain(BAD_USAGE, NULL, NULL,
                    "--protocol is tls1.0, tls1.1, tls1.2 or dtls1.0, not %s", args->protocol);
}

static enum outcome add_hash(const struct agree_args *args, const struct kdf_row *row,
                             struct engine_kdf *kdf)
{
    if (args->hash == NULL && row->bit != HKDF)
        return DONE;
    if ((row->bit & (RAW | CONCAT)) != 0)
        return complain_option("--hash", row);
    const struct digest_row *hash = digest_named(args->hash != NULL ? args->hash : "SHA256");
    if (hash == NULL)
        return complain(BAD_USAGE, NULL, NULL, "there is no hash function %s; these are: %s",
                        args->hash, digest_names());
    if (row->bit == HKDF)
        kdf->hkdf_hash = hash->name;
    else
        add_parameter(kdf, KDF_HASH_ALGORITHM, hash->name, (struct view){0});
    return DONE;
}

static enum outcome make_kdf(const struct agree_args *args, const struct kdf_row *row,
                             struct engine_kdf *kdf)
{
    if (args->big_endian && row->bit != RAW)
        return complain_option("--big-endian", row);
    if (args->secret_as_hmac_key && row->bit != HMAC)
        return complain_option("--secret-as-hmac-key", row);
    if (args->salt.given && row->bit != HKDF)
        return complain_option("--salt", row);
    *kdf = (struct engine_kdf){
        .name = row->engine_name,
        .flags = args->secret_as_hmac_key ? KDF_USE_SECRET_AS_HMAC_KEY_FLAG : 0,
        .hkdf_salt = view_of(&args->salt.value),
        /* Cut big-endian, raw would lose its beginning instead of its end: it is cut afterwards. */
        .length = args->big_endian     ? 0
                  : args->length.given ? args->length.value
                                       : row->length,
    };
    TRY(add_hash(args, row, kdf));
    TRY(add_protocol(args, row, kdf));
    return add_bytes(args, row, kdf);
}

/* ---- the verb ------------------------------------------------------------------------------------------------- */

static enum outcome agree(const struct agree_args *args, const struct engine_kdf *kdf,
                          struct octets *out)
{
    KEY own = {0};
    KEY peer = {0};
    const struct key_hints hints = {.curve = args->curve};
    TRY(key_load(args->key, USE_AGREE, true, &hints, &own));
    TRY(key_load(args->peer, USE_AGREE, false, &hints, &peer));
    if (own.algorithm->family != peer.algorithm->family)
        return complain(BAD_INPUT, args->peer, "agreeing",
                        "this is a key of %s, the other one of %s", peer.algorithm->name,
                        own.algorithm->name);
    NTSTATUS status = engine_agree(&own.handle, &peer.handle, kdf, out);
    if (status < 0)
        return complain_status(
            args->peer, "agreeing", status,
            "Both keys must be on the same curve or in the same group, and the parameters "
            "must fit the key derivation function.");
    if (!args->big_endian)
        return DONE;
    octets_reverse(out);
    if (args->length.given && args->length.value < out->n)
        octets_resize(out, args->length.value);
    return DONE;
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(args_done) struct agree_args args = {0};
    struct positional files;
    const struct kdf_row *row = NULL;
    struct engine_kdf kdf;
    OCTETS result = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (args.key == NULL || args.peer == NULL)
        return complain_missing(verb, "--key FILE and --peer FILE");
    TRY(find_kdf(&args, &row));
    TRY(make_kdf(&args, row, &kdf));
    REPORT *report = report_new();
    const struct delivery delivery = {
        {args.out, args.force, true, false}, args.hex, args.json ? report : NULL, "secret", false};
    TRY(delivery_check(&delivery));
    TRY(agree(&args, &kdf, &result));
    report_text(report, "kdf", row->name);
    TRY(deliver(&delivery, view_of(&result)));
    if (args.json)
        render_json(report);
    return DONE;
}

const struct verb verb_agree = {
    .name = "agree",
    .summary = "agrees on a secret (DH, ECDH, X25519) and derives from it",
    .usage = "--key FILE --peer FILE [--kdf NAME] [--out FILE]",
    .text = "raw is the secret itself, in CNG's byte order: the reverse of what the standards "
            "write, which\n"
            "--big-endian gives. Values are text, hex:DIGITS or file:NAME.\n",
    .examples = "  cng agree --key alice.pem --peer bob-public.pem --big-endian --out shared\n"
                "  cng agree --key alice.blob --peer bob.blob --kdf hash --hash SHA256 --append "
                "hex:00 --hex\n"
                "  cng agree --key alice.pem --peer bob-public.pem --kdf hkdf --salt file:salt "
                "--info app --length 64 "
                "--out key\n",
    .options = options,
    .run = run,
};
