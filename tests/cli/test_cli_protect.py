"""cng protect and cng unprotect: what goes through unchanged, and that nothing else does."""
import os

from cli_bench import Bench

b = Bench()
SEGMENT, TAG = 65536, 16
os.environ["OPENCNG_HOME"] = str(b.folder / "home")
os.environ["XDG_RUNTIME_DIR"] = str(b.folder / "run")


def protect(text, *words):
    return b.must("protect", *words, data=text)


with b.part("there and back"):
    for size in (0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 1_000_000):
        text = os.urandom(size)
        sealed = protect(text)
        b.check(b.must("unprotect", data=sealed) == text, f"{size} bytes")
        b.check(len(sealed) < size + 400 + TAG * (size // SEGMENT + 1), f"{size} bytes grow by a few hundred")
    text = os.urandom(100)
    b.check(protect(text) != protect(text), "the same text is never protected alike")
    for rule in ("LOCAL=user", "LOCAL=machine", "LOCAL=logon", "LOCAL=user AND LOCAL=machine OR LOCAL=logon"):
        b.equal(b.must("unprotect", data=protect(text, "--to", rule)), text, rule)
    b.write("text", text)
    b.must("protect", "--out", "sealed", "text")
    b.must("unprotect", "--out", "opened", "sealed")
    b.equal((b.folder / "opened").read_bytes(), text, "files")
    b.check(os.stat("opened").st_mode & 0o777 == 0o600, "what was opened has mode 0600")

with b.part("refusals"):
    b.check(b.cng("protect", "--to", "LOCAL", data=b"x").returncode == 2, "a malformed rule")
    b.check(b.cng("protect", "--to", "COLOUR=green", data=b"x").returncode == 2, "an unknown protector")
    b.check(b.cng("protect", "--to", "LOCAL=\u00e4", data=b"x").returncode == 2, "a rule that is not ASCII")
    b.check(b.cng("protect", "--to", "SID=S-1-1-0", data=b"x").returncode == 5, "a protector that is not here")
    b.check(b.cng("protect", "missing").returncode == 3, "a file that is missing")
    b.check(b.cng("protect", "--out", "sealed", "text").returncode != 0, "a file that is there already")
    b.check(b.cng("unprotect", data=b"something else").returncode == 3, "what is not protected")
    sealed = protect(os.urandom(SEGMENT + 10))
    for name, changed in (("changed", sealed[:-1] + bytes([sealed[-1] ^ 1])), ("with another header", sealed[:100] + b"\xff" + sealed[101:])):
        b.write("changed", changed)
        done = b.cng("unprotect", "--out", "never", "changed")
        b.check(done.returncode in (1, 3) and not os.path.exists("never"), f"{name}: no output", done.stderr)
    b.write("cut", sealed[:-26])
    done = b.cng("unprotect", "--out", "never", "cut")
    b.check(done.returncode in (1, 3) and not os.path.exists("never"), "cut after a segment: no output", done.stderr)
    os.environ["OPENCNG_HOME"] = str(b.folder / "elsewhere")
    b.check(b.cng("unprotect", data=sealed).returncode == 1, "another user's")

b.done()
