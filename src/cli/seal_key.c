#include "seal_key.h"

#include <bcrypt.h>
#include <string.h>

#include "complain.h"
#include "file_io.h"
#include "progress.h"

#define STEP "deriving the key"
#define MASTER 32

/* ---- what the user has ---------------------------------------------------------------------------------------- */

bool seal_key_uses_file(const struct seal_key_source *source)
{
    return source->key_file != NULL;
}

static enum outcome read_key_file(const char *file, const char *input, struct octets *out)
{
    const struct key_source source = {.file = file};
    TRY(key_source_read(&source, NULL, "key", input, out));
    if (out->n == MASTER)
        return DONE;
    return complain(BAD_INPUT, file, "reading the key",
                    "a key has %d bytes, this file has %zu; `cng random %d --out FILE` makes a key",
                    MASTER, out->n, MASTER);
}

enum outcome seal_key_read(const struct seal_key_source *source, const char *input, bool twice,
                           struct octets *out)
{
    if (source->key_file != NULL && passphrase_source_is_given(&source->passphrase))
        return complain(BAD_USAGE, NULL, NULL, "say --key-file or a passphrase, not both");
    if (source->key_file != NULL)
        return read_key_file(source->key_file, input, out);
    TRY(passphrase_source_read(&source->passphrase, "passphrase", input, twice, out));
    return out->n > 0 ? DONE
                      : complain(BAD_INPUT, source->passphrase.file, NULL,
                                 "an empty passphrase protects nothing");
}

/* ---- derivation ----------------------------------------------------------------------------------------------- */

struct stretching {
    const struct engine_kdf *kdf;
    struct view passphrase;
    struct octets *out;
    NTSTATUS status;
};

static void stretch_work(void *context)
{
    struct stretching *s = context;
    s->status = engine_derive(s->kdf, s->passphrase, s->out);
}

/* PBKDF2-HMAC-SHA512. */
static enum outcome stretch(const struct seal_header *header, struct view passphrase,
                            struct octets *out)
{
    const uint64_t count = header->iterations;
    const struct engine_kdf kdf = {
        .name = "PBKDF2",
        .length = MASTER,
        .parameter_count = 3,
        .parameters = {{KDF_HASH_ALGORITHM, "SHA512", {0}},
                       {KDF_SALT, NULL, {header->salt, SEAL_SALT}},
                       {KDF_ITERATION_COUNT, NULL, {(const uint8_t *)&count, sizeof count}}},
    };
    struct stretching s = {&kdf, passphrase, out, STATUS_SUCCESS};
    progress_run("deriving the key from the passphrase", stretch_work, &s);
    return complain_if_failed(NULL, STEP, s.status, NULL);
}

/* HKDF-SHA256: the key of the chunks and the check. */
static enum outcome expand(const struct seal_header *header, struct view master, struct octets *out)
{
    static const char purpose[] = "OpenCNG sealed file";
    uint8_t facts[SEAL_HEADER];
    OCTETS info = {0};
    seal_header_encode(header, facts);
    octets_append_text(&info, purpose);
    octets_append(&info, (struct view){facts, SEAL_HEADER_FACTS});
    const struct engine_kdf kdf = {
        .name = "HKDF",
        .hkdf_hash = "SHA256",
        .hkdf_salt = {header->salt, SEAL_SALT},
        .length = ENGINE_AEAD_KEY + SEAL_CHECK,
        .parameter_count = 1,
        .parameters = {{KDF_HKDF_INFO, NULL, view_of(&info)}},
    };
    return complain_if_failed(NULL, STEP, engine_derive(&kdf, master, out), NULL);
}

enum outcome seal_key_derive(const struct seal_header *header, struct view secret,
                             struct engine_key *out, uint8_t check[SEAL_CHECK])
{
    OCTETS master = {0};
    OCTETS keys = {0};
    if (header->has_passphrase)
        TRY(stretch(header, secret, &master));
    TRY(expand(header, header->has_passphrase ? view_of(&master) : secret, &keys));
    memcpy(check, keys.p + ENGINE_AEAD_KEY, SEAL_CHECK);
    const struct view key = {keys.p, ENGINE_AEAD_KEY};
    return complain_if_failed(NULL, seal_cipher_name(header->cipher),
                              engine_aead_key(header->cipher, key, out), NULL);
}
