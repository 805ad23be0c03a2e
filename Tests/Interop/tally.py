"""Counts what a check finds."""

import sys


class Tally:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, what, problem):
        """`problem` is None where all is well."""
        if problem is None:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}: {problem}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)
