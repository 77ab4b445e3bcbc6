"""TAP output for the machine checks: collect results, print them, exit."""
import sys


class Tap:
    """tap.check(problems, name): one result; `problems` is a list of sentences, empty when all is well."""

    def __init__(self):
        self.count, self.failed = 0, 0

    def check(self, problems, name):
        self.count += 1
        for problem in problems:
            print(f"# {problem}")
        if problems:
            self.failed += 1
        print(f"{'not ok' if problems else 'ok'} {self.count} - {name}")

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}")

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)
