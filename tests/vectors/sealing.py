"""Authenticated encryption, each vector in every way that the API offers, in both directions."""
import ctypes

import ciphering
import cng
import symmetric
from cng import Failed, Refused
from hashing import pieces
from symmetric import Guarded


class Aead:
    """GCM and CCM of AES, ChaCha20-Poly1305. `run` gives (output, tag), or None where decryption finds a wrong tag."""

    def __init__(self, name, mode, key, nonce, auth, tag_size):
        self.cipher = ciphering.Cipher(name, mode, key, 1)
        self.nonce, self.auth, self.tag_size = nonce, auth, tag_size

    def _once(self, function, data, tag, number, in_place):
        tag = Guarded(self.tag_size, tag)
        info = symmetric.AuthInfo(self.nonce, self.auth, tag)
        out = ciphering.make(self.cipher, number).crypt(function, data, info=info, in_place=in_place)
        return out, tag.bytes()

    def apart(self, function, data, tag, number):
        """One call, output elsewhere"""
        return self._once(function, data, tag, number, False)

    def in_place(self, function, data, tag, number):
        """One call, in place"""
        return self._once(function, data, tag, number, True)

    def chained(self, function, data, tag, number):
        """Calls of whole blocks, and a last one of the rest, which may be empty"""
        key, tag = ciphering.make(self.cipher, number), Guarded(self.tag_size, tag)
        info, iv, mac = symmetric.AuthInfo(self.nonce, self.auth, tag), ctypes.create_string_buffer(16), Guarded(16)
        info.mac, info.mac_bytes, info.flags = ctypes.addressof(mac.buffer), 16, symmetric.CHAIN_CALLS
        out, at = b"", 0
        for i, piece in enumerate(pieces(data[:len(data) // 16 * 16:16], number)):
            out += key.crypt(function, data[at:at + 16 * len(piece)], iv, info, in_place=i % 2)
            info.no_more_auth()
            at += 16 * len(piece)
        info.flags &= ~symmetric.CHAIN_CALLS
        out += key.crypt(function, data[at:], iv, info)
        mac.bytes()
        return out, tag.bytes()

    def ways(self):
        return (self.apart, self.in_place) + ((self.chained,) if self.cipher.mode == "GCM" else ())

    def run(self, function, data, tag, number):
        results, refusals = [], []
        for i, way in enumerate(self.ways()):
            try:
                results.append(way(function, data, tag, number + i))
            except Failed as failed:
                if failed.status == cng.STATUS_AUTH_TAG_MISMATCH:
                    results.append(None)
                elif isinstance(failed, Refused):
                    refusals.append(failed)
                else:
                    raise
        if refusals and not results:
            raise refusals[0]
        if refusals or any(result != results[0] for result in results):
            raise AssertionError(f"the ways differ: {results} {refusals}")
        return results[0]

    def good(self, plain, cipher_text, tag, number):
        """Whether both directions do what a good vector says."""
        return (self.run("BCryptEncrypt", plain, b"", number) == (cipher_text, tag)
                and self.run("BCryptDecrypt", cipher_text, tag, number + 1) == (plain, tag))

    def bad(self, cipher_text, tag, number):
        """Whether the tag is found wrong."""
        return self.run("BCryptDecrypt", cipher_text, tag, number) is None

    def refused(self, text, number):
        """Whether sizes that the API does not take are refused in the documented way."""
        for function in ("BCryptEncrypt", "BCryptDecrypt"):
            for way in self.ways():
                try:
                    way(function, text, b"", number)
                except Failed as failed:
                    if failed.status == cng.STATUS_INVALID_PARAMETER:
                        continue
                    raise
                return False
        return True
