/*
 *   0   8  89 43 4E 47 53 45 41 4C   ".CNGSEAL"; no text begins with the first byte
 *   8   1  version                   1
 *   9   1  cipher                    1 AES-256-GCM, 2 ChaCha20-Poly1305
 *  10   1  key                       1 key file, 2 passphrase
 *  11   1  chunk                     16: a chunk has 2^16 bytes of text
 *  12   4  iterations                of PBKDF2, big-endian; 0 with a key file
 *  16  16  salt                      random
 *  32  32  check                     from the key and all of the above
 */
#include "seal_header.h"

#include <string.h>

#include "complain.h"
#include "file_digest.h"
#include "render.h"

#define STEP "reading the header"

#define AT_VERSION 8
#define AT_CIPHER 9
#define AT_KEY 10
#define AT_CHUNK 11
#define AT_ITERATIONS 12
#define AT_SALT 16
#define AT_CHECK 32

enum { VERSION = 1, KEY_FILE = 1, KEY_PASSPHRASE = 2, CHUNK_BITS = 16 };

static const uint8_t magic[8] = {0x89, 'C', 'N', 'G', 'S', 'E', 'A', 'L'};

static const struct cipher_row {
    enum engine_aead cipher;
    uint8_t code;
    const char *name;
} ciphers[] = {
    {ENGINE_AES_GCM, 1, "AES-256-GCM"},
    {ENGINE_CHACHA20_POLY1305, 2, "ChaCha20-Poly1305"},
};

static const struct cipher_row *row_of(enum engine_aead cipher)
{
    size_t i = 0;
    while (ciphers[i].cipher != cipher)
        i++;
    return &ciphers[i];
}

const char *seal_cipher_name(enum engine_aead cipher)
{
    return row_of(cipher)->name;
}

bool seal_cipher_named(const char *name, enum engine_aead *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(ciphers); i++) {
        *out = ciphers[i].cipher;
        if (digest_same_name(ciphers[i].name, name))
            return true;
    }
    return false;
}

/* ---- encoding ------------------------------------------------------------------------------------------------- */

void seal_header_encode(const struct seal_header *header, uint8_t out[SEAL_HEADER])
{
    memcpy(out, magic, sizeof magic);
    out[AT_VERSION] = VERSION;
    out[AT_CIPHER] = row_of(header->cipher)->code;
    out[AT_KEY] = header->has_passphrase ? KEY_PASSPHRASE : KEY_FILE;
    out[AT_CHUNK] = CHUNK_BITS;
    for (size_t i = 0; i < 4; i++)
        out[AT_ITERATIONS + i] = (uint8_t)(header->iterations >> (24 - 8 * i));
    memcpy(out + AT_SALT, header->salt, SEAL_SALT);
    memcpy(out + AT_CHECK, header->check, SEAL_CHECK);
}

/* ---- decoding ------------------------------------------------------------------------------------------------- */

static bool find_cipher(uint8_t code, enum engine_aead *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(ciphers); i++) {
        *out = ciphers[i].cipher;
        if (ciphers[i].code == code)
            return true;
    }
    return false;
}

enum outcome seal_header_decode(const char *file, struct view bytes, struct seal_header *out)
{
    const struct view start = {bytes.p, bytes.n < sizeof magic ? bytes.n : sizeof magic};
    if (!view_equal(start, (struct view){magic, sizeof magic}))
        return complain(BAD_INPUT, file, STEP, "this is no sealed file; `cng seal` makes them");
    if (bytes.n < SEAL_HEADER)
        return complain(BAD_INPUT, file, STEP, "the file was cut: it has %zu bytes, its header %d",
                        bytes.n, SEAL_HEADER);
    const uint8_t *p = bytes.p;
    if (p[AT_VERSION] != VERSION)
        return complain(BAD_INPUT, file, STEP,
                        "the file has version %d of the format, this program knows %d", p[8],
                        VERSION);
    *out = (struct seal_header){.has_passphrase = p[AT_KEY] == KEY_PASSPHRASE};
    for (size_t i = 0; i < 4; i++)
        out->iterations = out->iterations << 8 | p[AT_ITERATIONS + i];
    memcpy(out->salt, p + AT_SALT, SEAL_SALT);
    memcpy(out->check, p + AT_CHECK, SEAL_CHECK);
    bool known = find_cipher(p[AT_CIPHER], &out->cipher) && p[AT_CHUNK] == CHUNK_BITS &&
                 (p[AT_KEY] == KEY_FILE || p[AT_KEY] == KEY_PASSPHRASE);
    if (known && (out->iterations > 0) == out->has_passphrase)
        return DONE;
    return complain(BAD_INPUT, file, STEP,
                    "the header is damaged: it has values that version 1 does not know");
}

void seal_header_show(const struct seal_header *header, uint64_t text, const char *out)
{
    REPORT *report = report_new();
    report_text(report, "algorithm", seal_cipher_name(header->cipher));
    if (header->has_passphrase)
        report_number(report, "iterations", header->iterations);
    report_number(report, "bytes", text);
    report_text(report, "file", out);
    render_json(report);
}
