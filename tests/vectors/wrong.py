"""Libraries that are wrong in one way: wrappers around cng._call, and where the functions' outputs are."""
import collections
import ctypes
import sys

import cng
import symmetric

STATUS_INTERNAL_ERROR = 0xC00000E5
true_call = cng._call
good_imports = {}  # the arguments of one, by function


# ---- what functions give ----------------------------------------------------------------------------------------

# An output of a function; `of` finds it among the arguments: arrays of bytes that can be changed.
Output = collections.namedtuple("Output", "function what of size", defaults=(None,))


def _region(buffer, size):
    """The bytes of a buffer, or none."""
    count = size._obj.value if hasattr(size, "_obj") else getattr(size, "value", size)
    if buffer is None or count == 0:
        return []
    return [(ctypes.c_char * count).from_buffer(buffer)]


def sized(function, buffer, size):
    """An output whose buffer and size are arguments. Sizes of objects do not count: too large is as good."""
    def of(args):
        if function == "BCryptGetProperty" and "ObjectLength" in bytes(args[1]).decode("utf-16-le"):
            return []
        return _region(args[buffer], args[size])
    return Output(function, f"argument {buffer + 1}", of, size)


def auth_info(args):
    info = getattr(args[3], "_obj", None)
    return info if isinstance(info, symmetric.AuthInfo) else None


def _tag(args):
    info = auth_info(args)
    if info is None or info.flags & symmetric.CHAIN_CALLS:
        return []
    return [(ctypes.c_char * info.tag_bytes).from_address(info.tag)]


def _iv(args):
    """Without an authenticated mode, whose chains keep there what is theirs; and where text went through."""
    return _region(args[4], args[5]) if auth_info(args) is None and args[6] is not None and args[2] > 0 else []


def _results(args):
    return [(ctypes.c_char * operation.size).from_address(operation.buffer) for operation in args[2]
            if operation.operation == 2]


OUTPUTS = [sized(*row) for row in (
    ("BCryptSignHash", 4, 6), ("BCryptEncrypt", 6, 8), ("BCryptDecrypt", 6, 8), ("BCryptDeriveKey", 3, 5),
    ("BCryptExportKey", 3, 5), ("BCryptGetProperty", 2, 4), ("BCryptDecapsulate", 3, 5), ("BCryptEncapsulate", 1, 3),
    ("BCryptEncapsulate", 4, 6), ("BCryptHash", 5, 6), ("BCryptFinishHash", 1, 2), ("BCryptKeyDerivation", 2, 4),
    ("BCryptDeriveKeyPBKDF2", 6, 7), ("BCryptDeriveKeyCapi", 2, 3))]
OUTPUTS += [Output("BCryptEncrypt", "the tag", _tag), Output("BCryptEncrypt", "the IV", _iv),
            Output("BCryptDecrypt", "the IV", _iv), Output("BCryptProcessMultiOperations", "the results", _results)]


# ---- wrong libraries --------------------------------------------------------------------------------------------

def flipping(output, place):
    def wrapper(name, *args):
        true_call(name, *args)
        for region in output.of(args) if name == output.function else ():
            at = {"first": 0, "middle": len(region) // 2, "last": len(region) - 1}[place]
            region[at] = bytes([region[at][0] ^ 1])
    return wrapper


def shortening(output):
    def wrapper(name, *args):
        true_call(name, *args)
        if name == output.function and any(output.of(args)):
            args[output.size]._obj.value -= 1
    return wrapper


def ignoring(function, status):
    """Does not say that something is wrong."""
    def wrapper(name, *args):
        try:
            true_call(name, *args)
        except cng.Failed as failed:
            if name != function or failed.status != status:
                raise
    return wrapper


def always_good(name, *args):
    if name != "BCryptVerifySignature":
        true_call(name, *args)


def never_good(function):
    def wrapper(name, *args):
        if name == function:
            raise cng.Refused(name, cng.STATUS_INVALID_SIGNATURE)
        true_call(name, *args)
    return wrapper


def never_authentic(name, *args):
    true_call(name, *args)
    if name == "BCryptDecrypt" and auth_info(args):
        raise cng.Refused(name, cng.STATUS_AUTH_TAG_MISMATCH)


def adding_to_copies(name, *args):
    """A copied hash has seen a byte that the original has not."""
    true_call(name, *args)
    if name == "BCryptDuplicateHash":
        true_call("BCryptHashData", args[1]._obj, b"x", 1, 0)


def forgetting(property_name):
    """Properties of this name are not set."""
    def wrapper(name, *args):
        if name != "BCryptSetProperty" or bytes(args[1]).decode("utf-16-le") != property_name + "\0":
            true_call(name, *args)
    return wrapper


def breaking(function):
    """Answers what it should refuse with another status."""
    def wrapper(name, *args):
        try:
            true_call(name, *args)
        except cng.Failed:
            raise (cng.Failed(name, STATUS_INTERNAL_ERROR) if name == function else sys.exc_info()[1])
    return wrapper


def taking_anything(function):
    """Gives a good key for a bad blob."""
    def wrapper(name, *args):
        try:
            true_call(name, *args)
        except cng.Refused:
            if name != function:
                raise
            good = good_imports[name]
            true_call(name, *good[:3], args[3], *good[4:])
    return wrapper
