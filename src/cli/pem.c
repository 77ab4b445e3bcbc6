#include "pem.h"

#include <stdio.h>
#include <string.h>

#include "base64.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define LINE 64

/* Where `what` begins at or after `from`; text.n: nowhere. */
static size_t find(struct view text, size_t from, const char *what)
{
    size_t n = strlen(what);
    if (from > text.n)
        return text.n;
    const uint8_t *p = memmem(text.p + from, text.n - from, what, n);
    return p != NULL ? (size_t)(p - text.p) : text.n;
}

bool pem_looks_like(struct view text)
{
    return text.n > 0 && find(text, 0, BEGIN) < text.n;
}

bool pem_is_encrypted(struct view text)
{
    return find(text, 0, "Proc-Type: 4,ENCRYPTED") < text.n;
}

/* The base64 between the lines, without the "Name: value" lines that old programs put on top. */
static struct view skip_headers(struct view body)
{
    size_t blank = find(body, 0, "\n\n");
    bool has_headers = find(body, 0, ": ") < blank && blank < body.n;
    return has_headers ? (struct view){body.p + blank, body.n - blank} : body;
}

bool pem_next(struct view text, size_t *at, char label[PEM_LABEL_MOST], struct octets *der,
              bool *damaged)
{
    char end[2 * PEM_LABEL_MOST];
    *damaged = false;
    size_t begin = find(text, *at, BEGIN);
    if (begin == text.n)
        return false;
    *damaged = true;
    size_t name = begin + strlen(BEGIN);
    size_t name_end = find(text, name, DASHES);
    if (name_end == text.n || name_end - name >= PEM_LABEL_MOST)
        return false;
    memcpy(label, text.p + name, name_end - name);
    label[name_end - name] = 0;

    snprintf(end, sizeof end, END "%s" DASHES, label);
    size_t body = name_end + strlen(DASHES);
    size_t body_end = find(text, body, end);
    if (body_end == text.n)
        return false;
    *at = body_end + strlen(end);
    *damaged = !base64_decode(skip_headers((struct view){text.p + body, body_end - body}), der);
    return !*damaged;
}

void pem_write(const char *label, struct view der, struct octets *out)
{
    OCTETS base64 = {0};
    base64_encode(der, &base64);
    octets_append_text(out, BEGIN);
    octets_append_text(out, label);
    octets_append_text(out, DASHES "\n");
    for (size_t at = 0; at < base64.n; at += LINE) {
        size_t n = base64.n - at < LINE ? base64.n - at : LINE;
        octets_append(out, (struct view){base64.p + at, n});
        octets_append_text(out, "\n");
    }
    octets_append_text(out, END);
    octets_append_text(out, label);
    octets_append_text(out, DASHES "\n");
}
