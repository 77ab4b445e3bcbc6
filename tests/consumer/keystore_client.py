"""A foreign-function caller of ncrypt.h: makes a key with a name, and a second process opens it and signs. Prints TAP.

keystore_client.py LIBNCRYPT
"""
import ctypes
import os
import struct
import subprocess
import sys
import tempfile
from ctypes import POINTER, byref, c_char, c_size_t, c_uint16, c_uint32, c_void_p

lib = ctypes.CDLL(sys.argv[1])
NAME = "Łódź ☃ 𝄞"  # the last one takes two units of UTF-16
DIGEST = bytes(range(32))
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


def text_at(address):
    units, n = ctypes.cast(address, POINTER(c_uint16)), 0
    while units[n]:
        n += 1
    return ctypes.string_at(address, 2 * n).decode("utf-16-le")


class KeyName(ctypes.Structure):
    _fields_ = [("pszName", c_void_p), ("pszAlgid", c_void_p), ("dwLegacyKeySpec", c_uint32), ("dwFlags", c_uint32)]


def open_key(provider):
    key = c_size_t()
    return call("NCryptOpenKey", provider, byref(key), utf16(NAME), 0, 0), key


def sign():
    """The second process: the signature goes to standard output."""
    provider, size, signature = c_size_t(), c_uint32(), ctypes.create_string_buffer(64)
    if call("NCryptOpenStorageProvider", byref(provider), None, 0) != 0:
        return 1
    status, key = open_key(provider)
    if status != 0 or call("NCryptSignHash", key, None, DIGEST, 32, signature, 64, byref(size), 0) != 0:
        return 1
    sys.stdout.buffer.write(signature.raw)
    return 0


def listed(provider):
    """The names and algorithms of the stored keys, and how the enumeration ended."""
    keys, state = [], c_void_p()
    while True:
        entry = POINTER(KeyName)()
        status = call("NCryptEnumKeys", provider, None, byref(entry), byref(state), 0)
        if status != 0:
            call("NCryptFreeBuffer", state)
            return keys, status
        keys.append((text_at(entry.contents.pszName), text_at(entry.contents.pszAlgid)))
        call("NCryptFreeBuffer", entry)


def main():
    provider, key, other, size = c_size_t(), c_size_t(), c_size_t(), c_uint32()
    check(call("NCryptOpenStorageProvider", byref(provider), utf16("Microsoft Software Key Storage Provider"), 0) == 0, "open the provider")
    check(call("NCryptOpenStorageProvider", byref(c_size_t()), utf16("Nobody's Provider"), 0) == 0x80090011, "another name")
    check(call("NCryptCreatePersistedKey", provider, byref(key), utf16("ECDSA_P256"), utf16(NAME), 0, 0) == 0, "create a key with a name")
    policy = struct.pack("<I", 3)
    check(call("NCryptSetProperty", key, utf16("Export Policy"), policy, 4, 0) == 0, "set a property")
    check(call("NCryptSignHash", key, None, DIGEST, 32, None, 0, byref(size), 0) == 0x8009000B, "it cannot sign yet")
    check(call("NCryptFinalizeKey", key, 0) == 0, "finalize")
    check(call("NCryptCreatePersistedKey", provider, byref(other), utf16("RSA"), utf16(NAME), 0, 0) == 0x8009000F, "its name is taken")
    check(listed(provider) == ([(NAME, "ECDSA_P256")], 0x8009002A), "it is listed, with strings in UTF-16")

    second = subprocess.run([sys.executable, __file__, sys.argv[1], "sign"], capture_output=True, check=False)
    check(second.returncode == 0 and len(second.stdout) == 64, "a second process opens it and signs")
    check(call("NCryptVerifySignature", key, None, DIGEST, 32, second.stdout, len(second.stdout), 0) == 0, "the signature is good")
    check(call("NCryptVerifySignature", key, None, DIGEST[::-1], 32, second.stdout, len(second.stdout), 0) == 0x80090006, "and of no other hash")

    check(call("NCryptDeleteKey", key, 0) == 0, "delete")
    check(call("NCryptFreeObject", key) == 0x80090026, "which frees the handle")
    check(open_key(provider)[0] == 0x80090016, "it is gone")
    check(call("NCryptFreeObject", provider) == 0, "free the provider")
    print(f"1..{count}")
    return failed != 0


if sys.argv[2:] == ["sign"]:
    sys.exit(sign())
with tempfile.TemporaryDirectory(prefix="opencng-keystore-") as home:
    os.environ["OPENCNG_HOME"] = home
    result = main()
sys.exit(result)
