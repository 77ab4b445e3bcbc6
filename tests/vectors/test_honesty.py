#!/usr/bin/env python3
"""Whether the vector harness notices a wrong library.

usage: test_honesty.py LIBBCRYPT

The calls of the project's own vectors are recorded. Then the library is made wrong in one way after the other, by a
wrapper around cng._call: every check that got something from the wrong function has to fail. At the end, a small
collection in Wycheproof's form shows that no vector can get lost, be changed, or pass without a decision. Prints TAP.
"""
import collections
import contextlib
import copy
import ctypes
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
import symmetric

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


# ---- what functions give ----------------------------------------------------------------------------------------

# An output of a function; `of` finds it among the arguments: arrays of bytes that can be changed.
Output = collections.namedtuple("Output", "function what of size", defaults=(None,))


def _region(buffer, size):
    """The bytes of a buffer, or none."""
    count = size._obj.value if hasattr(size, "_obj") else getattr(size, "value", size)
    if buffer is None or count == 0:
        return []
    return [(ctypes.c_char * count).from_buffer(buffer)]


def sized(function, buffer, size):
    """An output whose buffer and size are arguments. Sizes of objects do not count: too large is as good."""
    def of(args):
        if function == "BCryptGetProperty" and "ObjectLength" in bytes(args[1]).decode("utf-16-le"):
            return []
        return _region(args[buffer], args[size])
    return Output(function, f"argument {buffer + 1}", of, size)


def _auth_info(args):
    info = getattr(args[3], "_obj", None)
    return info if isinstance(info, symmetric.AuthInfo) else None


def _tag(args):
    info = _auth_info(args)
    if info is None or info.flags & symmetric.CHAIN_CALLS:
        return []
    return [(ctypes.c_char * info.tag_bytes).from_address(info.tag)]


def _iv(args):
    """Without an authenticated mode, whose chains keep there what is theirs; and where text went through."""
    return _region(args[4], args[5]) if _auth_info(args) is None and args[6] is not None and args[2] > 0 else []


def _results(args):
    return [(ctypes.c_char * operation.size).from_address(operation.buffer) for operation in args[2]
            if operation.operation == 2]


OUTPUTS = [sized(*row) for row in (
    ("BCryptSignHash", 4, 6), ("BCryptEncrypt", 6, 8), ("BCryptDecrypt", 6, 8), ("BCryptDeriveKey", 3, 5),
    ("BCryptExportKey", 3, 5), ("BCryptGetProperty", 2, 4), ("BCryptDecapsulate", 3, 5), ("BCryptEncapsulate", 1, 3),
    ("BCryptEncapsulate", 4, 6), ("BCryptHash", 5, 6), ("BCryptFinishHash", 1, 2), ("BCryptKeyDerivation", 2, 4),
    ("BCryptDeriveKeyPBKDF2", 6, 7), ("BCryptDeriveKeyCapi", 2, 3))]
OUTPUTS += [Output("BCryptEncrypt", "the tag", _tag), Output("BCryptEncrypt", "the IV", _iv),
            Output("BCryptDecrypt", "the IV", _iv), Output("BCryptProcessMultiOperations", "the results", _results)]


@contextlib.contextmanager
def calls_through(wrapper):
    """Every call goes through the wrapper; so do those that open algorithms, which are kept otherwise."""
    cng._call = wrapper
    kept = symmetric._opened.copy()
    symmetric._opened.clear()
    try:
        yield
    finally:
        cng._call = true_call
        symmetric._opened.clear()
        symmetric._opened.update(kept)


def outcome(check):
    """Whether a check passes, in the same words as the harness: a tally of one."""
    tally = report.Tally("one")
    tally.run("check", check)
    return "left out" if tally.skipped else "failed" if tally.failures else "passed"


good_imports = {}  # the arguments of one, by function


def record(document):
    """(group, label) -> what the check used: functions, outputs of theirs that were not empty, refusals."""
    used = {}
    for group in document["groups"]:
        for label, check in own.checks_of(group):
            names = used[group["name"], label] = set()

            def wrapper(name, *args):
                try:
                    true_call(name, *args)
                except cng.Failed as failed:
                    names.update((f"{name} refusing", f"{name} with 0x{failed.status:08X}"))
                    raise
                names.add(name)
                names.update(f"{name}: {output.what}" for output in OUTPUTS
                             if output.function == name and any(output.of(args)))
                if name == "BCryptImportKeyPair" or name == "BCryptImportKey" and args[1] is None and args[4] is None:
                    good_imports[name] = args
            with calls_through(wrapper):
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

def flipping(output, place):
    def wrapper(name, *args):
        true_call(name, *args)
        for region in output.of(args) if name == output.function else ():
            at = {"first": 0, "middle": len(region) // 2, "last": len(region) - 1}[place]
            region[at] = bytes([region[at][0] ^ 1])
    return wrapper


def shortening(output):
    def wrapper(name, *args):
        true_call(name, *args)
        if name == output.function and any(output.of(args)):
            args[output.size]._obj.value -= 1
    return wrapper


def ignoring(function, status):
    """Does not say that something is wrong."""
    def wrapper(name, *args):
        try:
            true_call(name, *args)
        except cng.Failed as failed:
            if name != function or failed.status != status:
                raise
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


def never_authentic(name, *args):
    true_call(name, *args)
    if name == "BCryptDecrypt" and _auth_info(args):
        raise cng.Refused(name, cng.STATUS_AUTH_TAG_MISMATCH)


def adding_to_copies(name, *args):
    """A copied hash has seen a byte that the original has not."""
    true_call(name, *args)
    if name == "BCryptDuplicateHash":
        true_call("BCryptHashData", args[1]._obj, b"x", 1, 0)


def forgetting(property_name):
    """Properties of this name are not set."""
    def wrapper(name, *args):
        if name != "BCryptSetProperty" or bytes(args[1]).decode("utf-16-le") != property_name + "\0":
            true_call(name, *args)
    return wrapper


def breaking(function):
    """Answers what it should refuse with another status."""
    def wrapper(name, *args):
        try:
            true_call(name, *args)
        except cng.Failed:
            raise (cng.Failed(name, STATUS_INTERNAL_ERROR) if name == function else sys.exc_info()[1])
    return wrapper


def taking_anything(function):
    """Gives a good key for a bad blob."""
    def wrapper(name, *args):
        try:
            true_call(name, *args)
        except cng.Refused:
            if name != function:
                raise
            good = good_imports[name]
            true_call(name, *good[:3], args[3], *good[4:])
    return wrapper


def wrong_outputs(document, calling):
    for output in OUTPUTS:
        called = calling(f"{output.function}: {output.what}")
        # What a chain of decryptions gives before its tag turns out to be wrong is nobody's.
        concerned = lambda check: called(check) and not (check[0] == "aead" and ": near " in check[1])
        for place in ("first", "middle", "last"):
            text = f"{output.function} with a wrong bit in the {place} byte of {output.what}"
            expect_failures(document, text, flipping(output, place), concerned)
        if output.size is not None and output.function not in WITHOUT_RESULT_SIZE:
            text = f"{output.function} with a byte less in {output.what}"
            expect_failures(document, text, shortening(output), concerned)


# These say nothing about the size of what they give.
WITHOUT_RESULT_SIZE = {"BCryptHash", "BCryptFinishHash", "BCryptDeriveKeyPBKDF2", "BCryptDeriveKeyCapi"}


def wrong_libraries(document, used):
    calling = lambda name: lambda check: name in used.get(check, ())
    wrong_outputs(document, calling)
    verify = "BCryptVerifySignature"
    verifying = lambda check: ": verify" in check[1] and check in used
    expect_failures(document, "every signature is good", always_good, verifying)
    expect_failures(document, "no signature is good", never_good(verify), calling(verify))
    expect_failures(document, "a bad signature is called a fault", breaking(verify), calling(verify + " refusing"))
    for load in ("BCryptImportKeyPair", "BCryptImportKey"):
        expect_failures(document, f"{load}: no blob is good", never_good(load), calling(load))
        expect_failures(document, f"{load}: every blob is good", taking_anything(load), calling(load + " refusing"))
        expect_failures(document, f"{load}: a bad blob is called a fault", breaking(load), calling(load + " refusing"))


def wrong_symmetric_libraries(document, used):
    calling = lambda name: lambda check: name in used.get(check, ())
    for function, status, text in (("BCryptDecrypt", cng.STATUS_AUTH_TAG_MISMATCH, "tag"),
                                   ("BCryptDecrypt", cng.STATUS_DATA_ERROR, "padding"),
                                   ("BCryptHashData", cng.STATUS_INVALID_SIGNATURE, "TLS record"),
                                   ("BCryptEncrypt", cng.STATUS_INVALID_PARAMETER, "size of a nonce or tag"),
                                   ("BCryptDecrypt", cng.STATUS_INVALID_PARAMETER, "size in decryption")):
        concerned = calling(f"{function} with 0x{status:08X}")
        expect_failures(document, f"every {text} is good", ignoring(function, status), concerned)
        expect_failures(document, f"a bad {text} is called a fault", breaking(function), concerned)
    authentic = lambda check: check[0] == "aead" and check[1].split(": ")[1][0].isdigit()
    expect_failures(document, "no tag is good", never_authentic, authentic)
    expect_failures(document, "a copied hash is another", adding_to_copies, calling("BCryptDuplicateHash"))
    for name, where in (("FunctionNameString", "strings of 8"), ("CustomizationString", " and 6:"),
                        ("EffectiveKeyLength", "RC2, 16 bytes, 40"), ("MessageBlockLength", "CFB64"),
                        ("IV", "AES-GMAC")):
        expect_failures(document, f"{name} is not looked at", forgetting(name),
                        lambda check: where in check[1] and check in used and "bad padding" not in check[1])


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
    documents = [json.loads((pathlib.Path(__file__).resolve().parent / name).read_text()) for name in own.FILES]
    used = {}
    for document in documents:
        used |= record(document)
    both = {"groups": [group for document in documents for group in document["groups"]]}
    wrong_libraries(both, used)
    wrong_symmetric_libraries(documents[1], used)
    wrong_collections(documents[0])
    print(f"1..{count}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
