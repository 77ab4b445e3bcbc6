"""SHA-3, SHAKE (FIPS 202), cSHAKE, KMAC and KMACXOF (SP 800-185)."""
from bithash import keccak_f


def sponge(data, rate, suffix, size):
    """`suffix` are the domain's bits with the first one of the padding, from the lowest bit of a byte."""
    data += bytes([suffix]) + bytes(-(len(data) + 1) % rate)
    data = data[:-1] + bytes([data[-1] | 0x80])
    state = [0] * 25
    for at in range(0, len(data), rate):
        for i in range(rate // 8):
            state[i] ^= int.from_bytes(data[at + 8 * i:at + 8 * i + 8], "little")
        state = keccak_f(state)
    out = b""
    while len(out) < size:
        out += b"".join(x.to_bytes(8, "little") for x in state[:rate // 8])
        state = keccak_f(state)
    return out[:size]


def _number(value):
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def left_encode(value):
    return bytes([len(_number(value))]) + _number(value)


def right_encode(value):
    return _number(value) + bytes([len(_number(value))])


def _string(text):
    return left_encode(8 * len(text)) + text


def _padded(data, rate):
    data = left_encode(rate) + data
    return data + bytes(-len(data) % rate)


def rate_of(bits):
    return 200 - bits // 4


def cshake(bits, data, size, function=b"", customization=b""):
    rate = rate_of(bits)
    if not function and not customization:
        return sponge(data, rate, 0x1F, size)
    return sponge(_padded(_string(function) + _string(customization), rate) + data, rate, 0x04, size)


def kmac(bits, key, data, size, customization=b"", xof=False):
    data = _padded(_string(key), rate_of(bits)) + data + right_encode(0 if xof else 8 * size)
    return cshake(bits, data, size, b"KMAC", customization)
