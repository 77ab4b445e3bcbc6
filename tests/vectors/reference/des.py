"""DES (FIPS 46-3), triple DES, and DESX: blocks only."""

_IP = [first - 8 * i for first in (58, 60, 62, 64, 57, 59, 61, 63) for i in range(8)]
_FP = [_IP.index(i + 1) + 1 for i in range(64)]
_E = [(4 * (i // 6) + i % 6 - 1) % 32 + 1 for i in range(48)]
_P = [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11,
      4, 25]
_PC1 = [57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
        63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4]
_PC2 = [14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32]
_SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]
# Each box as its four rows of sixteen.
_S = [
    "e4d12fb83a6c5907 0f74e2d1a6cb9538 41e8d62bfc973a50 fc8249175b3ea06d",
    "f18e6b34972dc05a 3d47f28ec01a69b5 0e7ba4d158c6932f d8a13f42b67c05e9",
    "a09e63f51dc7b428 d709346a285ecbf1 d6498f30b12c5ae7 1ad069874fe3b52c",
    "7de3069a1285bc4f d8b56f03472c1ae9 a690cb7df13e5284 3f06a1d8945bc72e",
    "2c417ab6853fd0e9 eb2c47d150fa3986 421bad78f9c5630e b8c71e2d6f09a453",
    "c1af92680d34e75b af427c9561de0b38 9ef528c3704a1db6 432c95fabe17608d",
    "4b2ef08d3c975a61 d0b7491ae35c2f86 14bdc37eaf680592 6bd814a7950fe23c",
    "d2846fb1a93e50c7 1fd8a374c56b0e92 7b419ce206adf358 21e74a8dfc90356b",
]
_S = [[int(digit, 16) for digit in box.replace(" ", "")] for box in _S]


def _permute(value, size, table):
    """The bits of the table, numbered from 1 at the highest of `size`."""
    out = 0
    for bit in table:
        out = out << 1 | value >> (size - bit) & 1
    return out


def _round_keys(key):
    both = _permute(int.from_bytes(key, "big"), 64, _PC1)
    c, d = both >> 28, both & 0xFFFFFFF
    for shift in _SHIFTS:
        c, d = ((x << shift | x >> (28 - shift)) & 0xFFFFFFF for x in (c, d))
        yield _permute(c << 28 | d, 56, _PC2)


def _f(half, key):
    mixed, out = _permute(half, 32, _E) ^ key, 0
    for i, box in enumerate(_S):
        six = mixed >> (42 - 6 * i) & 63
        out = out << 4 | box[(six >> 4 & 2 | six & 1) * 16 + (six >> 1 & 15)]
    return _permute(out, 32, _P)


def _des(key, block, encrypt):
    keys = list(_round_keys(key))
    both = _permute(int.from_bytes(block, "big"), 64, _IP)
    left, right = both >> 32, both & 0xFFFFFFFF
    for round_key in keys if encrypt else reversed(keys):
        left, right = right, left ^ _f(right, round_key)
    return _permute(right << 32 | left, 64, _FP).to_bytes(8, "big")


def _xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


class Des:
    block = 8

    def __init__(self, key):
        self.key = key

    def encrypt(self, block):
        return _des(self.key, block, True)

    def decrypt(self, block):
        return _des(self.key, block, False)


class TripleDes:
    """Of three keys, or of two (the third is the first)."""
    block = 8

    def __init__(self, key):
        self.keys = [key[at:at + 8] for at in range(0, len(key), 8)] + ([key[:8]] if len(key) == 16 else [])

    def encrypt(self, block):
        a, b, c = self.keys
        return _des(c, _des(b, _des(a, block, True), False), True)

    def decrypt(self, block):
        a, b, c = self.keys
        return _des(a, _des(b, _des(c, block, False), True), False)


class Desx:
    """The key of DES, what goes on the input, what goes on the output."""
    block = 8

    def __init__(self, key):
        self.key, self.before, self.after = key[:8], key[8:16], key[16:]

    def encrypt(self, block):
        return _xor(_des(self.key, _xor(block, self.before), True), self.after)

    def decrypt(self, block):
        return _xor(_des(self.key, _xor(block, self.after), False), self.before)
