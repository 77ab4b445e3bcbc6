"""The groups of RFC 3526 (pi) and RFC 7919 (e), computed from their definitions:

    p = 2^b - 2^(b-64) - 1 + 2^64 ( floor(2^(b-130) c) + x )     with the least x for which p and (p-1)/2 are prime
"""
import functools

_X = {("MODP", 1536): 741804, ("MODP", 2048): 124476, ("MODP", 3072): 1690314, ("MODP", 4096): 240904,
      ("ffdhe", 2048): 560316, ("ffdhe", 3072): 2625351, ("ffdhe", 4096): 5736041}

_SPARE = 128  # bits beyond those that are wanted


def _pi(bits):
    """Machin: 16 arctan(1/5) - 4 arctan(1/239)."""
    one = 1 << (bits + _SPARE)

    def arctan(x):
        term, total, k = one // x, 0, 0
        while term:
            total += -(term // (2 * k + 1)) if k % 2 else term // (2 * k + 1)
            term, k = term // (x * x), k + 1
        return total
    return (16 * arctan(5) - 4 * arctan(239)) >> _SPARE


def _e(bits):
    term, total, k = 1 << (bits + _SPARE), 0, 0
    while term:
        total, k = total + term, k + 1
        term //= k
    return total >> _SPARE


@functools.lru_cache(maxsize=None)
def prime(family, bits):
    """The prime of "MODP" or "ffdhe"; the generator is 2."""
    digits = (_pi if family == "MODP" else _e)(bits - 130)
    return (1 << bits) - (1 << (bits - 64)) - 1 + ((digits + _X[family, bits]) << 64)
