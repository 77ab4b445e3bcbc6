"""SLH-DSA by FIPS 205, algorithm by algorithm."""
import hashlib
import hmac

# n, h, d, h', a, k, m; w is 16
_SIZES = {"128s": (16, 63, 7, 9, 12, 14, 30), "128f": (16, 66, 22, 3, 6, 33, 34), "192s": (24, 63, 7, 9, 14, 17, 39),
          "192f": (24, 66, 22, 3, 8, 33, 42), "256s": (32, 64, 8, 8, 14, 22, 47), "256f": (32, 68, 17, 4, 9, 35, 49)}
NAMES = [f"{family}-{size}" for family in ("SHA2", "SHAKE") for size in _SIZES]

_WOTS_HASH, _WOTS_PK, _TREE, _FORS_TREE, _FORS_ROOTS, _WOTS_PRF, _FORS_PRF = range(7)


class _Shake:
    def __init__(self, n, pk_seed):
        self.n, self.pk_seed = n, pk_seed

    def f(self, address, data):
        return hashlib.shake_256(self.pk_seed + address + data).digest(self.n)

    h = t = prf = f

    def prf_msg(self, key, random, message):
        return hashlib.shake_256(key + random + message).digest(self.n)

    def h_msg(self, r, root, message, size):
        return hashlib.shake_256(r + self.pk_seed + root + message).digest(size)


class _Sha2:
    def __init__(self, n, pk_seed):
        self.n, self.pk_seed = n, pk_seed
        self.big = hashlib.sha256 if n == 16 else hashlib.sha512
        self._small_start = hashlib.sha256(pk_seed + bytes(64 - n))
        self._big_start = self.big(pk_seed + bytes((64 if n == 16 else 128) - n))

    @staticmethod
    def _short(address):
        return address[3:4] + address[8:16] + address[19:]

    def f(self, address, data):
        state = self._small_start.copy()
        state.update(self._short(address) + data)
        return state.digest()[:self.n]

    prf = f

    def h(self, address, data):
        state = self._big_start.copy()
        state.update(self._short(address) + data)
        return state.digest()[:self.n]

    t = h

    def prf_msg(self, key, random, message):
        return hmac.new(key, random + message, self.big).digest()[:self.n]

    def h_msg(self, r, root, message, size):
        seed, out, counter = r + self.pk_seed + self.big(r + self.pk_seed + root + message).digest(), b"", 0
        while len(out) < size:
            out += self.big(seed + counter.to_bytes(4, "big")).digest()
            counter += 1
        return out[:size]


def _address(layer, tree, kind, a=0, b=0, c=0):
    """Layer, tree, type; then key pair, chain or height, hash or index."""
    return layer.to_bytes(4, "big") + tree.to_bytes(12, "big") + b"".join(x.to_bytes(4, "big") for x in (kind, a, b, c))


def _digits(data, bits, count):
    value = int.from_bytes(data, "big") >> (8 * len(data) - bits * count)
    return [value >> bits * i & ((1 << bits) - 1) for i in reversed(range(count))]


class Key:
    def __init__(self, name, seed, prf, pk_seed):
        family, size = name.split("-")
        self.n, self.h, self.d, self.height, self.a, self.k, self.m = _SIZES[size]
        self.chains = 2 * self.n + 3
        self.seed, self.prf_key, self.pk_seed = seed, prf, pk_seed
        self.hash = (_Sha2 if family == "SHA2" else _Shake)(self.n, pk_seed)
        self.root = self._xmss(self.d - 1, 0)[-1][0]
        self.public, self.private = pk_seed + self.root, seed + prf + pk_seed + self.root

    def _chain(self, data, start, steps, layer, tree, pair, chain):
        for i in range(start, start + steps):
            data = self.hash.f(_address(layer, tree, _WOTS_HASH, pair, chain, i), data)
        return data

    def _wots_secret(self, layer, tree, pair, chain):
        return self.hash.prf(_address(layer, tree, _WOTS_PRF, pair, chain), self.seed)

    def _leaf(self, layer, tree, pair):
        ends = b"".join(self._chain(self._wots_secret(layer, tree, pair, i), 0, 15, layer, tree, pair, i)
                        for i in range(self.chains))
        return self.hash.t(_address(layer, tree, _WOTS_PK, pair), ends)

    def _wots_sign(self, message, layer, tree, pair):
        digits = _digits(message, 4, 2 * self.n)
        check = sum(15 - digit for digit in digits) << 4
        digits += _digits(check.to_bytes(2, "big"), 4, 3)
        return b"".join(self._chain(self._wots_secret(layer, tree, pair, i), 0, digit, layer, tree, pair, i)
                        for i, digit in enumerate(digits))

    def _xmss(self, layer, tree):
        """All nodes of a tree, level by level."""
        levels = [[self._leaf(layer, tree, i) for i in range(1 << self.height)]]
        while len(levels[-1]) > 1:
            below, z = levels[-1], len(levels)
            levels.append([self.hash.h(_address(layer, tree, _TREE, 0, z, i), below[2 * i] + below[2 * i + 1])
                           for i in range(len(below) // 2)])
        return levels

    def _fors(self, digest, tree, pair):
        """(signature, public key)"""
        signature, roots = b"", b""
        for i, index in enumerate(_digits(digest, self.a, self.k)):
            base = i << self.a
            secrets = [self.hash.prf(_address(0, tree, _FORS_PRF, pair, 0, base + j), self.seed)
                       for j in range(1 << self.a)]
            nodes = [self.hash.f(_address(0, tree, _FORS_TREE, pair, 0, base + j), s) for j, s in enumerate(secrets)]
            signature += secrets[index]
            for z in range(1, self.a + 1):
                signature += nodes[index ^ 1]
                base, index = base >> 1, index >> 1
                nodes = [self.hash.h(_address(0, tree, _FORS_TREE, pair, z, base + j), nodes[2 * j] + nodes[2 * j + 1])
                         for j in range(len(nodes) // 2)]
            roots += nodes[0]
        return signature, self.hash.t(_address(0, tree, _FORS_ROOTS, pair), roots)

    def sign(self, formatted, random=None):
        """Of M' (FIPS 205 10.2, the same as ML-DSA's); without randomness the deterministic variant."""
        r = self.hash.prf_msg(self.prf_key, random or self.pk_seed, formatted)
        digest = self.hash.h_msg(r, self.root, formatted, self.m)
        split = (self.k * self.a + 7) // 8
        tree_bits = self.h - self.height
        tree_size, leaf_size = (tree_bits + 7) // 8, (self.height + 7) // 8
        tree = int.from_bytes(digest[split:split + tree_size], "big") % (1 << tree_bits)
        leaf = int.from_bytes(digest[split + tree_size:split + tree_size + leaf_size], "big") % (1 << self.height)
        fors, node = self._fors(digest[:split], tree, leaf)
        signature = r + fors
        for layer in range(self.d):
            levels = self._xmss(layer, tree)
            signature += self._wots_sign(node, layer, tree, leaf)
            signature += b"".join(levels[z][(leaf >> z) ^ 1] for z in range(self.height))
            node = levels[-1][0]
            leaf, tree = tree % (1 << self.height), tree >> self.height
        return signature
