/*
 * Keys from passwords and secrets. As in verb_agree.c the functions and their parameters are rows.
 */
#include <bcrypt.h>
#include <string.h>

#include "complain.h"
#include "file_digest.h"
#include "progress.h"
#include "render.h"
#include "secret_source.h"
#include "verbs.h"

#define ITERATIONS_DEFAULT 600000
#define LENGTH_DEFAULT 32
#define LENGTH_MOST ((size_t)1 << 20)

struct derive_args {
    struct passphrase_source password;
    struct key_source secret;
    const char *hash;
    struct option_number iterations, length;
    struct option_bytes salt, info, label, context, seed;
    struct option_bytes algorithm_id, party_u, party_v, supp_public, supp_private;
    bool aes;
    const char *out;
    bool hex;
    bool force;
    bool json;
};

#define ROW(member, name, value, help) OPTION(struct derive_args, member, name, 0, value, help)

static const struct option_row options[] = {
    PASSPHRASE_SOURCE_OPTIONS(struct derive_args, password, "password"),
    KEY_SOURCE_OPTIONS(struct derive_args, secret, "secret"),
    ROW(length, "length", "BYTES", "how much to derive (default 32)"),
    ROW(hash, "hash", "NAME", "the hash function (default SHA256; tls11 has its own)"),
    ROW(salt, "salt", "VALUE", "pbkdf2, hkdf: the salt"),
    OPTION_IN_DIGITS(struct derive_args, salt, "salt-hex", "the same in digits"),
    ROW(iterations, "iterations", "NUMBER", "pbkdf2: how often (default 600000)"),
    ROW(info, "info", "VALUE", "hkdf: the info"),
    ROW(label, "label", "VALUE", "sp800-108, tls11, tls12: the label"),
    ROW(context, "context", "VALUE", "sp800-108: the context"),
    ROW(seed, "seed", "VALUE", "tls11, tls12: the seed"),
    ROW(algorithm_id, "algorithm-id", "VALUE", "concat: AlgorithmID"),
    ROW(party_u, "party-u", "VALUE", "concat: PartyUInfo"),
    ROW(party_v, "party-v", "VALUE", "concat: PartyVInfo"),
    ROW(supp_public, "supp-public", "VALUE", "concat: SuppPubInfo"),
    ROW(supp_private, "supp-private", "VALUE", "concat: SuppPrivInfo"),
    ROW(aes, "aes", NULL, "capi: the key is for AES or 3DES"),
    OPTION_OUT(struct derive_args, "the key's bytes go there (default: digits on standard output)"),
    OPTION_HEX(struct derive_args),
    OPTION_FORCE(struct derive_args),
    OPTION_JSON(struct derive_args),
    OPTION_END,
};

static void args_done(struct derive_args *a)
{
    struct option_bytes *const all[] = {
        &a->secret.digits, &a->salt,    &a->info,    &a->label,       &a->context,      &a->seed,
        &a->algorithm_id,  &a->party_u, &a->party_v, &a->supp_public, &a->supp_private,
    };
    for (size_t i = 0; i < ARRAY_COUNT(all); i++)
        option_bytes_done(all[i]);
}

/* ---- the functions -------------------------------------------------------------------------------------------- */

enum {
    PBKDF2 = 1,
    HKDF = 2,
    SP800_108 = 4,
    CONCAT = 8,
    TLS11 = 16,
    TLS12 = 32,
    TLS = TLS11 | TLS12,
    CAPI = 64,
};

static const struct kdf_row {
    const char *name;
    const char *engine_name;
    unsigned bit;
} kdfs[] = {
    {"pbkdf2", "PBKDF2", PBKDF2},
    {"hkdf", "HKDF", HKDF},
    {"sp800-108", "SP800_108_CTR_HMAC", SP800_108},
    {"concat", "SP800_56A_CONCAT", CONCAT},
    {"tls11", "TLS1_1_KDF", TLS11},
    {"tls12", "TLS1_2_KDF", TLS12},
    {"capi", "CAPI_KDF", CAPI},
};

/* HKDF takes its salt as a property. */
#define PROPERTY UINT32_MAX

/* Which function takes an option as what. What a function `needs` must be said, though it may be empty. */
static const struct parameter_row {
    const char *option;
    size_t offset;
    uint32_t id;
    unsigned takes, needs;
} parameters[] = {
    {"--salt", offsetof(struct derive_args, salt), KDF_SALT, PBKDF2, PBKDF2},
    {"--salt", offsetof(struct derive_args, salt), PROPERTY, HKDF, 0},
    {"--info", offsetof(struct derive_args, info), KDF_HKDF_INFO, HKDF, 0},
    {"--label", offsetof(struct derive_args, label), KDF_LABEL, SP800_108, SP800_108},
    {"--label", offsetof(struct derive_args, label), KDF_TLS_PRF_LABEL, TLS, TLS},
    {"--context", offsetof(struct derive_args, context), KDF_CONTEXT, SP800_108, SP800_108},
    {"--seed", offsetof(struct derive_args, seed), KDF_TLS_PRF_SEED, TLS, TLS},
    {"--algorithm-id", offsetof(struct derive_args, algorithm_id), KDF_ALGORITHMID, CONCAT, CONCAT},
    {"--party-u", offsetof(struct derive_args, party_u), KDF_PARTYUINFO, CONCAT, CONCAT},
    {"--party-v", offsetof(struct derive_args, party_v), KDF_PARTYVINFO, CONCAT, CONCAT},
    {"--supp-public", offsetof(struct derive_args, supp_public), KDF_SUPPPUBINFO, CONCAT, 0},
    {"--supp-private", offsetof(struct derive_args, supp_private), KDF_SUPPPRIVINFO, CONCAT, 0},
};

/* The hash of these is a parameter; HKDF's is a property, TLS 1.1 has its own. */
#define HASH_PARAMETER (PBKDF2 | SP800_108 | CONCAT | TLS12 | CAPI)

static enum outcome find_kdf(const char *name, const struct kdf_row **out)
{
    for (size_t i = 0; i < ARRAY_COUNT(kdfs); i++) {
        *out = &kdfs[i];
        if (strcmp(kdfs[i].name, name) == 0)
            return DONE;
    }
    return complain(BAD_USAGE, NULL, NULL,
                    "the KDF is pbkdf2, hkdf, sp800-108, concat, tls11, tls12 or capi, not %s",
                    name);
}

/* ---- options -------------------------------------------------------------------------------------------------- */

static enum outcome complain_option(const char *option, const struct kdf_row *kdf)
{
    return complain(BAD_USAGE, NULL, NULL, "%s does not go with %s", option, kdf->name);
}

static const struct option_bytes *value_of(const struct derive_args *args,
                                           const struct parameter_row *row)
{
    return (const void *)((const char *)args + row->offset);
}

static bool takes(const struct kdf_row *kdf, const struct parameter_row *option)
{
    for (size_t i = 0; i < ARRAY_COUNT(parameters); i++) {
        if (parameters[i].offset == option->offset && (parameters[i].takes & kdf->bit) != 0)
            return true;
    }
    return false;
}

static enum outcome check_parameters(const struct verb *verb, const struct derive_args *args,
                                     const struct kdf_row *kdf)
{
    for (size_t i = 0; i < ARRAY_COUNT(parameters); i++) {
        const struct parameter_row *row = &parameters[i];
        bool given = value_of(args, row)->given;
        if (given && !takes(kdf, row))
            return complain_option(row->option, kdf);
        if (!given && (row->needs & kdf->bit) != 0)
            return complain_missing(verb, row->option);
    }
    return DONE;
}

static enum outcome check_options(const struct verb *verb, const struct derive_args *args,
                                  const struct kdf_row *kdf)
{
    const struct {
        bool given;
        unsigned takes;
        const char *option;
    } given[] = {
        {args->password.file != NULL, PBKDF2, "--password-file"},
        {args->password.variable != NULL, PBKDF2, "--password-env"},
        {args->hash != NULL, HASH_PARAMETER | HKDF, "--hash"},
        {args->iterations.given, PBKDF2, "--iterations"},
        {args->aes, CAPI, "--aes"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(given); i++) {
        if (given[i].given && (given[i].takes & kdf->bit) == 0)
            return complain_option(given[i].option, kdf);
    }
    if (args->length.given && (args->length.value == 0 || args->length.value > LENGTH_MOST))
        return complain(BAD_USAGE, NULL, NULL, "--length is 1 to %zu bytes", LENGTH_MOST);
    return check_parameters(verb, args, kdf);
}

/* ---- what the library is asked -------------------------------------------------------------------------------- */

static void add_parameter(struct engine_kdf *kdf, uint32_t id, const char *text, struct view bytes)
{
    kdf->parameters[kdf->parameter_count++] = (struct engine_parameter){id, text, bytes};
}

/* SP 800-108 takes AES-CMAC, too. */
static enum outcome find_hash(const struct derive_args *args, const struct kdf_row *row,
                              const char **name)
{
    *name = args->hash != NULL ? args->hash : "SHA256";
    const struct digest_row *hash = digest_named(*name);
    bool cmac = row->bit == SP800_108 && digest_same_name(*name, "AES-CMAC");
    if (hash == NULL && !cmac)
        return complain(BAD_USAGE, NULL, NULL, "there is no hash function %s; these are: %s", *name,
                        digest_names());
    *name = cmac ? "AES-CMAC" : hash->name;
    return DONE;
}

/* `count` lives as long as the list. */
static enum outcome make_kdf(const struct derive_args *args, const struct kdf_row *row,
                             uint64_t *count, struct engine_kdf *kdf)
{
    const char *hash;
    TRY(find_hash(args, row, &hash));
    *kdf = (struct engine_kdf){
        .name = row->engine_name,
        .flags = args->aes ? BCRYPT_CAPI_AES_FLAG : 0,
        .hkdf_hash = row->bit == HKDF ? hash : NULL,
        .hkdf_salt = view_of(&args->salt.value),
        .length = args->length.given ? args->length.value : LENGTH_DEFAULT,
    };
    if ((row->bit & HASH_PARAMETER) != 0)
        add_parameter(kdf, KDF_HASH_ALGORITHM, hash, (struct view){0});
    *count = args->iterations.given ? args->iterations.value : ITERATIONS_DEFAULT;
    if (row->bit == PBKDF2)
        add_parameter(kdf, KDF_ITERATION_COUNT, NULL,
                      (struct view){(const uint8_t *)count, sizeof *count});
    for (size_t i = 0; i < ARRAY_COUNT(parameters); i++) {
        const struct parameter_row *parameter = &parameters[i];
        const struct option_bytes *value = value_of(args, parameter);
        if ((parameter->takes & row->bit) != 0 && parameter->id != PROPERTY && value->given)
            add_parameter(kdf, parameter->id, NULL, view_of(&value->value));
    }
    return DONE;
}

/* ---- the verb ------------------------------------------------------------------------------------------------- */

/* A password may also come as bytes; without any source the terminal is asked for it. */
static enum outcome read_secret(const struct verb *verb, const struct derive_args *args,
                                const struct kdf_row *row, struct octets *out)
{
    if (row->bit == PBKDF2 && !key_source_is_given(&args->secret))
        return passphrase_source_read(&args->password, "password", NULL, false, out);
    if (passphrase_source_is_given(&args->password))
        return complain(BAD_USAGE, NULL, NULL, "say a password or a secret, not both");
    TRY(key_source_read(&args->secret, verb, "secret", NULL, out));
    if (out->n <= ENGINE_SECRET_MOST)
        return DONE;
    return complain(BAD_INPUT, args->secret.file, NULL,
                    "a secret has at most %d bytes, this one has %zu", ENGINE_SECRET_MOST, out->n);
}

struct job {
    const struct engine_kdf *kdf;
    struct view secret;
    struct octets *key;
    NTSTATUS status;
};

static void work(void *context)
{
    struct job *job = context;
    job->status = engine_derive(job->kdf, job->secret, job->key);
}

static enum outcome derive(const struct engine_kdf *kdf, struct view secret, struct octets *key)
{
    struct job job = {kdf, secret, key, STATUS_SUCCESS};
    progress_run("deriving", work, &job);
    const char *advice = job.status == STATUS_INVALID_PARAMETER
                             ? "The length or a parameter is out of this function's range."
                             : NULL;
    return complain_if_failed(NULL, "deriving", job.status, advice);
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    CLEANUP(args_done) struct derive_args args = {0};
    struct positional files;
    const struct kdf_row *row = NULL;
    struct engine_kdf kdf;
    uint64_t count;
    OCTETS secret = {0};
    OCTETS key = {0};
    TRY(options_parse(verb, argc, argv, &args, &files));
    if (files.count == 0)
        return complain_missing(verb, "the KDF");
    TRY(find_kdf(files.items[0], &row));
    TRY(check_options(verb, &args, row));
    TRY(make_kdf(&args, row, &count, &kdf));
    REPORT *report = report_new();
    const struct delivery delivery = {{args.out, args.force, true, false},
                                      args.hex || args.out == NULL,
                                      args.json ? report : NULL,
                                      "key",
                                      false};
    TRY(delivery_check(&delivery));
    TRY(read_secret(verb, &args, row, &secret));
    TRY(derive(&kdf, view_of(&secret), &key));
    report_text(report, "kdf", row->name);
    report_number(report, "bytes", key.n);
    TRY(deliver(&delivery, view_of(&key)));
    if (args.json)
        render_json(report);
    return DONE;
}

const struct verb verb_derive = {
    .name = "derive",
    .summary = "derives a key from a password or a secret",
    .usage = "KDF --secret-file FILE [OPTION...] [--out FILE]",
    .text = "KDF is pbkdf2, hkdf, sp800-108 (counter mode), concat (SP 800-56A), tls11, tls12 or "
            "capi (CryptoAPI).\n"
            "pbkdf2 asks for the password unless it is told where it is. Values are text, "
            "hex:DIGITS or\n"
            "file:NAME.\n",
    .examples =
        "  cng derive pbkdf2 --hash SHA512 --iterations 210000 --salt file:salt --out key\n"
        "  cng derive hkdf --secret-file shared --salt-hex 0011aabb --info app --length 64\n"
        "  cng derive sp800-108 --secret-file master --label app --context user\n",
    .options = options,
    .most = 1,
    .run = run,
};
