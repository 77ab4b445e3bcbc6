"""SymCrypt's sections for hashes, codes and ciphers. The functions get the section's name, the record, its number."""
import hashlib
import re

import chains
import ciphering
import cng
import hashing
import sealing
import wrapping
from records import h
from report import Skip


def _fields(record):
    """With names in small letters: the files spell them in several ways."""
    return {name.lower(): value for name, value in record.items()}


def _field(record, name):
    return h(_fields(record)[name])


# ---- hashes and codes -------------------------------------------------------------------------------------------

def _hash_name(section):
    name = section.upper()
    if name not in hashing.SIZES:
        raise Skip("hash")
    return name


def digest(section, record, number):
    return hashing.digest(_hash_name(section), _field(record, "msg"), number) == _field(record, "md")


def hmac(section, record, number):
    name = _hash_name(section.removeprefix("Hmac"))
    code = _field(record, "mac")
    return hashing.hmac(name, _field(record, "key"), _field(record, "msg"), number)[:len(code)] == code


def cmac(_section, record, number):
    return hashing.cmac(_field(record, "key"), _field(record, "msg"), number) == _field(record, "mac")


def _range(record, sizes, compute):
    """The hash of the results for all sizes of the inputs up to those of the record."""
    whole = hashlib.sha3_256()
    first, second = (int(record.get(name, "0")) for name in sizes)
    for i in range(first + 1):
        for j in range(second + 1):
            whole.update(compute(i, j))
    return whole.digest() == h(record["Range"])


# The inputs of which a range takes the beginnings.
_MESSAGE = bytes(i & 0xFF | 0x80 for i in range(505))
_NAME, _CUSTOM, _KEY = (bytes((first + i) & 0xFF for i in range(505)) for first in b"NSK")


def cshake(section, record, number):
    name = section.upper()
    if "MaxInputSize" in record:
        size = int(record["OutputSize"])
        return _range(record, ("MaxInputSize", "none"), lambda i, j: hashing.brief(name, None, _MESSAGE[:i], size))
    if "Range" in record:
        size = int(record["OutputSize"])
        return _range(record, ("MaxNameStrSize", "MaxCustomStrSize"), lambda i, j: hashing.brief(
            name, None, b"", size, (("FunctionNameString", _NAME[:i]), ("CustomizationString", _CUSTOM[:j]))))
    wanted = _field(record, "output")
    return hashing.xof(name, _field(record, "msg"), len(wanted), number, _field(record, "n"),
                       _field(record, "s")) == wanted


def kmac(section, record, number):
    name = section.upper()
    if "MaxInputSize" in record:
        size = int(record["OutputSize"])
        return _range(record, ("MaxInputSize", "none"), lambda i, j: hashing.brief(name, b"", _MESSAGE[:i], size))
    if "Range" in record:
        size = int(record["OutputSize"])
        return _range(record, ("MaxKeySize", "MaxCustomStrSize"), lambda i, j: hashing.brief(
            name, _KEY[:i], b"", size, (("CustomizationString", _CUSTOM[:j]),)))
    wanted = _field(record, "output")
    return hashing.kmac(name, _field(record, "key"), _field(record, "msg"), len(wanted), number,
                        _field(record, "customstr"), record["Outputlen"] == "0") == wanted


# ---- ciphers ----------------------------------------------------------------------------------------------------

_CIPHERS = {"Aes": "AES", "Des": "DES", "Des2": "3DES_112", "Des3": "3DES", "Desx": "DESX", "Rc2": "RC2"}


def block(section, record, number):
    name, mode = re.fullmatch(r"(.*)(Ecb|Cbc|Cfb)", section).groups()
    fields = _fields(record)
    key, iv = _field(record, "key"), _field(record, "iv") if "iv" in fields else None
    effective = int(fields["effectivekeylength"]) if "effectivekeylength" in fields else None
    segment = int(fields["shift"]) if "shift" in fields else None
    c = ciphering.cipher(_CIPHERS[name], mode.upper(), key, segment, effective)
    if name == "Rc2" and len(key) < 2:
        try:
            ciphering.make(c, 0)
        except cng.Refused:
            raise Skip("size") from None
        return False
    return ciphering.block_mode(c, _field(record, "plaintext"), _field(record, "ciphertext"), iv, number)


def rc4(_section, record, number):
    c = ciphering.cipher("RC4", None, _field(record, "key"))
    return ciphering.stream(c, _field(record, "plaintext"), _field(record, "ciphertext"), number)


def chacha20(_section, record, number):
    """The stream of the authenticated cipher begins behind the first block, whose bytes make the key of Poly1305."""
    skipped = int(record.get("offset", "0")) - 64
    if skipped < 0:
        raise Skip("algorithm")
    a = sealing.Aead("CHACHA20_POLY1305", None, _field(record, "key"), _field(record, "nonce"), b"", 16)
    out, _tag = a.run("BCryptEncrypt", bytes(skipped) + _field(record, "plaintext"), b"", number)
    return out[skipped:] == _field(record, "ciphertext")


def xts(_section, record, number):
    plain = _field(record, "plaintext")
    return ciphering.xts(_field(record, "key"), len(plain), int(record["tweak"], 0), plain,
                         _field(record, "ciphertext"), number)


def key_wrap(_section, record, number):
    kek, secret, wrapped = (_field(record, name) for name in ("key", "plaintext", "ciphertext"))
    return wrapping.wrap(kek, secret, number) == wrapped and wrapping.unwrap(kek, wrapped, number) == secret


def padded_key_wrap(_section, record, number):
    kek, secret, wrapped = (_field(record, name) for name in ("key", "plaintext", "ciphertext"))
    return wrapping.unwrap_padded(kek, wrapped, len(secret), number) == secret


# ---- chains of generated values ---------------------------------------------------------------------------------

_BLOCKS = {"MD2": 16, "SHA384": 128, "SHA512": 128, "SHA3-256": 136, "SHA3-384": 104, "SHA3-512": 72}


def digest_chain(section, record, _number):
    name = _hash_name(section)
    return chains.hashes(section, name, _BLOCKS.get(name, 64), int(_fields(record)["rrep"])) == _field(record, "rnd")


def code_chain(section, record, _number):
    fields = _fields(record)
    if section == "AesCmac":
        what, block = hashing.subject("AES-CMAC", 16, b""), 16
    else:
        name = _hash_name(section.removeprefix("Hmac"))
        what, block = hashing.subject(name, hashing.SIZES[name], b"", hmac=True), _BLOCKS.get(name, 64)
    key_size = int(fields["keylen"]) if "keylen" in fields else None
    return chains.codes(section, what, block, key_size, int(fields["rrep"])) == _field(record, "rnd")


def block_chain(section, record, _number):
    fields, (name, mode) = _fields(record), re.fullmatch(r"(.*)(Ecb|Cbc|Cfb)", section).groups()
    if name == "Rc2":  # its effective bits change on the way, and go below CNG's
        raise Skip("generator")
    size = int(fields["keylen"])
    segment = int(fields["shift"]) if "shift" in fields else None
    c = ciphering.cipher(_CIPHERS[name], mode.upper(), bytes(size), segment)
    return chains.blocks(section, c, size, int(fields["rrep"])) == _field(record, "rnd")


def rc4_chain(section, record, _number):
    return chains.rc4(section, int(_fields(record)["rrep"])) == _field(record, "rnd")


def _left_out(reason):
    def check(_section, _record, _number):
        raise Skip(reason)
    return check


_HASHES = """Md2 Md4 Md5 Sha1 Sha224 Sha256 Sha384 Sha512 Sha512-224 Sha512-256 Sha3-224 Sha3-256 Sha3-384
Sha3-512""".split()

_BLOCK_MODES = [cipher + mode for cipher in _CIPHERS for mode in ("Ecb", "Cbc", "Cfb")]

SECTIONS = {name: digest for name in _HASHES} | {"Hmac" + name: hmac for name in _HASHES} | {
    name: block for name in _BLOCK_MODES} | {
    "AesCmac": cmac, "Kmac128": kmac, "Kmac256": kmac, "CShake128": cshake, "CShake256": cshake, "Rc4": rc4,
    "ChaCha20": chacha20, "XtsAes": xts, "AesKw": key_wrap, "AesKwp": padded_key_wrap,
    "Marvin32": _left_out("algorithm"), "Poly1305": _left_out("algorithm")}

# The records whose answer is "rnd".
CHAINS = {name: digest_chain for name in _HASHES} | {"Hmac" + name: code_chain for name in _HASHES} | {
    name: block_chain for name in _BLOCK_MODES} | {"AesCmac": code_chain, "Rc4": rc4_chain}
