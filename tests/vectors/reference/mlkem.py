"""ML-KEM by FIPS 203, algorithm by algorithm."""
import hashlib

Q, N = 3329, 256
SETS = {"512": (2, 3, 10, 4), "768": (3, 2, 10, 4), "1024": (4, 2, 11, 5)}  # k, eta1, du, dv; eta2 is 2


def _reverse(value, bits):
    return int(format(value, f"0{bits}b")[::-1], 2)


ZETAS = [pow(17, _reverse(i, 7), Q) for i in range(128)]
GAMMAS = [pow(17, 2 * _reverse(i, 7) + 1, Q) for i in range(128)]


def _g(data):
    out = hashlib.sha3_512(data).digest()
    return out[:32], out[32:]


def _h(data):
    return hashlib.sha3_256(data).digest()


def _j(data):
    return hashlib.shake_256(data).digest(32)


def ntt(f):
    f, i, size = list(f), 1, 128
    while size >= 2:
        for start in range(0, N, 2 * size):
            for j in range(start, start + size):
                t = ZETAS[i] * f[j + size] % Q
                f[j + size], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
            i += 1
        size //= 2
    return f


def inverse_ntt(f):
    f, i, size = list(f), 127, 2
    while size <= 128:
        for start in range(0, N, 2 * size):
            for j in range(start, start + size):
                t = f[j]
                f[j], f[j + size] = (t + f[j + size]) % Q, ZETAS[i] * (f[j + size] - t) % Q
            i -= 1
        size *= 2
    return [x * 3303 % Q for x in f]


def multiply(f, g):
    out = []
    for i, gamma in enumerate(GAMMAS):
        a0, a1, b0, b1 = f[2 * i], f[2 * i + 1], g[2 * i], g[2 * i + 1]
        out += [(a0 * b0 + a1 * b1 * gamma) % Q, (a0 * b1 + a1 * b0) % Q]
    return out


def add(*polynomials):
    return [sum(c) % Q for c in zip(*polynomials)]


def dot(row, column):
    return add(*(multiply(f, g) for f, g in zip(row, column)))


def encode(f, bits):
    return sum(x << bits * i for i, x in enumerate(f)).to_bytes(32 * bits, "little")


def decode(data, bits):
    value = int.from_bytes(data, "little")
    return [value >> bits * i & ((1 << bits) - 1) for i in range(N)]


def compress(f, bits):
    return [((x << bits + 1) + Q) // (2 * Q) % (1 << bits) for x in f]


def decompress(f, bits):
    return [(x * Q * 2 + (1 << bits)) >> (bits + 1) for x in f]


def sample_ntt(seed):
    stream, out, at = hashlib.shake_128(seed).digest(1680), [], 0
    while len(out) < N:
        a, b, c = stream[at:at + 3]
        at += 3
        out += [d for d in (a + 256 * (b % 16), b // 16 + 16 * c) if d < Q]
    return out[:N]


def sample_cbd(seed, eta):
    bits = int.from_bytes(hashlib.shake_256(seed).digest(64 * eta), "little")
    low = (1 << eta) - 1
    return [(bin(bits >> 2 * eta * i & low).count("1") - bin(bits >> (2 * i + 1) * eta & low).count("1")) % Q
            for i in range(N)]


def _matrix(rho, k):
    return [[sample_ntt(rho + bytes([j, i])) for j in range(k)] for i in range(k)]


def keygen(name, d, z):
    """(ek, dk)"""
    k, eta1, _, _ = SETS[name]
    rho, sigma = _g(d + bytes([k]))
    a = _matrix(rho, k)
    s = [ntt(sample_cbd(sigma + bytes([i]), eta1)) for i in range(k)]
    e = [ntt(sample_cbd(sigma + bytes([k + i]), eta1)) for i in range(k)]
    ek = b"".join(encode(add(dot(a[i], s), e[i]), 12) for i in range(k)) + rho
    return ek, b"".join(encode(f, 12) for f in s) + ek + _h(ek) + z


def _encrypt(name, ek, message, coins):
    k, eta1, du, dv = SETS[name]
    t = [decode(ek[384 * i:384 * (i + 1)], 12) for i in range(k)]
    a = _matrix(ek[384 * k:], k)
    y = [ntt(sample_cbd(coins + bytes([i]), eta1)) for i in range(k)]
    e1 = [sample_cbd(coins + bytes([k + i]), 2) for i in range(k)]
    e2 = sample_cbd(coins + bytes([2 * k]), 2)
    u = [add(inverse_ntt(dot([a[j][i] for j in range(k)], y)), e1[i]) for i in range(k)]
    v = add(inverse_ntt(dot(t, y)), e2, decompress(decode(message, 1), 1))
    return b"".join(encode(compress(f, du), du) for f in u) + encode(compress(v, dv), dv)


def encapsulate(name, ek, message):
    """(shared secret, ciphertext)"""
    shared, coins = _g(message + _h(ek))
    return shared, _encrypt(name, ek, message, coins)


def decapsulate(name, dk, cipher):
    k, _, du, dv = SETS[name]
    s, ek, hashed, z = dk[:384 * k], dk[384 * k:768 * k + 32], dk[768 * k + 32:768 * k + 64], dk[768 * k + 64:]
    u = [decompress(decode(cipher[32 * du * i:32 * du * (i + 1)], du), du) for i in range(k)]
    v = decompress(decode(cipher[32 * du * k:], dv), dv)
    w = dot([decode(s[384 * i:384 * (i + 1)], 12) for i in range(k)], [ntt(f) for f in u])
    message = encode(compress([(a - b) % Q for a, b in zip(v, inverse_ntt(w))], 1), 1)
    shared, coins = _g(message + hashed)
    return shared if _encrypt(name, ek, message, coins) == cipher else _j(z + cipher)
