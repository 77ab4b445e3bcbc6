"""The vectors' names of curves, and keys on them."""
import functools
import struct

import cng
from report import Skip

_NAMES = {"P-192": "nistP192", "P-224": "nistP224", "P-256": "nistP256", "P-384": "nistP384", "P-521": "nistP521"}
_FIXED = {"secP256r1": ("P256", b"1", b"2"), "secP384r1": ("P384", b"3", b"4"), "secP521r1": ("P521", b"5", b"6"),
          "nistP256": ("P256", b"1", b"2"), "nistP384": ("P384", b"3", b"4"), "nistP521": ("P521", b"5", b"6")}

# Curves by their object identifiers, as SubjectPublicKeyInfo names them.
OIDS = {"1.2.840.10045.3.1.1": "secP192r1", "1.3.132.0.33": "secP224r1", "1.2.840.10045.3.1.7": "secP256r1",
        "1.3.132.0.34": "secP384r1", "1.3.132.0.35": "secP521r1", "1.3.132.0.9": "secP160k1",
        "1.3.132.0.8": "secP160r1", "1.3.132.0.30": "secP160r2", "1.3.132.0.31": "secP192k1",
        "1.3.132.0.32": "secP224k1", "1.3.132.0.10": "secP256k1"}
for _i, _bits in enumerate((160, 192, 224, 256, 320, 384, 512)):
    OIDS[f"1.3.36.3.3.2.8.1.1.{2 * _i + 1}"] = f"brainpoolP{_bits}r1"
    OIDS[f"1.3.36.3.3.2.8.1.1.{2 * _i + 2}"] = f"brainpoolP{_bits}t1"


def cng_name(name):
    if name in _NAMES:
        return _NAMES[name]
    if name.startswith("secp"):
        name = "secP" + name[4:]
    try:
        cng.Algorithm.get("ECDSA", name)
    except cng.Failed as failed:
        if failed.status != cng.STATUS_NOT_SUPPORTED:
            raise
        raise Skip("curve") from None
    return name


@functools.lru_cache(maxsize=None)
def curve(use, vector_name):
    return Curve(use, vector_name)


class Curve:
    """ECDSA or ECDH on one curve: the fixed algorithm where there is one, else the generic one."""

    def __init__(self, use, vector_name):
        name = cng_name(vector_name)
        fixed = _FIXED.get(name)
        if fixed:
            family = b"ECS" if use == "ECDSA" else b"ECK"
            self.algorithm = cng.Algorithm.get(f"{use}_{fixed[0]}")
            self.public_magic, self.private_magic = family + fixed[1], family + fixed[2]
        else:
            self.algorithm = cng.Algorithm.get(use, name)
            stem = b"ECD" if use == "ECDSA" else b"ECK"
            self.public_magic, self.private_magic = stem + b"P", stem + b"V"
        parameters = Parameters(cng.get_property(cng.Algorithm.get("ECDSA", name).handle, "ECCParameters"))
        self.size, self.order_size, self.order = parameters.field_size, parameters.order_size, parameters.n

    def public(self, x, y, flags=0):
        if max(x, y).bit_length() > self.size * 8:
            raise Skip("width")
        return self.algorithm.import_key("ECCPUBLICBLOB", cng.ecc_blob(self.public_magic, self.size, x, y), flags)

    def private(self, d, x=0, y=0, flags=0):
        return self.algorithm.import_key("ECCPRIVATEBLOB", cng.ecc_blob(self.private_magic, self.size, x, y, d), flags)

    def coordinates(self, point):
        """Of an uncompressed X9.62 point."""
        if len(point) != 1 + 2 * self.size or point[0] != 4:
            raise Skip("point")
        return int.from_bytes(point[1:1 + self.size], "big"), int.from_bytes(point[1 + self.size:], "big")

    def public_from_point(self, point):
        return self.public(*self.coordinates(point))

    def raw_signature(self, r, s):
        if max(r, s).bit_length() > self.order_size * 8:
            raise Skip("width")
        return cng.number(r, self.order_size) + cng.number(s, self.order_size)


def public_on_parameters(parameters, point):
    """A key for ECDH that carries the parameters of its curve (der.ec_parameters)."""
    p, a, b, base, order, cofactor = parameters
    size = (p.bit_length() + 7) // 8
    if any(len(x) != 1 + 2 * size or x[0] != 4 for x in (base, point)) or max(a, b).bit_length() > 8 * size:
        raise Skip("point")
    halves = base[1:1 + size], base[1 + size:], point[1:1 + size], point[1 + size:]
    gx, gy, x, y = (int.from_bytes(half, "big") for half in halves)
    order_size = max(1, (order.bit_length() + 7) // 8)
    blob = cng.ecc_full_public_blob(b"ECKP", 1, size, order_size, (p, a, b, gx, gy, order, cofactor), x, y)
    return cng.Algorithm.get("ECDH").import_key("ECCFULLPUBLICBLOB", blob)


class Parameters:
    """A BCRYPT_ECC_PARAMETER_HEADER and its numbers."""

    def __init__(self, blob):
        version, self.kind, generation, *sizes = struct.unpack_from("<7I", blob)
        self.field_size, self.order_size, cofactor, seed = sizes
        at, values = 28, []
        for size in [self.field_size] * 5 + [self.order_size, cofactor]:
            values.append(int.from_bytes(blob[at:at + size], "big"))
            at += size
        if (version, generation, seed, at) != (1, 0, 0, len(blob)):
            raise ValueError("not parameters of version 1 without a seed")
        self.p, self.a, self.b, self.gx, self.gy, self.n, self.h = values
