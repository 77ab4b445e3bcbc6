"""Hashes, symmetric keys and key derivation for the vector harness: in the manner of cng.py, one Python call for each
API call. Every output lies in front of guard bytes, every object buffer too."""
import ctypes
import struct
from ctypes import byref, c_uint32, c_uint64, c_void_p

import cng
from report import Skip

TLS_VERIFY, HMAC, REUSABLE, MULTI, EXTENDED = 0x04, 0x08, 0x20, 0x40, 0x80
BLOCK_PADDING = 1
DONT_RESET = 1
CAPI_AES = 0x10
CHAIN_CALLS = 1

# KDF_…: the types of parameter buffers.
HASH_ALGORITHM, TLS_LABEL, TLS_SEED = 0, 4, 5
LABEL, CONTEXT, SALT, ITERATIONS, GENERIC, HKDF_INFO = 13, 14, 15, 16, 17, 20
OTHER_INFO = 8, 9, 10, 11, 12  # of SP 800-56A, in order

# Windows' pseudo-handles in the order of their numbers, which are 16 n + 1.
_PSEUDO = """MD2 MD4 MD5 SHA1 SHA256 SHA384 SHA512 RC4 RNG HMAC-MD5 HMAC-SHA1 HMAC-SHA256 HMAC-SHA384 HMAC-SHA512 RSA
ECDSA AES-CMAC AES-GMAC HMAC-MD2 HMAC-MD4 3DES/CBC 3DES/ECB 3DES/CFB 3DES_112/CBC 3DES_112/ECB 3DES_112/CFB AES/CBC
AES/ECB AES/CFB AES/CCM AES/GCM DES/CBC DES/ECB DES/CFB DESX/CBC DESX/ECB DESX/CFB RC2/CBC RC2/ECB RC2/CFB DH ECDH
ECDH_P256 ECDH_P384
ECDH_P521 DSA ECDSA_P256 ECDSA_P384 ECDSA_P521 RSA_SIGN CAPI_KDF PBKDF2 SP800_108_CTR_HMAC SP800_56A_CONCAT TLS1_1_KDF
TLS1_2_KDF XTS-AES HKDF CHACHA20_POLY1305 SHA3-256 SHA3-384 SHA3-512 HMAC-SHA3-256 HMAC-SHA3-384 HMAC-SHA3-512 CSHAKE128
CSHAKE256 KMAC128 KMAC256 SHAKE128 SHAKE256 ML-DSA ML-KEM""".split()
_PSEUDO = {name: c_void_p(16 * n + 1) for n, name in enumerate(_PSEUDO)}

_opened = {}


def pseudo(name, mode=None, hmac=False):
    """The pseudo-handle, or None. Without the algorithm the vector is left out."""
    opened(name, flags=HMAC if hmac else 0)
    return _PSEUDO.get(f"HMAC-{name}" if hmac else f"{name}/{mode}" if mode else name)


def opened(name, mode=None, flags=0, effective=None):
    """An algorithm that is opened once; `mode` is a short name (CBC), `effective` are the effective bits of RC2."""
    which = name, mode, flags, effective
    if which not in _opened:
        handle = c_void_p()
        try:
            cng._call("BCryptOpenAlgorithmProvider", byref(handle), cng.wide(name), None, flags)
        except cng.Failed as failed:
            if failed.status == cng.STATUS_NOT_FOUND:
                raise Skip("absent") from None
            raise
        if mode:
            cng.set_property(handle, "ChainingMode", bytes(cng.wide("ChainingMode" + mode)))
        if effective:
            cng.set_property(handle, "EffectiveKeyLength", struct.pack("=I", effective))
        _opened[which] = handle
    return _opened[which]


# ---- memory -----------------------------------------------------------------------------------------------------

_GUARD = b"\xa5" * 16


class Guarded:
    """A buffer in front of guard bytes."""

    def __init__(self, size, content=b""):
        self.size = size
        self.buffer = ctypes.create_string_buffer(content.ljust(size, b"\xcc")[:size] + _GUARD, size + len(_GUARD))

    def bytes(self, count=None):
        if self.buffer.raw[self.size:] != _GUARD:
            raise AssertionError("bytes were written behind the buffer")
        return self.buffer.raw[:self.size if count is None else count]


def _object(algorithm, wanted):
    """(buffer or None, its size) for a caller's object."""
    if not wanted:
        return None, 0
    size = struct.unpack("=I", cng.get_property(algorithm, "ObjectLength"))[0]
    return Guarded(size), size


def _address(guarded):
    return None if guarded is None else guarded.buffer


# ---- hashes -----------------------------------------------------------------------------------------------------

def hash_once(algorithm, key, data, size):
    out = Guarded(size)
    cng._call("BCryptHash", algorithm, key, len(key or b""), data, len(data), out.buffer, size)
    return out.bytes()


class Hash:
    def __init__(self, algorithm, key=None, flags=0, in_object=False, copy_of=None):
        self.handle, self.algorithm = c_void_p(), algorithm
        self.object, size = _object(algorithm, in_object)
        if copy_of is not None:
            cng._call("BCryptDuplicateHash", copy_of.handle, byref(self.handle), _address(self.object), size, 0)
        else:
            cng._call("BCryptCreateHash", algorithm, byref(self.handle), _address(self.object), size, key,
                      len(key or b""), flags)

    def __del__(self):
        if self.handle:
            cng._lib.BCryptDestroyHash(self.handle)

    def set(self, properties):
        for name, value in properties:
            cng.set_property(self.handle, name, value)

    def data(self, data, flags=0):
        cng._call("BCryptHashData", self.handle, data, len(data), flags)

    def finish(self, size, flags=0):
        out = Guarded(size)
        cng._call("BCryptFinishHash", self.handle, out.buffer, size, flags)
        if self.object:
            self.object.bytes()
        return out.bytes()

    def copy(self, in_object=False):
        return Hash(self.algorithm, in_object=in_object, copy_of=self)


class _Operation(ctypes.Structure):
    _fields_ = [("index", c_uint32), ("operation", c_uint32), ("buffer", c_void_p), ("size", c_uint32)]


class Many:
    """BCryptCreateMultiHash. `run` takes (index, data) to add, or (index, a number) to finish with so many bytes."""

    def __init__(self, algorithm, count, key=None, in_object=False):
        self.handle, self.object, size = c_void_p(), None, 0
        if in_object:
            each = struct.unpack("=II", cng.get_property(algorithm, "MultiObjectLength"))
            size = each[0] + count * each[1]
            self.object = Guarded(size)
        cng._call("BCryptCreateMultiHash", algorithm, byref(self.handle), count, _address(self.object), size, key,
                  len(key or b""), 0)

    def __del__(self):
        if self.handle:
            cng._lib.BCryptDestroyHash(self.handle)

    def run(self, operations):
        kept, results = [], []
        array = (_Operation * len(operations))()
        for i, (index, data) in enumerate(operations):
            finish = isinstance(data, int)
            buffer = Guarded(data) if finish else Guarded(len(data), data)
            kept.append(buffer)
            if finish:
                results.append(buffer)
            array[i] = _Operation(index, 2 if finish else 1, ctypes.addressof(buffer.buffer), buffer.size)
        cng._call("BCryptProcessMultiOperations", self.handle, 1, array, ctypes.sizeof(array), 0)
        if self.object:
            self.object.bytes()
        return [buffer.bytes() for buffer in results]


# ---- symmetric keys ---------------------------------------------------------------------------------------------

class AuthInfo(ctypes.Structure):
    """BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO"""
    _fields_ = [("size", c_uint32), ("version", c_uint32), ("nonce", c_void_p), ("nonce_bytes", c_uint32),
                ("auth", c_void_p), ("auth_bytes", c_uint32), ("tag", c_void_p), ("tag_bytes", c_uint32),
                ("mac", c_void_p), ("mac_bytes", c_uint32), ("aad_done", c_uint32), ("data_done", c_uint64),
                ("flags", c_uint32)]

    def __init__(self, nonce, auth, tag):
        """`nonce` and `auth` are bytes, `tag` is a Guarded."""
        self.kept = [ctypes.create_string_buffer(nonce, max(1, len(nonce))),
                     ctypes.create_string_buffer(auth, max(1, len(auth))), tag]
        addresses = [ctypes.addressof(buffer) for buffer in (*self.kept[:2], tag.buffer)]
        super().__init__(ctypes.sizeof(AuthInfo), 1, addresses[0], len(nonce), addresses[1], len(auth), addresses[2],
                         tag.size)

    def no_more_auth(self):
        self.auth, self.auth_bytes = None, 0


class Key:
    """A symmetric key: of its bytes, of a blob, or a copy."""

    def __init__(self, algorithm, secret=None, flags=0, in_object=False, blob=None, unwrap=None, copy_of=None):
        self.handle, self.algorithm = c_void_p(), algorithm
        self.object, size = _object(algorithm, in_object)
        if copy_of is not None:
            cng._call("BCryptDuplicateKey", copy_of.handle, byref(self.handle), _address(self.object), size, 0)
        elif blob is not None:
            kind, data = blob
            cng._call("BCryptImportKey", algorithm, unwrap and unwrap.handle, cng.wide(kind), byref(self.handle),
                      _address(self.object), size, data, len(data), 0)
        else:
            cng._call("BCryptGenerateSymmetricKey", algorithm, byref(self.handle), _address(self.object), size, secret,
                      len(secret), flags)

    def __del__(self):
        if self.handle:
            cng._lib.BCryptDestroyKey(self.handle)

    def set(self, name, value):
        cng.set_property(self.handle, name, value)

    def property(self, name):
        return cng.get_property(self.handle, name)

    def copy(self, in_object=False):
        return Key(self.algorithm, in_object=in_object, copy_of=self)

    def export(self, kind, wrap=None):
        size = c_uint32()
        cng._call("BCryptExportKey", self.handle, wrap and wrap.handle, cng.wide(kind), None, 0, byref(size), 0)
        out = Guarded(size.value)
        cng._call("BCryptExportKey", self.handle, wrap and wrap.handle, cng.wide(kind), out.buffer, out.size,
                  byref(size), 0)
        return out.bytes(size.value)

    def crypt(self, function, data, iv=None, info=None, flags=0, in_place=False, room=None):
        """`iv` is a ctypes buffer, which the call updates; `room` are the bytes of output, else as many as of input."""
        room = len(data) if room is None else room
        out = Guarded(max(room, len(data)), data) if in_place else Guarded(room)
        size = c_uint32()
        cng._call(function, self.handle, out.buffer if in_place else data, len(data), info and byref(info), iv,
                  len(iv) if iv is not None else 0, out.buffer, out.size, byref(size), flags)
        if self.object:
            self.object.bytes()
        return out.bytes(size.value)

    def size(self, function, data, iv=None, flags=0):
        """The answer to a question for the size."""
        size = c_uint32()
        cng._call(function, self.handle, data, len(data), None, iv, len(iv) if iv is not None else 0, None, 0,
                  byref(size), flags)
        return size.value

    def derive(self, params, size, flags=0):
        """`params` are (type, bytes)."""
        kept = []
        buffers = (cng.Buffer * max(1, len(params)))()
        for i, (kind, data) in enumerate(params):
            buffers[i] = cng.Buffer(len(data), kind, cng._pointer(kept, data))
        desc = cng.BufferDesc(0, len(params), ctypes.cast(buffers, c_void_p))
        out, got = Guarded(size), c_uint32()
        cng._call("BCryptKeyDerivation", self.handle, byref(desc) if params else None, out.buffer, size, byref(got),
                  flags)
        if got.value != size:
            raise AssertionError(f"{got.value} of {size} bytes were derived")
        return out.bytes()


def key_data_blob(secret):
    return struct.pack("<4sII", b"KDBM", 1, len(secret)) + secret


def secret_of(blob):
    """The key in a KeyDataBlob."""
    if blob != key_data_blob(blob[12:]):
        raise AssertionError("a KeyDataBlob with another header")
    return blob[12:]


# ---- derivation without a key -----------------------------------------------------------------------------------

def pbkdf2(algorithm, password, salt, iterations, size):
    out = Guarded(size)
    cng._call("BCryptDeriveKeyPBKDF2", algorithm, password, len(password), salt, len(salt), c_uint64(iterations),
              out.buffer, size, 0)
    return out.bytes()


def derive_capi(hashed, target, size):
    """`hashed` is a Hash with its data, `target` an algorithm or None."""
    out = Guarded(size)
    cng._call("BCryptDeriveKeyCapi", hashed.handle, target, out.buffer, size, 0)
    return out.bytes()
