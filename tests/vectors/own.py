"""The project's own known answers, own.json and own_symmetric.json: one Tally for each of its groups.

Cases of own_symmetric.json have a kind and are described in own_symmetric.py. Any other case is a key pair. Its fields;
"blob" is always a name from `blobs`:

    blobs        name -> bytes
    import       [blob type, blob]: the key, on `algorithm`, with the named `curve` set where there is one
    also         [[blob type, blob, flags]]: other imports that must give the same key
    exports      blob type -> blob or "sha256:…": what the key must export, byte for byte
    properties   property -> blob or "sha256:…"
    refused      [{type, blob, at and bytes or longer, why}]: imports of the blob, changed, that must be refused
    signatures   [{pad, hash, salt, context, data, signature}]: `signature` must verify, and nothing near it; a new one
                 must verify, too (not with only_verify), and be the same (with same)
    encrypt, decrypt   [{pad, hash, label, text, cipher}]
    agree        [{type, peer, flags, secret, derive}]; `derive` is [{kdf, params, flags, size, value, properties}]
    encapsulate  true: what the key encapsulates, it decapsulates
    decapsulate  [{cipher, secret, flipped}], where `flipped` is the secret of the ciphertext with a changed bit
    generate     {bits, property, blob, sign or agree}: a new key in the parameters of the property, which signs the
                 digest, or agrees with the private blob's key
"""
import base64
import hashlib
import sys

import cng
import own_symmetric
from report import Skip, Tally

FILES = ("own.json", "own_symmetric.json")

_PADS = {None: 0, "NONE": cng.PAD_NONE, "PKCS1": cng.PAD_PKCS1, "OAEP": cng.PAD_OAEP, "PSS": cng.PAD_PSS,
         "PQDSA": cng.PAD_PQDSA, "MU": cng.EXTERNAL_MU}


def data_of(text):
    return base64.b64decode(text[7:]) if text.startswith("base64:") else bytes.fromhex(text)


def native(data):
    """Values of properties and parameters are recorded as a little-endian machine has them; strings and numbers are the machine's."""
    if sys.byteorder == "little":
        return data
    if len(data) == 4 and data[2:] == b"\0\0":
        return data[::-1]
    is_text = len(data) % 2 == 0 and not any(data[1::2])
    return b"".join(data[i:i + 2][::-1] for i in range(0, len(data), 2)) if is_text else data


def flip(data, at):
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def options(entry):
    """The arguments of sign, verify, encrypt and decrypt behind the data."""
    more = {"flags": _PADS[entry.get("pad")]}
    if "hash" in entry:
        more["hash_name"] = entry["hash"]
    if "salt" in entry:
        more["salt"] = entry["salt"]
    for name in ("label", "context"):
        if name in entry:
            more[name] = data_of(entry[name])
    return more


class Case:
    def __init__(self, case):
        self.case, self._key = case, None
        self.blobs = {name: native(data_of(text)) if name in ("name", "set") else data_of(text) for name, text in case["blobs"].items()}

    @property
    def algorithm(self):
        if not cng.available(self.case["algorithm"]):
            raise Skip("absent")
        return cng.Algorithm.get(self.case["algorithm"], self.case.get("curve"))

    def import_key(self, kind, blob, flags=0):
        return self.algorithm.import_key(kind, self.blobs[blob], flags)

    @property
    def key(self):
        if self._key is None:
            self._key = self.import_key(*self.case["import"])
        return self._key

    def is_blob(self, data, text):
        if text.startswith("sha256:"):
            return hashlib.sha256(data).hexdigest() == text[7:]
        return data == self.blobs[text]

    # ---- the checks: True is good, anything else is not

    def exports(self, key=None):
        key = key or self.key
        return all(self.is_blob(key.export(kind), text) for kind, text in self.case.get("exports", {}).items())

    def refused(self, entry):
        blob = self.blobs[entry["blob"]]
        if "at" in entry:
            at, new = entry["at"] % len(blob), data_of(entry["bytes"])
            blob = blob[:at] + new + blob[at + len(new):]
        longer = entry.get("longer", 0)
        blob = blob + bytes(longer) if longer >= 0 else blob[:longer]
        try:
            self.algorithm.import_key(entry["type"], blob)
        except cng.Refused:
            return True
        return False

    def verifies(self, entry):
        data, signature, more = data_of(entry["data"]), data_of(entry["signature"]), options(entry)
        if not self.key.verify(data, signature, **more):
            return False
        middle = min(len(data), len(signature) // 2) // 2  # (EC)DSA does not look at the end of a long hash
        near = [(flip(data, 0), signature), (flip(data, middle), signature), (data, flip(signature, 0)),
                (data, flip(signature, -1)), (data, flip(signature, len(signature) // 2)), (data, signature[:-1]),
                (data, signature + b"\0")]
        return not any(self.key.verify(*pair, **more) for pair in near)

    def signs(self, entry):
        data, more = data_of(entry["data"]), options(entry)
        made = self.key.sign(data, **more)
        return self.key.verify(data, made, **more) and (not entry.get("same") or made == data_of(entry["signature"]))

    def encrypts(self, entry):
        return self.key.encrypt(data_of(entry["text"]), **options(entry)) == data_of(entry["cipher"])

    def decrypts(self, entry):
        return self.key.decrypt(data_of(entry["cipher"]), **options(entry)) == data_of(entry["text"])

    def returns(self, entry):
        """What the public key encrypts with random padding comes back."""
        text = data_of(entry["text"])
        cipher = self.key.encrypt(text, **options(entry))
        return cipher != data_of(entry["cipher"]) and self.key.decrypt(cipher, **options(entry)) == text

    def peer(self, entry):
        return self.import_key(entry["type"], entry["peer"], entry.get("flags", 0))

    def agrees(self, entry):
        return self.key.agree(self.peer(entry)) == data_of(entry["secret"])

    def derives(self, entry, derivation):
        decoded = lambda pairs: [(name, None if text is None else native(data_of(text))) for name, text in pairs]
        params, properties = (decoded(derivation.get(name, ())) for name in ("params", "properties"))
        got = self.key.derive(self.peer(entry), derivation["kdf"], params, derivation["size"],
                              derivation.get("flags", 0), properties)
        return got == data_of(derivation["value"])

    def decapsulates(self, entry):
        cipher = data_of(entry["cipher"])
        return (self.key.decapsulate(cipher) == data_of(entry["secret"]) and
                self.key.decapsulate(flip(cipher, 0)) == data_of(entry["flipped"]))

    def encapsulates(self):
        shared, cipher = self.key.encapsulate()
        return self.key.decapsulate(cipher) == shared and self.key.decapsulate(flip(cipher, 0)) != shared

    def generates(self, entry):
        value = self.blobs[entry["blob"]]
        key = self.algorithm.generate(entry["bits"], [(entry["property"], value)])
        if key.property(entry["property"]) != value:
            return False
        if "sign" in entry:
            hashed = data_of(entry["sign"])
            return key.verify(hashed, key.sign(hashed))
        size, private, public = entry["bits"] // 8, self.blobs[entry["agree"]], key.export("DHPUBLICBLOB")
        p, x, y = (int.from_bytes(data, "big") for data in (private[8:8 + size], private[-size:], public[-size:]))
        return public[4:8 + 2 * size] == private[4:8 + 2 * size] and public[:4] == b"DHPB" and (
            key.agree(self.key) == pow(y, x, p).to_bytes(size, "big"))

    def checks(self):
        """(label, check) for everything that the case says."""
        case = self.case
        yield "import", lambda: self.key is not None
        for kind, text in case.get("exports", {}).items():
            yield f"export {kind}", lambda: self.is_blob(self.key.export(kind), text)
        for entry in case.get("also", ()):
            yield f"import as {entry[0]} {entry[1]}", lambda: self.exports(self.import_key(*entry))
        for name, text in case.get("properties", {}).items():
            yield f"property {name}", lambda: self.is_blob(self.key.property(name), text)
        for entry in case.get("refused", ()):
            yield f"refuse {entry['type']}: {entry['why']}", lambda: self.refused(entry)
        for entry in case.get("signatures", ()):
            label = " ".join(str(entry[x]) for x in ("pad", "hash", "salt") if x in entry)
            if "signature" in entry:
                yield f"verify {label}", lambda: self.verifies(entry)
            if not entry.get("only_verify"):
                yield f"sign {label}", lambda: self.signs(entry)
        for entry in case.get("encrypt", ()):
            yield f"encrypt {entry['pad']}", lambda: self.encrypts(entry)
        for entry in case.get("decrypt", ()):
            label = " ".join(entry[x] for x in ("pad", "hash", "label") if x in entry)
            label += f", {len(data_of(entry['text']))} bytes"
            yield f"decrypt {label}", lambda: self.decrypts(entry)
            if entry["pad"] != "NONE":
                yield f"encrypt and decrypt {label}", lambda: self.returns(entry)
        for entry in case.get("agree", ()):
            yield f"agree with {entry['peer']}", lambda: self.agrees(entry)
            for i, derivation in enumerate(entry.get("derive", ())):
                yield f"derive {i} {derivation['kdf']}", lambda: self.derives(entry, derivation)
        if case.get("encapsulate"):
            yield "encapsulate", self.encapsulates
        for entry in case.get("decapsulate", ()):
            yield "decapsulate", lambda: self.decapsulates(entry)
        if "generate" in case:
            yield f"generate in {case['generate']['property']}", lambda: self.generates(case["generate"])


def checks_of(group):
    """(label, check) for everything that a group says."""
    for entry in group["cases"]:
        for label, check in own_symmetric.checks(entry) if "kind" in entry else Case(entry).checks():
            yield f"{entry['name']}: {label}", check


def run(document):
    for group in document["groups"]:
        tally = Tally("own/" + group["name"])
        for label, check in checks_of(group):
            tally.run(label, check)
        yield tally
