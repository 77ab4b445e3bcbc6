"""ACVP's groups for hashes, codes and ciphers; as in acvp.py, a function says of a test whether the library did what
the vector says."""
import ciphering
import cng
import hashing
import montecarlo
import sealing
import wrapping
from report import Skip, hash_name


def h(text):
    return bytes.fromhex(text)


def whole(*bits):
    """CNG takes whole bytes."""
    if any(count % 8 for count in bits):
        raise Skip("bits")


# ---- hashes -----------------------------------------------------------------------------------------------------

def _large(name, message):
    """A message of gigabytes, which is a short one repeated: in one way only."""
    content, size = h(message["content"]), message["fullLength"] // 8
    chunk = content * (1 << 20)
    h_ = hashing.start(hashing.subject(name, hashing.SIZES[name]))
    for _ in range(size // len(chunk)):
        h_.data(chunk)
    h_.data((content * (size % len(chunk) // len(content) + 1))[:size % len(chunk)])
    return h_.finish(hashing.SIZES[name])


def fixed_hash(algorithm, group, test):
    name = hash_name(algorithm)
    if group["testType"] == "LDT":
        return _large(name, test["largeMsg"]) == h(test["md"])
    if group["testType"] == "MCT":
        return montecarlo.run(montecarlo.sha3 if name.startswith("SHA3") else montecarlo.sha2, name, group, test)
    whole(test["len"])
    return hashing.digest(name, h(test["msg"])[:test["len"] // 8], test["tcId"]) == h(test["md"])


def shake(algorithm, group, test):
    name = algorithm.replace("-", "")
    if group["testType"] == "MCT":
        return montecarlo.run(montecarlo.shake, name, group, test)
    whole(test["len"])
    size = (test["outLen"] + 7) // 8
    out = hashing.xof(name, h(test["msg"])[:test["len"] // 8], size, test["tcId"])
    same = hashing.xof("C" + name, h(test["msg"])[:test["len"] // 8], size, test["tcId"])
    return hashing.low_bits(out, test["outLen"]) == h(test["md"]) and same == out


def cshake(algorithm, group, test):
    name = "CSHAKE" + algorithm.split("-")[1]
    if group["testType"] == "MCT":
        return montecarlo.run(montecarlo.cshake, name, group, test)
    whole(test["len"])
    out = hashing.xof(name, h(test["msg"])[:test["len"] // 8], (test["outLen"] + 7) // 8, test["tcId"],
                      test["functionName"].encode(), test["customization"].encode())
    return hashing.high_bits(out, test["outLen"]) == h(test["md"])


# ---- codes ------------------------------------------------------------------------------------------------------

def hmac(algorithm, _group, test):
    name = hash_name(algorithm.removeprefix("HMAC-"))
    whole(test["keyLen"], test["msgLen"], test["macLen"])
    code = hashing.hmac(name, h(test["key"])[:test["keyLen"] // 8], h(test["msg"])[:test["msgLen"] // 8], test["tcId"])
    return code[:test["macLen"] // 8] == h(test["mac"])


def cmac(_algorithm, group, test):
    code = hashing.cmac(h(test["key"]), h(test["message"]), test["tcId"])
    return (code[:group["macLen"] // 8] == h(test["mac"])) == test.get("testPassed", True)


def kmac(algorithm, group, test):
    whole(test["keyLen"], test["msgLen"])
    if not group["xof"]:  # the length goes into the code
        whole(test["macLen"])
    custom = h(test["customizationHex"]) if group["hexCustomization"] else test["customization"].encode()
    code = hashing.kmac(algorithm.replace("-", ""), h(test["key"]), h(test["msg"])[:test["msgLen"] // 8],
                        (test["macLen"] + 7) // 8, test["tcId"], custom, group["xof"])
    return (hashing.high_bits(code, test["macLen"]) == h(test["mac"])) == test.get("testPassed", True)


# ---- block ciphers ----------------------------------------------------------------------------------------------

def aes(mode, segment=None):
    def check(_algorithm, _group, test):
        c = ciphering.cipher("AES", mode, h(test["key"]), segment)
        iv = h(test["iv"]) if "iv" in test else None
        return ciphering.block_mode(c, h(test["pt"]), h(test["ct"]), iv, test["tcId"])
    return check


def tdes(mode, segment=None):
    """3DES, and 3DES_112 where the third key is the first."""
    def check(_algorithm, _group, test):
        keys = [h(test[name]) for name in ("key1", "key2", "key3")]
        iv = h(test["iv"]) if "iv" in test else None
        ciphers = [("3DES", b"".join(keys))] + ([("3DES_112", b"".join(keys[:2]))] if keys[0] == keys[2] else [])
        return all(ciphering.block_mode(ciphering.cipher(name, mode, key, segment), h(test["pt"]), h(test["ct"]), iv,
                                        test["tcId"]) for name, key in ciphers)
    return check


def xts(_algorithm, group, test):
    """A vector is one data unit; its number is 64 bits of the tweak in CNG."""
    whole(group["payloadLen"])
    tweak = h(test["tweakValue"]) if group["tweakMode"] == "hex" else test["sequenceNumber"].to_bytes(16, "little")
    if any(tweak[8:]):
        raise Skip("tweak")
    plain, cipher_text = h(test["pt"]), h(test["ct"])
    return ciphering.xts(h(test["key"]), len(plain), int.from_bytes(tweak, "little"), plain, cipher_text, test["tcId"])


def key_wrap(_algorithm, group, test):
    kek, wrapped, number = h(test["key"]), h(test["ct"]), test["tcId"]
    if group["kwCipher"] == "inverse":
        raise Skip("inverse")
    if not test.get("testPassed", True):
        try:
            wrapping.unwrap(kek, wrapped, number)
        except cng.Refused as refused:
            return refused.status == cng.STATUS_INVALID_PARAMETER
        return False
    return (wrapping.wrap(kek, h(test["pt"]), number) == wrapped
            and wrapping.unwrap(kek, wrapped, number) == h(test["pt"]))


# ---- authenticated encryption -----------------------------------------------------------------------------------

def _verdict(a, test, cipher_text, tag):
    if test["testPassed"]:
        return a.good(h(test["pt"]), cipher_text, tag, test["tcId"])
    return a.bad(cipher_text, tag, test["tcId"])


def gcm(_algorithm, group, test):
    nonce, tag, cipher_text = h(test["iv"]), h(test["tag"]), h(test["ct"])
    a = sealing.Aead("AES", "GCM", h(test["key"]), nonce, h(test["aad"]), len(tag))
    if len(nonce) == 12 and len(tag) >= 12:
        return _verdict(a, test, cipher_text, tag)
    if not a.refused(cipher_text, test["tcId"]):
        return False
    raise Skip("nonce" if len(nonce) != 12 else "tag")


def ccm(_algorithm, group, test):
    size = group["tagLen"] // 8
    cipher_text, tag = h(test["ct"])[:-size], h(test["ct"])[-size:]
    a = sealing.Aead("AES", "CCM", h(test["key"]), h(test["iv"]), h(test["aad"]), size)
    return _verdict(a, test, cipher_text, tag)


# ---- random numbers ---------------------------------------------------------------------------------------------

def drbg(_algorithm, _group, _test):
    raise Skip("drbg")


# The functions get the file's algorithm, the group and the test.
ALGORITHMS = {
    "SHA-1": fixed_hash, "SHA2-256": fixed_hash, "SHA2-512": fixed_hash, "SHA3-256": fixed_hash, "SHA3-512": fixed_hash,
    "SHAKE-128": shake, "SHAKE-256": shake, "cSHAKE-128": cshake,
    "HMAC-SHA-1": hmac, "HMAC-SHA2-256": hmac, "HMAC-SHA2-384": hmac, "HMAC-SHA3-384": hmac, "HMAC-SHA3-512": hmac,
    "CMAC-AES": cmac, "KMAC-128": kmac,
    "ACVP-AES-ECB": aes("ECB"), "ACVP-AES-CBC": aes("CBC"), "ACVP-AES-CFB128": aes("CFB", 16),
    "ACVP-TDES-ECB": tdes("ECB"), "ACVP-TDES-CBC": tdes("CBC"), "ACVP-TDES-CFB8": tdes("CFB"),
    "ACVP-AES-XTS": xts, "ACVP-AES-KW": key_wrap, "ACVP-AES-GCM": gcm, "ACVP-AES-CCM": ccm,
    "ctrDRBG": drbg,
}
