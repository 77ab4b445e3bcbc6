/*
 * The tables that providers return. In memory each is a version and then pointers to functions, so one list of slots for
 * each kind says where each pointer goes and whether a provider may leave it out.
 */
#include "foreign.h"

#include "foreign_image.h"

struct slot {
    size_t to;   /* offset in struct foreign_calls */
    bool needed; /* without it the table is of no use */
};

struct foreign_kind {
    uint32_t interface_id;
    const char *entry;
    NTSTATUS(*ask)
    (void (*entry)(void), LPCWSTR provider, LPCWSTR function, const void **table);
    const struct slot *slots; /* in the order of the table */
    size_t count;
};

#define NEED(member)                                                                               \
    {                                                                                              \
        offsetof(struct foreign_calls, member), true                                               \
    }
#define MAYBE(member)                                                                              \
    {                                                                                              \
        offsetof(struct foreign_calls, member), false                                              \
    }
#define ALGORITHM NEED(open), NEED(get), MAYBE(set), NEED(close)

/* The two slots of version 2 are not read: a multi-hash is so many hashes. */
static const struct slot hash_slots[] = {
    ALGORITHM,         NEED(create_hash),     NEED(hash_data),
    NEED(finish_hash), MAYBE(duplicate_hash), NEED(destroy_hash),
};

static const struct slot cipher_slots[] = {
    ALGORITHM,         NEED(make_key),    NEED(encrypt),        NEED(decrypt),
    MAYBE(import_key), MAYBE(export_key), MAYBE(duplicate_key), NEED(destroy_key),
};

static const struct slot encryption_slots[] = {
    ALGORITHM,         MAYBE(generate_pair), MAYBE(finalize_pair), NEED(encrypt), MAYBE(decrypt),
    NEED(import_pair), MAYBE(export_key),    NEED(destroy_key),    MAYBE(sign),   MAYBE(verify),
};

static const struct slot agreement_slots[] = {
    ALGORITHM,
    NEED(agree),
    NEED(derive_secret),
    NEED(destroy_secret),
    MAYBE(generate_pair),
    MAYBE(finalize_pair),
    NEED(import_pair),
    MAYBE(export_key),
    NEED(destroy_key),
};

static const struct slot signature_slots[] = {
    ALGORITHM,    MAYBE(generate_pair), MAYBE(finalize_pair), MAYBE(sign),
    NEED(verify), NEED(import_pair),    MAYBE(export_key),    NEED(destroy_key),
};

static const struct slot random_slots[] = {ALGORITHM, NEED(random)};

static const struct slot derivation_slots[] = {
    ALGORITHM,         NEED(make_key),    NEED(destroy_key),    NEED(derive),
    MAYBE(export_key), MAYBE(import_key), MAYBE(duplicate_key),
};

#define SLOTS_END(table, last) (offsetof(table, last) + sizeof(void *))
#define SLOTS_FIT(table, last, slots)                                                              \
    _Static_assert(SLOTS_END(table, last) == offsetof(table, OpenAlgorithmProvider) +              \
                                                 ARRAY_COUNT(slots) * sizeof(void *),              \
                   "a slot for each function of the table")

SLOTS_FIT(BCRYPT_HASH_FUNCTION_TABLE, DestroyHash, hash_slots);
SLOTS_FIT(BCRYPT_CIPHER_FUNCTION_TABLE, DestroyKey, cipher_slots);
SLOTS_FIT(BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE, VerifySignature, encryption_slots);
SLOTS_FIT(BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE, DestroyKey, agreement_slots);
SLOTS_FIT(BCRYPT_SIGNATURE_FUNCTION_TABLE, DestroyKey, signature_slots);
SLOTS_FIT(BCRYPT_RNG_FUNCTION_TABLE, GenRandom, random_slots);
SLOTS_FIT(BCRYPT_KEY_DERIVATION_FUNCTION_TABLE, DuplicateKey, derivation_slots);

/* ---- asking --------------------------------------------------------------------------------- */

#define ASK(name, entry_type, table_type)                                                          \
    static NTSTATUS name(void (*entry)(void), LPCWSTR provider, LPCWSTR function,                  \
                         const void **table)                                                       \
    {                                                                                              \
        table_type *t = NULL;                                                                      \
        NTSTATUS status = ((entry_type)entry)(provider, function, &t, 0);                          \
        *table = t;                                                                                \
        return status;                                                                             \
    }

ASK(ask_hash, GetHashInterfaceFn, BCRYPT_HASH_FUNCTION_TABLE)
ASK(ask_cipher, GetCipherInterfaceFn, BCRYPT_CIPHER_FUNCTION_TABLE)
ASK(ask_encryption, GetAsymmetricEncryptionInterfaceFn, BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE)
ASK(ask_agreement, GetSecretAgreementInterfaceFn, BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE)
ASK(ask_signature, GetSignatureInterfaceFn, BCRYPT_SIGNATURE_FUNCTION_TABLE)
ASK(ask_derivation, GetKeyDerivationInterfaceFn, BCRYPT_KEY_DERIVATION_FUNCTION_TABLE)

/* A provider has one generator, whatever its name is. */
static NTSTATUS ask_random(void (*entry)(void), LPCWSTR provider, LPCWSTR function,
                           const void **table)
{
    (void)function;
    BCRYPT_RNG_FUNCTION_TABLE *t = NULL;
    NTSTATUS status = ((GetRngInterfaceFn)entry)(provider, &t, 0);
    *table = t;
    return status;
}

#define KIND(id, entry, ask, slots)                                                                \
    {                                                                                              \
        id, entry, ask, slots, ARRAY_COUNT(slots)                                                  \
    }

static const struct foreign_kind kinds[] = {
    KIND(BCRYPT_CIPHER_INTERFACE, "GetCipherInterface", ask_cipher, cipher_slots),
    KIND(BCRYPT_HASH_INTERFACE, "GetHashInterface", ask_hash, hash_slots),
    KIND(BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE, "GetAsymmetricEncryptionInterface", ask_encryption,
         encryption_slots),
    KIND(BCRYPT_SECRET_AGREEMENT_INTERFACE, "GetSecretAgreementInterface", ask_agreement,
         agreement_slots),
    KIND(BCRYPT_SIGNATURE_INTERFACE, "GetSignatureInterface", ask_signature, signature_slots),
    KIND(BCRYPT_RNG_INTERFACE, "GetRngInterface", ask_random, random_slots),
    KIND(BCRYPT_KEY_DERIVATION_INTERFACE, "GetKeyDerivationInterface", ask_derivation,
         derivation_slots),
};

const struct foreign_kind *foreign_kind_find(uint32_t interface_id)
{
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        if (kinds[i].interface_id == interface_id)
            return &kinds[i];
    }
    return NULL;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Copies the pointers to where struct foreign_calls has them; data pointers and pointers to functions have one size. */
static NTSTATUS read_slots(const struct foreign_kind *kind, const uint8_t *table,
                           struct foreign_calls *calls)
{
    const uint8_t *from = table + offsetof(BCRYPT_HASH_FUNCTION_TABLE, OpenAlgorithmProvider);
    for (size_t i = 0; i < kind->count; i++, from += sizeof(void *)) {
        void *function;
        memcpy(&function, from, sizeof function);
        if (function == NULL && kind->slots[i].needed)
            return STATUS_INVALID_IMAGE_FORMAT;
        memcpy((uint8_t *)calls + kind->slots[i].to, &function, sizeof function);
    }
    return STATUS_SUCCESS;
}

NTSTATUS foreign_kind_read(const struct foreign_kind *kind, void *image, const char *provider,
                           const char *function, struct foreign_calls *calls)
{
    static const BCRYPT_INTERFACE_VERSION ours =
        BCRYPT_HASH_INTERFACE_VERSION_1; /* of every kind */
    void (*entry)(void);
    TRY(foreign_image_entry(image, kind->entry, &entry));
    struct foreign_text provider_text, function_text;
    const void *table = NULL;
    TRY(kind->ask(entry, foreign_text(&provider_text, provider),
                  foreign_text(&function_text, function), &table));
    if (table == NULL)
        return STATUS_INVALID_IMAGE_FORMAT;
    BCRYPT_INTERFACE_VERSION theirs;
    memcpy(&theirs, table, sizeof theirs);
    if (!BCRYPT_IS_INTERFACE_VERSION_COMPATIBLE(ours, theirs))
        return STATUS_INVALID_IMAGE_FORMAT;
    return read_slots(kind, table, calls);
}
