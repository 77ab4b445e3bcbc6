"""SymCrypt's chains of generated values ("rnd" records): what they compute was read from its test program, which makes
everything out of a buffer, whose parts are chosen by a small generator, and writes each result back into it."""
import hashlib
import itertools
import struct

import ciphering
import hashing
import symmetric
from hashing import handle, subject
from symmetric import Key


class Generator:
    """SHA-1 of a seed's hash and a counter, byte by byte."""

    def __init__(self, seed):
        seed = hashlib.sha1(seed).digest()
        stream = (hashlib.sha1(seed + i.to_bytes(8, "little")).digest() for i in itertools.count())
        self.byte = itertools.chain.from_iterable(stream).__next__

    def below(self, bound):
        """A number below the bound, from as many bytes as the bound has, again until it is below."""
        byte, bits = self.byte, bound.bit_length()
        mask, more = (1 << bits) - 1, range((bits - 1) // 8)
        while True:
            value = byte()
            for _ in more:
                value = value << 8 | byte()
            value &= mask
            if value < bound:
                return value

    def mostly_below(self, bound, limit, shift):
        """Mostly below the limit, which a byte's ones move up."""
        ones = self.byte()
        while ones & 1 and limit < bound:
            ones, limit = ones >> 1, limit << shift
        return self.below(min(bound, limit))

    def part(self, size):
        """(start, length) of a part of so many bytes."""
        a, b = self.below(size), self.below(size)
        return min(a, b), abs(a - b)


def _put(buffer, size, at, result):
    """Writes a result into a buffer that begins anew behind its end."""
    first = size - at
    buffer[at:at + len(result[:first])] = result[:first]
    buffer[:len(result[first:])] = result[first:]


def hashes(section, name, block, rounds):
    """Each round hashes up to four parts of four blocks; the result is the hash of them all."""
    g, size, out = Generator(section.encode()), 4 * block, hashing.SIZES[name]
    buffer, algorithm = bytearray(size), handle(subject(name, out), flags=symmetric.REUSABLE)
    reused = symmetric.Hash(algorithm)
    for _ in range(rounds):
        at, count = g.below(size), g.byte() % 5
        parts = [g.part(size) for _ in range(max(1, count))]
        if count == 0:
            start, length = parts[0]
            result = symmetric.hash_once(algorithm, None, bytes(buffer[start:start + length]), out)
        else:
            for start, length in parts:
                reused.data(bytes(buffer[start:start + length]))
            result = reused.finish(out)
        _put(buffer, size, at, result)
    return symmetric.hash_once(algorithm, None, bytes(buffer), out)


def codes(section, what, block, key_size, rounds):
    """The same with a key out of the buffer; `key_size` None: of any size."""
    g, size = Generator(section.encode()), max(64, 4 * block)
    buffer, algorithm = bytearray(b"N" * 4096), handle(what, pseudo=True)
    for _ in range(rounds):
        key_at = g.below(size)
        length = g.mostly_below(size - key_at, 64, 2) if key_size is None else key_size
        key, at, count = bytes(buffer[key_at:key_at + length]), g.below(size), g.byte() % 5
        parts = [bytes(buffer[start:start + length]) for start, length in (g.part(size) for _ in range(max(1, count)))]
        if count == 0:
            result = symmetric.hash_once(algorithm, key, parts[0], what.size)
        else:
            code = symmetric.Hash(algorithm, key)
            for part in parts:
                code.data(part)
            result = code.finish(what.size)
        _put(buffer, size, at, result)
    return symmetric.hash_once(algorithm, bytes(buffer[:key_size or 0]), bytes(buffer[:size]), what.size)


def _folded(buffer, size):
    result = bytearray(size)
    for i, byte in enumerate(buffer):
        result[i % size] ^= byte
    return bytes(result)


def blocks(section, c, key_size, rounds):
    """Each round takes key and IV from the buffer of 32 blocks, and turns parts of it, back and forth."""
    g = Generator(section.encode() + key_size.to_bytes(8, "little"))
    size, unit, iv_size = 32 * c.block, c.segment or c.block, 0 if c.mode == "ECB" else c.block
    buffer = bytearray(size)
    for _ in range(rounds):
        key_at = g.below(size - key_size)
        key = Key(ciphering.algorithm(c), bytes(buffer[key_at:key_at + key_size]))
        if c.segment:
            key.set("MessageBlockLength", struct.pack("=I", c.segment))
        iv_at, count = g.below(size - iv_size), g.byte()
        iv = ciphering.iv_buffer(bytes(buffer[iv_at:iv_at + iv_size])) if iv_size else None
        for _ in range(1 + count % 5):
            start, length = g.part(size)
            part = bytes(buffer[start:start + length // unit * unit])
            buffer[start:start + len(part)] = key.crypt("BCryptEncrypt" if count & 1 else "BCryptDecrypt", part, iv)
        if iv_size:
            buffer[iv_at:iv_at + iv_size] = iv.raw
    return _folded(buffer, c.block)


def rc4(section, rounds):
    """The same with a stream, whose keys have 1 to 256 bytes."""
    g, buffer = Generator(section.encode()), bytearray(1024)
    algorithm = symmetric.opened("RC4", flags=symmetric.EXTENDED)
    for _ in range(rounds):
        length = 1 + g.below(256)
        at = g.below(len(buffer) - length)
        key = Key(algorithm, bytes(buffer[at:at + length]), symmetric.EXTENDED)
        for _ in range(1 + g.byte() % 5):
            start, length = g.part(len(buffer))
            buffer[start:start + length] = key.crypt("BCryptEncrypt", bytes(buffer[start:start + length]))
    return _folded(buffer, 16)
