"""AES (FIPS 197): blocks only. The table comes from inversion in the field."""


def _times(a, b):
    out = 0
    while b:
        out ^= a if b & 1 else 0
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return out


def _box(value):
    inverse = next((x for x in range(256) if _times(value, x) == 1), 0)
    turned = inverse << 1 ^ inverse << 2 ^ inverse << 3 ^ inverse << 4
    return 0x63 ^ inverse ^ (turned ^ turned >> 8) & 0xFF


_S = bytes(map(_box, range(256)))
_INVERSE = bytes(_S.index(x) for x in range(256))
# Columns of the matrix, and of its inverse.
_MIX, _UNMIX = (2, 1, 1, 3), (14, 9, 13, 11)


class Aes:
    block = 16

    def __init__(self, key):
        n, constant = len(key) // 4, 1
        self.rounds = n + 6
        words = [key[at:at + 4] for at in range(0, len(key), 4)]
        for i in range(n, 4 * (self.rounds + 1)):
            word = words[-1]
            if i % n == 0:
                word = bytes(_S[x] for x in word[1:] + word[:1])
                word, constant = bytes([word[0] ^ constant]) + word[1:], _times(constant, 2)
            elif n > 6 and i % n == 4:
                word = bytes(_S[x] for x in word)
            words.append(bytes(a ^ b for a, b in zip(words[i - n], word)))
        self.keys = [b"".join(words[at:at + 4]) for at in range(0, len(words), 4)]

    @staticmethod
    def _mix(state, matrix):
        out = bytearray(16)
        for i in range(16):
            column, row = i // 4 * 4, i % 4
            for j in range(4):
                out[i] ^= _times(state[column + j], matrix[(row - j) % 4])
        return bytes(out)

    @staticmethod
    def _add(state, key):
        return bytes(a ^ b for a, b in zip(state, key))

    def encrypt(self, block):
        state = self._add(block, self.keys[0])
        for i in range(1, self.rounds + 1):
            state = bytes(_S[state[(5 * j) % 16]] for j in range(16))
            if i < self.rounds:
                state = self._mix(state, _MIX)
            state = self._add(state, self.keys[i])
        return state

    def decrypt(self, block):
        state = self._add(block, self.keys[self.rounds])
        for i in range(self.rounds - 1, -1, -1):
            state = self._add(bytes(_INVERSE[state[(13 * j) % 16]] for j in range(16)), self.keys[i])
            if i:
                state = self._mix(state, _UNMIX)
        return state
