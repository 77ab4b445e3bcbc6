#!/usr/bin/env python3
"""check_division.py FOLDER...: no division by or of a secret. TAP.

The time of a division depends on its operands on many processors, and valgrind does not see it. So each division instruction in the
objects of the sources that handle secrets (tests/ct/meson.build) has to come from a line that stands here with its reason. One is
planted in ct_taint.c, and has to be found.
"""
import re
import subprocess
import sys
from pathlib import Path

PLANTED = "return 1000 / secret[0]; /* planted */"
# File -> what its divisions are about. All are of numbers that a caller may know.
PUBLIC = {
    "cipher_aead.c": "lengths of tags and texts",
    "cipher_block.c": "lengths of texts",
    "cipher_gcm_chain.c": "lengths of texts",
    "cipher_key.c": "lengths of keys",
    "cipher_xts.c": "lengths of texts, numbers of units",
    "dh_key.c": "lengths of keys",
    "digest.h": "which hash it is",
    "dsa_key.c": "lengths of keys",
    "ffc_comb.c": "sizes of tables",
    "ffc_sieve.c": "candidates for the primes of groups, which are published; those of RSA are tried in prime_trial.c",
    "hmac_chain.c": "lengths of outputs",
    "kdf_concat.c": "lengths of outputs",
    "kdf_counter.c": "lengths of outputs",
    "kdf_pbkdf2.c": "lengths of outputs",
    "kdf_tls.c": "lengths of outputs",
    "rsa_key.c": "lengths of public numbers",
    "rsa_mgf.c": "lengths of outputs",
    "tls_cbc.c": "lengths of records, blocks and codes; places in the ring",
}
# In files where secrets are near: the only lines.
LINES = {
    "ffc_comb.c": {
        "return (size_t)BN_num_bytes(v) > bytes - 8 &&",
        "comb->columns = (bits + FFC_COMB_TEETH - 1) / FFC_COMB_TEETH;",
    },
    "rsa_key.c": {
        "size_t e_bytes = (size_t)BN_num_bytes(k.e);",
        "size_t n_bytes = (size_t)BN_num_bytes(k.n);",
    },
    "tls_cbc.c": {
        "uint32_t over = (uint32_t)((digest_state_count(&k->work) + r->shortest) % k->digest->block);",
        "(t.n_pending + t.n + (uint32_t)digest_state_length_bytes(&k->work)) / size + 1;",
        "code[j] = (uint8_t)ct_select(move, ring[(j + step) % n], ring[j]);",
    },
}
DIVISION = re.compile(r"^\s*[0-9a-f]+:\s+i?div[bwlq]?\s")
PLACE = re.compile(r"^(/?[^\s:]+\.[ch]):(\d+)")


def divisions(path):
    """(source file, line number) of each division instruction of an object file."""
    text = subprocess.run(["objdump", "--disassemble", "--line-numbers", "--no-show-raw-insn", path],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    place = None
    for line in text.splitlines():
        found = PLACE.match(line)
        if found:
            place = (found.group(1), int(found.group(2)))
        elif DIVISION.match(line):
            yield place


def source_line(place, root):
    name = place[0].removeprefix("./").removeprefix("../")
    # Not in the folders of builds, where files come and go.
    for path in (root / name, Path(place[0]), *(root / "src").glob("**/" + Path(name).name), *(root / "tests").glob("**/" + Path(name).name)):
        if path.is_file():
            return path.read_text(encoding="utf-8").splitlines()[place[1] - 1].strip()
    return "?"


def verdicts(folder, root):
    """(lines that no reason covers, whether the planted one was found)."""
    wrong, planted = [], False
    for path in sorted(Path(folder).glob("*.o")) + sorted(Path(folder).glob(".*.o")):
        for place in divisions(path):
            name, line = Path(place[0]).name, source_line(place, root)
            if name == "ct_taint.c":
                planted |= line == PLANTED
            elif name not in PUBLIC or (name in LINES and line not in LINES[name]):
                wrong.append(f"{name}:{place[1]}: {line}")
    return sorted(set(wrong)), planted


def main(folders):
    root = Path(__file__).resolve().parent.parent.parent
    print(f"1..{2 * len(folders)}")
    number, failed = 0, False
    for folder in folders:
        wrong, planted = verdicts(folder, root)
        for good, what in ((not wrong, "divisions are of public numbers"), (planted, "the planted division is found")):
            number += 1
            failed |= not good
            print(f"{'ok' if good else 'not ok'} {number} - {what}")
        for line in wrong:
            print(f"# {line}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
