"""What the tests of `cng` share: a scratch folder, running programs, TAP."""
import argparse
import contextlib
import json
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile
import traceback


class Bench:
    def __init__(self):
        parser = argparse.ArgumentParser()
        parser.add_argument("--cng", required=True)
        parser.add_argument("--peer")
        args = parser.parse_args()
        # The tests work in a folder of their own: the programs must be named from the root.
        self.program = os.path.abspath(args.cng)
        self.peer_program = os.path.abspath(args.peer) if args.peer else None
        self.count = self.failed = 0
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cng-test-"))
        os.chdir(self.folder)

    # --- results ------------------------------------------------------------------------------------------------

    def check(self, good, name, detail=""):
        self.count += 1
        self.failed += not good
        print(f"{'' if good else 'not '}ok {self.count} - {name}", flush=True)
        if not good and detail:
            print("\n".join("# " + line for line in str(detail).splitlines()[-20:]), flush=True)
        return good

    def equal(self, left, right, name):
        return self.check(left == right, name, f"{left!r}\nis not\n{right!r}")

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}", flush=True)

    @contextlib.contextmanager
    def part(self, name):
        """An exception inside is one failure, and the rest of the file goes on."""
        try:
            yield
        except Exception:
            self.check(False, f"{name}: the test went wrong", traceback.format_exc())

    def done(self):
        os.chdir("/")
        shutil.rmtree(self.folder, ignore_errors=True)
        print(f"1..{self.count}")
        sys.exit(self.failed != 0)

    # --- programs -----------------------------------------------------------------------------------------------

    @staticmethod
    def run(command, data=b""):
        return subprocess.run([str(word) for word in command], input=data, capture_output=True, timeout=300)

    def cng(self, *words, data=b""):
        return self.run([self.program, *words], data)

    def must(self, *words, data=b""):
        """cng succeeds; returns its output."""
        done = self.cng(*words, data=data)
        if done.returncode != 0:
            raise AssertionError(f"cng {' '.join(map(str, words))}: exit status {done.returncode}\n{done.stderr.decode()}")
        return done.stdout

    def json(self, *words, data=b""):
        return json.loads(self.must(*words, "--json", data=data))

    def refused(self, name, status, words, *needles, data=b"", output=b""):
        """The exit status, exactly one line on standard error that holds the needles, nothing else on standard output."""
        done = self.cng(*words, data=data)
        text = done.stderr.decode()
        good = (done.returncode == status and text.startswith("cng: ") and text.count("\n") == 1
                and all(needle in text for needle in needles) and done.stdout == output)
        self.check(good, name, f"status {done.returncode}, not {status}\n{text}\n{len(done.stdout)} bytes of output")
        return done

    def peak(self, *words):
        """cng succeeds; returns the most memory that it had, in bytes."""
        # The system counts what the process was before it became cng: a small one has to start it.
        starter = ("import resource, subprocess, sys\n"
                   "subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)\n"
                   "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
        done = self.run([sys.executable, "-I", "-c", starter, self.program, *words])
        if done.returncode != 0:
            raise AssertionError(f"cng {' '.join(map(str, words))}\n{done.stderr.decode()}")
        return int(done.stdout) * 1024

    @staticmethod
    def has_terminals():
        """Whether this system gives out pseudo-terminals; a bare container may not."""
        try:
            for end in pty.openpty():
                os.close(end)
            return True
        except OSError:
            return False

    def openssl(self, *words, data=b""):
        done = self.run(["openssl", *words], data)
        if done.returncode != 0:
            raise AssertionError(f"openssl {' '.join(map(str, words))}\n{done.stderr.decode()}")
        return done.stdout

    def peer(self, *words):
        done = self.run([self.peer_program, *words])
        if done.returncode != 0:
            raise AssertionError(f"demo_peer {' '.join(map(str, words))}\n{done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout

    def read(self, name):
        return pathlib.Path(name).read_bytes()

    def write(self, name, data):
        pathlib.Path(name).write_bytes(data)
        return name

    def generate(self, algorithm, *words, name="key"):
        """NAME.pem and NAME.pub.pem."""
        self.must("generate", "--algorithm", algorithm, *words, "--force", "--out", f"{name}.pem",
                  "--public-out", f"{name}.pub.pem")
        return f"{name}.pem", f"{name}.pub.pem"

    def has(self, algorithm):
        """Whether the library at hand offers it."""
        if not hasattr(self, "listed"):
            self.listed = {row["name"] for row in self.json("algorithms") if row["available"]}
        return algorithm in self.listed
