"""SymCrypt's text vectors: sections of records, each `name = value`."""
import re


def records(text):
    """(section, record) for each record; a record is a dict of strings."""
    section = None
    for block in re.split(r"\n\s*\n", text.replace("\\\n", "")):
        record = {}
        for line in block.split("\n"):
            line = line.strip()
            if line.startswith("["):
                section = line[1:-1]
            elif "=" in line and not line.startswith("#"):
                name, value = line.split("=", 1)
                before, quote, quoted = value.partition('"')
                record[name.strip()] = re.sub(r"\s", "", before) + quote + quoted.rstrip()
        if record:
            yield section, record


def i(text):
    return int(text, 16)


def h(text):
    """Hex, or text in quotation marks; either may be repeated."""
    count, text = re.fullmatch(r"(?:repeat\((\d+)\))?(.*)", text, re.DOTALL).groups()
    return (text[1:-1].encode() if text.startswith('"') else bytes.fromhex(text)) * int(count or 1)
