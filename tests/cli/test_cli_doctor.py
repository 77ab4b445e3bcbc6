"""cng doctor: every algorithm that can be opened passes its self-test, and says so."""
import pathlib

from cli_bench import Bench

b = Bench()

with b.part("doctor"):
    report = b.json("doctor")
    names = [row["name"] for row in report["algorithms"]]
    b.equal([row["name"] for row in report["algorithms"] if not row["passed"]], [], "every algorithm passes")
    b.equal(len(names), len(set(names)), "each is listed once")
    for name in ("SHA256", "AES", "PBKDF2", "RSA", "ECDH", "RNG"):
        b.check(name in names, f"{name} is listed")
    b.check(report["engine"].startswith("OpenSSL "), "libcrypto's version is told")
    b.check(report["processor"] != "", "what the processor is used for is told")
    flag = pathlib.Path("/proc/sys/crypto/fips_enabled")
    b.equal(report["fips"], flag.exists() and flag.read_text(encoding="ascii").strip() == "1", "the kernel's FIPS flag is told")
    text = b.must("doctor").decode()
    b.check(report["version"] in text and report["engine"] in text, "for people, too")
    b.equal([name for name in names if name not in text], [], "with the same algorithms")
b.done()
