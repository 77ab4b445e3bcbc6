"""Wycheproof's schemas for ciphers, codes and key derivation; as in wycheproof.py, each yields (label, check)."""
import ciphering
import cng
import deriving
import hashing
import sealing
import wrapping
from report import HASHES, Skip


def h(text):
    return bytes.fromhex(text)


def _checks(group, check):
    """(label, check) of every test; `check` gets the group, the test, and whether it must work."""
    for test in group["tests"]:
        if test["result"] not in ("valid", "invalid"):
            raise ValueError(f"no decision for the flags {sorted(test['flags'])}")
        yield test["tcId"], lambda test=test: check(group, test, test["result"] == "valid")


def _name(algorithm, prefix):
    """CNG's name of the hash in HMACSHA3-256, HKDF-SHA-1 and the like."""
    spelling = algorithm[len(prefix):]
    return spelling if spelling in hashing.SIZES else HASHES[spelling][0]


# ---- codes ------------------------------------------------------------------------------------------------------

def _hmac(algorithm, test, _size):
    return hashing.hmac(_name(algorithm, "HMAC"), h(test["key"]), h(test["msg"]), test["tcId"])


def _cmac(_algorithm, test, _size):
    return hashing.cmac(h(test["key"]), h(test["msg"]), test["tcId"])


def _kmac(algorithm, test, size):
    return hashing.kmac(algorithm, h(test["key"]), h(test["msg"]), size, test["tcId"])


_MACS = {"AES-CMAC": _cmac, "KMAC128": _kmac}


def mac(group, algorithm):
    """The caller compares codes, and cuts them where shorter ones are wanted."""
    def check(group, test, good):
        try:
            code = _MACS.get(algorithm, _hmac)(algorithm, test, group["tagSize"] // 8)
        except cng.Refused:
            return not good
        return (code[:group["tagSize"] // 8] == h(test["tag"])) == good
    return _checks(group, check)


def gmac(group):
    def check(group, test, good):
        nonce = h(test["iv"])
        try:
            code = hashing.gmac(h(test["key"]), nonce, h(test["msg"]), test["tcId"])
        except cng.Refused as refused:
            if len(nonce) != 12 and refused.status == cng.STATUS_INVALID_PARAMETER:
                raise Skip("nonce") from None
            raise
        return len(nonce) == 12 and (code == h(test["tag"])) == good
    return _checks(group, check)


# ---- ciphers ----------------------------------------------------------------------------------------------------

_AEADS = {"AES-GCM": ("AES", "GCM"), "CHACHA20-POLY1305": ("CHACHA20_POLY1305", None)}


def aead(group, algorithm):
    def check(group, test, good):
        nonce = h(test["iv"])
        a = sealing.Aead(*_AEADS[algorithm], h(test["key"]), nonce, h(test["aad"]), group["tagSize"] // 8)
        if len(nonce) != 12:
            if not a.refused(h(test["ct"]), test["tcId"]):
                return False
            if good:
                raise Skip("nonce")
            return True
        if good:
            return a.good(h(test["msg"]), h(test["ct"]), h(test["tag"]), test["tcId"])
        return a.bad(h(test["ct"]), h(test["tag"]), test["tcId"])
    return _checks(group, check)


def cbc_padded(group):
    def check(_group, test, good):
        c = ciphering.cipher("AES", "CBC", h(test["key"]))
        cipher_text, iv, number = h(test["ct"]), h(test["iv"]), test["tcId"]
        try:
            plain = ciphering.padded_decrypt(c, cipher_text, iv, number)
        except cng.Refused:  # not whole blocks, or none at all
            return not good and (not cipher_text or len(cipher_text) % 16 != 0)
        if not good:
            return plain is None
        return plain == h(test["msg"]) and ciphering.padded_encrypt(c, plain, iv, number) == cipher_text
    return _checks(group, check)


def _refused(call):
    try:
        call()
    except cng.Failed as failed:
        return failed.status in (cng.STATUS_INVALID_PARAMETER, cng.STATUS_NOT_SUPPORTED)
    return False


def _key_wrap(group):
    """RFC 3394. A wrapped key has at least 16 bytes; Wycheproof leaves 8 to the library, and CNG refuses them."""
    for test in group["tests"]:
        def check(test=test):
            if test["result"] == "acceptable" and test["flags"] != ["ShortKey"]:
                raise ValueError(f"no decision for the flags {sorted(test['flags'])}")
            kek, secret, wrapped, number = h(test["key"]), h(test["msg"]), h(test["ct"]), test["tcId"]
            if test["result"] == "valid":
                return (wrapping.wrap(kek, secret, number) == wrapped
                        and wrapping.unwrap(kek, wrapped, number) == secret)
            if "WrongDataSize" in test["flags"] or "ShortKey" in test["flags"]:
                if not _refused(lambda: wrapping.wrap(kek, secret, number)):
                    return False
            return _refused(lambda: wrapping.unwrap(kek, wrapped, number))
        yield test["tcId"], check


def _padded_wrap(_group, test, good):
    """RFC 5649; CNG unwraps what it does not wrap on its own."""
    kek, secret, wrapped, number = (h(test["key"]), h(test["msg"]), h(test["ct"]), test["tcId"])
    if good:
        return wrapping.unwrap_padded(kek, wrapped, len(secret), number) == secret
    return _refused(lambda: wrapping.unwrap_padded(kek, wrapped, 0, number))


def key_wrap(group, algorithm):
    return _key_wrap(group) if algorithm == "AES-WRAP" else _checks(group, _padded_wrap)


# ---- key derivation ---------------------------------------------------------------------------------------------

def hkdf(group, algorithm):
    def check(_group, test, good):
        try:
            made = deriving.hkdf(_name(algorithm, "HKDF-"), h(test["ikm"]), h(test["salt"]), h(test["info"]),
                                 test["size"], test["tcId"])
        except cng.Refused:
            return not good
        return good and made == h(test["okm"])
    return _checks(group, check)


def pbkdf(group, algorithm):
    def check(_group, test, good):
        made = deriving.pbkdf2(_name(algorithm, "PBKDF2-HMAC"), h(test["password"]), h(test["salt"]),
                               test["iterationCount"], test["dkLen"], test["tcId"])
        return good and made == h(test["dk"])
    return _checks(group, check)


def pbes2(group, algorithm):
    """PbeWithHmacSha256AndAes_128: the key comes out of PBKDF2, the text goes through CBC with padding."""
    hash_name, bits = algorithm[len("PbeWithHmac"):].split("AndAes_")

    def check(_group, test, good):
        key = deriving.pbkdf2(hash_name.upper(), h(test["password"]), h(test["salt"]), test["iterationCount"],
                              int(bits) // 8, test["tcId"])
        c = ciphering.cipher("AES", "CBC", key)
        made = ciphering.padded_encrypt(c, h(test["msg"]), h(test["iv"]), test["tcId"])
        return good and made == h(test["ct"]) and (
            ciphering.padded_decrypt(c, made, h(test["iv"]), test["tcId"]) == h(test["msg"]))
    return _checks(group, check)


SCHEMAS = {
    "mac_with_iv_test_schema_v1.json": gmac,
    "ind_cpa_test_schema_v1.json": cbc_padded,
}

# Those that need the file's algorithm beside the group.
OF_ALGORITHM = {
    "mac_test_schema_v1.json": mac,
    "aead_test_schema_v1.json": aead,
    "keywrap_test_schema_v1.json": key_wrap,
    "hkdf_test_schema_v1.json": hkdf,
    "pbkdf_test_schema.json": pbkdf,
    "pbe_test_schema.json": pbes2,
}
