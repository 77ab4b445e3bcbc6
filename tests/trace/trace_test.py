#!/usr/bin/env python3
"""OPENCNG_TRACE as a user meets it (docs/tracing.md): what is in the file, what never is, and what a program notices. Prints TAP.

trace_test.py SOURCE_ROOT LIBBCRYPT LIBNCRYPT PROGRAM_32 PROGRAM_16 SECURE_PROGRAM
The programs are trace_calls.c for each width of wchar_t, and once more for a set-user-id copy.
"""
import base64
import ctypes
import os
import re
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT, LIBBCRYPT, LIBNCRYPT, *PROGRAMS, SECURE = map(os.path.abspath, sys.argv[1:7])
sys.path.insert(0, str(Path(ROOT) / "tools"))
import make_trace  # noqa: E402
from make_version_script import read_list  # noqa: E402
from tap import Tap  # noqa: E402

tap = Tap()
WIDTHS = dict(zip((32, 16), PROGRAMS))
NOBODY = 65534
VARIABLE = "OPENCNG_TRACE"

RESULT = r"= [A-Z]+_[A-Z_]+ \(0x[0-9A-F]{8}\)|= 0x[0-9A-F]{8}|= TRUE|= FALSE"
LINE = re.compile(r"\d\d:\d\d:\d\d\.\d{6} (?P<pid>\d+)/(?P<tid>\d+) (?P<module>[^ ]+): (?P<name>[A-Z]\w+)\((?P<arguments>.*)\)"
                  rf"(?: (?P<result>{RESULT}))?(?:, \*\w+=(?:0x[0-9a-f]+|\d+))*, \d+ ns")


def environment(home, trace):
    """Where the program keeps its keys, and where its calls go; None: nowhere."""
    variables = {**os.environ, "OPENCNG_HOME": str(home)}
    variables.pop(VARIABLE, None)
    return variables if trace is None else {**variables, VARIABLE: str(trace)}


def run(folder, program, *args, trace="trace", **options):
    home = Path(folder) / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    where = trace if trace is None or os.path.isabs(trace) else Path(folder) / trace
    return subprocess.run([program, *args], env=environment(home, where), cwd=folder, capture_output=True, text=True, check=False,
                          **options)


def lines(folder, name="trace"):
    return (Path(folder) / name).read_text(encoding="ascii").splitlines()


def malformed(text_lines):
    return [f"no line of a trace: {x}" for x in text_lines if not LINE.fullmatch(x)][:5]


def folder():
    return tempfile.TemporaryDirectory(prefix="opencng-trace-")


# ---- every exported function --------------------------------------------------------------------------------------------

def call_everything(library):
    """In a process of its own: each exported function with nothing but NULL and 0."""
    loaded = ctypes.CDLL(library)
    name = Path(library).name.split(".")[0]
    for symbol in read_list(Path(ROOT) / "abi" / f"{name}.syms"):
        getattr(loaded, symbol)(*[ctypes.c_void_p(0)] * 12)


def test_every_function():
    for library in (LIBBCRYPT, LIBNCRYPT):
        name = Path(library).name.split(".")[0]
        symbols = [x.removesuffix(make_trace.WIDE) for x in read_list(Path(ROOT) / "abi" / f"{name}.syms")]
        with folder() as place:
            done = run(place, sys.executable, __file__, *sys.argv[1:7], library)
            found = lines(place) if done.returncode == 0 else []
            calls = [LINE.fullmatch(x)["name"] for x in found if LINE.fullmatch(x) and " libncrypt.so.0: " not in x]
            tap.check([done.stderr] if done.returncode else malformed(found), f"{name}: each function takes NULL, and each line is one")
            tap.check([f"not in the trace in each width: {x}" for x in sorted(set(symbols)) if calls.count(x) != symbols.count(x)],
                      f"{name}: each of {len(symbols)} exported functions is traced")


# ---- kinds of arguments and results -------------------------------------------------------------------------------------

OK = r"= STATUS_SUCCESS \(0x00000000\)"
HANDLE = "0x[0-9a-f]+"
CALLS = {
    "a constructor's call": rf'BCryptOpenAlgorithmProvider\(phAlgorithm=&, pszAlgId="RNG", pszImplementation=NULL, dwFlags=0x0\) {OK}, \*phAlgorithm={HANDLE}',
    "strings and flags": rf'BCryptOpenAlgorithmProvider\(phAlgorithm=&, pszAlgId="SHA256", pszImplementation="Microsoft Primitive Provider", dwFlags=0x8\) {OK}, \*phAlgorithm={HANDLE}',
    "a property": rf'BCryptGetProperty\(hObject={HANDLE}, pszProperty="HashDigestLength", pbOutput=\[4\], pcbResult=&, dwFlags=0x0\) {OK}, \*pcbResult=4',
    "a handle that is returned": rf"BCryptCreateHash\(hAlgorithm={HANDLE}, phHash=&, pbHashObject=NULL, pbSecret=\[48\], dwFlags=0x0\) {OK}, \*phHash={HANDLE}",
    "memory": rf"BCryptHashData\(hHash={HANDLE}, pbInput=\[48\], dwFlags=0x0\) {OK}",
    "a question for a size": rf"BCryptEncrypt\(hKey={HANDLE}, pbInput=\[48\], pPaddingInfo=NULL, pbIV=NULL, pbOutput=NULL, pcbResult=&, dwFlags=0x1\) {OK}, \*pcbResult=64",
    "a buffer that is too small": r"BCryptEncrypt\(.*pbOutput=\[16\].*\) = STATUS_BUFFER_TOO_SMALL \(0xC0000023\), \*pcbResult=64",
    "numbers": rf"BCryptDeriveKeyPBKDF2\(hPrf=0xb1, pbPassword=\[48\], pbSalt=\[48\], cIterations=2, pbDerivedKey=\[32\], dwFlags=0x0\) {OK}",
    "a parameter list": rf"BCryptKeyDerivation\(hKey={HANDLE}, pParameterList={{0x0\[(14|28)\], 0xf\[48\]}}, pbDerivedKey=\[32\], pcbResult=&, dwFlags=0x0\) {OK}, \*pcbResult=32",
    "a byte that is returned": rf"BCryptGetFipsAlgorithmMode\(pfEnabled=&\) {OK}, \*pfEnabled=[01]",
    "a count that is returned": rf"BCryptEnumAlgorithms\(dwAlgOperations=32, pAlgCount=&, ppAlgList=&, dwFlags=0x0\) {OK}, \*pAlgCount=\d+",
    "a function without a result": r"BCryptFreeBuffer\(pvBuffer=&\)",
    "a function that says TRUE": r"ProcessPrng\(pbData=\[16\]\) = TRUE",
    "a key's name": rf'NCryptCreatePersistedKey\(hProvider={HANDLE}, phKey=&, pszAlgId="ECDSA_P256", pszKeyName="a \\"key\\"", dwLegacyKeySpec=0, dwFlags=0x0\) {OK}, \*phKey={HANDLE}',
    "a PIN's size": rf'NCryptSetProperty\(hObject={HANDLE}, pszProperty="SmartCardPin", pbInput=\[(98|196)\], dwFlags=0x0\) {OK}',
    "a password's size": rf'NCryptExportKey\(hKey={HANDLE}, hExportKey=NULL, pszBlobType="PKCS8_PRIVATEKEY", pParameterList={{0x2e\[(98|196)\]}}, .*\) {OK}, \*pcbResult=\d+',
    "a question about a handle": rf"NCryptIsKeyHandle\(hKey={HANDLE}\) = TRUE",
}
REFUSED = {
    "an unknown name, escaped": r'BCryptOpenAlgorithmProvider\(phAlgorithm=&, pszAlgId="nobody\'s \\"\\\\\\u000a\\u00e9\\u4e2d", pszImplementation=NULL, dwFlags=0x0\) = STATUS_NOT_FOUND \(0xC0000225\)',
    "a long name, cut": rf'BCryptOpenAlgorithmProvider\(phAlgorithm=&, pszAlgId="{"x" * 80}"\.\.\., .*\) = STATUS_NOT_FOUND \(0xC0000225\)',
    "an unknown flag": r'BCryptOpenAlgorithmProvider\(.*"AES".*dwFlags=0x80000000\) = STATUS_INVALID_PARAMETER \(0xC000000D\)',
    "NULL": r"BCryptOpenAlgorithmProvider\(phAlgorithm=NULL, pszAlgId=NULL, pszImplementation=NULL, dwFlags=0x0\) = STATUS_INVALID_PARAMETER \(0xC000000D\)",
    "a wrong handle": r'BCryptGetProperty\(hObject=0x1234, pszProperty="ObjectLength", pbOutput=NULL\[4\], pcbResult=&, dwFlags=0x0\) = STATUS_INVALID_HANDLE \(0xC0000008\)',
    "no handle": r"BCryptDestroyHash\(hHash=NULL\) = STATUS_INVALID_PARAMETER \(0xC000000D\)",
    "nothing to free": r"BCryptFreeBuffer\(pvBuffer=NULL\)",
    "no such provider": r'NCryptOpenStorageProvider\(phProvider=&, pszProviderName="nobody", dwFlags=0x0\) = NTE_\w+ \(0x[0-9A-F]{8}\)',
    "an address that cannot be read": r'NCryptEnumKeys\(hProvider=NULL, pszScope=""\(bad address\), ppKeyName=NULL, ppEnumState=NULL, dwFlags=0x0\) = NTE_INVALID_HANDLE \(0x80090026\)',
    "a question about no handle": r"NCryptIsKeyHandle\(hKey=0x77\) = FALSE",
}


def check_calls(expected, found, width):
    for name, call in expected.items():
        pattern = re.compile(rf".*: {call}, \d+ ns")
        tap.check([] if any(pattern.fullmatch(x) for x in found) else [f"no line: {call}", *found[:3]], f"{width}-bit strings: {name}")


def forms(raw):
    """A secret's bytes as somebody might print them."""
    return [raw, raw.hex().encode(), raw.hex().upper().encode(), raw.hex(" ").encode(), raw.hex(":").encode(), base64.b64encode(raw)]


def leaks(trace, secret_bytes, name):
    """Where six bytes in a row of a secret are in the trace, in either order."""
    found = []
    for order in (secret_bytes, secret_bytes[::-1]):
        for at in range(len(order) - 5):
            found += [f"{name}: {form!r}" for form in forms(order[at:at + 6]) if form in trace]
    return found


def test_calls(width, program):
    secret = secrets.token_urlsafe(36)
    with folder() as place:
        done = run(place, program, "calls", secret)
        found = lines(place) if done.returncode == 0 else []
        tap.check([done.stderr] if done.returncode else malformed(found), f"{width}-bit strings: the program ends well, and each line is one")
        check_calls(CALLS, found, width)
        trace = (Path(place) / "trace").read_bytes()
        problems = leaks(trace, secret.encode(), "the secret") + leaks(trace, secret.encode("utf-16-le"), "the secret in UTF-16")
        problems += leaks(trace, secret.encode("utf-32-le"), "the secret in UTF-32")
        outputs = [bytes.fromhex(x) for x in done.stdout.splitlines() if re.fullmatch("([0-9a-f]{2}){16,}", x)]
        for output in outputs:
            problems += leaks(trace, output, "what the library gave out")
        tap.check(problems if len(outputs) == 7 else [f"{len(outputs)} outputs", done.stdout],
                  f"{width}-bit strings: no secret and no output is in the trace, in any form")
        tap.check([] if leaks(trace + outputs[0].hex().encode(), outputs[0], "") else ["a planted one was not found"],
                  f"{width}-bit strings: a planted secret is found")
        seen = {LINE.fullmatch(x)["module"] for x in found if LINE.fullmatch(x)}
        tap.check([] if seen == {Path(program).name, "libncrypt.so.0"} else [f"{seen}"], f"{width}-bit strings: who called is told")
    with folder() as place:
        done = run(place, program, "refused")
        found = lines(place) if done.returncode == 0 else []
        tap.check([done.stderr] if done.returncode else malformed(found), f"{width}-bit strings: refused calls, and each line is one")
        check_calls(REFUSED, found, f"refused, {width}")


# ---- what the program notices -------------------------------------------------------------------------------------------

def test_off(program):
    with folder() as place:
        for value, name in ((None, "unset"), ("", "empty")):
            variables = environment(place, None) | ({} if value is None else {VARIABLE: value})
            done = subprocess.run([program, "refused"], env=variables, cwd=place, capture_output=True, text=True, check=False)
            tap.check([] if (done.returncode, done.stderr, os.listdir(place)) == (0, "", []) else [f"{done} {os.listdir(place)}"],
                      f"{name}: no file, no message")
        done = run(place, program, "confined", trace=None)
        if done.returncode == 77:
            tap.skip("off: no system call", "the system does not confine processes")
            return
        tap.check([] if done.returncode == 0 else [f"{done}"], "off: no system call")
        on = run(place, program, "confined")
        tap.check([] if on.returncode in (-signal.SIGKILL, -signal.SIGSEGV) else [f"{on}"], "on: the same program is stopped at the first one")


def test_file(program):
    with folder() as place:
        run(place, program, "errno", umask=0)
        mode = stat.S_IMODE(os.stat(Path(place) / "trace").st_mode)
        tap.check([] if mode == 0o600 else [oct(mode)], "a new file is for its user alone, whatever the umask")
        before = lines(place)
        done = run(place, program, "errno")
        after = lines(place)
        tap.check([] if after[:len(before)] == before and len(after) == 2 * len(before) else after, "a second run appends")
        tap.check([] if done.stdout == "kept\n" else [done.stdout], "errno outlives a traced call")

        done = run(place, program, "errno", trace="no/such/folder")
        message = "libbcrypt.so.0: OPENCNG_TRACE: " + str(Path(place) / "no/such/folder") + ": No such file or directory\n"
        tap.check([] if (done.returncode, done.stdout, done.stderr) == (0, "kept\n", message) else [f"{done}"],
                  "a file that cannot be opened: one message, and the program goes on")
        done = run(place, program, "errno", trace="/dev/full")
        tap.check([] if (done.returncode, done.stdout, done.stderr) == (0, "kept\n", "") else [f"{done}"], "a full disk: the program goes on")
        done = run(place, program, "errno", trace="/dev/stderr")
        tap.check(malformed(done.stderr.splitlines()) if done.stderr else ["nothing"], "the file may be standard error")


def test_processes(program):
    with folder() as place:
        done = run(place, program, "fork")
        parent, child = done.stdout.split()
        found = [LINE.fullmatch(x) for x in lines(place)]
        tids = {(x["name"], x["pid"], x["tid"]) for x in found}
        wanted = {("BCryptFreeBuffer", parent, parent), ("BCryptDestroyKey", child, child)}
        tap.check([] if wanted <= tids else [f"{tids}"], "a child goes on under its own number")
    with folder() as place:
        done = run(place, program, "closed", str(Path(place) / "mine"))
        names = [LINE.fullmatch(x)["name"] for x in lines(place)]
        tap.check([] if done.returncode == 0 and (Path(place) / "mine").read_text() == "mine\n" else [f"{done}"],
                  "a program that closes all descriptors keeps its own file to itself")
        tap.check([] if names[-4:] == ["BCryptDestroyKey", "NCryptFreeObject", "BCryptDestroyHash", "NCryptFreeBuffer"] else names,
                  "and is traced further")
    with folder() as place:
        run(place, program, "threads", "500")
        found = lines(place)
        hashes = [LINE.fullmatch(x) for x in found if "BCryptHash(" in x]
        tap.check(malformed(found) or ([] if len(hashes) == 4000 else [f"{len(hashes)} lines"]), "8 threads write whole lines")
        tap.check([] if len({x["tid"] for x in hashes if x}) == 8 else ["other numbers of threads"], "under eight numbers")


def test_secure(program):
    """A set-user-id program takes nothing from its user's environment."""
    name = "a set-user-id program is not traced"
    if os.geteuid() != 0:
        tap.skip(name, "only root can make one")
        return
    with folder() as place:
        os.chmod(place, 0o777)
        copy = Path(place) / "secure"
        shutil.copy(program, copy)
        plain = run(place, copy, "errno", trace="plain", user=NOBODY, group=NOBODY, extra_groups=[])
        if plain.returncode != 0 or not (Path(place) / "plain").exists():
            tap.skip(name, "another user does not reach the libraries")
            return
        os.chmod(copy, 0o4755)
        done = run(place, copy, "errno", trace="secure-trace", user=NOBODY, group=NOBODY, extra_groups=[])
        there = (Path(place) / "secure-trace").exists()
        tap.check([] if (done.returncode, done.stdout, there) == (0, "kept\n", False) else [f"{done} {there}"], name)


# ---- the generator --------------------------------------------------------------------------------------------------------

PLANTED = {
    "an argument": ("NTSTATUS WINAPI BCryptX(struct strange *p)", "BCryptX", "does not know the type 'struct strange *' of p in BCryptX"),
    "a result": ("double WINAPI BCryptX(ULONG n)", "BCryptX", "does not know the type 'double' that BCryptX returns"),
    "no header": ("NTSTATUS WINAPI BCryptY(ULONG n)", "BCryptX", "no header declares BCryptX"),
    "a string of one width": ("NTSTATUS WINAPI BCryptX(LPCWSTR s)", "BCryptX", "takes a string and has no OPENCNG_WIDE"),
    "a width that is not exported": ("NTSTATUS WINAPI BCryptX(LPCWSTR s) OPENCNG_WIDE(BCryptX)", "BCryptX", "differ in the widths of BCryptX"),
}


def test_generator():
    for name, (declaration, symbols, sentence) in PLANTED.items():
        with folder() as place:
            (Path(place) / "x.h").write_text(f"/* it */\nOPENCNG_API {declaration};\n")
            (Path(place) / "x.syms").write_text(symbols + "\n")
            done = subprocess.run([sys.executable, make_trace.__file__, Path(place) / "x.syms", place, Path(place) / "out"],
                                  capture_output=True, text=True, check=False)
            right = done.returncode != 0 and sentence in done.stderr and not (Path(place) / "out.c").exists()
            tap.check([] if right else [f"{done}"], f"the build ends at what has no place in a row: {name}")


def main():
    test_every_function()
    for width, program in WIDTHS.items():
        test_calls(width, program)
    test_off(PROGRAMS[0])
    test_file(PROGRAMS[0])
    test_processes(PROGRAMS[0])
    test_secure(SECURE)
    test_generator()
    tap.done()


if __name__ == "__main__":
    if len(sys.argv) == 8:
        call_everything(sys.argv[7])
    else:
        main()
