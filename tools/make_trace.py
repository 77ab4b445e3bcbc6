#!/usr/bin/env python3
"""make_trace.py LIST HEADERS OUTPUT: the wrappers of a library's exported functions, which trace calls (src/trace/trace.h).

LIST is abi/NAME.syms, HEADERS the folder of the public headers, which declare each function in one form:

    OPENCNG_API RESULT WINAPI Name(TYPE name, ...) [OPENCNG_WIDE(Name)];

Written are OUTPUT.c, the functions without strings; OUTPUT_wide.c, those that exist for each width of wchar_t, to be compiled
once for each; OUTPUT.names, how rename_symbols.py renames the functions themselves; OUTPUT.d, what all that was made of. A type that is in no table below ends the
build: what may be shown of an argument is for a person to decide.
"""
import re
import sys
from pathlib import Path

from make_version_script import read_list

WIDE = "_wchar32"

# What a function returns -> how it is shown.
RESULTS = {
    "NTSTATUS": "status",
    "SECURITY_STATUS": "status",
    "BOOL": "bool",
    "VOID": "void",
}

HANDLES = """BCRYPT_HANDLE BCRYPT_ALG_HANDLE BCRYPT_KEY_HANDLE BCRYPT_HASH_HANDLE BCRYPT_SECRET_HANDLE NCRYPT_HANDLE NCRYPT_PROV_HANDLE
    NCRYPT_KEY_HANDLE NCRYPT_HASH_HANDLE NCRYPT_SECRET_HANDLE NCRYPT_DESCRIPTOR_HANDLE NCRYPT_STREAM_HANDLE HCRYPTPROV HCRYPTKEY HANDLE HWND""".split()

NUMBERS = "ULONG DWORD ULONGLONG SIZE_T BOOL BCRYPT_MULTI_OPERATION_TYPE".split()

# Memory of bytes: a pointer pbName that has a cbName beside it is shown with it.
MEMORY = ["PUCHAR", "PBYTE", "PVOID", "const BYTE *"]

# Addresses of which nothing more is shown than whether they are NULL. Whatever may lead to a secret is here or in MEMORY.
POINTERS = """
    VOID *
    void *
    PVOID *
    void **
    PUCHAR *
    BYTE **
    char *
    LPWSTR
    BCRYPT_ALGORITHM_IDENTIFIER **
    BCRYPT_PROVIDER_NAME **
    BCRYPT_ASYMMETRIC_ENCRYPTION_FUNCTION_TABLE **
    BCRYPT_CIPHER_FUNCTION_TABLE **
    BCRYPT_HASH_FUNCTION_TABLE **
    BCRYPT_KEY_DERIVATION_FUNCTION_TABLE **
    BCRYPT_RNG_FUNCTION_TABLE **
    BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE **
    BCRYPT_SIGNATURE_FUNCTION_TABLE **
    NCRYPT_KEY_STORAGE_FUNCTION_TABLE **
    NCryptAlgorithmName **
    NCryptKeyName **
    NCryptProviderName **
    NCRYPT_PROTECT_STREAM_INFO *
    NCRYPT_PROTECT_STREAM_INFO_EX *
    const NCRYPT_ALLOC_PARA *
    PCRYPT_CONTEXTS *
    PCRYPT_CONTEXT_CONFIG
    PCRYPT_CONTEXT_CONFIG *
    PCRYPT_CONTEXT_FUNCTIONS *
    PCRYPT_CONTEXT_FUNCTION_CONFIG
    PCRYPT_CONTEXT_FUNCTION_CONFIG *
    PCRYPT_CONTEXT_FUNCTION_PROVIDERS *
    PCRYPT_PROVIDERS *
    PCRYPT_PROVIDER_REFS *
    PCRYPT_PROVIDER_REG
    PCRYPT_PROVIDER_REG *
    CNG_CONFIG_PROBLEM_CALLBACK
    CNG_STORE_ASK_CALLBACK
    CNG_STORE_FINDING_CALLBACK
    CNG_STORE_PROGRESS_CALLBACK
    CNG_STORE_SLOT_CALLBACK
    CNG_STORE_EXPLANATION *
    CNG_STORE_REPORT *
    const CNG_STORE_BYTES *
    const CNG_STORE_SLOT_PARAMETERS *
"""

# The type of an argument -> its kind in src/trace/trace_kind.h.
KINDS = {
    "LPCWSTR": "wide",
    "const char *": "narrow",
    "BCryptBufferDesc *": "buffers",
    "NCryptBufferDesc *": "buffers",
    "BOOLEAN *": "out_byte",
    "ULONG *": "out_ulong",
    "DWORD *": "out_ulong",
    "SIZE_T *": "out_size",
} | dict.fromkeys(NUMBERS, "number") | dict.fromkeys(HANDLES, "handle") | dict.fromkeys([f"{x} *" for x in HANDLES], "out_handle") \
  | dict.fromkeys(MEMORY, "pointer") | dict.fromkeys([x.strip() for x in POINTERS.split("\n") if x.strip()], "pointer")

IN_REGISTERS = 6  # arguments, by the calling convention of x86-64

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
PROTOTYPE = re.compile(r"OPENCNG_API\s+(\w+)\s+WINAPI\s+(\w+)\s*\(([^()]*)\)\s*(OPENCNG_WIDE\s*\(\s*(\w+)\s*\))?\s*;")


class Unfit(Exception):
    """Something in the headers that has no place in the tables; a sentence for whoever wrote it."""


class Argument:
    """A parameter of a function: its declaration, type and name."""

    def __init__(self, function, text):
        self.text = " ".join(text.split())
        match = re.fullmatch(r"(.*?)(\w+)", self.text)
        self.name = match[2]
        # "ULONG *" and "BYTE **", however they are written.
        self.type = re.sub(r"\s*(\*+)\s*$", r" \1", re.sub(r"\*\s+\*", "**", match[1].strip()))
        if self.type not in KINDS:
            raise Unfit(f"make_trace.py does not know the type '{self.type}' of {self.name} in {function}: "
                        "add it to the table of its kind there (POINTERS, if nothing of it may be shown)")
        self.kind = KINDS[self.type]
        self.size_at = 0
        if self.kind == "number" and re.search(r"Flags$", self.name):
            self.kind = "flags"


class Function:
    """An exported function as its header declares it."""

    def __init__(self, header, result, name, parameters, wide):
        self.header, self.result, self.name, self.wide = header, result, name, wide
        if result not in RESULTS:
            raise Unfit(f"make_trace.py does not know the type '{result}' that {name} returns: add it to RESULTS there")
        listed = parameters.strip()
        self.arguments = [] if listed in ("", "void", "VOID") else [Argument(name, text) for text in listed.split(",")]
        self.pair_sizes()
        if not wide and any(argument.kind == "wide" for argument in self.arguments):
            raise Unfit(f"{name} in {header} takes a string and has no OPENCNG_WIDE({name})")

    def pair_sizes(self):
        """Memory is shown together with the argument that counts its bytes."""
        at = {argument.name: i for i, argument in enumerate(self.arguments)}
        for argument in self.arguments:
            size = at.get(re.sub(r"^p[bv]?", "cb", argument.name)) if argument.type in MEMORY else None
            if size is not None:
                argument.kind, argument.size_at = "memory", size
                self.arguments[size].kind = "size"

    def wrapper(self):
        """The function's row, and the wrapper with its name, in C."""
        name, void = self.name, RESULTS[self.result] == "void"
        parameters = ", ".join(argument.text for argument in self.arguments)
        values = ", ".join(argument.name for argument in self.arguments)
        rows = "".join(f'    {{"{x.name}", &trace_kind_{x.kind}, {x.size_at}}},\n' for x in self.arguments)
        words = ", ".join(f"(uintptr_t){argument.name}" for argument in self.arguments)
        wide = f" OPENCNG_WIDE(untraced_{name})" if self.wide else ""
        begin = ("" if void else f"{self.result} result = ") + f"untraced_{name}({values});"
        end = "trace_end(&call, 0);" if void else "trace_end(&call, (uint32_t)result);\n    return result;"
        return f"""
/* ---- {name} ---- */

extern __typeof__({name}) untraced_{name}{wide} HIDDEN;

static const struct trace_arg arguments_{name}[] = {{
{rows or '    {NULL, NULL, 0},' + chr(10)}}};
static const struct trace_row row_{name} = {{"{name}", trace_result_{RESULTS[self.result]}, sizeof(WCHAR), {len(self.arguments)}, arguments_{name}}};

static COLD {self.result} traced_{name}({parameters or "void"})
{{
    const uintptr_t words[] = {{{words or 0}}};
    struct trace_call call = {{.row = &row_{name}, .args = words, .caller = __builtin_return_address(0)}};
    trace_begin(&call);
    {begin}
    {end}
}}

TRACE_UNCOUNTED {self.result} WINAPI {name}({parameters or "void"})
{{
{self.jump(values)}
}}
"""

    def jump(self, values):
        """To one or the other. Arguments on the stack stay there for one jump; gcc loads them first when there are two."""
        name = self.name
        if len(self.arguments) > IN_REGISTERS:
            return f"    JUMP (trace_is_off() ? untraced_{name} : traced_{name})({values});"
        return f"    if (trace_is_off())\n        JUMP untraced_{name}({values});\n    else\n        JUMP traced_{name}({values});"


HEAD = """/*
 * Wrappers of exported functions, made by tools/make_trace.py. They jump, because all three functions take the same:
 * the one that traces returns to the program, and so sees who called.
 */
{includes}
#include "trace.h"

#define HIDDEN __attribute__((__visibility__("hidden")))
#define COLD __attribute__((__cold__, __noinline__))
#if __has_attribute(__musttail__)
#define JUMP __attribute__((__musttail__)) return
#else
#define JUMP return /* optimized */
#endif
"""


def declared(folder):
    """name -> what is to be read of each function that a header of the folder declares."""
    functions = {}
    for path in sorted(Path(folder).glob("*.h")):
        text = COMMENT.sub(" ", path.read_text(encoding="utf-8"))
        for result, name, parameters, wide, label in PROTOTYPE.findall(text):
            if wide and label != name:
                raise Unfit(f"{path.name} gives {name} the label of {label}")
            functions[name] = (path.name, result, name, parameters, bool(wide))
    return functions


def exported_functions(symbols, folder):
    """The functions behind a list of exported names; their widths are those of the headers."""
    known, listed = declared(folder), set(symbols)
    functions = []
    for name in sorted({symbol.removesuffix(WIDE) for symbol in symbols}):
        if name not in known:
            raise Unfit(f"no header declares {name} in the form 'OPENCNG_API RESULT WINAPI {name}(...);'")
        function = Function(*known[name])
        if function.wide != (name + WIDE in listed) or name not in listed:
            raise Unfit(f"{function.header} and the list of exported names differ in the widths of {name}")
        functions.append(function)
    return functions


def source(functions):
    includes = "\n".join(f'#include "{header}"' for header in sorted({function.header for function in functions}))
    return HEAD.format(includes=includes) + "".join(function.wrapper() for function in functions)


def main(list_path, folder, output):
    symbols = read_list(list_path)
    try:
        functions = exported_functions(symbols, folder)
    except Unfit as problem:
        sys.exit(f"error: {problem}")
    for suffix, wide in (("", False), ("_wide", True)):
        Path(f"{output}{suffix}.c").write_text(source([x for x in functions if x.wide == wide]), encoding="utf-8")
    headers = " ".join(str(path).replace(" ", "\\ ") for path in sorted(Path(folder).glob("*.h")))
    Path(f"{output}.d").write_text(f"{output}.c: {headers}\n", encoding="utf-8")
    Path(f"{output}.names").write_text("".join(f"{x} untraced_{x}\n" for x in symbols), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
