"""A configuration for one test, in a folder of its own (OPENCNG_HOME)."""
import os
import stat
from pathlib import Path


def untrusted(image):
    """Why the file would not be loaded: others than its owner may write to it, or to a folder above it. None: it would be."""
    for path in [Path(image).resolve(), *Path(image).resolve().parents]:
        status = path.stat()
        if status.st_uid not in (0, os.geteuid()) or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return f"others may write to {path}"
    return None


def escaped(name):
    """The name of a provider's or context's file."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else f"%{ord(c):02X}" for c in name.lower())


class Home:
    def __init__(self, root):
        self.root = root
        # Root's own table is the machine's.
        self.table = root / ("machine" if os.geteuid() == 0 else "user") / "config"

    def write(self, kind, name, lines):
        folder = self.table / kind
        folder.mkdir(parents=True, exist_ok=True)
        for path in (self.root, self.table.parent, self.table, folder):
            path.chmod(0o755)
        path = folder / f"{escaped(name)}.conf"
        path.write_text("\n".join(lines) + "\n")
        path.chmod(0o644)

    def register(self, name, image, offered, aliases=()):
        """offered: interface -> names of functions."""
        lines = ["opencng provider 1", f"name {name}", *(f"alias {alias}" for alias in aliases), f"image {image}"]
        for interface, functions in offered.items():
            lines += [f"interface {interface}", *(f"  function {function}" for function in functions)]
        self.write("providers", name, lines)

    def order(self, order, flags=None):
        """order: interface -> {function: providers, the first one in front}."""
        lines = ["opencng context 1", "name Default"]
        for interface, functions in order.items():
            lines.append(f"interface {interface}")
            for function, providers in functions.items():
                lines.append(f"  function {function}")
                lines += [f"    flags {flags}"] if flags else []
                lines += [f"    provider {provider}" for provider in providers]
        self.write("contexts", "Default", lines)
