"""Bytes and numbers that look random and are the same on every run: SHAKE-256 of a label and a counter."""
import hashlib


class Drbg:
    def __init__(self, label):
        self.label, self.count = label.encode(), 0

    def bytes(self, size):
        self.count += 1
        return hashlib.shake_256(self.label + self.count.to_bytes(8, "big")).digest(size)

    def below(self, bound):
        """A number in 1 .. bound - 1."""
        return int.from_bytes(self.bytes((bound.bit_length() + 7) // 8 + 16), "big") % (bound - 1) + 1


_SMALL = [p for p in range(3, 2000, 2) if all(p % q for q in range(3, int(p ** 0.5) + 1, 2))]


def is_prime(value, rounds=40):
    """Miller and Rabin's test; the bases come from the number itself."""
    if value < 4:
        return value in (2, 3)
    if value % 2 == 0 or any(value % p == 0 and value != p for p in _SMALL):
        return False
    odd, twos = value - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    source = Drbg(f"bases of {value}")
    for _ in range(rounds):
        x = pow(source.below(value), odd, value)
        if x in (1, value - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % value
            if x == value - 1:
                break
        else:
            return False
    return True
