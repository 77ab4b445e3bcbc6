"""What docs/writing-a-provider.md promises: cng hashes with a registered provider's function, and says why when it cannot. Prints TAP.

usage: cng_hash.py CNG
"""
import subprocess
import sys

ABC = "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"
count = failed = 0


def check(good, what, done):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {what}", flush=True)
    if not good:
        print(f"# {done}", flush=True)


def cng(*words):
    return subprocess.run([sys.argv[1], *words], input=b"abc", capture_output=True)


done = cng("hash", "SHA512/256")
check(done.returncode == 0 and done.stdout.split()[0].decode() == ABC, "the digest of a registered hash", done)
done = cng("hash", "SHA512/256", "--length", "16")
check(done.returncode != 0 and b"do not go with SHA512/256" in done.stderr, "it has one length", done)
for name, sentence in (("missing", b"image is not there"), ("text", b"cannot be loaded"), ("writable", b"could change the provider's image"),
                       ("no-such-hash", b"there is no hash function"), ("table-old", b"no version that is known"),
                       ("length-odd", b"4294967295 bytes")):
    done = cng("hash", name)
    check(done.returncode != 0 and sentence in done.stderr and done.stdout == b"", f"{name}: {sentence.decode()}", done)
print(f"1..{count}")
sys.exit(failed != 0)
