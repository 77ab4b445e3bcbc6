#!/usr/bin/env python3
"""mutation.py BUILD [COUNT] [SEED]: how many small mistakes, planted in the sources one by one, the tests notice.

A mutant is one change of one line: a bound off by one, a condition turned round, a check dropped, two constants swapped. They are
drawn by a seeded generator from the groups below, each group in turn. Each is built in a copy of the tree under build-soak/mutation
(with BUILD's options, unoptimized), and tested by the programs that its row names; what survives meets all of FAST. A mutant that does
not compile, or compiles to the same code, is none and another is drawn.

Survivors are printed with file, line and change. In a strict group none may survive but those that EQUIVALENT explains, which are not
tested again.
Resumable: what was tested is kept in build-soak/mutation/results.json. On another commit the same mistakes are planted again, as far
as their lines still stand, before others are drawn: so two commits can be compared.
"""
import concurrent.futures
import itertools
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build-soak" / "mutation"
TREE, BUILD = WORK / "tree", WORK / "build"

# group: strict?, sources, the tests that meet a mutant first. {stem}: the source's own name.
GROUPS = {
    "parsers": (False, ["src/blob/*.c", "src/base/rd.c", "src/base/wr.c", "src/base/asn1.c"],
                ["test_{stem}", "test_pkcs8", "test_rd_wr", "test_asn1", "test_dsa_blob", "test_dh_blob", "test_ecc_blob", "test_rsa_blob",
                 "test_ncrypt_blob", "test_cms_enveloped", "test_sym_blob", "test_cipher_blob", "test_pq_blob"]),
    "store files": (False, ["src/softksp/store/store_container.c", "src/softksp/store/store_slot.c", "src/softksp/store/store_text.c",
                            "src/softksp/store/store_load.c", "src/softksp/store/store_seal.c", "src/softksp/store/store_protector.c",
                            "src/softksp/store/store_enum.c", "src/softksp/store/store_change.c", "src/softksp/store/store_rotate.c"],
                    ["test_store_container", "test_store_golden", "test_store_keys", "test_store_slots", "test_store_tamper",
                     "test_store_export", "test_store_between", "test_store_answers", "test_store_odd_slots"]),
    "padding": (True, ["src/primitives/rsa/rsa_pad_*.c", "src/primitives/rsa/rsa_mgf.c", "src/primitives/cipher/cipher_block.c",
                       "src/primitives/hash/tls_cbc.c"],
                ["test_rsa_crypt", "test_rsa_sign", "test_tls_cbc", "conform-ciphers-wchar32", "conform-contract_sym-wchar32"]),
    "compare": (True, ["src/base/ct.c", "src/base/ct.h", "src/base/span.c"], ["test_ct", "test_span", "test_rsa_crypt", "test_tls_cbc"]),
    "verify": (True, ["src/primitives/rsa/rsa_sign.c", "src/primitives/rsa/rsa_crypt.c", "src/primitives/rsa/rsa_op.c",
                      "src/primitives/ecc/ecdsa.c", "src/primitives/ffc/dsa_sign.c", "src/primitives/cipher/cipher_aead.*",
                      "src/primitives/ffc/dh_key.c", "src/primitives/ffc/dsa_key.c", "src/primitives/ecc/ecc_ec.c",
                      "src/primitives/rsa/rsa_key.c"],
               ["test_{stem}", "test_rsa_sign", "test_rsa_crypt", "test_rsa_fault", "test_rsa_import", "test_ecdsa", "test_ecdh",
                "test_ecc_key", "test_dsa_sign", "test_dsa_import", "test_dh_import", "test_dh", "conform-aead-wchar32"]),
    "permission": (True, ["src/softksp/store/store_place.c", "src/softksp/store/store_file.c", "src/softksp/store/store_name.c",
                          "src/config/config_file.c", "src/base/fd.c"],
                   ["test_fd", "test_store_hostile", "test_store_keys", "test_store_slots", "test_store_places", "test_store_answers", "test_config_state"]),
    "lengths": (True, ["src/base/out.c", "src/base/name.c", "src/router/bcrypt_hash.c", "src/router/bcrypt_sym.c", "src/router/bcrypt_use.c",
                       "src/router/bcrypt_key.c", "src/router/bcrypt_property.c", "src/router/ncrypt_use.c", "src/router/ncrypt_property.c",
                       "src/primitives/kdf/kdf_params.c", "src/primitives/cipher/cipher_key.c"],
                ["test_out", "test_name", "test_kdf_params", "conform-contract-wchar32", "conform-contract_sym-wchar32",
                 "conform-sym_properties-wchar32", "conform-observed-wchar32", "conform-ncrypt_contract-wchar32"]),
}
# What survives its own row meets all of these that take less than SLOW seconds without a mistake.
FAST = ["test_*", "conform-*-wchar32", "conform-starve", "conform-starve_pairs", "conform-zeroing", "conform-refusals"]
SLOW = 4.0
# Last, whatever it takes: what fails around a group's sources, memory that is refused and system calls.
LAST = {
    "store files": ["conform-ncrypt_starve", "test_store_fault"],
    "permission": ["conform-ncrypt_starve", "test_store_fault"],
    "verify": ["test_pairwise"],
    "lengths": ["conform-ncrypt_starve"],
}
NOT_FAST = ("fault", "rsa_gen", "race", "kill", "power", "threads", "large", "multi_walk", "starve", "random_walk", "clients",
            "selftest")  # the last measures times, which other work makes long

# Survivors that change nothing that anybody can see: (file, the line as it is, the change's name) and why.
EQUIVALENT_FILE = Path(__file__).resolve().parent / "equivalent.json"

# --- mutants ------------------------------------------------------------------------------------------------------------------

SWAPS = [
    ("bound", r"(?<![<\-=>])<(?![<=])", "<="), ("bound", r"(?<!<)<=", "<"),
    ("bound", r"(?<![>\-=])>(?![>=])", ">="), ("bound", r"(?<!>)>=", ">"),
    ("flip", r"==", "!="), ("flip", r"!=", "=="),
    ("logic", r"&&", "||"), ("logic", r"\|\|", "&&"),
    ("sign", r"(?<=[\w)\]]) \+ (?=[\w(])", " - "), ("sign", r"(?<=[\w)\]]) - (?=[\w(])", " + "),
    ("mask", r"(?<=[\w)\]]) & (?=[\w(~])", " | "), ("mask", r"(?<=[\w)\]]) \| (?=[\w(~])", " & "),
    ("constant", r"\btrue\b", "false"), ("constant", r"\bfalse\b", "true"),
    ("constant", r"(?<![\w.\[])(\d+)(?![\w.\]])(?!u?[lL])", None),  # one more
    ("condition", r"\bif \((?=.*\)$|.*\) \{$)", "negate"),
    ("dropped", r"\bif \((?=.*\)$|.*\) \{$)", "never"),
    ("dropped", r"^\s*TRY\((?=.*\);$)", "call"),
]


def code_of(lines):
    """The lines with comments, strings and characters blanked, so that columns stay; preprocessor and rows of tables are empty."""
    text = "\n".join(lines)
    text = re.sub(r"/\*.*?\*/|//[^\n]*", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', lambda m: '"' + " " * (len(m[0]) - 2) + '"', text)
    blanked, inside, continued = [], False, False
    for line in text.split("\n"):
        directive = line.startswith("#") or continued
        continued = directive and line.endswith("\\")
        if line.startswith("{"):
            inside = True
        blanked.append(line if inside and not directive else "")
        if line.startswith("}"):
            inside = False
    return blanked


def closing(text, start):
    """Where the bracket that opens at `start` closes."""
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return i
    return -1


def changed(line, code, kind, match, new):
    """The line with the change, or None."""
    if kind in ("condition", "dropped") and new != "call":
        opening = match.end() - 1
        end = closing(code, opening)
        if end < 0:
            return None
        inner = line[opening + 1:end]
        return line[:opening + 1] + (f"!({inner})" if new == "negate" else f"0 && ({inner})") + line[end:]
    if new == "call":
        indent = line[:len(line) - len(line.lstrip())]
        return f"{indent};"
    if new is None:
        new = str(int(match[1], 8 if match[1].startswith("0") and match[1] != "0" else 10) + 1)
    return line[:match.start()] + new + line[match.end():]


def sites(path):
    lines = path.read_text().split("\n")
    found = []
    for number, (line, code) in enumerate(zip(lines, code_of(lines))):
        if not code.strip() or re.match(r"\s*(for|case|static const|enum)\b", code) and "bound" not in code and "<" not in code:
            continue
        for kind, pattern, new in SWAPS:
            for match in re.finditer(pattern, code):
                mutant = changed(line, code, kind, match, new)
                if mutant is not None and mutant != line:
                    found.append((number, kind, line, mutant))
    return found


def draw(seed):
    """Endless: one mutant of each group in turn, each at most once."""
    random_ = random.Random(seed)
    decks = {}
    for group, (_, patterns, _) in GROUPS.items():
        deck = []
        for pattern in patterns:
            for path in sorted(ROOT.glob(pattern)):
                deck += [(group, str(path.relative_to(ROOT)), *site) for site in sites(path)]
        # The same number of each kind, as far as they go: bounds and dropped checks are rarer than constants.
        random_.shuffle(deck)
        kinds = {}
        ordered = []
        for site in deck:
            kinds[site[3]] = kinds.get(site[3], 0) + 1
            ordered.append((kinds[site[3]], site))
        decks[group] = [site for _, site in sorted(ordered, key=lambda pair: pair[0])]
    while any(decks.values()):
        for deck in decks.values():
            if deck:
                yield deck.pop(0)


def again(results):
    """The mutants of an earlier commit's results whose lines still stand, wherever that is now."""
    for entry in results:
        group, name, number, kind, old, new = entry["mutant"]
        lines = (ROOT / name).read_text().split("\n") if (ROOT / name).exists() else []
        places = [i for i, line in enumerate(lines) if line == old]
        if places and entry["verdict"] != "none":
            yield group, name, min(places, key=lambda i: abs(i - number)), kind, old, new


# --- building and testing -------------------------------------------------------------------------------------------------------

def run(command, cwd=None, seconds=None, env=None):
    """Exit status and output. `seconds` of the processor's time, and many more of the clock, are the most that each of its
    processes may take; all of them end with the first."""
    limits = ["prlimit", "--core=0", f"--as={6 << 30}", *([f"--cpu={int(seconds)}"] if seconds else [])]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([*limits, *command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        try:
            status = process.wait(30 * seconds if seconds else None)
        except subprocess.TimeoutExpired:
            status = -1
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        output.seek(0)
        return status, output.read().decode(errors="replace")


def prepare(options):
    """The copy of the tree, and its build folder."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    for name in files:
        source, target = ROOT / name, TREE / name
        if source.is_file() and not source.is_symlink() and (not target.exists() or target.read_bytes() != source.read_bytes()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    if not (BUILD / "build.ninja").exists():
        linker = {"CC_LD": "lld"} if shutil.which("ld.lld") else {}
        status, output = run(["meson", "setup", str(BUILD), str(TREE), *options, "-Dbench=false", "-Dfuzz=false", "-Dwerror=false",
                              "-Doptimization=1", "-Ddebug=false"], env={**os.environ, **linker})
        if status != 0:
            sys.exit(output)


def tests_known():
    """name: (program relative to BUILD, arguments, environment) of the tests that are C programs."""
    listed = json.loads(subprocess.run(["meson", "introspect", "--tests", str(BUILD)], capture_output=True, text=True, check=True).stdout)
    known = {}
    for test in listed:
        program = Path(test["cmd"][0])
        name = test["name"].split(" / ")[-1].split(":")[-1]
        if program.is_relative_to(BUILD) and not name.endswith("-registered") and not name.startswith("mirror"):
            known[name] = (str(program.relative_to(BUILD)), test["cmd"][1:], test["env"])
    return known


def matching(patterns, known):
    found = []
    for pattern in patterns:
        expression = re.compile(re.escape(pattern).replace(r"\*", ".*") + "$")
        found += [name for name in known if expression.match(name) and name not in found]
    return found


def compile_(programs):
    status, output = run(["ninja", "-C", str(BUILD), "-j2", *programs])
    return status == 0, output


def passes(name, known, seconds):
    program, arguments, env = known[name]
    with tempfile.TemporaryDirectory(prefix="opencng-mutant.") as scratch:
        os.chmod(scratch, 0o711)  # some tests look from another user
        base = {**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP", **env, "HOME": scratch, "OPENCNG_HOME": f"{scratch}/home", "TMPDIR": scratch}
        status, _ = run([str(BUILD / program), *arguments], cwd=scratch, seconds=seconds, env=base)
    return status == 0


def first_that_fails(tests, known, seconds):
    """Its name, or None. Two at once; a failure has to happen twice: what measures times may fail beside other work, whatever the mutant is."""
    def fails(test):
        return not any(passes(test, known, 3 + 10 * seconds.get(test, 20)) for _ in range(2))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for at in range(0, len(tests), 2):
            pair = tests[at:at + 2]
            for test, failed in zip(pair, pool.map(fails, pair)):
                if failed:
                    return test
    return None


def same_code(stem, before):
    """Whether the objects of the source are what they were: the change says nothing."""
    return objects_of(stem) == before


def objects_of(stem):
    return {path: path.read_bytes() for path in sorted((BUILD / "src").rglob("*.o")) if path.name.endswith(f"{stem}.c.o") or stem.endswith(".h")}


def baseline(known):
    """Seconds of the processor that each fast test takes; those that fail without a mistake are left out, by name."""
    kept = WORK / "baseline.json"
    seconds = json.loads(kept.read_text()) if kept.exists() else {}
    for name in fast(known):
        if name in seconds:
            continue
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        good = passes(name, known, 60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds[name] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if not good:
            print(f"# {name} does not pass without a mistake: left out")
            del seconds[name]
    kept.write_text(json.dumps(seconds))
    return seconds


def fast(known):
    return [name for name in matching(FAST, known) if not any(word in name for word in NOT_FAST)]


def judge(mutant, known, seconds):
    """'killed by NAME', 'survived', or None: no mutant."""
    group, name, number, _, _, new = mutant
    path = TREE / name
    original = path.read_text()
    first = [test.replace("{stem}", path.stem) for test in GROUPS[group][2]]
    first = sorted((test for test in dict.fromkeys(first) if test in seconds),
                   key=lambda test: (not test.endswith(path.stem), seconds[test]))
    last = [test for test in LAST.get(group, ()) if test in known and test not in first]
    rest = sorted((test for test in seconds if test not in (*first, *last) and seconds[test] < SLOW), key=seconds.get)
    before = objects_of(path.stem) if path.suffix == ".c" else {}
    lines = original.split("\n")
    lines[number] = new
    path.write_text("\n".join(lines))
    try:
        for tests in (first, rest, last):
            good, output = compile_([known[test][0] for test in tests])
            if not good:
                return None if re.search(r"error:|undefined|ld\.", output) else "survived"
            if before and same_code(path.stem, before):
                return None
            killer = first_that_fails(tests, known, seconds)
            if killer is not None:
                return f"killed by {killer}"
        return "survived"
    finally:
        path.write_text(original)


def key_of(mutant):
    """How EQUIVALENT names it."""
    _, name, _, _, old, new = mutant
    return name, old.strip(), new.strip()


def explained():
    return {(e["file"], e["line"], e["mutant"]): e["why"] for e in json.loads(EQUIVALENT_FILE.read_text())} if EQUIVALENT_FILE.exists() else {}


def tell(results):
    """Prints what came of it; returns whether it is good enough."""
    why = explained()
    total = {"killed": 0, "equivalent": 0, "survived": 0}
    groups = {}
    for entry in results:
        group, name, number, kind, old, new = entry["mutant"]
        state = "killed" if entry["verdict"].startswith("killed") else "equivalent" if key_of(entry["mutant"]) in why else "survived"
        total[state] += 1
        groups.setdefault(group, {"killed": 0, "equivalent": 0, "survived": 0})[state] += 1
        if state == "survived":
            print(f"# {group}, {kind}: {name}:{number + 1}\n#   {old.strip()}\n#   {new.strip()}")
    judged = total["killed"] + total["survived"]
    for group, states in groups.items():
        print(f"# {group}{' (strict)' if GROUPS[group][0] else ''}: {states['killed']} of {states['killed'] + states['survived']}"
              f" killed, {states['equivalent']} equivalent")
    strict = sum(states["survived"] for group, states in groups.items() if GROUPS[group][0])
    rate = total["killed"] / judged if judged else 0
    print(f"# figure: 11 {judged + total['equivalent']} mutants: {total['killed']} killed, {total['equivalent']} equivalent,"
          f" {total['survived']} survived ({100 * rate:.1f} % of those that change anything killed; {strict} survived in strict groups)")
    return judged > 0 and rate >= 0.9 and strict == 0


def main(build, count=200, seed=1):
    WORK.mkdir(parents=True, exist_ok=True)
    options = json.loads(subprocess.run(["meson", "introspect", "--buildoptions", build], capture_output=True, text=True, check=True).stdout)
    prepare([f"-Dopenssl_prefix={o['value']}" for o in options if o["name"] == "openssl_prefix"])
    known = tests_known()
    last = sorted({name for names in LAST.values() for name in names})
    good, output = compile_([known[name][0] for name in (*fast(known), *last) if name in known])
    if not good:
        sys.exit(output)
    seconds = baseline(known)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    file = WORK / "results.json"
    kept = json.loads(file.read_text()) if file.exists() else {"commit": commit, "results": [], "before": []}
    if kept["commit"] != commit:
        kept = {"commit": commit, "results": [], "before": kept["results"] + kept["before"]}
    results = kept["results"]
    done = {json.dumps(entry["mutant"]) for entry in results}
    why = explained()
    for mutant in itertools.chain(again(kept["before"]), draw(int(seed))):
        judged = sum(entry["verdict"] != "none" for entry in results)
        if judged >= int(count):
            break
        if json.dumps(list(mutant)) in done:
            continue
        start = time.monotonic()
        verdict = "survived" if key_of(mutant) in why else judge(mutant, known, seconds) or "none"
        results.append({"mutant": list(mutant), "verdict": verdict})
        done.add(json.dumps(list(mutant)))
        file.write_text(json.dumps(kept, indent=0))
        if verdict != "none":
            print(f"{judged + 1}: {mutant[1]}:{mutant[2] + 1} {mutant[3]}: {verdict} ({time.monotonic() - start:.0f} s)", flush=True)
    return 0 if tell([entry for entry in results if entry["verdict"] != "none"]) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
