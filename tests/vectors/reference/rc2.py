"""RC2 (RFC 2268): blocks only. Its table is the digits of pi, made into a permutation."""

# RFC 2268 2.
_PI = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f40eb"
    "86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda46690757"
    "27f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e"
    "0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b255597312d5dfa98e38a92ae05df2910676cbac9"
    "d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad")


class Rc2:
    block = 8

    def __init__(self, key, effective):
        n, limit = len(key), (effective + 7) // 8
        table = bytearray(key.ljust(128, b"\0"))
        for i in range(n, 128):
            table[i] = _PI[(table[i - 1] + table[i - n]) % 256]
        table[128 - limit] = _PI[table[128 - limit] & 255 >> -effective % 8]
        for i in range(127 - limit, -1, -1):
            table[i] = _PI[table[i + 1] ^ table[i + limit]]
        self.keys = [int.from_bytes(table[2 * i:2 * i + 2], "little") for i in range(64)]

    def encrypt(self, block):
        r, k = [int.from_bytes(block[at:at + 2], "little") for at in range(0, 8, 2)], iter(self.keys)
        for round_ in range(16):
            for i, shift in enumerate((1, 2, 3, 5)):
                x = (r[i] + next(k) + (r[i - 1] & r[i - 2]) + (~r[i - 1] & r[i - 3])) & 0xFFFF
                r[i] = (x << shift | x >> (16 - shift)) & 0xFFFF
            if round_ in (4, 10):
                for i in range(4):
                    r[i] = (r[i] + self.keys[r[i - 1] & 63]) & 0xFFFF
        return b"".join(x.to_bytes(2, "little") for x in r)

    def decrypt(self, block):
        r, k = [int.from_bytes(block[at:at + 2], "little") for at in range(0, 8, 2)], reversed(self.keys)
        for round_ in reversed(range(16)):
            if round_ in (4, 10):
                for i in reversed(range(4)):
                    r[i] = (r[i] - self.keys[r[i - 1] & 63]) & 0xFFFF
            for i, shift in reversed(list(enumerate((1, 2, 3, 5)))):
                x = (r[i] >> shift | r[i] << (16 - shift)) & 0xFFFF
                r[i] = (x - next(k) - (r[i - 1] & r[i - 2]) - (~r[i - 1] & r[i - 3])) & 0xFFFF
        return b"".join(x.to_bytes(2, "little") for x in r)
