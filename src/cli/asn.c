#include "asn.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"

extern const asn1_static_node keys_asn1[];

/* The compiled definitions; the tool decodes in one thread. */
static asn1_node definitions(void)
{
    static asn1_node tree;
    if (tree == NULL && asn1_array2tree(keys_asn1, &tree, NULL) != ASN1_SUCCESS)
        exit(complain(BAD_SYSTEM, NULL, NULL, "the ASN.1 definitions do not load"));
    return tree;
}

void asn_done(struct asn *a)
{
    if (a->node != NULL)
        asn1_delete_structure2(&a->node, ASN1_DELETE_FLAG_ZEROIZE);
    *a = (struct asn){0};
}

struct asn asn_new(const char *type)
{
    char name[64];
    struct asn a = {0};
    snprintf(name, sizeof name, "CNG.%s", type);
    if (asn1_create_element(definitions(), name, &a.node) != ASN1_SUCCESS)
        exit(complain(BAD_SYSTEM, NULL, NULL, "the ASN.1 definitions lack %s", type));
    return a;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

bool asn_decode(struct asn *a, const char *type, struct view der)
{
    ASN made = asn_new(type);
    int length = der.n <= INT_MAX ? (int)der.n : -1;
    if (length <= 0)
        return false;
    if (asn1_der_decoding2(&made.node, der.p, &length, ASN1_DECODE_FLAG_STRICT_DER, NULL) !=
            ASN1_SUCCESS ||
        (size_t)length != der.n)
        return false;
    asn_done(a);
    *a = made;
    made = (struct asn){0};
    return true;
}

/* The value as libtasn1 gives it; `length` in its units (bits for BIT STRINGs). */
static bool read_value(const struct asn *a, const char *path, struct octets *out, int *length)
{
    int n = 0;
    int result = asn1_read_value(a->node, path, NULL, &n);
    if (result != ASN1_MEM_ERROR && result != ASN1_SUCCESS)
        return false;
    if (n < 0)
        return false;
    octets_resize(out, (size_t)n);
    if (n == 0) {
        *length = 0;
        return true;
    }
    if (asn1_read_value(a->node, path, out->p, &n) != ASN1_SUCCESS)
        return false;
    *length = n;
    return true;
}

bool asn_bytes(const struct asn *a, const char *path, struct octets *out)
{
    OCTETS made = {0};
    int length;
    if (!read_value(a, path, &made, &length))
        return false;
    octets_set(out, (struct view){made.p, (size_t)length});
    return true;
}

bool asn_number(const struct asn *a, const char *path, struct octets *out)
{
    OCTETS made = {0};
    if (!asn_bytes(a, path, &made) || made.n == 0 || (made.p[0] & 0x80) != 0)
        return false;
    octets_set(out, view_trim(view_of(&made)));
    return true;
}

bool asn_is_number(const struct asn *a, const char *path, uint8_t value)
{
    OCTETS number = {0};
    return asn_number(a, path, &number) &&
           view_equal(view_of(&number), view_trim((struct view){&value, 1}));
}

bool asn_bits(const struct asn *a, const char *path, struct octets *out)
{
    OCTETS made = {0};
    int bits = 0;
    /* Asked for the size, libtasn1 answers in bits: that is room enough. */
    if (!read_value(a, path, &made, &bits) || bits % 8 != 0)
        return false;
    octets_set(out, (struct view){made.p, (size_t)bits / 8});
    return true;
}

bool asn_text(const struct asn *a, const char *path, struct octets *out)
{
    OCTETS made = {0};
    int length;
    if (!read_value(a, path, &made, &length) || made.n == 0)
        return false;
    octets_set(out, view_of_text(octets_text(&made)));
    return true;
}

bool asn_is_text(const struct asn *a, const char *path, const char *text)
{
    OCTETS value = {0};
    return asn_text(a, path, &value) && strcmp(octets_text(&value), text) == 0;
}

/* ---- writing ------------------------------------------------------------------------------------------------- */

static void put(struct asn *a, const char *path, const void *value, size_t length)
{
    if (length > INT_MAX || asn1_write_value(a->node, path, value, (int)length) != ASN1_SUCCESS)
        a->bad = true;
}

/* libtasn1 takes a length of zero for decimal text, and the top bit for a sign. */
void asn_put_number(struct asn *a, const char *path, struct view number)
{
    const uint8_t zero = 0;
    OCTETS value = {0};
    octets_append(&value, (struct view){&zero, 1});
    octets_append(&value, view_trim(number));
    put(a, path, value.p, value.n);
}

void asn_put_small(struct asn *a, const char *path, uint8_t number)
{
    asn_put_number(a, path, (struct view){&number, 1});
}

void asn_put_bytes(struct asn *a, const char *path, struct view bytes)
{
    put(a, path, bytes.n > 0 ? (const void *)bytes.p : "", bytes.n);
}

void asn_put_bits(struct asn *a, const char *path, struct view bytes)
{
    put(a, path, bytes.p, 8 * bytes.n);
}

void asn_put_text(struct asn *a, const char *path, const char *text)
{
    put(a, path, text, 1);
}

void asn_leave_out(struct asn *a, const char *path)
{
    put(a, path, NULL, 0);
}

bool asn_encode(struct asn *a, struct octets *out)
{
    int n = 0;
    if (a->bad || asn1_der_coding(a->node, "", NULL, &n, NULL) != ASN1_MEM_ERROR || n <= 0)
        return false;
    OCTETS made = {0};
    octets_resize(&made, (size_t)n);
    if (asn1_der_coding(a->node, "", made.p, &n, NULL) != ASN1_SUCCESS)
        return false;
    octets_set(out, (struct view){made.p, (size_t)n});
    return true;
}

bool asn_wrap_number(struct view number, struct octets *out)
{
    ASN a = asn_new("Number");
    asn_put_number(&a, "", number);
    return asn_encode(&a, out);
}

bool asn_wrap_octets(struct view bytes, struct octets *out)
{
    ASN a = asn_new("Octets");
    asn_put_bytes(&a, "", bytes);
    return asn_encode(&a, out);
}
