"""Key derivation, in the ways that the API offers; all have to agree."""
import struct

import cng
import symmetric
from cng import Refused
from symmetric import Key

LONGEST_SECRET = 2048  # bytes


def _hash_name(name, number):
    """With its NUL, or without."""
    text = bytes(cng.wide(name))
    return symmetric.HASH_ALGORITHM, text if number % 2 else text[:-2]


def _key(name, secret, number, properties=()):
    """The key of a derivation: with memory of the caller's or without, from a pseudo-handle or not, or imported."""
    algorithm = symmetric.pseudo(name) if number % 2 else symmetric.opened(name)
    if number % 4 == 2 and name != "HKDF":
        key = Key(algorithm, blob=("KeyDataBlob", symmetric.key_data_blob(secret)))
    else:
        key = Key(algorithm, secret, in_object=number % 3 == 0)
    for prop, value in properties:
        key.set(prop, value)
    return key


def same(results):
    """What all ways gave. Refused only if every way was refused."""
    outputs, refusals = [], []
    for call in results:
        try:
            outputs.append(call())
        except Refused as refused:
            refusals.append(refused)
    if refusals and not outputs:
        raise refusals[0]
    if refusals or any(out != outputs[0] for out in outputs):
        raise AssertionError(f"the ways differ: {[out.hex()[:16] for out in outputs]} {refusals}")
    return outputs[0]


def _with(name, secret, size, lists, number, flags=0):
    """The derivation with each of several lists of parameters that mean the same."""
    return same([lambda i=i, params=params: _key(name, secret, number + i).derive(params, size, flags)
                 for i, params in enumerate(lists)])


def pbkdf2(prf, password, salt, iterations, size, number):
    """`prf` is a hash, for HMAC, or AES-CMAC. Long derivations are done in one way only."""
    def by_prf(pseudo):
        hmac = prf != "AES-CMAC"
        algorithm = (symmetric.pseudo(prf, hmac=hmac) if pseudo
                     else symmetric.opened(prf, flags=symmetric.HMAC if hmac else 0))
        return symmetric.pbkdf2(algorithm, password, salt, iterations, size)

    def by_key(kind, number):
        params = [_hash_name(prf, number), (kind, salt), (symmetric.ITERATIONS, struct.pack("=Q", iterations))]
        if number % 3 == 0:
            params.reverse()
        return _key("PBKDF2", password, number).derive(params, size)

    ways = [lambda: by_prf(False), lambda: by_prf(True), lambda: by_key(symmetric.SALT, number),
            lambda: by_key(symmetric.GENERIC, number + 1)]
    return same(ways if iterations < 1 << 20 else ways[number % 4:number % 4 + 1])


def sp800_108(prf, key, label, context, size, number):
    """Counter mode over label || 0 || context and the size; without a label (None) over context and the size."""
    generic = [_hash_name(prf, number), (symmetric.GENERIC, context if label is None else label + b"\0" + context)]
    lists = [generic, generic[::-1]]
    if label is not None:
        lists.append([_hash_name(prf, number + 1), (symmetric.LABEL, label), (symmetric.CONTEXT, context)])
        lists.append([(symmetric.CONTEXT, context), (symmetric.LABEL, label), _hash_name(prf, number)])
    return _with("SP800_108_CTR_HMAC", key, size, lists, number)


def concat(hash_name, secret, fields, size, number):
    """SP 800-56A; `fields` are up to five parts of the other information, in order."""
    named = [_hash_name(hash_name, number), *zip(symmetric.OTHER_INFO, fields)]
    generic = [_hash_name(hash_name, number + 1), (symmetric.GENERIC, b"".join(fields))]
    return _with("SP800_56A_CONCAT", secret, size, [named, named[::-1], generic], number)


def tls11(secret, label, seed, size, number):
    params = [(symmetric.TLS_LABEL, label), (symmetric.TLS_SEED, seed)]
    return _with("TLS1_1_KDF", secret, size, [params, params[::-1]], number)


def tls12(hash_name, secret, label, seed, size, number):
    params = [_hash_name(hash_name, 1), (symmetric.TLS_LABEL, label), (symmetric.TLS_SEED, seed)]
    return _with("TLS1_2_KDF", secret, size, [params, params[::-1]], number)


def hkdf(hash_name, secret, salt, info, size, number):
    """Without a salt (None) the secret is the pseudorandom key."""
    last = ("HkdfPrkAndFinalize", None) if salt is None else ("HkdfSaltAndFinalize", salt)
    properties = [("HkdfHashAlgorithm", bytes(cng.wide(hash_name))), last]
    params = [(symmetric.HKDF_INFO, info)] if info or number % 2 else []

    def derive(number, copied):
        key = _key("HKDF", secret, number, properties)
        return (key.copy(in_object=number % 2) if copied else key).derive(params, size)

    def again():
        key = _key("HKDF", secret, number, properties)
        return same([lambda: key.derive(params, size), lambda: key.derive(params, size)])

    return same([lambda: derive(number, False), lambda: derive(number + 1, True), again])


def capi(hash_name, data, target, size, number):
    """BCryptDeriveKeyCapi over the data's hash, and CAPI_KDF with the data as its secret. `target`: for an AES key."""
    def by_hash(pseudo, in_object):
        algorithm = symmetric.pseudo(hash_name) if pseudo else symmetric.opened(hash_name)
        hashed = symmetric.Hash(algorithm, in_object=in_object)
        hashed.data(data)
        aes = symmetric.pseudo("AES", "CBC") if number % 2 else symmetric.opened("AES")
        return symmetric.derive_capi(hashed, aes if target else None, size)

    def by_key(number):
        flags = symmetric.CAPI_AES if target else 0
        return _key("CAPI_KDF", data, number).derive([_hash_name(hash_name, number)], size, flags)

    return same([lambda: by_hash(False, number % 2), lambda: by_hash(True, number % 2 == 0), lambda: by_key(number),
                 lambda: by_key(number + 1)])
