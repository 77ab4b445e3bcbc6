"""DSA (FIPS 186-2, FIPS 186-3) and Diffie-Hellman, with Python's numbers."""
import hashlib

from reference.drbg import Drbg, is_prime


class Dsa:
    """Parameters from a seed, and a key pair.

    186-2 (appendix 2.2): q is SHA-1(seed) xor SHA-1(seed + 1), the first offset is 2.
    186-3 (A.1.1.2): q is the hash's last bits, the first offset is 1.
    """

    def __init__(self, label, bits, hash_name=None):
        self.source, self.bits = Drbg(label), bits
        self.hash = getattr(hashlib, hash_name or "sha1")
        self.q_size = 32 if hash_name else 20
        old = hash_name is None
        while True:
            self.seed = self.source.bytes(self.q_size)
            u = self._hash(0)
            if old:
                u = bytes(a ^ b for a, b in zip(u, self._hash(1)))
            q = int.from_bytes(u[-self.q_size:], "big") | 1 << (8 * self.q_size - 1) | 1
            if is_prime(q) and self._find_p(q, 2 if old else 1, 4096 if old else 4 * bits):
                break
        self.q = q
        self.g = pow(2, (self.p - 1) // q, self.p)
        self.x = self.source.below(q)
        self.y = pow(self.g, self.x, self.p)

    def _hash(self, offset):
        value = (int.from_bytes(self.seed, "big") + offset) % (1 << 8 * len(self.seed))
        return self.hash(value.to_bytes(len(self.seed), "big")).digest()

    def _find_p(self, q, offset, counters):
        size = self.hash().digest_size
        count = -(-self.bits // (8 * size))
        for self.counter in range(counters):
            stream = b"".join(self._hash(offset + j) for j in reversed(range(count)))
            x = int.from_bytes(stream, "big") % (1 << (self.bits - 1)) | 1 << (self.bits - 1)
            self.p = x - x % (2 * q) + 1
            if self.p.bit_length() == self.bits and is_prime(self.p):
                return True
            offset += count
        return False

    def sign(self, hashed):
        """Of a digest as long as q."""
        m = int.from_bytes(hashed, "big")
        k = self.source.below(self.q)
        r = pow(self.g, k, self.p) % self.q
        s = pow(k, -1, self.q) * (m + self.x * r) % self.q
        return r.to_bytes(self.q_size, "big") + s.to_bytes(self.q_size, "big")


def safe_prime(label, bits):
    """A prime p with (p - 1) / 2 prime."""
    source = Drbg(label)
    value = int.from_bytes(source.bytes(bits // 8), "big") | 3 << (bits - 2) | 3
    while not (is_prime(value, 2) and is_prime(value // 2, 2) and is_prime(value) and is_prime(value // 2)):
        value += 4
    return value


class Dh:
    def __init__(self, label, p, g=2):
        self.p, self.g = p, g
        self.x = Drbg(label).below((p - 1) // 2)
        self.y = pow(g, self.x, p)

    def agree(self, y):
        return pow(y, self.x, self.p).to_bytes((self.p.bit_length() + 7) // 8, "big")
