"""ACVP: one function for each algorithm and mode; it says of a test whether the library did what the vector says."""
import hashlib
import math

import acvp_kdf
import acvp_symmetric
import bithash
import cng
import curves
import safeprimes
import wycheproof
from report import HASHES, Skip, digest, hash_name, pkcs1_input
from wycheproof import fit, refused, x25519_key


def h(text):
    return bytes.fromhex(text)


def i(text):
    return int(text or "0", 16)


def message_digest(group, test):
    """The digest of the message, which some groups have randomized by SP 800-106 first."""
    if group.get("conformance") == "SP800-106":
        return bithash.randomized(group["hashAlg"], h(test["message"]), h(test["randomValue"]))
    return digest(group["hashAlg"], h(test["message"]))


# ---- DSA --------------------------------------------------------------------------------------------------------

def dsa_keygen(group, test):
    p, q, g, y, x = i(group["p"]), i(group["q"]), i(group["g"]), i(test["y"]), i(test["x"])
    wycheproof.dsa_public(p, q, g, y)
    key = cng.Algorithm.get("DSA").import_key("DSAPRIVATEBLOB", cng.dsa_blob(p, q, g, y, x))
    other = cng.dsa_blob(p, q, g, y * g % p, x)  # a private number belongs to one public number
    return key.export("DSAPUBLICBLOB") == cng.dsa_blob(p, q, g, y) and refused(
        lambda: cng.Algorithm.get("DSA").import_key("DSAPRIVATEBLOB", other))


def _dsa_verify(group, test):
    p, q, g = i(group["p"]), i(group["q"]), i(group["g"])
    size = (q.bit_length() + 7) // 8
    if max(i(test["r"]), i(test["s"])).bit_length() > size * 8:
        raise Skip("width")
    try:
        key = wycheproof.dsa_public(p, q, g, i(test.get("y") or group["y"]))
    except cng.Refused:
        return False
    message = fit(message_digest(group, test), size)
    return key.verify(message, cng.number(i(test["r"]), size) + cng.number(i(test["s"]), size))


def dsa_siggen(group, test):
    return _dsa_verify(group, test)


def dsa_sigver(group, test):
    return _dsa_verify(group, test) == test["testPassed"]


# HASHALGORITHM_ENUM
_DSA_HASHES = {"SHA-1": 0, "SHA2-256": 1, "SHA2-512": 2}


def _takes_parameters(p, q, g, hash_number, seed=None, count=None):
    """Whether a key can be made in the group, by the property DSAParameters, for which the group is validated."""
    value = cng.dsa_parameters(p, q, g, hash_number, seed, count)
    try:
        key = cng.Algorithm.get("DSA").generate(p.bit_length(), [("DSAParameters", value)])
    except cng.Refused:
        return False
    return key.property("DSAParameters") == value


def dsa_pqg(group, test):
    p, q, g = i(test["p"]), i(test["q"]), i(test["g"])
    if group["n"] != 256:
        raise Skip("group")
    if group["gMode"] != "none":  # a generator for a given p and q: its order is what CNG checks
        return _takes_parameters(p, q, g, 1) and not _takes_parameters(p, q, p - g, 1)
    g = pow(2, (p - 1) // q, p)  # FIPS 186-4 A.2.1
    if group["pqMode"] == "provable":  # by a recipe that CNG's blobs have no place for: the result is what counts
        return _takes_parameters(p, q, g, 1) and not _takes_parameters(p + 2 * q, q, g, 1)
    if group["hashAlg"] not in _DSA_HASHES:
        raise Skip("dsa-hash")
    number, seed, count = _DSA_HASHES[group["hashAlg"]], h(test["domainSeed"]), test["counter"]
    other = bytes([seed[0] ^ 1]) + seed[1:]
    return _takes_parameters(p, q, g, number, seed, count) and not (
        _takes_parameters(p, q, g, number, other, count) or _takes_parameters(p, q, g, number, seed, count + 1))


# ---- elliptic curves --------------------------------------------------------------------------------------------

def _curve(use, name):
    if name.startswith(("B-", "K-")):
        raise Skip("curve")
    return curves.curve(use, name)


def ecdsa_keygen(group, test):
    curve = _curve("ECDSA", group["curve"])
    d, x, y = i(test["d"]), i(test["qx"]), i(test["qy"])
    return curve.private(d).export("ECCPUBLICBLOB") == cng.ecc_blob(curve.public_magic, curve.size, x, y) == (
        curve.private(d, x, y).export("ECCPUBLICBLOB")) and refused(lambda: curve.private(d ^ 1, x, y))


def ecdsa_keyver(group, test):
    curve = _curve("ECDSA", group["curve"])
    return refused(lambda: curve.public(i(test["qx"]), i(test["qy"]))) != test["testPassed"]


def _ecdsa_verify(group, test, qx, qy):
    curve = _curve("ECDSA", group["curve"])
    try:
        key = curve.public(i(qx), i(qy))
    except cng.Refused:
        return False
    message = h(test["message"]) if group.get("componentTest") else message_digest(group, test)
    return key.verify(message, curve.raw_signature(i(test["r"]), i(test["s"])))


def ecdsa_siggen(group, test):
    return _ecdsa_verify(group, test, group["qx"], group["qy"])


def ecdsa_sigver(group, test):
    return _ecdsa_verify(group, test, test["qx"], test["qy"]) == test["testPassed"]


def ecc_cdh(group, test):
    curve = _curve("ECDH", group["curve"])
    own = curve.private(i(test["privateIut"]), i(test["publicIutX"]), i(test["publicIutY"]))
    return own.agree(curve.public(i(test["publicServerX"]), i(test["publicServerY"]))) == h(test["z"])


def ecc_ssc(group, test):
    if group["scheme"] not in ("ephemeralUnified", "staticUnified"):
        raise Skip("scheme")
    curve = _curve("ECDH", group["domainParameterGenerationMode"])
    kind = "ephemeral" if group["scheme"] == "ephemeralUnified" else "static"
    own = curve.private(i(test[kind + "PrivateIut"]))
    peer = curve.public(i(test[kind + "PublicServerX"]), i(test[kind + "PublicServerY"]))
    return (own.agree(peer) == h(test["z"])) == test["testPassed"]


def xecdh(group, test):
    own = x25519_key(bytes(32), h(test["privateIut"]))
    return own.agree(x25519_key(h(test["publicServer"]))) == h(test["z"])


# ---- DH ---------------------------------------------------------------------------------------------------------

def ffc_ssc(group, test):
    if group["scheme"] != "dhEphem":
        raise Skip("scheme")
    p, g = i(group["p"]), i(group["g"])
    dh = cng.Algorithm.get("DH")
    pair = i(test["ephemeralPublicIut"]), i(test["ephemeralPrivateIut"])
    own = dh.import_key("DHPRIVATEBLOB", cng.dh_blob(p, g, *pair))
    peer = dh.import_key("DHPUBLICBLOB", cng.dh_blob(p, g, i(test["ephemeralPublicServer"])))
    return (own.agree(peer) == h(test["z"])) == test["testPassed"]


def safe_prime_key(group, test):
    name = group["safePrimeGroup"]
    bits = int(name.replace("-", "e").rsplit("e", 1)[1])
    if bits > 4096:
        raise Skip("size")
    p = safeprimes.prime("ffdhe" if name.startswith("ffdhe") else "MODP", bits)
    if i(group.get("domainParameters", {}).get("p", "0")) not in (0, p):
        return False
    blob = cng.dh_blob(p, 2, i(test["y"]), i(test["x"]))
    taken = not refused(lambda: cng.Algorithm.get("DH").import_key("DHPRIVATEBLOB", blob))
    return taken == test.get("testPassed", True)


# ---- RSA --------------------------------------------------------------------------------------------------------

def _rsa_private(n, e, p, q, flags=0):
    return cng.Algorithm.get("RSA").import_key("RSAPRIVATEBLOB", cng.rsa_private_blob(n, e, p, q), flags)


_LABEL = "l||uPartyInfo||vPartyInfo||label"


def kts_ifc(group, test):
    """Party U encrypts a key for party V. OAEP's label is the key's length in bits, both names, and one more label."""
    config = group["ktsConfiguration"]
    u, v = ("iut", "server") if group["kasRole"] == "initiator" else ("server", "iut")
    label = b""
    if config["associatedDataPattern"]:
        if config["associatedDataPattern"] != _LABEL or config["encoding"] != "concatenation":
            raise ValueError("another pattern")
        names = h(group[u + "Id"]) + h(group[v + "Id"])
        label = group["l"].to_bytes(4, "big") + names + h(test["ktsParameter"]["label"])
    key = _rsa_private(*(i(test[v + x]) for x in "NEPQ"))
    text = key.decrypt(h(test[u + "C"]), cng.PAD_OAEP, hash_name=hash_name(config["hashAlg"]), label=label)
    return (text == h(test[u + "K"])) == test["testPassed"]


def rsa_primitive(group, test):
    n, e, p, q = (i(test[x]) for x in "nepq")
    key = _rsa_private(n, e, p, q)
    size, cipher = (n.bit_length() + 7) // 8, i(test["ct"])
    try:
        text = int.from_bytes(key.decrypt(cng.number(cipher, size), cng.PAD_NONE), "big")
    except cng.Refused:
        return not test["testPassed"]
    if not test["testPassed"] and cipher in (0, 1, n - 1) and text == cipher:
        raise Skip("ends")
    return test["testPassed"] and text == i(test["pt"])


def rsa_keygen(group, test):
    n, e, p, q = (i(test[x]) for x in "nepq")
    blob = _rsa_private(n, e, p, q).export("RSAFULLPRIVATEBLOB")
    size, half_p, half_q = len(cng.number(n)), len(cng.number(p)), len(cng.number(q))
    d = int.from_bytes(blob[-size:], "big")
    if d * e % math.lcm(p - 1, q - 1) != 1:
        return False
    at = 24 + len(cng.number(e)) + size + half_p + half_q
    dp, dq = blob[at:at + half_p], blob[at + half_p:at + half_p + half_q]
    qi = blob[at + half_p + half_q:at + 2 * half_p + half_q]
    if test["dmp1"]:
        return (int.from_bytes(dp, "big"), int.from_bytes(dq, "big"), int.from_bytes(qi, "big")) == (
            i(test["dmp1"]), i(test["dmq1"]), i(test["iqmp"]))
    return d == i(test["d"])


def _rsa_verify(group, test):
    if group["sigType"] not in ("pkcs1v1.5", "pss"):
        raise Skip("scheme")
    key = cng.Algorithm.get("RSA").import_key("RSAPUBLICBLOB", cng.rsa_public_blob(i(group["n"]), i(group["e"])))
    hashed, signature = message_digest(group, test), h(test["signature"])
    if group["sigType"] == "pkcs1v1.5":
        name, signed = pkcs1_input(group["hashAlg"], hashed)
        return key.verify(signed, signature, cng.PAD_PKCS1, hash_name=name)
    if group.get("maskFunction", "mgf1") != "mgf1":
        raise Skip("mgf")
    return key.verify(hashed, signature, cng.PAD_PSS, hash_name=hash_name(group["hashAlg"]), salt=group["saltLen"])


def rsa_siggen(group, test):
    return _rsa_verify(group, test)


def rsa_sigver(group, test):
    return _rsa_verify(group, test) == test["testPassed"]


# ---- post-quantum -----------------------------------------------------------------------------------------------

def _set(group):
    return group["parameterSet"].split("-", 2)[2]


def mldsa_keygen(group, test):
    key = wycheproof.mldsa("PQDSAPRIVATESEEDBLOB", cng.MLDSA_SEED, _set(group), h(test["seed"]))
    return (cng.pq_key_of(key.export("PQDSAPUBLICBLOB")) == h(test["pk"]) and
            cng.pq_key_of(key.export("PQDSAPRIVATEBLOB")) == h(test["sk"]))


# The last arc of 2.16.840.1.101.3.4.2.x
_PREHASH_ARCS = {"SHA2-256": 1, "SHA2-384": 2, "SHA2-512": 3, "SHA2-224": 4, "SHA2-512/224": 5, "SHA2-512/256": 6,
                 "SHA3-224": 7, "SHA3-256": 8, "SHA3-384": 9, "SHA3-512": 10, "SHAKE-128": 11, "SHAKE-256": 12}


def _formatted(group, test, context):
    """M' of FIPS 204 5.4: what the internal interface signs."""
    if group["signatureInterface"] == "internal":
        return h(test["message"])
    prefix = bytes([group["preHash"] == "preHash", len(context)]) + context
    if group["preHash"] == "pure":
        return prefix + h(test["message"])
    oid = bytes.fromhex("06096086480165030402") + bytes([_PREHASH_ARCS[test["hashAlg"]]])
    return prefix + oid + digest(test["hashAlg"], h(test["message"]))


def mldsa_siggen(group, test):
    """The signature verifies in the way that the group names, where CNG has it, and over the mu that it comes to."""
    key = wycheproof.mldsa("PQDSAPRIVATEBLOB", cng.MLDSA_PRIVATE, _set(group), h(test["sk"]))
    signature, context = h(test["signature"]), h(test.get("context", ""))
    if group.get("externalMu"):
        return key.verify(h(test["mu"]), signature, cng.EXTERNAL_MU)
    tr = hashlib.shake_256(cng.pq_key_of(key.export("PQDSAPUBLICBLOB"))).digest(64)
    mu = hashlib.shake_256(tr + _formatted(group, test, context)).digest(64)
    good = key.verify(mu, signature, cng.EXTERNAL_MU)
    if group["signatureInterface"] == "internal":
        return good
    if group["preHash"] == "pure":
        return good and key.verify(h(test["message"]), signature, cng.PAD_PQDSA, context=context)
    name = HASHES[test["hashAlg"]][0]
    return good and (name is None or key.verify(digest(test["hashAlg"], h(test["message"])), signature, cng.PAD_PQDSA,
                                                context=context, hash_name=name))


def mlkem_keygen(group, test):
    key = wycheproof.mlkem("MLKEMPRIVATESEEDBLOB", cng.MLKEM_SEED, group["parameterSet"], h(test["d"]) + h(test["z"]))
    return (cng.pq_key_of(key.export("MLKEMPUBLICBLOB")) == h(test["ek"]) and
            cng.pq_key_of(key.export("MLKEMPRIVATEBLOB")) == h(test["dk"]))


def mlkem_use(group, test):
    public = lambda: wycheproof.mlkem("MLKEMPUBLICBLOB", cng.MLKEM_PUBLIC, group["parameterSet"], h(test["ek"]))
    private = lambda: wycheproof.mlkem("MLKEMPRIVATEBLOB", cng.MLKEM_PRIVATE, group["parameterSet"],
                                       h(test.get("dk") or group["dk"]))
    function = group["function"]
    wycheproof._need("ML-KEM")
    if function == "encapsulationKeyCheck":
        return refused(public) != test["testPassed"]
    if function == "decapsulationKeyCheck":
        return refused(private) != test["testPassed"]
    if function == "decapsulation":
        if group.get("keyFormat") == "seed":
            key = wycheproof.mlkem("MLKEMPRIVATESEEDBLOB", cng.MLKEM_SEED, group["parameterSet"],
                                   h(test["d"]) + h(test["z"]))
        else:
            key = private()
        return key.decapsulate(h(test["c"])) == h(test["k"])
    # Decapsulation repeats the encapsulation with the randomness that it finds in the ciphertext.
    shared, cipher = public().encapsulate()
    return private().decapsulate(h(test["c"])) == h(test["k"]) and private().decapsulate(cipher) == shared


def slhdsa_keygen(group, test):
    """The root in the private key is computed from its seeds when it is imported."""
    slhdsa, sk = wycheproof._need("SLH-DSA"), h(test["sk"])
    blob = lambda key: cng.pq_blob(cng.SLHDSA_PRIVATE, _set(group), key)
    key = slhdsa.import_key("PQDSAPRIVATEBLOB", blob(sk))
    return sk.startswith(h(test["skSeed"]) + h(test["skPrf"]) + h(test["pkSeed"])) and (
        cng.pq_key_of(key.export("PQDSAPUBLICBLOB")) == h(test["pk"]) and
        refused(lambda: slhdsa.import_key("PQDSAPRIVATEBLOB", blob(sk[:-1] + bytes([sk[-1] ^ 1])))))


def slhdsa_siggen(group, test):
    wycheproof._need("SLH-DSA")
    if group.get("signatureInterface", "internal") == "internal":  # the older vectors know no other
        raise Skip("interface")
    key = cng.Algorithm.get("SLH-DSA").import_key(
        "PQDSAPRIVATEBLOB", cng.pq_blob(cng.SLHDSA_PRIVATE, _set(group), h(test["sk"])), cng.NO_KEY_VALIDATION)
    context = h(test.get("context", ""))
    return key.verify(h(test["message"]), h(test["signature"]), cng.PAD_PQDSA if context else 0, context=context)


MODES = {
    ("DSA", "keyGen"): dsa_keygen,
    ("DSA", "pqgGen"): dsa_pqg,
    ("DSA", "sigGen"): dsa_siggen,
    ("DSA", "sigVer"): dsa_sigver,
    ("ECDSA", "keyGen"): ecdsa_keygen,
    ("ECDSA", "keyVer"): ecdsa_keyver,
    ("ECDSA", "sigGen"): ecdsa_siggen,
    ("ECDSA", "sigVer"): ecdsa_sigver,
    ("KAS-ECC", "CDH-Component"): ecc_cdh,
    ("KAS-ECC-SSC", None): ecc_ssc,
    ("KAS-FFC-SSC", None): ffc_ssc,
    ("KTS-IFC", None): kts_ifc,
    ("RSA", "decryptionPrimitive"): rsa_primitive,
    ("RSA", "keyGen"): rsa_keygen,
    ("RSA", "sigGen"): rsa_siggen,
    ("RSA", "sigVer"): rsa_sigver,
    ("ML-DSA", "keyGen"): mldsa_keygen,
    ("ML-DSA", "sigGen"): mldsa_siggen,
    ("ML-KEM", "keyGen"): mlkem_keygen,
    ("ML-KEM", "encapDecap"): mlkem_use,
    ("SLH-DSA", "keyGen"): slhdsa_keygen,
    ("SLH-DSA", "sigGen"): slhdsa_siggen,
    ("XECDH", "SSC"): xecdh,
    ("safePrimes", "keyGen"): safe_prime_key,
    ("safePrimes", "keyVer"): safe_prime_key,
} | acvp_kdf.MODES


def run(document, tally):
    algorithm, mode = document["algorithm"], document.get("mode")
    if algorithm in acvp_symmetric.ALGORITHMS:
        handler = lambda group, test: acvp_symmetric.ALGORITHMS[algorithm](algorithm, group, test)
    else:
        handler = MODES[algorithm, mode]
    for group in document["testGroups"]:
        for test in group["tests"]:
            tally.run(f"tcId {test['tcId']}", lambda: handler(group, test))
