"""Wrong calls of every exported function: at least LEAST for each, refused with a status of the list, nothing written.

usage: refusals.py SOURCE_ROOT LIBBCRYPT LIBNCRYPT

What a function takes is read from its declaration (tools/make_trace.py). From one call with fitting arguments others are made that differ in
one: handles of everything that is none of the kind, bits of flags that nobody has defined, names that are no names, numbers out of range,
NULL. A handle that is none and a flag that is unknown have to be refused; of the others those are counted that are (what may be NULL is the
suites' business). After a refusal the bytes around each output and each variable for a handle or a list are as they were. Prints TAP.
"""
import ctypes
import json
import os
import re
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "tools"))
import make_trace  # noqa: E402
from make_version_script import read_list  # noqa: E402
from tap import Tap  # noqa: E402

LEAST = 15
ROOM, GUARD = 64, 32
FILL = 0x5A
# Functions that have nothing to refuse so often, with what they have.
EXCUSED = {
    "BCryptFreeBuffer": "returns nothing; NULL is allowed, anything else is the caller's word",
    "NCryptFreeBuffer": "the same, with a status",
    "ProcessPrng": "cannot refuse: it ends the process rather than return without random bytes",
    "BCryptGetFipsAlgorithmMode": "one pointer, which may not be NULL",
    "BCryptRegisterConfigChangeNotify": "one pointer, which may not be NULL",
    "BCryptEnumRegisteredProviders": "two pointers",
    "CngConfigEnumProblems": "a callback, which may not be NULL",
    "CngStoreExplain": "one pointer, which may not be NULL",
}
ENDS = "ProcessPrng"  # the process
OPTIONAL = {"hImportKey", "hExportKey", "hTargetAlg", "hWnd", "hLegacyKey", "hLegacyProv"}
# What fits in each place, as far as it matters.
STRINGS = {
    "pszAlgId": "SHA256", "pszBlobType": "OpaqueKeyBlob", "pszProperty": "AlgorithmName", "pwszKDF": "HASH", "pszKeyName": "nobody",
    "pszContext": "Default", "pszFunction": "SHA256", "pszProvider": "nobody", "pszProviderName": "Microsoft Primitive Provider",
    "pszScope": "", "pwszDescriptorString": "LOCAL=user", "pwszName": "nobody",
}
BAD_STRINGS = ["", "no such thing", "x" * 300, "x" * 64, "\ud83d", "a\ud83db", "\udc00", "/", "..", "a/b", "\x01", " ", "\ufffe",
               "nobody\u0301", "%", "\n", "-", "A"]
BAD_PATHS = ["", "/", "..", "a/b", "x" * 300, "/etc/passwd", ".", "no such", "\x01", "é", "../../x", "x" * 5000, "%s", "a\nb", "./a"]
BAD_NUMBERS = [0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE, 0x00010000, 0xFFFF, 77, 300, 0x12345678, 0xDEADBEEF, 4097, 8193,
               65534, 99, 100, 101]
BAD_FLAGS = [0x40000000, 0x20000000, 0x08000000, 0x04000000, 0x02000000, 0x01000000, 0x00800000, 0x60000000, 0x7F000000, 0x4C000000,
             0x10000000, 0x00400000, 0x00080000, 0x00040000, 0x6A000000]
STRUCTURES = re.compile(r"Info$|^pv|pfn|pAllocPara|pConfig|pReg|Passphrase|pSlot")  # read through: none at all rather than any
NAMES_OF_NUMBERS = re.compile(r"Table|Interface|Operations|Mode|Scope|Type|LegacyKeySpec|cch")


def wide(text):
    return ctypes.create_string_buffer(text.encode("utf-16-le", "surrogatepass") + b"\0\0")


class Buffers:
    """Memory between guards; keeps it alive."""

    def __init__(self):
        self.all = []

    def new(self, size=ROOM):
        buffer = (ctypes.c_ubyte * (size + 2 * GUARD))(*([FILL] * (size + 2 * GUARD)))
        self.all.append((buffer, size))
        return ctypes.addressof(buffer) + GUARD

    def intact(self):
        return all(set(bytes(b)[:GUARD] + bytes(b)[GUARD + n:]) == {FILL} for b, n in self.all)


def statuses():
    text = (ROOT / "include" / "opencng" / "opencng_status.def").read_text(encoding="utf-8")
    return {int(value, 16) for value in re.findall(r"OPENCNG_STATUS\(\w+, (0x[0-9A-Fa-f]+)", text)}


class World:
    """Live handles of every kind, and such as were."""

    def __init__(self, bcrypt, ncrypt):
        self.b, self.n = bcrypt, ncrypt
        sha, rsa, aes, dead, provider = (ctypes.c_void_p() for _ in range(5))
        bcrypt.BCryptOpenAlgorithmProvider(ctypes.byref(sha), wide("SHA256"), None, 0)
        bcrypt.BCryptOpenAlgorithmProvider(ctypes.byref(rsa), wide("ECDH_P256"), None, 0)
        bcrypt.BCryptOpenAlgorithmProvider(ctypes.byref(aes), wide("AES"), None, 0)
        bcrypt.BCryptOpenAlgorithmProvider(ctypes.byref(dead), wide("AES"), None, 0)
        bcrypt.BCryptCloseAlgorithmProvider(dead, 0)
        key, gone, hash_, secret = (ctypes.c_void_p() for _ in range(4))
        for k in (key, gone):
            bcrypt.BCryptGenerateKeyPair(rsa, ctypes.byref(k), 256, 0)
            bcrypt.BCryptFinalizeKeyPair(k, 0)
        bcrypt.BCryptDestroyKey(gone)
        bcrypt.BCryptCreateHash(sha, ctypes.byref(hash_), None, 0, None, 0, 0)
        bcrypt.BCryptSecretAgreement(key, key, ctypes.byref(secret), 0)
        ncrypt.NCryptOpenStorageProvider(ctypes.byref(provider), None, 0)
        nkey, descriptor = ctypes.c_void_p(), ctypes.c_void_p()
        ncrypt.NCryptCreatePersistedKey(provider, ctypes.byref(nkey), wide("ECDH_P256"), None, 0, 0)
        ncrypt.NCryptFinalizeKey(nkey, 0)
        ncrypt.NCryptCreateProtectionDescriptor(wide("LOCAL=user"), 0, ctypes.byref(descriptor))
        self.live = {
            "BCRYPT_ALG_HANDLE": sha.value, "BCRYPT_KEY_HANDLE": key.value, "BCRYPT_HASH_HANDLE": hash_.value,
            "BCRYPT_SECRET_HANDLE": secret.value, "BCRYPT_HANDLE": sha.value, "NCRYPT_PROV_HANDLE": provider.value,
            "NCRYPT_KEY_HANDLE": nkey.value, "NCRYPT_HANDLE": provider.value, "NCRYPT_DESCRIPTOR_HANDLE": descriptor.value,
        }
        self.gone = [dead.value, gone.value]
        self.complete = all(self.live.values())

    def bad_handles(self, kind):
        """(words, value): nothing that a function for this kind may accept."""
        live = self.live.get(kind) or 6
        yield from (
            ("NULL", 0), ("a small number", 8), ("an unknown pseudo-handle", 0xFFF1), ("all ones", 2**64 - 1), ("an address", id(self)),
            ("a large number", 2**62 + 6), ("2^31", 2**31 + 6), ("2^32", 2**32 + 6), ("a closed algorithm", self.gone[0]),
            ("a destroyed key", self.gone[1]), ("another generation", live + (1 << 40)), ("a live handle and one", live + 1),
            ("a live handle less one", live - 1))
        generic = ("BCRYPT_HANDLE", "NCRYPT_HANDLE")
        for other, value in self.live.items():
            # Where any object will do, every object of the library does.
            if other not in generic and other != kind and not (kind in generic and other[0] == kind[0]):
                yield f"a {other}", value


def fitting(function, world, buffers):
    """Arguments that are good in themselves."""
    arguments = []
    for x in function.arguments:
        if x.kind == "handle":
            arguments.append(None if x.name in OPTIONAL else world.live.get(x.type))
        elif x.kind == "wide":
            arguments.append(wide(STRINGS.get(x.name, "SHA256")))
        elif x.kind == "narrow":
            arguments.append(b"nobody")
        elif x.kind == "size":
            arguments.append(ROOM)
        elif x.kind in ("number", "flags"):
            arguments.append(0)
        elif x.kind == "buffers":
            arguments.append(None)
        elif x.kind == "pointer" and STRUCTURES.search(x.name):
            arguments.append(None)
        else:
            arguments.append(buffers.new())
    return arguments


def variations(function, world):
    """(what is wrong, argument's number, value, whether it has to be refused)"""
    for i, x in enumerate(function.arguments):
        if x.kind == "handle" and x.name not in OPTIONAL:
            for words, value in world.bad_handles(x.type):
                if not (words == "NULL" and function.name == "BCryptGenRandom"):
                    yield f"{x.name} is {words}", i, value, True
        elif x.kind == "flags":
            for bit in BAD_FLAGS:
                yield f"{x.name} 0x{bit:x}", i, bit, True
        elif x.kind == "wide":
            for text in BAD_STRINGS:
                yield f"{x.name} {text[:16]!r}", i, wide(text), False
            yield f"{x.name} is NULL", i, None, False
        elif x.kind == "narrow":
            for text in BAD_PATHS:
                yield f"{x.name} {text[:16]!r}", i, text.encode(), False
            yield f"{x.name} is NULL", i, None, False
        elif x.kind == "number" and NAMES_OF_NUMBERS.search(x.name):
            for value in BAD_NUMBERS:
                yield f"{x.name} {value}", i, value, False
        elif x.kind in ("pointer", "memory", "out_ulong", "out_handle", "out_byte", "out_size"):
            yield f"{x.name} is NULL", i, None, False


def is_variable(x):
    """An output that is written on success alone."""
    return x.kind == "out_handle" or x.kind == "pointer" and x.type.endswith("*") and not x.type.startswith(("const", "char", "void *", "VOID *"))


def try_function(function, library, world, known):
    """In a child: what was refused, and what was wrong about it."""
    refused, problems = 0, []
    call = getattr(library, function.name)
    call.restype = ctypes.c_uint32
    says_nothing = function.result == "VOID" or function.name == ENDS
    for words, i, value, must in () if says_nothing else variations(function, world):
        buffers = Buffers()
        arguments = fitting(function, world, buffers)
        before = list(arguments)
        arguments[i] = value
        status = call(*[ctypes.c_void_p(a) if isinstance(a, int) and a > 2**31 else a for a in arguments])
        is_bool = function.result == "BOOL"
        if (status == 0) != is_bool:
            problems += [f"{words}: accepted"] if must else []
            continue
        refused += 1
        if not is_bool and status not in known:
            problems.append(f"{words}: 0x{status:08X} is not in the list of statuses")
        if not buffers.intact():
            problems.append(f"{words}: bytes around an output were written")
        for x, address in zip(function.arguments, before):
            if is_variable(x) and address is not None and not isinstance(address, (bytes, ctypes.Array)):
                if ctypes.string_at(address, 8) != bytes([FILL]) * 8:
                    problems.append(f"{words}: {x.name} was written")
    return refused, problems


def in_child(function, library, world, known):
    """A process for each function, so that none sees what another left, and a crash is one function's."""
    ends = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os.write(ends[1], json.dumps(try_function(function, library, world, known)).encode())
        os._exit(0)
    os.close(ends[1])
    with os.fdopen(ends[0], "rb") as file:
        text = file.read()
    _, status = os.waitpid(child, 0)
    return json.loads(text) if status == 0 and text else (0, [f"the process ended with status {status}"])


def main():
    tap, known = Tap(), statuses()
    with tempfile.TemporaryDirectory(prefix="opencng-refusals-") as home:
        os.environ["OPENCNG_HOME"] = home
        paths = {"libbcrypt": sys.argv[2], "libncrypt": sys.argv[3]}
        libraries = {name: ctypes.CDLL(path) for name, path in paths.items()}
        world = World(*libraries.values())
        tap.check([] if world.complete else ["some could not be made"], "handles of every kind")
        total = functions = 0
        for name, library in libraries.items():
            for function in make_trace.exported_functions(read_list(ROOT / "abi" / f"{name}.syms"), ROOT / "include" / "opencng"):
                refused, problems = in_child(function, library, world, known)
                total, functions = total + refused, functions + 1
                why = EXCUSED.get(function.name)
                if refused < LEAST and not why:
                    problems.append(f"only {refused} wrong calls are refused")
                tap.check(problems[:8], f"{function.name}: {refused} wrong calls refused" + (f" ({why})" if why else ""))
        print(f"# figure: 5 {functions} exported functions, {total} wrong calls refused, at least {LEAST} of each but {len(EXCUSED)} "
              "that cannot be called wrongly so often")
    tap.done()


if __name__ == "__main__":
    main()
