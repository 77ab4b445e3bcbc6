"""Modes of block ciphers (SP 800-38A to F), key wrap (RFC 3394), and the stream ciphers RC4 and ChaCha20-Poly1305
(RFC 8439). A block cipher is an object with `block`, `encrypt` and `decrypt`."""
import struct


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def blocks(data, size):
    return [data[at:at + size] for at in range(0, len(data), size)]


def pad(data, size):
    count = size - len(data) % size
    return data + bytes([count]) * count


def ecb(cipher, data):
    return b"".join(map(cipher.encrypt, blocks(data, cipher.block)))


def cbc(cipher, iv, data):
    out = []
    for block in blocks(data, cipher.block):
        iv = cipher.encrypt(xor(iv, block))
        out.append(iv)
    return b"".join(out)


def cfb(cipher, iv, data, segment):
    out = b""
    for part in blocks(data, segment):
        made = xor(part, cipher.encrypt(iv))
        iv, out = iv[segment:] + made, out + made
    return out


# ---- codes ------------------------------------------------------------------------------------------------------

def cmac(cipher, data):
    """SP 800-38B, for blocks of 16 bytes"""
    double = lambda x: (x << 1 ^ (0x87 if x >> 127 else 0)) & (1 << 128) - 1
    key = double(int.from_bytes(cipher.encrypt(bytes(16)), "big"))
    parts = blocks(data, 16) or [b""]
    if len(parts[-1]) < 16:
        key, parts[-1] = double(key), (parts[-1] + b"\x80").ljust(16, b"\0")
    parts[-1] = xor(parts[-1], key.to_bytes(16, "big"))
    return cbc(cipher, bytes(16), b"".join(parts))[-16:]


def _ghash(key, data):
    h, y = int.from_bytes(key, "big"), 0
    for block in blocks(data, 16):
        x, v, y = y ^ int.from_bytes(block, "big"), h, 0
        for i in range(127, -1, -1):
            y ^= v if x >> i & 1 else 0
            v = v >> 1 ^ (0xE1 << 120 if v & 1 else 0)
    return y.to_bytes(16, "big")


def _ctr(cipher, counter, data):
    """The last four bytes of the counter count."""
    start = int.from_bytes(counter[12:], "big")
    counters = (counter[:12] + struct.pack(">I", (start + i) & 0xFFFFFFFF) for i in range((len(data) + 15) // 16))
    return xor(data, b"".join(map(cipher.encrypt, counters)))


def gcm(cipher, nonce, auth, data):
    """(ciphertext, tag of 16 bytes) for a nonce of 12"""
    first, fill = nonce + b"\0\0\0\1", lambda x: x + bytes(-len(x) % 16)
    out = _ctr(cipher, nonce + b"\0\0\0\2", data)
    lengths = struct.pack(">QQ", 8 * len(auth), 8 * len(out))
    return out, xor(cipher.encrypt(first), _ghash(cipher.encrypt(bytes(16)), fill(auth) + fill(out) + lengths))


def ccm(cipher, nonce, auth, data, tag_size):
    """SP 800-38C"""
    q = 15 - len(nonce)
    flags = (64 if auth else 0) | (tag_size - 2) // 2 << 3 | q - 1
    formatted = bytes([flags]) + nonce + len(data).to_bytes(q, "big")
    if auth:
        head = struct.pack(">H", len(auth)) if len(auth) < 0xFF00 else b"\xff\xfe" + struct.pack(">I", len(auth))
        formatted += head + auth
        formatted += bytes(-len(formatted) % 16)
    formatted += data
    code = cbc(cipher, bytes(16), formatted + bytes(-len(formatted) % 16))[-16:]
    counter = lambda i: bytes([q - 1]) + nonce + i.to_bytes(q, "big")
    stream = b"".join(cipher.encrypt(counter(i)) for i in range((len(data) + 15) // 16 + 1))
    return xor(data, stream[16:]), xor(code, stream)[:tag_size]


# ---- storage and keys -------------------------------------------------------------------------------------------

def xts(first, second, number, data):
    """One data unit of whole blocks (IEEE 1619)"""
    tweak, out = int.from_bytes(second.encrypt(number.to_bytes(16, "little")), "little"), []
    for block in blocks(data, 16):
        mask = tweak.to_bytes(16, "little")
        out.append(xor(first.encrypt(xor(block, mask)), mask))
        tweak = (tweak << 1 ^ (0x87 if tweak >> 127 else 0)) & (1 << 128) - 1
    return b"".join(out)


def _wrapped(cipher, first, key):
    a, parts = first, blocks(key, 8)
    for j in range(6):
        for i in range(len(parts)):
            both = cipher.encrypt(a + parts[i])
            a, parts[i] = xor(both[:8], struct.pack(">Q", len(parts) * j + i + 1)), both[8:]
    return a + b"".join(parts)


def wrap(cipher, key):
    return _wrapped(cipher, b"\xa6" * 8, key)


def wrap_padded(cipher, key):
    """RFC 5649"""
    first, padded = b"\xa6\x59\x59\xa6" + struct.pack(">I", len(key)), key + bytes(-len(key) % 8)
    return cipher.encrypt(first + padded) if len(padded) == 8 else _wrapped(cipher, first, padded)


# ---- stream ciphers ---------------------------------------------------------------------------------------------

def rc4(key, data):
    s, j, i, out = list(range(256)), 0, 0, bytearray()
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) % 256
        s[i], s[j] = s[j], s[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + s[i]) % 256
        s[i], s[j] = s[j], s[i]
        out.append(byte ^ s[(s[i] + s[j]) % 256])
    return bytes(out)


def _chacha_block(key, counter, nonce):
    mask = 0xFFFFFFFF
    start = list(struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<I", counter) + nonce))
    s = start[:]

    def quarter(a, b, c, d):
        for into, of, onto, shift in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[into] = (s[into] + s[of]) & mask
            x = s[onto] ^ s[into]
            s[onto] = (x << shift | x >> (32 - shift)) & mask

    for _ in range(10):
        for i in range(4):
            quarter(i, i + 4, i + 8, i + 12)
        for i in range(4):
            quarter(i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12)
    return struct.pack("<16I", *((a + b) & mask for a, b in zip(s, start)))


def chacha20_poly1305(key, nonce, auth, data):
    """(ciphertext, tag)"""
    stream = b"".join(_chacha_block(key, i, nonce) for i in range((len(data) + 63) // 64 + 1))
    out, fill = xor(data, stream[64:]), lambda x: x + bytes(-len(x) % 16)
    r = int.from_bytes(stream[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(stream[16:32], "little")
    code = 0
    for block in blocks(fill(auth) + fill(out) + struct.pack("<QQ", len(auth), len(out)), 16):
        code = (code + int.from_bytes(block + b"\1", "little")) * r % (2 ** 130 - 5)
    return out, ((code + s) & (1 << 128) - 1).to_bytes(16, "little")
