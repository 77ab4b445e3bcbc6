#!/usr/bin/env python3
"""Writes own.json: known answers that owe nothing to the library or to libcrypto's arithmetic.

Everything is computed by reference/, plain Python after the standards; of curves, the openssl command states the
parameters, which are then checked. There is no randomness: a second run writes the same file.

usage: make_own.py > own.json
"""
import base64
import hashlib
import json
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import safeprimes
from reference import ec, ffc, kdf, layout, mldsa, mlkem, rsa, slhdsa
from reference.drbg import Drbg

MESSAGE = b"OpenCNG: known answers of its own"


def text(data):
    """Hexadecimal; long values in base64."""
    return data.hex() if len(data) <= 130 else "base64:" + base64.b64encode(data).decode()


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def fields(**values):
    return {name: text(value) if isinstance(value, bytes) else value for name, value in values.items()}


def patched(kind, blob, why, at, old, new):
    """An import to be refused: the blob with other bytes at an offset (from its end, if negative)."""
    assert len(old) == len(new) and old != new
    return {"type": kind, "blob": blob, "at": at, "bytes": new.hex(), "why": why}


def flipped(kind, blobs, blob, why, at=-1):
    old = bytes([blobs[blob][at]])
    return patched(kind, blob, why, at, old, bytes([old[0] ^ 1 if at != -1 else old[0] ^ 2]))


def longer(kind, blob, why="a byte too many"):
    return {"type": kind, "blob": blob, "longer": 1, "why": why}


def shorter(kind, blob, why="a byte short"):
    return {"type": kind, "blob": blob, "longer": -1, "why": why}


def case(name, algorithm, blobs, first, **more):
    """`blobs` by a short name; everything else names them. `first` is (blob type, blob) of the key."""
    return {"name": name, "algorithm": algorithm, "blobs": {k: text(v) for k, v in blobs.items()},
            "import": list(first), **more}


# ---- RSA --------------------------------------------------------------------------------------------------------

def rsa_signatures(key, hashes, source):
    hashed = {h: rsa.digest(h, MESSAGE) for h in hashes}
    out = [fields(pad="PKCS1", hash=h, data=hashed[h], signature=key.sign_pkcs1(h, hashed[h]), same=True)
           for h in hashes]
    out.append(fields(pad="PKCS1", data=MESSAGE[:21], signature=key.sign_pkcs1(None, MESSAGE[:21]), same=True))
    for h in hashes:
        most = (key.bits + 6) // 8 - len(hashed[h]) - 2
        for salt in sorted({0, min(len(hashed[h]), most), most} if most >= 0 else ()):
            out.append(fields(pad="PSS", hash=h, salt=salt, data=hashed[h],
                              signature=key.sign_pss(h, hashed[h], source.bytes(salt))))
    return out


def rsa_case(name, key, algorithm="RSA", hashes=(), encryption=()):
    source = Drbg(f"paddings of {name}")
    blobs = {"public": layout.rsa(key, 1), "private": layout.rsa(key, 2), "full": layout.rsa(key, 3)}
    exports = {"RSAPUBLICBLOB": "public", "RSAPRIVATEBLOB": "private", "RSAFULLPRIVATEBLOB": "full",
               "PUBLICBLOB": "public", "PRIVATEBLOB": "private"}
    also = [["RSAFULLPRIVATEBLOB", "full"], ["PRIVATEBLOB", "full"], ["RSAPRIVATEBLOB", "private", 8]]
    if key.bits % 16 == 0 and key.p.bit_length() == key.q.bit_length():
        blobs |= {"capi public": layout.capi_rsa(key, False), "capi private": layout.capi_rsa(key, True)}
        exports |= {"CAPIPUBLICBLOB": "capi public", "CAPIPRIVATEBLOB": "capi private"}
        also.append(["CAPIPRIVATEBLOB", "capi private"])
    if key.bits <= 1024:  # zeros before the exponent
        blobs["padded"] = layout.rsa(key, 2, pad=5)
        also.append(["RSAPRIVATEBLOB", "padded"])
    refused = [flipped("RSAPRIVATEBLOB", blobs, "private", "p q is not n"),
               flipped("RSAFULLPRIVATEBLOB", blobs, "full", "d is not the inverse of e"),
               flipped("RSAFULLPRIVATEBLOB", blobs, "full", "the coefficient is wrong", -key.size - 2),
               {"type": "RSAPUBLICBLOB", "blob": "private", "why": "the magic of a private blob"},
               longer("RSAPRIVATEBLOB", "private"), shorter("RSAPUBLICBLOB", "public")]
    more = {"signatures": rsa_signatures(key, hashes, source)}
    if algorithm == "RSA":
        raw = b"\0" + source.bytes(key.size - 1)
        more["encrypt"] = [fields(pad="NONE", text=raw, cipher=key.public(raw))]
        more["decrypt"] = more["encrypt"] + [fields(pad="PKCS1", cipher=key.encrypt_pkcs1(m, source), text=m)
                                             for m in (b"", MESSAGE[:20])]
        more["decrypt"] += [fields(pad="OAEP", hash=h, label=label, text=m,
                                   cipher=key.encrypt_oaep(h, label, m, source))
                            for h in encryption for label, m in ((b"", MESSAGE[:5]), (b"label", b""))]
    return case(name, algorithm, blobs, ("RSAPRIVATEBLOB", "private"), also=also, exports=exports, refused=refused,
                **more)


def rsa_group():
    hashes = ("MD5", "SHA1", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384")
    swapped = rsa.Rsa("RSA 1032", 1032, e=17)
    swapped.p, swapped.q = sorted((swapped.p, swapped.q))
    swapped.dp, swapped.dq = swapped.d % (swapped.p - 1), swapped.d % (swapped.q - 1)
    swapped.qi = pow(swapped.q, -1, swapped.p)
    return {"name": "rsa", "source": "reference/rsa.py (RFC 8017), reference/layout.py", "cases": [
        rsa_case("1024 bits", rsa.Rsa("RSA 1024", 1024), hashes=hashes, encryption=("SHA1", "SHA256", "SHA384")),
        rsa_case("2048 bits, exponent 3", rsa.Rsa("RSA 2048", 2048, e=3), hashes=("SHA3-512", "SHAKE256"),
                 encryption=("SHA512", "SHAKE128")),
        rsa_case("1032 bits, exponent 17, p below q", swapped, hashes=("SHA256",), encryption=("MD5",)),
        rsa_case("512 bits for RSA_SIGN", rsa.Rsa("RSA 512", 512), algorithm="RSA_SIGN", hashes=("SHA1",)),
    ]}


# ---- DSA --------------------------------------------------------------------------------------------------------

def dsa_case(key):
    hashed = (hashlib.sha1 if key.q_size == 20 else hashlib.sha256)(MESSAGE).digest()
    blobs = {"public": layout.dsa(key, False), "private": layout.dsa(key, True),
             "parameters": layout.dsa_parameters(key)}
    exports = {"DSAPUBLICBLOB": "public", "DSAPRIVATEBLOB": "private", "PUBLICBLOB": "public", "PRIVATEBLOB": "private"}
    also = [["PRIVATEBLOB", "private"], ["DSAPRIVATEBLOB", "private", 8]]
    if key.q_size == 20:
        blobs |= {"capi 3 public": layout.capi_dsa(key, 3, False), "capi 3 private": layout.capi_dsa(key, 3, True),
                  "capi 2 public": layout.capi_dsa(key, 2, False), "capi 2 private": layout.capi_dsa(key, 2, True)}
        exports |= {"CAPIDSAPUBLICBLOB": "capi 3 public", "CAPIDSAPRIVATEBLOB": "capi 3 private",
                    "V2CAPIDSAPUBLICBLOB": "capi 2 public", "V2CAPIDSAPRIVATEBLOB": "capi 2 private"}
        also += [["CAPIDSAPRIVATEBLOB", "capi 3 private"], ["V2CAPIDSAPRIVATEBLOB", "capi 2 private"]]
    refused = [flipped("DSAPRIVATEBLOB", blobs, "private", "another seed", 12 if key.q_size == 20 else 28),
               flipped("DSAPRIVATEBLOB", blobs, "private", "x does not give y"), shorter("DSAPUBLICBLOB", "public")]
    return case(f"{key.bits} bits", "DSA", blobs, ("DSAPRIVATEBLOB", "private"), also=also, exports=exports,
                refused=refused, properties={"DSAParameters": "parameters"},
                signatures=[fields(data=hashed, signature=key.sign(hashed)) for _ in range(2)],
                generate={"bits": key.bits, "property": "DSAParameters", "blob": "parameters", "sign": hashed.hex()})


def dsa_group():
    keys = [ffc.Dsa("DSA 512", 512), ffc.Dsa("DSA 1024", 1024), ffc.Dsa("DSA 1536", 1536, "sha512"),
            ffc.Dsa("DSA 2048", 2048, "sha256")]
    bare, hashed = keys[1], hashlib.sha1(MESSAGE).digest()
    signature = fields(data=hashed, signature=bare.sign(hashed), only_verify=True)
    no_seed = case("1024 bits, no seed", "DSA", {"public": layout.dsa(bare, False, seed=False)},
                   ("DSAPUBLICBLOB", "public"), exports={"DSAPUBLICBLOB": "public"}, signatures=[signature])
    return {"name": "dsa", "source": "reference/ffc.py (FIPS 186-2 and 186-3), reference/layout.py",
            "cases": [*map(dsa_case, keys), no_seed]}


# ---- Diffie-Hellman ---------------------------------------------------------------------------------------------

def dh_case(name, p, g=2):
    own, peer = ffc.Dh(f"{name}, own", p, g), ffc.Dh(f"{name}, peer", p, g)
    index = 0
    while own.agree(peer.y)[0] != 0:  # a secret that begins with a zero
        index += 1
        peer = ffc.Dh(f"{name}, peer {index}", p, g)
    other = ffc.Dh(f"{name}, other", p, g)
    size = (p.bit_length() + 7) // 8
    blobs = {"public": layout.dh(own, False), "private": layout.dh(own, True), "parameters": layout.dh_parameters(own),
             "capi private": layout.capi_dh(own), "peer": layout.dh(peer, False), "other": layout.dh(other, False)}
    y = layout.be(own.y, size)
    refused = [flipped("DHPRIVATEBLOB", blobs, "private", "x does not give y"), longer("DHPRIVATEBLOB", "private")]
    refused += [patched("DHPUBLICBLOB", "public", why, -size, y, layout.be(value, size))
                for why, value in (("y is 0", 0), ("y is 1", 1), ("y is p - 1", p - 1), ("y is above p", p + 1))]
    exports = {"DHPUBLICBLOB": "public", "DHPRIVATEBLOB": "private", "PUBLICBLOB": "public", "PRIVATEBLOB": "private"}
    also = [["PRIVATEBLOB", "private"], ["CAPIDHPRIVATEBLOB", "capi private"]]
    if size == 64:
        exports["CAPIDHPRIVATEBLOB"] = "capi private"
    else:  # a standard group, of which the export may carry q
        blobs["capi with q"] = layout.capi_dh(own, (p - 1) // 2)
        also.append(["CAPIDHPRIVATEBLOB", "capi with q"])
    return case(name, "DH", blobs, ("DHPRIVATEBLOB", "private"), refused=refused, exports=exports, also=also,
                properties={"DHParameters": "parameters"},
                agree=[fields(type="DHPUBLICBLOB", peer=who, secret=own.agree(k.y))
                       for who, k in (("peer", peer), ("other", other))],
                generate={"bits": 8 * size, "property": "DHParameters", "blob": "parameters", "agree": "private"})


def dh_group():
    return {"name": "dh", "source": "reference/ffc.py, safeprimes.py (RFC 7919), reference/layout.py", "cases": [
        dh_case("a safe prime of 512 bits", ffc.safe_prime("DH 512", 512)),
        dh_case("ffdhe2048", safeprimes.prime("ffdhe", 2048))]}


# ---- elliptic curves --------------------------------------------------------------------------------------------

_TLS = {"nistP256": 23, "nistP384": 24, "nistP521": 25, "secP256k1": 22, "brainpoolP256r1": 26}


def ecc_refused(curve, use, key, blobs):
    """Also the parameters of the curve with a generator of the forger's, who knows d = 1 for the generator Q."""
    forged = ec.Curve(curve.name)
    forged.g = key.q
    blobs["forged"] = layout.ecc_full(forged, use, *key.q, d=1)
    other = layout.ecc(curve, "ECDH" if use == "ECDSA" else "ECDSA", *key.q)[:4]
    xy, d = blobs["public"][8:], blobs["private"][-curve.size:]
    return [flipped("ECCPUBLICBLOB", blobs, "public", "a point that is not on the curve"),
            patched("ECCPUBLICBLOB", "public", "no point", 8, xy, bytes(len(xy))),
            patched("ECCPUBLICBLOB", "public", "the other family's magic", 0, blobs["public"][:4], other),
            patched("ECCPUBLICBLOB", "public", "a wrong cbKey", 4, blobs["public"][4:8], struct.pack("<I", 2)),
            flipped("ECCPRIVATEBLOB", blobs, "private", "d does not give the point"),
            patched("ECCPRIVATEBLOB", "private", "d is 0", -curve.size, d, bytes(curve.size)),
            {"type": "ECCFULLPRIVATEBLOB", "blob": "forged", "why": "another generator on a named curve"}]


def ecc_case(curve, use, algorithm=None):
    """In full: every blob, and what must be refused. With a generic algorithm, the curve is set on it by name."""
    key, peer = ec.EcKey(curve, f"{use}, own"), ec.EcKey(curve, f"{use}, peer")
    (x, y), d = key.q, key.d
    blobs = {"public": layout.ecc(curve, use, x, y), "private": layout.ecc(curve, use, x, y, d),
             "full public": layout.ecc_full(curve, use, x, y), "full private": layout.ecc_full(curve, use, x, y, d),
             "bare": layout.ecc(curve, use, 0, 0, d), "parameters": layout.ecc_parameters(curve)}
    exports = {"ECCPUBLICBLOB": "public", "ECCPRIVATEBLOB": "private", "PUBLICBLOB": "public", "PRIVATEBLOB": "private",
               "ECCFULLPUBLICBLOB": "full public", "ECCFULLPRIVATEBLOB": "full private"}
    if curve.name in _TLS:
        blobs["ssl"] = layout.ssl_ecc(curve, _TLS[curve.name], x, y)
        exports["SSLECCPUBLICBLOB"] = "ssl"
    also = [["ECCPRIVATEBLOB", "bare"], ["ECCPRIVATEBLOB", "private", 8], ["PRIVATEBLOB", "private"],
            ["ECCFULLPRIVATEBLOB", "full private"], ["PRIVATEBLOB", "full private"]]
    more = {} if algorithm else {"curve": curve.name}
    if use == "ECDSA":
        digests = [hashlib.new(h, MESSAGE).digest() for h in ("sha1", "sha256", "sha512")]
        more["signatures"] = [fields(data=z, signature=key.sign(z)) for z in digests]
    else:
        blobs["peer"] = layout.ecc(curve, use, *peer.q)
        more["agree"] = [fields(type="ECCPUBLICBLOB", peer="peer", secret=key.agree(peer.q))]
    refused = ecc_refused(curve, use, key, blobs)
    return case(f"{algorithm or use} on {curve.name}", algorithm or use, blobs, ("ECCPRIVATEBLOB", "private"),
                also=also, exports=exports, refused=refused, properties={"ECCParameters": "parameters"}, **more)


def ecc_group():
    cases = []
    for bits, name in ((256, "nistP256"), (384, "nistP384"), (521, "nistP521")):
        cases += [ecc_case(ec.Curve(name), use, f"{use}_P{bits}") for use in ("ECDSA", "ECDH")]
    for name, use in (("secP256k1", "ECDSA"), ("secP160r1", "ECDH"), ("brainpoolP256r1", "ECDH"), ("wtls9", "ECDSA"),
                      ("numsP256t1", "ECDSA"), ("numsP256t1", "ECDH")):
        cases.append(ecc_case(ec.Curve(name), use))
    return {"name": "ecc", "source": "reference/ec.py (FIPS 186-5, SP 800-56A), reference/layout.py", "cases": cases}


def curves_group():
    """Each name in short: the parameters, one signature and one agreement."""
    cases = []
    for name in sorted([*ec.OPENSSL_NAMES, *ec.WRITTEN]):
        curve = ec.Curve(name)
        key, peer = ec.EcKey(curve, "own"), ec.EcKey(curve, "peer")
        hashed = hashlib.sha256(name.encode()).digest()
        cases.append(case(name, "ECDSA", {"private": layout.ecc(curve, "ECDSA", *key.q, d=key.d),
                                          "name": layout.utf16(name)},
                          ("ECCPRIVATEBLOB", "private"), curve=name, exports={"ECCPRIVATEBLOB": "private"},
                          properties={"ECCCurveName": "name",
                                      "ECCParameters": sha256(layout.ecc_parameters(curve))},
                          signatures=[fields(data=hashed, signature=key.sign(hashed))]))
        blobs = {"private": layout.ecc(curve, "ECDH", *key.q, d=key.d), "peer": layout.ecc(curve, "ECDH", *peer.q)}
        cases.append(case(name, "ECDH", blobs, ("ECCPRIVATEBLOB", "private"), curve=name,
                          agree=[fields(type="ECCPUBLICBLOB", peer="peer", secret=key.agree(peer.q))]))
    return {"name": "curves",
            "source": "reference/ec.py; parameters: the openssl command, except numsP…t1 (draft-black-numscurves) "
            "and ec192wapi (GB/T 32918.5)", "cases": cases}


def x25519_group():
    own, peer = (ec.clamp(Drbg(f"X25519 {who}").bytes(32)) for who in ("own", "peer"))
    base = (9).to_bytes(32, "little")
    u, v = ec.x25519(own, base), ec.x25519(peer, base)
    small = bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")
    blobs = {"public": layout.curve25519(u), "private": layout.curve25519(u, own),
             "bare": layout.curve25519(bytes(32), own),
             "peer": layout.curve25519(v), "small": layout.curve25519(small)}
    top, d0 = bytes([u[31]]), bytes([own[0]])
    refused = [patched("ECCPRIVATEBLOB", "private", "a scalar that is not clamped", -32, d0, bytes([d0[0] | 1])),
               patched("ECCPRIVATEBLOB", "private", "d does not give u", -32, d0, bytes([d0[0] ^ 8])),
               patched("ECCPUBLICBLOB", "public", "u is above p", 8, u, (ec.P25519 + 9).to_bytes(32, "little")),
               patched("ECCPUBLICBLOB", "public", "the highest bit of u", 39, top, bytes([top[0] | 128])),
               {"type": "ECCPUBLICBLOB", "blob": "small", "why": "a point of order 8"}]
    return {"name": "x25519", "source": "reference/ec.py (RFC 7748), reference/layout.py", "cases": [
        case("curve25519", "ECDH", blobs, ("ECCPRIVATEBLOB", "private"), curve="curve25519", refused=refused,
             also=[["ECCPRIVATEBLOB", "bare"], ["PRIVATEBLOB", "private"], ["ECCPRIVATEBLOB", "private", 8]],
             exports={"ECCPUBLICBLOB": "public", "ECCPRIVATEBLOB": "private", "PUBLICBLOB": "public",
                      "PRIVATEBLOB": "private"},
             agree=[fields(type="ECCPUBLICBLOB", peer="peer", secret=ec.x25519(own, v)),
                    fields(type="ECCPUBLICBLOB", peer="small", flags=8, secret=bytes(32))]),
        case("curve25519, a private blob for a public one", "ECDH",
             {"public": blobs["public"], "private": blobs["private"]},
             ("ECCPUBLICBLOB", "private"), curve="curve25519", exports={"ECCPUBLICBLOB": "public"})]}


# ---- BCryptDeriveKey --------------------------------------------------------------------------------------------

HASH, PREPEND, APPEND, HMAC_KEY, LABEL, SEED, PROTOCOL = 0, 1, 2, 3, 4, 5, 7
ALGORITHM_ID, PARTY_U, PARTY_V, PUBLIC, PRIVATE, HKDF_INFO = 8, 9, 10, 11, 12, 0x14


def derivations(z, concat_hash, everything):
    name = lambda text: (HASH, layout.utf16(text))
    entries = []

    def entry(function, value, *params, flags=0, size=None, properties=()):
        made = {"kdf": function, "size": len(value) if size is None else size, "value": value.hex()}
        if params:
            made["params"] = [[kind, None if data is None else data.hex()] for kind, data in params]
        if properties:
            made["properties"] = [[prop, None if data is None else data.hex()] for prop, data in properties]
        entries.append(made | ({"flags": flags} if flags else {}))

    parts = [(ALGORITHM_ID, b"alg"), (PARTY_U, b"party U"), (PARTY_V, b"party V"), (PUBLIC, b"public"),
             (PRIVATE, b"private")]
    other = b"".join(data for _, data in parts)
    entry("TRUNCATE", z[::-1])
    entry("TRUNCATE", z[::-1][:7])
    entry("TRUNCATE", z[::-1], size=len(z) + 9)
    entry("HASH", kdf.hashed("SHA1", z))
    entry("SP800_56A_CONCAT", kdf.concat(concat_hash, z, other, 100), *parts)
    if not everything:
        return entries
    entry("HASH", kdf.hashed("SHA1", z), size=64)
    entry("HASH", kdf.hashed("SHA256", z)[:10], name("SHA256"))
    for h in ("MD5", "SHA256", "SHA384", "SHA512", "SHA3-256"):
        entry("HASH", kdf.hashed(h, z, b"onetwo", b"threefour"), name(h), (PREPEND, b"one"), (APPEND, b"three"),
              (PREPEND, b"two"), (APPEND, b"four"))
    entry("HASH", kdf.hashed("SHA256", z, append=b"after"), (HASH, "SHA256".encode("utf-16-le")), (APPEND, b"after"))
    for h in ("SHA1", "SHA256", "SHA512"):
        entry("HMAC", kdf.hmaced(h, b"key", z, b"before", b"after"), name(h), (HMAC_KEY, b"key"), (PREPEND, b"before"),
              (APPEND, b"after"))
        entry("HMAC", kdf.hmaced(h, z, z, b"before"), name(h), (PREPEND, b"before"), flags=1)
    entry("HMAC", kdf.hmaced("SHA1", b"k" * 200, z), (HMAC_KEY, b"k" * 200))
    entry("HMAC", kdf.hmaced("SHA1", z, z), (HMAC_KEY, None))
    entry("HMAC", kdf.hmaced("SHA1", b"", z))
    seed = Drbg("the seed of TLS").bytes(64)
    label = (LABEL, b"master secret"), (SEED, seed)
    protocol = lambda number: (PROTOCOL, struct.pack("<I", number))
    entry("TLS_PRF", kdf.tls10(z, b"master secret", seed), *label)
    for number in (0x0301, 0x0302, 0xFEFF):
        entry("TLS_PRF", kdf.tls10(z, b"master secret", seed), *label, protocol(number))
    entry("TLS_PRF", kdf.tls12("SHA256", z, b"master secret", seed), *label, protocol(0x0303))
    entry("TLS_PRF", kdf.tls12("SHA384", z, b"master secret", seed), *label, protocol(0x0303), name("SHA384"))
    entry("SP800_56A_CONCAT", kdf.concat(concat_hash, z, other[:-13], 16), *parts[:3])
    entry("SP800_56A_CONCAT", kdf.concat("SHA512", z, other, 64), *parts, name("SHA512"))
    for h, salt, info in (("SHA256", b"salt", b"info"), ("SHA1", b"", b""), ("SHA512", b"s" * 150, b"i" * 90)):
        entry("HKDF", kdf.hkdf(h, z, salt, info, 77), *([(HKDF_INFO, info)] if info else []),
              properties=[("HkdfHashAlgorithm", layout.utf16(h)), ("HkdfSaltAndFinalize", salt)])
    entry("HKDF", kdf.hkdf("SHA384", z, None, b"info", 50), (HKDF_INFO, b"info"),
          properties=[("HkdfHashAlgorithm", layout.utf16("SHA384")), ("HkdfPrkAndFinalize", None)])
    return entries


def kdf_group():
    cases = []
    for bits, concat_hash in ((256, "SHA256"), (384, "SHA384"), (521, "SHA512")):
        curve = ec.Curve(f"nistP{bits}")
        own, peer = ec.EcKey(curve, "derivation, own"), ec.EcKey(curve, "derivation, peer")
        blobs = {"private": layout.ecc(curve, "ECDH", *own.q, d=own.d), "peer": layout.ecc(curve, "ECDH", *peer.q)}
        z = own.agree(peer.q)
        agree = fields(type="ECCPUBLICBLOB", peer="peer", secret=z,
                       derive=derivations(z, concat_hash, everything=bits != 384))
        cases.append(case(f"a secret of P-{bits}", f"ECDH_P{bits}", blobs, ("ECCPRIVATEBLOB", "private"),
                          agree=[agree]))
    return {"name": "kdf", "source": "reference/kdf.py (hashlib, hmac; RFC 2246, RFC 5246, SP 800-56A, RFC 5869)",
            "cases": cases}


# ---- post-quantum -----------------------------------------------------------------------------------------------

def hashed_blobs(blobs):
    """As their hashes, which serve to compare exports."""
    return {kind: sha256(blob) for kind, blob in blobs.items()}


def mlkem_cases(name):
    source = Drbg(f"ML-KEM-{name}")
    d, z = source.bytes(32), source.bytes(32)
    ek, dk = mlkem.keygen(name, d, z)
    public, expanded = layout.pq(b"MLKP", name, ek), layout.pq(b"MLKR", name, dk)
    blobs = {"seed": layout.pq(b"MLKS", name, d + z), "set": layout.utf16(name)}
    exports = hashed_blobs({"MLKEMPUBLICBLOB": public, "MLKEMPRIVATEBLOB": expanded, "PUBLICBLOB": public,
                            "PRIVATEBLOB": expanded})
    shared, cipher = mlkem.encapsulate(name, ek, source.bytes(32))
    damaged = bytes([cipher[0] ^ 1]) + cipher[1:]
    decapsulate = [fields(cipher=cipher, secret=shared, flipped=mlkem.decapsulate(name, dk, damaged))]
    yield case(f"ML-KEM-{name}", "ML-KEM", blobs, ("MLKEMPRIVATESEEDBLOB", "seed"), also=[["PRIVATEBLOB", "seed"]],
               exports=exports | {"MLKEMPRIVATESEEDBLOB": "seed"}, properties={"ParameterSetName": "set"},
               encapsulate=True, decapsulate=decapsulate,
               refused=[shorter("MLKEMPRIVATESEEDBLOB", "seed"),
                        {"type": "MLKEMPUBLICBLOB", "blob": "seed", "why": "the magic of a seed"}])
    if name == "512":
        blobs = {"expanded": expanded}
        yield case("ML-KEM-512, expanded", "ML-KEM", blobs, ("MLKEMPRIVATEBLOB", "expanded"), decapsulate=decapsulate,
                   exports=exports | {"MLKEMPRIVATEBLOB": "expanded"},
                   refused=[flipped("MLKEMPRIVATEBLOB", blobs, "expanded", "the hash of the public key is wrong", -40)])


def mlkem_group():
    cases = [case for name in mlkem.SETS for case in mlkem_cases(name)]
    return {"name": "ml-kem", "source": "reference/mlkem.py (FIPS 203), reference/layout.py", "cases": cases}


_NIST_OID = bytes.fromhex("06096086480165030402")


def mldsa_cases(name):
    seed = Drbg(f"ML-DSA-{name}").bytes(32)
    public, private = mldsa.keygen(name, seed)
    public_blob, expanded = layout.pq(b"DSPK", name, public), layout.pq(b"DSSK", name, private)
    blobs = {"seed": layout.pq(b"DSSS", name, seed), "set": layout.utf16(name)}
    exports = hashed_blobs({"PQDSAPUBLICBLOB": public_blob, "PQDSAPRIVATEBLOB": expanded, "PUBLICBLOB": public_blob,
                            "PRIVATEBLOB": expanded})
    sha, shake = hashlib.sha256(MESSAGE).digest(), hashlib.shake_128(MESSAGE).digest(32)
    forms = [(fields(pad="PQDSA", context=b"context", data=MESSAGE), mldsa.message_of(MESSAGE, b"context"))]
    if name == "44":
        forms += [(fields(data=MESSAGE), mldsa.message_of(MESSAGE)),
                  (fields(pad="PQDSA", hash="SHA256", data=sha),
                   mldsa.message_of(b"", b"", (_NIST_OID + b"\x01", sha))),
                  (fields(pad="PQDSA", hash="SHAKE128", context=b"context", data=shake),
                   mldsa.message_of(b"", b"context", (_NIST_OID + b"\x0b", shake))),
                  (fields(pad="MU", data=mldsa.mu_of(public, mldsa.message_of(MESSAGE, b"mu"))),
                   mldsa.message_of(MESSAGE, b"mu"))]
    signatures = [form | fields(signature=mldsa.sign(name, seed, mldsa.mu_of(public, formatted)))
                  for form, formatted in forms]
    yield case(f"ML-DSA-{name}", "ML-DSA", blobs, ("PQDSAPRIVATESEEDBLOB", "seed"), also=[["PRIVATEBLOB", "seed"]],
               exports=exports | {"PQDSAPRIVATESEEDBLOB": "seed"}, properties={"ParameterSetName": "set"},
               signatures=signatures, refused=[longer("PQDSAPRIVATESEEDBLOB", "seed"),
                        patched("PQDSAPRIVATESEEDBLOB", "seed", "an unknown parameter set", 14, name[1].encode(),
                                b"1")])
    if name == "44":
        yield case("ML-DSA-44, expanded", "ML-DSA", {"expanded": expanded}, ("PQDSAPRIVATEBLOB", "expanded"),
                   exports=exports | {"PQDSAPRIVATEBLOB": "expanded"}, signatures=[{"data": MESSAGE.hex()}])


def mldsa_group():
    cases = [case for name in mldsa.SETS for case in mldsa_cases(name)]
    return {"name": "ml-dsa", "source": "reference/mldsa.py (FIPS 204), reference/layout.py", "cases": cases}


def slhdsa_case(name):
    size = {"128": 16, "192": 24, "256": 32}[name.split("-")[1][:3]]
    source = Drbg(f"SLH-DSA-{name}")
    key = slhdsa.Key(name, *(source.bytes(size) for _ in range(3)))
    blobs = {"public": layout.pq(b"SHPK", name, key.public), "private": layout.pq(b"SHSK", name, key.private),
             "set": layout.utf16(name)}
    signatures = []
    if name == "SHA2-128s":
        signatures.append(fields(data=MESSAGE, signature=key.sign(mldsa.message_of(MESSAGE)), only_verify=True))
    elif name == "SHAKE-128s":
        sha = hashlib.sha256(MESSAGE).digest()
        signature = key.sign(mldsa.message_of(b"", b"context", (_NIST_OID + b"\x01", sha)))
        signatures.append(fields(pad="PQDSA", hash="SHA256", context=b"context", data=sha, signature=signature,
                                 only_verify=True))
    elif name.endswith("f"):
        signatures.append({"data": MESSAGE.hex()})
    return case(f"SLH-DSA-{name}", "SLH-DSA", blobs, ("PQDSAPRIVATEBLOB", "private"),
                properties={"ParameterSetName": "set"},
                exports={"PQDSAPUBLICBLOB": "public", "PQDSAPRIVATEBLOB": "private", "PUBLICBLOB": "public",
                         "PRIVATEBLOB": "private"},
                refused=[flipped("PQDSAPRIVATEBLOB", blobs, "private", "another root")], signatures=signatures)


def slhdsa_group():
    return {"name": "slh-dsa", "source": "reference/slhdsa.py (FIPS 205), reference/layout.py",
            "cases": list(map(slhdsa_case, slhdsa.NAMES))}


def main():
    makers = (rsa_group, dsa_group, dh_group, ecc_group, curves_group, x25519_group, kdf_group, mlkem_group,
              mldsa_group, slhdsa_group)
    about = ("The project's own known answers, made by make_own.py and read by own.py, which describes the fields. "
             "Each group says what computed it. Bytes are hexadecimal, long ones base64, or given by their SHA-256 "
             "where they are only compared.")
    groups = []
    for make in makers:
        group = make()
        cases = (json.dumps({k: v for k, v in case.items() if v not in ([], {})}, separators=(",", ":"))
                 for case in group["cases"])
        head = json.dumps({"name": group["name"], "source": group["source"]}, ensure_ascii=False)[:-1]
        groups.append(head + ', "cases": [\n  ' + ",\n  ".join(cases) + "\n]}")
    print(f'{{"about": {json.dumps(about)}, "groups": [\n' + ",\n".join(groups) + "\n]}")


if __name__ == "__main__":
    main()
