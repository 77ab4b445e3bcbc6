"""Key files: generate, inspect, convert; every format there and back; openssl's files in, ours accepted by openssl."""
import json
import os
import stat

from cli_bench import Bench

b = Bench()

RSA_BLOBS = {"public": ["RSAPUBLICBLOB", "CAPIPUBLICBLOB"],
             "private": ["RSAPRIVATEBLOB", "RSAFULLPRIVATEBLOB", "CAPIPRIVATEBLOB"]}
EC_BLOBS = {"public": ["ECCPUBLICBLOB", "ECCFULLPUBLICBLOB"], "private": ["ECCPRIVATEBLOB", "ECCFULLPRIVATEBLOB"]}
X25519_BLOBS = {"public": ["ECCPUBLICBLOB"], "private": ["ECCPRIVATEBLOB"]}
DH_BLOBS = {"public": ["DHPUBLICBLOB", "CAPIDHPUBLICBLOB"], "private": ["DHPRIVATEBLOB", "CAPIDHPRIVATEBLOB"]}
DSA_BLOBS = {"public": ["DSAPUBLICBLOB", "CAPIDSAPUBLICBLOB"], "private": ["DSAPRIVATEBLOB", "CAPIDSAPRIVATEBLOB"]}
MLKEM_BLOBS = {"public": ["MLKEMPUBLICBLOB"], "private": ["MLKEMPRIVATEBLOB", "MLKEMPRIVATESEEDBLOB"]}
MLDSA_BLOBS = {"public": ["PQDSAPUBLICBLOB"], "private": ["PQDSAPRIVATEBLOB", "PQDSAPRIVATESEEDBLOB"]}
SLHDSA_BLOBS = {"public": ["PQDSAPUBLICBLOB"], "private": ["PQDSAPRIVATEBLOB"]}

# Each algorithm: how it is asked for, its blobs, and what openssl calls it (None: it does not know it).
ROWS = [
    ("RSA", ["--bits", "1024"], RSA_BLOBS),
    ("RSA", ["--bits", "2048"], RSA_BLOBS),
    ("RSA_SIGN", ["--bits", "1024"], RSA_BLOBS),
    ("DSA", ["--bits", "1024"], {"public": DSA_BLOBS["public"] + ["V2CAPIDSAPUBLICBLOB"],
                                 "private": DSA_BLOBS["private"] + ["V2CAPIDSAPRIVATEBLOB"]}),
    ("DSA", ["--bits", "2048"], DSA_BLOBS),
    ("DH", ["--bits", "1024"], DH_BLOBS),
    ("DH", ["--bits", "2048"], DH_BLOBS),
    ("ECDSA_P256", [], EC_BLOBS),
    ("ECDSA_P384", [], EC_BLOBS),
    ("ECDSA_P521", [], EC_BLOBS),
    ("ECDH_P256", [], EC_BLOBS),
    ("ECDSA", ["--curve", "secP256k1"], EC_BLOBS),
    ("ECDH", ["--curve", "brainpoolP320t1"], EC_BLOBS),
    ("X25519", [], X25519_BLOBS),
    ("ML-KEM", ["--set", "512"], MLKEM_BLOBS),
    ("ML-KEM", ["--set", "1024"], MLKEM_BLOBS),
    ("ML-DSA", ["--set", "44"], MLDSA_BLOBS),
    ("ML-DSA", ["--set", "87"], MLDSA_BLOBS),
    ("SLH-DSA", ["--set", "SHA2-128f"], SLHDSA_BLOBS),
    ("SLH-DSA", ["--set", "SHAKE-256f"], SLHDSA_BLOBS),
]
POST_QUANTUM = ("ML-KEM", "ML-DSA", "SLH-DSA")


def convert(source, format, *words):
    b.must("convert", source, "--format", format, "--force", "--out", "converted", *words)
    return b.read("converted")


def round_trips(label, algorithm, blobs):
    """PEM to each form and back gives the same PEM; a blob to PEM and back gives the same blob."""
    family = ["--algorithm", algorithm] if algorithm.startswith(("ECDH", "ECDSA")) else []
    for part, pem in (("private", "key.pem"), ("public", "key.pub.pem")):
        b.write("key.der", convert(pem, "der"))
        b.equal(convert("key.der", "pem"), b.read(pem), f"{label}: {part} PEM, DER, PEM")
        for blob in blobs[part]:
            b.write("key.blob", convert(pem, blob, *family))
            form = b.json("inspect", "key.blob")
            b.equal((form["format"], form["valid"]), (blob, True), f"{label}: {blob} is recognised and valid")
            b.write("back.pem", convert("key.blob", "pem"))
            b.equal(convert("back.pem", blob, *family), b.read("key.blob"), f"{label}: {blob}, PEM, {blob}")
            # A form without seed cannot give it back.
            if not (part == "private" and blob in ("MLKEMPRIVATEBLOB", "PQDSAPRIVATEBLOB") and "SLH" not in algorithm):
                b.equal(b.read("back.pem"), b.read(pem), f"{label}: PEM, {blob}, PEM")
            if part == "private":
                b.equal(convert("key.blob", "pem", "--public"), b.read("key.pub.pem"), f"{label}: public part of {blob}")


def hidden(label):
    shown = b.json("inspect", "key.pem")["fields"]
    secrets = [name for name, value in shown.items() if isinstance(value, dict) and value.get("hidden")]
    b.check(secrets, f"{label}: inspect hides the private parts", shown)
    full = b.json("inspect", "--private", "key.pem")["fields"]
    text = b.must("inspect", "key.pem").decode()
    leaks = [name for name in secrets if full[name][:32] in text.replace("\n", "").replace(" ", "")]
    b.equal(leaks, [], f"{label}: no private part in the text")
    b.check(all(isinstance(full[name], str) for name in secrets), f"{label}: --private shows them")
    b.equal([name for name in b.json("inspect", "key.pub.pem")["fields"] if name in secrets], [],
            f"{label}: none in the public file")


def openssl_reads(label):
    """openssl writes our keys exactly as we do."""
    b.equal(b.openssl("pkey", "-in", "key.pem"), b.read("key.pem"), f"{label}: openssl reads the private key")
    b.equal(b.openssl("pkey", "-in", "key.pem", "-pubout"), b.read("key.pub.pem"), f"{label}: openssl agrees on the public key")
    b.equal(b.openssl("pkey", "-pubin", "-in", "key.pub.pem"), b.read("key.pub.pem"), f"{label}: openssl reads the public key")


for algorithm, words, blobs in ROWS:
    label = " ".join([algorithm, *words[1:]])
    if algorithm in POST_QUANTUM and not b.has(algorithm):
        b.skip(label, "libcrypto is older than 3.5")
        continue
    with b.part(label):
        b.generate(algorithm, *words)
        round_trips(label, algorithm.replace("X25519", "ECDH"), blobs)
        hidden(label)
        if algorithm not in POST_QUANTUM:
            openssl_reads(label)
        elif b.peer_program:
            b.peer("rewrite", "key.pem", "peer.pem")
            b.equal(b.read("peer.pem"), b.read("key.pem"), f"{label}: libcrypto reads and writes the same")

# --- forms within DER -----------------------------------------------------------------------------------------------

for algorithm, size in (("ML-KEM", "768"), ("ML-DSA", "65")):
    if not b.has(algorithm):
        b.skip(f"forms of {algorithm}", "libcrypto is older than 3.5")
        continue
    with b.part(f"forms of {algorithm}"):
        b.generate(algorithm, "--set", size)
        whole = convert("key.pem", "blob")
        for form, seed in (("seed", True), ("both", True), ("expanded", False)):
            b.write("form.pem", convert("key.pem", "pem", "--pq-form", form))
            b.equal("privateSeed" in b.json("inspect", "form.pem")["fields"], seed, f"{algorithm}: {form} form")
            b.equal(convert("form.pem", "pem", "--public"), b.read("key.pub.pem"), f"{algorithm}: {form} form, same key")
            b.check((convert("form.pem", "blob") == whole) == seed, f"{algorithm}: {form} form, seed blob")
            if b.peer_program:
                b.peer("rewrite", "form.pem", "peer.pem")
        done = b.cng("convert", "form.pem", "--format", "pem", "--pq-form", "seed", "--out", "-")
        b.equal(done.returncode, 3, f"{algorithm}: no seed where there is none")

with b.part("explicit curve"):
    b.generate("ECDSA", "--curve", "secP256k1")
    b.write("explicit.pem", convert("key.pem", "pem", "--ec-parameters", "explicit"))
    b.openssl("pkey", "-in", "explicit.pem", "-noout", "-check")
    b.check(True, "openssl accepts explicit parameters")
    b.equal(convert("explicit.pem", "pem"), b.read("key.pem"), "explicit parameters are recognised as the named curve")
    theirs = b.openssl("ecparam", "-name", "brainpoolP256r1", "-param_enc", "explicit", "-genkey", "-noout")
    b.write("theirs.pem", theirs)
    b.equal(b.json("inspect", "theirs.pem")["key"], "EC brainpoolP256r1", "openssl's explicit parameters")
    b.equal(b.json("inspect", "theirs.pem")["valid"], True, "openssl's explicit parameters are valid")

with b.part("twisted Edwards"):
    b.must("generate", "--algorithm", "ECDSA", "--curve", "numsP256t1", "--format", "ECCFULLPRIVATEBLOB", "--out", "nums.blob")
    b.equal(b.json("inspect", "nums.blob")["key"], "ECDSA numsP256t1", "a curve without identifier in a full blob")
    done = b.cng("convert", "nums.blob", "--format", "pem", "--out", "-")
    b.check(done.returncode == 3 and b"Weierstrass" in done.stderr, "DER cannot express it, and cng says why", done.stderr)

# --- every curve ----------------------------------------------------------------------------------------------------

curves = [row["name"] for row in b.json("algorithms", "--curves")]
b.equal(len(curves), 45, "45 named curves")
known = {line.split(":")[0].strip() for line in b.openssl("ecparam", "-list_curves").decode().splitlines() if ":" in line}
for curve in curves:
    with b.part(curve):
        algorithm = "ECDH" if curve == "curve25519" else "ECDSA"
        b.must("generate", "--algorithm", algorithm, "--curve", curve, "--format", "ECCPRIVATEBLOB", "--force",
               "--out", "curve.blob", "--public-out", "curve.pub.blob", "--public-format", "ECCPUBLICBLOB")
        found = b.json("inspect", "curve.pub.blob")
        b.equal(found["valid"], True, f"{curve}: the short blob's curve is found")
        if curve.startswith("nums"):
            continue
        b.write("curve.pem", convert("curve.blob", "pem", "--curve", curve))
        b.equal(convert("curve.pem", "ECCPRIVATEBLOB", "--algorithm", algorithm, "--curve", curve), b.read("curve.blob"),
                f"{curve}: blob, PEM, blob")
        if curve != "ec192wapi":
            b.equal(b.openssl("pkey", "-in", "curve.pem"), b.read("curve.pem"), f"{curve}: openssl reads it")

# --- openssl's files ------------------------------------------------------------------------------------------------

OPENSSL_KEYS = {
    "RSA 2048": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "EC P-256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "EC P-521": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    "EC secp160r1": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp160r1"],
    "EC prime239v3": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime239v3"],
    "X25519": ["-algorithm", "X25519"],
    "DH ffdhe2048": ["-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"],
    "DH X9.42": ["-algorithm", "DHX", "-pkeyopt", "dh_rfc5114:2"],
}
for label, words in OPENSSL_KEYS.items():
    with b.part(f"openssl {label}"):
        b.write("theirs.pem", b.openssl("genpkey", *words))
        b.write("theirs.pub.pem", b.openssl("pkey", "-in", "theirs.pem", "-pubout"))
        report = b.json("inspect", "theirs.pem")
        b.equal(report["valid"], True, f"openssl's {label} private key is valid")
        b.equal(b.json("inspect", "theirs.pub.pem")["valid"], True, f"openssl's {label} public key is valid")
        b.write("blob", convert("theirs.pem", "blob"))
        if "X9.42" in label:
            b.equal(convert("blob", "pem", "--public"), convert("theirs.pub.pem", "pem"), f"openssl's {label}: the public value is right")
        else:
            b.equal(convert("blob", "pem", "--public"), b.read("theirs.pub.pem"), f"openssl's {label}: the public value is right")
            b.equal(convert("blob", "pem"), b.openssl("pkey", "-in", "theirs.pem"), f"openssl's {label}: PEM, blob, PEM")

with b.part("openssl DSA"):
    b.openssl("genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:1024",
              "-pkeyopt", "dsa_paramgen_q_bits:160", "-out", "dsa.params")
    b.openssl("genpkey", "-paramfile", "dsa.params", "-out", "theirs.pem")
    b.equal(convert("theirs.pem", "pem", "--public"), b.openssl("pkey", "-in", "theirs.pem", "-pubout"), "openssl's DSA key: the public value is right")

    b.openssl("genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:1024",
              "-pkeyopt", "dsa_paramgen_q_bits:224", "-out", "dsa.params")
    b.openssl("genpkey", "-paramfile", "dsa.params", "-out", "theirs.pem")
    done = b.cng("convert", "theirs.pem", "--format", "blob", "--out", "-")
    b.check(done.returncode == 3 and b"160 bits" in done.stderr, "a q that CNG does not take is refused, with the rule", done.stderr)

with b.part("older forms"):
    b.generate("RSA", "--bits", "1024")
    b.write("old.pem", b.openssl("pkey", "-in", "key.pem", "-traditional"))
    b.equal(b.json("inspect", "old.pem")["format"], "PKCS #1 private key (PEM)", "RSA PRIVATE KEY")
    b.equal(convert("old.pem", "pem"), b.read("key.pem"), "RSA PRIVATE KEY to PKCS #8")
    b.write("old.pem", b.openssl("rsa", "-in", "key.pem", "-RSAPublicKey_out"))
    b.equal(convert("old.pem", "pem"), b.read("key.pub.pem"), "RSA PUBLIC KEY to SubjectPublicKeyInfo")
    b.write("old.der", b.openssl("rsa", "-in", "key.pem", "-RSAPublicKey_out", "-outform", "DER"))
    b.equal(b.json("inspect", "old.der")["format"], "PKCS #1 public key (DER)", "RSAPublicKey in DER")
    b.write("old.pem", b.openssl("ecparam", "-name", "secp384r1", "-genkey"))
    b.equal(b.json("inspect", "old.pem")["format"], "SEC 1 private key (PEM)", "EC PRIVATE KEY behind EC PARAMETERS")
    b.equal(convert("old.pem", "pem"), b.openssl("pkey", "-in", "old.pem"), "EC PRIVATE KEY to PKCS #8")
    b.write("old.pem", b.openssl("ec", "-in", "old.pem", "-no_public"))
    b.equal(b.json("inspect", "old.pem")["valid"], True, "a private key without its public point")
    b.generate("DSA", "--bits", "1024")
    b.write("old.pem", b.openssl("dsa", "-in", "key.pem"))
    b.equal(convert("old.pem", "pem"), b.read("key.pem"), "DSA PRIVATE KEY, or PKCS #8")
    b.write("old.der", b.openssl("pkey", "-in", "key.pem", "-traditional", "-outform", "DER"))
    b.equal(convert("old.der", "pem"), b.read("key.pem"), "DSA private key in DER")

with b.part("ECDSA and ECDH"):
    b.must("generate", "--algorithm", "ECDH", "--format", "blob", "--force", "--out", "ecdh.blob")
    b.equal(convert("ecdh.blob", "blob")[:4], b"ECK2", "an ECDH blob stays one")
    b.equal(convert("ecdh.blob", "blob", "--algorithm", "ECDSA")[:4], b"ECS2", "an ECDH blob becomes an ECDSA one")

with b.part("generic names"):
    b.generate("RSA", "--bits", "1024")
    b.equal(convert("key.pem", "PUBLICBLOB"), convert("key.pem", "RSAPUBLICBLOB"), "PUBLICBLOB")
    b.write("generic.blob", convert("key.pem", "PRIVATEBLOB"))
    b.equal(convert("generic.blob", "pem"), b.read("key.pem"), "PRIVATEBLOB")

with b.part("SSLECCPUBLICBLOB"):
    b.generate("ECDSA", "--curve", "nistP384")
    b.write("ssl.blob", convert("key.pem", "SSLECCPUBLICBLOB"))
    b.equal(b.json("inspect", "ssl.blob")["format"], "SSLECCPUBLICBLOB", "SSLECCPUBLICBLOB is recognised without a magic")
    b.equal(convert("ssl.blob", "pem"), b.read("key.pub.pem"), "SSLECCPUBLICBLOB to PEM")

with b.part("what is no key pair"):
    b.write("aes.blob", b"KDBM" + bytes([1, 0, 0, 0, 16, 0, 0, 0]) + b"0123456789abcdef")
    report = b.json("inspect", "aes.blob")
    b.equal((report["format"], report["fields"]["keyData"]), ("KeyDataBlob", {"hidden": True, "bytes": 16}), "a symmetric key is named, and hidden")
    b.equal(b.json("inspect", "--private", "aes.blob")["fields"]["keyData"], b"0123456789abcdef".hex(), "and shown")
    b.write("dh.params", bytes([28, 0, 0, 0]) + b"DHPM" + bytes([8, 0, 0, 0]) + bytes(range(16)))
    b.equal(b.json("inspect", "dh.params")["format"], "DHParameters", "parameters are named")
    b.equal(b.cng("convert", "dh.params", "--format", "pem").returncode, 3, "and not converted")

# --- files ----------------------------------------------------------------------------------------------------------

with b.part("permissions"):
    os.umask(0)
    b.must("generate", "--algorithm", "ECDSA", "--out", "mode.pem", "--public-out", "mode.pub.pem")
    b.equal(stat.S_IMODE(os.stat("mode.pem").st_mode), 0o600, "a private key has mode 0600, whatever the umask")
    b.equal(stat.S_IMODE(os.stat("mode.pub.pem").st_mode), 0o666, "a public key has the umask's")
    b.must("convert", "mode.pem", "--format", "blob", "--out", "mode.blob")
    b.equal(stat.S_IMODE(os.stat("mode.blob").st_mode), 0o600, "so does a converted one")
    os.chmod("mode.blob", 0o644)
    b.must("convert", "mode.pem", "--format", "blob", "--force", "--out", "mode.blob")
    b.equal(stat.S_IMODE(os.stat("mode.blob").st_mode), 0o600, "--force makes a new file instead of filling a readable one")
    os.umask(0o022)
    before = b.read("mode.pem")
    done = b.cng("generate", "--algorithm", "ECDSA", "--out", "mode.pem")
    b.check(done.returncode == 4 and b"--force" in done.stderr, "an existing file is not overwritten", done.stderr)
    b.equal(b.read("mode.pem"), before, "and stays as it is")
    os.symlink("mode.pem", "link.pem")
    done = b.cng("generate", "--algorithm", "ECDSA", "--out", "link.pem")
    b.equal((done.returncode, b.read("mode.pem")), (4, before), "a link is not followed")
    b.equal([name for name in os.listdir() if ".cng-" in name], [], "no temporary file is left")

with b.part("standard input and output"):
    key = b.must("generate", "--algorithm", "ECDSA", "--out", "-")
    b.check(key.startswith(b"-----BEGIN PRIVATE KEY-----"), "generate --out -")
    public = b.must("convert", "-", "--format", "pem", "--public", data=key)
    b.equal(json.loads(b.must("inspect", "-", "--json", data=public))["kind"], "public key", "convert and inspect read standard input")
    inside = b.json("generate", "--algorithm", "ECDSA", "--out", "-")
    b.check(inside["private"]["key"].startswith("-----BEGIN PRIVATE KEY-----"), "--json holds what would go to standard output")

with b.part("CapitaliSation"):
    b.generate("ecdsa", "--curve", "NISTP384")
    b.equal(b.json("inspect", "key.pem")["key"], "EC nistP384", "names are taken in any case of letters")
    b.generate("ECDSA", "--curve", "P-256")
    b.equal(b.json("inspect", "key.pem")["key"], "EC nistP256", "and as others call them")
    b.equal(convert("key.pem", "eccprivateblob")[:4], b"ECS2", "blob types, too")

b.done()
