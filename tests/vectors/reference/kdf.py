"""What BCryptDeriveKey and BCryptKeyDerivation compute, with hashlib and hmac."""
import hashlib
import hmac

from reference import modes
from reference.aes import Aes

MAKERS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512",
          "SHA3-256": "sha3_256", "SHA3-384": "sha3_384", "SHA3-512": "sha3_512"}


def hashed(name, secret, prepend=b"", append=b""):
    return hashlib.new(MAKERS[name], prepend + secret + append).digest()


def hmaced(name, key, secret, prepend=b"", append=b""):
    return hmac.new(key, prepend + secret + append, MAKERS[name]).digest()


def _p_hash(name, secret, seed, size):
    out, a = b"", seed
    while len(out) < size:
        a = hmac.new(secret, a, MAKERS[name]).digest()
        out += hmac.new(secret, a + seed, MAKERS[name]).digest()
    return out[:size]


def tls10(secret, label, seed, size=48):
    """RFC 2246 5."""
    half = (len(secret) + 1) // 2
    first = _p_hash("MD5", secret[:half], label + seed, size)
    second = _p_hash("SHA1", secret[-half:], label + seed, size)
    return bytes(a ^ b for a, b in zip(first, second))


def tls12(name, secret, label, seed, size=48):
    """RFC 5246 5."""
    return _p_hash(name, secret, label + seed, size)


def concat(name, secret, other, size):
    """SP 800-56A 5.8.1."""
    out, counter = b"", 1
    while len(out) < size:
        out += hashlib.new(MAKERS[name], counter.to_bytes(4, "big") + secret + other).digest()
        counter += 1
    return out[:size]


def hkdf(name, secret, salt, info, size):
    """RFC 5869; without a salt the secret is the pseudorandom key."""
    zeros = bytes(hashlib.new(MAKERS[name]).digest_size)
    prk = secret if salt is None else hmac.new(salt or zeros, secret, MAKERS[name]).digest()
    out, block, counter = b"", b"", 1
    while len(out) < size:
        block = hmac.new(prk, block + info + bytes([counter]), MAKERS[name]).digest()
        out += block
        counter += 1
    return out[:size]


def _prf(name, key):
    """HMAC of a hash, or AES-CMAC, under a key."""
    if name == "AES-CMAC":
        cipher = Aes(key)
        return lambda data: modes.cmac(cipher, data)
    return lambda data: hmac.new(key, data, MAKERS[name]).digest()


def pbkdf2(name, password, salt, iterations, size):
    """RFC 8018 5.2"""
    prf, out, i = _prf(name, password), b"", 1
    while len(out) < size:
        u = block = prf(salt + i.to_bytes(4, "big"))
        for _ in range(iterations - 1):
            u = prf(u)
            block = modes.xor(block, u)
        out, i = out + block, i + 1
    return out[:size]


def sp800_108(name, key, between, size):
    """SP 800-108 4.1, with a counter and a length of 32 bits around label || 0 || context."""
    prf, out, i = _prf(name, key), b"", 1
    while len(out) < size:
        out, i = out + prf(i.to_bytes(4, "big") + between + (8 * size).to_bytes(4, "big")), i + 1
    return out[:size]


def capi(name, data, expand, size):
    """CryptDeriveKey as Microsoft documents it: the hash, or two hashes of it in blocks of 64 bytes."""
    value = hashlib.new(MAKERS[name], data).digest()
    if size <= len(value) and not expand:
        return value[:size]
    block = value.ljust(64, b"\0")
    halves = (hashlib.new(MAKERS[name], bytes(x ^ mask for x in block)).digest() for mask in (0x36, 0x5C))
    return b"".join(halves)[:size]
