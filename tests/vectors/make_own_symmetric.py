#!/usr/bin/env python3
"""Writes own_symmetric.json: known answers of hashes, codes, ciphers and key derivation, computed by reference/ alone.

Here is what public collections lack; own_symmetric.py describes the fields. There is no randomness: a second run writes
the same file.

usage: make_own_symmetric.py > own_symmetric.json
"""
import hmac
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from reference import des, kdf, keccak, layout, md, modes, rsa
from reference.aes import Aes
from reference.drbg import Drbg
from reference.rc2 import Rc2


def case(kind, name, **fields):
    return {"kind": kind, "name": name, **{key: _hex(value) for key, value in fields.items() if value is not None}}


def _hex(value):
    if isinstance(value, (list, tuple)):
        return [_hex(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value


# ---- hashes and codes -------------------------------------------------------------------------------------------

def _messages(label, *sizes):
    source = Drbg(label)
    return [source.bytes(size) for size in sizes]


def _results(function, messages):
    return [(data, function(data)) for data in messages]


def _hmac(name, key, function, messages):
    return case("hash", f"HMAC-{name}, a key of {len(key)}", algorithm=name, hmac=True, key=key,
                results=_results(function, messages))


def old_hashes():
    for name, function, block in (("MD2", md.md2, 16), ("MD4", md.md4, 64)):
        messages = _messages(name, 0, 1, block - 1, block, 150)
        yield case("hash", name, algorithm=name, results=_results(function, messages))
        for key in _messages(f"keys of HMAC-{name}", 0, 16, 90):
            yield _hmac(name, key, lambda data: md.hmac(function, block, key, data), messages[1:4])


def xofs():
    for bits in (128, 256):
        rate, source = keccak.rate_of(bits), Drbg(f"cSHAKE{bits}")
        messages = _messages(f"messages of cSHAKE{bits}", 0, 3, rate - 1, rate, 2 * rate + 5)
        name = f"CSHAKE{bits}"
        for size in (1, bits // 4, rate + 9):
            yield case("hash", f"SHAKE{bits}, {size} bytes", algorithm=f"SHAKE{bits}", results=_results(
                lambda data: keccak.cshake(bits, data, size), messages[:3]))
        # Both strings, either, and strings as long as a block, so that the first block is theirs.
        sizes = (bits // 4, 1, rate, 2 * rate + 3, 64)
        for n, s in ((b"", b""), (b"function", b""), (b"", b"custom"), (b"KMAC", b"custom"),
                     (source.bytes(rate - 5), source.bytes(rate))):
            results = [(data, keccak.cshake(bits, data, size, n, s)) for data, size in zip(messages, sizes)]
            yield case("hash", f"{name}, strings of {len(n)} and {len(s)}", algorithm=name, function=n,
                       customization=s, results=results)


def kmacs():
    for bits in (128, 256):
        rate, source = keccak.rate_of(bits), Drbg(f"KMAC{bits}")
        messages = _messages(f"messages of KMAC{bits}", 0, 4, rate, rate + 1)
        for key, s in ((b"", b""), (source.bytes(16), b"custom"), (source.bytes(rate - 2), b""),
                       (source.bytes(200), source.bytes(300))):
            for name, xof in (("KMAC", None), ("KMACXOF", True)):
                results = [(data, keccak.kmac(bits, key, data, size, s, xof))
                           for data, size in zip(messages, (bits // 4, 1, rate + 7, 5))]
                yield case("hash", f"{name}{bits}, strings of {len(key)} and {len(s)}", algorithm=f"KMAC{bits}",
                           key=key, customization=s, xof=xof, results=results)


def codes():
    for size in (16, 24, 32):
        key, nonce = _messages(f"AES codes, {size}", size, 12)
        cipher, messages = Aes(key), _messages(f"messages of AES codes, {size}", 0, 1, 15, 16, 17, 32, 100)
        yield case("hash", f"AES-CMAC, a key of {size}", algorithm="AES-CMAC", key=key,
                   results=_results(lambda data: modes.cmac(cipher, data), messages))
        yield case("hash", f"AES-GMAC, a key of {size}", algorithm="AES-GMAC", key=key, nonce=nonce,
                   results=_results(lambda data: modes.gcm(cipher, nonce, data, b"")[1], messages))
    for name, maker in kdf.MAKERS.items():
        for key in _messages(f"keys of HMAC-{name}", 0, 200):
            yield _hmac(name, key, lambda data: hmac.new(key, data, maker).digest(),
                        _messages(f"messages of HMAC-{name}", 0, 137))


def records():
    """TLS 1.0 to 1.2 with CBC: text, code, padding, whose every byte is its length, and that length."""
    for name, before_size, text_size, padding in (("SHA1", 13, 50, 9), ("SHA256", 13, 0, 255), ("SHA384", 0, 100, 3)):
        key, before, text = _messages(f"TLS record, {name}", 32, before_size, text_size)
        code = hmac.new(key, before + text, kdf.MAKERS[name]).digest()
        yield case("record", f"{name}, padding of {padding}", hash=name, key=key, before=before,
                   record=text + code + bytes([padding]) * (padding + 1))


# ---- ciphers ----------------------------------------------------------------------------------------------------

def _modes(label, algorithm, key, cipher, effective=None):
    """A cipher in all its modes; CFB with segments of one byte and of a block."""
    block, source = cipher.block, Drbg(label)
    iv, texts = source.bytes(block), [source.bytes(size * block) for size in (1, 2, 5)]
    padded_texts = [source.bytes(size) for size in (0, 1, block, 2 * block - 1)]
    more = {"algorithm": algorithm, "key": key, "effective": effective}
    pairs = lambda function, of: [(plain, function(plain)) for plain in of]
    pad = lambda plain: modes.pad(plain, block)
    yield case("cipher", f"{label}, ECB", mode="ECB", texts=pairs(lambda x: modes.ecb(cipher, x), texts),
               padded=pairs(lambda x: modes.ecb(cipher, pad(x)), padded_texts), **more)
    yield case("cipher", f"{label}, CBC", mode="CBC", iv=iv, texts=pairs(lambda x: modes.cbc(cipher, iv, x), texts),
               padded=pairs(lambda x: modes.cbc(cipher, iv, pad(x)), padded_texts), **more)
    for segment in (1, block):
        sizes = [plain[:len(plain) - (block - 3 if segment == 1 else 0)] for plain in texts]
        yield case("cipher", f"{label}, CFB{8 * segment}", mode="CFB", iv=iv, segment=segment, **more,
                   texts=pairs(lambda x: modes.cfb(cipher, iv, x, segment), sizes))


def block_ciphers():
    key = lambda size: Drbg(f"a key of {size}").bytes(size)
    for size in (16, 24, 32):
        yield from _modes(f"AES-{8 * size}", "AES", key(size), Aes(key(size)))
    yield from _modes("DES", "DES", key(8), des.Des(key(8)))
    yield from _modes("3DES", "3DES", key(24), des.TripleDes(key(24)))
    yield from _modes("3DES of two keys", "3DES_112", key(16), des.TripleDes(key(16)))
    yield from _modes("3DES_112 with three keys", "3DES_112", key(24), des.TripleDes(key(24)))
    yield from _modes("DESX", "DESX", key(24), des.Desx(key(24)))
    for size, effective in ((5, 40), (16, 40), (16, 63), (16, 128), (2, 64), (128, 1024), (100, 500)):
        cipher = Rc2(key(size), effective)
        yield from _modes(f"RC2, {size} bytes, {effective} bits", "RC2", key(size), cipher, effective)


def streams():
    for size in (1, 5, 16, 64, 65, 256):
        key, *texts = _messages(f"RC4, {size}", size, 1, 20, 600)
        texts = [(plain, modes.rc4(key, plain)) for plain in texts]
        yield case("stream", f"RC4, {size} bytes", algorithm="RC4", key=key, texts=texts)


def data_units():
    for size, unit, first, units in ((16, 16, 0, 3), (32, 48, 7, 2), (16, 32, 2 ** 64 - 2, 4), (16, 512, 2 ** 40, 1)):
        key, plain = _messages(f"XTS {size} {unit}", 2 * size, unit * units)
        ciphers = Aes(key[:size]), Aes(key[size:])
        made = [modes.xts(*ciphers, (first + i) % 2 ** 64, part) for i, part in enumerate(modes.blocks(plain, unit))]
        yield case("xts", f"{units} units of {unit} from {first}, {8 * size} bits", key=key, unit=unit,
                   first=str(first), plain=plain, cipher=b"".join(made))


def authenticated():
    shapes = ((0, 0), (0, 20), (16, 0), (33, 16), (100, 70))
    for size in (16, 24, 32):
        key, texts = Drbg(f"AEAD {size}").bytes(size), {"GCM": [], "CCM": []}
        cipher = Aes(key)
        for i, (n, auth_n) in enumerate(shapes):
            nonce, auth, plain = _messages(f"AEAD {size} {n}", 13, auth_n, n)
            out, tag = modes.gcm(cipher, nonce[:12], auth, plain)
            texts["GCM"].append((nonce[:12], auth, plain, out, tag[:12 + i]))
            nonce, tag_size = nonce[:7 + (i + size // 8) % 7], 4 + 2 * ((i + size // 8) % 7)
            texts["CCM"].append((nonce, auth, plain, *modes.ccm(cipher, nonce, auth, plain, tag_size)))
        for mode in texts:
            yield case("aead", f"AES-{8 * size} {mode}", algorithm="AES", mode=mode, key=key, texts=texts[mode])
    key, texts = Drbg("ChaCha20-Poly1305").bytes(32), []
    for n, auth_n in shapes + ((200, 1),):
        nonce, auth, plain = _messages(f"ChaCha20-Poly1305 {n}", 12, auth_n, n)
        texts.append((nonce, auth, plain, *modes.chacha20_poly1305(key, nonce, auth, plain)))
    yield case("aead", "ChaCha20-Poly1305", algorithm="CHACHA20_POLY1305", mode=None, key=key, texts=texts)


# ---- blobs of keys ----------------------------------------------------------------------------------------------

def wrapped():
    for kek_size, size in ((16, 16), (24, 32), (32, 24), (32, 64), (16, 256)):
        kek, secret = _messages(f"wrap {kek_size} {size}", kek_size, size)
        yield case("wrap", f"{size} bytes under {kek_size}", kek=kek, secret=secret,
                   wrapped=modes.wrap(Aes(kek), secret))


def key_blobs():
    for name, size in (("AES", 16), ("AES", 32), ("DES", 8), ("3DES", 24), ("3DES_112", 16), ("DESX", 24), ("RC2", 7),
                       ("RC4", 33), ("XTS-AES", 64), ("CHACHA20_POLY1305", 32), ("PBKDF2", 11), ("TLS1_2_KDF", 48)):
        secret = Drbg(f"blob {name}").bytes(size)
        blob = layout.key_data(secret)
        refused = [(b"KDBX" + blob[4:], "another magic"), (blob[:4] + b"\2" + blob[5:], "another version"),
                   (blob[:8] + bytes([size + 1]) + blob[9:], "a size too large"), (blob[:-1], "a byte short"),
                   (blob[:11], "half a header")]
        yield case("blob", f"{name}, {size} bytes", algorithm=name, secret=secret, blob=blob, refused=refused)


def for_key_pairs():
    pair, source = rsa.Rsa("RSA 1024", 1024), Drbg("RSA-AES wrap")
    for name, size, kek_size, hash_name, label in (("AES", 16, 32, "SHA256", b""), ("3DES", 24, 16, "SHA1", b"label"),
                                                   ("RC4", 13, 24, "SHA1", b"")):
        secret, kek = source.bytes(size), source.bytes(kek_size)
        sealed = pair.encrypt_oaep(hash_name, label, kek, source) + modes.wrap_padded(Aes(kek), secret)
        yield case("rsa_aes", f"{name}, {size} bytes, OAEP with {hash_name}", algorithm=name, secret=secret,
                   pair=layout.rsa(pair, 2), blob=layout.rsa_aes_wrap(sealed, hash_name, label))


def hkdf_keys():
    for name in ("SHA256", "SHA512"):
        secret, salt = _messages(f"HKDF key {name}", 20, 10)
        prk = hmac.new(salt, secret, kdf.MAKERS[name]).digest()
        yield case("hkdf", name, hash=name, secret=secret, salt=salt, blob=layout.hkdf_key(name, prk),
                   value=kdf.hkdf(name, secret, salt, b"", 40))


# ---- derivation -------------------------------------------------------------------------------------------------

def _coded(argument):
    if isinstance(argument, list):
        return [_coded(item) for item in argument]
    return ":" + argument.hex() if isinstance(argument, bytes) else argument


def _derivation(function, name, value, *arguments):
    return case("derive", name, function=function, arguments=_coded(list(arguments)), value=value)


def derivations():
    key16, secret, salt, label, context = _messages("derivations", 16, 40, 9, 6, 11)
    for prf in (*kdf.MAKERS, "AES-CMAC"):
        key = key16 if prf == "AES-CMAC" else secret
        yield _derivation("pbkdf2", f"PBKDF2 with {prf}", kdf.pbkdf2(prf, key, salt, 3, 70), prf, key, salt, 3)
        value = kdf.sp800_108(prf, key, label + b"\0" + context, 75)
        yield _derivation("sp800_108", f"SP 800-108 with {prf}", value, prf, key, label, context)
    value = kdf.sp800_108("SHA256", secret, b"\0", 1)
    yield _derivation("sp800_108", "SP 800-108, nothing but the size", value, "SHA256", secret, b"", b"")
    value = kdf.sp800_108("SHA1", secret, context, 20)
    yield _derivation("sp800_108", "SP 800-108, other data", value, "SHA1", secret, None, context)
    for name in kdf.MAKERS:
        fields = [label, context, salt, b"public", b"private"]
        value = kdf.concat(name, secret, b"".join(fields), 90)
        yield _derivation("concat", f"SP 800-56A with {name}", value, name, secret, fields)
        value = kdf.tls12(name, secret, label, salt * 7, 100)
        yield _derivation("tls12", f"TLS 1.2 with {name}", value, name, secret, label, salt * 7)
        value = kdf.hkdf(name, secret, salt, context, 99)
        yield _derivation("hkdf", f"HKDF with {name}", value, name, secret, salt, context)
        value = kdf.hkdf(name, secret, None, b"", 33)
        yield _derivation("hkdf", f"HKDF with {name}, from the middle", value, name, secret, None, b"")
        digest_size = len(kdf.hashed(name, b""))
        for expand, size in ((False, digest_size), (False, 2 * digest_size), (True, 16), (False, 5)):
            really = size > digest_size or expand and name not in ("SHA256", "SHA384", "SHA512")
            yield _derivation("capi", f"CryptoAPI with {name}, {size} bytes{' for AES' if expand else ''}",
                              kdf.capi(name, secret, really, size), name, secret, expand)
    for n in (48, 47, 0):  # both halves share the byte in the middle
        pre = Drbg(f"premaster {n}").bytes(n)
        value = kdf.tls10(pre, b"master secret", salt * 7, 48)
        yield _derivation("tls11", f"TLS 1.1, a secret of {n}", value, pre, b"master secret", salt * 7)


_SP800_185 = "reference/keccak.py (FIPS 202, SP 800-185)"

GROUPS = (
    ("old hashes", "reference/md.py (RFC 1319, RFC 1320, RFC 2104)", old_hashes),
    ("xof", _SP800_185, xofs),
    ("kmac", _SP800_185, kmacs),
    ("codes", "reference/modes.py (SP 800-38B, SP 800-38D), hmac", codes),
    ("tls records", "hmac; RFC 5246 6.2.3.2", records),
    ("block ciphers", "reference/aes.py, des.py, rc2.py, modes.py (FIPS 197, FIPS 46-3, RFC 2268, SP 800-38A)",
     block_ciphers),
    ("rc4", "reference/modes.py", streams),
    ("xts", "reference/modes.py (IEEE 1619)", data_units),
    ("aead", "reference/modes.py (SP 800-38C, SP 800-38D, RFC 8439)", authenticated),
    ("key wrap", "reference/modes.py (RFC 3394)", wrapped),
    ("key blobs", "reference/layout.py", key_blobs),
    ("rsa-aes wrap", "reference/rsa.py, modes.py, layout.py (RFC 8017, RFC 5649)", for_key_pairs),
    ("hkdf keys", "reference/kdf.py, layout.py (RFC 5869)", hkdf_keys),
    ("derivation", "reference/kdf.py (RFC 8018, SP 800-108, SP 800-56A, RFC 2246, RFC 5246, RFC 5869, CryptDeriveKey)",
     derivations),
)


def main():
    about = ("Made by make_own_symmetric.py and read by own_symmetric.py, which describes the fields. Bytes are "
             "hexadecimal.")
    texts = []
    for name, source, make in GROUPS:
        head = json.dumps({"name": name, "source": source})[:-1]
        cases = (json.dumps(case, separators=(",", ":")) for case in make())
        texts.append(head + ', "cases": [\n  ' + ",\n  ".join(cases) + "\n]}")
    print(f'{{"about": {json.dumps(about)}, "groups": [\n' + ",\n".join(texts) + "\n]}")


if __name__ == "__main__":
    main()
