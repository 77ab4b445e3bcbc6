"""ACVP's Monte Carlo tests of hashes: a hundred results of a thousand hashes each, which hash what came before."""
import hashing
import symmetric

ROUNDS = 1000


def h(text):
    return bytes.fromhex(text)


def run(chain, name, group, test):
    """Whether all results of a chain are those of the vector."""
    results = chain(name, group, test)
    return all(next(results) == h(wanted["md"]) for wanted in test["resultsArray"])


def _hash(name, customization=b"", function=b""):
    """A function that hashes; without strings in one call. One way is enough for chains."""
    if not customization and not function:
        algorithm = symmetric.opened(name)
        return lambda data, size: symmetric.hash_once(algorithm, None, data, size)

    def with_strings(data, size):
        properties = [("FunctionNameString", function), ("CustomizationString", customization)]
        return hashing.brief(name, None, data, size, [pair for pair in properties if pair[1]])
    return with_strings


def sha2(name, group, test):
    """Each message is the three digests before it; in the alternate form it is made as long as the first seed."""
    seed, make = h(test["msg"]), _hash(name)
    length = len(seed) if group.get("mctVersion") == "alternate" else None
    while True:
        a = b = c = seed
        for _ in range(ROUNDS):
            message = a + b + c
            if length is not None:
                message = message[:length].ljust(length, b"\0")
            a, b, c = b, c, make(message, hashing.SIZES[name])
        yield c
        seed = c


def sha3(name, _group, test):
    value, make = h(test["msg"]), _hash(name)
    while True:
        for _ in range(ROUNDS):
            value = make(value, hashing.SIZES[name])
        yield value


def shake(name, group, test):
    """The last 16 bits of an output say how long the next one is."""
    least, most, make = group["minOutLen"] // 8, group["maxOutLen"] // 8, _hash(name)
    value, size = h(test["msg"]), most
    while True:
        for _ in range(ROUNDS):
            value = make(value[:16].ljust(16, b"\0"), size)
            size = least + int.from_bytes(value[-2:], "big") % (most - least + 1)
        yield value


def cshake(name, group, test):
    """The customization, too, comes out of what was before; sizes are in bits."""
    least, most, step = group["minOutLen"], group["maxOutLen"], group["outLenIncrement"]
    value, size, customization = h(test["msg"]), most, b""
    while True:
        for _ in range(ROUNDS):
            message = value[:16].ljust(16, b"\0")
            out = _hash(name, customization, test["functionName"].encode())(message, (size + 7) // 8)
            value = hashing.high_bits(out, size)
            last = (int.from_bytes(value, "big") >> -size % 8) & 0xFFFF
            size = (least + last % (most - least + 1)) // step * step
            customization = bytes(byte % 26 + 65 for byte in message + last.to_bytes(2, "big"))
        yield value
