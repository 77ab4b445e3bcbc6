#!/usr/bin/env python3
"""Compiles every installed header alone, and the main headers in pairs in both orders, in every mode that callers use.

Usage: headers_test.py [INCLUDE_DIR]    (default: include/opencng beside the tests)

Modes: C11, C17 and C++17, each with wchar_t of 32 and of 16 bits, by $CC (or cc) and by clang if it is there; warnings are errors.
More cases compile what callers do: their own fallback definitions, WIN32_NO_STATUS, WIN32_LEAN_AND_MEAN and so on. The last ones
define the exported functions and look at the symbols that come out. Prints TAP.

Each case is a file of its own, but a compiler is given many at a time: starting it takes longer than the headers do. Where one of them
fails, each is compiled alone, so that every complaint stands under its case.
"""

import concurrent.futures
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only"]
STANDARDS = (("c11", "c"), ("c17", "c"), ("c++17", "c++"))
BATCH = 50
MAIN = ("windows.h", "bcrypt.h", "bcrypt_provider.h", "ncrypt.h", "ncrypt_provider.h", "ncryptprotect.h", "ntdef.h", "winternl.h",
        "ntstatus.h", "winerror.h", "windef.h", "winnt.h", "wincrypt.h", "opencng_config.h", "opencng_keygen.h", "opencng_store.h")

# Functions that carry wide strings somewhere and therefore have two symbols.
STRING_BEARING = ("BCryptOpenAlgorithmProvider", "BCryptEnumAlgorithms", "BCryptEnumProviders", "BCryptGetProperty", "BCryptSetProperty",
                  "BCryptImportKeyPair", "BCryptExportKey", "BCryptSignHash", "BCryptVerifySignature", "BCryptEncrypt", "BCryptDecrypt",
                  "BCryptDeriveKey", "BCryptImportKey", "BCryptKeyDerivation",
                  "BCryptCreateContext", "BCryptDeleteContext", "BCryptEnumContexts", "BCryptConfigureContext",
                  "BCryptQueryContextConfiguration", "BCryptAddContextFunction", "BCryptRemoveContextFunction",
                  "BCryptEnumContextFunctions", "BCryptConfigureContextFunction", "BCryptQueryContextFunctionConfiguration",
                  "BCryptEnumContextFunctionProviders", "BCryptSetContextFunctionProperty", "BCryptQueryContextFunctionProperty",
                  "BCryptRegisterProvider", "BCryptUnregisterProvider", "BCryptQueryProviderRegistration",
                  "BCryptEnumRegisteredProviders", "BCryptAddContextFunctionProvider", "BCryptRemoveContextFunctionProvider",
                  "BCryptResolveProviders",
                  "GetCipherInterface", "GetHashInterface", "GetAsymmetricEncryptionInterface", "GetSecretAgreementInterface",
                  "GetSignatureInterface", "GetRngInterface", "GetKeyDerivationInterface",
                  "NCryptOpenStorageProvider", "NCryptEnumStorageProviders", "NCryptEnumAlgorithms", "NCryptIsAlgSupported",
                  "NCryptEnumKeys", "NCryptCreatePersistedKey", "NCryptOpenKey", "NCryptGetProperty",
                  "NCryptSetProperty", "NCryptImportKey", "NCryptExportKey", "NCryptSignHash",
                  "NCryptVerifySignature", "NCryptEncrypt", "NCryptDecrypt", "NCryptDeriveKey",
                  "NCryptKeyDerivation", "NCryptRegisterProtectionDescriptorName", "NCryptQueryProtectionDescriptorName",
                  "NCryptCreateProtectionDescriptor", "NCryptGetProtectionDescriptorInfo")

# What callers do, by title. The text must compile without a warning in every mode.
CALLERS = {
    "a signature status without a fallback": """
        #include <windows.h>
        #include <bcrypt.h>
        int f(NTSTATUS s);
        int f(NTSTATUS s) { return s == STATUS_INVALID_SIGNATURE && BCRYPT_SUCCESS(STATUS_SUCCESS); }
    """,
    "fallbacks under #ifndef": """
        #include <windows.h>
        #include <bcrypt.h>
        #ifndef STATUS_INVALID_SIGNATURE
        #define STATUS_INVALID_SIGNATURE ((NTSTATUS)0xC000A000L)
        #endif
        #ifndef NT_SUCCESS
        #define NT_SUCCESS(Status) (((NTSTATUS)(Status)) >= 0)
        #endif
        #ifndef BCRYPT_SHA256_ALGORITHM
        #define BCRYPT_SHA256_ALGORITHM L"other"
        #endif
        int f(NTSTATUS s);
        int f(NTSTATUS s) { return NT_SUCCESS(s) && s != STATUS_INVALID_SIGNATURE; }
    """,
    "definitions without #ifndef, in Windows' form": """
        #include <windows.h>
        #include <bcrypt.h>
        #define STATUS_SUCCESS ((NTSTATUS)0x00000000L)
        #define STATUS_INVALID_PARAMETER ((NTSTATUS)0xC000000DL)
        #define STATUS_NOT_SUPPORTED ((NTSTATUS)0xC00000BBL)
        #define STATUS_INVALID_SIGNATURE ((NTSTATUS)0xC000A000L)
        #define NT_SUCCESS(Status) (((NTSTATUS)(Status)) >= 0)
        #define BCRYPT_ECDH_ALGORITHM L"ECDH"
        #define BCRYPT_KDF_RAW_SECRET L"TRUNCATE"
        int x;
    """,
    "handles, magics and flags once more, in the SDK's spelling": """
        #include <bcrypt_provider.h>
        #include <ncrypt.h>
        #define BCRYPT_MD5_ALG_HANDLE                   ((BCRYPT_ALG_HANDLE) 0x00000021)
        #define BCRYPT_SHA256_ALG_HANDLE                ((BCRYPT_ALG_HANDLE) 0x00000041)
        #define BCRYPT_HMAC_SHA256_ALG_HANDLE           ((BCRYPT_ALG_HANDLE) 0x000000b1)
        #define BCRYPT_AES_CBC_ALG_HANDLE               ((BCRYPT_ALG_HANDLE) 0x000001a1)
        #define BCRYPT_AES_GCM_ALG_HANDLE               ((BCRYPT_ALG_HANDLE) 0x000001e1)
        #define BCRYPT_ECDSA_P256_ALG_HANDLE            ((BCRYPT_ALG_HANDLE) 0x000002e1)
        #define BCRYPT_ECDSA_P521_ALG_HANDLE            ((BCRYPT_ALG_HANDLE) 0x00000301)
        #define BCRYPT_HKDF_ALG_HANDLE                  ((BCRYPT_ALG_HANDLE) 0x00000391)
        #define BCRYPT_CHACHA20_POLY1305_ALG_HANDLE     ((BCRYPT_ALG_HANDLE) 0x000003A1)
        #define BCRYPT_SHA3_256_ALG_HANDLE              ((BCRYPT_ALG_HANDLE) 0x000003B1)
        #define BCRYPT_DH_PARAMETERS_MAGIC              0x4d504844
        #define BCRYPT_DSA_PARAMETERS_MAGIC             0x4d505344
        #define BCRYPT_DSA_PARAMETERS_MAGIC_V2          0x324d5044
        #define BCRYPT_RSAPUBLIC_MAGIC                  0x31415352
        #define KDF_USE_SECRET_AS_HMAC_KEY_FLAG         0x1
        #define CRYPT_MIN_DEPENDENCIES                  (0x00000001)
        #define CRYPT_PROCESS_ISOLATE                   (0x00010000)
        #define CRYPT_UM                                (0x00000001)
        #define CRYPT_ANY                               (0x00000004)
        #define CRYPT_OVERWRITE                         (0x00000001)
        #define CRYPT_LOCAL                             (0x00000001)
        #define CRYPT_DOMAIN                            (0x00000002)
        #define CRYPT_EXCLUSIVE                         (0x00000001)
        #define CRYPT_OVERRIDE                          (0x00010000)
        #define CRYPT_ALL_FUNCTIONS                     (0x00000001)
        #define CRYPT_PRIORITY_TOP                      (0x00000000)
        #define CRYPT_PRIORITY_BOTTOM                   (0xFFFFFFFF)
        #define BCRYPT_HASH_INTERFACE_VERSION_1         BCRYPT_MAKE_INTERFACE_VERSION(1,0)
        #define NCRYPT_KEY_STORAGE_INTERFACE_VERSION    BCRYPT_MAKE_INTERFACE_VERSION(1,0)
        int x;
    """,
    "definitions before the headers": """
        #define STATUS_SUCCESS 0
        #define NT_SUCCESS(x) ((x) >= 0)
        #include <bcrypt.h>
        #include <windows.h>
        int x = STATUS_SUCCESS;
    """,
    "WIN32_NO_STATUS leaves the codes out until ntstatus.h": """
        #define WIN32_NO_STATUS
        #include <windows.h>
        #undef WIN32_NO_STATUS
        #if defined(STATUS_SUCCESS) || defined(STATUS_INVALID_PARAMETER)
        #error
        #endif
        #include <ntstatus.h>
        NTSTATUS x = STATUS_INVALID_SIGNATURE;
    """,
    "windows.h brings bcrypt.h and ncrypt.h": """
        #include <windows.h>
        BCRYPT_ALG_HANDLE a;
        NCRYPT_KEY_HANDLE k;
        LPCWSTR name = BCRYPT_AES_ALGORITHM;
    """,
    "WIN32_LEAN_AND_MEAN brings neither": """
        #define WIN32_LEAN_AND_MEAN
        #include <windows.h>
        #if defined(__BCRYPT_H__) || defined(__NCRYPT_H__) || defined(STATUS_SUCCESS)
        #error
        #endif
        DWORD d;
    """,
    "nothing of Windows is feigned": """
        #include <windows.h>
        #if defined(_WIN32) || defined(_WIN64) || defined(WIN32) || defined(_MSC_VER) || defined(NT_SUCCESS) || defined(__in)
        #error
        #endif
        #if defined(__cplusplus) && (defined(min) || defined(max))
        #error
        #endif
        int x;
    """,
    "authenticated cipher information": """
        #include <bcrypt.h>
        unsigned f(void);
        unsigned f(void)
        {
            BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
            BCRYPT_INIT_AUTH_MODE_INFO(info);
            return info.cbSize + info.dwInfoVersion;
        }
    """,
    "SecureZeroMemory": """
        #include <windows.h>
        void f(void);
        void f(void) { char secret[8]; SecureZeroMemory(secret, sizeof(secret)); ZeroMemory(secret, sizeof secret); }
    """,
    "the wide functions come with windows.h": """
        #include <windows.h>
        #include <stdio.h>
        ULONG f(LPCWSTR text, WCHAR *copy);
        ULONG f(LPCWSTR text, WCHAR *copy)
        {
            if (wcscmp(text, L"AES") != 0)
                wprintf(L"%d characters", (int)wcslen(wcscpy(copy, text)));
            return (ULONG)((wcslen(text) + 1) * sizeof(WCHAR));
        }
    """,
    "annotations of the samples": """
        #include <windows.h>
        int wide_main(int argc, __in_ecount(argc) LPWSTR *wargv);
        __checkReturn int fill(__out_bcount(size) PBYTE bytes, _In_range_(1, 9) DWORD size);
    """,
    "structures of security descriptors": """
        #include <windows.h>
        C_ASSERT(SECURITY_DESCRIPTOR_MIN_LENGTH == 40 && sizeof(SECURITY_DESCRIPTOR_RELATIVE) == 20 && sizeof(ACL) == 8);
        C_ASSERT(offsetof(SECURITY_DESCRIPTOR, Owner) == 8 && offsetof(SECURITY_DESCRIPTOR, Dacl) == 32);
        C_ASSERT(offsetof(SID, SubAuthority) == 8 && offsetof(ACCESS_ALLOWED_ACE, SidStart) == 8 && sizeof(ACCESS_DENIED_ACE) == 12);
        C_ASSERT(sizeof(SYSTEMTIME) == 16 && sizeof(FILETIME) == 8 && sizeof(LARGE_INTEGER) == 8 && sizeof(GUID) == 16);
        extern int x;
    """,
    "a system's headers before and after": """
        #include <stdio.h>
        #include <stdlib.h>
        #include <windows.h>
        #include <ntstatus.h>
        #include <wchar.h>
        #include <sys/socket.h>
        #include <netinet/in.h>
        int x;
    """,
}


def compilers():
    found = [shlex.split(os.environ.get("CC", "cc"))]
    if shutil.which("clang") and os.path.basename(found[0][0]) != "clang":
        found.append(["clang"])
    return found


def texts(include):
    """Yields (title, source text)."""
    headers = sorted(name for name in os.listdir(include) if name.endswith(".h"))
    for name in headers:
        yield name, f"#include <{name}>\nextern int alone;\n"
    for first, second in itertools.permutations(MAIN, 2):
        yield f"{first} then {second}", f"#include <{first}>\n#include <{second}>\nextern int pair;\n"
    for title, text in CALLERS.items():
        yield title, textwrap.dedent(text)


def compile_files(command, files):
    return subprocess.run([*command, *files], capture_output=True, text=True, check=False)


def at_once(command, file):
    """The command for many files. Clang's driver starts a process for each; the compiler behind it takes them all."""
    shown = subprocess.run([*command, "-###", file], capture_output=True, text=True, check=False).stderr
    behind = [shlex.split(line) for line in shown.splitlines() if ' "-cc1" ' in line]
    return behind[0][:-1] if len(behind) == 1 and behind[0][-1] == file else command


def run(batch):
    """What each file of the batch gives: "", or the compiler's words."""
    command, files = batch
    together = compile_files(at_once(command, files[0]), files)
    if together.returncode == 0 and not together.stderr:
        return ["" for _ in files]
    alone = [compile_files(command, [file]) for file in files]
    found = [result.stderr or "failed" if result.returncode else "" for result in alone]
    return found if any(found) else [f"only together with others: {together.stderr}" for _ in files]


def batches(include, folder):
    """Writes the cases' files; yields (titles, (command, files)), in batches that keep every processor at work."""
    cases = []
    for number, (title, text) in enumerate(texts(include)):
        cases.append((title, os.path.join(folder, f"case{number}")))
        with open(cases[-1][1], "w", encoding="utf-8") as file:
            file.write(text)
    for cc, (standard, language), width in itertools.product(compilers(), STANDARDS, ([], ["-fshort-wchar"])):
        command = [*cc, f"-std={standard}", *width, *WARNINGS, "-I", include, "-x", language]
        for start in range(0, len(cases), BATCH):
            some = cases[start:start + BATCH]
            titles = [f"{title} ({' '.join([cc[0], standard, *width])})" for title, _ in some]
            yield titles, (command, [file for _, file in some])


def check_symbols(cc, width, include, folder):
    """Defines every declared function as the library's border does; returns the complaint about its symbols, or ""."""
    text = ""
    for header in ("bcrypt.h", "bcrypt_provider.h", "ncrypt.h", "ncryptprotect.h"):
        with open(os.path.join(include, header), encoding="utf-8") as file:
            text += file.read()
    declarations = re.findall(r"^OPENCNG_API (\w+) WINAPI (\w+)\((.*?)\)\s*(OPENCNG_WIDE\(\w+\))?;", text, re.S | re.M)
    source = "#include <bcrypt_provider.h>\n#include <ncryptprotect.h>\n" + "".join(
        f"{result} WINAPI {name}({parameters}) {{ {'return 0;' if result != 'VOID' else ''} }}\n"
        for result, name, parameters, _ in declarations)
    out = os.path.join(folder, "symbols.o")
    command = [*cc, "-x", "c", "-std=c17", *width, "-fvisibility=hidden", "-w", "-I", include, "-c", "-o", out, "-"]
    result = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    if result.returncode:
        return result.stderr
    wanted = {name for _, name, _, wide in declarations if not wide or width}
    wanted |= {f"{name}_wchar32" for _, name, _, wide in declarations if wide and not width}
    missing_label = {name for _, name, parameters, wide in declarations if not wide} & set(STRING_BEARING)
    if missing_label or {name for _, name, _, wide in declarations if wide} != set(STRING_BEARING):
        return f"string-bearing functions differ: {sorted(missing_label)}"
    listing = subprocess.run(["readelf", "--wide", "--syms", out], capture_output=True, text=True, check=True).stdout
    visible = {line.split()[-1] for line in listing.splitlines() if " GLOBAL DEFAULT " in line and " FUNC " in line}
    return "" if visible == wanted else f"missing {sorted(wanted - visible)}, surplus {sorted(visible - wanted)}"


def main():
    include = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "include", "opencng")
    results = []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        work = list(batches(include, folder))
        for (titles, _), complaints in zip(work, pool.map(lambda item: run(item[1]), work)):
            results += zip(titles, complaints)
        for cc, width in itertools.product(compilers(), ([], ["-fshort-wchar"])):
            results.append((f"symbols of definitions ({' '.join([cc[0], *width])})", check_symbols(cc, width, include, folder)))
    print(f"1..{len(results)}")
    for number, (title, complaint) in enumerate(results, 1):
        print(f"{'not ok' if complaint else 'ok'} {number} - {title}")
        if complaint:
            print("\n".join("# " + line for line in complaint.splitlines()[:20]))
    return 1 if any(complaint for _, complaint in results) else 0


if __name__ == "__main__":
    sys.exit(main())
