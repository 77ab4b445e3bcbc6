"""A foreign-function caller: binds libbcrypt.so by name and passes UTF-16, as P/Invoke does. Prints TAP."""
import ctypes
import struct
import sys
from ctypes import POINTER, byref, c_char, c_int32, c_uint32, c_void_p, c_uint16

lib = ctypes.CDLL(sys.argv[1])
count = failed = 0


def check(good, what):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {what}", flush=True)


def utf16(text):
    raw = (text + "\0").encode("utf-16-le")
    return (c_char * len(raw)).from_buffer_copy(raw)


def call(name, *args):
    function = getattr(lib, name)
    function.restype = c_uint32
    return function(*args)


class Pkcs1(ctypes.Structure):
    _fields_ = [("pszAlgId", c_void_p)]


alg, key, public = c_void_p(), c_void_p(), c_void_p()
check(call("BCryptOpenAlgorithmProvider", byref(alg), utf16("RSA"), None, 0) == 0, "open RSA by its UTF-16 name")
check(call("BCryptOpenAlgorithmProvider", byref(c_void_p()), utf16("NOPE"), None, 0) == 0xC0000225, "an unknown name")
check(call("BCryptGenerateKeyPair", alg, byref(key), 2048, 0) == 0, "generate")
check(call("BCryptFinalizeKeyPair", key, 0) == 0, "finalize")

size = c_uint32()
check(call("BCryptExportKey", key, None, utf16("RSAPUBLICBLOB"), None, 0, byref(size), 0) == 0, "size of the public blob")
blob = ctypes.create_string_buffer(size.value)
check(call("BCryptExportKey", key, None, utf16("RSAPUBLICBLOB"), blob, size, byref(size), 0) == 0, "export")
magic, bits, e, n, p, q = struct.unpack_from("<6I", blob.raw)
check((magic, bits, e, n, p, q) == (0x31415352, 2048, 3, 256, 0, 0), "the header is Windows'")
check(call("BCryptImportKeyPair", alg, None, utf16("RSAPUBLICBLOB"), byref(public), blob, size, 0) == 0, "import")

digest = bytes(range(32))
sha256 = utf16("SHA256")
padding = Pkcs1(ctypes.cast(sha256, c_void_p))
signature = ctypes.create_string_buffer(256)
check(call("BCryptSignHash", key, byref(padding), digest, 32, signature, 256, byref(size), 2) == 0, "sign, hash name in the padding information")
check(call("BCryptVerifySignature", public, byref(padding), digest, 32, signature, 256, 2) == 0, "verify")
check(call("BCryptVerifySignature", public, byref(padding), digest[::-1], 32, signature, 256, 2) == 0xC000A000, "verify another hash")

name = ctypes.create_string_buffer(64)
check(call("BCryptGetProperty", key, utf16("AlgorithmName"), name, 64, byref(size), 0) == 0 and size.value == 8
      and name.raw[:8] == "RSA\0".encode("utf-16-le"), "a string property comes back as UTF-16")

curves = c_void_p()
check(call("BCryptOpenAlgorithmProvider", byref(curves), utf16("ECDH"), None, 0) == 0, "open ECDH")
check(call("BCryptGetProperty", curves, utf16("ECCCurveNameList"), None, 0, byref(size), 0) == 0, "size of the list of curves")
names = ctypes.create_string_buffer(size.value)
check(call("BCryptGetProperty", curves, utf16("ECCCurveNameList"), names, size, byref(size), 0) == 0, "the list of curves")
how_many, table = struct.unpack_from("<I4xQ", names.raw)
texts = []
for i in range(how_many):
    at = ctypes.cast(table, POINTER(c_void_p))[i]
    units = ctypes.cast(at, POINTER(c_uint16))
    text = ""
    while units[len(text)]:
        text += chr(units[len(text)])
    texts.append(text)
check(how_many == 45 and "nistP256" in texts and "curve25519" in texts, "names inside a returned structure are UTF-16")

# libbcrypt.so is checked to refuse what is no handle, from here too.
check(call("BCryptDestroyKey", c_void_p(0xDEADBEEF)) == 0xC0000008, "garbage is no handle")
check(call("BCryptDestroyKey", key) == 0 and call("BCryptDestroyKey", public) == 0, "destroy")
check(call("BCryptDestroyKey", key) == 0xC0000008, "destroy twice")
check(call("BCryptCloseAlgorithmProvider", alg, 0) == 0 and call("BCryptCloseAlgorithmProvider", curves, 0) == 0, "close")
print(f"1..{count}")
sys.exit(failed != 0)
