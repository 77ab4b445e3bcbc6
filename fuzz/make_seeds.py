#!/usr/bin/env python3
"""Writes the seed corpora of the fuzz targets: make_seeds.py OUTPUT

One folder for each target, in it one file for each kind of blob, small and valid: the keys are real ones, so that an
import gets past its checks. Everything is computed here, from fixed seeds and the Python library alone; two runs write
the same bytes.
"""

import base64
import hashlib
import os
import random
import re
import struct
import sys

import seeds_api

HERE = os.path.dirname(os.path.abspath(__file__))
rng = random.Random("OpenCNG seeds")


def le32(*values):
    return b"".join(struct.pack("<I", v) for v in values)


def be(value, size):
    return value.to_bytes(size, "big")


def le(value, size):
    return value.to_bytes(size, "little")


# ---- numbers -----------------------------------------------------------------------------------------------------

SMALL_PRIMES = [p for p in range(3, 1000, 2) if all(p % d for d in range(3, int(p**0.5) + 1, 2))]


def is_prime(n):
    if n < 2 or any(n % p == 0 for p in SMALL_PRIMES):
        return n in SMALL_PRIMES
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(8):
        x = pow(rng.randrange(2, n - 1), odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(bits, also=lambda p: True):
    while True:
        p = rng.getrandbits(bits) | 3 << (bits - 2) | 1
        if is_prime(p) and also(p):
            return p


def pi_floor(bits):
    """floor(2^bits * pi), by Machin's formula."""
    unit = 1 << (bits + 32)

    def arctan_inverse(x):
        total = term = unit // x
        n, sign = 3, -1
        while term:
            term //= x * x
            total += sign * (term // n)
            n, sign = n + 2, -sign
        return total

    return (16 * arctan_inverse(5) - 4 * arctan_inverse(239)) >> 32


# ---- RSA ---------------------------------------------------------------------------------------------------------


class Rsa:
    def __init__(self, bits, e=65537):
        fits = lambda p: (p - 1) % e
        self.e, self.bits = e, bits
        self.p = prime(bits // 2, fits)
        self.q = prime(bits // 2, lambda q: fits(q) and q != self.p)
        if self.p < self.q:
            self.p, self.q = self.q, self.p
        self.n = self.p * self.q
        self.d = pow(e, -1, (self.p - 1) * (self.q - 1))
        self.size = (self.n.bit_length() + 7) // 8

    def crt(self, put):
        half = self.size // 2
        return (put(self.d % (self.p - 1), half) + put(self.d % (self.q - 1), half) +
                put(pow(self.q, -1, self.p), half) + put(self.d, self.size))

    def cng(self, parts, e_size=3):
        half = self.size // 2 if parts > 1 else 0
        blob = le32(0x00415352 | (0x30 + parts) << 24, self.bits, e_size, self.size, half, half)
        blob += be(self.e, e_size) + be(self.n, self.size)
        if parts > 1:
            blob += be(self.p, half) + be(self.q, half)
        if parts > 2:
            blob += self.crt(be)
        return blob

    def capi(self, private):
        blob = struct.pack("<BBHI", 7 if private else 6, 2, 0, 0xA400)
        blob += le32(0x32415352 if private else 0x31415352, self.bits, self.e) + le(self.n, self.size)
        if private:
            half = self.size // 2
            blob += le(self.p, half) + le(self.q, half) + self.crt(le)
        return blob


# ---- Diffie-Hellman and DSA --------------------------------------------------------------------------------------


class Dh:
    """The groups of RFC 2409: 2^n - 2^(n-64) - 1 + 2^64 * (floor(2^(n-130) pi) + k)."""

    def __init__(self, bits, k):
        self.p = 2**bits - 2 ** (bits - 64) - 1 + 2**64 * (pi_floor(bits - 130) + k)
        assert is_prime(self.p) and is_prime(self.p // 2)
        self.g, self.size = 2, bits // 8
        self.x = rng.getrandbits(bits - 2)
        self.y = pow(self.g, self.x, self.p)

    def cng(self, private):
        blob = le32(0x56504844 if private else 0x42504844, self.size)
        blob += be(self.p, self.size) + be(self.g, self.size) + be(self.y, self.size)
        return blob + (be(self.x, self.size) if private else b"")

    def params(self):
        return le32(12 + 2 * self.size, 0x4D504844, self.size) + be(self.p, self.size) + be(self.g, self.size)

    def capi(self, private):
        blob = struct.pack("<BBHI", 7 if private else 6, 3, 0, 0xAA01)
        blob += le32(0x34484400 if private else 0x33484400, 8 * self.size, 0, 0)
        blob += le32(8 * self.size) if private else b""
        blob += b"\xff" * 24 + le(self.p, self.size) + le(self.g, self.size) + le(self.y, self.size)
        return blob + (le(self.x, self.size) if private else b"")


class Dsa:
    def __init__(self, bits, q_bits):
        self.size, self.q_size = bits // 8, q_bits // 8
        self.q = prime(q_bits)
        while True:
            p = rng.getrandbits(bits) | 1 << (bits - 1)
            p -= p % (2 * self.q) - 1
            if p.bit_length() == bits and is_prime(p):
                break
        self.p = p
        self.g = pow(2, (p - 1) // self.q, p)
        self.x = rng.randrange(1, self.q)
        self.y = pow(self.g, self.x, p)

    def domain(self, seed_size):
        """Behind cbKey: no seed."""
        if self.size <= 128:
            return b"\xff" * 24 + be(self.q, 20)
        return le32(1, 1, seed_size, self.q_size) + b"\xff" * (4 + seed_size) + be(self.q, self.q_size)

    def cng(self, private, seed_size=32):
        v1 = self.size <= 128
        magic = (0x56505344 if private else 0x42505344) if v1 else (0x32565044 if private else 0x32425044)
        blob = le32(magic, self.size) + self.domain(seed_size)
        blob += be(self.p, self.size) + be(self.g, self.size) + be(self.y, self.size)
        return blob + (be(self.x, self.q_size) if private else b"")

    def params(self, seed_size=32):
        body = le32(0x4D505344 if self.size <= 128 else 0x324D5044, self.size) + self.domain(seed_size)
        body += be(self.p, self.size) + be(self.g, self.size)
        return le32(4 + len(body)) + body

    def capi_v2(self, private):
        blob = struct.pack("<BBHI", 7 if private else 6, 2, 0, 0x2200)
        blob += le32(0x32535344 if private else 0x31535344, 8 * self.size)
        blob += le(self.p, self.size) + le(self.q, 20) + le(self.g, self.size)
        return blob + (le(self.x, 20) if private else le(self.y, self.size)) + b"\xff" * 24

    def capi_v3(self, private):
        blob = struct.pack("<BBHI", 7 if private else 6, 3, 0, 0x2200)
        blob += le32(0x34535344 if private else 0x33535344, 8 * self.size, 8 * self.q_size, 0)
        blob += le32(8 * self.q_size) if private else b""
        blob += b"\xff" * 24
        blob += le(self.p, self.size) + le(self.q, self.q_size) + le(self.g, self.size) + le(self.y, self.size)
        return blob + (le(self.x, self.q_size) if private else b"")


# ---- elliptic curves ---------------------------------------------------------------------------------------------


class Curve:
    def __init__(self, p, a, b, gx, gy, n):
        self.p, self.a, self.b, self.g, self.n = p, a % p, b, (gx, gy), n
        self.size = (p.bit_length() + 7) // 8
        self.order_size = (n.bit_length() + 7) // 8
        assert (gy * gy - gx**3 - self.a * gx - b) % p == 0
        self.d = rng.randrange(1, n)
        self.point = self.times(self.d)
        assert self.times(n) is None

    def plus(self, s, t):
        if s is None or t is None:
            return t if s is None else s
        if s[0] == t[0]:
            if (s[1] + t[1]) % self.p == 0:
                return None
            slope = (3 * s[0] * s[0] + self.a) * pow(2 * s[1], -1, self.p)
        else:
            slope = (t[1] - s[1]) * pow(t[0] - s[0], -1, self.p)
        x = (slope * slope - s[0] - t[0]) % self.p
        return x, (slope * (s[0] - x) - s[1]) % self.p

    def times(self, k):
        total, step = None, self.g
        while k:
            if k & 1:
                total = self.plus(total, step)
            step, k = self.plus(step, step), k >> 1
        return total

    def xy(self):
        return be(self.point[0], self.size) + be(self.point[1], self.size)

    def plain(self, magic, private):
        return le32(magic, self.size) + self.xy() + (be(self.d, self.size) if private else b"")

    def params(self):
        blob = le32(1, 1, 0, self.size, self.order_size, 1, 0)
        for value in (self.p, self.a, self.b, *self.g):
            blob += be(value, self.size)
        return blob + be(self.n, self.order_size) + b"\x01"

    def full(self, magic, private):
        return le32(magic) + self.params() + self.xy() + (be(self.d, self.order_size) if private else b"")


P256 = Curve(
    2**256 - 2**224 + 2**192 + 2**96 - 1, -3,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551)
P384 = Curve(
    2**384 - 2**128 - 2**96 + 2**32 - 1, -3,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
    0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973)
P521 = Curve(
    2**521 - 1, -3,
    0x51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00,
    0xC6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
    0x11839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650,
    2**521 - 2**260 + 0xA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409)
SECP256K1 = Curve(
    2**256 - 2**32 - 977, 0, 7,
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141)

ECDH_PUBLIC, ECDH_PRIVATE, ECDSA_PUBLIC, ECDSA_PRIVATE = 0x504B4345, 0x564B4345, 0x50444345, 0x56444345
NAMED = [(1, "P256", P256), (3, "P384", P384), (5, "P521", P521)]


def named_magic(use, digit):
    return int.from_bytes(b"EC" + use + b"%d" % digit, "little")


X25519_D = bytes([0x48]) + bytes(range(1, 31)) + bytes([0x47])


# ---- post-quantum ------------------------------------------------------------------------------------------------


def pq(magic, name, key, encoding="utf-16-le"):
    text = (name + "\0").encode(encoding)
    return magic + le32(len(text), len(key)) + text + key


def mlkem_pair(name):
    """A key whose polynomials are all zero: every check that FIPS 203 asks for holds."""
    k = {"512": 2, "768": 3, "1024": 4}[name]
    ek = bytes(384 * k) + bytes(range(32))
    dk = bytes(384 * k) + ek + hashlib.sha3_256(ek).digest() + bytes(range(32, 64))
    return ek, dk


# ---- the corpora -------------------------------------------------------------------------------------------------


def macros(table):
    """Rows of a table of fuzz_import.c, as the macros that stand in them."""
    with open(os.path.join(HERE, "fuzz_import.c"), encoding="ascii") as f:
        source = f.read()
    body = re.search(r"\b" + table + r"\[\] = \{\n(.*?)\n\};", source, re.S)[1]
    rows = re.findall(r"\{[^}]*\}|[^,{}\s]+", body)
    return [tuple(m for m in re.findall(r"[A-Z][A-Z0-9_]+", row) if m != "NULL") for row in rows]


def store_files():
    """Files of the key store, as their decoders see them; nothing is encrypted."""
    def key(entries, payload=16):
        header = b"".join(struct.pack("<HI", tag, len(value)) + value for tag, value in entries)
        return b"\0OCNGKEY\x1a" + le32(1, len(header), payload) + header + bytes(12 + payload + 16)

    def slot(kind, parameters):
        return (b"\1OCNGSLT\x1a" + le32(1) + bytes(16 + 8 + 32) + b"\4name" + bytes([len(kind)]) + kind +
                struct.pack("<H", len(parameters)) + parameters + bytes(12 + 32 + 16))

    needed = {1: b"name", 2: le32(0), 3: b"\1", 4: b"RSA", 8: bytes(16), 9: bytes(16), 10: bytes(32), 11: le32(0xFFFFFF),
              12: le32(3)}
    more = {5: le32(2048), 13: le32(32), 14: b"nistP256", 15: b"\x0dRSAPUBLICBLOB" + bytes(27),
            16: le32(1) + b"\1\0t" + b"\0\0" + b"\1\0d"}
    required = [(tag | 0x8000, value) for tag, value in sorted(needed.items())]
    plain = {6: le32(1, 2), 7: le32(3, 4), 17: b"program", 0x40: b"kept", 0x100: b"\1\0pvalue", 0x200: b""}
    full = {**{tag | 0x8000: value for tag, value in {**needed, **more}.items()}, **plain}
    return {
        "key-small": key(required, 0),
        "key-properties": key(required + [(0x100, b"\1\0pvalue"), (0x100, b"\1\0qvalue"), (0x100, b"\2\0qq")]),
        "key-order": key(required + [(0x100, b"\1\0qvalue"), (0x100, b"\1\0pvalue")]),
        "key-twice": key(required + [(0x100, b"\2\0ppvalue"), (0x100, b"\2\0ppvalue")]),
        "key-critical": key(required + [(0x8200, b"")]),
        "key-many": key(required + [(0x100, b"\0\0")] * 1025),
        "made-file": b"\2\0name", "made-none": b"\2\1name", "made-bad-name": b"\2\0na/e",
        "key-full": key(sorted(full.items(), key=lambda entry: entry[0] & 0x7FFF)),
        "slot-file": slot(b"file", bytes(32)),
        "slot-credential": slot(b"credential", b"opencng"),
        "slot-passphrase": slot(b"passphrase", b"\x11" + le32(8, 1) + bytes(32)),
    }


def config_files():
    """Files of the configuration, with every word in them."""
    provider = (b"opencng provider 1\nname Example Provider\nalias Example\nimage /usr/lib/opencng/example.so\ninterface hash\n"
                b"  flags min-dependencies 0x00000002\n  function SHA512/256\n  function %20x%25\ninterface 0x00010001\n  function KEY_STORAGE\n")
    context = (b"# by hand\nopencng context 1\nname Default\nflags exclusive override\ninterface hash\n  function SHA256\n    flags exclusive\n"
               b"    provider Example Provider\n    provider Microsoft Primitive Provider\n    property Name = 01ab\n    property Empty = -\n"
               b"  function SHA1\ninterface schannel\n")
    seeds = {"provider": b"\0" + provider, "context": b"\1" + context, "empty": b"\1", "cut": b"\1" + context[:-2]}
    function = b"opencng context 1\nname N\ninterface hash\nfunction F\n"
    repeated = [
        (0, b"opencng provider 1\n", [b"name N", b"image /i"]),
        (0, b"opencng provider 1\nname N\nimage /i\n", [b"alias A"]),
        (0, b"opencng provider 1\nname N\nimage /i\ninterface hash\n", [b"flags min-dependencies", b"function F", b"interface hash"]),
        (1, b"opencng context 1\nname N\n", [b"name N", b"flags override", b"interface hash"]),
        (1, function, [b"flags exclusive", b"provider P", b"property A = 00", b"function F"]),
    ]
    for kind, start, lines in repeated:
        for line in lines:
            seeds[f"twice-{kind}-{len(seeds)}"] = bytes([kind]) + start + (line + b"\n") * 2
    many = [
        (0, b"opencng provider 1\nname N\nimage /i\n", b"alias %d\n"), (0, b"opencng provider 1\nname N\nimage /i\n", b"interface 0x%08x\n"),
        (1, b"opencng context 1\nname N\n", b"interface 0x%08x\n"), (1, function, b"provider %d\n"), (1, function, b"property %d = -\n"),
    ]
    for kind, start, line in many:
        for count in (64, 65):
            seeds[f"many-{kind}-{len(seeds)}"] = bytes([kind]) + start + b"".join(line % (n + 4096) for n in range(count))
    wrong = [
        (0, b"interface 0x4000\n  flags 0x40000000 min-dependencies\n"), (0, b"interface 0\n"), (0, b"flags none\n"), (1, b"property A\n"),
        (1, b"property A = 0\n"), (1, b"property A = 00 00\n"), (1, b"flags no-such\n"), (1, b"provider\n"), (1, b"name\n"),
    ]
    for kind, line in wrong:
        start = function if kind == 1 else b"opencng provider 1\nname N\nimage /i\n"
        seeds[f"wrong-{kind}-{len(seeds)}"] = bytes([kind]) + start + line
    return seeds


def corpora():
    out = {}

    def codec(target, form, name, blob):
        out.setdefault("fuzz_" + target + "_blob", {})[name] = bytes([form]) + blob

    algorithms, types, flags = macros("algorithms"), macros("types"), macros("flags")

    def imported(algorithm, kind, name, blob, no_validation=False):
        flag = flags.index(("BCRYPT_NO_KEY_VALIDATION",)) if no_validation else 0
        head = bytes([algorithms.index(algorithm), types.index((kind,)), flag])
        out.setdefault("fuzz_import", {})[name] = head + blob

    # RSA. Forms: public, private, full, any public, any private, CryptoAPI public and private.
    small, key = Rsa(512), Rsa(1024)
    rows = [("public", 1, "BCRYPT_RSAPUBLIC_BLOB"), ("private", 2, "BCRYPT_RSAPRIVATE_BLOB"),
            ("full", 3, "BCRYPT_RSAFULLPRIVATE_BLOB")]
    for form, (name, parts, kind) in enumerate(rows):
        codec("rsa", form, name, small.cng(parts))
        imported(("BCRYPT_RSA_ALGORITHM",), kind, "rsa-" + name, key.cng(parts))
        imported(("BCRYPT_RSA_SIGN_ALGORITHM",), kind, "rsa-sign-" + name, small.cng(parts))
    codec("rsa", 0, "public-long-exponent", small.cng(1, 8))
    codec("rsa", 3, "any-public", small.cng(1))
    codec("rsa", 4, "any-private", small.cng(2))
    codec("rsa", 4, "any-full", small.cng(3))
    codec("rsa", 5, "capi-public", small.capi(False))
    codec("rsa", 6, "capi-private", small.capi(True))
    imported(("BCRYPT_RSA_ALGORITHM",), "LEGACY_RSAPRIVATE_BLOB", "rsa-capi-private", key.capi(True))
    imported(("BCRYPT_RSA_ALGORITHM",), "LEGACY_RSAPUBLIC_BLOB", "rsa-capi-public", key.capi(False))
    imported(("BCRYPT_RSA_ALGORITHM",), "BCRYPT_PUBLIC_KEY_BLOB", "rsa-any-public", small.cng(1, 8))
    imported(("BCRYPT_RSA_ALGORITHM",), "BCRYPT_PRIVATE_KEY_BLOB", "rsa-unchecked", small.cng(3), True)

    # Diffie-Hellman. Forms: public, private, any public, any private, CryptoAPI public and private, parameters.
    group = Dh(768, 149686)
    large = Dh(1024, 129093)
    for form, private in ((0, False), (1, True), (2, False), (3, True)):
        codec("dh", form, "%s-%d" % ("private" if private else "public", form), group.cng(private))
    codec("dh", 4, "capi-public", group.capi(False))
    codec("dh", 5, "capi-private", group.capi(True))
    codec("dh", 6, "params", group.params())
    dh = ("BCRYPT_DH_ALGORITHM",)
    imported(dh, "BCRYPT_DH_PUBLIC_BLOB", "dh-public", large.cng(False))
    imported(dh, "BCRYPT_DH_PRIVATE_BLOB", "dh-private", large.cng(True))
    imported(dh, "BCRYPT_PRIVATE_KEY_BLOB", "dh-any-private", group.cng(True), True)
    imported(dh, "LEGACY_DH_PRIVATE_BLOB", "dh-capi-private", group.capi(True))
    imported(dh, "LEGACY_DH_PUBLIC_BLOB", "dh-capi-public", group.capi(False))

    # DSA. Forms: public, private, any public, any private, CryptoAPI 2 public and private, 3 likewise, parameters.
    dsa = ("BCRYPT_DSA_ALGORITHM",)
    v1, v2 = Dsa(512, 160), Dsa(1088, 256)
    for name, key in (("v1", v1), ("v2", v2)):
        for form, private in ((0, False), (1, True), (2, False), (3, True)):
            part = "private" if private else "public"
            codec("dsa", form, "%s-%s-%d" % (name, part, form), key.cng(private))
            imported(dsa, "BCRYPT_DSA_%s_BLOB" % part.upper(), "dsa-%s-%s" % (name, part), key.cng(private))
        for form, private in ((6, False), (7, True)):
            part = "private" if private else "public"
            codec("dsa", form, "%s-capi-v3-%s" % (name, part), key.capi_v3(private))
            imported(dsa, "LEGACY_DSA_%s_BLOB" % part.upper(), "dsa-%s-capi-v3-%s" % (name, part), key.capi_v3(private))
        codec("dsa", 8, name + "-params", key.params())
    for form, private in ((4, False), (5, True)):
        part = "private" if private else "public"
        codec("dsa", form, "capi-v2-" + part, v1.capi_v2(private))
        imported(dsa, "LEGACY_DSA_V2_%s_BLOB" % part.upper(), "dsa-capi-v2-" + part, v1.capi_v2(private))
    imported(dsa, "BCRYPT_PRIVATE_KEY_BLOB", "dsa-any-private", v1.cng(True), True)

    # Elliptic curves. Forms: public, private, full public, full private, any public, any private, SSL, parameters.
    for digit, name, curve in NAMED:
        for use, letter in (("ECDH", b"K"), ("ECDSA", b"S")):
            for private in (False, True):
                part = "private" if private else "public"
                blob = curve.plain(named_magic(letter, digit + private), private)
                codec("ecc", int(private), "-".join((use, name, part)), blob)
                algorithm = ("BCRYPT_%s_%s_ALGORITHM" % (use, name),)
                imported(algorithm, "BCRYPT_ECC%s_BLOB" % part.upper(), "-".join((use, name, part)), blob)
    for use, public, private in (("ECDH", ECDH_PUBLIC, ECDH_PRIVATE), ("ECDSA", ECDSA_PUBLIC, ECDSA_PRIVATE)):
        generic = ("BCRYPT_%s_ALGORITHM" % use,)
        for name, curve in (("P256", P256), ("secp256k1", SECP256K1)):
            codec("ecc", 4, use + "-generic-public-" + name, curve.plain(public, False))
            codec("ecc", 5, use + "-generic-private-" + name, curve.plain(private, True))
            codec("ecc", 2, use + "-full-public-" + name, curve.full(public, False))
            codec("ecc", 3, use + "-full-private-" + name, curve.full(private, True))
            codec("ecc", 5, use + "-any-full-private-" + name, curve.full(private, True))
            imported(generic, "BCRYPT_ECCFULLPUBLIC_BLOB", use + "-full-public-" + name, curve.full(public, False))
            imported(generic, "BCRYPT_ECCFULLPRIVATE_BLOB", use + "-full-private-" + name, curve.full(private, True))
    codec("ecc", 6, "ssl", le32(23) + P256.plain(0, False)[4:])
    codec("ecc", 7, "params", P256.params())
    k1 = ("BCRYPT_ECDSA_ALGORITHM", "BCRYPT_ECC_CURVE_SECP256K1")
    imported(k1, "BCRYPT_ECCPUBLIC_BLOB", "secp256k1-public", SECP256K1.plain(ECDSA_PUBLIC, False))
    imported(k1, "BCRYPT_PRIVATE_KEY_BLOB", "secp256k1-any-private", SECP256K1.plain(ECDSA_PRIVATE, True))
    imported(("BCRYPT_ECDH_ALGORITHM",), "SSL_ECCPUBLIC_BLOB", "ssl", le32(23) + P256.plain(0, False)[4:])
    x25519 = ("BCRYPT_ECDH_ALGORITHM", "BCRYPT_ECC_CURVE_25519")
    nine = bytes([9]) + bytes(31)
    imported(x25519, "BCRYPT_ECCPUBLIC_BLOB", "x25519-public", le32(ECDH_PUBLIC, 32) + nine + bytes(32))
    # Without a public part it is computed.
    imported(x25519, "BCRYPT_ECCPRIVATE_BLOB", "x25519-private", le32(ECDH_PRIVATE, 32) + bytes(64) + X25519_D)
    imported(("BCRYPT_ECDSA_P256_ALGORITHM",), "BCRYPT_ECCPRIVATE_BLOB", "ECDSA-P256-no-point",
             le32(named_magic(b"S", 2), 32) + bytes(64) + be(P256.d, 32))

    # Post-quantum.
    mlkem, mldsa, slhdsa = ("BCRYPT_MLKEM_ALGORITHM",), ("BCRYPT_MLDSA_ALGORITHM",), ("BCRYPT_SLHDSA_ALGORITHM",)
    for name in ("512", "768", "1024"):
        ek, dk = mlkem_pair(name)
        imported(mlkem, "BCRYPT_MLKEM_PUBLIC_BLOB", "mlkem-public-" + name, pq(b"MLKP", name, ek))
        imported(mlkem, "BCRYPT_MLKEM_PRIVATE_BLOB", "mlkem-private-" + name, pq(b"MLKR", name, dk))
        imported(mlkem, "BCRYPT_MLKEM_PRIVATE_SEED_BLOB", "mlkem-seed-" + name, pq(b"MLKS", name, bytes(range(64))))
    for name, size in (("44", 1312), ("65", 1952), ("87", 2592)):
        imported(mldsa, "BCRYPT_PQDSA_PUBLIC_BLOB", "mldsa-public-" + name, pq(b"DSPK", name, rng.randbytes(size)))
        imported(mldsa, "BCRYPT_PQDSA_PRIVATE_SEED_BLOB", "mldsa-seed-" + name, pq(b"DSSS", name, bytes(range(32))))
    sets = [m for m in set_names() if "128" in m]
    for name in sets[:2]:
        imported(slhdsa, "BCRYPT_PQDSA_PUBLIC_BLOB", "slhdsa-public-" + name, pq(b"SHPK", name, bytes(range(32))))
        imported(slhdsa, "BCRYPT_PQDSA_PRIVATE_BLOB", "slhdsa-private-" + name, pq(b"SHSK", name, bytes(range(64))), True)
    codec("pq", 0, "utf16", pq(b"MLKS", "768", bytes(range(64))))
    codec("pq", 0, "utf32", pq(b"DSSS", "65", bytes(range(32)), "utf-32-le"))
    codec("pq", 1, "trailing", pq(b"MLKP", "512", bytes(40)) + b"more")
    codec("pq", 1, "long-name", pq(b"SHPK", "SHAKE-128f", bytes(32)))

    # Symmetric keys.
    for size in (0, 16, 32):
        codec("sym", 0, "key-data-%d" % size, b"KDBM" + le32(1, size) + bytes(range(size)))
    for end in ("", "\0"):
        name = ("SHA256" + end).encode("utf-16-le")
        data = be(len(name), 4) + name + bytes(range(32))
        codec("sym", 1, "hkdf-%d" % len(name), b"KDBM" + le32(1, len(data)) + data)
    for name, size in ((b"AES", 16), (b"RC4", 1), (b"XTS-AES", 64)):
        codec("cipher", 0, "opaque-" + name.decode(), b"OCKB" + le32(1, len(name), 0, 1, 0) + bytes(16) + le32(size) + name +
              bytes(range(size)))
    for name, text in config_files().items():
        out.setdefault("fuzz_config", {})[name] = text
    for name, blob in store_files().items():
        out.setdefault("fuzz_store_file", {})[name] = blob
    hash_name = "SHA256\0".encode("utf-16-le")
    codec("cipher", 1, "rsa-aes", b"RAPW" + le32(280, len(hash_name), 3) + bytes(280) + hash_name + b"abc")

    # PKCS #8 and the envelopes of ncrypt.h.
    p256 = tlv(0x06, bytes.fromhex("2A8648CE3D030107"))
    ec_id = tlv(0x30, tlv(0x06, bytes.fromhex("2A8648CE3D0201")) + p256)
    ec_key = tlv(0x30, tlv(0x02, b"\1") + tlv(0x04, bytes(range(32))) + tlv(0xA1, tlv(0x03, b"\0\4" + bytes(64))))
    usage = tlv(0xA0, tlv(0x30, tlv(0x06, bytes.fromhex("551D0F")) + tlv(0x31, tlv(0x03, b"\7\x80"))))
    rsa_id = tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D010101")) + tlv(0x05, b""))
    rsa_key = tlv(0x30, b"".join(tlv(0x02, bytes([n])) for n in (0, 35, 5, 5, 7, 5, 5, 1, 3)))
    seed_id = tlv(0x30, tlv(0x06, bytes.fromhex("608648016503040312")))
    x25519_id = tlv(0x30, tlv(0x06, bytes.fromhex("2B656E")))
    dsa_id = tlv(0x30, tlv(0x06, bytes.fromhex("2A8648CE380401")) + tlv(0x30, tlv(0x02, b"\x17") + tlv(0x02, b"\x0b") + tlv(0x02, b"\4")))
    for name, algorithm, key, more in (("ec", ec_id, ec_key, b""), ("ec-usage", ec_id, ec_key, usage), ("rsa", rsa_id, rsa_key, b""),
                                       ("seed", seed_id, tlv(0x80, bytes(32)), b""), ("seed-bare", seed_id, bytes(32), b""),
                                       ("seed-both", seed_id, tlv(0x30, tlv(0x04, bytes(32)) + tlv(0x04, bytes(2560))), b""),
                                       ("expanded", seed_id, tlv(0x04, bytes(2560)), b""), ("x25519", x25519_id, tlv(0x04, bytes(32)), b""),
                                       ("dsa", dsa_id, tlv(0x02, b"\7"), b"")):
        codec("pkcs8", 0, name, tlv(0x30, tlv(0x02, b"\0") + algorithm + tlv(0x04, key) + more))
    for name, file in ec_files().items():
        codec("pkcs8", 0, name, file)
    prf = tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D0209")) + tlv(0x05, b""))
    kdf = tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D01050C")) + tlv(0x30, tlv(0x04, b"saltsalt") + tlv(0x02, b"\x08\0") + prf))
    aes = tlv(0x30, tlv(0x06, bytes.fromhex("60864801650304012A")) + tlv(0x04, bytes(16)))
    pbes2 = tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D01050D")) + tlv(0x30, kdf + aes))
    pkcs12 = tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D010C0103")) + tlv(0x30, tlv(0x04, b"saltsalt") + tlv(0x02, b"\x08\0")))
    codec("pkcs8", 1, "pbes2", tlv(0x30, pbes2 + tlv(0x04, bytes(32))))
    codec("pkcs8", 1, "pkcs12", tlv(0x30, pkcs12 + tlv(0x04, bytes(32))))
    alg = "AES\0".encode("utf-16-le")
    codec("pkcs8", 2, "cipher-key", le32(16) + b"CPHR" + le32(len(alg), 28) + alg + b"KDBM" + le32(1, 16) + bytes(16))
    kind = "PQDSAPRIVATEBLOB\0".encode("utf-16-le")
    codec("pkcs8", 2, "pq", b"PQPR" + le32(len(kind), 4) + kind + b"blob")
    sid = b"\1\2" + bytes(5) + b"\x16" + le32(1, 1000)
    acl = b"\2\0" + struct.pack("<HHH", 32, 1, 0) + b"\0\0" + struct.pack("<H", 24) + le32(0x1F01FF) + sid
    group = b"\1\2" + bytes(5) + b"\x16" + le32(2, 100)
    both = b"\2\0" + struct.pack("<HHH", 56, 2, 0) + b"\0\0" + struct.pack("<H", 24) + le32(0x1F01FF) + sid
    both += b"\0\0" + struct.pack("<H", 24) + le32(0x120089) + group
    codec("pkcs8", 2, "security-group", b"\1\0" + struct.pack("<H", 0x8004) + le32(20, 36, 0, 52) + sid + group + both)
    codec("pkcs8", 2, "security", b"\1\0" + struct.pack("<H", 0x8004) + le32(20, 0, 0, 36) + sid + acl)
    for length in (b"\x7f", b"\x81\x80", b"\x82\x01\x00", b"\x84\x01\x00\x00\x00", b"\x81\x7f", b"\x85\1\1\1\1\1", b"\x80"):
        codec("pkcs8", 3, "size-" + length[:2].hex(), b"\x30" + length + bytes(256))
    for number, kind, blob in cms_blobs(rsa_id):
        codec("cms", number, kind, blob)
    out["fuzz_wincompat"] = wincompat()
    out["fuzz_spki"] = spki(rsa_id, small)
    out["fuzz_cli_files"] = cli_files(out)
    for target, seeds in seeds_api.corpora().items():
        out.setdefault(target, {}).update(seeds)
    out["fuzz_ncrypt_import"].update(ncrypt_files(v2, rsa_id))
    return out


def ncrypt_files(dsa, rsa_id):
    """Files that NCryptImportKey is handed as they are."""
    seeds = {}

    def imported(form, kind, name, blob):
        seeds["file-" + name] = bytes([form, kind, 1, 0, 0]) + blob

    def pkcs8(name, identifier, key):
        imported(0, 0, name, tlv(0x30, tlv(0x02, b"\0") + identifier + tlv(0x04, key)))

    for name, file in ec_files().items():
        imported(0, 0, name, file)
    x25519 = tlv(0x30, tlv(0x06, bytes.fromhex("2B656E")))
    pkcs8("x25519", x25519, tlv(0x04, bytes(range(32))))
    pkcs8("x25519-short", x25519, tlv(0x04, bytes(31)))
    group = tlv(0x30, b"".join(tlv(0x02, b"\0" + be(v, n)) for v, n in ((dsa.p, dsa.size), (dsa.q, dsa.q_size))) + tlv(0x02, der_int(dsa.g)))
    pkcs8("dsa-v2", tlv(0x30, tlv(0x06, bytes.fromhex("2A8648CE380401")) + group), tlv(0x02, der_int(dsa.x)))
    mlkem = tlv(0x30, tlv(0x06, bytes.fromhex("608648016503040401")))
    pkcs8("mlkem-expanded", mlkem, tlv(0x04, mlkem_pair("512")[1]))
    pkcs8("mlkem-seed", mlkem, tlv(0x80, bytes(range(64))))
    pkcs8("mlkem-seed-bare", mlkem, bytes(range(64)))
    pkcs8("mlkem-both", mlkem, tlv(0x30, tlv(0x04, bytes(range(64))) + tlv(0x04, mlkem_pair("512")[1])))
    # A curve that is longer than any of Windows'.
    long = Wide(SECP256K1, 80, 640)
    imported(0, 0, "ec-wide", ec_pkcs8(explicit(long), long))
    for number, name, blob in cms_blobs(rsa_id):
        if number == 0:
            imported(0, 1, "cms-no-recipient-" + name, blob)
            imported(4, 1, "cms-" + name, blob)
    return seeds


def der_int(value):
    return be(value, value.bit_length() // 8 + 1)


class Wide(Curve):
    """A curve's numbers in other sizes, with a modulus of so many bits: no curve at all."""

    def __init__(self, curve, size, bits):
        self.p, self.a, self.b, self.g, self.n, self.d, self.point = 2**bits - 1, curve.a, curve.b, curve.g, curve.n, curve.d, curve.point
        self.size, self.order_size = size, curve.order_size


def cms_blobs(rsa_id):
    """(target, name, bytes) of envelopes, a certificate, and what recipients of protected data tell."""
    name = tlv(0x30, tlv(0x31, b""))
    by_issuer = tlv(0x30, tlv(0x02, b"\0") + tlv(0x30, name + tlv(0x02, b"\5")) + rsa_id + tlv(0x04, bytes(4)))
    by_key = tlv(0x30, tlv(0x02, b"\2") + tlv(0x80, b"id") + rsa_id + tlv(0x04, bytes(4)))
    term = tlv(0x30, tlv(0x0C, b"LOCAL") + tlv(0x0C, b"user"))
    rule = tlv(0x30, tlv(0x06, bytes.fromhex("2B0601040182374A0108")) + tlv(0x30, tlv(0x30, term)))
    rules = tlv(0x30, tlv(0x06, bytes.fromhex("2B0601040182374A0101")) + tlv(0x30, tlv(0x30, term + term) + tlv(0x30, term)))
    locator = b"OCKP" + le32(1, 0) + bytes(32) + bytes(16)
    other = tlv(0x30, tlv(0x06, bytes.fromhex("2B0601040182374A01")) + rule)
    wrap = tlv(0x30, tlv(0x06, bytes.fromhex("60864801650304012D")))
    kek = tlv(0xA2, tlv(0x02, b"\4") + tlv(0x30, tlv(0x04, b"id") + other) + wrap + tlv(0x04, bytes(8)))
    aes = tlv(0x30, tlv(0x06, bytes.fromhex("60864801650304012A")) + tlv(0x04, bytes(16)))
    gcm = tlv(0x30, tlv(0x06, bytes.fromhex("60864801650304012E")) + tlv(0x30, tlv(0x04, bytes(12)) + tlv(0x02, b"\x10")))
    rc2 = tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D0302")) + tlv(0x30, tlv(0x02, b"\x3a") + tlv(0x04, bytes(8))))

    def envelope(version, recipients, cipher, content):
        inner = tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D010701")) + cipher + content)
        body = tlv(0x30, tlv(0x02, bytes([version])) + tlv(0x31, recipients) + inner)
        return tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D010703")) + tlv(0xA0, body))

    yield 0, "issuer", envelope(0, by_issuer, aes, tlv(0x80, bytes(16)))
    yield 0, "key", envelope(2, by_key, rc2, tlv(0x80, bytes(8)))
    yield 0, "kek", envelope(2, kek, gcm, tlv(0x80, bytes(17)))
    oaep = tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D010107")) + tlv(0x30, b""))
    by_oaep = tlv(0x30, tlv(0x02, b"\2") + tlv(0x80, b"id") + oaep + tlv(0x04, bytes(4)))
    yield 0, "oaep", envelope(2, by_oaep, aes, tlv(0x80, bytes(16)))
    yield 0, "gcm", envelope(2, by_key, gcm, tlv(0x80, bytes(17)))
    yield 0, "gcm-short", envelope(2, by_key, gcm, tlv(0x80, bytes(4)))
    yield 0, "two", envelope(2, kek + by_key, aes, tlv(0x80, bytes(16)))
    yield 0, "detached", envelope(2, kek, gcm, b"") + bytes(17)
    empty = tlv(0x30, b"")
    public = tlv(0x30, rsa_id + tlv(0x03, b"\0" + tlv(0x30, tlv(0x02, b"\x23") + tlv(0x02, b"\3"))))
    key_id = tlv(0xA3, tlv(0x30, tlv(0x30, tlv(0x06, bytes.fromhex("551D0E")) + tlv(0x04, tlv(0x04, b"id")))))
    body = tlv(0x30, tlv(0xA0, tlv(0x02, b"\2")) + tlv(0x02, b"\5") + rsa_id + name + empty + empty + public + key_id)
    yield 1, "certificate", tlv(0x30, body + rsa_id + tlv(0x03, b"\0"))
    yield 2, "rule", rule
    yield 2, "rules", rules
    yield 3, "locator", locator
    hashes = [tlv(0x30, tlv(0x06, bytes.fromhex(oid)) + null) for oid, null in
              (("2B0E03021A", b""), ("608648016503040201", tlv(0x05, b"")), ("608648016503040203", b""))]
    for i, digest in enumerate(hashes):
        mask = tlv(0xA1, tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D010108")) + digest))
        label = tlv(0xA2, tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D010109")) + tlv(0x04, b"label")))
        yield 4, f"oaep-{i}", tlv(0x30, tlv(0xA0, digest) + mask + label)
    yield 4, "oaep-usual", tlv(0x30, b"")
    yield 4, "oaep-masks-differ", tlv(0x30, tlv(0xA0, hashes[1]))
    yield 4, "no-parameters", b""
    yield 4, "null", tlv(0x05, b"")


def wincompat():
    """The structures of wincrypt.h in the order of the target, and texts."""
    number = tlv(0x02, b"\x00\x81" + bytes(30))
    oid = tlv(0x06, bytes.fromhex("2A8648CE3D0201"))
    alg = tlv(0x30, oid + tlv(0x06, bytes.fromhex("2A8648CE3D030107")))
    rsa_public = tlv(0x30, number + tlv(0x02, b"\1\0\1"))
    rsa_private = tlv(0x30, tlv(0x02, b"\0") + number + tlv(0x02, b"\1\0\1") + tlv(0x02, b"\x11") * 6)
    attribute = tlv(0x30, oid + tlv(0x31, tlv(0x05, b"")))
    ders = [
        tlv(0x30, alg + tlv(0x03, b"\0\4" + bytes(64))), rsa_public, tlv(0x30, number + oid), number, tlv(0x30, number * 3),
        tlv(0x30, tlv(0x02, b"\5") * 2), rsa_private, tlv(0x30, tlv(0x02, b"\0") + alg + tlv(0x04, b"key") + tlv(0xA0, attribute)),
        tlv(0x30, alg + tlv(0x04, bytes(16))), tlv(0x30, number * 2), rsa_public,
        tlv(0x30, tlv(0x02, b"\1") + tlv(0x04, bytes(32)) + tlv(0xA0, oid) + tlv(0xA1, tlv(0x03, b"\0\4" + bytes(64)))), rsa_private,
    ]
    seeds = {f"der{i}": bytes([i]) + der for i, der in enumerate(ders)}
    texts = {0: "-----BEGIN X-----\r\nYWJjZA==\r\n-----END X-----", 1: "YWJjZA==", 4: "61 62  63", 5: "61 62   ab", 6: "YWJj", 8: "616263", 10: "0000\t61 62",
             11: "0000\t61 62   ab", 12: "616263", 13: "YWJjZA"}
    seeds |= {f"text{form}": bytes([0x80 | form]) + text.encode() for form, text in texts.items()}
    # With each of the flags, and as long as two lines; what the strict reader takes, and what it does not.
    for form, text in texts.items():
        seeds |= {f"text{form}-{flag:02x}": bytes([0x80 | flag | form]) + text.encode() for flag in (0x10, 0x20, 0x40)}
    for form, ending in ((1, "="), (13, "")):
        alphabet = "+/" if form == 1 else "-_"
        for name, more in (("end", ""), ("space", " \r\n"), ("more", "x"), ("many", "====")):
            seeds[f"long{form}-{name}"] = bytes([0x90 | form]) + (alphabet * 36 + "YWJjZGU" + ending + more).encode()
    for name, dotted in (("usual", "1.2.840.113549.1.1.1"), ("joint", "2.999.18446744073709551615"), ("large", "2.18446744073709551615"), ("empty", ""),
                         ("one", "1"), ("first", "3.1"), ("second", "1.40"), ("end", "1.2."), ("text", "1.2.x"), ("overflow", "1.2.18446744073709551616"),
                         ("many", "1" + ".1" * 70)):
        seeds["oid-" + name] = b"\x7f" + dotted.encode()
    large = tlv(0x02, b"\1" + bytes(2048))
    seeds["rsa-large"] = b"\1" + tlv(0x30, large + tlv(0x02, b"\3"))
    seeds["rsa-exponent"] = b"\1" + tlv(0x30, number + tlv(0x02, b"\1" + bytes(4)))
    seeds["rsa-uneven"] = b"\6" + tlv(0x30, tlv(0x02, b"\0") + tlv(0x02, b"\5") + tlv(0x02, b"\1\0\1") + number * 6)
    return seeds


def spki(rsa_id, rsa):
    """Public keys of certificates, with each of the flags."""
    modulus = tlv(0x02, b"\0" + be(rsa.n, rsa.size))
    seeds = {"rsa": b"\0" + tlv(0x30, rsa_id + tlv(0x03, b"\0" + tlv(0x30, modulus + tlv(0x02, b"\1\0\1"))))}
    for flag, name, oid, curve in ((0, "p256", "2A8648CE3D030107", P256), (1, "p384", "2B81040022", P384),
                                   (2, "p521", "2B81040023", P521), (2, "secp256k1", "2B8104000A", SECP256K1)):
        identifier = tlv(0x30, tlv(0x06, bytes.fromhex("2A8648CE3D0201")) + tlv(0x06, bytes.fromhex(oid)))
        seeds[name] = bytes([flag]) + tlv(0x30, identifier + tlv(0x03, b"\0\4" + curve.xy()))
    return seeds


def explicit(curve, seed=b"", field="2A8648CE3D0101", form=4, cofactor=True, order=None):
    """A curve written out (SEC 1, C.2)."""
    prime = tlv(0x30, tlv(0x06, bytes.fromhex(field)) + tlv(0x02, b"\0" + be(curve.p, curve.size)))
    equation = tlv(0x30, tlv(0x04, be(curve.a, curve.size)) + tlv(0x04, be(curve.b, curve.size)) + (tlv(0x03, b"\0" + seed) if seed else b""))
    base = tlv(0x04, bytes([form]) + be(curve.g[0], curve.size) + (be(curve.g[1], curve.size) if form == 4 else b""))
    return tlv(0x30, tlv(0x02, b"\1") + prime + equation + base + tlv(0x02, b"\0" + be(curve.n, curve.order_size) if order is None else bytes([order])) +
               (tlv(0x02, b"\1") if cofactor else b""))


def ec_pkcs8(parameters, curve, d_bytes=None, point=True, inside=b""):
    """A private key of a curve; `inside` are parameters in the ECPrivateKey."""
    inner = tlv(0x02, b"\1") + tlv(0x04, be(curve.d, d_bytes or curve.order_size))
    inner += tlv(0xA0, inside) if inside else b""
    inner += tlv(0xA1, tlv(0x03, b"\0\4" + curve.xy())) if point else b""
    identifier = tlv(0x30, tlv(0x06, bytes.fromhex("2A8648CE3D0201")) + parameters)
    return tlv(0x30, tlv(0x02, b"\0") + identifier + tlv(0x04, tlv(0x30, inner)))


def ec_files():
    """name -> PKCS #8 of curves: named, written out, and both with what is odd."""
    oid = tlv(0x06, bytes.fromhex("2A8648CE3D030107"))
    return {
        "ec-explicit": ec_pkcs8(explicit(SECP256K1), SECP256K1), "ec-explicit-named": ec_pkcs8(explicit(P256), P256),
        "ec-explicit-seed": ec_pkcs8(explicit(SECP256K1, b"seed"), SECP256K1),
        "ec-explicit-no-cofactor": ec_pkcs8(explicit(SECP256K1, cofactor=False), SECP256K1),
        "ec-explicit-no-cofactor-small": ec_pkcs8(explicit(SECP256K1, cofactor=False, order=97), SECP256K1),
        "ec-explicit-compressed": ec_pkcs8(explicit(SECP256K1, form=2), SECP256K1),
        "ec-explicit-binary": ec_pkcs8(explicit(SECP256K1, field="2A8648CE3D0102"), SECP256K1),
        "ec-no-point": ec_pkcs8(oid, P256, point=False), "ec-long": ec_pkcs8(oid, P256, d_bytes=40), "ec-inside": ec_pkcs8(b"", P256, inside=oid),
        "ec-p521": ec_pkcs8(tlv(0x06, bytes.fromhex("2B81040023")), P521), "ec-nowhere": ec_pkcs8(b"", P256),
        "ec-unknown": ec_pkcs8(tlv(0x06, b"\x2A\3"), P256), "ec-not-oid": ec_pkcs8(tlv(0x05, b""), P256),
    }


def pq_files():
    """Keys of ML-KEM, ML-DSA and SLH-DSA, whose contents nobody looks at before they are opened."""
    mlkem, mldsa, slhdsa = (tlv(0x30, tlv(0x06, bytes.fromhex("6086480165030404" + n if n == "01" else "6086480165030403" + n)))
                            for n in ("01", "11", "14"))

    def private(algorithm, key):
        return tlv(0x30, tlv(0x02, b"\0") + algorithm + tlv(0x04, key))

    def with_null(algorithm):
        return tlv(0x30, algorithm[2:] + tlv(0x05, b""))

    both = tlv(0x30, tlv(0x04, bytes(32)) + tlv(0x04, bytes(64)))
    return {
        "pkcs8-mlkem-seed": private(mlkem, tlv(0x80, bytes(64))), "pkcs8-mldsa-expanded": private(mldsa, tlv(0x04, bytes(64))),
        "pkcs8-mldsa-both": private(mldsa, both), "pkcs8-mldsa-none": private(mldsa, tlv(0x05, b"")),
        "pkcs8-slhdsa": private(slhdsa, bytes(64)), "mlkem": tlv(0x30, mlkem + tlv(0x03, bytes(101))),
        "slhdsa": tlv(0x30, slhdsa + tlv(0x03, bytes(33))),
        "mlkem-parameters": tlv(0x30, with_null(mlkem) + tlv(0x03, bytes(101))), "pkcs8-slhdsa-parameters": private(with_null(slhdsa), bytes(64)),
    }


def cli_files(out):
    """Headers of sealed files; the keys of other targets as DER, as PEM, and as blobs."""
    head = b"\x89CNGSEAL\1"
    seeds = {
        "seal-key-file": b"\0" + head + b"\1\1\x10" + bytes(4 + 16 + 32),
        "seal-passphrase": b"\0" + head + b"\2\2\x10" + be(600000, 4) + bytes(16 + 32),
    }
    ders = {name: seed[1:] for name, seed in out["fuzz_spki"].items()}
    ders |= pq_files()
    ders |= {"pkcs8-" + name: seed[1:] for name, seed in out["fuzz_pkcs8_blob"].items() if seed[0] == 0}
    for name, seed in ders.items():
        seeds["der-" + name] = b"\1" + seed
        label = b"PRIVATE KEY" if name.startswith("pkcs8") else b"PUBLIC KEY"
        text = base64.encodebytes(seed)
        seeds["pem-" + name] = b"\2-----BEGIN " + label + b"-----\n" + text + b"-----END " + label + b"-----\n"
    for name, seed in out["fuzz_import"].items():
        if len(seed) < 400:
            seeds["blob-" + name] = b"\2" + seed[3:]
    seeds["der-no-key"] = b"\2" + tlv(0x30, tlv(0x02, b"\5"))
    seeds["der-damaged"] = b"\2" + tlv(0x30, tlv(0x02, b"\0") + tlv(0x30, tlv(0x06, bytes.fromhex("2A864886F70D010101"))) + tlv(0x04, b"key"))
    # The point, then the private number, are longer than the modulus, and the order.
    seeds["blob-short-modulus"] = b"\2" + Wide(SECP256K1, 32, 240).full(ECDSA_PUBLIC, False)
    seeds["blob-short-modulus-private"] = b"\2" + Wide(SECP256K1, 32, 240).full(ECDSA_PRIVATE, True)
    parameters = le32(12 + 2 * 8, 0x4D504844, 8) + bytes(16)
    seeds["blob-parameters"] = b"\2" + parameters
    seeds["blob-parameters-length"] = b"\2\0" + parameters[1:]
    return seeds


def tlv(tag, contents):
    """An element of DER, of fewer than 65536 bytes."""
    n = len(contents)
    more = [] if n < 128 else [0x81] if n < 256 else [0x82, n >> 8]
    return bytes([tag, *more, n & 0xFF]) + contents


def set_names():
    """Values of the SLH-DSA parameter sets in bcrypt.h."""
    with open(os.path.join(HERE, "..", "include", "opencng", "bcrypt.h"), encoding="utf-8") as f:
        return re.findall(r'#define BCRYPT_SLHDSA_PARAMETER_SET_\w+ L"([^"]+)"', f.read())


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for target, seeds in corpora().items():
        folder = os.path.join(sys.argv[1], target)
        os.makedirs(folder, exist_ok=True)
        for name, data in seeds.items():
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)


if __name__ == "__main__":
    main()
