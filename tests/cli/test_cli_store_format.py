"""docs/key-store.md a second time, from that page alone: reads the files that cng makes, down to the private blobs.

The block cipher comes from the openssl command; GHASH and HKDF are short enough for Python, which has scrypt.
"""
import hashlib
import hmac
import os
import struct

from cli_bench import Bench

b = Bench()
home = b.folder / "store"
os.environ["OPENCNG_HOME"] = str(home)
b.write("passphrase", "pass phrase \N{KEY}\n".encode())


# --- cryptography -----------------------------------------------------------------------------------------------------

def aes_block(key, block):
    return b.openssl("enc", "-aes-256-ecb", "-nopad", "-K", key.hex(), data=block)


def gcm_multiply(x, y):
    """SP 800-38D, 6.3: bit 0 is the leftmost."""
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = y >> 1 ^ (0xE1 << 120 if y & 1 else 0)
    return product


def gcm_open(key, nonce, header, sealed):
    """The text; ValueError when the tag does not match."""
    ciphertext, tag = sealed[:-16], sealed[-16:]
    h, total = int.from_bytes(aes_block(key, bytes(16)), "big"), 0
    for part in (header, ciphertext):
        for at in range(0, len(part), 16):
            total = gcm_multiply(total ^ int.from_bytes(part[at:at + 16].ljust(16, b"\0"), "big"), h)
    total = gcm_multiply(total ^ int.from_bytes(struct.pack(">QQ", 8 * len(header), 8 * len(ciphertext)), "big"), h)
    mask = int.from_bytes(aes_block(key, nonce + bytes.fromhex("00000001")), "big")
    if (total ^ mask).to_bytes(16, "big") != tag:
        raise ValueError("the tag does not match")
    if not ciphertext:
        return b""
    return b.openssl("enc", "-aes-256-ctr", "-K", key.hex(), "-iv", nonce.hex() + "00000002", data=ciphertext)


def hkdf(secret, salt, info):
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\1", "sha256")


# --- the files --------------------------------------------------------------------------------------------------------

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        self.at += n
        if self.at > len(self.data):
            raise ValueError("the file is too short")
        return self.data[self.at - n:self.at]

    def number(self, n):
        return int.from_bytes(self.take(n), "little")

    def counted(self, n):
        return self.take(self.number(n))


def open_slot(path, passphrase=None):
    """(KEK id, KEK)"""
    r = Reader(path.read_bytes())
    assert r.take(8) == b"OCNGSLT\x1a" and r.number(4) == 1
    kek_id, _, salt = r.take(16), r.number(8), r.take(32)
    name, kind, parameters = r.counted(1), r.counted(1), r.counted(2)
    header = r.data[:r.at]
    assert path.name == f"{name.decode()}.{kek_id.hex()}.slot"
    if kind == b"passphrase":
        p = Reader(parameters)
        n, block, parallel = 1 << p.number(1), p.number(4), p.number(4)
        secret = hashlib.scrypt(passphrase, salt=p.take(32), n=n, r=block, p=parallel, dklen=32, maxmem=1 << 28)
    else:
        assert kind == b"file"
        secret = parameters
    nonce = r.take(12)
    return kek_id, gcm_open(hkdf(secret, salt, b"OpenCNG slot v1"), nonce, header, r.take(48))


def open_current(kek_id, kek):
    """The retired KEK, or nothing."""
    r = Reader((home / "user/protectors/current.kek").read_bytes())
    assert r.take(8) == b"OCNGKEK\x1a" and r.number(4) == 1
    retired = r.number(4)
    assert r.take(16) == kek_id
    salt = r.take(32)
    r.take(16 * retired)
    header, nonce = r.data[:r.at], r.take(12)
    return gcm_open(hkdf(kek, salt, b"OpenCNG current KEK v1"), nonce, header, r.data[r.at:])


def open_key(name, spec, kek_id, kek):
    """(entries of the header, blob type, blob)"""
    folded = "".join(c.lower() if c.isascii() else c for c in name).encode()
    digest = hashlib.sha256(b"OpenCNG key name v1\0" + folded + struct.pack("<I", spec)).digest()
    r = Reader((home / "user/keys" / f"{digest[:20].hex()}.key").read_bytes())
    assert r.take(8) == b"OCNGKEY\x1a" and r.number(4) == 1
    header_bytes, payload_bytes = r.number(4), r.number(4)
    entries, order, end = {}, [], r.at + header_bytes
    while r.at < end:
        tag = r.number(2)
        entries.setdefault(tag, []).append(r.counted(4))
        order.append(tag & 0x7FFF)
    assert r.at == end and order == sorted(order)
    assert entries[0x8009] == [kek_id]
    nonce, head = r.take(12), r.data[:end]
    sealed = r.take(payload_bytes + 16)
    assert r.at == len(r.data)
    payload = Reader(gcm_open(hkdf(kek, entries[0x800A][0], b"OpenCNG key file v1" + kek_id), nonce, head, sealed))
    kind = payload.counted(1)
    return entries, kind.decode(), payload.data[payload.at:]


KEYS = {
    "mail": (0, ["RSA", "--bits", "1024"], "RSAFULLPRIVATEBLOB"),
    "Login": (2, ["ECDSA_P256"], "ECCPRIVATEBLOB"),
    "schlüssel \N{KEY}": (1, ["ECDH", "--curve", "curve25519"], "ECCPRIVATEBLOB"),
    "x" * 500: (0, ["DSA", "--bits", "1024"], "DSAPRIVATEBLOB"),
}


def check_all(kek_id, kek, what, *unlock):
    for name, (spec, words, kind) in KEYS.items():
        entries, found, blob = open_key(name, spec, kek_id, kek)
        b.equal((entries[0x8001], entries[0x8003], found), ([name.encode()], [b"\1"], kind), f"{what}: {name[:20]}")
        exported = b.json("store", "export", name, "--spec", str(spec), "--private", "--type", kind, *unlock)["blob"]
        b.equal(blob.hex(), exported, f"{what}: the private blob of {name[:20]} is what cng exports")
    return entries


with b.part("as cng makes it"):
    for name, (spec, words, _) in KEYS.items():
        b.must("store", "create", name, "--spec", str(spec), "--exportable-plain", "--algorithm", *words)
    slots = list((home / "user/protectors").glob("default.*.slot"))
    b.equal(len(slots), 1, "one slot")
    kek_id, kek = open_slot(slots[0])
    b.equal(open_current(kek_id, kek), b"", "current.kek is authentic, and no rotation goes on")
    entries = check_all(kek_id, kek, "made")
    b.equal(entries[0x800C], [struct.pack("<I", 3)], "the export policy is in the header")

with b.part("with a passphrase, after a rotation"):
    b.must("store", "protect", "--name", "mine", "--type", "passphrase", "--cost", "12", "--new-passphrase-file", "passphrase")
    b.must("store", "unprotect", "default")
    b.must("store", "rotate", "--passphrase-file", "passphrase")
    slots = list((home / "user/protectors").glob("*.slot"))
    b.equal([slot.name.split(".")[0] for slot in slots], ["mine"], "one slot again")
    new_id, new_kek = open_slot(slots[0], "pass phrase \N{KEY}".encode())
    b.check(new_id != kek_id and new_kek != kek, "another KEK")
    b.equal(open_current(new_id, new_kek), b"", "current.kek is authentic")
    check_all(new_id, new_kek, "rotated", "--passphrase-file", "passphrase")

b.done()
