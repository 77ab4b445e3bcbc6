"""Wycheproof: one function for each schema; it yields (label, check) for the tests of a group.

"acceptable" is Wycheproof's word for what a library may take or refuse; the decisions are below, by flag. Vectors with
other acceptable flags never come to a decision: CompressedPublic, MissingZero and NegativeOfPrime cannot be expressed.
"""
import math

import cng
import curves
import der
import wycheproof_symmetric
from report import Skip, digest, hash_name, pkcs1_input

# Refused although a library might accept it …
REFUSES = {
    "LowOrderPublic": "curve25519's points of small order (observed on Windows)",
    "ZeroSharedSecret": "which they give",
    "NonCanonicalPublic": "u >= p or its highest bit set (observed on Windows)",
    "InvalidAsn": "a point that damaged DER happens to leave readable",
    "ModifiedGenerator": "explicit parameters that are not consistent in themselves: Windows' CVE-2020-0601",
    "ModifiedCofactor": "likewise",
    "ModifiedCurveParameter": "likewise",
    "WrongOrder": "likewise",
    "NoCofactor": "a blob with parameters has to state the cofactor",
}
# … and accepted although it might refuse.
ACCEPTS = {
    "Twist": "RFC 7748's function is the same there",
    "EdgeCaseMultiplication": "no reason to refuse",
    "EdgeCaseShared": "no reason to refuse",
    "SpecialPublicKey": "no reason to refuse",
    "Ktv": "no reason to refuse",
    "MissingNull": "a DigestInfo without parameters (RFC 8017 9.2; Windows' list of identifiers has both forms)",
    "SmallModulus": "CNG takes RSA from 512 bits",
    "SmallPublicKey": "and any odd exponent",
    "WeakHash": "and SHA-1",
    "Constructed": "good ciphertexts, made in an unusual way",
    "EncryptionWithLabel": "with a label",
    "SmallIntegerCiphertext": "and a small number",
}


def expected(test):
    """True: must work; False: must be refused."""
    if test["result"] == "acceptable":
        flags = set(test["flags"])
        if flags & REFUSES.keys():
            return False
        if flags and flags <= ACCEPTS.keys():
            return True
        raise ValueError(f"no decision for the flags {sorted(flags)}")
    return test["result"] == "valid"


def h(text):
    return bytes.fromhex(text)


def i(text):
    return int(text or "0", 16)


def refused(call):
    """Whether the call is refused."""
    try:
        call()
        return False
    except cng.Refused:
        return True


# ---- DSA and ECDSA ----------------------------------------------------------------------------------------------

def _dsa_key(group):
    p, q, g, y = (i(group["publicKey"][x]) for x in "pqgy")
    return dsa_public(p, q, g, y), q


def dsa_public(p, q, g, y):
    """The key; a group with a q of another length is refused, and left out."""
    blob = cng.dsa_blob(p, q, g, y)
    if q.bit_length() == (160 if p.bit_length() <= 1024 else 256):
        return cng.Algorithm.get("DSA").import_key("DSAPUBLICBLOB", blob)
    if refused(lambda: cng.Algorithm.get("DSA").import_key("DSAPUBLICBLOB", blob)):
        raise Skip("group")
    raise AssertionError("a group that CNG refuses was taken")


def fit(hashed, size):
    """A digest in the length that DSA takes: the leftmost bytes, or zeros in front (what .NET does)."""
    return hashed[:size] if len(hashed) >= size else hashed.rjust(size, b"\0")


def _dsa(group, split):
    cache = {}
    for test in group["tests"]:
        def check(test=test):
            if not cache:
                cache["key"], cache["q"] = _dsa_key(group)
            size = (cache["q"].bit_length() + 7) // 8
            signature = split(h(test["sig"]), size)
            return cache["key"].verify(fit(digest(group["sha"], h(test["msg"])), size), signature) == expected(test)
        yield test["tcId"], check


def _raw(signature, _size):
    return signature


def _from_der(signature, size):
    try:
        r, s = der.signature(signature)
    except der.Negative:
        raise Skip("width") from None
    except der.Bad:
        raise Skip("der") from None
    if max(r, s).bit_length() > size * 8:
        raise Skip("width")
    return cng.number(r, size) + cng.number(s, size)


def dsa_p1363(group):
    return _dsa(group, _raw)


def dsa_der(group):
    return _dsa(group, _from_der)


def _ecdsa(group, split, low_s=False):
    cache = {}
    for test in group["tests"]:
        def check(test=test):
            if not cache:
                cache["curve"] = curves.curve("ECDSA", group["publicKey"]["curve"])
                cache["key"] = cache["curve"].public(i(group["publicKey"]["wx"]), i(group["publicKey"]["wy"]))
            signature = split(h(test["sig"]), cache["curve"].order_size)
            hashed = digest(group["sha"], h(test["msg"]))
            good = cache["key"].verify(hashed, signature)
            if low_s and good and test["result"] == "invalid":
                _check_twin(cache["curve"], cache["key"], hashed, signature)
                raise Skip("low-s")
            return good == expected(test)
        yield test["tcId"], check


def _check_twin(curve, key, hashed, signature):
    """The only thing wrong with a signature is that s is above n/2: with n - s it is good, too."""
    r, s = signature[:curve.order_size], int.from_bytes(signature[curve.order_size:], "big")
    twin = r + cng.number(curve.order - s, curve.order_size)
    if not (curve.order // 2 < s < curve.order and key.verify(hashed, twin)):
        raise AssertionError("a wrong signature was taken")


def ecdsa_p1363(group):
    return _ecdsa(group, _raw)


def ecdsa_der(group):
    return _ecdsa(group, _from_der)


def ecdsa_bitcoin(group):
    return _ecdsa(group, _from_der, low_s=True)


# ---- ECDH and X25519 --------------------------------------------------------------------------------------------

def _agrees(group, test, make_peer):
    private = curves.curve("ECDH", group["curve"]).private(i(test["private"]))
    try:
        shared = private.agree(make_peer())
    except cng.Refused:
        return not expected(test)
    return expected(test) and shared == h(test["shared"])


def ecdh_point(group):
    for test in group["tests"]:
        peer = lambda test=test: curves.curve("ECDH", group["curve"]).public_from_point(h(test["public"]))
        yield test["tcId"], lambda test=test, peer=peer: _agrees(group, test, peer)


_CURVE_OF_OID = {der.oid(text): name for text, name in curves.OIDS.items()}


def ecdh_asn(group):
    """A public key on another curve becomes a key on that curve: it is the agreement that must refuse it."""
    for test in group["tests"]:
        def check(test=test):
            try:
                oid, parameters, point = der.ec_spki(h(test["public"]))
            except der.Bad:
                raise Skip("spki") from None
            if parameters:
                return _agrees(group, test, lambda: curves.public_on_parameters(parameters, point))
            if oid not in _CURVE_OF_OID:
                raise Skip("curve")
            return _agrees(group, test, lambda: curves.curve("ECDH", _CURVE_OF_OID[oid]).public_from_point(point))
        yield test["tcId"], check


def x25519_key(u, d=None, flags=0):
    blob = b"ECKP" if d is None else b"ECKV"
    blob += (32).to_bytes(4, "little") + u + bytes(32)
    if d is not None:  # RFC 7748 clamps when it decodes; CNG wants it done
        d = bytes([d[0] & 248]) + d[1:31] + bytes([(d[31] & 127) | 64])
        blob += d
    kind = "ECCPUBLICBLOB" if d is None else "ECCPRIVATEBLOB"
    return cng.Algorithm.get("ECDH", "curve25519").import_key(kind, blob, flags)


def x25519(group):
    for test in group["tests"]:
        def check(test=test):
            private = x25519_key(bytes(32), h(test["private"]))
            try:
                shared = private.agree(x25519_key(h(test["public"])))
            except cng.Refused:
                return not expected(test) and _admitted(test, private)
            return expected(test) and shared == h(test["shared"])
        yield test["tcId"], check


def _admitted(test, private):
    """Without validation a point of small order is taken and gives zeros, one outside the field is not (observed)."""
    unchecked = lambda: x25519_key(h(test["public"]), flags=cng.NO_KEY_VALIDATION)
    if int.from_bytes(h(test["public"]), "little") >= 2 ** 255 - 19:
        return refused(unchecked)
    return private.agree(unchecked()) == bytes(32) == h(test["shared"])


# ---- RSA --------------------------------------------------------------------------------------------------------

def rsa_public(group):
    key = group["publicKey"]
    return cng.Algorithm.get("RSA").import_key("RSAPUBLICBLOB",
                                               cng.rsa_public_blob(i(key["modulus"]), i(key["publicExponent"])))


def _rsa_private(group):
    key = group["privateKey"]
    n, e = i(key["modulus"]), i(key["publicExponent"])
    if "prime1" in key:
        p, q = i(key["prime1"]), i(key["prime2"])
    else:
        _, _, _, p, q = der.rsa_pkcs8(h(group["privateKeyPkcs8"]))
    return cng.Algorithm.get("RSA").import_key("RSAPRIVATEBLOB", cng.rsa_private_blob(n, e, p, q))


def rsa_pkcs1_verify(group):
    cache = {}
    for test in group["tests"]:
        def check(test=test):
            if not cache:
                cache["key"] = rsa_public(group)
            name, signed = pkcs1_input(group["sha"], digest(group["sha"], h(test["msg"])))
            return cache["key"].verify(signed, h(test["sig"]), cng.PAD_PKCS1, hash_name=name) == expected(test)
        yield test["tcId"], check


def rsa_pss_verify(group):
    cache = {}
    for test in group["tests"]:
        def check(test=test):
            if group["mgf"] != "MGF1" or group["mgfSha"] != group["sha"]:
                raise Skip("mgf")
            name = hash_name(group["sha"])
            if not cache:
                cache["key"] = rsa_public(group)
            good = cache["key"].verify(digest(group["sha"], h(test["msg"])), h(test["sig"]), cng.PAD_PSS,
                                       hash_name=name,
                                       salt=group["sLen"])
            return good == expected(test)
        yield test["tcId"], check


def rsa_pkcs1_generate(group):
    cache = {}
    for test in group["tests"]:
        def check(test=test):
            if not cache:
                cache["key"] = _rsa_private(group)
            name, signed = pkcs1_input(group["sha"], digest(group["sha"], h(test["msg"])))
            made = cache["key"].sign(signed, cng.PAD_PKCS1, hash_name=name)
            return expected(test) and made == h(test["sig"])
        yield test["tcId"], check


def _rsa_decrypt(group, flags, padding):
    cache = {}
    for test in group["tests"]:
        def check(test=test):
            if (group.get("mgf", "MGF1"), group.get("mgfSha")) != ("MGF1", group.get("sha")):
                raise Skip("mgf")
            options = padding(group, test)
            if "otherPrimeInfos" in group["privateKey"] and refused(lambda: _rsa_private(group)):
                raise Skip("primes")
            if not cache:
                cache["key"] = _rsa_private(group)
            try:
                text = cache["key"].decrypt(h(test["ct"]), flags, **options)
            except cng.Refused:
                return not expected(test)
            return expected(test) and text == h(test["msg"])
        yield test["tcId"], check


def rsa_oaep(group):
    return _rsa_decrypt(group, cng.PAD_OAEP, lambda g, t: {"hash_name": hash_name(g["sha"]), "label": h(t["label"])})


def rsa_pkcs1_decrypt(group):
    return _rsa_decrypt(group, cng.PAD_PKCS1, lambda g, t: {})


# A number and a known prime make the factors of an RSA key: Mersenne's, 2^2203 - 1 where the number is 2^1279 - 1. With
# smaller factors than this CNG's keys are refused for that alone, which says nothing about primes.
_LEAST_FACTOR_BITS = 128


def primality(group):
    for test in group["tests"]:
        def check(test=test):
            p = int.from_bytes(h(test["value"]), "big", signed=True)
            if p < 0:
                raise Skip("width")
            if p.bit_length() < _LEAST_FACTOR_BITS:
                raise Skip("small")
            partner = next(m for m in ((1 << 1279) - 1, (1 << 2203) - 1) if m != p)
            # Everything but primality is in order: the exponent has its inverse, the factors have no common one.
            e = next(e for e in range(3, 1 << 16, 2) if math.gcd(e, (p - 1) * (partner - 1)) == 1)
            blob = cng.rsa_private_blob(p * partner, e, p, partner)
            return refused(lambda: cng.Algorithm.get("RSA").import_key("RSAPRIVATEBLOB", blob)) != expected(test)
        yield test["tcId"], check


# ---- curves -----------------------------------------------------------------------------------------------------

def ec_parameters(group):
    for test in group["tests"]:
        def check(test=test):
            name = curves.cng_name(test["name"])
            key = cng.get_property(cng.Algorithm.get("ECDSA", name).handle, "ECCParameters")
            got = curves.Parameters(key)
            return (got.p, got.a, got.b, got.gx, got.gy, got.n, got.h) == tuple(
                i(test[x]) for x in ("p", "a", "b", "gx", "gy", "n")) + (test["h"],)
        yield test["tcId"], check


# ---- post-quantum -----------------------------------------------------------------------------------------------

def _need(name):
    if not cng.available(name):
        raise Skip("absent")
    return cng.Algorithm.get(name)


def mldsa(blob_type, magic, parameter_set, key):
    return _need("ML-DSA").import_key(blob_type, cng.pq_blob(magic, parameter_set, key))


def _mldsa_input(test):
    """(data, options) for sign and verify: mu, or the message with its context."""
    if "msg" not in test:
        return h(test["mu"]), {"flags": cng.EXTERNAL_MU}
    context = h(test.get("ctx", ""))
    return h(test["msg"]), {"flags": cng.PAD_PQDSA, "context": context} if context else {}


def _mldsa_set(algorithm):
    return algorithm.rsplit("-", 1)[1]


def mldsa_verify(group, algorithm):
    for test in group["tests"]:
        def check(test=test):
            try:
                key = mldsa("PQDSAPUBLICBLOB", cng.MLDSA_PUBLIC, _mldsa_set(algorithm), h(group["publicKey"]))
            except cng.Refused:
                return not expected(test)
            data, options = _mldsa_input(test)
            return key.verify(data, h(test["sig"]), **options) == expected(test)
        yield test["tcId"], check


def _mldsa_sign(group, algorithm, blob_type, magic, field):
    """CNG signs with fresh randomness: the vector's signature must verify under the key, and so must a new one."""
    for test in group["tests"]:
        def check(test=test):
            data, options = _mldsa_input(test)
            try:
                key = mldsa(blob_type, magic, _mldsa_set(algorithm), h(group[field]))
                fresh = key.sign(data, **options)
            except cng.Refused:
                return not expected(test)
            return expected(test) and key.verify(data, h(test["sig"]), **options) and key.verify(data, fresh, **options)
        yield test["tcId"], check


def mldsa_sign_seed(group, algorithm):
    return _mldsa_sign(group, algorithm, "PQDSAPRIVATESEEDBLOB", cng.MLDSA_SEED, "privateSeed")


def mldsa_sign_expanded(group, algorithm):
    return _mldsa_sign(group, algorithm, "PQDSAPRIVATEBLOB", cng.MLDSA_PRIVATE, "privateKey")


def mlkem(blob_type, magic, parameter_set, key):
    return _need("ML-KEM").import_key(blob_type, cng.pq_blob(magic, parameter_set.rsplit("-", 1)[1], key))


def mlkem_encaps(group):
    for test in group["tests"]:
        def check(test=test):
            try:
                key = mlkem("MLKEMPUBLICBLOB", cng.MLKEM_PUBLIC, group["parameterSet"], h(test["ek"]))
                shared, cipher = key.encapsulate()
            except cng.Refused:
                return not expected(test)
            if expected(test) and len(cipher) == len(h(test["c"])) and len(shared) == 32:
                raise Skip("randomness")
            return False
        yield test["tcId"], check


def mlkem_keygen(group):
    for test in group["tests"]:
        def check(test=test):
            try:
                key = mlkem("MLKEMPRIVATESEEDBLOB", cng.MLKEM_SEED, group["parameterSet"], h(test["seed"]))
            except cng.Refused:
                return not expected(test)
            return expected(test) and (cng.pq_key_of(key.export("MLKEMPUBLICBLOB")) == h(test["ek"]) and
                                       cng.pq_key_of(key.export("MLKEMPRIVATEBLOB")) == h(test["dk"]))
        yield test["tcId"], check


def mlkem_decaps_seed(group):
    for test in group["tests"]:
        def check(test=test):
            try:
                key = mlkem("MLKEMPRIVATESEEDBLOB", cng.MLKEM_SEED, group["parameterSet"], h(test["seed"]))
                if "ek" in test and expected(test) and cng.pq_key_of(key.export("MLKEMPUBLICBLOB")) != h(test["ek"]):
                    return False
                shared = key.decapsulate(h(test["c"]))
            except cng.Refused:
                return not expected(test)
            return expected(test) and shared == h(test["K"])
        yield test["tcId"], check


def mlkem_decaps_expanded(group):
    for test in group["tests"]:
        def check(test=test):
            try:
                key = mlkem("MLKEMPRIVATEBLOB", cng.MLKEM_PRIVATE, group["parameterSet"], h(test["dk"]))
                shared = key.decapsulate(h(test["c"]))
            except cng.Refused:
                return not expected(test)
            return expected(test) and shared == h(test["K"])
        yield test["tcId"], check


SCHEMAS = {
    "dsa_p1363_verify_schema_v1.json": dsa_p1363,
    "dsa_verify_schema_v1.json": dsa_der,
    "ecdsa_p1363_verify_schema_v1.json": ecdsa_p1363,
    "ecdsa_verify_schema_v1.json": ecdsa_der,
    "ecdsa_bitcoin_verify_schema.json": ecdsa_bitcoin,
    "ecdh_ecpoint_test_schema_v1.json": ecdh_point,
    "ecdh_test_schema_v1.json": ecdh_asn,
    "xdh_comp_schema_v1.json": x25519,
    "ec_curve_test_schema.json": ec_parameters,
    "primality_test_schema_v1.json": primality,
    "rsassa_pkcs1_verify_schema_v1.json": rsa_pkcs1_verify,
    "rsassa_pkcs1_generate_schema_v1.json": rsa_pkcs1_generate,
    "rsassa_pss_verify_schema_v1.json": rsa_pss_verify,
    "rsassa_pss_with_parameters_verify_schema.json": rsa_pss_verify,
    "rsaes_oaep_decrypt_schema_v1.json": rsa_oaep,
    "rsaes_pkcs1_decrypt_schema_v1.json": rsa_pkcs1_decrypt,
    "mldsa_verify_schema.json": mldsa_verify,
    "mldsa_sign_seed_schema.json": mldsa_sign_seed,
    "mldsa_sign_noseed_schema.json": mldsa_sign_expanded,
    "mlkem_encaps_test_schema.json": mlkem_encaps,
    "mlkem_keygen_seed_test_schema.json": mlkem_keygen,
    "mlkem_test_schema.json": mlkem_decaps_seed,
    "mlkem_semi_expanded_decaps_test_schema.json": mlkem_decaps_expanded,
} | wycheproof_symmetric.SCHEMAS | wycheproof_symmetric.OF_ALGORITHM

# Which schemas need the file's algorithm beside the group.
WITH_ALGORITHM = {mldsa_verify, mldsa_sign_seed, mldsa_sign_expanded, *wycheproof_symmetric.OF_ALGORITHM.values()}


def run(document, tally):
    handler = SCHEMAS[document["schema"]]
    for group in document["testGroups"]:
        checks = handler(group, document["algorithm"]) if handler in WITH_ALGORITHM else handler(group)
        for label, check in checks:
            tally.run(f"tcId {label}", check)
