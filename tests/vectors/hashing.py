"""Digests and authentication codes, each computed in every way that the API offers: all have to agree."""
import collections
import itertools

import symmetric
from cng import Refused

# What is computed: `key` is None for hashes; `properties` are set once on a new object, `nonce` (a property too) before
# each message; `more` asks for the result with BCRYPT_HASH_DONT_RESET_FLAG.
Subject = collections.namedtuple("Subject", "name key hmac size xof properties nonce more")


def subject(name, size, key=None, hmac=False, xof=False, properties=(), nonce=(), more=False):
    return Subject(name, key, hmac, size, xof, tuple(properties), tuple(nonce), more)


# Lengths of pieces: none, one, below, at and above the blocks of hashes.
_STEPS = (3, 0, 64, 1, 128, 17, 63, 136, 5, 200)


def pieces(data, number):
    """The data in pieces whose lengths come from the number of the test."""
    scale, at = 1 + len(data) // 2000, 0
    while at < len(data):
        step = _STEPS[number % len(_STEPS)] * scale
        yield data[at:at + step]
        at, number = at + step, number + 1


def sizes(total, number):
    """A number as a sum of numbers."""
    while total > 0:
        step = min(total, _STEPS[number % len(_STEPS)])
        yield step
        total, number = total - step, number + 1


def handle(what, flags=0, pseudo=False):
    """The pseudo-handle where one is asked for and exists, else the algorithm, opened."""
    flags |= symmetric.HMAC if what.hmac else 0
    return (pseudo and symmetric.pseudo(what.name, hmac=what.hmac)) or symmetric.opened(what.name, flags=flags)


def start(what, pseudo=False, in_object=False):
    h = symmetric.Hash(handle(what, pseudo=pseudo), what.key, in_object=in_object)
    h.set(what.properties)
    h.set(what.nonce)
    return h


def _finish(what, h):
    return h.finish(what.size, symmetric.DONT_RESET if what.more else 0)


def _once(what, data, number):
    """BCryptHash"""
    return symmetric.hash_once(handle(what, pseudo=number % 2), what.key, data, what.size)


def _whole(what, data, number):
    """One BCryptHashData, in the caller's memory"""
    h = start(what, pseudo=number % 2, in_object=True)
    h.data(data)
    return _finish(what, h)


def _reusable(what, number):
    """A new reusable object: by the flag of the handle, by that of the object, or by coming from a pseudo-handle."""
    if number % 3 == 0:
        algorithm, flags = handle(what, flags=symmetric.REUSABLE), 0
    else:
        algorithm = symmetric.pseudo(what.name, hmac=what.hmac) if number % 3 == 1 else None
        flags = 0 if algorithm else symmetric.REUSABLE
    h = symmetric.Hash(algorithm or handle(what), what.key, flags)
    h.set(what.properties)
    return h


def _in_pieces(what, data, number):
    """BCryptHashData several times, with a reusable object, twice"""
    h, results = _reusable(what, number), []
    for again in range(2):
        h.set(what.nonce)
        for piece in pieces(data, number + again):
            h.data(piece)
        results.append(_finish(what, h))
        if what.more:
            h.finish(0)
    return _same(results)


def _copied(what, data, number):
    """BCryptDuplicateHash on the way; copy and original both go on"""
    h, copy = start(what, pseudo=(number + 1) % 2), None
    for i, piece in enumerate(pieces(data, number)):
        if i == number % 3:
            copy = h.copy(in_object=number % 2)
        h.data(piece)
        if copy:
            copy.data(piece)
    copy = copy or h.copy(in_object=number % 2)
    return _same([_finish(what, h), _finish(what, copy)])


def _squeezed(what, data, number):
    """The result in parts, with BCRYPT_HASH_DONT_RESET_FLAG"""
    h = start(what, pseudo=number % 2)
    h.data(data)
    parts = list(sizes(what.size, number))
    out = [h.finish(n, symmetric.DONT_RESET) for n in parts[:-1]]
    out += [h.finish(n, symmetric.DONT_RESET if what.more else 0) for n in parts[-1:]]
    return b"".join(out)


# Below, at and above what processors compute side by side.
_COUNTS = (3, 4, 5, 8, 9, 16, 17)


def _many(what, data, number):
    """BCryptCreateMultiHash: all hash the same in pieces of their own, by turns; only the second has seen more"""
    algorithm, count = handle(what, flags=symmetric.MULTI, pseudo=number % 2), _COUNTS[number % len(_COUNTS)]
    many = symmetric.Many(algorithm, count, what.key, in_object=number % 2 == 0)
    turns = itertools.zip_longest(*(pieces(data, number + i) for i in range(count)))
    operations = [(i, piece) for turn in turns for i, piece in enumerate(turn) if piece is not None]
    many.run([(1, b"more"), *operations])
    results = many.run([(i, what.size) for i in range(count)])
    again = many.run([(1, data), (1, what.size)])  # a finished one begins anew
    if results[1] == results[0]:
        raise AssertionError("the hashes are not independent")
    return _same([results[0], *results[2:], *again])


_DEFAULT_SIZES = {"SHAKE128": 32, "CSHAKE128": 32, "KMAC128": 32, "SHAKE256": 64, "CSHAKE256": 64, "KMAC256": 64}
_NO_MULTI = {("AES-GMAC", False), ("MD2", True), ("MD4", True)}


def _plain(what):
    return not (what.properties or what.nonce or what.more)


# The ways, and for what each can be gone.
WAYS = ((_once, _plain),
        (_whole, lambda what: True),
        (_in_pieces, lambda what: True),
        (_copied, lambda what: True),
        (_squeezed, lambda what: what.size > 0 and what.xof and (what.more or what.key is None)),
        (_many, lambda what: _plain(what) and (what.name, what.hmac) not in _NO_MULTI
         and _DEFAULT_SIZES.get(what.name, what.size) == what.size))


def _same(results):
    if any(result != results[0] for result in results):
        raise AssertionError("two results of one way differ")
    return results[0]


def value(what, data, number):
    """The result, the same in every way. Refused only if every way is refused."""
    results, refusals = {}, []
    for i, (way, possible) in enumerate(WAYS):
        if not possible(what):
            continue
        try:
            results[way.__name__] = way(what, data, number + i)
        except Refused as refused:
            refusals.append((way.__name__, refused))
    if refusals:
        if results:
            raise AssertionError(f"{refusals[0][0]}: {refusals[0][1]}, which others did not refuse")
        raise refusals[0][1]
    if len(set(results.values())) != 1:
        raise AssertionError("the ways differ: " + ", ".join(f"{name} {o.hex()[:16]}" for name, o in results.items()))
    return next(iter(results.values()))


def brief(name, key, data, size, properties=()):
    """In one way, for great numbers of results."""
    h = symmetric.Hash(symmetric.pseudo(name), key)
    h.set(properties)
    h.data(data)
    return h.finish(size)


SIZES = {"MD2": 16, "MD4": 16, "MD5": 16, "SHA1": 20, "SHA256": 32, "SHA384": 48, "SHA512": 64, "SHA3-256": 32,
         "SHA3-384": 48, "SHA3-512": 64}


def digest(name, data, number):
    return value(subject(name, SIZES[name]), data, number)


def xof(name, data, size, number, function=b"", customization=b""):
    """SHAKE and cSHAKE; without strings both give the same."""
    strings = ("FunctionNameString", function), ("CustomizationString", customization)
    properties = [(prop, text) for prop, text in strings if text]
    return value(subject(name, size, xof=True, properties=properties), data, number)


def hmac(name, key, data, number):
    return value(subject(name, SIZES[name], key, hmac=True), data, number)


def cmac(key, data, number):
    return value(subject("AES-CMAC", 16, key), data, number)


def gmac(key, nonce, data, number):
    return value(subject("AES-GMAC", 16, key, nonce=[("IV", nonce)]), data, number)


def kmac(name, key, data, size, number, customization=b"", as_xof=False):
    properties = [("CustomizationString", customization)] if customization else []
    return value(subject(name, size, key, xof=True, properties=properties, more=as_xof), data, number)


# ACVP's outputs of so many bits: in SHAKE what is left of the last byte stands low (FIPS 202 B.1), in cSHAKE and KMAC
# high.

def low_bits(data, bits):
    return data if bits % 8 == 0 else data[:-1] + bytes([data[-1] & ((1 << bits % 8) - 1)])


def high_bits(data, bits):
    data = low_bits(data, bits)
    return data if bits % 8 == 0 else data[:-1] + bytes([data[-1] << (8 - bits % 8)])
