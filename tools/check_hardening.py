#!/usr/bin/env python3
"""check_hardening.py [--fortified] ELF...: what the linker and the compiler can do against exploits is in each file. TAP.

Full RELRO (PT_GNU_RELRO and immediate binding), a stack and segments of which none can be both written and executed, code that can lie anywhere, no
relocations in it, no path to look for libraries in that a build left, a protected stack, and with --fortified libc's checked functions.
"""
import struct
import sys

from tap import Tap

PT_LOAD, PT_DYNAMIC, PT_GNU_STACK, PT_GNU_RELRO = 1, 2, 0x6474E551, 0x6474E552
DT_NEEDED, DT_STRTAB, DT_RPATH, DT_TEXTREL, DT_FLAGS, DT_RUNPATH, DT_FLAGS_1 = 1, 5, 15, 22, 30, 29, 0x6FFFFFFB
DF_TEXTREL, DF_BIND_NOW, DF_1_NOW = 4, 8, 1
ET_DYN, PF_X, PF_W = 3, 1, 2


class Elf:
    """The program headers and the dynamic section of a 64-bit file."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        if self.bytes[:5] != b"\x7fELF\x02":
            raise SystemExit(f"{path} is not a 64-bit ELF file")
        self.order = "<" if self.bytes[5] == 1 else ">"
        (self.type,) = self.unpack("H", 16)
        (offset,) = self.unpack("Q", 32)
        size, count = self.unpack("HH", 54)
        self.segments = [self.unpack("IIQQQQQQ", offset + i * size) for i in range(count)]
        self.dynamic = {}
        for kind, _, at, _, _, length, _, _ in self.segments:
            if kind == PT_DYNAMIC:
                for place in range(at, at + length, 16):
                    tag, value = self.unpack("qQ", place)
                    self.dynamic.setdefault(tag, value)

    def unpack(self, form, at):
        return struct.unpack_from(self.order + form, self.bytes, at)


def lacking(elf, fortified):
    """What a file does not have, as sentences."""
    kinds = {kind for kind, *_ in elf.segments}
    flags, flags_1 = elf.dynamic.get(DT_FLAGS, 0), elf.dynamic.get(DT_FLAGS_1, 0)
    found = []
    if PT_GNU_RELRO not in kinds or not (flags & DF_BIND_NOW or flags_1 & DF_1_NOW):
        found.append("no full RELRO")
    if any(flag & PF_X for kind, flag, *_ in elf.segments if kind == PT_GNU_STACK) or PT_GNU_STACK not in kinds:
        found.append("the stack can be executed")
    if any(flag & PF_X and flag & PF_W for kind, flag, *_ in elf.segments if kind == PT_LOAD):
        found.append("a segment can be written and executed")
    if elf.type != ET_DYN:
        found.append("lies at a fixed address")
    if DT_TEXTREL in elf.dynamic or flags & DF_TEXTREL:
        found.append("relocations in the code")
    if DT_RPATH in elf.dynamic:
        found.append("an RPATH")
    if b"__stack_chk_fail\0" not in elf.bytes:
        found.append("no protected stack")
    if fortified and b"_chk\0" not in elf.bytes.replace(b"__stack_chk", b""):
        found.append("no checked functions of libc")
    return found


def main(arguments):
    tap = Tap()
    fortified = "--fortified" in arguments
    paths = [x for x in arguments if not x.startswith("--")]
    for path in paths:
        tap.check(lacking(Elf(path), fortified), f"{path.rsplit('/', 1)[-1]}: RELRO, no executable stack, position independent, protected stack"
                  + (", checked functions" if fortified else ""))
    print(f"# figure: 35 {len(paths)} files with full RELRO, PIE or PIC, protected and not executable stacks" + (", FORTIFY" if fortified else ""))
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1:])
