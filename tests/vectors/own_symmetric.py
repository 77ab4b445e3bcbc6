"""The project's own known answers for hashes, codes, ciphers and key derivation: own_symmetric.json.

A case says its `kind`; bytes are hexadecimal. "near" are changes of one bit, which must not go unnoticed.

    hash     algorithm, key, hmac, function, customization, nonce, xof (with BCRYPT_HASH_DONT_RESET_FLAG),
             results: [[data, value]]
    record   hash, key, before, record: the TLS record is good after what was hashed before; nothing near it is
    cipher   algorithm, mode, key, segment, effective, iv, texts: [[plain, cipher]], padded: the same with block padding
    stream   algorithm, key, texts
    xts      key, unit, first, plain, cipher
    aead     algorithm, mode, key, texts: [[nonce, auth, plain, cipher, tag]]; nothing near is good
    wrap     kek, secret, wrapped; nothing near it is unwrapped
    blob     algorithm, secret, blob, refused: [[blob, why]]
    rsa_aes  pair (a private blob), blob, algorithm, secret; nothing near it is unwrapped
    hkdf     hash, secret, salt, blob: what the final key exports; imported again it derives the same
    derive   function (of deriving.py), arguments (strings that begin with ":" are bytes), value
"""
import ciphering
import cng
import deriving
import hashing
import sealing
import symmetric
import wrapping


def h(text):
    return bytes.fromhex(text)


def flip(data, at):
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def near(data):
    return [flip(data, at) for at in sorted({0, len(data) // 2, len(data) - 1} if data else ())]


def _refused(call, statuses=(cng.STATUS_INVALID_PARAMETER,)):
    try:
        call()
    except cng.Failed as failed:
        return failed.status in statuses
    return False


def _hash(case):
    properties = [(name, h(case[field])) for name, field in (("FunctionNameString", "function"),
                                                             ("CustomizationString", "customization")) if field in case]
    nonce = [("IV", h(case["nonce"]))] if "nonce" in case else []
    for number, (data, value) in enumerate(case["results"]):
        what = hashing.subject(case["algorithm"], len(h(value)), h(case["key"]) if "key" in case else None,
                               case.get("hmac", False), "SHAKE" in case["algorithm"] or "KMAC" in case["algorithm"],
                               properties, nonce, case.get("xof", False))
        yield f"{len(h(data))} bytes", lambda what=what, data=data, value=value, number=number: (
            hashing.value(what, h(data), number) == h(value))


def _record(case):
    record, before = h(case["record"]), h(case["before"])

    def good(record, pseudo):
        algorithm = (symmetric.pseudo(case["hash"], hmac=True) if pseudo
                     else symmetric.opened(case["hash"], flags=symmetric.HMAC | symmetric.TLS_VERIFY))
        code = symmetric.Hash(algorithm, h(case["key"]))
        for _ in range(2):
            code.data(before)
            code.data(record, symmetric.TLS_VERIFY)
        return True

    yield "good record", lambda: good(record, False) and good(record, True)
    yield "bad records", lambda: all(_refused(lambda: good(bad, i % 2), (cng.STATUS_INVALID_SIGNATURE,))
                                     for i, bad in enumerate([flip(record, at) for at in range(len(record))]))


def _cipher(case):
    c = ciphering.cipher(case["algorithm"], case["mode"], h(case["key"]), case.get("segment"), case.get("effective"))
    iv = h(case["iv"]) if "iv" in case else None
    for number, (plain, cipher_text) in enumerate(case["texts"]):
        yield f"{len(h(plain))} bytes", lambda plain=plain, cipher_text=cipher_text, number=number: (
            ciphering.block_mode(c, h(plain), h(cipher_text), iv, number))
    for number, (plain, cipher_text) in enumerate(case.get("padded", ())):
        yield f"{len(h(plain))} bytes with padding", lambda plain=plain, cipher_text=cipher_text, number=number: (
            ciphering.padded_encrypt(c, h(plain), iv, number) == h(cipher_text)
            and ciphering.padded_decrypt(c, h(cipher_text), iv, number + 1) == h(plain))
    if "padded" in case:
        yield "bad padding", lambda: all(_padding_is_bad(c, iv, last) for last in (0, c.block + 1, 255))


def _padding_is_bad(c, iv, last):
    plain = bytes(2 * c.block - 1) + bytes([last])
    return ciphering.padded_decrypt(c, ciphering.run(c, "BCryptEncrypt", plain, iv, last), iv, last) is None


def _stream(case):
    c = ciphering.cipher(case["algorithm"], None, h(case["key"]))
    for number, (plain, cipher_text) in enumerate(case["texts"]):
        yield f"{len(h(plain))} bytes", lambda plain=plain, cipher_text=cipher_text, number=number: (
            ciphering.stream(c, h(plain), h(cipher_text), number))


def _xts(case):
    arguments = h(case["key"]), case["unit"], int(case["first"]), h(case["plain"]), h(case["cipher"])
    for number in range(3):
        yield f"the {number}. time", lambda number=number: ciphering.xts(*arguments, number)


def _aead(case):
    make = lambda nonce, auth, tag_size: sealing.Aead(case["algorithm"], case.get("mode"), h(case["key"]), nonce,
                                                        auth, tag_size)
    for number, text in enumerate(case["texts"]):
        nonce, auth, plain, cipher_text, tag = map(h, text)
        a, size = make(nonce, auth, len(tag)), f"{len(plain)} bytes, tag of {len(tag)}"
        changed = ([(a, cipher_text, other) for other in near(tag)] + [(a, other, tag) for other in near(cipher_text)]
                   + [(make(nonce, other, len(tag)), cipher_text, tag) for other in near(auth)]
                   + [(make(other, auth, len(tag)), cipher_text, tag) for other in near(nonce)])
        yield size, lambda a=a, good=(plain, cipher_text, tag), number=number: a.good(*good, number)
        yield f"near {size}", lambda changed=changed, number=number: all(
            other.bad(*what, number + i) for i, (other, *what) in enumerate(changed))
    text = list(map(h, case["texts"][-1]))
    for nonce_size, tag_size in _NOT_TAKEN[case.get("mode")]:
        a = make(text[0].ljust(nonce_size, b"\0")[:nonce_size], text[1], tag_size)
        yield f"refuse a nonce of {nonce_size}, a tag of {tag_size}", lambda a=a: a.refused(text[3], 0)


# Sizes of nonce and tag that the modes do not take.
_NOT_TAKEN = {"GCM": ((11, 16), (13, 16), (0, 16), (12, 11), (12, 17)), None: ((8, 16), (24, 16), (12, 15), (12, 17)),
              "CCM": ((6, 8), (14, 8), (12, 2), (12, 5), (12, 18))}


def _wrap(case):
    kek, secret, wrapped = h(case["kek"]), h(case["secret"]), h(case["wrapped"])
    yield "wrap", lambda: all(wrapping.wrap(kek, secret, number) == wrapped for number in range(4))
    yield "unwrap", lambda: all(wrapping.unwrap(kek, wrapped, number) == secret for number in range(4))
    yield "near", lambda: all(_refused(lambda: wrapping.unwrap(kek, other, i))
                              for i, other in enumerate(near(wrapped)))


def _blob(case):
    algorithm = symmetric.opened(case["algorithm"])
    imported = lambda text: symmetric.Key(algorithm, blob=("KeyDataBlob", h(text)))
    yield "import and export", lambda: imported(case["blob"]).export("KeyDataBlob") == h(case["blob"])
    yield "export", lambda: symmetric.Key(algorithm, h(case["secret"])).export("KeyDataBlob") == h(case["blob"])
    for blob, why in case["refused"]:
        yield f"refuse {why}", lambda blob=blob: _refused(lambda: imported(blob))


def _rsa_aes(case):
    pair = lambda: cng.Algorithm.get("RSA").import_key("RSAPRIVATEBLOB", h(case["pair"]))
    kind, algorithm, secret = "PKCS11RsaAesWrapBlob", symmetric.opened(case["algorithm"]), h(case["secret"])
    unwrapped = lambda blob: symmetric.secret_of(
        symmetric.Key(algorithm, blob=(kind, blob), unwrap=pair()).export("KeyDataBlob"))
    yield "unwrap", lambda: unwrapped(h(case["blob"])) == secret

    def again():
        key = symmetric.Key(algorithm, secret)
        blobs = [key.export(kind, pair()) for _ in range(2)]
        return blobs[0] != blobs[1] and all(unwrapped(blob) == secret for blob in blobs)
    yield "wrap and unwrap", again
    yield "near", lambda: all(_refused(lambda: unwrapped(other)) for other in near(h(case["blob"])))


def _hkdf(case):
    def final():
        key = symmetric.Key(symmetric.opened("HKDF"), h(case["secret"]))
        key.set("HkdfHashAlgorithm", bytes(cng.wide(case["hash"])))
        key.set("HkdfSaltAndFinalize", h(case["salt"]))
        return key
    yield "export", lambda: final().export("KeyDataBlob") == h(case["blob"])
    imported = lambda: symmetric.Key(symmetric.pseudo("HKDF"), blob=("KeyDataBlob", h(case["blob"])))
    yield "import", lambda: imported().derive([], 40) == final().derive([], 40) == h(case["value"])


def _argument(x):
    if isinstance(x, list):
        return [_argument(item) for item in x]
    return h(x[1:]) if isinstance(x, str) and x.startswith(":") else x


def _derive(case):
    arguments = [_argument(x) for x in case["arguments"]]
    for number in range(4):
        yield f"the {number}. time", lambda number=number: (
            getattr(deriving, case["function"])(*arguments, len(h(case["value"])), number) == h(case["value"]))


KINDS = {"hash": _hash, "record": _record, "cipher": _cipher, "stream": _stream, "xts": _xts, "aead": _aead,
         "wrap": _wrap, "blob": _blob, "rsa_aes": _rsa_aes, "hkdf": _hkdf, "derive": _derive}


def checks(case):
    """(label, check) for everything that a case says."""
    return KINDS[case["kind"]](case)
