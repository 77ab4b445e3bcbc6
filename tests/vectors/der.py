"""As much strict DER as signatures and key containers in the vectors need."""


class Bad(ValueError):
    pass


class Negative(Bad):
    """A negative INTEGER: good DER, but no number of CNG's."""


def read(data, tag):
    """(content, rest) of one element with the tag, definite and minimal lengths only."""
    if len(data) < 2 or data[0] != tag:
        raise Bad("tag")
    size, at = data[1], 2
    if size & 0x80:
        count = size & 0x7F
        if count == 0 or count > 4 or len(data) < 2 + count or data[2] == 0:
            raise Bad("length")
        size, at = int.from_bytes(data[2:2 + count], "big"), 2 + count
        if size < 0x80:
            raise Bad("length")
    if len(data) < at + size:
        raise Bad("short")
    return data[at:at + size], data[at + size:]


def integer(data):
    """(value, rest) of a non-negative INTEGER."""
    body, rest = read(data, 0x02)
    if not body or (len(body) > 1 and body[0] == 0 and body[1] < 0x80):
        raise Bad("integer")
    if body[0] & 0x80:
        raise Negative("negative")
    return int.from_bytes(body, "big"), rest


def signature(data):
    """(r, s) of a Dss-Sig-Value."""
    body, rest = read(data, 0x30)
    if rest:
        raise Bad("trailing")
    r, body = integer(body)
    s, body = integer(body)
    if body:
        raise Bad("trailing")
    return r, s


def ec_spki(data):
    """(content of the curve's OID, None, point) or (None, its explicit parameters, point) of a SubjectPublicKeyInfo."""
    body, rest = read(data, 0x30)
    if rest:
        raise Bad("trailing")
    algorithm, body = read(body, 0x30)
    algorithm_oid, curve = read(algorithm, 0x06)
    if algorithm_oid != oid("1.2.840.10045.2.1"):
        raise Bad("algorithm")
    bits, body = read(body, 0x03)
    if body or not bits or bits[0] != 0:
        raise Bad("form")
    if curve[:1] == b"\x30":
        return None, ec_parameters(curve), bits[1:]
    name, rest = read(curve, 0x06)
    if rest:
        raise Bad("form")
    return name, None, bits[1:]


def ec_parameters(data):
    """(p, a, b, base point, order, cofactor or None) of ECParameters over a prime field (SEC 1 C.2)."""
    body, rest = read(data, 0x30)
    version, body = integer(body)
    field, body = read(body, 0x30)
    curve, body = read(body, 0x30)
    base, body = read(body, 0x04)
    order, body = integer(body)
    cofactor, body = integer(body) if body else (None, b"")
    field_oid, field = read(field, 0x06)
    p, field = integer(field)
    a, curve = read(curve, 0x04)
    b, curve = read(curve, 0x04)
    if curve:
        _, curve = read(curve, 0x03)  # the seed
    if rest or body or field or curve or field_oid != oid("1.2.840.10045.1.1") or version not in (1, 2, 3):
        raise Bad("form")
    return p, int.from_bytes(a, "big"), int.from_bytes(b, "big"), base, order, cofactor


def rsa_pkcs8(data):
    """(n, e, d, p, q) of a PrivateKeyInfo or of a bare RSAPrivateKey inside it."""
    body, _ = read(data, 0x30)
    _, body = integer(body)
    _, body = read(body, 0x30)
    key, _ = read(body, 0x04)
    body, _ = read(key, 0x30)
    values = []
    for _ in range(6):
        value, body = integer(body)
        values.append(value)
    return tuple(values[1:6])


def oid(text):
    """Content bytes of an OBJECT IDENTIFIER in dotted form."""
    arcs = [int(a) for a in text.split(".")]
    out = bytearray([arcs[0] * 40 + arcs[1]])
    for arc in arcs[2:]:
        parts = [arc & 0x7F]
        while arc > 0x7F:
            arc >>= 7
            parts.append(0x80 | (arc & 0x7F))
        out += bytes(reversed(parts))
    return bytes(out)
