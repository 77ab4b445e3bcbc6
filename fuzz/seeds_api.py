"""Seeds of the targets that turn an input into calls of the exported functions (fuzz_api.h): one for each thing that a
target can do, so that a fuzzer begins where everything works. The numbers are rows of the targets' tables.
"""

import struct


def some(data):
    """Bytes behind their length, as take_some reads them."""
    return bytes([len(data)]) + data


def text(string):
    return some(string.encode("ascii"))


def u16(value):
    return struct.pack("<H", value)


def differ():
    key, nonce, data = bytes(range(64)), bytes(range(16)), bytes(range(40))
    seeds = {}
    for what, name in enumerate(("hash", "hmac", "cmac", "kmac", "block", "aead", "kdf", "hkdf", "rsa", "ecdsa")):
        for which in range(32 if name == "kdf" else 20 if name in ("block", "rsa") else 10):
            n = 12 if name == "aead" else 16
            seeds[f"{name}-{which}"] = (bytes([what, which]) + some(key) + some(nonce[:n]) + u16(48 if name == "block" else 40) + data +
                                        data[:8 if name == "block" else 0] + some(b"more") + b"\x10")
            if name in ("rsa", "ecdsa"):
                seeds[f"{name}-{which}-right"] = bytes([what, which]) + some(key[:32]) + some(nonce) + u16(0)
    return seeds


def aead():
    seeds = {}
    for mode in range(3):
        for size in range(3):
            head = bytes([mode, size, 16]) + some(bytes(12)) + some(b"associated") + u16(100) + some(b"text")
            seeds[f"mode{mode}-{size}"] = head + bytes([1, 0, 2, 17, 1, 0, 9])
        seeds[f"one-block-{mode}"] = bytes([mode, 0, 16]) + some(bytes(12)) + some(b"") + u16(16) + some(b"t") + bytes([0, 0, 1])
        script = bytes([5, 1, 0x80]) + some(b"abcd") + b"\4" + bytes([0x81]) + some(b"efgh") + b"\4" + bytes([6, 12, 0x80]) + some(b"x") + b"\1"
        chain = bytes([9, 1, 0x80]) + some(bytes(16)) + b"\x10" + bytes([9, 3, 0x80]) + some(bytes(16)) + b"\x10" + bytes([9, 2, 0x80]) + some(b"e") + b"\1"
        for how in (1, 2, 3, 8, 0x18, 0x28):
            odd = bytes([0xC0]) + some(bytes(16)) + bytes([32, how]) + bytes([0xC0]) + some(bytes(16)) + bytes([16, how])
            seeds[f"odd-{mode}-{how}"] = bytes([0x80 | mode, 0, 16]) + some(bytes(12)) + some(b"aad") + u16(0) + some(b"") + odd
        seeds[f"script-{mode}"] = bytes([0x80 | mode, 0, 16]) + some(bytes(12)) + some(b"aad") + u16(0) + some(b"") + script + chain
    return seeds


# A key's row, its flag's row, and whether a hash is named, for everything that signs.
SIGNS = [("rsa-pkcs1", 0, 1, 32), ("rsa-pss", 0, 2, 32), ("rsa-optional", 0, 5, 32), ("dsa", 2, 0, 20), ("p256", 3, 0, 32), ("p521", 4, 0, 64),
         ("secp256k1", 5, 0, 32), ("brainpool", 6, 0, 20), ("nums", 7, 0, 32), ("mldsa", 8, 0, 9), ("mldsa-pre", 8, 3, 32), ("mldsa-mu", 8, 4, 64),
         ("slhdsa", 9, 0, 9)]


def verify():
    seeds = {}
    for name, key, flag, size in SIGNS:
        true = bytes([key, 1, flag, 0, 20]) + some(bytes(size))
        seeds[name] = true
        seeds[name + "-changed"] = true + u16(5) + b"\1"
        seeds[name + "-cut"] = true + u16(30) + b"\0"
        seeds[name + "-long"] = true + u16(5000) + b"\7"
        seeds[name + "-raw"] = bytes([key, 0, flag, 0, 20]) + some(bytes(size)) + bytes(128)
    seeds["rsa-no-hash"] = bytes([0, 1, 1, 255, 0]) + some(bytes(20))
    seeds["unknown-hash"] = bytes([0, 1, 1, 20]) + text("NONE") + b"\0" + some(bytes(20))
    return seeds


def padding():
    seeds = {}
    for through in (0, 8):
        for name, key, flag, size in SIGNS:
            flag = {0: 0, 1: 2, 2: 4, 5: 7, 3: 5, 4: 6}[flag]
            seeds[f"sign-{name}-{through}-no-name"] = (bytes([key, through, flag, 200]) + text("a" * 90) + struct.pack("<I", 20) + some(b"") + u16(0) +
                                                       bytes(size))
            seeds[f"sign-{name}-{through}"] = bytes([key, through, flag, 0]) + struct.pack("<I", 20) + some(b"") + u16(0) + bytes(size)
        for name, flag, size in (("raw", 1, 128), ("pkcs1", 2, 40), ("oaep", 3, 40)):
            for label in (b"", b"label"):
                seeds[f"crypt-{name}-{through}-{len(label)}"] = (bytes([0, 1 | through, flag, 1]) + bytes(4) + some(label) + u16(7) +
                                                                b"\0" * (size - 1) + b"\1")
    seeds["sign-short"] = bytes([0, 0, 2, 0]) + bytes(4) + some(b"") + u16(0xFFFF) + bytes(32)
    return seeds


def derive():
    """{type, form, value}: form 1 is a string of characters, 3 one with its NUL left out."""
    sha256 = bytes([0, 1]) + text("SHA256")
    lists = [
        ("pbkdf2", 0, sha256 + bytes([15, 0]) + some(b"salt") + bytes([16, 0]) + some(b"\2" + bytes(7))),
        ("pbkdf2-cmac", 0, bytes([0, 1]) + text("AES-CMAC") + bytes([15, 0]) + some(b"salt") + bytes([16, 0]) + some(b"\2" + bytes(7))),
        ("pbkdf2-generic", 0, sha256 + bytes([17, 0]) + some(b"salt")),
        ("sp800-108", 2, sha256 + bytes([13, 0]) + some(b"label") + bytes([14, 0]) + some(b"context")),
        ("sp800-108-generic", 2, sha256 + bytes([17, 0]) + some(b"label\0context")),
        ("concat", 3, sha256 + b"".join(bytes([t, 0]) + some(b"x") for t in (8, 9, 10, 11, 12))),
        ("capi", 4, sha256), ("tls11", 5, bytes([4, 0]) + some(b"label") + bytes([5, 0]) + some(bytes(64))),
        ("tls12", 6, sha256 + bytes([4, 0]) + some(b"label") + bytes([5, 0]) + some(bytes(64))),
        ("hash", 8, sha256 + bytes([1, 0]) + some(b"before") + bytes([2, 0]) + some(b"after")),
        ("hash-default", 8, b""), ("hmac", 9, sha256 + bytes([3, 0]) + some(b"key")),
        ("prf", 10, bytes([4, 0]) + some(b"label") + bytes([5, 0]) + some(bytes(64)) + bytes([7, 0]) + some(b"\3\3\0\0") + sha256),
        ("agreed-concat", 11, b"".join(bytes([t, 0]) + some(b"x") for t in (8, 9, 10))), ("raw", 12, b""), ("unknown", 14, b""), ("aes", 7, b""),
        ("twice", 0, sha256 + sha256), ("many-parts", 8, (bytes([1, 0]) + some(b"before")) * 20),
        ("hmac-many-parts", 9, bytes([3, 0]) + some(b"key") + (bytes([2, 0]) + some(b"x")) * 20),
        ("hash-unknown", 8, bytes([0, 1]) + text("NONE")), ("hash-no-name", 8, bytes([0, 1]) + text("a" * 90)),
        ("hmac-no-name", 9, bytes([0, 1]) + text("a" * 90) + bytes([3, 0]) + some(b"key")), ("short-count", 0, sha256 + bytes([16, 0]) + some(b"\1")), ("null", 8, bytes([0, 4]) + some(b"")),
    ]
    seeds = {}
    for name, what, buffers in lists:
        seeds[name] = bytes([what]) + u16(0) + u16(20) + some(b"sixteen bytes...") + buffers
        seeds[name + "-hmac-flag"] = bytes([what]) + u16(1) + u16(300) + some(b"") + buffers
    prf = bytes([4, 0]) + some(b"label") + bytes([5, 0]) + some(bytes(64))
    version = bytes([7, 0])
    for name, more in (("11", b""), ("12", version + some(b"\3\3\0\0")), ("12-384", version + some(b"\3\3\0\0") + bytes([0, 1]) + text("SHA384")),
                       ("12-sha1", version + some(b"\3\3\0\0") + bytes([0, 1]) + text("SHA1")), ("13", version + some(b"\4\3\0\0")), ("short", version + some(b"\3"))):
        for size in (48, 49):
            seeds[f"prf-{name}-{size}"] = bytes([10]) + u16(0) + u16(size) + some(b"") + prf + more
    # Ten thousand iterations for each of some hundred blocks took 8 s.
    seeds["pbkdf2-no-count-long"] = bytes([0]) + u16(0) + u16(0x3D49) + some(b"password") + sha256 + bytes([15, 0]) + some(b"salt")
    for what in (8, 9, 11, 12, 13):
        seeds[f"no-room-{what}"] = bytes([what]) + u16(0) + u16(0) + some(b"")
    for what, step in ((1, 1), (1, 2), (13, 1), (13, 2)):
        seeds[f"hkdf-{what}-{step}"] = (bytes([what]) + u16(0) + u16(20) + some(b"secret") + b"\0" + some(b"SHA256") + bytes([step]) + some(b"salt") +
                                 bytes([20, 0]) + some(b"info"))
    seeds["hkdf-early"] = b"\1" + u16(0) + u16(20) + some(b"secret") + b"\1" + some(b"salt") + b"\0" + some(b"SHA256")
    return seeds


def properties(kinds=42, names=64):
    seeds = {}
    for kind in range(kinds):
        seeds[f"read-{kind}"] = bytes([kind]) + b"".join(bytes([0, name]) + u16(0xFFFF) for name in range(names))
        # Values of four bytes; then strings: a curve, a mode, a parameter set, a hash.
        seeds[f"write-{kind}"] = bytes([kind]) + b"".join(bytes([5, name]) + some(b"\1\0\0\0") for name in range(names))
        words = ("nistP256", "ChainingModeECB", "44", "SHA256", "x")
        rows = (35, 3, 30, 25, 46, 42, 17, 18)
        seeds[f"strings-{kind}"] = bytes([kind]) + b"".join(bytes([3, row]) + text(word) for row in rows for word in words)
    sid = b"\1\2" + bytes(5) + b"\x16" + struct.pack("<II", 32, 544)
    security = b"\1\0\4\x80" + struct.pack("<IIII", 20, 0, 0, 0) + sid
    for kind in (33, 34, 35, 36, 41):
        for flag in (0, 0x80000000, 0x40000000):
            for row in (46, 57, 61, 62):
                change = bytes([6, row]) + struct.pack("<I", flag) + some("text\0".encode("utf-32-le"))
                seeds[f"text-{kind}-{row}-{flag >> 30}"] = bytes([kind]) + change * 2 + bytes([2, row]) + struct.pack("<I", flag) + u16(0xFFFF)
            two = b"".join(bytes([6, 200]) + text(name) + struct.pack("<I", flag) + some(b"value") for name in ("one", "two", "one"))
            seeds[f"two-{kind}-{flag >> 30}"] = bytes([kind]) + two + bytes([2, 200]) + text("two") + struct.pack("<I", flag) + u16(0xFFFF)
            window = bytes([6, 45]) + struct.pack("<I", flag) + some(bytes(range(8)))
            seeds[f"window-{kind}-{flag >> 30}"] = bytes([kind]) + window + bytes([0, 45]) + u16(0xFFFF)
        seeds[f"policy-{kind}"] = bytes([kind, 5, 43]) + some(struct.pack("<II", 1, 0) + bytes(24)) + bytes([0, 43]) + u16(0xFFFF)
        seeds[f"security-{kind}"] = bytes([kind, 6, 52]) + struct.pack("<I", 1) + some(security) + bytes([2, 52]) + struct.pack("<I", 5) + u16(0xFFFF)
        seeds[f"own-{kind}"] = bytes([kind, 6, 200]) + text("mine") + struct.pack("<I", 0x40000000) + some(b"value") + bytes(
            [2, 200]) + text("mine") + struct.pack("<I", 0x40000000) + u16(0xFFFF)
    return seeds


def calls():
    """{op, slot a + 8 * slot b, byte} and bytes where the op takes some; what is made goes to slot b."""
    def call(op, a=0, b=0, byte=0, data=None):
        return bytes([op, a + 8 * b, byte]) + (some(data) if data is not None else b"")

    hashing = call(0, b=0, byte=0) + call(2, 0, 1, 1, b"") + call(5, 1, data=b"data") + call(7, 1, 2, 1) + call(6, 1, byte=32) + call(6, 2, byte=32)
    ciphers = call(0, b=0, byte=2) + call(8, 0, 1, data=bytes(16)) + call(11, 1, byte=0xC0, data=bytes(16)) + call(16, 1, byte=1) + call(
        11, 1, byte=0x40, data=bytes(16)) + call(7, 1, 2, 0) + call(15, 1, byte=2) + call(15, 1, byte=3)
    agreeing = call(0, b=0, byte=5) + call(9, 0, 1, 1) + call(10, 1) + call(21, 1, 2) + call(14, 2, byte=32) + call(15, 1, byte=0) + call(20, 2) + call(14, 2)
    signing = call(0, b=0, byte=4) + call(9, 0, 1, 1) + call(10, 1) + call(12, 1) + call(15, 1, byte=1) + call(19, 1) + call(12, 1) + call(19, 1)
    many = call(0, b=0, byte=17 * 4) + call(3, 0, 1, 3) + call(4, 1, byte=6) + call(18, 1) + call(1, 0) + call(1, 0)
    reading = call(0, b=3, byte=6) + call(17, 3, byte=70) + call(17, 3, byte=71) + call(16, 3, byte=128) + call(1, 3)
    whole = hashing + ciphers + signing
    seeds = {"hashing": hashing, "ciphers": ciphers, "agreeing": agreeing, "signing": signing, "many": many, "reading": reading}
    out = {name: b"\0" + seed for name, seed in seeds.items()}
    out |= {"two-" + name: b"\1" + seed + seed for name, seed in seeds.items()}
    out["whole"] = b"\0" + whole
    return out


def store_folder():
    """{op, good file, ...}: 0 is current.kek, 1 the key, 2 the slot."""
    path = b"\0" + text("name.key")
    rest = {0: u16(30) + b"\1", 1: u16(40), 2: b"", 3: path, 4: path, 5: path, 6: b"\1", 7: b"\1", 8: b"\1" + u16(0o666), 9: b"\1" + text("bytes")}
    seeds = {"good": b"\0", "empty": b"\1"}
    for op, more in rest.items():
        for good in range(3):
            seeds[f"op{op}-{good}"] = bytes([0, op, good]) + more
    seeds["fifo"] = bytes([0, 7, 1, 3])
    seeds["wide-folder"] = bytes([0, 8, 0, 0]) + u16(0o777)
    seeds["leftover"] = bytes([0, 9, 0, 0, 0]) + text(".tmp-0123456789abcdef") + text("half a key")
    seeds["copied"] = bytes([0, 4, 1, 0]) + text("0" * 40 + ".key")
    return seeds


def ncrypt_import():
    seeds = {}
    oid = b"".join((b"\3\0", text("1.2.840.113549.1.12.1.3\0")))
    rule = b"\x09\1" + text("LOCAL=user")
    for kind in range(15):
        for key in range(13):
            seeds[f"own-{kind}-{key}"] = bytes([1, kind, key, 0, 0])
            seeds[f"own-{kind}-{key}-changed"] = bytes([1, kind, key, 0, 0]) + u16(20) + b"\1"
    for key in range(9):
        seeds[f"password-{key}"] = bytes([3, 0, key, 0, 0])
        seeds[f"password-changed-{key}"] = bytes([3, 0, key, 0, 0]) + u16(60) + b"\1"
        seeds[f"wrapped-{key}"] = bytes([5, 2, key, 0, 0])
        seeds[f"protected-{key}"] = bytes([1, 4, key, 0, 1]) + rule
    seeds["pkcs12"] = bytes([3, 0, 1, 0, 2]) + oid + b"\4\0" + some(struct.pack("<iI", 1000, 8) + b"saltsalt")
    seeds["wrapped-label"] = bytes([5, 2, 1, 0, 3, 5, 1]) + text("SHA1") + b"\6\0" + some(struct.pack("<I", 128)) + b"\7\0" + some(b"label")
    for cipher in ("2.16.840.1.101.3.4.1.46", "2.16.840.1.101.3.4.1.42", "2.16.840.1.101.3.4.1.2", "1.2.840.113549.3.7", "1.2.840.113549.3.2"):
        for key in range(13):
            list_of_two = b"\2" + b"\x08\2" + b"\3\0" + text(cipher + "\0")
            seeds[f"envelope-{cipher}-{key}"] = bytes([9, 1, key, 0]) + list_of_two
        seeds[f"envelope-changed-{cipher}"] = bytes([9, 1, 1, 0]) + list_of_two + u16(200) + b"\1"
    certificate = b"\x08\2"
    aes = b"\3\0" + text("2.16.840.1.101.3.4.1.42\0")
    for name, count, more in (("no-cipher", 1, b""), ("unknown-cipher", 2, b"\3\0" + text("1.2.3\0")), ("iv", 3, aes + b"\4\0" + some(b"\4\x10" + bytes(16))),
                              ("bad-iv", 3, aes + b"\4\0" + some(b"\4\1\0"))):
        seeds["envelope-" + name] = bytes([9, 1, 1, 0, count]) + certificate + more
    seeds["envelope-no-certificate"] = bytes([9, 1, 1, 0, 2]) + b"\x08\0" + some(b"none") + aes
    seeds["envelope-no-key"] = bytes([1, 1, 1, 0]) + list_of_two
    seeds["named"] = bytes([1, 0, 1, 4, 1, 11, 1]) + text("name")
    return seeds


def ecc_params():
    seeds = {f"{how}-{curve}": bytes([how, curve]) for how in range(4) for curve in range(6)}
    seeds["cut"] = bytes([0, 255]) + struct.pack("<IIIIIII", 1, 1, 0, 32, 32, 1, 0)
    # Changes at the cofactor's end, the order, the generator and the coefficients of secp256k1.
    for at in (12, 16, 20, 24, 30, 60, 100, 130, 160, 190, 220):
        seeds[f"changed-{at}"] = bytes([0, 1]) + u16(at) + b"\1"
    return seeds


def corpora():
    """target -> name -> bytes"""
    return {"fuzz_aead": aead(), "fuzz_calls": calls(), "fuzz_derive": derive(), "fuzz_differ": differ(), "fuzz_ecc_params": ecc_params(),
            "fuzz_ncrypt_import": ncrypt_import(), "fuzz_padding": padding(), "fuzz_property": properties(), "fuzz_store_folder": store_folder(),
            "fuzz_verify": verify()}
