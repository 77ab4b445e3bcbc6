"""Using keys: sign, verify, encrypt, decrypt, agree, encapsulate, decapsulate; both ways with openssl."""
import hashlib
import hmac
import json

from cli_bench import Bench

b = Bench()
MESSAGE = b"The quick brown fox jumps over the lazy dog.\n" * 50
b.write("message", MESSAGE)
b.write("other", MESSAGE + b"!")
b.write("empty", b"")


def verified(*words, message="message"):
    return b.cng("verify", *words, message).returncode == 0


def both_ways(label, openssl_digest, cng_words, openssl_words, name="key"):
    """cng signs and openssl verifies; openssl signs and cng verifies; a changed message is refused by both."""
    b.must("sign", "--key", f"{name}.pem", *cng_words, "--force", "--out", "sig", "message")
    done = b.run(["openssl", "dgst", openssl_digest, *openssl_words, "-verify", f"{name}.pub.pem", "-signature", "sig", "message"])
    b.check(done.returncode == 0, f"{label}: openssl verifies cng's signature", done.stdout + done.stderr)
    b.check(verified("--key", f"{name}.pub.pem", *cng_words, "--signature", "sig"), f"{label}: cng verifies its own")
    b.openssl("dgst", openssl_digest, *openssl_words, "-sign", f"{name}.pem", "-out", "their.sig", "message")
    b.check(verified("--key", f"{name}.pub.pem", *cng_words, "--signature", "their.sig"), f"{label}: cng verifies openssl's")
    done = b.cng("verify", "--key", f"{name}.pub.pem", *cng_words, "--signature", "their.sig", "other")
    b.equal((done.returncode, done.stderr.count(b"\n")), (1, 1), f"{label}: a changed message is refused in one line")


# --- RSA ------------------------------------------------------------------------------------------------------------

with b.part("RSA"):
    b.generate("RSA", "--bits", "2048")
    hashes = ["MD5", "SHA1", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"]
    for name in hashes:
        both_ways(f"RSA pkcs1 {name}", "-" + name.lower(), ["--hash", name], [])
    for name in ("SHA1", "SHA256", "SHA512"):
        both_ways(f"RSA pss {name}", "-" + name.lower(), ["--padding", "pss", "--hash", name],
                  ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"])
    both_ways("RSA pss, salt 0", "-sha256", ["--padding", "pss", "--salt", "0"],
              ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:0"])
    b.write("digest", hashlib.sha256(MESSAGE).digest())
    one = b.must("sign", "--key", "key.pem", "message")
    b.equal(b.must("sign", "--key", "key.pem", "--input-is-hash", "digest"), one, "--input-is-hash")
    b.equal(b.must("sign", "--key", "key.pem", "--hex", "message").strip().decode(), one.hex(), "--hex")
    b.equal(b.json("sign", "--key", "key.pem", "message")["signature"], one.hex(), "sign --json")
    b.write("sig", b.must("sign", "--key", "key.pem", "--no-oid", "message"))
    b.check(not verified("--key", "key.pub.pem", "--signature", "sig"), "a signature without the hash's name is refused")
    b.check(verified("--key", "key.pub.pem", "--optional-oid", "--signature", "sig"), "--optional-oid accepts it")
    b.check(verified("--key", "key.pub.pem", "--no-oid", "--signature", "sig"), "--no-oid accepts it")
    b.write("sig", one)
    b.equal(b.json("verify", "--key", "key.pem", "--signature", "sig", "message")["valid"], True, "verify --json, with the private key")
    done = b.cng("verify", "--key", "key.pem", "--signature", "sig", "--json", "other")
    b.equal((done.returncode, json.loads(done.stdout)["valid"]), (1, False), "verify --json says no")
    b.write("short", one[:-1])
    b.equal(b.cng("verify", "--key", "key.pem", "--signature", "short", "message").returncode, 1, "a signature cut short is refused")
    b.equal(b.must("sign", "--key", "-", "message", data=b.read("key.pem")), one, "the key on standard input")
    b.equal(b.must("sign", "--key", "key.pem", "-", data=MESSAGE), one, "the message on standard input")
    b.must("convert", "key.pem", "--format", "CAPIPUBLICBLOB", "--out", "capi.blob")
    b.check(verified("--key", "capi.blob", "--signature", "sig"), "verify with a CryptoAPI blob")

    for padding, words, theirs in (
            ("pkcs1", ["--padding", "pkcs1"], ["rsa_padding_mode:pkcs1"]),
            ("oaep SHA1", ["--hash", "SHA1"], ["rsa_padding_mode:oaep"]),
            ("oaep SHA256", [], ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256"]),
            ("oaep with label", ["--label", "hex:00ff41"],
             ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256", "rsa_oaep_label:00ff41"])):
        options = [word for option in theirs for word in ("-pkeyopt", option)]
        b.write("plain", b"a secret")
        b.must("encrypt", "--key", "key.pub.pem", *words, "--force", "--out", "cipher", "plain")
        b.equal(b.openssl("pkeyutl", "-decrypt", "-inkey", "key.pem", "-in", "cipher", *options), b"a secret",
                f"RSA {padding}: openssl decrypts")
        b.openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", "key.pub.pem", "-in", "plain", "-out", "cipher", *options)
        b.equal(b.must("decrypt", "--key", "key.pem", *words, "cipher"), b"a secret", f"RSA {padding}: cng decrypts")
    done = b.cng("decrypt", "--key", "key.pem", "--hash", "SHA512", "cipher")
    b.equal((done.returncode, done.stdout), (1, b""), "decrypting with the wrong options is refused")
    raw = b"\x00" + b"\x07" * 255
    cipher = b.must("encrypt", "--key", "key.pub.pem", "--padding", "none", "-", data=raw)
    b.equal(b.must("decrypt", "--key", "key.pem", "--padding", "none", "-", data=cipher), raw, "RSA without padding")
    b.equal(b.must("decrypt", "--key", "key.pem", "-", data=b.must("encrypt", "--key", "key.pub.pem", "empty")), b"", "an empty message")
    b.equal(b.cng("encrypt", "--key", "key.pub.pem", "message").returncode, 3, "a message too long for the key")
    b.equal(bytes.fromhex(b.json("decrypt", "--key", "key.pem", "--padding", "none", "-", data=cipher)["plaintext"]), raw, "decrypt --json")

# --- DSA, ECDSA -----------------------------------------------------------------------------------------------------

for bits in ("1024", "2048"):
    with b.part(f"DSA {bits}"):
        b.generate("DSA", "--bits", bits)
        for name in ("SHA1", "SHA256", "SHA512"):
            both_ways(f"DSA {bits} {name}", "-" + name.lower(), ["--hash", name, "--signature-format", "der"], [])

known = b.openssl("ecparam", "-list_curves").decode()
for curve, theirs in (("nistP256", ""), ("nistP384", ""), ("nistP521", ""), ("secP256k1", ""), ("brainpoolP512r1", ""),
                      ("secP160r1", ""), ("x962P239v1", ""), ("wtls9", ""), ("nistP224", ""), ("brainpoolP192t1", "")):
    with b.part(curve):
        b.generate("ECDSA", "--curve", curve)
        both_ways(f"ECDSA {curve}", "-sha256", ["--hash", "SHA256", "--signature-format", "der"], [])

with b.part("signature forms"):
    b.generate("ECDSA", "--curve", "nistP256")
    raw = b.must("sign", "--key", "key.pem", "message")
    b.equal(len(raw), 64, "the raw form is r and s")
    b.write("raw.sig", raw)
    b.write("der.sig", b.must("sign", "--key", "key.pem", "--signature-format", "der", "message"))
    for form in ("raw", "der"):
        b.check(verified("--key", "key.pub.pem", "--signature", f"{form}.sig"), f"{form} is recognised")
        b.check(verified("--key", "key.pub.pem", "--signature-format", form, "--signature", f"{form}.sig"), f"{form} is accepted as such")
    b.equal(b.cng("verify", "--key", "key.pub.pem", "--signature-format", "der", "--signature", "raw.sig", "message").returncode, 1,
            "raw is no der")

for curve in ("ec192wapi", "numsP256t1", "numsP384t1", "numsP512t1"):
    with b.part(curve):
        b.must("generate", "--algorithm", "ECDSA", "--curve", curve, "--format", "ECCFULLPRIVATEBLOB", "--force", "--out", "k",
               "--public-out", "k.pub", "--public-format", "ECCFULLPUBLICBLOB")
        b.must("sign", "--key", "k", "--force", "--out", "sig", "message")
        b.check(verified("--key", "k.pub", "--signature", "sig"), f"{curve}: explicit parameters sign and verify")

# --- agreement ------------------------------------------------------------------------------------------------------

def agree(*words):
    return b.must("agree", "--key", "a.pem", "--peer", "b.pub.pem", *words)


for label, words in (("X25519", ["X25519"]), ("ECDH nistP256", ["ECDH_P256"]), ("ECDH nistP521", ["ECDH_P521"]),
                     ("ECDH secP256k1", ["ECDH", "--curve", "secP256k1"]),
                     ("ECDH brainpoolP384r1", ["ECDH", "--curve", "brainpoolP384r1"]), ("DH 2048", ["DH", "--bits", "2048"])):
    with b.part(label):
        b.generate(*words, name="a")
        b.generate(*words, name="b")
        mine = agree("--big-endian")
        b.equal(mine, b.must("agree", "--key", "b.pem", "--peer", "a.pub.pem", "--big-endian"), f"{label}: both sides agree")
        b.equal(mine, b.openssl("pkeyutl", "-derive", "-inkey", "a.pem", "-peerkey", "b.pub.pem"), f"{label}: and openssl")
        b.equal(mine[::-1], agree(), f"{label}: raw is the reverse")

with b.part("key derivation"):
    b.generate("ECDH_P256", name="a")
    b.generate("ECDH_P256", name="b")
    z = agree("--big-endian")
    b.equal(agree("--kdf", "hash"), hashlib.sha1(z).digest(), "hash, SHA1 by default")
    b.equal(agree("--kdf", "hash", "--hash", "SHA256", "--prepend", "hex:0001", "--append", "after"),
            hashlib.sha256(b"\0\1" + z + b"after").digest(), "hash, prepend and append")
    b.equal(agree("--kdf", "hash", "--prepend", "one", "--prepend", "two"), hashlib.sha1(b"onetwo" + z).digest(), "several values are joined")
    b.equal(agree("--kdf", "hash", "--length", "7"), hashlib.sha1(z).digest()[:7], "a shorter result")
    b.equal(agree("--kdf", "hmac", "--hash", "SHA512", "--hmac-key", "k"), hmac.new(b"k", z, "sha512").digest(), "hmac")
    b.equal(agree("--kdf", "hmac", "--hash", "SHA256", "--secret-as-hmac-key"), hmac.new(z, z, "sha256").digest(), "hmac, the secret as key")
    b.equal(agree("--kdf", "concat", "--algorithm-id", "A", "--party-u", "U", "--party-v", "V"),
            hashlib.sha256(b"\0\0\0\1" + z + b"AUV").digest(), "concat")
    prk = hmac.new(b"salt", z, "sha256").digest()
    first = hmac.new(prk, b"info\1", "sha256").digest()
    second = hmac.new(prk, first + b"info\2", "sha256").digest()
    b.equal(agree("--kdf", "hkdf", "--salt", "salt", "--info", "info", "--length", "50"), (first + second)[:50], "hkdf")
    seed = bytes(range(64))
    b.write("seed", seed)

    def p_sha256(secret, data, n):
        out, a = b"", data
        while len(out) < n:
            a = hmac.new(secret, a, "sha256").digest()
            out += hmac.new(secret, a + data, "sha256").digest()
        return out[:n]

    b.equal(agree("--kdf", "tls-prf", "--protocol", "tls1.2", "--label", "master secret", "--seed", "file:seed"),
            p_sha256(z, b"master secret" + seed, 48), "tls-prf")
    b.equal(bytes.fromhex(b.json("agree", "--key", "a.pem", "--peer", "b.pub.pem", "--kdf", "hash")["secret"]),
            hashlib.sha1(z).digest(), "agree --json")
    b.equal(b.cng("agree", "--key", "a.pem", "--peer", "b.pub.pem", "--salt", "x").returncode, 2, "an option of another function is refused")
    b.equal(b.cng("agree", "--key", "a.pem", "--peer", "b.pub.pem", "--kdf", "concat").returncode, 3, "a missing parameter is refused")
    b.generate("ECDH_P384", name="c")
    b.equal(b.cng("agree", "--key", "a.pem", "--peer", "c.pub.pem").returncode, 3, "keys on two curves do not agree")

# --- post-quantum ---------------------------------------------------------------------------------------------------

for algorithm, size, slow in (("ML-DSA", "44", False), ("ML-DSA", "65", False), ("ML-DSA", "87", False),
                              ("SLH-DSA", "SHA2-128f", False), ("SLH-DSA", "SHAKE-192f", False), ("SLH-DSA", "SHA2-256f", False),
                              ("SLH-DSA", "SHA2-128s", True)):
    label = f"{algorithm} {size}"
    if not b.has(algorithm):
        b.skip(label, "libcrypto is older than 3.5")
        continue
    with b.part(label):
        b.generate(algorithm, "--set", size)
        b.must("sign", "--key", "key.pem", "--force", "--out", "sig", "message")
        b.check(verified("--key", "key.pub.pem", "--signature", "sig"), f"{label}: cng verifies its own")
        b.equal(b.cng("verify", "--key", "key.pub.pem", "--signature", "sig", "other").returncode, 1, f"{label}: a changed message is refused")
        if b.peer_program:
            b.peer("verify", "key.pub.pem", "message", "sig")
            b.check(True, f"{label}: libcrypto verifies cng's signature")
            b.peer("generate", f"{algorithm}-{size}", "peer.pem", "peer.pub.pem")
            b.peer("sign", "peer.pem", "message", "sig", "context")
            b.check(verified("--key", "peer.pub.pem", "--context", "context", "--signature", "sig"), f"{label}: cng verifies libcrypto's, with context")
            b.check(not verified("--key", "peer.pub.pem", "--signature", "sig"), f"{label}: and not without the context")
        if not slow:
            b.must("sign", "--key", "key.pem", "--prehash", "SHA512", "--context", "hex:00", "--force", "--out", "sig", "message")
            b.check(verified("--key", "key.pub.pem", "--prehash", "SHA512", "--context", "hex:00", "--signature", "sig"), f"{label}: pre-hashed")
            b.check(not verified("--key", "key.pub.pem", "--context", "hex:00", "--signature", "sig"), f"{label}: pre-hashed is another signature")

if b.has("ML-DSA"):
    with b.part("external mu"):
        b.generate("ML-DSA", "--set", "65")
        blob = b.must("convert", "key.pem", "--format", "PQDSAPUBLICBLOB")
        tr = hashlib.shake_256(blob[-1952:]).digest(64)
        b.write("mu", hashlib.shake_256(tr + b"\0\0" + MESSAGE).digest(64))
        b.must("sign", "--key", "key.pem", "--external-mu", "--force", "--out", "sig", "mu")
        b.check(verified("--key", "key.pub.pem", "--signature", "sig"), "a signature of mu is one of the message")
        b.equal(b.cng("sign", "--key", "key.pem", "--external-mu", "--context", "x", "mu").returncode, 2, "mu goes without a context")
        b.equal(b.cng("sign", "--key", "key.pem", "--context", "x" * 256, "message").returncode, 2, "a context of 256 bytes is refused")
else:
    b.skip("external mu", "libcrypto is older than 3.5")

for size in ("512", "768", "1024"):
    if not b.has("ML-KEM"):
        b.skip(f"ML-KEM {size}", "libcrypto is older than 3.5")
        continue
    with b.part(f"ML-KEM {size}"):
        b.generate("ML-KEM", "--set", size)
        b.must("encapsulate", "--key", "key.pub.pem", "--ciphertext", "ct", "--secret", "s1", "--force")
        b.equal(b.must("decapsulate", "--key", "key.pem", "ct"), b.read("s1"), f"ML-KEM {size}: both have the secret")
        if b.peer_program:
            b.peer("decapsulate", "key.pem", "ct", "s2")
            b.equal(b.read("s2"), b.read("s1"), f"ML-KEM {size}: libcrypto decapsulates")
            b.peer("generate", f"ML-KEM-{size}", "peer.pem", "peer.pub.pem")
            b.peer("encapsulate", "peer.pub.pem", "ct", "s2")
            b.equal(b.must("decapsulate", "--key", "peer.pem", "ct"), b.read("s2"), f"ML-KEM {size}: cng decapsulates")
        inside = b.json("encapsulate", "--key", "key.pub.pem")
        b.write("ct", bytes.fromhex(inside["ciphertext"]["value"]))
        b.equal(b.json("decapsulate", "--key", "key.pem", "ct")["secret"], inside["secret"]["value"], f"ML-KEM {size}: --json")
        b.write("ct", b.read("ct")[:-1])
        b.equal(b.cng("decapsulate", "--key", "key.pem", "ct").returncode, 3, f"ML-KEM {size}: a ciphertext cut short")

b.done()
