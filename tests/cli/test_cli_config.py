"""`cng providers` and `cng config`: registering after trying, the order, contexts, and files that are ignored."""
import os
import pathlib
import re

from cli_bench import Bench

b = Bench()
refused = b.refused
home = b.folder / "home"
os.environ["OPENCNG_HOME"] = str(home)
BUILT_IN = "Microsoft Primitive Provider"
KEY_STORE = "Microsoft Software Key Storage Provider"
images = pathlib.Path(os.environ["OPENCNG_BUILD_ROOT"], "tests", "cli").resolve()


def image(kind):
    return str(images / f"probe_{kind}.so")


def names():
    return [provider["name"] for provider in b.json("providers", "list")]


def order(*words):
    return b.json("providers", "order", *words)


def run(*words):
    done = b.cng(*words)
    return done.returncode, done.stdout, done.stderr


def is_safe(path):
    """Whether the libraries load what lies there."""
    stats = [part.stat() for part in [path, *path.parents]]
    return all(s.st_uid in (0, os.geteuid()) and not s.st_mode & 0o022 for s in stats)


with b.part("nothing yet"):
    b.equal(names(), [BUILT_IN, KEY_STORE], "only the built-in providers are registered")
    b.equal([c["name"] for c in b.json("config", "list")], ["Default", "SSL"], "the contexts that are always there")
    b.equal(order("hash", "SHA256"), [BUILT_IN], "it is asked")
    b.equal(order("key-storage", "KEY_STORAGE"), [KEY_STORE], "the key store for keys")
    b.equal(home.exists(), False, "looking makes no folder")
    shown = b.json("providers", "show", BUILT_IN)
    b.check("SHA256" in shown["interfaces"]["hash"] and "AES" in shown["interfaces"]["cipher"], "it has its algorithms")
    b.check("SHA256" in b.must("providers", "show", BUILT_IN).decode(), "and shows them to people")
    refused("no such provider", 3, ["providers", "show", "Nobody"], "STATUS_NOT_FOUND")
    refused("nobody has it", 3, ["providers", "order", "hash", "NONE"], "STATUS_NOT_FOUND")

with b.part("registering"):
    example = ["--interface", "hash", "--function", "EXAMPLE"]
    refused("no image", 2, ["providers", "register", "X", *example], "--image")
    refused("no function", 2, ["providers", "register", "X", "--image", image("good")], "--interface")
    refused("a function without interface", 2, ["providers", "register", "X", "--image", image("good"), "--function", "F"])
    refused("an interface without function", 2, ["providers", "register", "X", "--image", image("good"), "--interface", "rng"])
    refused("no such interface", 2, ["providers", "register", "X", "--image", "x.so", "--interface", "hush", "--function", "F"], "key-storage")
    refused("no such file", 3, ["providers", "register", "X", "--image", "/no/x.so", *example], "No such file")
    refused("not in the folder of providers", 3, ["providers", "register", "X", "--image", "there-is-none.so", *example], "no such file")
    refused("a built-in provider's name", 1, ["providers", "register", BUILT_IN, "--no-probe", "--image", "x.so", *example],
            "STATUS_ACCESS_DENIED")
    b.equal(names(), [BUILT_IN, KEY_STORE], "none of these is registered")
    b.must("providers", "register", "Untried", "--no-probe", "--image", "later.so", *example, "--alias", "Later")
    b.equal(b.json("providers", "show", "later"), {"name": "later", "aliases": ["Later"], "interfaces": {"hash": ["EXAMPLE"]},
                                                   "image": "later.so"}, "--no-probe registers what is not there yet")
    refused("registered already", 3, ["providers", "register", "untried", "--no-probe", "--image", "x.so", *example], "COLLISION")
    b.must("providers", "register", "untried", "--no-probe", "--force", "--image", "x.so", *example, "--function", "SHA256",
           "--interface", "cipher", "--function", "AES", "--alias", "Later")
    b.equal(b.json("providers", "show", "Untried")["interfaces"], {"hash": ["EXAMPLE", "SHA256"], "cipher": ["AES"]},
            "--force replaces it; functions belong to the interface before them")
    b.must("providers", "register", "Keys", "--no-probe", "--image", "k.so", "--interface", "key-storage")
    b.equal(b.json("providers", "show", "Keys")["interfaces"], {"key-storage": ["KEY_STORAGE"]}, "a key store needs no function")
    b.must("providers", "unregister", "Keys")
    refused("unregister again", 3, ["providers", "unregister", "Keys"], "STATUS_NOT_FOUND")
    refused("unregister the built-in one", 1, ["providers", "unregister", BUILT_IN], "STATUS_ACCESS_DENIED")

with b.part("trying"):
    loose = b.folder / "loose.so"
    loose.write_bytes(pathlib.Path(image("good")).read_bytes())
    loose.chmod(0o777)
    refused("an image that others may change", 1, ["providers", "register", "X", "--image", loose, *example], "nobody would load")
    trials = {"crash": "it crashes", "exit": "ends the program", "null": "gives no table", "old": "version 0.0"}
    if is_safe(pathlib.Path(image("good"))):
        for kind, words in trials.items():
            refused(f"an image of the kind {kind}", 3, ["providers", "register", "X", "--image", image(kind), *example], words,
                    "not registered")
        refused("a function that it does not have", 3,
                ["providers", "register", "X", "--image", image("good"), *example, "--function", "OTHER"], "OTHER")
        refused("an interface that it does not have", 3,
                ["providers", "register", "X", "--image", image("good"), "--interface", "cipher", "--function", "AES"],
                "GetCipherInterface")
        refused("no shared object", 3, ["providers", "register", "X", "--image", pathlib.Path(__file__).resolve(), *example])
        b.must("providers", "register", "Good", "--image", image("good"), *example)
        b.equal(order("hash", "EXAMPLE"), ["Good", "untried"], "a good one is registered")
        b.must("providers", "unregister", "Good")
    else:
        b.skip("images", "others may write to the build folder, or one above it")

with b.part("order"):
    b.equal(order("hash", "SHA256"), [BUILT_IN, "untried"], "by itself the built-in one comes first")
    b.equal(order("hash", "SHA256", "Untried"), ["untried", BUILT_IN], "unless another is put there")
    b.equal(order("hash", "SHA256", BUILT_IN, "Later"), [BUILT_IN, "untried"], "in another order, by alias")
    b.equal(order("hash", "SHA256", BUILT_IN, "--exclusive"), [BUILT_IN], "exclusive")
    shown = b.json("config", "show", "Default", "hash", "SHA256")
    b.equal((shown["providers"], shown["exclusive"], shown["asked"]), ([BUILT_IN], True, [BUILT_IN]), "the entry says so")
    b.equal(order("hash", "SHA256", BUILT_IN), [BUILT_IN, "untried"], "no more")
    refused("one that is not registered", 3, ["providers", "order", "hash", "SHA256", "Nobody"], "STATUS_NOT_FOUND")
    b.check("untried" in b.must("providers", "order", "hash", "SHA256").decode().splitlines(), "for people")

with b.part("contexts"):
    b.must("config", "set", "Mine", "--exclusive")
    b.must("config", "set", "Mine", "hash", "B")
    b.must("config", "set", "Mine", "hash", "A", "--position", "top", "--property", "P", "--value", "hex:01FF")
    b.must("config", "set", "Mine", "0x00010099", "C")
    shown = b.json("config", "show", "Mine")
    b.equal((shown["exclusive"], shown["interfaces"]), (True, {"hash": ["A", "B"]}), "made, with functions in their places")
    b.must("config", "set", "Mine", "hash", "B", "--exclusive")
    b.equal(b.json("config", "show", "Mine")["interfaces"]["hash"], ["A", "B"], "setting flags moves nothing")
    b.equal(b.json("config", "show", "Mine", "hash", "B")["exclusive"], True, "and sets them")
    b.must("config", "set", "Mine", "hash", "A", "--property", "P", "--no-value")
    refused("a value without a property", 2, ["config", "set", "Mine", "hash", "A", "--value", "x"], "--property")
    refused("a property of a context", 2, ["config", "set", "Mine", "--property", "P", "--value", "x"])
    refused("two words", 2, ["config", "show", "Mine", "hash"], "FUNCTION")
    refused("a place that is none", 2, ["config", "set", "Mine", "hash", "A", "--position", "middle"])
    refused("a value and none", 2, ["config", "set", "Mine", "hash", "A", "--property", "P", "--value", "x", "--no-value"], "--no-value")
    refused("a property and neither", 2, ["config", "set", "Mine", "hash", "A", "--property", "P"], "--value")
    refused("a value of nothing", 2, ["config", "set", "Mine", "hash", "A", "--no-value"], "--property")
    refused("a place of a context", 2, ["config", "set", "Mine", "--position", "top"], "FUNCTION")
    refused("no such interface", 2, ["config", "show", "Mine", "hush", "A"], "hush", "key-storage")
    refused("interface 0", 2, ["config", "show", "Mine", "0x0", "A"], "0x0")
    refused("an interface with something behind", 2, ["config", "set", "Mine", "0x2z", "A"], "0x2z")
    b.must("config", "set", "Mine", "hash", "A", "--position", "bottom")
    b.equal(b.json("config", "show", "Mine")["interfaces"]["hash"], ["B", "A"], "--position bottom")
    b.must("config", "set", "Mine", "hash", "C", "--position", "1")
    b.equal(b.json("config", "show", "Mine")["interfaces"]["hash"], ["B", "C", "A"], "or a number")
    b.must("config", "remove", "Mine", "hash", "C")
    refused("a property that is gone", 3, ["config", "set", "Mine", "hash", "A", "--property", "P", "--no-value"], "STATUS_NOT_FOUND")
    b.must("config", "set", "Mine", "hash", "A", "--property", "P", "--value", "hex:01FF", "--exclusive")
    refused("a name that is too long", 3, ["config", "set", "x" * 61], "STATUS_INVALID_PARAMETER", "not valid")
    refused("a flag of no function", 3, ["config", "show", "Mine", "hash", "None"], "STATUS_NOT_FOUND")
    text = b.must("config", "list").decode()
    b.check("Mine  (exclusive)\n" in text and re.search(r"^  hash +B$", text, re.M), "the list for people", text)
    text = b.must("config", "show", "Mine").decode()
    b.check(text.startswith("Mine  (exclusive)\n") and re.search(r"^  hash +A$", text, re.M), "a context for people", text)
    text = b.must("config", "show", "Mine", "hash", "A").decode()
    b.check(text.startswith("A  (exclusive)\n"), "a function for people", text)
    text = b.must("config", "show", "Default", "hash", "SHA256").decode()
    b.check(re.search(r"^asked +untried$", text, re.M) and re.search(r"^provider +" + BUILT_IN + "$", text, re.M),
            "with those that are listed, and those that are asked", text)
    b.must("config", "set", "Default", "hash", "SHA256", "--property", "Speed", "--value", "hex:0102")
    text = b.must("config", "show", "Default", "hash", "SHA256").decode()
    b.check(re.search(r"^property +Speed = 0102$", text, re.M), "and its properties", text)
    b.equal(b.json("config", "show", "Default", "hash", "SHA256")["properties"], {"Speed": "0102"}, "in JSON, too")
    b.must("config", "set", "Default", "hash", "SHA256", "--property", "Speed", "--no-value")
    b.must("config", "remove", "Mine", "hash", "A")
    refused("a function that is gone", 3, ["config", "remove", "Mine", "hash", "A"], "STATUS_NOT_FOUND")
    b.must("config", "remove", "Mine")
    refused("a context that is gone", 3, ["config", "show", "Mine"], "STATUS_NOT_FOUND")
    refused("Default", 1, ["config", "remove", "Default"], "STATUS_ACCESS_DENIED")
    b.must("config", "set", "--machine", "Default", "--override")
    b.equal(b.json("config", "list", "--machine")[0]["override"], True, "the machine's table")
    b.check("Default  (override)\n" in b.must("config", "list", "--machine").decode(), "for people")
    b.must("config", "set", "--machine", "Default", "--override", "--exclusive")
    b.check(b.must("config", "show", "--machine", "Default").startswith(b"Default  (exclusive, override)\n"), "with both flags")
    b.must("config", "set", "--machine", "Default")
    b.check(b.must("config", "show", "--machine", "Default").startswith(b"Default\n"), "and with none")
    text = b.must("providers", "show", "Untried").decode()
    b.check("Later" in text and "SHA256" in text, "a provider for people, with its aliases", text)

with b.part("files"):
    files = b.json("config", "files")
    own = pathlib.Path(files["own"])
    b.equal(files["ignored"], [], "none is ignored")
    b.check(own.is_relative_to(home) and pathlib.Path(files["machine"]).is_relative_to(home), "they are where they should be")
    text = b.must("config", "files").decode()
    b.check(str(own) in text and "ignored" not in text, "for people", text)
    (own / "contexts").mkdir(exist_ok=True)
    (own / "contexts" / "damaged.conf").write_text("opencng context 1\nname Damaged\ncolour red\n")
    code, out, err = run("config", "set", "Damaged", "hash", "A")
    b.check(code == 3 and b"STATUS_DATA_ERROR" in err and b"line 3" in err, "a damaged context is not written over", (code, out, err))
    b.check("colour red" in (own / "contexts" / "damaged.conf").read_text(), "and stays as it is")
    (own / "contexts" / "damaged.conf").unlink()
    (own / "providers" / "bad.conf").write_text("opencng provider 1\nname Bad\nsize 3\n")
    code, out, err = run("config", "files")
    b.check(code == 3 and b"bad.conf" in out and b"line 3" in out, "a damaged one is named, with the line", (code, out, err))
    code, out, err = run("providers", "list")
    b.check(code == 0 and b"untried" in out and b"bad.conf" in err, "in lists, too, and loses no other", (code, out, err))
    (own / "providers" / "bad.conf").unlink()
    (own / "providers" / "untried.conf").chmod(0o666)
    code, out, err = run("providers", "show", "Untried")
    b.check(code == 3 and b"others may write" in err, "one that others may write to, too", (code, out, err))

b.done()
