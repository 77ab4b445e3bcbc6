#!/usr/bin/env python3
"""make_failing_calls.py NM NAMES ASM TABLE OBJECT...: calls of libcrypto's that fail when a test says so.

For each function of TABLE that an object refers to, NAMES gets a line "function failing_function", as rename_symbols.py wants it,
and ASM a failing_function: it asks libcrypto_call_fails() and gives the table's value, or goes on to the function with everything
as it was. x86-64; integers and pointers only, which is all that libcrypto takes.

What a provider gives by pointer has no name to be found by. For that ASM has failing_provided, addresses of functions that do the same and
go on to the one of the same number in `provided`, which the test fills; their failure is 0.
"""
import fnmatch
import re
import subprocess
import sys
from pathlib import Path

HEAD = """/* Made by tools/make_failing_calls.py. r11: where to go on; rax: what a failure gives. */
    .text
ask:
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq %r8
    pushq %r9
    pushq %rax
    pushq %r11
    subq $8, %rsp
    call libcrypto_call_fails
    addq $8, %rsp
    testb %al, %al
    popq %r11
    popq %rax
    popq %r9
    popq %r8
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
    jne 1f
    xorl %eax, %eax /* functions with variable arguments want to know: no vector registers */
    jmp *%r11
1:  ret
    .section .note.GNU-stack, "", @progbits
    .text
"""
CALL = """
    .globl failing_{name}
    .type failing_{name}, @function
failing_{name}:
    movq {name}@GOTPCREL(%rip), %r11
    movq ${value}, %rax
    jmp ask
"""

PROVIDED = 4096  # functions that a test may fill in
PROVIDED_CALLS = f"""
    .bss
    .globl provided
    .balign 8
provided: .skip 8 * {PROVIDED}
    .text
    .balign 16
thunks:
    .set number, 0
    .rept {PROVIDED}
    .balign 16
    movq provided + 8 * number(%rip), %r11
    jmp go_on
    .set number, number + 1
    .endr
go_on:
    xorl %eax, %eax
    jmp ask
    .section .data.rel.ro, "aw"
    .globl failing_provided, provided_most
    .balign 8
provided_most: .quad {PROVIDED}
failing_provided:
    .set number, 0
    .rept {PROVIDED}
    .quad thunks + 16 * number
    .set number, number + 1
    .endr
"""


def read(table):
    """Function: what its failure gives, or None where the test has one of its own; and the patterns of those that never fail."""
    fails, never = {}, []
    for line in Path(table).read_text().splitlines():
        words = line.split()
        if line.startswith("never "):
            never += words[1:]
        elif line.startswith("own "):
            fails |= dict.fromkeys(words[1:])
        elif words and not line.startswith("#"):
            fails[words[0]] = int(words[1])
    return fails, never


def referred(nm, objects):
    """What the objects refer to and do not define."""
    wanted, defined = set(), set()
    for line in subprocess.run([nm, *objects], capture_output=True, text=True, check=True).stdout.splitlines():
        words = line.split()
        if len(words) >= 2 and not line.endswith(":"):
            (wanted if words[-2] in "Uw" else defined).add(words[-1])
    return wanted - defined


def main(nm, names, asm, table, *objects):
    fails, never = read(table)
    prefixes = tuple({name.split("_")[0] + "_" for name in fails})
    wanted = sorted(referred(nm, objects))
    unknown = [name for name in wanted if re.match("[A-Z]", name) and name.startswith(prefixes) and name not in fails and
               not any(fnmatch.fnmatchcase(name, pattern) for pattern in never)]
    if unknown:
        sys.exit(f"{table} does not say how these fail: {' '.join(unknown)}")
    calls = [name for name in wanted if name in fails]
    Path(names).write_text("".join(f"{name} failing_{name}\n" for name in calls))
    code = [CALL.format(name=name, value=fails[name]) for name in calls if fails[name] is not None]
    Path(asm).write_text(HEAD + "".join(code) + PROVIDED_CALLS)


if __name__ == "__main__":
    main(*sys.argv[1:])
