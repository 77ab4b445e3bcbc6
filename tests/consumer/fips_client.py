"""FIPS mode as a program meets it. Prints TAP.

Usage: fips_client.py LIBBCRYPT

The kernel's flag cannot be set for a test, so the test runs a copy of itself in a mount namespace where the file of that flag
is one of its own. Where no namespace can be made, that half is skipped by name.
"""
import ctypes
import os
import subprocess
import sys
from ctypes import byref, c_char, c_uint8, c_uint32, c_void_p

APPROVED = ("SHA1", "SHA256", "SHA3-512", "KMAC256", "AES-CMAC", "AES", "XTS-AES", "RSA", "ECDSA_P256", "PBKDF2", "HKDF", "TLS1_2_KDF", "RNG")
REFUSED = ("MD2", "MD4", "MD5", "RC2", "RC4", "DES", "DESX", "3DES", "3DES_112", "CHACHA20_POLY1305", "TLS1_1_KDF", "CAPI_KDF")
NOT_FOUND, INVALID_HANDLE, INVALID_PARAMETER = 0xC0000225, 0xC0000008, 0xC000000D
MD5_PSEUDO_HANDLE = 0x21
IN_NAMESPACE = "OPENCNG_TEST_FIPS_FLAG"
SETUP = 'mount -t tmpfs none /proc/sys && mkdir /proc/sys/crypto && echo "$' + IN_NAMESPACE + '" >/proc/sys/crypto/fips_enabled && exec "$@"'


def utf16(text):
    raw = (text + "\0").encode("utf-16-le")
    return (c_char * len(raw)).from_buffer_copy(raw)


class Library:
    def __init__(self, path):
        self.lib = ctypes.CDLL(path)

    def call(self, name, *args):
        function = getattr(self.lib, name)
        function.restype = c_uint32
        return function(*args)

    def mode(self):
        flag = c_uint8(0xAA)
        return flag.value if self.call("BCryptGetFipsAlgorithmMode", byref(flag)) == 0 else None

    def opened(self, name):
        return self.call("BCryptOpenAlgorithmProvider", byref(c_void_p()), utf16(name), None, 0)

    def listed(self):
        count, names = c_uint32(), c_void_p()
        self.call("BCryptEnumAlgorithms", 0, byref(count), byref(names), 0)
        return count.value


def facts(path):
    """What a process sees, as (name, whether it is right) pairs: in the namespace and outside."""
    lib = Library(path)
    on = os.environ.get(IN_NAMESPACE) == "1"
    digest = ctypes.create_string_buffer(16)
    yield "the mode is told", lib.mode() == (1 if on else 0)
    yield "a NULL pointer is refused", lib.call("BCryptGetFipsAlgorithmMode", None) == INVALID_PARAMETER
    yield "approved algorithms open", all(lib.opened(name) == 0 for name in APPROVED)
    wanted = NOT_FOUND if on else 0
    yield "others are " + ("not found" if on else "there too"), all(lib.opened(name) == wanted for name in REFUSED)
    status = lib.call("BCryptHash", c_void_p(MD5_PSEUDO_HANDLE), None, 0, None, 0, digest, 16)
    yield "so are their pseudo-handles", status == (INVALID_HANDLE if on else 0)
    print(f"# {lib.listed()} algorithms are listed", flush=True)


def in_namespace(flag, path):
    """The facts of a process in whose /proc the flag is this one; None where that cannot be arranged."""
    environment = dict(os.environ, **{IN_NAMESPACE: flag})
    for unshare in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        try:
            probe = subprocess.run([*unshare, "sh", "-c", SETUP, "sh", "true"], env=environment, capture_output=True, check=False)
        except FileNotFoundError:
            return None
        if probe.returncode == 0:
            command = [*unshare, "sh", "-c", SETUP, "sh", sys.executable, os.path.abspath(__file__), path]
            return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout.splitlines()
    return None


def main(path):
    if IN_NAMESPACE in os.environ:
        for name, good in facts(path):
            print(("ok " if good else "not ok ") + name, flush=True)
        return 0
    count = failed = 0
    for flag, title in (("0", "flag off"), ("1", "flag on")):
        lines = in_namespace(flag, path)
        if lines is None:
            count += 1
            print(f"ok {count} - {title} # SKIP no mount namespace can be made here")
            continue
        results = [line for line in lines if line.startswith(("ok ", "not ok "))]
        count += 1
        whole = len(results) == 5
        failed += not whole
        print(f"{'' if whole else 'not '}ok {count} - {title}: the process came to its end")
        for line in results:
            good, name = line.startswith("ok "), line.partition("ok ")[2]
            count += 1
            failed += not good
            print(f"{'' if good else 'not '}ok {count} - {title}: {name}")
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
