"""ACVP's groups for key derivation.

Some forms of derivation are not those of CNG's functions. The harness then makes them of CNG's codes, and the vector is
left out ("composed") once these gave the answer: they are right, but no derivation of CNG's was called.
"""
import cng
import deriving
import hashing
from acvp_symmetric import h
from report import Skip, hash_name


def _composed(good):
    if good:
        raise Skip("composed")
    return False


def _prf(name, number):
    """The pseudorandom function of a group, by the objects for codes: (key, data) -> code."""
    if name.startswith("CMAC-AES"):
        return lambda key, data: hashing.cmac(key, data, number)
    hash_ = hash_name(name.removeprefix("HMAC-"))
    return lambda key, data: hashing.hmac(hash_, key, data, number)


def _blocks(function, size):
    """Bytes of function(1), function(2), …"""
    out, i = b"", 1
    while len(out) < size:
        out += function(i)
        i += 1
    return out[:size]


# ---- SP 800-108 -------------------------------------------------------------------------------------------------

# Before how many bits of the fixed data the counter stands, of n.
_PLACES = {"before fixed data": lambda test, n: 0, "after fixed data": lambda test, n: n,
           "middle fixed data": lambda test, n: test["breakLocation"]}


def sp800_108(group, test):
    """Counter mode. CNG's function appends the output's length to the fixed data; in these vectors it is not there."""
    fixed, width, prf = h(test["fixedData"]), group["counterLength"], _prf(group["macMode"], test["tcId"])
    n = 8 * len(fixed)
    after = n - _PLACES[group["counterLocation"]](test, n)
    head, tail = divmod(int.from_bytes(fixed, "big"), 1 << after)

    def block(i):
        whole = ((head << width | i) << after) | tail
        return prf(h(test["keyIn"]), whole.to_bytes((n + width) // 8, "big"))

    bits = group["keyOutLength"]
    out = _blocks(block, (bits + 7) // 8)
    if bits % 8:
        out = out[:-1] + bytes([out[-1] & 0xFF << (8 - bits % 8) & 0xFF])
    return _composed(out == h(test["keyOut"]))


# ---- SP 800-56C -------------------------------------------------------------------------------------------------

def _fixed_info(config, test):
    party = lambda name: h(test[name]["partyId"]) + h(test[name].get("ephemeralData", ""))
    parts = {"uPartyInfo": lambda: party("fixedInfoPartyU"), "vPartyInfo": lambda: party("fixedInfoPartyV"),
             "t": lambda: h(test["kdfParameter"]["t"]), "l": lambda: config["l"].to_bytes(4, "big")}
    if config["fixedInfoEncoding"] != "concatenation":
        raise ValueError("another encoding")
    return [parts[name]() for name in config["fixedInfoPattern"].split("||")]


def hkdf(group, test):
    config, secret = group["kdfConfiguration"], h(test["kdfParameter"]["z"])
    made = deriving.hkdf(hash_name(config["hmacAlg"]), secret, h(test["kdfParameter"]["salt"]),
                         b"".join(_fixed_info(config, test)), config["l"] // 8, test["tcId"])
    return (made == h(test["dkm"])) == test.get("testPassed", True)


def one_step(group, test):
    config, secret, number = group["kdfConfiguration"], h(test["kdfParameter"]["z"]), test["tcId"]
    fields, size, function = _fixed_info(config, test), config["l"] // 8, config["auxFunction"]
    data = lambda i: i.to_bytes(4, "big") + secret + b"".join(fields)
    good = lambda out: (out == h(test["dkm"])) == test.get("testPassed", True)
    if function.startswith("KMAC-"):
        salt = h(test["kdfParameter"]["salt"])
        return _composed(good(hashing.kmac(function.replace("-", ""), salt, data(1), size, number, b"KDF")))
    if function.startswith("HMAC-"):
        prf, salt = _prf(function, number), h(test["kdfParameter"]["salt"])
        return _composed(good(_blocks(lambda i: prf(salt, data(i)), size)))
    name = hash_name(function)
    try:
        return good(deriving.concat(name, secret, fields, size, number))
    except cng.Refused as refused:
        if len(secret) <= deriving.LONGEST_SECRET or refused.status != cng.STATUS_INVALID_PARAMETER:
            raise
    return _left_out_long(good(_blocks(lambda i: hashing.digest(name, data(i), number), size)))


def _left_out_long(good):
    if good:
        raise Skip("secret")
    return False


# What goes into the code beside the fixed data, by the counter's place.
_FEEDBACK = {"before iterator": lambda i, last, fixed: i + last + fixed,
             "after fixed data": lambda i, last, fixed: last + fixed + i}


def two_step(group, test):
    """Extraction by HMAC, expansion by SP 800-108's feedback mode, which CNG does not have."""
    config, parameter = group["kdfConfiguration"], test["kdfParameter"]
    prf, fixed = _prf(config["macMode"], test["tcId"]), b"".join(_fixed_info(config, test))
    if config["kdfMode"] != "feedback":
        raise ValueError("another mode")
    key, last = prf(h(parameter["salt"]), h(parameter["z"])), [h(parameter["iv"])]

    def block(i):
        counter = i.to_bytes(config["counterLen"] // 8, "big")
        last[0] = prf(key, _FEEDBACK[config["counterLocation"]](counter, last[0], fixed))
        return last[0]

    return _composed((_blocks(block, config["l"] // 8) == h(test["dkm"])) == test.get("testPassed", True))


# ---- PBKDF2, TLS ------------------------------------------------------------------------------------------------

def pbkdf2(group, test):
    made = deriving.pbkdf2(hash_name(group["hmacAlg"]), test["password"].encode(), h(test["salt"]),
                           test["iterationCount"], test["keyLen"] // 8, test["tcId"])
    return made == h(test["derivedKey"])


def tls12(group, test):
    """The extended master secret (RFC 7627), and the keys that come out of it (RFC 5246 6.3)."""
    name, number = hash_name(group["hashAlg"]), test["tcId"]
    master = deriving.tls12(name, h(test["preMasterSecret"]), b"extended master secret", h(test["sessionHash"]), 48,
                            number)
    randoms = h(test["serverRandom"]) + h(test["clientRandom"])
    keys = deriving.tls12(name, master, b"key expansion", randoms, group["keyBlockLength"] // 8, number)
    return master == h(test["masterSecret"]) and keys == h(test["keyBlock"])


MODES = {("KDF", None): sp800_108, ("KDA", "HKDF"): hkdf, ("KDA", "OneStep"): one_step, ("KDA", "TwoStep"): two_step,
         ("PBKDF", None): pbkdf2, ("TLS-v1.2", "KDF"): tls12}
