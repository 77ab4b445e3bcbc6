"""libbcrypt.so for the vector harness: ctypes, UTF-16, one Python call for each API call."""
import ctypes
import struct
import sys
from ctypes import byref, c_char, c_uint32, c_void_p

NO_KEY_VALIDATION = 0x08
PAD_NONE, PAD_PKCS1, PAD_OAEP, PAD_PSS, PAD_PQDSA, EXTERNAL_MU = 1, 2, 4, 8, 0x20, 0x40
STATUS_NOT_FOUND = 0xC0000225
STATUS_NOT_SUPPORTED = 0xC00000BB
STATUS_INVALID_PARAMETER = 0xC000000D
STATUS_INVALID_BUFFER_SIZE = 0xC0000206
STATUS_INVALID_SIGNATURE = 0xC000A000
STATUS_AUTH_TAG_MISMATCH = 0xC000A002
STATUS_DATA_ERROR = 0xC000003E
NTE_BAD_DATA = 0x80090005

# How Windows says that a key, a ciphertext or a signature is not good. Any other status is a fault of the call.
REFUSALS = {STATUS_INVALID_PARAMETER, STATUS_INVALID_BUFFER_SIZE, STATUS_INVALID_SIGNATURE, NTE_BAD_DATA}

_lib = None


class Failed(Exception):
    """A call that did not succeed."""

    def __init__(self, call, status):
        super().__init__(f"{call} gave 0x{status:08X}")
        self.status = status


class Refused(Failed):
    """A call that found its input not good."""


def load(path):
    global _lib
    _lib = ctypes.CDLL(path)


def wide(text):
    raw = (text + "\0").encode("utf-16-le" if sys.byteorder == "little" else "utf-16-be")
    return (c_char * len(raw)).from_buffer_copy(raw)


def stored(text):
    """A string in a blob: the same on every machine."""
    return (text + "\0").encode("utf-16-le")


def _call(name, *args):
    function = getattr(_lib, name)
    function.restype = c_uint32
    status = function(*args)
    if status != 0:
        raise (Refused if status in REFUSALS else Failed)(name, status)


class Pkcs1(ctypes.Structure):
    _fields_ = [("hash", c_void_p)]


class Pss(ctypes.Structure):
    _fields_ = [("hash", c_void_p), ("salt", c_uint32)]


class Oaep(ctypes.Structure):
    _fields_ = [("hash", c_void_p), ("label", c_void_p), ("label_bytes", c_uint32)]


class Pqdsa(ctypes.Structure):
    _fields_ = [("context", c_void_p), ("context_bytes", c_uint32), ("prehash", c_void_p)]


class Buffer(ctypes.Structure):
    _fields_ = [("size", c_uint32), ("type", c_uint32), ("data", c_void_p)]


class BufferDesc(ctypes.Structure):
    _fields_ = [("version", c_uint32), ("count", c_uint32), ("buffers", c_void_p)]


def _pointer(kept, data):
    """Keeps the bytes alive in `kept` and gives their address."""
    if data is None:
        return None
    data = data if not isinstance(data, bytes) else ctypes.create_string_buffer(data, len(data))
    kept.append(data)
    return ctypes.cast(data, c_void_p)


def _padding(flags, hash_name=None, salt=0, label=b"", context=b""):
    kept = []
    name = _pointer(kept, wide(hash_name)) if hash_name else None
    if flags == PAD_PKCS1:
        info = Pkcs1(name)
    elif flags == PAD_PSS:
        info = Pss(name, salt)
    elif flags == PAD_OAEP:
        info = Oaep(name, _pointer(kept, label) if label else None, len(label))
    elif flags & PAD_PQDSA:
        info = Pqdsa(_pointer(kept, context) if context else None, len(context), name)
    else:
        return None, kept
    kept.append(info)
    return byref(info), kept


class Algorithm:
    _open = {}

    def __init__(self, name, curve=None):
        self.handle = c_void_p()
        _call("BCryptOpenAlgorithmProvider", byref(self.handle), wide(name), None, 0)
        if curve:
            set_property(self.handle, "ECCCurveName", bytes(wide(curve)))

    @classmethod
    def get(cls, name, curve=None):
        """An algorithm that is opened once."""
        if (name, curve) not in cls._open:
            cls._open[name, curve] = cls(name, curve)
        return cls._open[name, curve]

    def import_key(self, blob_type, blob, flags=0):
        handle = c_void_p()
        _call("BCryptImportKeyPair", self.handle, None, wide(blob_type), byref(handle), blob, len(blob), flags)
        return Key(handle)

    def generate(self, bits=0, properties=()):
        handle = c_void_p()
        _call("BCryptGenerateKeyPair", self.handle, byref(handle), bits, 0)
        key = Key(handle)
        for name, value in properties:
            set_property(handle, name, value)
        _call("BCryptFinalizeKeyPair", handle, 0)
        return key


def available(name):
    try:
        Algorithm.get(name)
        return True
    except Failed as failed:
        if failed.status == STATUS_NOT_FOUND:
            return False
        raise


def get_property(handle, name):
    size = c_uint32()
    _call("BCryptGetProperty", handle, wide(name), None, 0, byref(size), 0)
    data = ctypes.create_string_buffer(size.value)
    _call("BCryptGetProperty", handle, wide(name), data, size, byref(size), 0)
    return data.raw[:size.value]


def set_property(handle, name, value):
    _call("BCryptSetProperty", handle, wide(name), value, 0 if value is None else len(value), 0)


class Key:
    def __init__(self, handle):
        self.handle = handle

    def property(self, name):
        return get_property(self.handle, name)

    def __del__(self):
        if self.handle:
            _lib.BCryptDestroyKey(self.handle)

    def export(self, blob_type):
        size = c_uint32()
        _call("BCryptExportKey", self.handle, None, wide(blob_type), None, 0, byref(size), 0)
        blob = ctypes.create_string_buffer(size.value)
        _call("BCryptExportKey", self.handle, None, wide(blob_type), blob, size, byref(size), 0)
        return blob.raw[:size.value]

    def sign(self, data, flags=0, **padding):
        info, kept = _padding(flags, **padding)
        size = c_uint32()
        _call("BCryptSignHash", self.handle, info, data, len(data), None, 0, byref(size), flags)
        signature = ctypes.create_string_buffer(size.value)
        _call("BCryptSignHash", self.handle, info, data, len(data), signature, size, byref(size), flags)
        del kept
        return signature.raw[:size.value]

    def verify(self, data, signature, flags=0, **padding):
        """Whether the signature is good. A length or a number that no signature of the key has counts as not good."""
        info, kept = _padding(flags, **padding)
        try:
            _call("BCryptVerifySignature", self.handle, info, data, len(data), signature, len(signature), flags)
            return True
        except Refused:
            return False
        finally:
            del kept

    def _crypt(self, function, data, flags, padding):
        info, kept = _padding(flags, **padding)
        size = c_uint32()
        out = ctypes.create_string_buffer(2048)
        _call(function, self.handle, data, len(data), info, None, 0, out, 2048, byref(size), flags)
        del kept
        return out.raw[:size.value]

    def encrypt(self, data, flags, **padding):
        return self._crypt("BCryptEncrypt", data, flags, padding)

    def decrypt(self, data, flags, **padding):
        return self._crypt("BCryptDecrypt", data, flags, padding)

    def agree(self, peer):
        """The shared value, big-endian (curve25519: RFC 7748's bytes)."""
        secret = c_void_p()
        _call("BCryptSecretAgreement", self.handle, peer.handle, byref(secret), 0)
        try:
            size = c_uint32()
            out = ctypes.create_string_buffer(2048)
            _call("BCryptDeriveKey", secret, wide("TRUNCATE"), None, out, 2048, byref(size), 0)
            return out.raw[:size.value][::-1]
        finally:
            _lib.BCryptDestroySecret(secret)

    def derive(self, peer, kdf, params, size, flags=0, properties=()):
        """`params` are (number, bytes or None) of BCryptBuffers; `properties` are set on the secret first."""
        secret = c_void_p()
        _call("BCryptSecretAgreement", self.handle, peer.handle, byref(secret), 0)
        try:
            for name, value in properties:
                set_property(secret, name, value)
            kept = []
            buffers = (Buffer * max(1, len(params)))()
            for i, (kind, data) in enumerate(params):
                buffers[i] = Buffer(len(data or b""), kind, _pointer(kept, data))
            desc = BufferDesc(0, len(params), ctypes.cast(buffers, c_void_p))
            got = c_uint32()
            out = ctypes.create_string_buffer(size)
            _call("BCryptDeriveKey", secret, wide(kdf), byref(desc), out, size, byref(got), flags)
            return out.raw[:got.value]
        finally:
            _lib.BCryptDestroySecret(secret)

    def encapsulate(self):
        secret, cipher = ctypes.create_string_buffer(32), ctypes.create_string_buffer(1568)
        ns, nc = c_uint32(), c_uint32()
        _call("BCryptEncapsulate", self.handle, secret, 32, byref(ns), cipher, 1568, byref(nc), 0)
        return secret.raw[:ns.value], cipher.raw[:nc.value]

    def decapsulate(self, cipher):
        secret, n = ctypes.create_string_buffer(32), c_uint32()
        _call("BCryptDecapsulate", self.handle, cipher, len(cipher), secret, 32, byref(n), 0)
        return secret.raw[:n.value]


# ---- blobs ------------------------------------------------------------------------------------------------------

def number(value, size=None):
    return value.to_bytes(size if size is not None else max(1, (value.bit_length() + 7) // 8), "big")


def rsa_public_blob(n, e):
    n_bytes, e_bytes = number(n), number(e)
    return struct.pack("<6I", 0x31415352, n.bit_length(), len(e_bytes), len(n_bytes), 0, 0) + e_bytes + n_bytes


def rsa_private_blob(n, e, p, q):
    n_bytes, e_bytes, p_bytes, q_bytes = number(n), number(e), number(p), number(q)
    return (struct.pack("<6I", 0x32415352, n.bit_length(), len(e_bytes), len(n_bytes), len(p_bytes), len(q_bytes))
            + e_bytes + n_bytes + p_bytes + q_bytes)


def ecc_blob(magic, size, x, y, d=None):
    blob = struct.pack("<4sI", magic, size) + number(x, size) + number(y, size)
    return blob + (number(d, size) if d is not None else b"")


def dh_blob(p, g, y, x=None):
    size = (p.bit_length() + 7) // 8
    head = struct.pack("<4sI", b"DHPB" if x is None else b"DHPV", size)
    return head + number(p, size) + number(g, size) + number(y, size) + (number(x, size) if x is not None else b"")


def dsa_blob(p, q, g, y, x=None, seed=None, count=None):
    """Version 1 up to 1024 bits, version 2 above; without a seed, seed and count are all ones."""
    size, group = (p.bit_length() + 7) // 8, (q.bit_length() + 7) // 8
    seed_bytes = seed if seed is not None else b"\xff" * group
    count_bytes = struct.pack(">I", count) if count is not None else b"\xff" * 4
    if p.bit_length() <= 1024 and len(seed_bytes) != 20:
        raise ValueError("version 1 has a seed of 20 bytes")
    tail = number(p, size) + number(g, size) + number(y, size) + (number(x, group) if x is not None else b"")
    if p.bit_length() <= 1024:
        head = struct.pack("<4sI", b"DSPB" if x is None else b"DSPV", size)
        return head + count_bytes + seed_bytes + number(q, group) + tail
    head = struct.pack("<4s5I", b"DPB2" if x is None else b"DPV2", size, 1, 1, len(seed_bytes), group)
    return head + count_bytes + seed_bytes + number(q, group) + tail


def dsa_parameters(p, q, g, hash_number, seed=None, count=None):
    """The value of DSAParameters, version 2 (FIPS 186-3), for groups above 1024 bits."""
    size, group = (p.bit_length() + 7) // 8, (q.bit_length() + 7) // 8
    seed = seed if seed is not None else b"\xff" * group
    origin = struct.pack(">I", count if count is not None else 0xFFFFFFFF) + seed
    body = origin + number(q, group) + number(p, size) + number(g, size)
    return struct.pack("<I4s5I", 28 + len(body), b"DPM2", size, hash_number, 1, len(seed), group) + body


def ecc_full_public_blob(magic, curve_type, size, order_size, numbers, x, y):
    """A public key with the parameters of its curve: p, a, b, gx, gy, order, cofactor (None: absent)."""
    p, a, b, gx, gy, order, cofactor = numbers
    cofactor_bytes = b"" if cofactor is None else number(cofactor)
    head = struct.pack("<4s7I", magic, 1, curve_type, 0, size, order_size, len(cofactor_bytes), 0)
    return (head + b"".join(number(v, size) for v in (p, a, b, gx, gy)) + number(order, order_size) + cofactor_bytes
            + number(x, size) + number(y, size))


def pq_blob(magic, parameter_set, key):
    name = stored(parameter_set)
    return struct.pack("<III", magic, len(name), len(key)) + name + key


MLKEM_PUBLIC, MLKEM_PRIVATE, MLKEM_SEED = 0x504B4C4D, 0x524B4C4D, 0x534B4C4D
MLDSA_PUBLIC, MLDSA_PRIVATE, MLDSA_SEED = 0x4B505344, 0x4B535344, 0x53535344
SLHDSA_PUBLIC, SLHDSA_PRIVATE = 0x4B504853, 0x4B534853


def pq_key_of(blob):
    """The key bytes behind the header of a post-quantum blob."""
    _, name, key = struct.unpack_from("<III", blob)
    return blob[12 + name:12 + name + key]
