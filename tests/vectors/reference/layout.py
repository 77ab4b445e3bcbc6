"""Key blobs, byte for byte, written from Microsoft's documentation of the structures (bcrypt.h, wincrypt.h)."""
import struct


def be(value, size=None):
    return value.to_bytes(size if size is not None else (value.bit_length() + 7) // 8, "big")


def le(value, size):
    return value.to_bytes(size, "little")


def utf16(text):
    return (text + "\0").encode("utf-16-le")


# ---- RSA --------------------------------------------------------------------------------------------------------

def rsa(key, kind, pad=0):
    """BCRYPT_RSAKEY_BLOB; kind 1 public, 2 private, 3 full private; `pad` zeros before the exponent."""
    e, p, q = be(key.e), be(key.p), be(key.q)
    e = bytes(pad) + e
    sizes = (len(p), len(q)) if kind > 1 else (0, 0)
    blob = struct.pack("<4s5I", b"RSA%d" % kind, key.bits, len(e), key.size, *sizes) + e + be(key.n, key.size)
    if kind > 1:
        blob += p + q
    if kind > 2:
        blob += be(key.dp, len(p)) + be(key.dq, len(q)) + be(key.qi, len(p)) + be(key.d, key.size)
    return blob


def capi_rsa(key, private):
    """PUBLICKEYSTRUC (CALG_RSA_KEYX), RSAPUBKEY, numbers; everything little-endian."""
    blob = struct.pack("<BBHI4sII", 7 if private else 6, 2, 0, 0xA400, b"RSA2" if private else b"RSA1", key.bits, key.e)
    blob += le(key.n, key.size)
    if private:
        half = key.size // 2
        blob += b"".join(le(x, half) for x in (key.p, key.q, key.dp, key.dq, key.qi)) + le(key.d, key.size)
    return blob


# ---- DSA --------------------------------------------------------------------------------------------------------

_DSA_HASHES = {20: 0, 32: 1, 64: 2}  # HASHALGORITHM_ENUM by the size of the digest


def _dsa_domain(key):
    head = struct.pack("<4I", _DSA_HASHES[key.hash().digest_size], 1, len(key.seed), key.q_size)
    return head + struct.pack(">I", key.counter)


def dsa(key, private, seed=True):
    """BCRYPT_DSA_KEY_BLOB up to 1024 bits, BCRYPT_DSA_KEY_BLOB_V2 above."""
    size = key.bits // 8
    numbers = be(key.p, size) + be(key.g, size) + be(key.y, size) + (be(key.x, key.q_size) if private else b"")
    if key.bits <= 1024:
        origin = struct.pack(">I", key.counter) + key.seed if seed else b"\xff" * 24
        return struct.pack("<4sI", b"DSPV" if private else b"DSPB", size) + origin + be(key.q, 20) + numbers
    head = struct.pack("<4sI", b"DPV2" if private else b"DPB2", size)
    return head + _dsa_domain(key) + key.seed + be(key.q, 32) + numbers


def dsa_parameters(key):
    """BCRYPT_DSA_PARAMETER_HEADER and its second version."""
    size = key.bits // 8
    numbers = be(key.p, size) + be(key.g, size)
    if key.bits <= 1024:
        rest = struct.pack(">I", key.counter) + key.seed + be(key.q, 20) + numbers
        return struct.pack("<I4sI", 12 + len(rest), b"DSPM", size) + rest
    rest = _dsa_domain(key) + key.seed + be(key.q, 32) + numbers
    return struct.pack("<I4sI", 12 + len(rest), b"DPM2", size) + rest


def capi_dsa(key, version, private):
    """PUBLICKEYSTRUC (CALG_DSS_SIGN), then version 2 or 3 of DSSPUBKEY; the seed is turned round like a number."""
    size = key.bits // 8
    seed = struct.pack("<I", key.counter) + key.seed[::-1]
    head = struct.pack("<BBHI", 7 if private else 6, version, 0, 0x2200)
    p, q, g, y, x = le(key.p, size), le(key.q, 20), le(key.g, size), le(key.y, size), le(key.x, 20)
    if version == 2:
        head += struct.pack("<4sI", b"DSS2" if private else b"DSS1", key.bits)
        return head + p + q + g + (x if private else y) + seed
    head += struct.pack("<4s3I", b"DSS4" if private else b"DSS3", key.bits, 160, 0)
    if private:
        head += struct.pack("<I", 160)
    return head + seed + p + q + g + y + (x if private else b"")


# ---- Diffie-Hellman ---------------------------------------------------------------------------------------------

def dh(key, private):
    """BCRYPT_DH_KEY_BLOB"""
    size = (key.p.bit_length() + 7) // 8
    head = struct.pack("<4sI", b"DHPV" if private else b"DHPB", size)
    return head + be(key.p, size) + be(key.g, size) + be(key.y, size) + (be(key.x, size) if private else b"")


def dh_parameters(key):
    """BCRYPT_DH_PARAMETER_HEADER"""
    size = (key.p.bit_length() + 7) // 8
    return struct.pack("<I4sI", 12 + 2 * size, b"DHPM", size) + be(key.p, size) + be(key.g, size)


def capi_dh(key, q=None):
    """PUBLICKEYSTRUC (version 3, CALG_DH_SF) and DHPRIVKEY_VER3, without j and a seed."""
    size = (key.p.bit_length() + 7) // 8
    head = struct.pack("<BBHI4s4I", 7, 3, 0, 0xAA01, b"\0DH4", 8 * size, 8 * size if q else 0, 0, 8 * size)
    return head + b"\xff" * 24 + b"".join(le(x, size) for x in (key.p, *([q] if q else []), key.g, key.y, key.x))


# ---- elliptic curves --------------------------------------------------------------------------------------------

_DIGITS = {256: 1, 384: 3, 521: 5}
_NIST = ("nistP256", "secP256r1", "x962P256v1", "nistP384", "secP384r1", "nistP521", "secP521r1")


def ecc(curve, use, x, y, d=None, generic=False):
    """BCRYPT_ECCKEY_BLOB, with the magic of P-256, P-384 and P-521 on these curves."""
    family = b"ECK" if use == "ECDH" else (b"ECD" if generic or curve.name not in _NIST else b"ECS")
    if curve.name in _NIST and not generic:
        letter = b"%d" % (_DIGITS[curve.p.bit_length()] + (d is not None))
    else:
        letter = b"P" if d is None else b"V"
    numbers = be(x, curve.size) + be(y, curve.size) + (be(d, curve.size) if d is not None else b"")
    return struct.pack("<4sI", family + letter, curve.size) + numbers


def _ecc_numbers(curve):
    p, a, b, gx, gy, n, h = curve.parameters()
    return b"".join(be(v, curve.size) for v in (p, a, b, gx, gy)) + be(n, curve.order_size) + be(h)


def ecc_parameters(curve):
    """BCRYPT_ECC_PARAMETER_HEADER"""
    return struct.pack("<7I", 1, curve.kind, 0, curve.size, curve.order_size, len(be(curve.h)), 0) + _ecc_numbers(curve)


def ecc_full(curve, use, x, y, d=None):
    """BCRYPT_ECCFULLKEY_BLOB"""
    magic = (b"ECK" if use == "ECDH" else b"ECD") + (b"P" if d is None else b"V")
    head = struct.pack("<4s7I", magic, 1, curve.kind, 0, curve.size, curve.order_size, len(be(curve.h)), 0)
    return (head + _ecc_numbers(curve) + be(x, curve.size) + be(y, curve.size)
            + (be(d, curve.order_size) if d is not None else b""))


def ssl_ecc(curve, tls_number, x, y):
    """SSL_ECCKEY_BLOB"""
    return struct.pack("<2I", tls_number, curve.size) + be(x, curve.size) + be(y, curve.size)


def curve25519(u, d=None):
    """BCRYPT_ECCKEY_BLOB with RFC 7748's bytes as they are, and no Y."""
    return struct.pack("<4sI", b"ECKP" if d is None else b"ECKV", 32) + u + bytes(32) + (d or b"")


# ---- post-quantum -----------------------------------------------------------------------------------------------

def pq(magic, name, key):
    """BCRYPT_PQDSA_KEY_BLOB, BCRYPT_MLKEM_KEY_BLOB"""
    return struct.pack("<4s2I", magic, len(utf16(name)), len(key)) + utf16(name) + key


# ---- symmetric keys ---------------------------------------------------------------------------------------------

def key_data(secret):
    """BCRYPT_KEY_DATA_BLOB_HEADER and the key"""
    return struct.pack("<4sII", b"KDBM", 1, len(secret)) + secret


def hkdf_key(name, prk):
    """The same of an HKDF key: what it stands for is the hash's name, counted big-endian, and the pseudorandom key."""
    return key_data(struct.pack(">I", len(utf16(name))) + utf16(name) + prk)


def rsa_aes_wrap(key, hash_name, label):
    """BCRYPT_PKCS11_RSA_AES_WRAP_BLOB"""
    return struct.pack("<4s3I", b"RAPW", len(key), len(utf16(hash_name)), len(label)) + key + utf16(hash_name) + label
