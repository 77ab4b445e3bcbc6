#!/usr/bin/env python3
"""Whether the vector harness notices a wrong library.

usage: test_honesty.py LIBBCRYPT

The calls of the project's own vectors are recorded. Then the library is made wrong in one way after the other, by a
wrapper around cng._call: every check that got something from the wrong function has to fail. At the end, a small
collection in Wycheproof's form shows that no vector can get lost, be changed, or pass without a decision. Prints TAP.
"""
import contextlib
import copy
import hashlib
import io
import json
import pathlib
import sys
import tempfile

import cng
import own
import report
import run

# Functions that give bytes: where the buffer and the length are among the arguments.
OUTPUTS = {"BCryptSignHash": [(4, 6)], "BCryptEncrypt": [(6, 8)], "BCryptDecrypt": [(6, 8)],
           "BCryptDeriveKey": [(3, 5)],
           "BCryptExportKey": [(3, 5)], "BCryptGetProperty": [(2, 4)], "BCryptDecapsulate": [(3, 5)],
           "BCryptEncapsulate": [(1, 3), (4, 6)]}

STATUS_INTERNAL_ERROR = 0xC00000E5
true_call = cng._call
count = failed = 0


def tap(good, text, comments=()):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {text}")
    for line in list(comments)[:10]:
        print(f"# {line}")


@contextlib.contextmanager
def calls_through(wrapper):
    cng._call = wrapper
    try:
        yield
    finally:
        cng._call = true_call


def gives_bytes(name, args):
    return any(args[buffer] is not None and args[size]._obj.value > 0 for buffer, size in OUTPUTS.get(name, ()))


def outcome(check):
    """Whether a check passes, in the same words as the harness: a tally of one."""
    tally = report.Tally("one")
    tally.run("check", check)
    return "left out" if tally.skipped else "failed" if tally.failures else "passed"


good_import = []  # the arguments of one


def record(document):
    """(group, label) -> the functions that the check called, those that give bytes only where they gave some."""
    used = {}
    for group in document["groups"]:
        for label, check in own.checks_of(group):
            names = used[group["name"], label] = set()

            def wrapper(name, *args):
                true_call(name, *args)
                if name not in OUTPUTS or gives_bytes(name, args):
                    names.add(name)
                if name == "BCryptImportKeyPair":
                    good_import[:] = args

            def refusing_too(name, *args):
                try:
                    wrapper(name, *args)
                except cng.Refused:
                    names.add(name + " refusing")
                    raise
            with calls_through(refusing_too):
                result = outcome(check)
            if result != "passed":
                del used[group["name"], label]
                if result == "failed":
                    tap(False, f"{group['name']}, {label}: fails with the library as it is")
    return used


def expect_failures(document, text, wrapper, concerned):
    """Runs the checks for which concerned(label) holds under a wrong library: all of them must fail."""
    passed, ran = [], 0
    with calls_through(wrapper):
        for group in document["groups"]:
            for label, check in own.checks_of(group):
                if concerned((group["name"], label)):
                    ran += 1
                    if outcome(check) != "failed":
                        passed.append(f"{group['name']}, {label}")
    if ran == 0 and not cng.available("ML-KEM"):
        tap(True, f"{text} # SKIP {report.REASONS['absent']}")
    else:
        tap(ran > 0 and not passed, f"{text}: {ran - len(passed)} of {ran} checks notice it", passed)


# ---- wrong libraries --------------------------------------------------------------------------------------------

def flipping(function, buffer, size, place):
    def wrapper(name, *args):
        true_call(name, *args)
        if name == function and args[buffer] is not None and args[size]._obj.value > 0:
            at = {"first": 0, "middle": args[size]._obj.value // 2, "last": args[size]._obj.value - 1}[place]
            args[buffer][at] = bytes([args[buffer][at][0] ^ 1])
    return wrapper


def shortening(function, buffer, size):
    def wrapper(name, *args):
        true_call(name, *args)
        if name == function and args[buffer] is not None and args[size]._obj.value > 0:
            args[size]._obj.value -= 1
    return wrapper


def always_good(name, *args):
    if name != "BCryptVerifySignature":
        true_call(name, *args)


def never_good(function):
    def wrapper(name, *args):
        if name == function:
            raise cng.Refused(name, cng.STATUS_INVALID_SIGNATURE)
        true_call(name, *args)
    return wrapper


def breaking(function):
    """Answers what it should refuse with another status."""
    def wrapper(name, *args):
        try:
            true_call(name, *args)
        except cng.Refused:
            raise (cng.Failed(name, STATUS_INTERNAL_ERROR) if name == function else sys.exc_info()[1])
    return wrapper


def taking_anything(name, *args):
    """Gives a good key for a bad blob."""
    try:
        true_call(name, *args)
    except cng.Refused:
        if name != "BCryptImportKeyPair":
            raise
        true_call(name, *good_import[:3], args[3], *good_import[4:])


def wrong_libraries(document, used):
    calling = lambda name: lambda check: name in used.get(check, ())
    for function, places in OUTPUTS.items():
        for buffer, size in places:
            for place in ("first", "middle", "last"):
                text = f"{function} with a wrong bit in the {place} byte of argument {buffer + 1}"
                expect_failures(document, text, flipping(function, buffer, size, place), calling(function))
            text = f"{function} with a byte less in argument {buffer + 1}"
            expect_failures(document, text, shortening(function, buffer, size), calling(function))
    verify, load = "BCryptVerifySignature", "BCryptImportKeyPair"
    verifying = lambda check: ": verify" in check[1] and check in used
    expect_failures(document, "every signature is good", always_good, verifying)
    expect_failures(document, "no signature is good", never_good(verify), calling(verify))
    expect_failures(document, "no blob is good", never_good(load), calling(load))
    expect_failures(document, "every blob is good", taking_anything, calling(load + " refusing"))
    expect_failures(document, "a bad signature is called a fault", breaking(verify), calling(verify + " refusing"))
    expect_failures(document, "a bad blob is called a fault", breaking(load), calling(load + " refusing"))


# ---- a collection that is not what it says ----------------------------------------------------------------------

def small_collection(document):
    """A file of Wycheproof's form: a good signature, a bad one, and one of each that is marked the wrong way round."""
    case = next(case for group in document["groups"] for case in group["cases"] if case["algorithm"] == "ECDSA_P256")
    public, entry = own.data_of(case["blobs"]["public"]), case["signatures"][1]
    message, signature = "OpenCNG: known answers of its own".encode(), own.data_of(entry["signature"])
    assert own.data_of(entry["data"]) == hashlib.sha256(message).digest()
    key = {"curve": "secp256r1", "wx": public[8:40].hex(), "wy": public[40:].hex()}
    test = lambda number, sig, result, flags=(): {"tcId": number, "msg": message.hex(), "sig": sig.hex(),
                                                  "result": result, "flags": list(flags)}
    good = {"schema": "ecdsa_p1363_verify_schema_v1.json", "algorithm": "ECDSA", "testGroups": [{
        "publicKey": key, "sha": "SHA-256", "tests": [test(1, signature, "valid"),
                                                      test(2, own.flip(signature, 9), "invalid")]}]}
    return good, test, signature


def run_small(document, tests=2, digest=None, stray=False):
    """The lines that a run over a collection of one file prints about it."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name in ("wycheproof", "acvp", "symcrypt"):
            (root / name).mkdir()
            rows = ["file\talgorithm\tfamily\ttests\tsha256"]
            if name == "wycheproof":
                data = json.dumps(document).encode()
                (root / name / "small.json").write_bytes(data)
                rows.append(f"small.json\tECDSA\tECDSA\t{tests}\t{digest or hashlib.sha256(data).hexdigest()}")
                if stray:
                    (root / name / "stray.json").write_text("{}")
            else:
                (root / name / "none.dat").write_text("")
                rows.append(f"none.dat\tnone\tnone\t0\t{hashlib.sha256(b'').hexdigest()}")
            (root / name / "INDEX.tsv").write_text("\n".join(rows) + "\n")
        run.count = run.failed = 0
        lines = io.StringIO()
        with contextlib.redirect_stdout(lines):
            run.run_collection(root)
    return [line for line in lines.getvalue().split("\n") if "small.json" in line or "wycheproof:" in line]


def wrong_collections(document):
    good, test, signature = small_collection(document)
    is_bad = lambda lines: any(line.startswith("not ok") for line in lines)

    def with_test(*arguments):
        changed = copy.deepcopy(good)
        changed["testGroups"][0]["tests"].append(test(3, *arguments))
        return changed

    tap(not is_bad(run_small(good)), "a good collection passes")
    tap(is_bad(run_small(good, tests=3)), "a vector that got lost is noticed")
    tap(is_bad(run_small(good, digest="00" * 32)), "a changed file is noticed")
    tap(is_bad(run_small(good, stray=True)), "a file that the index does not have is noticed")
    tap(is_bad(run_small(with_test(signature, "invalid"), tests=3)), "a good signature that should be bad is noticed")
    tap(is_bad(run_small(with_test(own.flip(signature, 1), "valid"), tests=3)),
        "a bad signature that should be good is noticed")
    tap(is_bad(run_small(with_test(signature, "acceptable", ["SomethingNew"]), tests=3)),
        "an acceptable vector without a decision is noticed")
    strange = copy.deepcopy(good)
    del strange["testGroups"][0]["publicKey"]["wx"]
    tap(is_bad(run_small(strange)), "a vector that the harness cannot read is noticed")


def main(arguments):
    cng.load(arguments[0])
    document = json.loads((pathlib.Path(__file__).resolve().parent / "own.json").read_text())
    used = record(document)
    wrong_libraries(document, used)
    wrong_collections(document)
    print(f"1..{count}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
