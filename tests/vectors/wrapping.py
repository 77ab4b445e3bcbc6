"""Keys that are wrapped by other keys."""
import functools
import struct

import ciphering
import cng
import symmetric
from cng import Refused
from report import Skip
from symmetric import Key

# No key of CNG's has more bytes: RC4's, with the extended sizes.
LONGEST_KEY = 256


def _wrapped_algorithm(size, number):
    """Whose key is wrapped: RC4's may have any size."""
    if size in (16, 24, 32) and number % 2:
        return symmetric.opened("AES")
    return symmetric.opened("RC4", flags=symmetric.EXTENDED)


def _unwrapped(kind, blob, size, unwrap, number):
    if size > LONGEST_KEY:
        try:
            Key(_wrapped_algorithm(size, number), blob=(kind, blob), unwrap=unwrap)
        except Refused as refused:
            if refused.status == cng.STATUS_INVALID_PARAMETER:
                raise Skip("wrapped") from None
            raise
        raise AssertionError("a key longer than any was taken")
    key = Key(_wrapped_algorithm(size, number), in_object=number % 3 == 0, blob=(kind, blob), unwrap=unwrap)
    return symmetric.secret_of(key.export("KeyDataBlob"))


def wrap(kek, secret, number):
    """RFC 3394"""
    if len(secret) > LONGEST_KEY:
        raise Skip("wrapped")
    key = Key(_wrapped_algorithm(len(secret), number), secret, symmetric.EXTENDED if len(secret) > 64 else 0)
    return key.export("Rfc3565KeyWrapBlob", ciphering.make(ciphering.cipher("AES", "CBC", kek), number))


def unwrap(kek, wrapped, number):
    """What was wrapped by RFC 3394; its size is that of the blob less eight."""
    by = ciphering.make(ciphering.cipher("AES", "ECB", kek), number + 1)
    return _unwrapped("Rfc3565KeyWrapBlob", wrapped, len(wrapped) - 8, by, number)


@functools.cache
def _key_pair():
    return cng.Algorithm.get("RSA").generate(1024)


_OAEP = (("SHA1", b""), ("SHA256", b"label"), ("SHA1", b"a label"))


def unwrap_padded(kek, wrapped, size, number):
    """RFC 5649, the inner part of CNG's RSA-AES blob: the wrapping key is encrypted with OAEP for a key pair."""
    pair = _key_pair()
    name, label = _OAEP[number % len(_OAEP)]
    return _unwrapped("PKCS11RsaAesWrapBlob", rsa_aes_blob(
        pair.encrypt(kek, cng.PAD_OAEP, hash_name=name, label=label) + wrapped, name, label), size, pair, number)


def rsa_aes_blob(sealed, hash_name, label):
    """BCRYPT_PKCS11_RSA_AES_WRAP_BLOB"""
    name = cng.stored(hash_name)
    return struct.pack("<4s3I", b"RAPW", len(sealed), len(name), len(label)) + sealed + name + label
