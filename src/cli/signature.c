#include "signature.h"

#include "asn.h"

bool signature_to_der(struct view raw, struct octets *der)
{
    if (raw.n == 0 || raw.n % 2 != 0)
        return false;
    ASN a = asn_new("SignatureValue");
    asn_put_number(&a, "r", (struct view){raw.p, raw.n / 2});
    asn_put_number(&a, "s", (struct view){raw.p + raw.n / 2, raw.n / 2});
    return asn_encode(&a, der);
}

bool signature_to_raw(struct view der, size_t width, struct octets *raw)
{
    ASN a = {0};
    OCTETS r = {0};
    OCTETS s = {0};
    if (!asn_decode(&a, "SignatureValue", der) || !asn_number(&a, "r", &r) ||
        !asn_number(&a, "s", &s))
        return false;
    if (!octets_set_number(&r, view_of(&r), width) || !octets_set_number(&s, view_of(&s), width))
        return false;
    octets_set(raw, view_of(&r));
    octets_append(raw, view_of(&s));
    return true;
}
