"""SymCrypt's sections, and which of its records cannot be driven."""
import cng
import symcrypt_symmetric
from records import h, i, records
from report import Skip


def dsa(record):
    p, q, g, x, y = (i(record[name]) for name in ("P", "Q", "G", "X", "H"))
    if q.bit_length() != (160 if p.bit_length() <= 1024 else 256) or p.bit_length() % 64 or p.bit_length() > 3072:
        raise Skip("group")
    key = cng.Algorithm.get("DSA").import_key("DSAPRIVATEBLOB", cng.dsa_blob(p, q, g, y, x))
    # SymCrypt takes the leftmost bits of a longer hash as a number, without the zeros before it.
    hashed = i(record["Hash"])
    hashed >>= max(0, hashed.bit_length() - q.bit_length())
    message = cng.number(hashed, (q.bit_length() + 7) // 8)
    return key.verify(message, h(record["Sig"])) and key.verify(message, key.sign(message))


def _rsa(record):
    n, e, p, q = (i(record[name]) for name in ("N", "e", "P1", "P2"))
    if n.bit_length() < 512:
        raise Skip("size")
    return cng.Algorithm.get("RSA").import_key("RSAPRIVATEBLOB", cng.rsa_private_blob(n, e, p, q))


def rsa_raw(record):
    key = _rsa(record)
    size = (i(record["N"]).bit_length() + 7) // 8
    message, cipher = h(record["Msg"]).rjust(size, b"\0"), h(record["Ciphertext"]).rjust(size, b"\0")
    return key.encrypt(message, cng.PAD_NONE) == cipher and key.decrypt(cipher, cng.PAD_NONE) == message


def rsa_pkcs1(record):
    return _rsa(record).decrypt(h(record["Ciphertext"]), cng.PAD_PKCS1) == h(record["Msg"])


def rsa_oaep(record):
    name = record["HashAlg"].strip('"')
    if name in ("SHA224", "SHA512-224", "SHA512-256", "SHA3-224"):
        raise Skip("hash")
    return _rsa(record).decrypt(h(record["Ciphertext"]), cng.PAD_OAEP, hash_name=name,
                                label=h(record["Label"])) == h(record["Msg"])


SECTIONS = {"Dsa": dsa, "RsaEncRaw": rsa_raw, "RsaEncPkcs1": rsa_pkcs1, "RsaEncOaep": rsa_oaep}

# What is not an answer but belongs to SymCrypt's own driver.
_DRIVERS = {"rrep", "long", "medium", "export", "consistencymb"}


def _generated(_section, _record, _number):
    raise Skip("generator")


def _check(section, record):
    """The function for a record. It gets the section's name, the record and its number."""
    names = {name.lower() for name in record}
    if "rnd" in names:
        return symcrypt_symmetric.CHAINS.get(section, _generated)
    if names & _DRIVERS:
        return _generated
    if section in SECTIONS:
        return lambda _section, record, _number: SECTIONS[section](record)
    return symcrypt_symmetric.SECTIONS[section]


def run(text, tally):
    for number, (section, record) in enumerate(records(text)):
        tally.run(f"{section} record {number}", lambda: _check(section, record)(section, record, number))
