"""MD2 (RFC 1319) and MD4 (RFC 1320)."""
import struct


def _pi_digits(count):
    """By Machin's formula."""
    unit = 10 ** (count + 10)

    def arctan_of_inverse(x):
        power = total = unit // x
        n, sign = 3, -1
        while power:
            power //= x * x
            total += sign * (power // n)
            n, sign = n + 2, -sign
        return total

    return map(int, str(4 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239)))[:count])


def _pi_permutation():
    """MD2's table: the numbers to 255 shuffled by the digits of pi."""
    digits, s = _pi_digits(1000), list(range(256))

    def below(n):
        while True:
            width = len(str(n - 1)) if n > 10 else 1
            value = int("".join(str(next(digits)) for _ in range(width)))
            if value < 10 ** width // n * n:
                return value % n

    for i in range(2, 257):
        j = below(i)
        s[j], s[i - 1] = s[i - 1], s[j]
    return s


_S = _pi_permutation()


def md2(data):
    count = 16 - len(data) % 16
    data += bytes([count]) * count
    checksum, last = bytearray(16), 0
    for at in range(0, len(data), 16):
        for i in range(16):
            checksum[i] ^= _S[data[at + i] ^ last]
            last = checksum[i]
    data += checksum
    state = bytearray(16)
    for at in range(0, len(data), 16):
        block = data[at:at + 16]
        x, t = state + block + bytes(a ^ b for a, b in zip(state, block)), 0
        for i in range(18):
            for j in range(48):
                t = x[j] = x[j] ^ _S[t]
            t = (t + i) % 256
        state = x[:16]
    return bytes(state)


# Of each round: the function, the constant, the order of the words, the shifts.
_ROUNDS = ((lambda x, y, z: x & y | ~x & z, 0, range(16), (3, 7, 11, 19)),
           (lambda x, y, z: x & y | x & z | y & z, 0x5A827999, [i % 4 * 4 + i // 4 for i in range(16)], (3, 5, 9, 13)),
           (lambda x, y, z: x ^ y ^ z, 0x6ED9EBA1, [int(format(i, "04b")[::-1], 2) for i in range(16)], (3, 9, 11, 15)))


def md4(data):
    mask, size = 0xFFFFFFFF, len(data)
    data += b"\x80" + bytes(-(size + 9) % 64) + struct.pack("<Q", 8 * size)
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    for at in range(0, len(data), 64):
        words, (a, b, c, d) = struct.unpack_from("<16I", data, at), state
        for function, constant, order, shifts in _ROUNDS:
            for i, word in enumerate(order):
                x, shift = (a + function(b, c, d) + words[word] + constant) & mask, shifts[i % 4]
                a, b, c, d = d, (x << shift | x >> (32 - shift)) & mask, b, c
        state = [(x + y) & mask for x, y in zip(state, (a, b, c, d))]
    return struct.pack("<4I", *state)


def hmac(function, block, key, data):
    """RFC 2104 over a function of this module, whose blocks have so many bytes."""
    key = (function(key) if len(key) > block else key).ljust(block, b"\0")
    inner, outer = (bytes(x ^ mask for x in key) for mask in (0x36, 0x5C))
    return function(outer + function(inner + data))
