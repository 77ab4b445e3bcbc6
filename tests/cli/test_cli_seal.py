"""cng seal and cng open: what goes through unchanged, and that nothing else does."""
import os
import pty
import signal
import stat
import subprocess
import termios
import time

from cli_bench import Bench

b = Bench()
refused = b.refused
HEADER, CHUNK, TAG = 64, 65536, 16
SEALED = CHUNK + TAG
b.write("key", os.urandom(32))
b.write("other.key", os.urandom(32))
b.write("passphrase", b"correct horse\n")
b.write("wrong", b"correct hearse\n")
os.environ["CNG_TEST_PASSPHRASE"] = "correct horse"
QUICK = ["--passphrase-file", "passphrase", "--iterations", "1000"]


def seal(text, *words):
    return b.must("seal", *(words or ["--key-file", "key"]), "-", data=text)


def opened(sealed, *words):
    return b.must("open", *(words or ["--key-file", "key"]), "-", data=sealed)


def files():
    return sorted(os.listdir("."))


# --- there and back ---------------------------------------------------------------------------------------------------

with b.part("there and back"):
    for size in (0, 1, 15, 16, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 1_000_000):
        text = os.urandom(size)
        for cipher in ("AES-256-GCM", "ChaCha20-Poly1305"):
            sealed = seal(text, "--key-file", "key", "--algorithm", cipher)
            b.check(opened(sealed) == text, f"{cipher}, {size} bytes")
    text = os.urandom(100)
    b.check(seal(text) != seal(text), "the same text is never sealed alike")
    b.check(text not in seal(text), "the text is not in the sealed file")
    sealed = seal(text, *QUICK)
    b.equal(opened(sealed, "--passphrase-file", "passphrase"), text, "a passphrase in a file")
    b.equal(opened(sealed, "--passphrase-env", "CNG_TEST_PASSPHRASE"), text, "a passphrase in the environment")
    b.write("sealed", sealed)
    b.equal(b.must("open", "--passphrase-file", "-", "sealed", data=b"correct horse"), text, "a passphrase on standard input")
    b.equal(opened(seal(text, "-a", "aes256gcm", "-k", "key")), text, "short options")

with b.part("files"):
    text = os.urandom(100_000)
    b.write("text", text)
    b.must("seal", "--key-file", "key", "--out", "text.sealed", "text")
    b.must("open", "--key-file", "key", "--output", "text.back", "text.sealed")
    b.check(b.read("text.back") == text, "into files")
    b.equal(stat.S_IMODE(os.stat("text.back").st_mode), 0o600, "what was opened has mode 0600")
    report = b.json("seal", "--key-file", "key", "--force", "--out", "text.sealed", "text")
    b.equal(report, {"algorithm": "AES-256-GCM", "bytes": 100_000, "file": "text.sealed"}, "seal --json")
    b.equal(b.json("open", "--key-file", "key", "--force", "--out", "text.back", "text.sealed"), report | {"file": "text.back"}, "open --json")
    report = b.json("seal", "--passphrase-file", "passphrase", "--force", "--out", "text.sealed", "text")
    b.equal(report["iterations"], 210000, "210000 iterations by default")
    b.equal(b.json("open", "--passphrase-file", "passphrase", "--force", "--out", "text.back", "text.sealed")["iterations"], 210000, "which open tells")
    b.must("seal", "--key-file", "key", "--force", "--out", "text.back", "text.back")
    b.must("open", "--key-file", "key", "--force", "--out", "text.back", "text.back")
    b.check(b.read("text.back") == text, "a file in its own place")
    refused("seal over an existing file", 4, ["seal", "--key-file", "key", "--out", "text", "text"], "--force")
    refused("open over an existing file", 4, ["open", "--key-file", "key", "--out", "text", "text.sealed"], "--force")
    b.check(b.read("text") == text, "it is as it was")
    pipe = subprocess.run(f"{b.program} seal --key-file key < text | {b.program} open --key-file key", shell=True, capture_output=True)
    b.check(pipe.stdout == text, "through a pipe")
    with open("text", "rb") as source, open("text.back", "wb") as target:
        subprocess.run([b.program, "seal", "--key-file", "key", "/dev/stdin"], stdin=source, stdout=target, check=True)
    b.check(opened(b.read("text.back")) == text, "a device by its name")

# --- damage -----------------------------------------------------------------------------------------------------------

TEXT = os.urandom(2 * CHUNK + 1000)
WHOLE = seal(TEXT)
SECOND, THIRD = HEADER + SEALED, HEADER + 2 * SEALED


def damaged(name, status, sealed, *needles, words=("--key-file", "key")):
    """Refused, and no output file is there, not even where one was before."""
    b.write("damaged", sealed)
    before = files()
    refused(name, status, ["open", *words, "--out", "out", "damaged"], "damaged", *needles)
    b.write("kept", b"as it was")
    done = b.cng("open", *words, "--force", "--out", "kept", "damaged")
    b.equal((files(), b.read("kept"), done.returncode), (sorted({*before, "kept"}), b"as it was", status), f"{name}: leaves nothing behind")


def flipped(at, change=1):
    return WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1:]


def at_offset(offset):
    return f"offset {offset} "


with b.part("flipped bits"):
    for name, at, status, needle in (
            ("magic", 0, 3, "no sealed file"), ("magic", 7, 3, "no sealed file"), ("version", 8, 3, "version 0"),
            ("cipher", 9, 3, "header"), ("key", 10, 3, "header"), ("chunk", 11, 3, "header"), ("iterations", 12, 3, "header"),
            ("iterations", 15, 3, "header"), ("salt", 16, 1, "header"), ("salt", 31, 1, "header"), ("check", 32, 1, "header"),
            ("check", 63, 1, "header"),
            ("first chunk", HEADER, 1, at_offset(HEADER)), ("first chunk's end", HEADER + CHUNK - 1, 1, at_offset(HEADER)),
            ("first tag", HEADER + CHUNK, 1, at_offset(HEADER)), ("first tag's end", SECOND - 1, 1, at_offset(HEADER)),
            ("second chunk", SECOND, 1, at_offset(SECOND)), ("second tag", THIRD - 1, 1, at_offset(SECOND)),
            ("last chunk", THIRD, 1, at_offset(THIRD)), ("last tag", len(WHOLE) - TAG, 1, at_offset(THIRD)),
            ("last byte", len(WHOLE) - 1, 1, at_offset(THIRD))):
        damaged(f"{name}, byte {at}", status, flipped(at), needle)
    damaged("another cipher", 1, flipped(9, 3), "header")
    damaged("a passphrase instead of a key", 3, flipped(10, 3), "header")
    wrong = []
    for at in [*range(HEADER), *range(HEADER, len(WHOLE), 9973)]:
        b.write("damaged", flipped(at, 0x80))
        done = b.cng("open", "--key-file", "key", "--out", "out", "damaged")
        if done.returncode not in (1, 3) or done.stderr.count(b"\n") != 1 or os.path.exists("out"):
            wrong.append((at, done))
    b.equal(wrong, [], "bits all over the file")

with b.part("cut"):
    wrong = []
    for n in (0, 1, 7, 8, 63):
        b.write("damaged", WHOLE[:n])
        if b.cng("open", "--key-file", "key", "--out", "out", "damaged").returncode != 3 or os.path.exists("out"):
            wrong.append(n)
    b.equal(wrong, [], "inside the header")
    damaged("behind the header", 1, WHOLE[:HEADER], at_offset(HEADER))
    damaged("inside the first chunk", 1, WHOLE[:HEADER + 1000], at_offset(HEADER))
    damaged("to less than a tag", 1, WHOLE[:HEADER + 5], at_offset(HEADER))
    damaged("inside the first tag", 1, WHOLE[:SECOND - 3], at_offset(HEADER))
    damaged("behind the first chunk", 1, WHOLE[:SECOND], f"cut at offset {SECOND}")
    damaged("behind the second chunk", 1, WHOLE[:THIRD], f"cut at offset {THIRD}")
    damaged("to less than a tag behind the second chunk", 1, WHOLE[:THIRD + 5], at_offset(THIRD))
    damaged("by one byte", 1, WHOLE[:-1], at_offset(THIRD))
    damaged("empty text, by its tag", 1, seal(b"")[:-1], at_offset(HEADER))

with b.part("moved and added"):
    chunks = [WHOLE[HEADER:SECOND], WHOLE[SECOND:THIRD], WHOLE[THIRD:]]
    start = WHOLE[:HEADER]
    damaged("chunks exchanged", 1, start + chunks[1] + chunks[0] + chunks[2], at_offset(HEADER))
    damaged("a chunk left out", 1, start + chunks[0] + chunks[2], at_offset(SECOND))
    damaged("the first chunk left out", 1, start + chunks[1] + chunks[2], at_offset(HEADER))
    damaged("a chunk repeated", 1, start + chunks[0] + chunks[0] + chunks[2], at_offset(SECOND))
    damaged("a byte added", 1, WHOLE + b"\0", at_offset(THIRD))
    full = seal(TEXT[:CHUNK])
    damaged("a byte added behind a full chunk", 1, full + b"\0", f"added to the file at offset {SECOND}")
    damaged("another sealed file added", 1, full + WHOLE, f"added to the file at offset {SECOND}")
    damaged("a chunk added", 1, full + chunks[0], f"added to the file at offset {SECOND}")
    second = seal(TEXT)
    damaged("a chunk of another file", 1, start + chunks[0] + second[SECOND:THIRD] + chunks[2], at_offset(SECOND))
    damaged("the header of another file", 1, second[:HEADER] + WHOLE[HEADER:], at_offset(HEADER))
    damaged("something else in front", 3, b"\n" + WHOLE, "no sealed file")

with b.part("released text"):
    done = b.cng("open", "--key-file", "key", "-", data=flipped(SECOND + 7))
    b.equal((done.returncode, done.stdout == TEXT[:CHUNK]), (1, True), "on standard output, the right chunks in front of the damage and no more")
    done = b.cng("open", "--key-file", "key", "-", data=flipped(HEADER))
    b.equal((done.returncode, done.stdout), (1, b""), "nothing of a damaged first chunk")

# --- keys -------------------------------------------------------------------------------------------------------------

with b.part("keys"):
    b.write("sealed", WHOLE)
    b.write("locked", seal(TEXT, *QUICK))
    damaged("another key", 1, WHOLE, "key", words=("--key-file", "other.key"))
    damaged("another passphrase", 1, b.read("locked"), "passphrase is wrong", words=("--passphrase-file", "wrong"))
    refused("a passphrase for a key", 2, ["open", "--passphrase-file", "passphrase", "sealed"], "key file", "--key-file")
    refused("a key for a passphrase", 2, ["open", "--key-file", "key", "locked"], "passphrase")
    refused("both, to seal", 2, ["seal", "--key-file", "key", *QUICK[:2], "text"], "not both")
    refused("both, to open", 2, ["open", "--key-file", "key", "--passphrase-file", "passphrase", "sealed"], "not both")
    for size in (0, 16, 31, 33):
        b.write("short.key", bytes(size))
        refused(f"a key of {size} bytes", 3, ["seal", "--key-file", "short.key", "text"], "32 bytes", str(size), "cng random 32")
    refused("a missing key", 3, ["seal", "--key-file", "nowhere", "text"], "nowhere", "No such file")
    refused("a missing variable", 3, ["seal", "--passphrase-env", "CNG_TEST_NOWHERE", "text"], "CNG_TEST_NOWHERE")
    b.write("nothing", b"\n")
    refused("an empty passphrase", 3, ["seal", "--passphrase-file", "nothing", "text"], "empty passphrase")
    b.write("long", bytes(2049))
    refused("a passphrase that is too long", 3, ["seal", "--passphrase-file", "long", "text"], "2048")
    refused("passphrase and text on standard input", 2, ["seal", "--passphrase-file", "-"], "standard input", data=b"x")
    refused("key and text on standard input", 2, ["seal", "--key-file", "-"], "standard input", data=b"x")
    refused("iterations of a key", 2, ["seal", "--key-file", "key", "--iterations", "5000", "text"], "--iterations")
    refused("too few iterations", 2, ["seal", "--passphrase-file", "passphrase", "--iterations", "999", "text"], "1000")

    def with_iterations(count):
        locked = b.read("locked")
        return locked[:12] + count.to_bytes(4, "big") + locked[16:]

    words = ["--passphrase-file", "passphrase"]
    start = time.monotonic()
    damaged("4 milliards of iterations", 3, with_iterations(2**32 - 1), "4294967295", "--max-iterations", words=words)
    damaged("10000001 iterations", 3, with_iterations(10_000_001), "10000001", words=words)
    b.check(time.monotonic() - start < 10, "which costs no time")
    damaged("no iterations", 3, with_iterations(0), "header", words=words)
    damaged("iterations that were changed", 1, with_iterations(1001), "header", words=words)
    damaged("--max-iterations", 3, with_iterations(1001), "1001", words=[*words, "--max-iterations", "1000"])
    b.check(opened(b.read("locked"), *words, "--max-iterations", "1000") == TEXT, "--max-iterations, just enough")

# --- usage and files --------------------------------------------------------------------------------------------------

with b.part("refusals"):
    key = ["--key-file", "key"]
    refused("an unknown algorithm", 2, ["seal", *key, "-a", "ROT13", "text"], "ROT13", "ChaCha20-Poly1305")
    refused("--json without a file", 2, ["seal", *key, "--json", "text"], "--out")
    refused("open --json without a file", 2, ["open", *key, "--json", "sealed"], "--out")
    refused("two files", 2, ["seal", *key, "text", "key"], "key")
    refused("a missing file", 3, ["seal", *key, "nowhere"], "nowhere", "No such file")
    refused("a missing sealed file", 3, ["open", *key, "nowhere"], "nowhere", "No such file")
    os.mkdir("folder")
    refused("a folder", 3, ["seal", *key, "--out", "out", "folder"], "folder", "directory")
    refused("a sealed folder", 3, ["open", *key, "folder"], "folder", "directory")
    refused("into a folder", 4, ["seal", *key, "--out", "folder", "text"], "folder")
    refused("into a missing folder", 4, ["seal", *key, "--out", "nowhere/out", "text"], "nowhere/out")
    refused("a text that is not sealed", 3, ["open", *key, "text"], "no sealed file", "cng seal")
    refused("an empty file", 3, ["open", *key, "-"], "no sealed file")
    b.equal(os.path.exists("out"), False, "none of them left a file")
    if os.path.exists("/dev/full"):
        refused("a full disk", 4, ["seal", *key, "--out", "/dev/full", "text"], "No space")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([b.program, "seal", *key, "text"], stdout=full, stderr=subprocess.PIPE)
        b.equal((done.returncode, done.stderr.count(b"\n")), (4, 1), "a full standard output")
    if os.getuid() != 0:
        b.write("unreadable", b"x")
        os.chmod("unreadable", 0)
        refused("an unreadable file", 3, ["seal", *key, "unreadable"], "unreadable", "denied")
        os.mkdir("closed", 0o500)
        refused("into a folder that may not be written", 4, ["seal", *key, "--out", "closed/out", "text"], "closed/out", "denied")
    else:
        b.skip("files without permission", "root may do everything")

with b.part("large files"):
    with open("sparse", "wb") as file:
        file.truncate(100_000_000)
    for name, words in (("seal", ["--out", "sparse.sealed", "sparse"]), ("open", ["--out", "sparse.back", "sparse.sealed"])):
        peak = b.peak(name, "--key-file", "key", *words)
        b.check(peak < 64_000_000, f"{name}: 100 MB in constant memory", f"{peak} bytes")
    b.equal(subprocess.run(["cmp", "sparse", "sparse.back"]).returncode, 0, "100 MB there and back")

# --- interruption and terminals ---------------------------------------------------------------------------------------

def heed(number):
    """A signal that whoever started the tests has ignored (nohup: SIGHUP) would be ignored by the tool, too."""
    return lambda: signal.signal(number, signal.SIG_DFL)


with b.part("interruption"):
    os.mkdir("slow")
    for name, start in (("seal", TEXT), ("open", WHOLE[:THIRD])):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = subprocess.Popen([b.program, name, "--key-file", "key", "--out", "slow/out"],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed(number))
            process.stdin.write(start)
            process.stdin.flush()
            deadline = time.monotonic() + 30
            while not os.listdir("slow") and time.monotonic() < deadline:
                time.sleep(0.01)
            during = os.listdir("slow")
            process.send_signal(number)
            process.communicate(timeout=60)
            b.equal((len(during), "out" in during, process.returncode, os.listdir("slow")), (1, False, -number, []),
                    f"{name}: {number.name} leaves no file")


def dialogue(words, *answers, stdin=None):
    """Runs cng on a terminal, answering each question; returns its exit status, what appeared, and whether there is an echo."""
    pid, terminal = pty.fork()
    if pid == 0:
        if stdin is not None:
            os.dup2(os.open(stdin, os.O_RDONLY), 0)
        os.execv(b.program, [b.program, *words])
    seen, given = b"", 0
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        seen += part
        if given < len(answers) and seen.count(b": ") > given:
            os.write(terminal, answers[given])
            given += 1
    echo = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen, echo


if not b.has_terminals():
    b.skip("prompts", "this system has no pseudo-terminals")
else:
    with b.part("prompts"):
        b.write("letter", b"Dear Alice")
        words = ["seal", "--iterations", "1000", "--out", "letter.sealed", "letter"]
        status, seen, echo = dialogue(words, b"correct horse\n", b"correct horse\n")
        b.equal((status, b"horse" in seen, echo, seen.count(b"passphrase")), (0, False, True, 2), "seal asks twice, without an echo")
        b.equal(b.must("open", *QUICK[:2], "letter.sealed"), b"Dear Alice", "with what was typed")
        status, seen, _ = dialogue(["open", "letter.sealed"], b"correct horse\n")
        b.equal((status, b"Dear Alice" in seen, seen.count(b"passphrase")), (0, True, 1), "open asks once")
        status, seen, _ = dialogue(["open", "--out", "letter.back"], b"correct horse\n", stdin="letter.sealed")
        b.equal((status, b.read("letter.back")), (0, b"Dear Alice"), "the terminal is asked though standard input is a file")
        status, seen, _ = dialogue(["open", "letter.sealed"], b"wrong\n")
        b.equal((status, b"passphrase is wrong" in seen), (1, True), "a wrong answer")
        status, seen, _ = dialogue(["seal", "--out", "out", "letter"], b"one\n", b"two\n")
        b.equal((status, b"different" in seen, os.path.exists("out")), (2, True, False), "two answers that differ")
        status, seen, echo = dialogue(["seal", "--out", "out", "letter"], b"\n", b"\n")
        b.equal((status, b"empty" in seen), (3, True), "an empty answer")
        status, seen, echo = dialogue(["seal", "--out", "out", "letter"], b"secr\x03")
        b.equal((status, echo, os.path.exists("out")), (-signal.SIGINT, True, False), "Ctrl-C at the question gives the echo back")
        status, seen, echo = dialogue(["seal", "--out", "out", "letter"], b"\x04")
        b.equal((status, echo, b"no answer" in seen), (2, True, True), "the end of input at the question")
        status, seen, _ = dialogue(["seal", "--key-file", "key", "letter"])
        b.equal((status, b"terminal" in seen), (2, True), "a sealed file does not go to a terminal")
        b.write("slow.text", bytes(5_000_000))  # MD2 is the slowest of all
        status, seen, _ = dialogue(["hash", "MD2", "slow.text"])
        b.check(status == 0 and b"%" in seen and b"MB/s" in seen and b"#" in seen, "slow work shows a bar", seen)
    done = subprocess.run([b.program, "open", "letter.sealed"], stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True)
    b.equal((done.returncode, done.stderr.count(b"\n"), b"--passphrase-file" in done.stderr), (2, 1, True), "no terminal to ask on")

b.done()
