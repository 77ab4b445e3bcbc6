"""Ciphers, each vector in every way that the API offers, in both directions."""
import collections
import ctypes
import struct

import cng
import symmetric
from cng import Failed, Refused
from hashing import pieces
from report import Skip
from symmetric import Key

# `mode` is a short name, None where the cipher has none; `segment` the bytes of CFB's feedback, or the data unit of
# XTS-AES; `effective` RC2's effective bits.
Cipher = collections.namedtuple("Cipher", "name mode key block segment effective", defaults=(None, None))

BLOCKS = {"AES": 16, "3DES": 8, "3DES_112": 8, "DES": 8, "DESX": 8, "RC2": 8, "RC4": 1, "XTS-AES": 16}


def cipher(name, mode, key, segment=None, effective=None):
    return Cipher(name, mode, key, BLOCKS[name], segment, effective)


def algorithm(c, pseudo=False):
    """The pseudo-handle where one is asked for, exists and can have the settings, else the algorithm, opened."""
    handle = symmetric.pseudo(c.name, c.mode) if pseudo and not c.effective and not _flags(c) else None
    return handle or symmetric.opened(c.name, c.mode, _flags(c), c.effective)


def _flags(c):
    return symmetric.EXTENDED if len(c.key) > {"RC2": 16, "RC4": 64}.get(c.name, 64) else 0


def _set_segment(c, key):
    if c.segment:
        key.set("MessageBlockLength", struct.pack("=I", c.segment))


# ---- keys: the same one in several ways -------------------------------------------------------------------------

def _generated(c, number):
    return Key(algorithm(c, pseudo=number % 2), c.key, _flags(c))


def _in_object(c, number):
    return Key(algorithm(c, pseudo=number % 2), c.key, _flags(c), in_object=True)


def _imported(c, number):
    return Key(algorithm(c, pseudo=number % 2), in_object=number % 3 == 0,
               blob=("KeyDataBlob", symmetric.key_data_blob(c.key)))


def _mode_on_key(c, number):
    """Made of an algorithm in another mode: the key's own is what counts"""
    if c.mode is None or c.effective:
        return _generated(c, number)
    key = Key(symmetric.opened(c.name, flags=_flags(c)), c.key, _flags(c), in_object=number % 2)
    key.set("ChainingMode", bytes(cng.wide("ChainingMode" + c.mode)))
    return key


def _copied(c, number):
    return _generated(c, number).copy(in_object=number % 2)


def _opaque(c, number):
    """Exported and imported again; the blob keeps the mode"""
    blob = _generated(c, number).export("OpaqueKeyBlob")
    key = Key(algorithm(c), blob=("OpaqueKeyBlob", blob))
    if key.export("OpaqueKeyBlob") != blob:
        raise AssertionError("OpaqueKeyBlob changes on its way")
    return key


def _exported(c, number):
    """What a key exports is what it was made of"""
    key = _generated(c, number)
    if key.export("KeyDataBlob") != symmetric.key_data_blob(c.key):
        raise AssertionError("KeyDataBlob is not the key")
    return key


KEYS = (_generated, _in_object, _imported, _mode_on_key, _copied, _opaque, _exported)


def make(c, number):
    """A key; which way it came into being depends on the number."""
    key = KEYS[number % len(KEYS)](c, number)
    _set_segment(c, key)
    return key


# ---- ways to encrypt and decrypt --------------------------------------------------------------------------------

def iv_buffer(iv):
    return ctypes.create_string_buffer(iv, len(iv)) if iv is not None else None


def _after(c, iv, cipher_text):
    """The chaining value that a call leaves behind."""
    return (iv + cipher_text)[-len(iv):]


def _checked(c, function, data, out, iv, buffer):
    """The IV's buffer holds the chaining value for the next call."""
    if buffer is not None and c.mode in ("CBC", "CFB"):
        text = out if function == "BCryptEncrypt" else data
        if buffer.raw != _after(c, iv, text):
            raise AssertionError("the IV was not replaced by the last block of ciphertext")
    return out


def _apart(c, function, data, iv, number):
    """One call, output elsewhere, after a question for the size"""
    key, buffer = make(c, number), iv_buffer(iv)
    if key.size(function, data, buffer) != len(data) or (buffer is not None and buffer.raw != iv):
        raise AssertionError("the question for the size was not answered well")
    return _checked(c, function, data, key.crypt(function, data, buffer), iv, buffer)


def _in_place(c, function, data, iv, number):
    """One call, in place"""
    key, buffer = make(c, number), iv_buffer(iv)
    return _checked(c, function, data, key.crypt(function, data, buffer, in_place=True), iv, buffer)


def _units(c, data, number):
    """Pieces of whole blocks, or of whole segments."""
    unit = c.segment or (1 if c.mode == "CFB" or c.block == 1 else c.block)
    for piece in pieces(data[::unit], number):
        yield len(piece) * unit


def _by_iv(c, function, data, iv, number):
    """Several calls, chained by the IV's buffer, alternately in place; the key is changed for a copy on the way"""
    key, buffer, out, at = make(c, number), iv_buffer(iv), b"", 0
    for i, size in enumerate(_units(c, data, number)):
        out += key.crypt(function, data[at:at + size], buffer, in_place=i % 2)
        at += size
        if i % 3 == number % 3:
            key = key.copy(in_object=i % 2)
    return _checked(c, function, data, out, iv, buffer) if data else out


def _by_key(c, function, data, iv, number):
    """Several calls without an IV: it is a property of the key, which keeps the chaining value"""
    key, out, at = make(c, number), b"", 0
    if iv is not None:
        key.set("IV", iv)
    for i, size in enumerate(_units(c, data, number)):
        out += key.crypt(function, data[at:at + size], in_place=i % 2)
        at += size
        if i % 4 == number % 4:
            key = key.copy()
    return out


def _mixed(c, function, data, iv, number):
    """An IV in the first call, none in those that follow"""
    key, buffer, out, at = make(c, number), iv_buffer(iv), b"", 0
    for size in _units(c, data, number):
        out += key.crypt(function, data[at:at + size], buffer)
        buffer, at = None, at + size
    return out


WAYS = (_apart, _in_place, _by_iv, _by_key, _mixed)


def run(c, function, data, iv, number, ways=WAYS):
    """The output, the same in every way."""
    results = {way.__name__: way(c, function, data, iv, number + i) for i, way in enumerate(ways)}
    if len(set(results.values())) != 1:
        raise AssertionError("the ways differ: " + ", ".join(f"{name} {o.hex()[:16]}" for name, o in results.items()))
    return next(iter(results.values()))


def block_mode(c, plain, cipher_text, iv, number):
    """Whether the cipher without padding does what a vector says."""
    return (run(c, "BCryptEncrypt", plain, iv, number) == cipher_text
            and run(c, "BCryptDecrypt", cipher_text, iv, number + 1) == plain)


def stream(c, plain, cipher_text, number):
    """RC4: encryption and decryption are one; no IV."""
    ways = (_apart, _in_place, _by_key)
    return (run(c, "BCryptEncrypt", plain, None, number, ways) == cipher_text
            and run(c, "BCryptDecrypt", cipher_text, None, number + 1, ways) == plain)


# ---- block padding ----------------------------------------------------------------------------------------------

def padded_encrypt(c, plain, iv, number):
    room = len(plain) + c.block - len(plain) % c.block
    results = []
    for i, in_place in enumerate((False, True)):
        key, buffer = make(c, number + i), iv_buffer(iv)
        if key.size("BCryptEncrypt", plain, buffer, symmetric.BLOCK_PADDING) != room:
            raise AssertionError("the question for the size was not answered well")
        out = key.crypt("BCryptEncrypt", plain, buffer, flags=symmetric.BLOCK_PADDING, in_place=in_place, room=room)
        results.append(_checked(c, "BCryptEncrypt", plain, out, iv, buffer))
    if results[0] != results[1]:
        raise AssertionError("in place gives something else")
    return results[0]


def padded_decrypt(c, cipher_text, iv, number):
    """The plaintext, or None when the padding is wrong, which has a status of its own."""
    results = []
    for i, in_place in enumerate((False, True)):
        key, buffer = make(c, number + i), iv_buffer(iv)
        try:
            out = key.crypt("BCryptDecrypt", cipher_text, buffer, flags=symmetric.BLOCK_PADDING, in_place=in_place)
            results.append(_checked(c, "BCryptDecrypt", cipher_text, out, iv, buffer))
        except Failed as failed:
            if failed.status != cng.STATUS_DATA_ERROR:
                raise
            results.append(None)
    if results[0] != results[1]:
        raise AssertionError("in place gives something else")
    return results[0]


# ---- XTS-AES ----------------------------------------------------------------------------------------------------

def _numbered(c, function, data, first, number, in_place=False, key=None):
    """One call; the number in the IV's buffer becomes that of the unit behind the last one."""
    buffer = iv_buffer(struct.pack("<Q", first))
    out = (key or make(c, number)).crypt(function, data, buffer, in_place=in_place)
    if buffer.raw != struct.pack("<Q", (first + len(data) // c.segment) % 2 ** 64):
        raise AssertionError("the number was not replaced by the next one")
    return out


def _units_together(c, function, data, first, number):
    return _numbered(c, function, data, first, number)


def _units_in_place(c, function, data, first, number):
    return _numbered(c, function, data, first, number, in_place=True)


def _units_alone(c, function, data, first, number):
    """Each data unit in a call of its own, the last one first"""
    key = make(c, number)
    starts = range(0, len(data), c.segment)
    out = {i: _numbered(c, function, data[at:at + c.segment], (first + i) % 2 ** 64, number, key=key)
           for i, at in reversed(list(enumerate(starts)))}
    return b"".join(out[i] for i in sorted(out))


def xts(key, unit, first, plain, cipher_text, number):
    """Whole data units of `unit` bytes, numbered from `first`."""
    c = Cipher("XTS-AES", None, key, 16, unit)
    ways = (_units_together, _units_in_place, _units_alone)
    return (run(c, "BCryptEncrypt", plain, first, number, ways) == cipher_text
            and run(c, "BCryptDecrypt", cipher_text, first, number + 1, ways) == plain)
