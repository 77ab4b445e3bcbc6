#include "crypt_text.h"

#include "crypt_forms.h"
#include "wincrypt.h"

#include <stdio.h>
#include <string.h>

#define FORM_MASK 0x000000FFu

/* ---- header lines ------------------------------------------------------------------------------ */

static size_t find(struct text in, size_t from, const char *what)
{
    const char *at = from >= in.n ? NULL : memmem(in.p + from, in.n - from, what, strlen(what));
    return at == NULL ? SIZE_MAX : (size_t)(at - in.p);
}

/* What stands between a line "-----BEGIN ...-----" and "-----END", and what was skipped before it. */
static bool between_headers(struct text in, struct text *inside, size_t *skipped)
{
    static const char begin[] = "-----BEGIN ", end[] = "-----END ";
    size_t start = find(in, 0, begin);
    if (start == SIZE_MAX)
        return false;
    size_t dashes = find(in, start + sizeof begin - 1, "-----");
    if (dashes == SIZE_MAX || memchr(in.p + start, '\n', dashes - start) != NULL)
        return false;
    size_t stop = find(in, dashes + 5, end);
    if (stop == SIZE_MAX || find(in, stop + sizeof end - 1, "-----") == SIZE_MAX)
        return false;
    *inside = (struct text){in.p + dashes + 5, stop - dashes - 5};
    *skipped = start;
    return true;
}

/* ---- the forms --------------------------------------------------------------------------------- */

struct form {
    DWORD number;
    const char *label; /* of its header lines, or NULL */
    bool (*read)(struct text in, bool strict, struct bytes_out *out);
    void (*write)(FILE *to, const BYTE *bytes, size_t n, const char *line_end);
};

static bool read_binary(struct text in, bool strict, struct bytes_out *out)
{
    (void)strict;
    memcpy(out->p, in.p, in.n);
    out->n = in.n;
    return true;
}

static void write_binary(FILE *to, const BYTE *bytes, size_t n, const char *line_end)
{
    (void)line_end;
    fwrite(bytes, 1, n, to);
}

static const struct form forms[] = {
    {CRYPT_STRING_BASE64HEADER, "CERTIFICATE", base64_read, base64_write},
    {CRYPT_STRING_BASE64, NULL, base64_read, base64_write},
    {CRYPT_STRING_BINARY, NULL, read_binary, write_binary},
    {CRYPT_STRING_BASE64REQUESTHEADER, "NEW CERTIFICATE REQUEST", base64_read, base64_write},
    {CRYPT_STRING_HEX, NULL, hex_read, hex_write},
    {CRYPT_STRING_HEXASCII, NULL, hex_ascii_read, hex_ascii_write},
    {CRYPT_STRING_BASE64X509CRLHEADER, "X509 CRL", base64_read, base64_write},
    {CRYPT_STRING_HEXADDR, NULL, hex_address_read, hex_address_write},
    {CRYPT_STRING_HEXASCIIADDR, NULL, hex_ascii_address_read, hex_ascii_address_write},
    {CRYPT_STRING_HEXRAW, NULL, hex_raw_read, hex_raw_write},
    {CRYPT_STRING_BASE64URI, NULL, base64_uri_read, base64_uri_write},
};

static const struct form *form_find(DWORD number)
{
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        if (forms[i].number == number)
            return &forms[i];
    }
    return NULL;
}

#define NONE 0xFFu

/* The forms that stand for several, in the order that Microsoft documents. */
static const struct {
    DWORD number;
    BYTE tried[5];
} several[] = {
    {CRYPT_STRING_BASE64_ANY, {CRYPT_STRING_BASE64HEADER, CRYPT_STRING_BASE64, NONE, NONE, NONE}},
    {CRYPT_STRING_ANY,
     {CRYPT_STRING_BASE64HEADER, CRYPT_STRING_BASE64, CRYPT_STRING_BINARY, NONE, NONE}},
    {CRYPT_STRING_HEX_ANY,
     {CRYPT_STRING_HEXADDR, CRYPT_STRING_HEXASCIIADDR, CRYPT_STRING_HEX, CRYPT_STRING_HEXRAW,
      CRYPT_STRING_HEXASCII}},
};

static bool read_form(const struct form *form, struct text in, bool strict, struct bytes_out *out,
                      size_t *skipped)
{
    out->n = 0;
    *skipped = 0;
    if (form->label != NULL && !between_headers(in, &in, skipped))
        return false;
    return form->read(in, strict, out);
}

/* Reads in the form of that number, or in the first of several that fits. */
static const struct form *read_any(DWORD number, struct text in, bool strict, struct bytes_out *out,
                                   size_t *skipped)
{
    const struct form *form = form_find(number);
    if (form != NULL)
        return read_form(form, in, strict, out, skipped) ? form : NULL;
    for (size_t i = 0; i < ARRAY_COUNT(several); i++) {
        for (size_t k = 0; several[i].number == number && k < sizeof several[i].tried; k++) {
            form = form_find(several[i].tried[k]);
            if (form != NULL && read_form(form, in, strict, out, skipped))
                return form;
        }
    }
    return NULL;
}

DWORD crypt_text_decode(const char *text, size_t n, DWORD flags, BYTE *out, DWORD *size,
                        DWORD *skipped, DWORD *form)
{
    size_t skip;
    DWORD error = NO_ERROR;
    struct bytes_out made = {malloc(n + 4), 0};
    if (made.p == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    const struct form *found = read_any(flags & FORM_MASK, (struct text){text, n},
                                        (flags & CRYPT_STRING_STRICT) != 0, &made, &skip);
    if (found == NULL) {
        error = ERROR_INVALID_DATA;
    } else {
        if (out != NULL && made.n > *size)
            error = ERROR_MORE_DATA;
        else if (out != NULL && made.n > 0)
            memcpy(out, made.p, made.n);
        *size = (DWORD)made.n;
        if (skipped != NULL)
            *skipped = (DWORD)skip;
        if (form != NULL)
            *form = found->number;
    }
    /* A key may have been in it. */
    SecureZeroMemory(made.p, n + 4);
    free(made.p);
    return error;
}

DWORD crypt_text_encode(const BYTE *bytes, size_t n, DWORD flags, char **text, size_t *length,
                        bool *raw)
{
    const struct form *form = form_find(flags & FORM_MASK);
    const char *line_end = (flags & CRYPT_STRING_NOCRLF) != 0 ? ""
                           : (flags & CRYPT_STRING_NOCR) != 0 ? "\n"
                                                              : "\r\n";
    if (form == NULL)
        return ERROR_INVALID_PARAMETER;
    *text = NULL;
    FILE *to = open_memstream(text, length);
    if (to == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (form->label != NULL)
        fprintf(to, "-----BEGIN %s-----%s", form->label, line_end);
    form->write(to, bytes, n, line_end);
    if (form->label != NULL)
        fprintf(to, "-----END %s-----%s", form->label, line_end);
    bool good = ferror(to) == 0;
    if (fclose(to) != 0 || !good) {
        free(*text);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *raw = form->number == CRYPT_STRING_BINARY;
    return NO_ERROR;
}

/* ---- narrow ------------------------------------------------------------------------------------ */

BOOL WINAPI CryptStringToBinaryA(LPCSTR pszString, DWORD cchString, DWORD dwFlags, BYTE *pbBinary,
                                 DWORD *pcbBinary, DWORD *pdwSkip, DWORD *pdwFlags)
{
    if (pszString == NULL || pcbBinary == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    size_t n = cchString != 0 ? cchString : strlen(pszString);
    return finish(crypt_text_decode(pszString, n, dwFlags, pbBinary, pcbBinary, pdwSkip, pdwFlags));
}

BOOL WINAPI CryptBinaryToStringA(const BYTE *pbBinary, DWORD cbBinary, DWORD dwFlags,
                                 LPSTR pszString, DWORD *pcchString)
{
    char *text = NULL;
    size_t n = 0;
    bool raw = false;
    if (pbBinary == NULL || cbBinary == 0 || pcchString == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    DWORD error = crypt_text_encode(pbBinary, cbBinary, dwFlags, &text, &n, &raw);
    if (error != NO_ERROR)
        return fail(error);
    size_t whole = raw ? n : n + 1;
    bool fits = pszString != NULL && whole <= *pcchString;
    if (fits)
        memcpy(pszString, text, whole);
    *pcchString = (DWORD)(fits ? n : whole);
    SecureZeroMemory(text, n);
    free(text);
    return finish(fits || pszString == NULL ? NO_ERROR : ERROR_MORE_DATA);
}
