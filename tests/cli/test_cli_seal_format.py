"""docs/seal-format.md a second time, from that page alone: what cng seals opens here, what is sealed here cng opens.

The block ciphers come from the openssl command; GHASH, ChaCha20's tag and the key derivation are short enough for Python.
"""
import hashlib
import hmac
import os
import struct

from cli_bench import Bench

b = Bench()
CHUNK = 65536


def xor(left, right):
    return bytes(x ^ y for x, y in zip(left, right))


def blocks(data):
    return [data[i:i + 16] for i in range(0, len(data), 16)]


# --- the two ciphers --------------------------------------------------------------------------------------------------

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


def aes_gcm(key, nonce, header, text):
    """(text encrypted, or decrypted; a function from ciphertext to tag)"""
    h = int.from_bytes(aes_block(key, bytes(16)), "big")
    out = b.openssl("enc", "-aes-256-ctr", "-K", key.hex(), "-iv", nonce.hex() + "00000002", data=text)

    def tag(ciphertext):
        total = 0
        for part in (header, ciphertext):
            for block in blocks(part):
                total = gcm_multiply(total ^ int.from_bytes(block.ljust(16, b"\0"), "big"), h)
        total = gcm_multiply(total ^ int.from_bytes(struct.pack(">QQ", 8 * len(header), 8 * len(ciphertext)), "big"), h)
        return xor(total.to_bytes(16, "big"), aes_block(key, nonce + bytes.fromhex("00000001")))

    return out, tag


def chacha20(key, nonce, counter, data):
    return b.openssl("enc", "-chacha20", "-K", key.hex(), "-iv", struct.pack("<I", counter).hex() + nonce.hex(), data=data)


def chacha20_poly1305(key, nonce, header, text):
    """RFC 8439, 2.5 and 2.8."""
    out = chacha20(key, nonce, 1, text)

    def tag(ciphertext):
        once = chacha20(key, nonce, 0, bytes(32))
        r = int.from_bytes(once[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
        total = 0
        padded = [part + bytes(-len(part) % 16) for part in (header, ciphertext)]
        for block in blocks(b"".join(padded) + struct.pack("<QQ", len(header), len(ciphertext))):
            total = (total + int.from_bytes(block + b"\1", "little")) * r % (2**130 - 5)
        return ((total + int.from_bytes(once[16:], "little")) % 2**128).to_bytes(16, "little")

    return out, tag


CIPHERS = {1: aes_gcm, 2: chacha20_poly1305}
NAMES = {1: "AES-256-GCM", 2: "ChaCha20-Poly1305"}


# --- the format -------------------------------------------------------------------------------------------------------

def keys(secret, facts):
    """(key, check)"""
    salt, iterations = facts[16:32], struct.unpack(">I", facts[12:16])[0]
    master = hashlib.pbkdf2_hmac("sha512", secret, salt, iterations, 32) if facts[10] == 2 else secret
    prk = hmac.new(salt, master, "sha256").digest()
    info = b"OpenCNG sealed file" + facts
    first = hmac.new(prk, info + b"\1", "sha256").digest()
    return first, hmac.new(prk, first + info + b"\2", "sha256").digest()


def chunks_of(data, size):
    return [data[i:i + size] for i in range(0, len(data), size)] or [b""]


def nonce_of(number, is_last):
    return number.to_bytes(11, "big") + bytes([is_last])


def open_here(sealed, secret):
    facts, header = sealed[:32], sealed[:64]
    assert facts[:9] == b"\x89CNGSEAL\1" and facts[11] == 16
    key, check = keys(secret, facts)
    assert check == sealed[32:64], "the check"
    parts = chunks_of(sealed[64:], CHUNK + 16)
    text = b""
    for number, part in enumerate(parts):
        ciphertext, tag = part[:-16], part[-16:]
        plain, tag_of = CIPHERS[facts[9]](key, nonce_of(number, number == len(parts) - 1), header, ciphertext)
        assert tag_of(ciphertext) == tag, f"the tag of chunk {number}"
        text += plain
    return text


def seal_here(text, secret, cipher, iterations=0):
    facts = b"\x89CNGSEAL" + bytes([1, cipher, 2 if iterations else 1, 16]) + struct.pack(">I", iterations) + os.urandom(16)
    key, check = keys(secret, facts)
    sealed = facts + check
    parts = chunks_of(text, CHUNK)
    for number, part in enumerate(parts):
        ciphertext, tag_of = CIPHERS[cipher](key, nonce_of(number, number == len(parts) - 1), facts + check, part)
        sealed += ciphertext + tag_of(ciphertext)
    return sealed


KEY = os.urandom(32)
b.write("key", KEY)
b.write("passphrase", b"correct horse battery staple\n")

for cipher, name in NAMES.items():
    with b.part(name):
        for size in (0, 1, 1000, CHUNK, CHUNK + 1):
            text = os.urandom(size)
            sealed = b.must("seal", "--key-file", "key", "--algorithm", name, "-", data=text)
            b.equal(len(sealed), 64 + size + 16 * max(1, -(-size // CHUNK)), f"{name}, {size} bytes: the length of the sealed file")
            b.check(open_here(sealed, KEY) == text, f"{name}, {size} bytes: cng's opens by the page")
            b.check(b.must("open", "--key-file", "key", "-", data=seal_here(text, KEY, cipher)) == text,
                    f"{name}, {size} bytes: the page's opens with cng")
        text = b"under a passphrase"
        words = ["--passphrase-file", "passphrase"]
        sealed = b.must("seal", *words, "--iterations", "1000", "--algorithm", name, "-", data=text)
        b.check(open_here(sealed, b"correct horse battery staple") == text, f"{name}: cng's opens by the page with the passphrase")
        b.check(b.must("open", *words, "-", data=seal_here(text, b"correct horse battery staple", cipher, 1)) == text,
                f"{name}: the page's opens with cng and the passphrase")

with b.part("one form"):
    # Not even the owner of the key can make a second form of a text: an empty chunk behind a full one is refused.
    parts = chunks_of(bytes(CHUNK), CHUNK) + [b""]
    facts = b"\x89CNGSEAL" + bytes([1, 1, 1, 16]) + bytes(4) + os.urandom(16)
    key, check = keys(KEY, facts)
    sealed = facts + check
    for number, part in enumerate(parts):
        ciphertext, tag_of = aes_gcm(key, nonce_of(number, number == 1), facts + check, part)
        sealed += ciphertext + tag_of(ciphertext)
    b.equal(b.cng("open", "--key-file", "key", "-", data=sealed).returncode, 1, "an empty chunk behind a full one is refused")

b.done()
