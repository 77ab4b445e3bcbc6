"""cng hash and cng mac: beside hashlib, sha256sum and the openssl command."""
import hashlib
import hmac
import json
import os
import subprocess

from cli_bench import Bench

b = Bench()
refused = b.refused
HASHES = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512", "SHA3-256": "sha3_256",
          "SHA3-384": "sha3_384", "SHA3-512": "sha3_512"}
CONTENTS = {"empty": b"", "one": b"a", "block": bytes(range(256)) * 4, "large": os.urandom(3 * 256 * 1024 + 17)}
for name, data in CONTENTS.items():
    b.write(name, data)


def digits(*words, data=b""):
    """The digits of the only line."""
    return b.must(*words, data=data).decode().split()[0]


# --- digests ----------------------------------------------------------------------------------------------------------

with b.part("hash"):
    for name, theirs in HASHES.items():
        expected = "".join(f"{hashlib.new(theirs, data).hexdigest()}  {file}\n" for file, data in CONTENTS.items())
        b.equal(b.must("hash", name, *CONTENTS).decode(), expected, f"{name} of several files")
    # RFC 1319 and RFC 1320
    b.equal(digits("hash", "MD2", data=b"abc"), "da853b0d3f88d99b30283a69e6ded6bb", "MD2")
    b.equal(digits("hash", "MD4", data=b"abc"), "a448017aaf21d8525fc10ae87aa6729d", "MD4")
    for name, make, default in (("SHAKE128", hashlib.shake_128, 32), ("SHAKE256", hashlib.shake_256, 64)):
        b.equal(digits("hash", name, "large"), make(CONTENTS["large"]).hexdigest(default), f"{name} has {default} bytes by default")
        b.equal(digits("hash", "C" + name, "large"), make(CONTENTS["large"]).hexdigest(default), f"C{name} without names is {name}")
        for length in (1, 200, 100000):
            b.equal(digits("hash", name, "--length", length, "one"), make(b"a").hexdigest(length), f"{name}, {length} bytes")
    # NIST's examples of cSHAKE
    b.equal(digits("hash", "CSHAKE128", "--customization", "Email Signature", data=bytes(range(4))),
            "c1c36925b6409a04f1b504fcbca9d82b4017277cb5ed2b2065fc1d3814d5aaf5", "CSHAKE128 with a customization")
    b.equal(digits("hash", "CSHAKE256", "--customization", "Email Signature", data=bytes(range(4))),
            "d008828e2b80ac9d2218ffee1d070c48b8e4c87bff32c9699d5b6896eee0edd1"
            "64020e2be0560858d9c00c037e34a96937c561a74c412bb4c746469527281c8c", "CSHAKE256 with a customization")
    # SP 800-185: KMAC128(K, X, L, S) is cSHAKE128(bytepad(encode_string(K), 168) || X || right_encode(L), L, "KMAC", S).
    key = bytes(range(32))
    padded = (b"\x01\xa8\x02\x01\x00" + key).ljust(168, b"\0")
    theirs = b.openssl("mac", "-macopt", f"hexkey:{key.hex()}", "-macopt", "size:32", "-macopt", "custom:S", "-in", "block", "KMAC128")
    b.equal(digits("hash", "CSHAKE128", "--function-name", "KMAC", "--customization", "hex:53",
                   data=padded + CONTENTS["block"] + b"\x01\x00\x02"), theirs.decode().strip().lower(), "CSHAKE128 with a function name")
    for name in ("sha-256", "sha256", "Sha3-512", "sha3512", "shake-128"):
        b.check(len(digits("hash", name, "one")) >= 64, f"{name} is a name, too")
    b.equal(b.must("hash", "SHA256", data=b"abc").decode(), hashlib.sha256(b"abc").hexdigest() + "  -\n", "standard input")
    b.equal(b.must("hash", "SHA256", "-", "one", data=b"abc").count(b"\n"), 2, "standard input among files")
    b.equal(b.json("hash", "sha1", "one"), {"file": "one", "algorithm": "SHA1", "digest": hashlib.sha1(b"a").hexdigest()}, "--json, one file")
    b.equal([row["file"] for row in b.json("hash", "SHA1", "one", "empty")], ["one", "empty"], "--json, several files")
    many = [b.write(f"many-{number}", b"%d" % number) for number in range(200)]
    b.equal(b.must("hash", "SHA1", *many).count(b"\n"), 200, "200 files")

NAMES = ["plain", "two words", "back\\slash", "line\nend", "carriage\rreturn", "-dash", "ümläut"]

with b.part("lists"):
    for name in NAMES:
        b.write(name, name.encode())
    ours = b.must("hash", "SHA256", "--", *NAMES)
    b.equal(ours, b.run(["sha256sum", "--", *NAMES]).stdout, "the lines are those of sha256sum")
    b.write("list", ours)
    done = b.cng("hash", "SHA256", "--check", "list")
    b.equal((done.returncode, done.stdout.count(b": OK\n"), done.stderr), (0, len(NAMES), b""), "--check")
    b.equal(b.run(["sha256sum", "--check", "--status", "list"]).returncode, 0, "sha256sum checks our list")
    b.equal(b.json("hash", "SHA256", "--check", "list")["valid"], True, "--check --json")
    b.write("list", b.run(["sha512sum", "--binary", "plain", "one"]).stdout.replace(b"\n", b"\r\n"))
    b.equal(b.must("hash", "SHA512", "--check", "-", data=b.read("list")), b"plain: OK\none: OK\n", "a list on standard input, with \"*\" and CR LF")
    b.write("list", b.must("hash", "SHAKE128", "--length", "7", "one"))
    b.equal(b.must("hash", "SHAKE128", "--length", "7", "--check", "list"), b"one: OK\n", "a list of another length")
    refused("which has to be said", 3, ["hash", "SHAKE128", "--check", "list"], "line 1", "64 digits")

    b.write("list", b.must("hash", "SHA256", "plain", "one", "empty"))
    b.write("one", b"b")
    refused("a file that was changed", 1, ["hash", "SHA256", "--check", "list"], "list", "1 of 3",
            output=b"plain: OK\none: FAILED\nempty: OK\n")
    done = b.cng("hash", "SHA256", "--check", "list", "--json")
    report = json.loads(done.stdout)
    b.equal((done.returncode, report["valid"], [row["valid"] for row in report["files"]]), (1, False, [True, False, True]),
            "a file that was changed, --json")
    b.write("one", b"a")
    os.remove("plain")
    refused("a file that is gone", 3, ["hash", "SHA256", "--check", "list"], "plain", "No such file",
            output=b"plain: FAILED\none: OK\nempty: OK\n")
    good = b.read("list").splitlines()[1]
    for label, line in (("no digits", b"hello world"), ("one blank", good.replace(b"  ", b" ")), ("too few digits", good[2:]),
                        ("another digit", b"g" + good[1:]), ("no name", good[:66]), ("a bad escape", b"\\" + good + b"\\x"),
                        ("nothing", b"")):
        b.write("list", line + b"\n" + good + b"\n")
        refused(f"a line with {label}", 3, ["hash", "SHA256", "--check", "list"], "line 1", output=b"one: OK\n")
    refused("an empty list", 3, ["hash", "SHA256", "--check", "empty"], "empty")
    refused("a missing list", 3, ["hash", "SHA256", "--check", "nowhere"], "nowhere", "No such file")
    b.write("list", good)
    refused("a list of another algorithm", 3, ["hash", "SHA384", "--check", "list"], "line 1", "96 digits")

with b.part("hash refuses"):
    refused("an unknown algorithm", 2, ["hash", "ROT13"], "ROT13", "SHA3-256", "CSHAKE256")
    refused("a length of a hash that has one", 2, ["hash", "SHA256", "--length", "16", "one"], "--length", "SHA256")
    refused("a length of 0", 2, ["hash", "SHAKE128", "--length", "0", "one"], "--length")
    refused("a huge length", 2, ["hash", "SHAKE128", "--length", "4000000000", "one"], "--length")
    refused("a customization of SHAKE", 2, ["hash", "SHAKE128", "--customization", "x", "one"], "CSHAKE128")
    refused("a function name of SHA256", 2, ["hash", "SHA256", "--function-name", "x", "one"], "CSHAKE128")
    refused("files beside a list", 2, ["hash", "SHA256", "--check", "list", "one"], "one")
    os.makedirs("folder", exist_ok=True)
    refused("a folder", 3, ["hash", "SHA256", "folder"], "folder", "directory")
    done = b.cng("hash", "SHA256", "nowhere", "one")
    b.equal((done.returncode, done.stdout.decode()), (3, hashlib.sha256(b"a").hexdigest() + "  one\n"), "the other files are hashed all the same")
    if os.path.exists("/dev/full"):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([b.program, "hash", "SHA256", "one"], stdout=full, stderr=subprocess.PIPE)
        b.equal(done.returncode, 4, "a full standard output")

with b.part("large files"):
    with open("sparse", "wb") as file:
        file.truncate(100_000_000)
    b.equal(digits("hash", "SHA256", "sparse"), hashlib.sha256(bytes(100_000_000)).hexdigest(), "100 MB")
    peak = b.peak("hash", "SHA256", "sparse")
    b.check(peak < 64_000_000, "100 MB in constant memory", f"{peak} bytes")
    b.generate("RSA", "--bits", "2048")
    b.must("sign", "--key", "key.pem", "--out", "sig", "sparse")
    b.openssl("dgst", "-sha256", "-verify", "key.pub.pem", "-signature", "sig", "sparse")
    b.check(True, "a message of 100 MB is signed, and openssl verifies it")

# --- codes ------------------------------------------------------------------------------------------------------------

KEY = bytes(range(1, 33))
b.write("key", KEY)
os.environ["CNG_TEST_KEY"] = "a key of text"


def openssl_mac(*words):
    return b.openssl("mac", *words).decode().strip().lower()


with b.part("mac"):
    for name, theirs in HASHES.items():
        b.equal(digits("mac", "HMAC-" + name, "--key-file", "key", "large"), hmac.new(KEY, CONTENTS["large"], theirs).hexdigest(), f"HMAC-{name}")
    # hashlib need not have MD4: RFC 2104's construction.
    inner, outer = (bytes(x ^ pad for x in KEY.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    first = bytes.fromhex(digits("hash", "MD4", data=inner + b"abc"))
    b.equal(digits("mac", "HMAC-MD4", "--key-file", "key", data=b"abc"), digits("hash", "MD4", data=outer + first), "HMAC-MD4")
    for size in (16, 24, 32):
        key = KEY[:size].hex()
        b.equal(digits("mac", "AES-CMAC", "--key-hex", key, "large"),
                openssl_mac("-cipher", f"AES-{8 * size}-CBC", "-macopt", f"hexkey:{key}", "-in", "large", "CMAC"), f"AES-CMAC, {8 * size} bits")
        b.equal(digits("mac", "AES-GMAC", "--key-hex", key, "--nonce-hex", "00112233445566778899aabb", "large"),
                openssl_mac("-cipher", f"AES-{8 * size}-GCM", "-macopt", f"hexkey:{key}", "-macopt", "hexiv:00112233445566778899aabb",
                            "-in", "large", "GMAC"), f"AES-GMAC, {8 * size} bits")
    for name, default in (("KMAC128", 32), ("KMAC256", 64)):
        for words, theirs, size in (([], [], default), (["--length", "20"], [], 20),
                                    (["--customization", "app", "--length", "100"], ["-macopt", "custom:app"], 100)):
            b.equal(digits("mac", name, "--key-file", "key", *words, "large"),
                    openssl_mac("-macopt", f"hexkey:{KEY.hex()}", "-macopt", f"size:{size}", *theirs, "-in", "large", name),
                    f"{name} {' '.join(words)}")
    code = hmac.new(b"a key of text", b"abc", "sha256").hexdigest()
    b.equal(digits("mac", "hmac-sha-256", "--key-env", "CNG_TEST_KEY", data=b"abc"), code, "a key in the environment, the text on standard input")
    b.equal(digits("mac", "HMAC-SHA256", "--key-file", "-", "one", data=KEY), hmac.new(KEY, b"a", "sha256").hexdigest(), "the key on standard input")
    b.equal(digits("mac", "HMAC-SHA256", "--key-hex", "", "one"), hmac.new(b"", b"a", "sha256").hexdigest(), "an empty key")
    b.equal(b.json("mac", "HMAC-SHA256", "--key-env", "CNG_TEST_KEY", "-", data=b"abc"), {"file": "-", "algorithm": "HMAC-SHA256", "code": code}, "--json")

with b.part("mac --verify"):
    words = ["mac", "HMAC-SHA256", "--key-file", "key", "block"]
    code = digits(*words)
    b.equal(b.must(*words, "--verify", code), b"block: the code is right (HMAC-SHA256)\n", "the right code")
    b.must(*words, "--verify", code.upper())
    b.equal(b.json(*words, "--verify", code)["valid"], True, "the right code, --json")
    for label, wrong in (("first byte", "00" + code[2:]), ("last bit", code[:-1] + f"{int(code[-1], 16) ^ 1:x}")):
        refused(f"another code: {label}", 1, [*words, "--verify", wrong], "block")
    for label, wrong in (("cut", code[:-2]), ("empty", ""), ("too long", code + "00")):
        refused(f"another code: {label}", 1, [*words, "--verify", wrong], "32 bytes")
    refused("another file", 1, ["mac", "HMAC-SHA256", "--key-file", "key", "--verify", code, "one"], "one")
    refused("another key", 1, ["mac", "HMAC-SHA256", "--key-hex", "00", "--verify", code, "block"], "key")
    done = b.cng(*words, "--verify", "00" * 32, "--json")
    b.equal((done.returncode, json.loads(done.stdout)["valid"]), (1, False), "another code, --json")

with b.part("mac refuses"):
    key = ["--key-file", "key"]
    refused("an unknown algorithm", 2, ["mac", "HMAC-ROT13", *key, "one"], "HMAC-ROT13", "KMAC256")
    refused("HMAC without a hash", 2, ["mac", "HMAC", *key, "one"], "HMAC")
    refused("HMAC over SHAKE", 2, ["mac", "HMAC-SHAKE128", *key, "one"], "HMAC-SHAKE128")
    refused("a hash without a key", 2, ["mac", "SHA256", *key, "one"], "SHA256")
    refused("no key", 2, ["mac", "HMAC-SHA256", "one"], "--key-file", "--key-env", "help mac")
    refused("two keys", 2, ["mac", "HMAC-SHA256", *key, "--key-hex", "00", "one"], "one of")
    refused("no hexadecimal key", 2, ["mac", "HMAC-SHA256", "--key-hex", "0", "one"], "hexadecimal")
    refused("a missing key file", 3, ["mac", "HMAC-SHA256", "--key-file", "nowhere", "one"], "nowhere", "the key")
    refused("a missing variable", 3, ["mac", "HMAC-SHA256", "--key-env", "CNG_TEST_NOWHERE", "one"], "CNG_TEST_NOWHERE")
    refused("key and text on standard input", 2, ["mac", "HMAC-SHA256", "--key-file", "-"], "standard input", data=b"x")
    refused("a CMAC key of 5 bytes", 3, ["mac", "AES-CMAC", "--key-hex", "0102030405", "one"], "16, 24 or 32", "5")
    refused("GMAC without a nonce", 2, ["mac", "AES-GMAC", *key, "one"], "--nonce-hex", "12 bytes")
    refused("a short nonce", 2, ["mac", "AES-GMAC", *key, "--nonce-hex", "00", "one"], "12 bytes")
    refused("a nonce of CMAC", 2, ["mac", "AES-CMAC", *key, "--nonce-hex", "00" * 12, "one"], "--nonce-hex", "AES-CMAC")
    refused("a length of HMAC", 2, ["mac", "HMAC-SHA256", *key, "--length", "5", "one"], "--length")
    refused("a length of 0", 2, ["mac", "KMAC128", *key, "--length", "0", "one"], "--length")
    refused("a customization of HMAC", 2, ["mac", "HMAC-SHA256", *key, "--customization", "x", "one"], "--customization")
    refused("a missing file", 3, ["mac", "HMAC-SHA256", *key, "nowhere"], "nowhere", "No such file")
    refused("two files", 2, ["mac", "HMAC-SHA256", *key, "one", "block"], "block")

b.done()
