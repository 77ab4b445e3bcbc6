"""`cng store`: keys by name, what opens the store, rotation and check; and that it says what to do when it says no."""
import json
import os
import pathlib
import pty
import re
import stat
import sys

from cli_bench import Bench

# Passphrases are asked for on the controlling terminal: here is none, wherever the tests are run.
if child := os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os.setsid()

b = Bench()
refused = b.refused
home = b.folder / "store"
os.environ["OPENCNG_HOME"] = str(home)
os.environ["THE_PASSPHRASE"] = "the first passphrase"
b.write("message", b"hello, store\n")
b.write("first", b"the first passphrase\n")
b.write("second", b"the second passphrase\n")
b.write("wrong", b"another passphrase\n")
KEYS = home / "user" / "keys"
SLOTS = home / "user" / "protectors"


def names(*words):
    return sorted(key["name"] for key in b.json("store", "list", *words))


def key_file(name):
    return KEYS / b.json("store", "show", name)["unique name"]


def on_terminal(words, answers):
    """cng on a terminal of its own, where the answers are typed; (exit status, what it printed)."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(b.program, [b.program, *map(str, words)])
    text = b""
    try:
        for question, answer in answers:
            while question not in text:
                text += os.read(terminal, 1024)
            text = b""
            os.write(terminal, answer + b"\n")
        while block := os.read(terminal, 1024):
            text += block
    except OSError:
        pass
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), text


# --- keys -------------------------------------------------------------------------------------------------------------

with b.part("nothing yet"):
    b.equal(names(), [], "an empty store lists nothing")
    b.equal(home.exists(), False, "looking makes no folder")
    refused("no such key", 3, ["store", "show", "absent"], "NTE_BAD_KEYSET", "no such key")
    refused("no such key to sign with", 3, ["store", "sign", "absent", "message"], "NTE_BAD_KEYSET")

KINDS = {
    "rsa": (["--algorithm", "RSA", "--bits", "2048"], ["--padding", "pss"]),
    "ecdsa": (["--algorithm", "ECDSA", "--curve", "nistP384"], []),
    "brainpool": (["--algorithm", "ECDSA", "--curve", "brainpoolP256r1"], []),
    "p256": (["--algorithm", "ECDSA_P256"], []),
    "dsa": (["--algorithm", "DSA", "--bits", "1024"], []),
}
if b.has("ML-DSA"):
    KINDS["mldsa"] = (["--algorithm", "ML-DSA"], [])

with b.part("making and using"):
    for name, (words, scheme) in KINDS.items():
        b.must("store", "create", name, *words)
        b.must("store", "sign", name, *scheme, "--out", f"{name}.sig", "message")
        b.must("store", "export", name, "--out", f"{name}.public")
        curve = ["--curve", words[3]] if name == "brainpool" else []
        b.must("verify", "--key", f"{name}.public", *curve, *scheme, "--signature", f"{name}.sig", "message")
        b.check(True, f"{name}: made in one process, signs in another, verified by the exported key")
        refused(f"{name}: not exportable", 1, ["store", "export", name, "--private", "--out", "x"], name, "policy")
    b.must("store", "sign", "ecdsa", "--signature-format", "der", "--out", "der.sig", "message")
    b.must("convert", "ecdsa.public", "--format", "pem", "--out", "ecdsa.pem")
    b.equal(b.openssl("dgst", "-sha384", "-verify", "ecdsa.pem", "-signature", "der.sig", "message"), b"Verified OK\n",
            "a signature as OpenSSL wants it")
    b.equal(names(), sorted(KINDS), "all are listed")
    b.equal(os.path.exists("x"), False, "no refused export left a file")
    shown = b.json("store", "show", "RSA")
    b.equal((shown["name"], shown["bits"], shown["exportable"]), ("rsa", 2048, False), "show; names ignore ASCII case")
    refused("a name that is taken", 3, ["store", "create", "Rsa", "-a", "RSA"], "NTE_EXISTS")
    before = b.json("store", "export", "p256")["blob"]
    b.must("store", "create", "p256", "--algorithm", "ECDSA_P256", "--force")
    b.check(b.json("store", "export", "p256")["blob"] != before, "--force replaces")
    b.must("encrypt", "--key", "rsa.public", "--out", "encrypted", "message")
    b.equal(b.must("store", "decrypt", "rsa", "encrypted"), b"hello, store\n", "decrypt")
    b.write("encrypted", bytes(256))
    refused("what was not encrypted for it", 1, ["store", "decrypt", "rsa", "encrypted"], "encrypted")

with b.part("a name is one key, whatever its spec"):
    refused("a name that is taken", 3, ["store", "create", "rsa", "-a", "RSA", "-b", "1024", "--spec", "1"], "NTE_EXISTS")
    b.must("store", "create", "exchange", "-a", "RSA", "-b", "1024", "--spec", "1")
    lines = b.must("store", "list").decode().splitlines()
    b.equal([re.sub(" +", " ", line) for line in lines if re.search(r" exchange\b", line)], ["RSA exchange (AT_KEYEXCHANGE)"],
            "the list for people tells the spec")
    b.equal(len(lines), len(names()), "a line for each key")
    for words in ([], ["--spec", "1"], ["--spec", "2"]):
        b.must("store", "show", "exchange", *words)
    b.must("store", "create", "exchange", "-a", "RSA", "-b", "1024", "--force")
    b.equal([key["spec"] for key in b.json("store", "list") if key["name"] == "exchange"], [0], "--force replaces one of another spec")
    b.equal(b.json("store", "delete", "exchange"), {"deleted": "exchange"}, "delete --json")
    refused("deleted", 3, ["store", "show", "exchange", "--spec", "1"], "NTE_BAD_KEYSET")

with b.part("names"):
    for name in ["../../escape", "a/b", "schlüssel", "🔑", "with blank"]:
        b.must("store", "create", name, "-a", "ECDSA")
        b.check(name in names(), f"{name!r} is a name like others")
        b.must("store", "delete", name)
    made = b.json("store", "create", "reported", "-a", "ECDSA")
    b.equal((made["name"], made["algorithm"]), ("reported", "ECDSA"), "create --json")
    text = b.must("store", "show", "reported").decode()
    b.check(re.search(r"^algorithm +ECDSA$", text, re.M) and re.search(r"^exportable +no$", text, re.M), "show, for people", text)
    b.must("store", "delete", "reported")
    refused("an empty name", 3, ["store", "create", "", "-a", "ECDSA"], "NTE_INVALID_PARAMETER")
    refused("a long name", 3, ["store", "create", "x" * 600, "-a", "ECDSA"], "NTE_INVALID_PARAMETER")
    b.equal(sorted(p.name for p in home.iterdir()), ["user"], "nothing outside the store's folders")

with b.part("import and export"):
    for algorithm, words in {"RSA": ["-b", "1024"], "ECDSA": [], "ECDH": [], "DSA": ["-b", "1024"], "DH": ["-b", "1024"]}.items():
        b.generate(algorithm, *words, name=f"file-{algorithm}")
        b.must("store", "import", f"in-{algorithm}", f"file-{algorithm}.pem", "-a", algorithm, "--exportable-plain")
        b.must("store", "export", f"in-{algorithm}", "--private", "--out", f"back-{algorithm}")
        b.equal(stat.S_IMODE(os.stat(f"back-{algorithm}").st_mode), 0o600, f"{algorithm}: the exported key is for its owner")
        b.must("convert", f"back-{algorithm}", "-a", algorithm, "-f", "der", "-o", f"back-{algorithm}.der")
        b.must("convert", f"file-{algorithm}.pem", "-a", algorithm, "-f", "der", "-o", f"file-{algorithm}.der")
        b.equal(pathlib.Path(f"back-{algorithm}.der").read_bytes(), pathlib.Path(f"file-{algorithm}.der").read_bytes(),
                f"{algorithm}: comes back as it went in")
    refused("a public key", 3, ["store", "import", "public", "rsa.public"], "private")
    refused("a private key to the terminal", 2, ["store", "export", "in-RSA", "--private"], "--out")
    refused("no key file", 3, ["store", "import", "junk", "message"], "message")

# --- what opens the store ---------------------------------------------------------------------------------------------

with b.part("protectors"):
    b.equal([(slot["name"], slot["type"]) for slot in b.json("store", "slots")], [("default", "file")], "the first slot")
    b.check(re.search(r"^default +file +", b.must("store", "slots").decode(), re.M), "for people, too")
    refused("the last slot", 1, ["store", "unprotect", "default"], "NTE_PERM", "Add another slot first")
    protect = ["store", "protect", "--type", "passphrase", "--cost", "10"]
    b.equal(b.json(*protect, "--name", "mine", "--new-passphrase-file", "first"), {"name": "mine", "type": "passphrase"}, "protect --json")
    refused("a name that is taken", 3, [*protect, "--name", "mine", "--new-passphrase-file", "first"], "NTE_EXISTS")
    refused("no such type", 2, ["store", "protect", "--name", "x", "--type", "tpm"], "tpm")
    refused("no name", 2, ["store", "protect", "--type", "file"], "--name")
    refused("no name for files", 3, ["store", "protect", "--type", "file", "--name", "a/b"], "NTE_INVALID_PARAMETER")
    refused("no such credential", 3, ["store", "protect", "--type", "credential", "--name", "c"], "LoadCredentialEncrypted")
    b.must("store", "unprotect", "default")
    sign = ["store", "sign", "ecdsa", "message", "--out", "new.sig", "--force"]
    refused("locked", 2, sign, "NTE_SILENT_CONTEXT", "--passphrase-file")
    refused("locked for making", 2, ["store", "create", "new", "-a", "ECDSA"], "--passphrase-file")
    refused("the wrong passphrase", 1, [*sign, "--passphrase-file", "wrong"], "NTE_INCORRECT_PASSWORD")
    b.must(*sign, "--passphrase-file", "first")
    b.must(*sign, "--passphrase-env", "THE_PASSPHRASE")
    b.must("verify", "--key", "ecdsa.public", "--signature", "new.sig", "message")
    b.must("store", "create", "new", "-a", "ECDSA", "--passphrase-file", "first")
    b.must("store", "show", "new")
    b.must("store", "export", "new", "--out", "new.public")
    b.check(True, "the right passphrase signs and makes; public parts need none")
    b.must("store", "change", "--name", "mine", "--type", "passphrase", "--cost", "10", "--new-passphrase-file", "second",
           "--passphrase-file", "first")
    refused("the old passphrase", 1, [*sign, "--passphrase-file", "first"], "NTE_INCORRECT_PASSWORD")
    b.must(*sign, "--passphrase-file", "second")
    credentials = b.folder / "credentials"
    credentials.mkdir()
    (credentials / "kek").write_bytes(os.urandom(32))
    os.environ["CREDENTIALS_DIRECTORY"] = str(credentials)
    b.must("store", "protect", "--type", "credential", "--name", "service", "--credential", "kek", "--passphrase-file", "second")
    b.must(*sign)
    del os.environ["CREDENTIALS_DIRECTORY"]
    b.check(True, "a credential of systemd opens it")
    b.equal(b.json("store", "unprotect", "service"), {"removed": "service"}, "unprotect --json")
    refused("a slot that is gone", 3, ["store", "unprotect", "service"], "no such slot")
    slot = next(SLOTS.glob("*.slot"))
    good = slot.read_bytes()
    slot.write_bytes(good[:10])
    b.check(any(entry["damaged"] for entry in b.json("store", "slots")), "a damaged slot is named as such")
    b.check(re.search(r"^\S+ +damaged", b.must("store", "slots").decode(), re.M), "for people, too")
    slot.write_bytes(good)

with b.part("a terminal"):
    if b.has_terminals():
        status, text = on_terminal(sign, [(b"passphrase of the key store", b"the second passphrase")])
        b.equal(status, 0, "asks for the passphrase")
        b.check(b"second" not in text, "does not show it")
        status, _ = on_terminal(sign, [(b"passphrase of the key store", b"another passphrase")])
        b.equal(status, 1, "asks once")
    else:
        b.skip("asks for the passphrase", "no terminals here")

# --- rotation, check --------------------------------------------------------------------------------------------------

with b.part("rotation"):
    old = {p.name: p.read_bytes() for p in KEYS.iterdir()}
    refused("rotation needs the passphrase", 2, ["store", "rotate"], "passphrase")
    refused("the right one", 1, ["store", "rotate", "--passphrase-file", "wrong"], "NTE_INCORRECT_PASSWORD")
    b.equal(b.json("store", "rotate", "--passphrase-file", "second")["keys"], len(old) - 1, "all keys are sealed anew")
    b.equal([name for name, text in old.items() if name.endswith(".key") and (KEYS / name).read_bytes() == text], [],
            "every file has changed")
    b.must(*sign, "--passphrase-file", "second")
    b.must("verify", "--key", "ecdsa.public", "--signature", "new.sig", "message")
    kept = key_file("p256")
    now = kept.read_bytes()
    kept.write_bytes(old[kept.name])
    refused("a file from before", 3, ["store", "sign", "p256", "message", "--passphrase-file", "second"], kept.name, "KEK")
    kept.write_bytes(now)

with b.part("check"):
    report = b.json("store", "check", "--passphrase-file", "second")
    b.equal((report["damaged"], report["verified"], report["findings"]), (0, True, []), "all is well")
    b.equal(b.json("store", "check")["verified"], False, "without the passphrase only what is public is checked")
    (KEYS / ".tmp-0123456789abcdef").write_bytes(b"left behind")
    report = b.json("store", "check", "--passphrase-file", "second")
    b.equal((report["leftovers removed"], (KEYS / ".tmp-0123456789abcdef").exists()), (1, False), "a leftover is removed")
    victim = key_file("p256")
    good = victim.read_bytes()
    victim.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    done = b.cng("store", "check", "--passphrase-file", "second", "--json")
    b.equal(done.returncode, 1, "damage gives status 1")
    text = b.cng("store", "check", "--passphrase-file", "second").stdout.decode()
    b.check(f"{victim}: " in text and "(NTE_BAD_DATA)" in text, "for people, too", text)
    finding = json.loads(done.stdout)["findings"][0]
    b.equal((finding["path"], finding["status"]), (str(victim), "NTE_BAD_DATA"), "and says where")
    refused("the damaged key", 3, ["store", "sign", "p256", "message", "--passphrase-file", "second"], victim.name,
            "NTE_BAD_DATA", "copy")
    b.must(*sign, "--passphrase-file", "second")
    victim.write_bytes(good[: len(good) // 2])
    refused("a key that was cut", 3, ["store", "show", "p256"], victim.name, "NTE_BAD_DATA")
    b.must("store", "delete", "--unique-name", victim.name)
    b.equal(b.json("store", "check", "--passphrase-file", "second")["damaged"], 0, "deleted by its unique name")

with b.part("folders that are not safe"):
    os.chmod(KEYS, 0o777)
    refused("others may write", 1, ["store", "list"], str(KEYS), "chmod go-w")
    os.chmod(KEYS, 0o700)
    SLOTS.rename(home / "elsewhere")
    SLOTS.symlink_to(home / "elsewhere")
    refused("a symbolic link", 1, [*sign, "--passphrase-file", "second"], "protectors")
    SLOTS.unlink()
    (home / "elsewhere").rename(SLOTS)
    b.must(*sign, "--passphrase-file", "second")
    os.environ["OPENCNG_HOME"] = "relative"
    refused("a relative folder", 3, ["store", "list"], "OPENCNG_HOME")
    os.environ["OPENCNG_HOME"] = str(home)

with b.part("usage"):
    refused("no command", 2, ["store"], "help store")
    refused("an unknown command", 2, ["store", "frobnicate"], "frobnicate")
    for command in b.must("store", "help").decode().split("\n"):
        if command.strip():
            name = command.split()[0]
            text = b.must("store", "help", name).decode()
            b.check("Examples" in text and "--json" in text, f"store help {name}")
    b.check(all(f"  {line.split()[0]} " in b.must("help", "store").decode() for line in
                b.must("store", "help").decode().splitlines()), "help store names every command")

b.done()
