"""What bad input gets: one line that helps, the right exit status, and no file."""
import json
import os
import pty
import signal
import subprocess
import time

from cli_bench import Bench

b = Bench()
VERBS = ["algorithms", "generate", "inspect", "convert", "sign", "verify", "encrypt", "decrypt", "agree",
         "encapsulate", "decapsulate", "hash", "mac", "seal", "open", "derive", "random", "store", "doctor"]
refused = b.refused

# --- help and usage ---------------------------------------------------------------------------------------------------

with b.part("help"):
    text = b.must("help").decode()
    b.equal([verb for verb in VERBS if verb not in text], [], "help names every verb")
    for verb in VERBS:
        text = b.must("help", verb).decode()
        b.check("Examples" in text and "--json" in text and f"cng {verb}" in text, f"help {verb} has examples and options")
        b.equal(b.must(verb, "--help").decode(), text, f"{verb} --help is the same")
    text = b.must("store", "help", "create").decode()
    b.check("cng store create" in text and "--algorithm" in text, "store help create tells of that command")
    b.equal([b.must(*words).decode() for words in (["help", "store", "create"], ["store", "create", "--help"], ["store", "create", "-h", "x"])],
            [text] * 3, "so do help store create and store create --help")
    b.equal(b.must("store", "--help", "create"), b.must("help", "store"), "but not an option before it")
    b.check(b.must("--version").startswith(b"cng (OpenCNG) "), "--version")
    b.equal(b.must("version"), b.must("--version"), "version is the same")
    text = b.must("version", "--verbose").decode()
    b.check("computes with" in text and "OpenSSL" in text, "version --verbose tells what it computes with")
    levers = dict(line.split() for line in text.partition("in use here\n")[2].splitlines())
    b.check(set(levers.values()) <= {"yes", "no"} and levers.get("random-buffer") is not None, "and what is in use on this machine")
    b.equal(b.cng().returncode, 2, "no verb")
    refused("an unknown verb", 2, ["frobnicate"], "frobnicate")
    refused("help for an unknown verb", 2, ["help", "frobnicate"], "frobnicate")

with b.part("options"):
    refused("an unknown option", 2, ["generate", "--frobnicate"], "--frobnicate", "help generate")
    refused("an unknown letter", 2, ["generate", "-z"], "-z")
    refused("a value that is missing", 2, ["generate", "--algorithm"], "--algorithm")
    refused("a value that is too much", 2, ["generate", "--force=yes"], "--force")
    refused("no number", 2, ["generate", "-a", "RSA", "--bits", "12x", "-o", "k"], "12x")
    refused("a negative number", 2, ["generate", "-a", "RSA", "--bits", "-5", "-o", "k"], "-5")
    refused("a huge number", 2, ["generate", "-a", "RSA", "--bits", "99999999999", "-o", "k"], "99999999999")
    refused("a file is missing", 2, ["inspect"], "inspect")
    refused("a file too many", 2, ["convert", "a", "b", "-f", "pem"], "b")
    refused("an option is missing", 2, ["sign", "message"], "--key")
    refused("an algorithm is missing", 2, ["hash"], "ALGORITHM", "help hash")
    refused("no private key by accident", 2, ["generate", "-a", "RSA"], "--out")
    refused("no hexadecimal", 2, ["sign", "-k", "x", "--context", "hex:0g", "m"], "hex:0g")
    refused("an unknown format", 2, ["convert", "x", "-f", "jpeg"], "jpeg")
    refused("an unknown algorithm", 2, ["generate", "-a", "ROT13", "-o", "k"], "ROT13")
    refused("an unknown curve", 2, ["generate", "-a", "ECDSA", "-c", "spiral", "-o", "k"], "spiral")
    refused("an unknown set", 2, ["generate", "-a", "ML-KEM", "-s", "42", "-o", "k"], "42")
    refused("bits for a curve", 2, ["generate", "-a", "ECDSA", "-b", "256", "-o", "k"], "--bits")
    refused("a size that RSA does not have", 2, ["generate", "-a", "RSA", "-b", "1000", "-o", "k"], "512 to 16384")
    refused("a curve that does not sign", 2, ["generate", "-a", "ECDSA", "-c", "curve25519", "-o", "k"], "STATUS_NOT_SUPPORTED")
    b.equal(os.path.exists("k"), False, "none of them left a file")

# --- files ------------------------------------------------------------------------------------------------------------

b.generate("RSA", "--bits", "1024", name="rsa")
b.generate("ECDSA", name="ecdsa")
b.generate("ECDH", name="ecdh")
b.generate("DH", "--bits", "1024", name="dh")
b.write("message", b"hello")

with b.part("files"):
    refused("a missing file", 3, ["inspect", "nowhere"], "nowhere", "No such file")
    os.mkdir("folder")
    refused("a folder", 3, ["inspect", "folder"], "folder", "directory")
    b.write("empty", b"")
    refused("an empty file", 3, ["inspect", "empty"], "empty")
    b.write("large", bytes(1024 * 1024 + 1))
    refused("a file that is too large", 3, ["inspect", "large"], "1024 KiB")
    b.write("noise", bytes(range(7, 200)))
    refused("noise", 3, ["inspect", "noise"], "noise", "PEM, DER")
    refused("output into a missing folder", 4, ["sign", "-k", "rsa.pem", "-o", "nowhere/sig", "message"], "nowhere/sig")
    refused("output over a file", 4, ["sign", "-k", "rsa.pem", "-o", "message", "message"], "--force")
    refused("output over a folder", 4, ["sign", "-k", "rsa.pem", "-o", "folder", "message"], "folder")
    if os.path.exists("/dev/full"):
        refused("a full disk", 4, ["sign", "-k", "rsa.pem", "-o", "/dev/full", "message"], "No space")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([b.program, "inspect", "rsa.pem"], stdout=full, stderr=subprocess.PIPE)
        b.equal(done.returncode, 4, "a full standard output")
    done = b.cng("inspect", "nowhere", "rsa.pem", "--json")
    b.equal((done.returncode, len(json.loads(done.stdout))), (3, 1), "of several files, the good ones are shown")

# --- keys of the wrong kind -------------------------------------------------------------------------------------------

with b.part("wrong keys"):
    refused("signing with a public key", 3, ["sign", "-k", "rsa.pub.pem", "message"], "public key")
    refused("signing with DH", 3, ["sign", "-k", "dh.pem", "message"], "DH", "sign")
    b.must("convert", "ecdh.pem", "-f", "blob", "-a", "ECDH", "-o", "ecdh.blob")
    refused("signing with an ECDH blob", 3, ["sign", "-k", "ecdh.blob", "message"], "ECDH", "convert")
    refused("agreeing with RSA", 3, ["agree", "-k", "rsa.pem", "-p", "rsa.pub.pem"], "RSA")
    refused("agreeing across families", 3, ["agree", "-k", "dh.pem", "-p", "ecdh.pub.pem", "--hex"], "ECDH", "DH")
    refused("encrypting with a curve", 3, ["encrypt", "-k", "ecdsa.pub.pem", "message"], "encrypt")
    refused("encapsulating with RSA", 3, ["encapsulate", "-k", "rsa.pub.pem", "-c", "c", "-s", "s"], "RSA")
    refused("an option of another family", 2, ["sign", "-k", "ecdsa.pem", "--padding", "pss", "message"], "--padding")
    refused("a private form of a public key", 3, ["convert", "rsa.pub.pem", "-f", "RSAPRIVATEBLOB", "-o", "-"], "public key")
    refused("another algorithm's blob", 3, ["convert", "rsa.pem", "-f", "ECCPUBLICBLOB", "-o", "-"], "ECCPUBLICBLOB")
    refused("another algorithm's name", 3, ["convert", "rsa.pem", "-a", "ECDH", "-f", "blob", "-o", "-"], "RSA")
    for name, words in {"Ed25519": ["-algorithm", "ED25519"], "X448": ["-algorithm", "X448"]}.items():
        b.write("theirs.pem", b.openssl("genpkey", *words))
        refused(f"{name}, which CNG does not have", 5, ["inspect", "theirs.pem"], name)
    b.write("theirs.pem", b.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:sect283k1"))
    refused("a binary curve", 3, ["inspect", "theirs.pem"], "1.3.132.0.16")
    b.write("theirs.pem", b.openssl("pkey", "-in", "rsa.pem", "-aes128", "-passout", "pass:x"))
    refused("a key under a passphrase", 3, ["inspect", "theirs.pem"], "passphrase", "openssl pkey")
    b.write("theirs.pem", b.openssl("rsa", "-in", "rsa.pem", "-aes128", "-passout", "pass:x", "-traditional"))
    refused("a key under a passphrase, the older way", 3, ["inspect", "theirs.pem"], "passphrase", "openssl pkey")
    b.write("cert.pem", b.openssl("req", "-x509", "-key", "rsa.pem", "-subj", "/CN=x", "-days", "1"))
    refused("a certificate", 3, ["inspect", "cert.pem"], "certificate", "openssl x509")
    b.write("compressed.pem", b.openssl("ec", "-in", "ecdsa.pem", "-pubout", "-conv_form", "compressed"))
    refused("a compressed point", 3, ["inspect", "compressed.pem"], "compressed")
    if not b.has("ML-KEM"):
        refused("an algorithm that libcrypto lacks", 5, ["generate", "-a", "ML-KEM", "-o", "k"], "ML-KEM", "3.5")

# --- damaged keys -----------------------------------------------------------------------------------------------------

with b.part("damage"):
    b.must("convert", "rsa.pem", "-f", "RSAFULLPRIVATEBLOB", "-o", "rsa.blob")
    b.must("convert", "rsa.pem", "-f", "der", "-o", "rsa.der")
    b.must("convert", "ecdsa.pem", "-f", "ECCFULLPRIVATEBLOB", "-o", "full.blob")
    b.must("convert", "ecdsa.pem", "-f", "blob", "-o", "ecdsa.blob")
    for name in ("rsa.blob", "rsa.der", "full.blob", "ecdsa.blob", "rsa.pem"):
        whole = b.read(name)
        wrong = []
        for n in sorted({*range(1, 60), *range(60, len(whole) - 1, 37), len(whole) - 2}):  # PEM can do without its last byte
            b.write("damaged", whole[:n])
            done = b.cng("convert", "damaged", "-f", "pem", "-o", "-")
            if done.returncode != 3 or done.stderr.count(b"\n") != 1 or done.stdout:
                wrong.append((n, done.returncode, done.stderr))
        b.equal(wrong, [], f"{name} cut at any length")
        wrong = []
        for at in range(0, len(whole), 7 if len(whole) < 400 else 23):
            for change in (0x01, 0x80):
                b.write("damaged", whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1:])
                done = b.cng("convert", "damaged", "-f", "RSAPUBLICBLOB" if "rsa" in name else "pem", "--force", "-o", "out")
                if done.returncode not in (0, 3, 5) or done.stderr.count(b"\n") != (done.returncode != 0):
                    wrong.append((at, change, done.returncode, done.stderr))
        b.equal(wrong, [], f"{name} with changed bits")
    b.write("damaged", b.read("rsa.blob") + b"\0")
    refused("a blob with a byte too many", 3, ["convert", "damaged", "-f", "pem", "-o", "-"], "RSAFULLPRIVATEBLOB", "sizes")
    b.write("damaged", b.read("rsa.blob")[:-1])
    done = b.cng("inspect", "--json", "damaged")
    report = json.loads(done.stdout)
    b.equal((done.returncode, report["format"], report["valid"]), (3, "RSAFULLPRIVATEBLOB", False), "inspect names a damaged blob")
    blob = bytearray(b.read("ecdsa.blob"))
    blob[-1] ^= 1
    b.write("damaged", blob)
    refused("a private number that does not fit its point", 3, ["sign", "-k", "damaged", "message"], "STATUS_INVALID_PARAMETER")
    if b.has("ML-KEM"):
        b.generate("ML-KEM", name="kem")
        der = bytearray(b.must("convert", "kem.pem", "-f", "der", "-o", "-"))
        der[-2000] ^= 1
        b.write("damaged", der)
        refused("a seed and an expanded key of two keys", 3, ["convert", "damaged", "-f", "blob", "-o", "-"], "two different keys")

# --- interruption and terminals ---------------------------------------------------------------------------------------

with b.part("interruption"):
    os.mkdir("slow")
    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen([b.program, "generate", "-a", "RSA", "-b", "16384", "-o", "slow/key.pem"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.5)
        process.send_signal(number)
        process.communicate(timeout=60)
        b.equal((process.returncode, os.listdir("slow")), (-number, []), f"{number.name} while generating leaves no file")


def on_terminal(*words):
    """Runs cng with standard output and error on a terminal; returns its exit status and what appeared."""
    master, slave = pty.openpty()
    process = subprocess.Popen([b.program, *words], stdin=subprocess.DEVNULL, stdout=slave, stderr=slave)
    os.close(slave)
    seen = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
        if len(words) > 1 and words[0] == "generate" and b"generating" in seen and process.poll() is None and "16384" in words:
            process.send_signal(signal.SIGINT)
    os.close(master)
    return process.wait(timeout=60), seen


if not b.has_terminals():
    b.skip("terminal", "this system has no pseudo-terminals")
else:
    with b.part("terminal"):
        status, seen = on_terminal("generate", "-a", "RSA", "-b", "16384", "-o", "slow/key.pem")
        b.check(b"generating RSA 16384" in seen and b" s" in seen, "a long generation shows that it is alive", seen)
        status, seen = on_terminal("sign", "-k", "rsa.pem", "message")
        b.check(status == 2 and b"terminal" in seen, "binary does not go to a terminal", seen)
        status, seen = on_terminal("sign", "-k", "rsa.pem", "--hex", "message")
        b.equal(status, 0, "hexadecimal does")

b.done()
