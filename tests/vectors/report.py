"""What becomes of each vector, and the arithmetic that no vector is lost."""
import collections
import hashlib


class Skip(Exception):
    """The vector cannot be expressed through bcrypt.h; the text is one of the reasons below."""


# Every reason for which a vector is left out. The harness refuses any other.
REASONS = {
    "hash": "CNG has no name for the hash",
    "algorithm": "CNG does not have the algorithm by itself (Poly1305, ChaCha20, Marvin32)",
    "bits": "not whole bytes, which is all that CNG takes",
    "nonce": "GCM, GMAC and ChaCha20-Poly1305 take nonces of 12 bytes; others were refused",
    "tag": "GCM takes tags of 12 to 16 bytes; others were refused",
    "tweak": "CNG's XTS-AES numbers data units with 64 bits: a tweak with more cannot be said",
    "wrapped": "a wrapped key of more than 256 bytes, longer than any of CNG's, which was refused",
    "inverse": "key wrap with the cipher's inverse, which CNG does not have",
    "composed": "another form of a derivation than CNG's; its codes, put together here, gave the answer",
    "secret": "a secret of more than 2048 bytes, which was refused; the hashes, put together here, gave the answer",
    "drbg": "a generator whose entropy is chosen, which no API offers",
    "dsa-hash": "the seed was hashed with a function that CNG's DSA parameters do not name (SHA-1, SHA-256, SHA-512)",
    "mgf": "CNG uses one hash for the message and for MGF1",
    "der": "not a strict DER signature: CNG takes r and s, the envelope is the caller's",
    "width": "a number is negative or does not fit CNG's fixed width",
    "spki": "the SubjectPublicKeyInfo is damaged or of no known form: CNG takes coordinates",
    "point": "a compressed or damaged point: CNG takes both coordinates",
    "curve": "CNG has no name for the curve",
    "group": "a DSA group that CNG refuses: q has 160 bits up to 1024 bits and 256 above, p 512 to 3072 in steps of 64",
    "primes": "an RSA key with three primes: CNG's blobs have two; its import was refused",
    "small": "a prime too small for an RSA key",
    "ends": "SP 800-56B refuses 0, 1 and n-1 as ciphertexts; CNG's raw RSA computes them, and did so rightly",
    "randomness": "needs the random input of the algorithm to be chosen; the key was imported and used",
    "interface": "an internal interface of the standard that CNG does not offer",
    "scheme": "a scheme that CNG does not have (MQV, X9.31)",
    "low-s": "the rule that s must be low is Bitcoin's, not ECDSA's; both values were rightly taken",
    "size": "outside of the sizes of CNG's keys",
    "generator": "what only SymCrypt's own test program can do: exported states, lengths of 2^63, units of any size",
    "absent": "the installed libcrypto lacks the algorithm",
}

# With a libcrypto that has everything, a missing algorithm is a failure and no reason.
everything = False


class Tally:
    """Counts for one file."""

    def __init__(self, name):
        self.name, self.passed, self.failures, self.skipped = name, 0, [], collections.Counter()

    def run(self, label, check):
        """`check` returns True when the library did what the vector says, or raises Skip."""
        try:
            good = check()
        except Skip as skip:
            if str(skip) not in REASONS:
                raise
            if str(skip) == "absent" and everything:
                self.failures.append(f"{label}: {REASONS['absent']}")
            else:
                self.skipped[str(skip)] += 1
            return
        except Exception as error:  # a vector that breaks the harness is a failure of its own
            self.failures.append(f"{label}: {type(error).__name__}: {error}")
            return
        if good is True:
            self.passed += 1
        else:
            self.failures.append(str(label))

    @property
    def total(self):
        return self.passed + len(self.failures) + sum(self.skipped.values())


HASHES = {  # vector spelling -> (CNG name or None, hashlib constructor)
    "SHA-1": ("SHA1", hashlib.sha1), "SHA1": ("SHA1", hashlib.sha1),
    "SHA-224": (None, hashlib.sha224), "SHA2-224": (None, hashlib.sha224),
    "SHA-256": ("SHA256", hashlib.sha256), "SHA2-256": ("SHA256", hashlib.sha256),
    "SHA-384": ("SHA384", hashlib.sha384), "SHA2-384": ("SHA384", hashlib.sha384),
    "SHA-512": ("SHA512", hashlib.sha512), "SHA2-512": ("SHA512", hashlib.sha512),
    "SHA-512/224": (None, None), "SHA2-512/224": (None, None),
    "SHA-512/256": (None, None), "SHA2-512/256": (None, None),
    "SHA3-224": (None, hashlib.sha3_224), "SHA3-256": ("SHA3-256", hashlib.sha3_256),
    "SHA3-384": ("SHA3-384", hashlib.sha3_384), "SHA3-512": ("SHA3-512", hashlib.sha3_512),
    "SHAKE-128": ("SHAKE128", None), "SHAKE-256": ("SHAKE256", None),
    "MD5": ("MD5", hashlib.md5),
}

# DigestInfo up to the digest, for the hashes that CNG has no name for: it signs and verifies what it is given when
# no hash is named (RFC 8017 9.2).
DIGEST_INFO = {name: bytes.fromhex(f"30{17 + size:02x}300d06096086480165030402{arc:02x}050004{size:02x}")
               for names, arc, size in ((("SHA-224", "SHA2-224"), 4, 28), (("SHA-512/224", "SHA2-512/224"), 5, 28),
                                        (("SHA-512/256", "SHA2-512/256"), 6, 32), (("SHA3-224",), 7, 28))
                                        for name in names}


def hash_name(spelling):
    """CNG's name of a hash, for paddings that carry it."""
    name = HASHES[spelling][0]
    if name is None:
        raise Skip("hash")
    return name


def digest(spelling, message):
    """The digest, for signatures that take it bare. The two extendable functions have the lengths that CNG has."""
    if spelling in ("SHAKE-128", "SHAKE-256"):
        return (hashlib.shake_128(message).digest(32) if spelling == "SHAKE-128"
                else hashlib.shake_256(message).digest(64))
    make = HASHES[spelling][1]
    if make is None:
        bits = spelling.rsplit("/", 1)[1]
        return hashlib.new("sha512_" + bits, message).digest()
    return make(message).digest()


def pkcs1_input(spelling, hashed):
    """(CNG's hash name or None, what to sign): without a name the DigestInfo is the caller's."""
    name = HASHES[spelling][0]
    return (name, hashed) if name else (None, DIGEST_INFO[spelling] + hashed)
