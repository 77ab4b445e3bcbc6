/*
 * What `cng` reads that comes from others: the header of a sealed file, and key files in DER, PEM and Windows' blobs. The
 * first byte of an input says which: 0 a header, 1 DER, 2 anything, as a file whose format is to be recognised.
 *
 * A header that is read is written as the same bytes. DER that is read is written, read again as the same kind of
 * key, and written again as the same bytes, where the key's family can be written at all; so are blobs. What has no
 * private part is not written as a private key, and it is told why.
 */
#include "fuzz.h"

#include "complain.h"
#include "key.h"
#include "pem.h"
#include "seal_header.h"

#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- instead of complain.c: sentences are made, and not shown --------------------------------------- */

enum outcome complain(enum outcome outcome, const char *file, const char *step, const char *format,
                      ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    FUZZ_CHECK(file != NULL && step != NULL && vsnprintf(text, sizeof text, format, args) > 0);
    va_end(args);
    FUZZ_CHECK(outcome != DONE);
    return outcome;
}

enum outcome complain_errno(enum outcome outcome, const char *file, const char *step, int error)
{
    (void)error;
    return complain(outcome, file, step, "%s", "the system says no");
}

enum outcome complain_status(const char *file, const char *step, NTSTATUS status,
                             const char *advice)
{
    (void)advice;
    return complain(BAD_INPUT, file, step, "%08x", (unsigned)status);
}

enum outcome complain_if_failed(const char *file, const char *step, NTSTATUS status,
                                const char *advice)
{
    return status < 0 ? complain_status(file, step, status, advice) : DONE;
}

const char *status_name(NTSTATUS status)
{
    (void)status;
    return "a status";
}

const char *status_sentence(NTSTATUS status)
{
    (void)status;
    return "A sentence.";
}

/* ---- the three ---------------------------------------------------------------------------------- */

static void header(struct view in)
{
    struct seal_header read;
    uint8_t written[SEAL_HEADER];
    if (seal_header_decode("file", in, &read) != DONE)
        return;
    seal_header_encode(&read, written);
    FUZZ_CHECK(memcmp(written, in.p, sizeof written) == 0);
    enum engine_aead cipher;
    FUZZ_CHECK(!seal_cipher_named("none", &cipher));
    FUZZ_CHECK(seal_cipher_named(seal_cipher_name(read.cipher), &cipher) && cipher == read.cipher);
}

/* A key of a family that can be written, written. */
static bool write_der(const struct der_key *key, bool is_private, struct fields *fields,
                      struct octets *out)
{
    struct why why = {.text = ""};
    if (der_write(key->row->family, key->row->set, is_private, fields, out, &why))
        return true;
    FUZZ_CHECK(why.text[0] != 0);
    return false;
}

#define COORDINATE_MOST 66

/* The tool lets the library open a key before it writes it, which tells the curve's numbers; here their lengths are enough. */
static void complete_curve(struct fields *fields)
{
    uint8_t ones[COORDINATE_MOST];
    if (!fields->has[FIELD_COORDINATE] || fields_int(fields, FIELD_COORDINATE) > sizeof ones)
        return;
    memset(ones, 0xFF, sizeof ones);
    const struct view number = {ones, fields_int(fields, FIELD_COORDINATE)};
    fields_set(fields, FIELD_CURVE_P, number);
    fields_set(fields, FIELD_CURVE_ORDER, number);
}

/* In a PEM block, and out of it again. */
static void pem(struct view der)
{
    OCTETS text = {0};
    OCTETS back = {0};
    char label[PEM_LABEL_MOST];
    size_t at = 0;
    bool damaged = false;
    pem_write("PRIVATE KEY", der, &text);
    FUZZ_CHECK(pem_looks_like(view_of(&text)) && !pem_is_encrypted(view_of(&text)));
    FUZZ_CHECK(pem_next(view_of(&text), &at, label, &back, &damaged) && !damaged);
    FUZZ_CHECK(strcmp(label, "PRIVATE KEY") == 0 && view_equal(der, view_of(&back)));
}

static void der(struct view in)
{
    FIELDS first = {.has = {false}};
    FIELDS second = {.has = {false}};
    OCTETS once = {0};
    OCTETS twice = {0};
    OCTETS other = {0};
    struct der_key key, again;
    struct why why = {.text = ""};
    enum der_result result = der_read(in, NULL, &first, &key, &why);
    FUZZ_CHECK(result != DER_WRONG || why.text[0] != 0);
    if (result != DER_READ)
        return;
    complete_curve(&first);
    (void)write_der(&key, !key.is_private, &first, &other);
    if (!write_der(&key, key.is_private, &first, &once))
        return;
    FUZZ_CHECK(der_read(view_of(&once), NULL, &second, &again, &why) == DER_READ);
    FUZZ_CHECK(strcmp(key.row->family, again.row->family) == 0);
    FUZZ_CHECK(key.is_private == again.is_private);
    complete_curve(&second);
    FUZZ_CHECK(write_der(&again, again.is_private, &second, &twice));
    FUZZ_CHECK(view_equal(view_of(&once), view_of(&twice)));
    pem(view_of(&once));
    der_dsa_complete(&first);
}

/* A blob that is read is written so that it is read as the same type, and written again as the same bytes. */
static void blob(const struct layout *layout, struct fields *fields)
{
    FIELDS again = {.has = {false}};
    OCTETS once = {0};
    OCTETS twice = {0};
    bool damaged = false;
    FUZZ_CHECK(strcmp(layout_type_name(layout->type), layout->type) == 0);
    FUZZ_CHECK(layout_type_is_private(layout->type) == layout->is_private);
    if (!layout_write(layout->type, layout->algorithm, layout->curve, fields, &once))
        return;
    const struct layout *second = layout_recognise(view_of(&once), &again, &damaged);
    FUZZ_CHECK(second != NULL && !damaged && strcmp(second->type, layout->type) == 0);
    FUZZ_CHECK(layout_write(second->type, second->algorithm, second->curve, &again, &twice));
    FUZZ_CHECK(view_equal(view_of(&once), view_of(&twice)));
}

/* As `cng convert` does it: into DER, where DER has such keys, and out of it again. */
static void convert(struct key *key)
{
    FIELDS back = {.has = {false}};
    OCTETS der = {0};
    struct der_key again;
    struct why why = {.text = ""};
    const char *set = fields_text(&key->fields, FIELD_SET);
    complete_curve(&key->fields);
    if (!der_write(key->family, set, key->is_private, &key->fields, &der, &why)) {
        FUZZ_CHECK(why.text[0] != 0);
        return;
    }
    enum der_result result = der_read(view_of(&der), NULL, &back, &again, &why);
    FUZZ_CHECK(result != DER_READ || again.is_private == key->is_private);
    FUZZ_CHECK(result == DER_READ || why.text[0] != 0);
}

static void anything(struct view in)
{
    char path[32];
    KEY key = {.file = NULL};
    OCTETS title = {0};
    int fd = memfd_create("key", MFD_CLOEXEC);
    FUZZ_CHECK(fd >= 0 && write(fd, in.p, in.n) == (ssize_t)in.n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    enum outcome outcome = key_read(path, &key);
    close(fd);
    if (outcome != DONE || key.damaged)
        return;
    key_title(&key, &title);
    FUZZ_CHECK(title.n > 0 && key.format[0] != 0);
    if (key.layout == NULL || key.layout->algorithm == NULL)
        return;
    blob(key.layout, &key.fields);
    convert(&key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const targets[])(struct view in) = {header, der, anything};
    if (size < 1 || size > 1u << 16)
        return 0;
    /* A copy of exactly its size, so that AddressSanitizer sees a read beyond it. */
    uint8_t *exact = malloc(size > 1 ? size - 1 : 1);
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, data + 1, size - 1);
    targets[data[0] % 3]((struct view){exact, size - 1});
    free(exact);
    return 0;
}
