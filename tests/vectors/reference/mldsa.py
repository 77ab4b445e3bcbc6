"""ML-DSA by FIPS 204, algorithm by algorithm."""
import hashlib

Q, N, D = 8380417, 256, 13
# tau, lambda, gamma1, gamma2, k, l, eta, omega
SETS = {"44": (39, 128, 1 << 17, (Q - 1) // 88, 4, 4, 2, 80), "65": (49, 192, 1 << 19, (Q - 1) // 32, 6, 5, 4, 55),
        "87": (60, 256, 1 << 19, (Q - 1) // 32, 8, 7, 2, 75)}
ZETAS = [pow(1753, int(format(i, "08b")[::-1], 2), Q) for i in range(256)]


def _h(data, size):
    return hashlib.shake_256(data).digest(size)


def ntt(f):
    f, m, size = list(f), 0, 128
    while size >= 1:
        for start in range(0, N, 2 * size):
            m += 1
            for j in range(start, start + size):
                t = ZETAS[m] * f[j + size] % Q
                f[j + size], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
        size //= 2
    return f


def inverse_ntt(f):
    f, m, size = list(f), 256, 1
    while size < 256:
        for start in range(0, N, 2 * size):
            m -= 1
            for j in range(start, start + size):
                t = f[j]
                f[j], f[j + size] = (t + f[j + size]) % Q, -ZETAS[m] * (t - f[j + size]) % Q
        size *= 2
    return [x * 8347681 % Q for x in f]


def multiply(f, g):
    return [a * b % Q for a, b in zip(f, g)]


def add(*polynomials):
    return [sum(c) % Q for c in zip(*polynomials)]


def signed(x, modulus=Q):
    x %= modulus
    return x - modulus if x > modulus // 2 else x


def largest(vector):
    return max(abs(signed(x)) for f in vector for x in f)


def pack(f, bits):
    return sum(x << bits * i for i, x in enumerate(f)).to_bytes(32 * bits, "little")


def unpack(data, bits):
    value = int.from_bytes(data, "little")
    return [value >> bits * i & ((1 << bits) - 1) for i in range(N)]


def _expand_a(rho, k, l):
    def sample(seed):
        stream, out, at = hashlib.shake_128(seed).digest(4096), [], 0
        while len(out) < N:
            value = int.from_bytes(stream[at:at + 3], "little") & 0x7FFFFF
            at += 3
            if value < Q:
                out.append(value)
        return out
    return [[sample(rho + bytes([s, r])) for s in range(l)] for r in range(k)]


def _expand_s(rho, k, l, eta):
    def sample(seed):
        out = []
        for byte in _h(seed, 1024):
            for z in (byte % 16, byte // 16):
                if eta == 2 and z < 15:
                    out.append(2 - z % 5)
                elif eta == 4 and z < 9:
                    out.append(4 - z)
        return out[:N]
    all_of_them = [sample(rho + i.to_bytes(2, "little")) for i in range(k + l)]
    return all_of_them[:l], all_of_them[l:]


def _power2round(x):
    low = signed(x, 1 << D) if x % (1 << D) != 1 << (D - 1) else 1 << (D - 1)
    return (x - low) >> D, low


def _decompose(x, gamma2):
    x %= Q
    low = x % (2 * gamma2)
    if low > gamma2:
        low -= 2 * gamma2
    return (0, low - 1) if x - low == Q - 1 else ((x - low) // (2 * gamma2), low)


def _keys(name, seed):
    tau, lam, gamma1, gamma2, k, l, eta, omega = SETS[name]
    expanded = _h(seed + bytes([k, l]), 128)
    rho, rho2, key = expanded[:32], expanded[32:96], expanded[96:]
    a = _expand_a(rho, k, l)
    s1, s2 = _expand_s(rho2, k, l, eta)
    s1_hat = [ntt(f) for f in s1]
    t = [add(inverse_ntt(add(*(multiply(a[i][j], s1_hat[j]) for j in range(l)))), s2[i]) for i in range(k)]
    halves = [[_power2round(x) for x in f] for f in t]
    t1, t0 = [[h for h, _ in f] for f in halves], [[low for _, low in f] for f in halves]
    public = rho + b"".join(pack(f, 10) for f in t1)
    tr = _h(public, 64)
    bits = (2 * eta).bit_length()
    private = (rho + key + tr + b"".join(pack([eta - x for x in f], bits) for f in s1 + s2) +
               b"".join(pack([(1 << (D - 1)) - x for x in f], D) for f in t0))
    return public, private, (a, key, tr, s1, s2, t0)


def keygen(name, seed):
    """(public key, private key)"""
    return _keys(name, seed)[:2]


def message_of(message, context=b"", prehash=None):
    """M' of the pure variant, or with `prehash` = (object identifier in DER, digest) of the other."""
    if prehash:
        return b"\1" + bytes([len(context)]) + context + prehash[0] + prehash[1]
    return b"\0" + bytes([len(context)]) + context + message


def mu_of(public, formatted):
    return _h(_h(public, 64) + formatted, 64)


def _challenge(seed, tau):
    c, stream = [0] * N, _h(seed, 1024)
    signs, at = int.from_bytes(stream[:8], "little"), 8
    for i in range(256 - tau, 256):
        while stream[at] > i:
            at += 1
        j = stream[at]
        at += 1
        c[i], c[j] = c[j], 1 - 2 * (signs & 1)
        signs >>= 1
    return c


def sign(name, seed, mu, random=bytes(32)):
    tau, lam, gamma1, gamma2, k, l, eta, omega = SETS[name]
    a, key, tr, s1, s2, t0 = _keys(name, seed)[2]
    beta, bits, high_bits = tau * eta, gamma1.bit_length(), ((Q - 1) // (2 * gamma2) - 1).bit_length()
    s1, s2, t0 = ([ntt(f) for f in v] for v in (s1, s2, t0))
    rho = _h(key + random + mu, 64)
    kappa = 0
    while True:
        y = [[gamma1 - x for x in unpack(_h(rho + (kappa + r).to_bytes(2, "little"), 32 * bits), bits)]
             for r in range(l)]
        kappa += l
        y_hat = [ntt(f) for f in y]
        w = [inverse_ntt(add(*(multiply(a[i][j], y_hat[j]) for j in range(l)))) for i in range(k)]
        w1 = b"".join(pack([_decompose(x, gamma2)[0] for x in f], high_bits) for f in w)
        seed_c = _h(mu + w1, lam // 4)
        c = ntt(_challenge(seed_c, tau))
        z = [add(y[i], inverse_ntt(multiply(c, s1[i]))) for i in range(l)]
        r0 = [[a - b for a, b in zip(w[i], inverse_ntt(multiply(c, s2[i])))] for i in range(k)]
        low = max(abs(_decompose(x, gamma2)[1]) for f in r0 for x in f)
        if largest(z) >= gamma1 - beta or low >= gamma2 - beta:
            continue
        ct0 = [inverse_ntt(multiply(c, f)) for f in t0]
        hints = [[_decompose(r, gamma2)[0] != _decompose(r + t, gamma2)[0] for r, t in zip(r0[i], ct0[i])]
                 for i in range(k)]
        if largest(ct0) >= gamma2 or sum(map(sum, hints)) > omega:
            continue
        positions, ends = [], []
        for f in hints:
            positions += [i for i, hint in enumerate(f) if hint]
            ends.append(len(positions))
        hint = bytes(positions + [0] * (omega - len(positions)) + ends)
        return seed_c + b"".join(pack([gamma1 - signed(x) for x in f], bits) for f in z) + hint
