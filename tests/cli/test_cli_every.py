"""What holds for every verb and command: usage, options, and where results go. The verbs are those that `cng help` names."""
import json
import os
import re

from cli_bench import Bench

b = Bench()
refused = b.refused
os.environ["OPENCNG_HOME"] = str(b.folder / "home")


def listed(*words):
    """The names in a list of verbs or commands."""
    lines = b.must(*words).decode().splitlines()
    return [match[1] for line in lines if (match := re.match(r"  ([a-z]+) +[a-z]", line))]


VERBS = [verb for verb in listed("help") if verb not in ("help", "cng")]
COMMANDS = {verb: listed(verb, "help") for verb in VERBS if "COMMAND" in b.must("help", verb).decode().splitlines()[2]}
EVERY = [[verb] for verb in VERBS if verb not in COMMANDS] + [[verb, name] for verb, names in COMMANDS.items() for name in names]

# --- usage ------------------------------------------------------------------------------------------------------------

with b.part("usage"):
    b.check({"store", "config", "providers"} == set(COMMANDS) and len(EVERY) > 40, "verbs and commands are found", EVERY)
    for verb, names in COMMANDS.items():
        refused(f"{verb} alone", 2, [verb], verb, "help")
        refused(f"{verb} with an unknown command", 2, [verb, "frobnicate"], "frobnicate", "help")
        refused(f"help of one of {verb}", 2, [verb, "help", "frobnicate"], "frobnicate")
        b.equal([name for name in names if f"cng {verb} {name}" not in b.must(verb, "help", name).decode()], [],
                f"each command of {verb} has help")
    for words in EVERY:
        name = " ".join(words)
        text = b.must(words[0], "help", *words[1:]).decode() if len(words) > 1 else b.must("help", *words).decode()
        usage = text.splitlines()[2]
        b.check(usage.startswith(f"  cng {name}"), f"{name}: help begins with its usage", usage)
        refused(f"{name}: an unknown option", 2, [*words, "--frobnicate"], "--frobnicate", f"help {name}" if len(words) == 1 else "help")
        if "--json" in text:
            refused(f"{name}: a value that is too much", 2, [*words, "--json=yes"], "--json")
        if not re.search(r"[A-Z]\.\.\.", usage.replace("OPTION...", "")):
            refused(f"{name}: nine operands", 2, [*words, *"x" * 9])
    b.equal([b.must("-h"), b.must("--help")], [b.must("help")] * 2, "-h and --help are help")
    b.equal(b.must("random", "-h"), b.must("help", "random"), "of a verb, too")

# --- results ----------------------------------------------------------------------------------------------------------

b.write("message", b"hello")
b.write("secret", bytes(range(32)))
b.generate("RSA", "--bits", "1024", name="rsa")
b.generate("ECDH", name="a")
b.generate("ECDH", name="b")
b.must("encrypt", "--key", "rsa.pub.pem", "--out", "message.rsa", "message")
b.must("seal", "--key-file", "secret", "--out", "message.sealed", "message")
b.must("protect", "--out", "message.protected", "message")
b.must("store", "create", "rsa", "--algorithm", "RSA", "--bits", "1024", "--exportable-plain")
b.must("store", "export", "rsa", "--out", "stored.blob")
b.must("encrypt", "--key", "stored.blob", "--out", "message.stored", "message")

# What each wants: the command, options that it cannot do without, files that it reads.
ROWS = [
    (["sign", "--key", "rsa.pem", "message"], ["--key"], ["rsa.pem", "message"]),
    (["encrypt", "--key", "rsa.pub.pem", "message"], ["--key"], ["rsa.pub.pem", "message"]),
    (["decrypt", "--key", "rsa.pem", "message.rsa"], ["--key"], ["rsa.pem", "message.rsa"]),
    (["agree", "--key", "a.pem", "--peer", "b.pub.pem"], ["--key", "--peer"], ["a.pem", "b.pub.pem"]),
    (["convert", "--format", "der", "rsa.pub.pem"], ["--format"], ["rsa.pub.pem"]),
    (["generate", "--algorithm", "ECDSA"], ["--algorithm"], []),
    (["random", "16"], [], []),
    (["derive", "hkdf", "--secret-file", "secret"], ["--secret-file"], ["secret"]),
    (["seal", "--key-file", "secret", "message"], [], ["secret", "message"]),
    (["open", "--key-file", "secret", "message.sealed"], [], ["secret", "message.sealed"]),
    (["protect", "message"], [], ["message"]),
    (["unprotect", "message.protected"], [], ["message.protected"]),
    (["store", "export", "rsa"], [], ["rsa"]),
    (["store", "export", "--private", "rsa"], [], []),
    (["store", "sign", "rsa", "message"], [], ["rsa", "message"]),
    (["store", "decrypt", "rsa", "message.stored"], [], ["message.stored"]),
]
if b.has("ML-KEM"):
    b.generate("ML-KEM", name="kem")
    b.must("encapsulate", "--key", "kem.pub.pem", "--ciphertext", "ciphertext", "--secret", "shared")
    ROWS.append((["decapsulate", "--key", "kem.pem", "ciphertext"], ["--key"], ["kem.pem", "ciphertext"]))


def without(words, option):
    at = words.index(option)
    return words[:at] + words[at + 2:]


for words, needed, files in ROWS:
    name = " ".join(words[:2]) if words[0] == "store" else words[0]
    with b.part(name):
        b.must(*words, "--out", "out")
        kept = b.read("out")
        refused(f"{name}: over a file", 4, [*words, "--out", "out"], "out", "--force")
        b.equal(b.read("out"), kept, f"{name}: which stays as it was")
        b.must(*words, "--out", "out", "--force")
        b.check(len(b.read("out")) > 0, f"{name}: --force replaces it")
        os.remove("out")
        refused(f"{name}: into a folder that is not there", 4, [*words, "--out", "nowhere/out"], "nowhere/out")
        if words[0] not in ("protect", "unprotect"):  # the other verbs have --json
            report = json.loads(b.must(*words, "--out", "out", "--json"))
            b.check(isinstance(report, dict) and os.path.exists("out"), f"{name}: --json reports beside the file")
            os.remove("out")
        for option in needed:
            refused(f"{name}: without {option}", 2, [*without(words, option), "--out", "out"], option.split("-file")[0])
        for file in files:
            wrong = ["absent" if word == file else word for word in words]
            refused(f"{name}: without the file {file}", 3, [*wrong, "--out", "out"], "absent")
        b.equal(os.path.exists("out"), False, f"{name}: none of these left a file")

with b.part("two results"):
    if b.has("ML-KEM"):
        words = ["encapsulate", "--key", "kem.pub.pem"]
        refused("no place for the secret", 2, [*words, "--ciphertext", "c"], "--secret")
        refused("no place for the ciphertext", 2, [*words, "--secret", "s"], "--ciphertext")
        refused("no key", 2, ["encapsulate", "--ciphertext", "c", "--secret", "s"], "--key")
        refused("a key that is not there", 3, ["encapsulate", "--key", "absent", "--ciphertext", "c", "--secret", "s"], "absent")
        refused("the secret over a file", 4, [*words, "--ciphertext", "c", "--secret", "message"], "message", "--force")
        refused("the ciphertext over a file", 4, [*words, "--ciphertext", "message", "--secret", "s"], "message", "--force")
        b.equal((os.path.exists("c"), os.path.exists("s"), b.read("message")), (False, False, b"hello"), "neither is written")
        report = {name: part["value"] for name, part in b.json(*words).items()}
        b.equal((len(report["secret"]), len(report["ciphertext"])), (64, 2 * 1088), "--json holds both, in digits")
        b.write("c", bytes.fromhex(report["ciphertext"]))
        b.equal(b.must("decapsulate", "--key", "kem.pem", "c").hex(), report["secret"], "which belong together")
        os.remove("c")
    refused("the public key over a file", 4, ["generate", "-a", "ECDSA", "-o", "k", "--public-out", "message"], "message", "--force")
    b.equal((os.path.exists("k"), b.read("message")), (False, b"hello"), "then there is no private key either")

with b.part("verify"):
    b.must("sign", "--key", "rsa.pem", "--out", "signature", "message")
    good = ["verify", "--key", "rsa.pub.pem", "--signature", "signature", "message"]
    b.must(*good)
    b.equal(b.json(*good)["valid"], True, "--json says so")
    for option in ("--key", "--signature"):
        refused(f"without {option}", 2, without(good, option), option)
    for file in ("rsa.pub.pem", "signature", "message"):
        refused(f"without the file {file}", 3, ["absent" if word == file else word for word in good], "absent")
    b.write("other", b"hellO")
    done = b.cng(*good[:-1], "other", "--json")
    b.equal((done.returncode, json.loads(done.stdout)["valid"]), (1, False), "another message: status 1, and --json says so")

# --- for people -------------------------------------------------------------------------------------------------------

with b.part("lists"):
    for words in (["algorithms"], ["algorithms", "--curves"]):
        rows = b.json(*words)
        text = b.must(*words).decode()
        missing = [row["name"] for row in rows if row.get("available", True) and not re.search(rf"^{re.escape(row['name'])} ", text, re.M)]
        b.equal(missing, [], f"{' '.join(words)} names the same with and without --json")
        b.equal([line for line in text.splitlines() if len(line) > 102], [], "and its lines are not too long")

# --- options that contradict each other --------------------------------------------------------------------------------

b.generate("ECDSA", name="ec")
b.generate("DSA", "--bits", "1024", name="dsa")
b.write("digest", bytes(32))
KDF = ["agree", "--key", "a.pem", "--peer", "b.pub.pem", "--hex", "--kdf"]
USAGE = {
    "RSA signs otherwise": (["sign", "--key", "rsa.pem", "--padding", "oaep", "message"], "pkcs1 or pss"),
    "no such hash to sign with": (["sign", "--key", "rsa.pem", "--hash", "SHA7", "message"], "SHA7"),
    "no such form of a signature": (["sign", "--key", "ec.pem", "--signature-format", "xml", "message"], "raw or der"),
    "nor to verify": (["verify", "--key", "ec.pem", "--signature", "digest", "--signature-format", "xml", "message"], "xml"),
    "RSA encrypts otherwise": (["encrypt", "--key", "rsa.pub.pem", "--padding", "pss", "message"], "oaep"),
    "a label without OAEP": (["encrypt", "--key", "rsa.pub.pem", "--padding", "pkcs1", "--label", "x", "message"], "--label"),
    "a hash without OAEP": (["decrypt", "--key", "rsa.pem", "--padding", "none", "--hash", "SHA1", "message.rsa"], "--hash"),
    "no such hash to encrypt with": (["encrypt", "--key", "rsa.pub.pem", "--hash", "SHA7", "message"], "SHA7"),
    "no such KDF": ([*KDF, "magic"], "magic"),
    "big-endian, derived": ([*KDF, "hash", "--big-endian"], "--big-endian"),
    "a hash for raw": ([*KDF, "raw", "--hash", "SHA256"], "--hash"),
    "no such hash to derive with": ([*KDF, "hash", "--hash", "SHA7"], "SHA7"),
    "the secret as a key of no HMAC": ([*KDF, "hash", "--secret-as-hmac-key"], "--secret-as-hmac-key"),
    "a salt without HKDF": ([*KDF, "hash", "--salt", "x"], "--salt"),
    "a label without a PRF": ([*KDF, "hash", "--label", "x"], "--label"),
    "a protocol without a PRF": ([*KDF, "hash", "--protocol", "tls1.2"], "--protocol"),
    "no such protocol": ([*KDF, "tls-prf", "--protocol", "ssl3"], "ssl3"),
    "a curve for X25519": (["generate", "-a", "X25519", "-c", "nistP256", "-o", "k"], "--curve"),
    "a set for RSA": (["generate", "-a", "RSA", "-s", "65", "-o", "k"], "--set"),
    "SHA256 of any length": (["hash", "SHA256", "--length", "10", "message"], "--length"),
    "bits for a curve in the store": (["store", "create", "x", "-a", "ECDSA", "-b", "256"], "--bits"),
    "a curve for RSA in the store": (["store", "create", "x", "-a", "RSA", "-c", "nistP256"], "--curve"),
    "no such curve in the store": (["store", "create", "x", "-a", "ECDSA", "-c", "spiral"], "spiral"),
    "no such algorithm in the store": (["store", "create", "x", "-a", "ROT13"], "ROT13"),
    "no algorithm in the store": (["store", "create", "x"], "--algorithm"),
    "a slot of no type": (["store", "protect", "--name", "x"], "--type"),
    "a slot to change of no type": (["store", "change", "--name", "x"], "--type"),
    "no such KDF to derive with": (["derive", "magic", "--secret-file", "secret"], "magic"),
    "no such code": (["mac", "HMAC-ROT13", "--key-file", "secret", "message"], "ROT13"),
    "no such cipher": (["seal", "--key-file", "secret", "--algorithm", "ROT13", "message"], "ROT13"),
    "random text of two kinds": (["random", "16", "--hex", "--base64"], "--base64"),
    "no number of random bytes": (["random", "many"], "many"),
    "a number with a sign": (["random", "+5"], "+5"),
    "a number behind a blank": (["random", " 5"], " 5"),
    "a value of an unknown kind": (["sign", "-k", "rsa.pem", "--context", "hex:1:2:3", "message"], "hex:1:2:3"),
    "digits that are none": (["mac", "HMAC-SHA256", "--key-hex", "0x00", "message"], "0x00"),
    "a letter with a value that is a flag's": (["generate", "-a"], "-a"),
}
if b.has("ML-DSA"):
    b.generate("ML-DSA", name="mldsa")
    USAGE |= {
        "a context that is too long": (["sign", "-k", "mldsa.pem", "--context", "x" * 256, "message"], "255"),
        "mu with a context": (["sign", "-k", "mldsa.pem", "--context", "x", "--external-mu", "message"], "--external-mu"),
        "a hash of no name": (["sign", "-k", "mldsa.pem", "--input-is-hash", "digest"], "--prehash"),
        "a set that ML-DSA does not have": (["store", "create", "x", "-a", "ML-DSA", "-s", "42"], "42"),
    }
with b.part("contradictions"):
    for name, (words, needle) in USAGE.items():
        refused(name, 2, words, needle)
    b.equal([os.path.exists("k"), [key["name"] for key in b.json("store", "list")]], [False, ["rsa"]], "none of these made anything")
    refused("a hash value of another length", 3, ["sign", "-k", "rsa.pem", "--input-is-hash", "message"], "message", "32 bytes")
    b.must("sign", "-k", "rsa.pem", "--input-is-hash", "--out", "of-digest", "digest")
    b.must("verify", "-k", "rsa.pub.pem", "--input-is-hash", "--signature", "of-digest", "digest")
    b.check(True, "one of the right length is signed as it is")
    z = b.must("agree", "--key", "a.pem", "--peer", "b.pub.pem", "--big-endian")
    b.equal(b.must("agree", "--key", "a.pem", "--peer", "b.pub.pem", "--big-endian", "--length", "7"), z[:7], "big-endian, cut at its end")

with b.part("spellings"):
    plain = b.must("sign", "--key", "rsa.pem", "message")
    b.equal(b.must("sign", "-krsa.pem", "message"), plain, "a letter with its value behind it")
    b.equal(b.must("sign", "--key=rsa.pem", "message"), plain, "a word with = and its value")
    b.write("-k", b"hello")
    b.equal(b.must("sign", "--key", "rsa.pem", "--", "-k"), plain, "behind -- everything is a file")
    b.equal(b.must("sign", "--key", "rsa.pem", "-", data=b"hello"), plain, "- is standard input")
    code = b.must("mac", "HMAC-SHA256", "--key-hex", "000102ff", "message")
    b.equal(b.must("mac", "HMAC-SHA256", "--key-hex", "00:01 02:FF", "message"), code, "digits may be set apart")
    b.must("random", "16", "--output", "out")
    b.equal(len(b.read("out")), 16, "--output is --out")
    os.remove("out")
    words = ["providers", "register", "X", "--no-probe", "--image", "x.so", "--interface", "hash", "--function", "F"]
    b.equal(b.json(*words), {"registered": "X", "image": "x.so", "tried": False}, "providers register --json")
    refused("very many options of one kind", 2, [*words, *["--alias", "A"] * 257], "--alias")
    refused("more aliases than a provider may have", 3, [*words, "--force", *(word for i in range(65) for word in ("--alias", f"A{i}"))],
            "STATUS_INVALID_PARAMETER")
    b.equal(b.json("providers", "unregister", "X"), {"unregistered": "X"}, "providers unregister --json")

# --- keys in DER that say too little or too much --------------------------------------------------------------------------


def der(tag, *parts):
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])
    return bytes([tag]) + size + body


X25519 = der(0x30, bytes.fromhex("06032b656e"))
ECDSA = der(0x30, bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06082a8648ce3d030107"))
ZERO = bytes.fromhex("020100")
ONE = bytes.fromhex("020101")


def private(algorithm, key):
    return der(0x30, ZERO, algorithm, der(0x04, key))


def public(algorithm, key):
    return der(0x30, algorithm, der(0x03, b"\0" + key))


WRONG_KEYS = {
    "X25519, private, 31 bytes": private(X25519, der(0x04, bytes(31))),
    "X25519, private, not wrapped": private(X25519, bytes(32)),
    "X25519, public, 31 bytes": public(X25519, bytes(31)),
    "X25519, public, no bytes": public(X25519, b""),
    "ECDSA, public, no bytes": public(ECDSA, b""),
    "ECDSA, public, half a point": public(ECDSA, b"\4" + bytes(32)),
    "ECDSA, public, at infinity": public(ECDSA, b"\0"),
    "ECDSA, private, a number that is too long": private(ECDSA, der(0x30, ONE, der(0x04, b"\1" + bytes(32)))),
    "ECDSA, private, version 2": private(ECDSA, der(0x30, b"\2\1\2", der(0x04, bytes(31) + b"\5"))),
    "ECDSA, private, no number": private(ECDSA, der(0x30, ONE)),
    "ECDSA, private, an empty key": private(ECDSA, b""),
    "no algorithm": private(der(0x30), b""),
}
with b.part("keys in DER"):
    for name, key in WRONG_KEYS.items():
        b.write("wrong.der", key)
        refused(name, 3, ["convert", "wrong.der", "-f", "blob", "-o", "out"], "wrong.der")
    b.equal(os.path.exists("out"), False, "none is converted")
    b.write("right.der", private(ECDSA, der(0x30, ONE, der(0x04, bytes(31) + b"\5"))))
    b.must("convert", "right.der", "-f", "ECCPRIVATEBLOB", "-o", "out")
    b.check(b.read("out")[8 + 64:] == bytes(31) + b"\5", "a private key without its public point gets one")

b.done()
