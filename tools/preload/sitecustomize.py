"""Python imports this at its start when this folder is on PYTHONPATH: in a build with AddressSanitizer.

A library that has the sanitizer can only be loaded by a process that began with the sanitizer's runtime, which is what
OPENCNG_PRELOAD names. So every interpreter starts itself once more with that runtime preloaded, and then forgets it:
the programs that a test starts (compilers, openssl) must not get it, they would be checked for leaks of their own.
"""
import os
import sys

_runtime = os.environ.get("OPENCNG_PRELOAD")
if _runtime and os.environ.get("LD_PRELOAD") == _runtime:
    del os.environ["LD_PRELOAD"]
elif _runtime:
    os.execve(sys.executable, sys.orig_argv, {**os.environ, "LD_PRELOAD": _runtime})
