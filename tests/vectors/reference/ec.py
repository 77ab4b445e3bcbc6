"""Elliptic curves with Python's numbers: short Weierstrass and twisted Edwards with ECDSA and ECDH, and X25519.

The parameters of a curve come from the openssl command, or are written here with where they come from; each curve is
checked before it is used.
"""
import re
import subprocess

from reference.drbg import Drbg, is_prime

OPENSSL_NAMES = {
    "nistP192": "prime192v1", "nistP224": "secp224r1", "nistP256": "prime256v1", "nistP384": "secp384r1",
    "nistP521": "secp521r1", "secP160k1": "secp160k1", "secP160r1": "secp160r1", "secP160r2": "secp160r2",
    "secP192k1": "secp192k1", "secP192r1": "prime192v1", "secP224k1": "secp224k1", "secP224r1": "secp224r1",
    "secP256k1": "secp256k1", "secP256r1": "prime256v1", "secP384r1": "secp384r1", "secP521r1": "secp521r1",
    "wtls7": "wap-wsg-idm-ecid-wtls7", "wtls9": "wap-wsg-idm-ecid-wtls9", "wtls12": "wap-wsg-idm-ecid-wtls12",
    "x962P192v1": "prime192v1", "x962P192v2": "prime192v2", "x962P192v3": "prime192v3", "x962P239v1": "prime239v1",
    "x962P239v2": "prime239v2", "x962P239v3": "prime239v3", "x962P256v1": "prime256v1",
}
for _bits in (160, 192, 224, 256, 320, 384, 512):
    for _kind in "rt":
        OPENSSL_NAMES[f"brainpoolP{_bits}{_kind}1"] = f"brainpoolP{_bits}{_kind}1"

# The curves that the openssl command has not: kind, p, a, b (twisted Edwards: d), gx, gy, n, h.
WRITTEN = {
    # GB/T 32918.5, the example over a field of 192 bits
    "ec192wapi": (1, 0xBDB6F4FE3E8B1D9E0DA8C0D46F4C318CEFE4AFE3B6B8551F,
                  0xBB8E5E8FBC115E139FE6A814FE48AAA6F0ADA1AA5DF91985,
                  0x1854BEBDC31B21B7AEFC80AB0ECD10D5B1B3308E6DBF11C1,
                  0x4AD5F7048DE709AD51236DE65E4D4B482C836DC6E4106640,
                  0x02BB3A02D4AAADACAE24817A4CA3A1B014B5270432DB27D2,
                  0xBDB6F4FE3E8B1D9E0DA8C0D40FC962195DFAE76F56564677, 1),
    # draft-black-numscurves: p is the largest prime 3 modulo 4 below a power of two, a = -1, d and x the least that do
    "numsP256t1": (2, 2 ** 256 - 189, 2 ** 256 - 190, 15342, 13,
                   0x7D0AB41E2A1276DBA3D330B39FA046BFBE2A6D63824D303F707F6FB5331CADBA,
                   0x3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFBE6AA55AD0A6BC64E5B84E6F1122B4AD, 4),
    "numsP384t1": (2, 2 ** 384 - 317, 2 ** 384 - 318, 333194, 8,
                   0x749CDABA136CE9B65BD4471794AA619DAA5C7B4C930BFF8EBD798A8AE753C6D72F003860FEBABAD534A4ACF5FA7F5BEE,
                   0x3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFECD7D11ED5A259A25A13A0458E39F4E451D6D71F70426E25,
                   4),
    "numsP512t1": (2, 2 ** 512 - 569, 2 ** 512 - 570, 637608, 32,
                   0x7D67E841DC4C467B605091D80869212F9CEB124BF726973F9FF048779E1D614E
                   << 256 | 0x62AE2ECE5057B5DAD96B7A897C1D72799261134638750F4F0CB91027543B1C5E,
                   0x3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
                   << 256 | 0xA7E50809EFDABBB9A624784F449545F0DCEA5FF0CB800F894E78D1CB0B5F0189, 4),
}


class Curve:
    def __init__(self, name):
        self.name = name
        values = WRITTEN[name] if name in WRITTEN else (1, *_ask_openssl(OPENSSL_NAMES[name]))
        self.kind, self.p, self.a, self.b, gx, gy, self.n, self.h = values
        self.g = gx, gy
        self.size, self.order_size = (self.p.bit_length() + 7) // 8, (self.n.bit_length() + 7) // 8
        self.neutral = None if self.kind == 1 else (0, 1)
        assert is_prime(self.p) and is_prime(self.n) and self.has(self.g) and self.times(self.n, self.g) == self.neutral
        assert (self.n * self.h - self.p - 1) ** 2 <= 4 * self.p

    def has(self, point):
        x, y = point
        if self.kind == 1:
            return (y * y - x ** 3 - self.a * x - self.b) % self.p == 0
        return (self.a * x * x + y * y - 1 - self.b * x * x * y * y) % self.p == 0

    def add(self, left, right):
        return self._add_edwards(left, right) if self.kind == 2 else self._add_weierstrass(left, right)

    def _add_edwards(self, left, right):
        (x1, y1), (x2, y2), p = left, right, self.p
        t = self.b * x1 * x2 * y1 * y2 % p
        return ((x1 * y2 + y1 * x2) * pow(1 + t, -1, p) % p, (y1 * y2 - self.a * x1 * x2) * pow(1 - t, -1, p) % p)

    def _add_weierstrass(self, left, right):
        if left is None or right is None:
            return left or right
        (x1, y1), (x2, y2), p = left, right, self.p
        if x1 == x2 and (y1 + y2) % p == 0:
            return None
        slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, p) if left == right else (y2 - y1) * pow(x2 - x1, -1, p)
        x = (slope * slope - x1 - x2) % p
        return x, (slope * (x1 - x) - y1) % p

    def times(self, k, point):
        result = self.neutral
        for bit in bin(k)[2:]:
            result = self.add(result, result)
            if bit == "1":
                result = self.add(result, point)
        return result

    def parameters(self):
        """(p, a, b, gx, gy, n, h)"""
        return (self.p, self.a, self.b, *self.g, self.n, self.h)


def _ask_openssl(name):
    """The named curve, through its parameters as text."""
    text = subprocess.run(["openssl", "ecparam", "-name", name, "-param_enc", "explicit", "-text", "-noout",
                           "-conv_form", "uncompressed"], check=True, capture_output=True, text=True).stdout
    fields = {}
    for label, value in re.findall(r"^(\S[^:\n]*):[ \t]*([^\n]*(?:\n {2,}[^\n]*)*)", text, re.M):
        fields[label.strip()] = re.sub(r"\(0x[0-9a-f]+\)|[^0-9a-fA-F]", "", value)
    point = fields["Generator (uncompressed)"]
    size = (len(point) - 2) // 4 * 2
    numbers = [int(fields[x], 16) for x in ("Prime", "A", "B")]
    return (*numbers, int(point[2:2 + size], 16), int(point[2 + size:], 16), int(fields["Order"], 16),
            int(fields["Cofactor"], 10))


class EcKey:
    """The private number of a twisted Edwards curve is kept divided by the cofactor, as in Windows' blobs."""

    def __init__(self, curve, label):
        self.curve, self.source = curve, Drbg(f"{label} on {curve.name}")
        self.d = self.source.below(curve.n)
        if curve.order_size > curve.size:
            self.d %= 1 << 8 * curve.size
        self.scalar = self.d * curve.h % curve.n
        self.q = curve.times(self.scalar, curve.g)

    def sign(self, hashed):
        n, bits = self.curve.n, 8 * len(hashed)
        z = int.from_bytes(hashed, "big") >> max(0, bits - n.bit_length())
        k = self.source.below(n)
        r = self.curve.times(k, self.curve.g)[0] % n
        s = pow(k, -1, n) * (z + r * self.scalar) % n
        return r.to_bytes(self.curve.order_size, "big") + s.to_bytes(self.curve.order_size, "big")

    def agree(self, point):
        return self.curve.times(self.scalar, point)[0].to_bytes(self.curve.size, "big")


# ---- X25519, RFC 7748 -------------------------------------------------------------------------------------------

P25519 = 2 ** 255 - 19


def clamp(scalar):
    return bytes([scalar[0] & 248]) + scalar[1:31] + bytes([scalar[31] & 127 | 64])


def x25519(scalar, u):
    k, x1, p = int.from_bytes(scalar, "little"), int.from_bytes(u, "little"), P25519
    x2, z2, x3, z3 = 1, 0, x1, 1
    for bit in reversed(range(255)):
        if k >> bit & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb = d * a % p, c * b % p
        aa, bb = a * a % p, b * b % p
        x3, z3, x2 = (da + cb) ** 2 % p, x1 * (da - cb) ** 2 % p, aa * bb % p
        z2 = (aa - bb) * (aa + 121665 * (aa - bb)) % p
        if k >> bit & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, -1, p) % p).to_bytes(32, "little")
