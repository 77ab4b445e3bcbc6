/* The codec of slot files, wrapping and unwrapping (store_slot.h). */
#include "store_slot.h"

#include <stdio.h>
#include <string.h>

#include "ct.h"
#include "rd.h"
#include "store_explain.h"
#include "store_time.h"

static const uint8_t magic[8] = {'O', 'C', 'N', 'G', 'S', 'L', 'T', 0x1A};

#define VERSION 1
#define PURPOSE "OpenCNG slot v1"
#define SUFFIX ".slot"
#define READ_TRIES 100

/* --- names ------------------------------------------------------------------------------------------ */

static bool is_slot_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static size_t slot_letters(const char *text)
{
    size_t n = 0;
    while (is_slot_letter(text[n]))
        n++;
    return n;
}

bool slot_name_is_good(const char *name)
{
    size_t n = name == NULL ? 0 : slot_letters(name);
    return n > 0 && n <= STORE_SLOT_NAME_MAX && name[n] == '\0';
}

void slot_file_name(const char *name, const uint8_t kek_id[STORE_KEK_ID_BYTES],
                    char out[SLOT_FILE_NAME_MAX + 1])
{
    int n = snprintf(out, SLOT_FILE_NAME_MAX + 1, "%.*s.", STORE_SLOT_NAME_MAX, name);
    for (size_t i = 0; i < STORE_KEK_ID_BYTES; i++)
        n += snprintf(out + n, (size_t)(SLOT_FILE_NAME_MAX + 1 - n), "%02x", kek_id[i]);
    snprintf(out + n, (size_t)(SLOT_FILE_NAME_MAX + 1 - n), SUFFIX);
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool slot_file_is(const char *file, char name[STORE_SLOT_NAME_MAX + 1],
                  uint8_t kek_id[STORE_KEK_ID_BYTES])
{
    size_t n = slot_letters(file);
    if (n == 0 || n > STORE_SLOT_NAME_MAX || file[n] != '.')
        return false;
    const char *hex = file + n + 1;
    for (size_t i = 0; i < STORE_KEK_ID_BYTES; i++) {
        int high = digit_of(hex[2 * i]);
        int low = high < 0 ? -1 : digit_of(hex[2 * i + 1]);
        if (low < 0)
            return false;
        kek_id[i] = (uint8_t)(high << 4 | low);
    }
    if (strcmp(hex + (size_t)2 * STORE_KEK_ID_BYTES, SUFFIX) != 0)
        return false;
    memcpy(name, file, n);
    name[n] = '\0';
    return true;
}

/* --- bytes ------------------------------------------------------------------------------------------ */

SECURITY_STATUS slot_decode(struct span in, struct slot *out)
{
    struct rd r = rd_of(in);
    struct slot s = {.created = 0};
    struct span found = rd_span(&r, sizeof magic);
    uint32_t version = rd_le32(&r);
    struct span id = rd_span(&r, STORE_KEK_ID_BYTES);
    s.created = rd_le32(&r);
    s.created |= (uint64_t)rd_le32(&r) << 32;
    s.salt = rd_span(&r, STORE_SALT_BYTES);
    s.name = rd_span(&r, rd_u8(&r));
    s.type = rd_span(&r, rd_u8(&r));
    s.parameters = rd_span(&r, rd_le16(&r));
    s.head = span_of(in.p, in.n - r.n);
    s.nonce = rd_span(&r, STORE_NONCE_BYTES);
    s.sealed = rd_span(&r, STORE_KEY_BYTES + STORE_TAG_BYTES);
    if (found.n != sizeof magic || !ct_equal(found.p, magic, sizeof magic))
        return NTE_BAD_DATA;
    if (rd_ok(&r) && version != VERSION)
        return NTE_BAD_VER;
    if (!rd_end(&r))
        return NTE_BAD_DATA;
    memcpy(s.kek_id, id.p, id.n);
    s.protector = protector_find(s.type);
    if (s.protector == NULL)
        return NTE_BAD_VER;
    *out = s;
    return STATUS_SUCCESS;
}

/* HKDF of what the protector gives. */
static SECURITY_STATUS wrapping_key(const struct secret *secret, struct span salt,
                                    struct secret *out)
{
    SECRET key = {NULL, 0};
    TRY(store_status(secret_new(&key, STORE_KEY_BYTES)));
    TRY(store_hkdf(secret_span(secret), salt, span_of(PURPOSE, sizeof PURPOSE - 1), key.p));
    *out = key;
    key = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

static void head_encode(struct wr *w, const struct slot *s)
{
    wr_bytes(w, magic, sizeof magic);
    wr_le32(w, VERSION);
    wr_bytes(w, s->kek_id, sizeof s->kek_id);
    wr_le32(w, (uint32_t)s->created);
    wr_le32(w, (uint32_t)(s->created >> 32));
    wr_span(w, s->salt);
    wr_u8(w, (uint8_t)s->name.n);
    wr_span(w, s->name);
    wr_u8(w, (uint8_t)s->type.n);
    wr_span(w, s->type);
    wr_le16(w, (uint16_t)s->parameters.n);
    wr_span(w, s->parameters);
}

/* Writes the slot whose name, type, parameters, id and time are in `s`. */
static SECURITY_STATUS slot_wrap(const struct slot *s, const struct secret *secret,
                                 const uint8_t kek[STORE_KEY_BYTES], struct secret *out)
{
    uint8_t salt[STORE_SALT_BYTES];
    TRY(store_random(salt, sizeof salt));
    struct slot head = *s;
    head.salt = span_of(salt, sizeof salt);
    SECRET key = {NULL, 0}, bytes = {NULL, 0};
    TRY(wrapping_key(secret, head.salt, &key));
    struct wr count = wr_count();
    head_encode(&count, &head);
    TRY(store_status(
        secret_new(&bytes, count.n + STORE_NONCE_BYTES + STORE_KEY_BYTES + STORE_TAG_BYTES)));
    struct wr w = wr_into(bytes.p, bytes.n);
    head_encode(&w, &head);
    uint8_t *nonce = bytes.p + count.n;
    TRY(store_random(nonce, STORE_NONCE_BYTES));
    TRY(store_gcm_seal(key.p, nonce, span_of(bytes.p, count.n), span_of(kek, STORE_KEY_BYTES),
                       nonce + STORE_NONCE_BYTES));
    *out = bytes;
    bytes = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

SECURITY_STATUS slot_make(const struct store_slot_wish *wish,
                          const uint8_t kek_id[STORE_KEK_ID_BYTES],
                          const uint8_t kek[STORE_KEY_BYTES], struct secret *out)
{
    if (!slot_name_is_good(wish->name))
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "this cannot be the name of a slot",
                            "Use up to 32 letters, digits, '-' and '_'.");
    struct span type = span_of(wish->type, wish->type == NULL ? 0 : strlen(wish->type));
    const struct protector *protector = protector_find(type);
    if (protector == NULL)
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "there is no such type of protector",
                            "The types are file, credential and passphrase.");
    SECRET parameters = {NULL, 0}, secret = {NULL, 0};
    TRY(store_status(secret_new(&parameters, PARAMETERS_MAX)));
    struct wr pw = wr_into(parameters.p, parameters.n);
    TRY(protector->enroll(wish, &pw));
    struct slot s = {.created = store_now(),
                     .name = span_of(wish->name, strlen(wish->name)),
                     .type = type,
                     .parameters = span_of(parameters.p, pw.n)};
    memcpy(s.kek_id, kek_id, sizeof s.kek_id);
    TRY(protector->recover(s.parameters, wish->passphrase, &secret));
    return slot_wrap(&s, &secret, kek, out);
}

static SECURITY_STATUS slot_read_once(const struct folder *slots, const char *file,
                                      struct secret *storage, struct stamp *stamp, bool *again)
{
    SCOPED_FD fd = -1;
    struct stat st;
    TRY(file_open(slots, file, SLOT_FILE_MAX, NTE_NOT_FOUND, &fd, &st));
    SECRET bytes = {NULL, 0};
    TRY(store_status(secret_new(&bytes, (size_t)st.st_size)));
    SECURITY_STATUS status = file_read(fd, slots, file, bytes.p, bytes.n, 0);
    *again = file_is_gone(fd);
    TRY(status);
    *stamp = stamp_of(&st);
    *storage = bytes;
    bytes = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

/* The bytes, the file's name and what stands inside have to agree. */
static SECURITY_STATUS slot_check(const char *file, const struct secret *bytes, struct slot *out)
{
    char name[STORE_SLOT_NAME_MAX + 1];
    uint8_t id[STORE_KEK_ID_BYTES];
    TRY(slot_decode(secret_span(bytes), out));
    if (!slot_file_is(file, name, id) || !ct_equal(id, out->kek_id, sizeof id) ||
        strlen(name) != out->name.n || !ct_equal(name, out->name.p, out->name.n))
        return NTE_BAD_DATA;
    return STATUS_SUCCESS;
}

SECURITY_STATUS slot_read(const struct folder *slots, const char *file, struct secret *storage,
                          struct slot *out, struct stamp *stamp)
{
    SECRET bytes = {NULL, 0};
    /* A slot that is replaced while it is read may be half erased. */
    bool again = true;
    for (int i = 0; i < READ_TRIES && again; i++) {
        secret_done(&bytes);
        again = false;
        SECURITY_STATUS status = slot_read_once(slots, file, &bytes, stamp, &again);
        if (!again)
            TRY(status);
    }
    SECURITY_STATUS status = slot_check(file, &bytes, out);
    if (status == NTE_BAD_VER)
        return store_refuse(status, slots->path, file, "this slot was made by a newer version",
                            "Update OpenCNG.");
    if (status < 0)
        return store_refuse(status, slots->path, file, "this slot is damaged",
                            "Put back a copy of it, or remove it if another slot opens the store.");
    *storage = bytes;
    bytes = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

/* Opens with the protector's secret. */
static SECURITY_STATUS slot_unwrap(const struct slot *slot, const struct secret *secret,
                                   struct secret *kek)
{
    SECRET key = {NULL, 0}, found = {NULL, 0};
    TRY(wrapping_key(secret, slot->salt, &key));
    TRY(store_status(secret_new(&found, STORE_KEY_BYTES)));
    SECURITY_STATUS status =
        store_gcm_open(key.p, slot->nonce.p, slot->head, slot->sealed, found.p);
    if (status == NTE_BAD_DATA && slot->protector->asks)
        status = NTE_INCORRECT_PASSWORD; /* a damaged slot looks the same */
    TRY(status);
    *kek = found;
    found = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

SECURITY_STATUS slot_open(const struct slot *slot, struct span passphrase, struct secret *kek)
{
    SECRET secret = {NULL, 0};
    TRY(slot->protector->recover(slot->parameters, passphrase, &secret));
    return slot_unwrap(slot, &secret, kek);
}

SECURITY_STATUS slot_rekey(const struct slot *slot, struct span passphrase,
                           const uint8_t kek_id[STORE_KEK_ID_BYTES],
                           const uint8_t kek[STORE_KEY_BYTES], struct secret *old,
                           struct secret *out)
{
    SECRET secret = {NULL, 0}, found = {NULL, 0};
    TRY(slot->protector->recover(slot->parameters, passphrase, &secret));
    TRY(slot_unwrap(slot, &secret, &found));
    struct slot next = {.created = slot->created,
                        .name = slot->name,
                        .type = slot->type,
                        .parameters = slot->parameters};
    memcpy(next.kek_id, kek_id, sizeof next.kek_id);
    TRY(slot_wrap(&next, &secret, kek, out));
    *old = found;
    found = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}
