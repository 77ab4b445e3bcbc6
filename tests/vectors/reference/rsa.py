"""RSA by RFC 8017, with Python's numbers."""
import hashlib
from math import gcd

from reference.drbg import Drbg, is_prime

# DigestInfo up to the digest (RFC 8017 9.2, and the same arc for SHA-3).
_NIST = "30{:02x}300d06096086480165030402{:02x}0500 04{:02x}"
PREFIXES = {"MD5": "3020300c06082a864886f70d020505000410", "SHA1": "3021300906052b0e03021a05000414"}
for _name, _arc, _size in (("SHA256", 1, 32), ("SHA384", 2, 48), ("SHA512", 3, 64), ("SHA3-256", 8, 32),
                           ("SHA3-384", 9, 48),
                           ("SHA3-512", 10, 64), ("SHAKE128", 11, 32), ("SHAKE256", 12, 64)):
    PREFIXES[_name] = _NIST.format(17 + _size, _arc, _size)

HASHES = {"MD5": hashlib.md5, "SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA384": hashlib.sha384,
          "SHA512": hashlib.sha512, "SHA3-256": hashlib.sha3_256, "SHA3-384": hashlib.sha3_384,
          "SHA3-512": hashlib.sha3_512}


def digest(name, data):
    """SHAKE has a fixed length, twice its security."""
    if name in ("SHAKE128", "SHAKE256"):
        return hashlib.shake_128(data).digest(32) if name == "SHAKE128" else hashlib.shake_256(data).digest(64)
    return HASHES[name](data).digest()


class Rsa:
    """A key pair; d is taken modulo (p-1)(q-1), as Windows does."""

    def __init__(self, label, bits, e=65537):
        source = Drbg(label)
        half = (bits + 1) // 2
        while True:
            self.p, self.q = self._prime(source, half, e), self._prime(source, bits - half, e)
            self.n = self.p * self.q
            if self.n.bit_length() == bits and self.p != self.q:
                break
        self.e, self.bits, self.size = e, bits, (bits + 7) // 8
        phi = (self.p - 1) * (self.q - 1)
        self.d = pow(e, -1, phi)
        self.dp, self.dq, self.qi = self.d % (self.p - 1), self.d % (self.q - 1), pow(self.q, -1, self.p)

    @staticmethod
    def _prime(source, bits, e):
        while True:
            value = int.from_bytes(source.bytes((bits + 7) // 8), "big") >> (-bits % 8)
            value |= 3 << (bits - 2) | 1
            if gcd(value - 1, e) == 1 and is_prime(value):
                return value

    def private(self, data):
        return pow(int.from_bytes(data, "big"), self.d, self.n).to_bytes(self.size, "big")

    def public(self, data):
        return pow(int.from_bytes(data, "big"), self.e, self.n).to_bytes(self.size, "big")

    def sign_pkcs1(self, name, hashed):
        info = (bytes.fromhex(PREFIXES[name]) if name else b"") + hashed
        return self.private(b"\0\1" + b"\xff" * (self.size - 3 - len(info)) + b"\0" + info)

    def sign_pss(self, name, hashed, salt):
        bits = self.bits - 1
        size = (bits + 7) // 8
        h = digest(name, bytes(8) + hashed + salt)
        db = bytes(size - len(salt) - len(h) - 2) + b"\1" + salt
        masked = bytearray(_xor(db, mgf1(name, h, len(db))))
        masked[0] &= 0xFF >> (8 * size - bits)
        return self.private(bytes(masked) + h + b"\xbc")

    def encrypt_pkcs1(self, message, source):
        filler = bytes(b or 1 for b in source.bytes(self.size - 3 - len(message)))
        return self.public(b"\0\2" + filler + b"\0" + message)

    def encrypt_oaep(self, name, label, message, source):
        size = len(digest(name, b""))
        seed = source.bytes(size)
        db = digest(name, label) + bytes(self.size - len(message) - 2 * size - 2) + b"\1" + message
        masked = _xor(db, mgf1(name, seed, len(db)))
        return self.public(b"\0" + _xor(seed, mgf1(name, masked, size)) + masked)


def mgf1(name, seed, size):
    out, counter = b"", 0
    while len(out) < size:
        out += digest(name, seed + counter.to_bytes(4, "big"))
        counter += 1
    return out[:size]


def _xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))
