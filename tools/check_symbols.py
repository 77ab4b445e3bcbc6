#!/usr/bin/env python3
"""check_symbols.py LIBRARY LIST [--own-libcrypto]: the library exports exactly the names of abi/*.syms. TAP.

With --own-libcrypto the library was linked with our libcrypto: it may neither export nor need one libcrypto symbol.
The ELF file is read here, not through nm, so that the check needs no binutils.
"""
import struct
import sys

from make_version_script import read_list
from tap import Tap

SHT_DYNSYM, SHN_UNDEF, STB_LOCAL, STT_FILE = 11, 0, 0, 4
LIBCRYPTO = ("EVP_", "OSSL_", "OPENSSL_", "CRYPTO_", "BN_", "EC_", "RSA_", "DSA_", "DH_", "ERR_", "ASN1_", "X509_", "BIO_")


def dynamic_symbols(path):
    """(exported names, undefined names) of a 64-bit ELF shared object."""
    with open(path, "rb") as file:
        elf = file.read()
    if elf[:5] != b"\x7fELF\x02":
        raise SystemExit(f"{path} is not a 64-bit ELF file")
    order = "<" if elf[5] == 1 else ">"
    (offset,) = struct.unpack_from(order + "Q", elf, 40)
    size, count = struct.unpack_from(order + "HH", elf, 58)
    sections = [struct.unpack_from(order + "IIQQQQIIQQ", elf, offset + i * size) for i in range(count)]
    exported, undefined = set(), set()
    for section in sections:
        if section[1] != SHT_DYNSYM:
            continue
        strings = sections[section[6]][4]
        for at in range(section[4], section[4] + section[5], section[9]):
            name_at, info, _, index = struct.unpack_from(order + "IBBH", elf, at)
            end = elf.index(b"\0", strings + name_at)
            name = elf[strings + name_at:end].decode()
            if name and info >> 4 != STB_LOCAL and info & 15 != STT_FILE:
                (undefined if index == SHN_UNDEF else exported).add(name)
    return exported, undefined


def main(library, list_path, own_libcrypto):
    tap = Tap()
    name = library.rsplit("/", 1)[-1]
    listed = read_list(list_path)
    exported, undefined = dynamic_symbols(library)
    tap.check([f"in the list, not exported: {x}" for x in sorted(set(listed) - exported)], f"{name} exports all of its list")
    tap.check([f"exported, not in the list: {x}" for x in sorted(exported - set(listed))], f"{name} exports nothing else")
    tap.check([f"twice: {x}" for x in sorted({x for x in listed if listed.count(x) > 1})], f"{name}: no name is listed twice")
    tap.check([f"out of order: {y}" for x, y in zip(listed, listed[1:]) if y < x], f"{name}: the list is sorted")
    if own_libcrypto:
        foreign = sorted(x for x in exported | undefined if x.startswith(LIBCRYPTO))
        tap.check([f"libcrypto symbol in the open: {x}" for x in foreign], f"{name} keeps its libcrypto to itself")
    tap.done()


if __name__ == "__main__":
    options = [x for x in sys.argv[1:] if x.startswith("--")]
    library_path, syms_path = [x for x in sys.argv[1:] if not x.startswith("--")]
    main(library_path, syms_path, "--own-libcrypto" in options)
