"""SHA-1, SHA-2 and SHA-3 of messages whose length is any number of bits, for SP 800-106 (randomized hashing), which
hashlib cannot do. Slow and plain; constants are computed from the primes they come from (FIPS 180-4 4.2, 5.3).

A message is (value, bits): the bits as one big-endian number.
"""
import math


def _primes(count):
    found = []
    candidate = 2
    while len(found) < count:
        if all(candidate % p for p in found):
            found.append(candidate)
        candidate += 1
    return found


def _cube_root(value):
    root = 1 << -(-value.bit_length() // 3)
    while True:
        better = (2 * root + value // (root * root)) // 3
        if better >= root:
            return root
        root = better


def _padded(message, block, length_bits):
    """The blocks of a message after a one, zeros, and its length."""
    value, bits = message
    zeros = -(bits + 1 + length_bits) % block
    value = (((value << 1 | 1) << zeros) << length_bits) | bits
    total = bits + 1 + zeros + length_bits
    data = value.to_bytes(total // 8, "big")
    return [data[at:at + block // 8] for at in range(0, len(data), block // 8)]


def _words(block, size):
    return [int.from_bytes(block[at:at + size], "big") for at in range(0, len(block), size)]


def _sha1(message):
    mask = 0xFFFFFFFF
    rol = lambda x, n: (x << n | x >> (32 - n)) & mask
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0]
    for block in _padded(message, 512, 64):
        w = _words(block, 4)
        for t in range(16, 80):
            w.append(rol(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1))
        a, b, c, d, e = state
        for t in range(80):
            f, k = ((b & c | ~b & d, 0x5A827999), (b ^ c ^ d, 0x6ED9EBA1), (b & c | b & d | c & d, 0x8F1BBCDC),
                    (b ^ c ^ d, 0xCA62C1D6))[t // 20]
            a, b, c, d, e = (rol(a, 5) + f + e + k + w[t]) & mask, a, rol(b, 30), c, d
        state = [(x + y) & mask for x, y in zip(state, (a, b, c, d, e))]
    return b"".join(x.to_bytes(4, "big") for x in state)


# Word bits -> (rounds, rotations of Sigma0, Sigma1, sigma0, sigma1; the last of a sigma is a shift).
_SHA2 = {32: (64, (2, 13, 22), (6, 11, 25), (7, 18, 3), (17, 19, 10)),
         64: (80, (28, 34, 39), (14, 18, 41), (1, 8, 7), (19, 61, 6))}


def _sha2(message, width, start):
    rounds, big0, big1, small0, small1 = _SHA2[width]
    mask = (1 << width) - 1
    ror = lambda x, n: (x >> n | x << (width - n)) & mask
    big = lambda x, r: ror(x, r[0]) ^ ror(x, r[1]) ^ ror(x, r[2])
    small = lambda x, r: ror(x, r[0]) ^ ror(x, r[1]) ^ x >> r[2]
    k = [_cube_root(p << 3 * width) & mask for p in _primes(rounds)]
    state = list(start)
    for block in _padded(message, 16 * width, 2 * width):
        w = _words(block, width // 8)
        for t in range(16, rounds):
            w.append((small(w[t - 2], small1) + w[t - 7] + small(w[t - 15], small0) + w[t - 16]) & mask)
        a, b, c, d, e, f, g, h = state
        for t in range(rounds):
            t1 = h + big(e, big1) + (e & f ^ ~e & g) + k[t] + w[t]
            t2 = big(a, big0) + (a & b ^ a & c ^ b & c)
            a, b, c, d, e, f, g, h = (t1 + t2) & mask, a, b, c, (d + t1) & mask, e, f, g
        state = [(x + y) & mask for x, y in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(width // 8, "big") for x in state)


def _roots(primes, width):
    return [math.isqrt(p << 2 * width) & ((1 << width) - 1) for p in primes]


_START_256 = _roots(_primes(8), 32)
_START_512 = _roots(_primes(8), 64)
_START_384 = _roots(_primes(16)[8:], 64)
_START_224 = [x & 0xFFFFFFFF for x in _START_384]


def _start_512_of(bits):
    name = f"SHA-512/{bits}".encode()
    message = (int.from_bytes(name, "big"), 8 * len(name))
    return _words(_sha2(message, 64, [x ^ 0xA5A5A5A5A5A5A5A5 for x in _START_512]), 8)


# ---- SHA-3 and SHAKE --------------------------------------------------------------------------------------------

def _round_constants():
    state, out = 1, []
    for _ in range(24):
        constant = 0
        for j in range(7):
            if state & 1:
                constant |= 1 << ((1 << j) - 1)
            state <<= 1
            if state & 0x100:
                state ^= 0x171
        out.append(constant)
    return out


_RC = _round_constants()


def keccak_f(a):
    mask = (1 << 64) - 1
    rol = lambda x, n: (x << n | x >> (64 - n)) & mask if n else x
    for constant in _RC:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[(x - 1) % 5] ^ rol(c[(x + 1) % 5], 1) for x in range(5)]
        a = [a[i] ^ d[i % 5] for i in range(25)]
        x, y, lane = 1, 0, a[1]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            lane, a[x + 5 * y] = a[x + 5 * y], rol(lane, (t + 1) * (t + 2) // 2 % 64)
        a = [a[i] ^ (~a[i - i % 5 + (i + 1) % 5] & a[i - i % 5 + (i + 2) % 5]) & mask for i in range(25)]
        a[0] ^= constant
    return a


def _sponge(message, rate, suffix, size):
    """`suffix` is a string of bits. The bits of a byte are absorbed from the lowest (FIPS 202 B.1)."""
    value, bits = message
    stream = format(value, f"0{bits}b") if bits else ""
    # Bytes of a message are written with their highest bit first: turn each round, a partial one too.
    stream = "".join(stream[at:at + 8][::-1] for at in range(0, bits, 8)) + suffix + "1"
    stream += "0" * (-(len(stream) + 1) % (8 * rate)) + "1"
    data = bytes(int(stream[at:at + 8][::-1], 2) for at in range(0, len(stream), 8))
    state = [0] * 25
    for at in range(0, len(data), rate):
        for i in range(rate // 8):
            state[i] ^= int.from_bytes(data[at + 8 * i:at + 8 * i + 8], "little")
        state = keccak_f(state)
    return b"".join(x.to_bytes(8, "little") for x in state)[:size]  # no digest is longer than a block


HASHES = {
    "SHA-1": _sha1,
    "SHA2-224": lambda m: _sha2(m, 32, _START_224)[:28],
    "SHA2-256": lambda m: _sha2(m, 32, _START_256),
    "SHA2-384": lambda m: _sha2(m, 64, _START_384)[:48],
    "SHA2-512": lambda m: _sha2(m, 64, _START_512),
    "SHA2-512/224": lambda m: _sha2(m, 64, _start_512_of(224))[:28],
    "SHA2-512/256": lambda m: _sha2(m, 64, _start_512_of(256))[:32],
    "SHA3-224": lambda m: _sponge(m, 144, "01", 28),
    "SHA3-256": lambda m: _sponge(m, 136, "01", 32),
    "SHA3-384": lambda m: _sponge(m, 104, "01", 48),
    "SHA3-512": lambda m: _sponge(m, 72, "01", 64),
    "SHAKE-128": lambda m: _sponge(m, 168, "1111", 32),
    "SHAKE-256": lambda m: _sponge(m, 136, "1111", 64),
}


def randomized(name, message, random):
    """The digest of a message that SP 800-106 3.3 randomizes, which leaves it a bit longer than whole bytes."""
    bits, random_bits = 8 * len(message), 8 * len(random)
    value = int.from_bytes(message, "big") << 1 | 1
    bits += 1
    if bits < random_bits:
        value, bits = value << (random_bits - bits), random_bits
    r, rest = int.from_bytes(random, "big"), bits % random_bits
    repeated = int.from_bytes(random * (bits // random_bits), "big") << rest | r & ((1 << rest) - 1)
    value = (r << bits | value ^ repeated) << 16 | random_bits
    return HASHES[name]((value, random_bits + bits + 16))
