"""cng derive and cng random: beside hashlib and the openssl command."""
import base64
import hashlib
import hmac
import os
import stat

from cli_bench import Bench

b = Bench()
refused = b.refused
SECRET = bytes(range(100, 148))
b.write("secret", SECRET)
b.write("password", b"correct horse\n")
b.write("salt", b"\0\1\2\3\4\5\6\7")
os.environ["CNG_TEST_PASSWORD"] = "correct horse"


def derive(*words, data=b""):
    return b.must("derive", *words, data=data).decode().strip()


def openssl_kdf(length, name, *options):
    words = [word for option in options for word in ("-kdfopt", option)]
    return b.openssl("kdf", "-keylen", length, *words, name).decode().strip().replace(":", "").lower()


HEX_SECRET = "hex{}:" + SECRET.hex()

# --- from a password --------------------------------------------------------------------------------------------------

with b.part("pbkdf2"):
    for name in ("md5", "sha1", "sha256", "sha384", "sha512", "sha3_256", "sha3_512"):
        for length in (1, 32, 100):
            b.equal(derive("pbkdf2", "--password-file", "password", "--hash", name.replace("_", "-"), "--salt", "file:salt", "--iterations", "1000",
                           "--length", length), hashlib.pbkdf2_hmac(name, b"correct horse", b"\0\1\2\3\4\5\6\7", 1000, length).hex(),
                    f"pbkdf2 {name}, {length} bytes")
    expected = hashlib.pbkdf2_hmac("sha256", b"correct horse", b"salt", 1000).hex()
    words = ["pbkdf2", "--iterations", "1000", "--salt"]
    b.equal(derive(*words, "salt", "--password-file", "password"), expected, "SHA256 and 32 bytes by default")
    b.equal(derive(*words, "salt", "--password-env", "CNG_TEST_PASSWORD"), expected, "a password in the environment")
    b.equal(derive(*words, "salt", "--password-file", "-", data=b"correct horse\r\n"), expected, "a password on standard input, with CR LF")
    b.equal(derive(*words, "salt", "--secret-hex", b"correct horse".hex()), expected, "a password as a secret")
    b.equal(derive("pbkdf2", "--iterations", "1000", "--salt-hex", b"salt".hex(), "--password-file", "password"), expected, "--salt-hex")
    b.equal(derive(*words, "salt", "--password-file", "password", data=b""), expected, "no terminal is needed")
    b.equal(derive("pbkdf2", "--salt", "salt", "--password-file", "password"),
            hashlib.pbkdf2_hmac("sha256", b"correct horse", b"salt", 600000).hex(), "600000 iterations by default")
    b.equal(derive(*words, "", "--password-file", "password"), hashlib.pbkdf2_hmac("sha256", b"correct horse", b"", 1000).hex(), "an empty salt")
    b.write("two", b"first line\nsecond\n\n")
    b.equal(derive(*words, "s", "--password-file", "two"), hashlib.pbkdf2_hmac("sha256", b"first line\nsecond\n", b"s", 1000).hex(),
            "only the last line end does not count")

# --- from a secret ----------------------------------------------------------------------------------------------------

with b.part("hkdf"):
    for name in ("SHA1", "SHA256", "SHA512"):
        for length in (1, 42, 200):
            b.equal(derive("hkdf", "--secret-file", "secret", "--hash", name, "--salt", "file:salt", "--info", "the info", "--length", length),
                    openssl_kdf(length, "HKDF", f"digest:{name}", HEX_SECRET.format("key"), "hexsalt:0001020304050607", "info:the info"),
                    f"hkdf {name}, {length} bytes")
    # RFC 5869, test case 3: neither salt nor info
    b.equal(derive("hkdf", "--secret-hex", "0b" * 22, "--length", "42"),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8", "hkdf without salt and info")

with b.part("sp800-108"):
    for name in ("SHA256", "SHA512"):
        b.equal(derive("sp800-108", "--secret-file", "secret", "--hash", name, "--label", "label", "--context", "hex:000102", "--length", "100"),
                openssl_kdf(100, "KBKDF", "mac:HMAC", f"digest:{name}", HEX_SECRET.format("key"), "salt:label", "hexinfo:000102"), f"sp800-108 {name}")
    b.equal(derive("sp800-108", "--secret-hex", SECRET[:16].hex(), "--hash", "aes-cmac", "--label", "l", "--context", "c"),
            openssl_kdf(32, "KBKDF", "mac:CMAC", "cipher:AES-128-CBC", f"hexkey:{SECRET[:16].hex()}", "salt:l", "info:c"), "sp800-108 AES-CMAC")
    plain = b"\0\0\0\1" + b"" + b"\0" + b"" + (256).to_bytes(4, "big")
    b.equal(derive("sp800-108", "--secret-file", "secret", "--label", "", "--context", ""), hmac.new(SECRET, plain, "sha256").hexdigest(),
            "sp800-108, empty label and context")

with b.part("concat"):
    b.equal(derive("concat", "--secret-file", "secret", "--algorithm-id", "A", "--party-u", "U", "--party-v", "V", "--length", "80"),
            openssl_kdf(80, "SSKDF", "digest:SHA256", HEX_SECRET.format("secret"), "info:AUV"), "concat")
    b.equal(derive("concat", "--secret-file", "secret", "--hash", "SHA512", "--algorithm-id", "A", "--party-u", "U", "--party-v", "V",
                   "--supp-public", "P", "--supp-private", "S"),
            hashlib.sha512(b"\0\0\0\1" + SECRET + b"AUVPS").hexdigest()[:64], "concat with all that there is")

with b.part("tls"):
    seed = bytes(range(64))
    b.write("seed", seed)
    options = ["seed:master secret", f"hexseed:{seed.hex()}", HEX_SECRET.format("secret")]
    for name in ("SHA256", "SHA384"):
        b.equal(derive("tls12", "--secret-file", "secret", "--hash", name, "--label", "master secret", "--seed", "file:seed", "--length", "48"),
                openssl_kdf(48, "TLS1-PRF", f"digest:{name}", *options), f"tls12 {name}")
    b.equal(derive("tls11", "--secret-file", "secret", "--label", "master secret", "--seed", "file:seed", "--length", "48"),
            openssl_kdf(48, "TLS1-PRF", "digest:MD5-SHA1", *options), "tls11")

with b.part("capi"):
    b.equal(derive("capi", "--secret-file", "secret"), hashlib.sha256(SECRET).hexdigest(), "capi")
    h = hashlib.sha1(SECRET).digest()
    wide = b"".join(hashlib.sha1(bytes(x ^ pad for x in h.ljust(64, b"\0"))).digest() for pad in (0x36, 0x5C))
    b.equal(derive("capi", "--secret-file", "secret", "--hash", "SHA1", "--aes", "--length", "16"), wide[:16].hex(), "capi for AES")
    b.equal(derive("capi", "--secret-file", "secret", "--hash", "SHA1", "--length", "24"), wide[:24].hex(), "capi, longer than the hash")

# --- where it goes ----------------------------------------------------------------------------------------------------

with b.part("delivery"):
    words = ["hkdf", "--secret-file", "secret", "--info", "x"]
    key = bytes.fromhex(derive(*words))
    b.must("derive", *words, "--out", "derived")
    b.equal((b.read("derived"), stat.S_IMODE(os.stat("derived").st_mode)), (key, 0o600), "into a file: its bytes, and mode 0600")
    b.equal(b.must("derive", *words, "--out", "-"), key, "bytes on standard output")
    b.must("derive", *words, "--hex", "--force", "--output", "derived")
    b.equal(b.read("derived"), key.hex().encode() + b"\n", "digits into a file")
    b.equal(b.json("derive", *words), {"kdf": "hkdf", "bytes": 32, "key": key.hex()}, "--json")
    b.equal(b.json("derive", *words, "--out", "derived", "--force"), {"kdf": "hkdf", "bytes": 32, "file": "derived"}, "--json and a file")
    refused("an existing file", 4, ["derive", *words, "--out", "secret"], "secret", "--force")
    b.equal(b.read("secret"), SECRET, "it is as it was")

with b.part("derive refuses"):
    secret = ["--secret-file", "secret"]
    refused("an unknown KDF", 2, ["derive", "rot13"], "rot13", "sp800-108")
    refused("no KDF", 2, ["derive"], "KDF", "help derive")
    refused("no secret", 2, ["derive", "hkdf"], "--secret-file", "--secret-hex")
    refused("no salt", 2, ["derive", "pbkdf2", "--password-file", "password"], "--salt")
    refused("no label", 2, ["derive", "sp800-108", *secret, "--context", "c"], "--label")
    refused("no seed", 2, ["derive", "tls12", *secret, "--label", "l"], "--seed")
    refused("no party", 2, ["derive", "concat", *secret, "--algorithm-id", "A", "--party-u", "U"], "--party-v")
    refused("an option of another function", 2, ["derive", "hkdf", *secret, "--label", "l"], "--label", "hkdf")
    refused("iterations of hkdf", 2, ["derive", "hkdf", *secret, "--iterations", "5"], "--iterations")
    refused("a password of hkdf", 2, ["derive", "hkdf", "--password-file", "password"], "--password-file", "hkdf")
    refused("a hash of tls11", 2, ["derive", "tls11", *secret, "--hash", "SHA256", "--label", "l", "--seed", "s"], "--hash")
    refused("an unknown hash", 2, ["derive", "hkdf", *secret, "--hash", "ROT13"], "ROT13")
    refused("AES-CMAC elsewhere", 2, ["derive", "hkdf", *secret, "--hash", "AES-CMAC"], "AES-CMAC")
    refused("a length of 0", 2, ["derive", "hkdf", *secret, "--length", "0"], "--length")
    refused("more than hkdf gives", 3, ["derive", "hkdf", *secret, "--length", str(255 * 32 + 1)], "STATUS_INVALID_PARAMETER", "length")
    refused("more than capi gives", 3, ["derive", "capi", *secret, "--length", "65"], "STATUS_INVALID_PARAMETER")
    refused("no iterations", 3, ["derive", "pbkdf2", "--password-file", "password", "--salt", "s", "--iterations", "0"], "STATUS_INVALID_PARAMETER")
    refused("a password and a secret", 2, ["derive", "pbkdf2", "--password-file", "password", *secret, "--salt", "s"], "not both")
    refused("two passwords", 2, ["derive", "pbkdf2", "--password-file", "password", "--password-env", "CNG_TEST_PASSWORD", "--salt", "s"], "--password-env")
    b.write("long", bytes(2049))
    refused("a secret that is too long", 3, ["derive", "hkdf", "--secret-file", "long"], "2048", "2049")
    refused("a password that is too long", 3, ["derive", "pbkdf2", "--password-file", "long", "--salt", "s"], "2048", "2049")
    refused("a missing variable", 3, ["derive", "pbkdf2", "--password-env", "CNG_TEST_NOWHERE", "--salt", "s"], "CNG_TEST_NOWHERE")

# --- random bytes -----------------------------------------------------------------------------------------------------

with b.part("random"):
    for size in (0, 1, 48 * 1024, 48 * 1024 + 1, 200_000):
        b.equal(len(b.must("random", size)), size, f"{size} bytes")
        b.equal(len(bytes.fromhex(b.must("random", size, "--hex").decode())), size, f"{size} bytes in digits")
        text = b.must("random", size, "--base64").decode()
        b.equal((len(base64.b64decode(text, validate=False)), text.count("\n"), len(text)), (size, 1, -(-size // 3) * 4 + 1), f"{size} bytes in base64")
    b.check(b.must("random", "32") != b.must("random", "32"), "twice is not the same")
    b.must("random", "32", "--output", "random")
    b.equal((len(b.read("random")), stat.S_IMODE(os.stat("random").st_mode)), (32, 0o600), "a file has mode 0600")
    report = b.json("random", "16")
    b.equal((report["bytes"], len(report["random"])), (16, 32), "--json")
    b.equal(len(base64.b64decode(b.json("random", "16", "--base64")["random"])), 16, "--json --base64")
    b.equal(b.json("random", "16", "--out", "other"), {"bytes": 16, "file": "other"}, "--json and a file")
    refused("an existing file", 4, ["random", "5", "--out", "random"], "--force")
    b.equal(len(b.read("random")), 32, "it is as it was")
    refused("no number", 2, ["random"], "BYTES")
    for words in (["12x"], ["-5"], ["1e3"], [""], ["99999999999999999999"]):
        refused(f"a number like {words[0]!r}", 2, ["random", "--", *words], "number of bytes")
    refused("two encodings", 2, ["random", "5", "--hex", "--base64"], "--base64")
    refused("a large report", 2, ["random", "2000000", "--json"], "--out")
    if os.path.exists("/dev/full"):
        refused("a full disk", 4, ["random", "100000", "--out", "/dev/full"], "No space")

b.done()
