#!/usr/bin/env python3
"""Whether the vector harness notices a wrong library.

usage: test_honesty.py LIBBCRYPT

The calls of the project's own vectors are recorded. Then the library is made wrong in one way after the other, by a
wrapper around cng._call: every check that got something from the wrong function has to fail. At the end, small
collections show that no vector can get lost, be changed, or pass without a decision, nor a wrong answer in any of the
forms. Prints TAP.
"""
import contextlib
import copy
import hashlib
import hmac
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
import wrong

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
    """Every call goes through the wrapper; so do those that open algorithms, which are kept otherwise."""
    cng._call = wrapper
    kept = symmetric._opened.copy()
    symmetric._opened.clear()
    try:
        yield
    finally:
        cng._call = wrong.true_call
        symmetric._opened.clear()
        symmetric._opened.update(kept)


def outcome(check):
    """Whether a check passes, in the same words as the harness: a tally of one."""
    tally = report.Tally("one")
    tally.run("check", check)
    return "left out" if tally.skipped else "failed" if tally.failures else "passed"


def record(document):
    """(group, label) -> what the check used: functions, outputs of theirs that were not empty, refusals."""
    used = {}
    for group in document["groups"]:
        for label, check in own.checks_of(group):
            names = used[group["name"], label] = set()

            def wrapper(name, *args):
                try:
                    wrong.true_call(name, *args)
                except cng.Failed as failed:
                    names.update((f"{name} refusing", f"{name} with 0x{failed.status:08X}"))
                    raise
                names.add(name)
                names.update(f"{name}: {output.what}" for output in wrong.OUTPUTS
                             if output.function == name and any(output.of(args)))
                if name == "BCryptImportKeyPair" or name == "BCryptImportKey" and args[1] is None and args[4] is None:
                    wrong.good_imports[name] = args
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


# ---- wrong libraries -------------------------------------------------------------------------------------------------

def wrong_outputs(document, calling):
    for output in wrong.OUTPUTS:
        called = calling(f"{output.function}: {output.what}")
        # What a chain of decryptions gives before its tag turns out to be wrong is nobody's.
        concerned = lambda check: called(check) and not (check[0] == "aead" and ": near " in check[1])
        for place in ("first", "middle", "last"):
            text = f"{output.function} with a wrong bit in the {place} byte of {output.what}"
            expect_failures(document, text, wrong.flipping(output, place), concerned)
        if output.size is not None and output.function not in WITHOUT_RESULT_SIZE:
            text = f"{output.function} with a byte less in {output.what}"
            expect_failures(document, text, wrong.shortening(output), concerned)


# These say nothing about the size of what they give.
WITHOUT_RESULT_SIZE = {"BCryptHash", "BCryptFinishHash", "BCryptDeriveKeyPBKDF2", "BCryptDeriveKeyCapi"}


def wrong_libraries(document, used):
    calling = lambda name: lambda check: name in used.get(check, ())
    wrong_outputs(document, calling)
    verify = "BCryptVerifySignature"
    verifying = lambda check: ": verify" in check[1] and check in used
    expect_failures(document, "every signature is good", wrong.always_good, verifying)
    expect_failures(document, "no signature is good", wrong.never_good(verify), calling(verify))
    refusing = calling(verify + " refusing")
    expect_failures(document, "a bad signature is called a fault", wrong.breaking(verify), refusing)
    for load in ("BCryptImportKeyPair", "BCryptImportKey"):
        expect_failures(document, f"{load}: no blob is good", wrong.never_good(load), calling(load))
        refusing = calling(load + " refusing")
        expect_failures(document, f"{load}: every blob is good", wrong.taking_anything(load), refusing)
        expect_failures(document, f"{load}: a bad blob is called a fault", wrong.breaking(load), refusing)


def wrong_symmetric_libraries(document, used):
    calling = lambda name: lambda check: name in used.get(check, ())
    for function, status, text in (("BCryptDecrypt", cng.STATUS_AUTH_TAG_MISMATCH, "tag"),
                                   ("BCryptDecrypt", cng.STATUS_DATA_ERROR, "padding"),
                                   ("BCryptHashData", cng.STATUS_INVALID_SIGNATURE, "TLS record"),
                                   ("BCryptEncrypt", cng.STATUS_INVALID_PARAMETER, "size of a nonce or tag"),
                                   ("BCryptDecrypt", cng.STATUS_INVALID_PARAMETER, "size in decryption")):
        concerned = calling(f"{function} with 0x{status:08X}")
        expect_failures(document, f"every {text} is good", wrong.ignoring(function, status), concerned)
        expect_failures(document, f"a bad {text} is called a fault", wrong.breaking(function), concerned)
    authentic = lambda check: check[0] == "aead" and check[1].split(": ")[1][0].isdigit()
    expect_failures(document, "no tag is good", wrong.never_authentic, authentic)
    expect_failures(document, "a copied hash is another", wrong.adding_to_copies, calling("BCryptDuplicateHash"))
    for name, where in (("FunctionNameString", "strings of 8"), ("CustomizationString", " and 6:"),
                        ("EffectiveKeyLength", "RC2, 16 bytes, 40"), ("MessageBlockLength", "CFB64"),
                        ("IV", "AES-GMAC")):
        expect_failures(document, f"{name} is not looked at", wrong.forgetting(name),
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


def run_small(document, tests=2, digest=None, stray=False, folder="wycheproof"):
    """The lines that a run over a collection of one file prints about it; `document` is JSON, or SymCrypt's text."""
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    file = "small.dat" if isinstance(document, str) else "small.json"
    with tempfile.TemporaryDirectory() as place:
        root = pathlib.Path(place)
        for name in ("wycheproof", "acvp", "symcrypt"):
            (root / name).mkdir()
            rows = ["file\talgorithm\tfamily\ttests\tsha256"]
            if name == folder:
                (root / name / file).write_bytes(data)
                rows.append(f"{file}\tsmall\tsmall\t{tests}\t{digest or hashlib.sha256(data).hexdigest()}")
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
    return [line for line in lines.getvalue().split("\n") if file in line or f"{folder}:" in line]


def is_bad(lines):
    return any(line.startswith("not ok") for line in lines)


def wrong_collections(document):
    good, test, signature = small_collection(document)

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


# ---- each form of the symmetric families ------------------------------------------------------------------------

_KEY, _TEXT = bytes(range(16)), b"sixteen and more"


def _mac_file():
    code = hmac.new(_KEY, _TEXT, "sha256").hexdigest()
    test = lambda number, tag, result: {"tcId": number, "key": _KEY.hex(), "msg": _TEXT.hex(), "tag": tag,
                                        "result": result, "flags": []}
    return {"schema": "mac_test_schema_v1.json", "algorithm": "HMACSHA256", "testGroups": [{
        "tagSize": 256, "tests": [test(1, code, "valid"), test(2, code[2:] + code[:2], "invalid")]}]}


def _aead_file(document):
    case = next(case for group in document["groups"] for case in group["cases"] if case["name"] == "AES-128 GCM")
    nonce, auth, plain, cipher_text, tag = case["texts"][-1]
    test = lambda number, tag, result: {"tcId": number, "key": case["key"], "iv": nonce, "aad": auth, "msg": plain,
                                        "ct": cipher_text, "tag": tag, "result": result, "flags": []}
    return {"schema": "aead_test_schema_v1.json", "algorithm": "AES-GCM", "testGroups": [{
        "tagSize": 128, "tests": [test(1, tag, "valid"), test(2, tag[2:] + tag[:2], "invalid")]}]}


def _acvp_file(document):
    case = next(case for group in document["groups"] for case in group["cases"] if case["name"] == "AES-128, CBC")
    tests = [{"tcId": i, "key": case["key"], "iv": case["iv"], "pt": plain, "ct": cipher_text}
             for i, (plain, cipher_text) in enumerate(case["texts"][:2])]
    return {"algorithm": "ACVP-AES-CBC", "testGroups": [{"tests": tests}]}


def _symcrypt_file(digest):
    return f'[Md5]\n\nMsg = repeat(2) "a b"\nMD = {digest}\n\nMedium = 1500\n'


def wrong_answers(document):
    for name, file in (("code", _mac_file()), ("tag", _aead_file(document))):
        tap(not is_bad(run_small(file)), f"a good file of {name}s passes")
        for i, result in enumerate(("invalid", "valid")):
            changed = copy.deepcopy(file)
            changed["testGroups"][0]["tests"][i]["result"] = result
            tap(is_bad(run_small(changed)), f"a {name} that is marked {result} and is not is noticed")
    file = _acvp_file(document)
    tap(not is_bad(run_small(file, folder="acvp")), "a good file of ciphertexts passes")
    for field in ("pt", "ct", "iv", "key"):
        changed = copy.deepcopy(file)
        test = changed["testGroups"][0]["tests"][1]
        test[field] = own.flip(bytes.fromhex(test[field]), 0).hex()
        tap(is_bad(run_small(changed, folder="acvp")), f"a wrong {field} is noticed")
    digest = hashlib.md5(b"a ba b").hexdigest()
    tap(not is_bad(run_small(_symcrypt_file(digest), folder="symcrypt")), "a good file of digests passes")
    tap(is_bad(run_small(_symcrypt_file(digest[2:] + digest[:2]), folder="symcrypt")), "a wrong digest is noticed")
    tap(is_bad(run_small(_symcrypt_file(digest).replace("Md5", "Md6"), folder="symcrypt")), "a new section is noticed")


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
    wrong_answers(documents[1])
    print(f"1..{count}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
