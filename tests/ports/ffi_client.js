// A JavaScript program over bcrypt.h and ncrypt.h: libraries by name, UTF-16 strings, handles as 64-bit numbers. Prints TAP.
//   node ffi_client.js ADDON
"use strict";
const addon = require(process.argv[2]);
const bcrypt = addon.open("libbcrypt.so"), ncrypt = addon.open("libncrypt.so");
let count = 0, failed = 0;

function check(good, what) {
    count++;
    if (!good) failed++;
    console.log(`${good ? "" : "not "}ok ${count} - node: ${what}`);
}

const wide = text => Buffer.from(text + "\0", "utf16le");
const b = (name, ...args) => addon.call(bcrypt, name, ...args);
const n = (name, ...args) => addon.call(ncrypt, name, ...args);

// What a function writes through a pointer.
const handle = () => Buffer.alloc(8);
const value = buffer => buffer.readBigUInt64LE(0);
const size = Buffer.alloc(4);

const algorithm = handle(), hash = handle(), key = handle(), imported = handle();
check(b("BCryptOpenAlgorithmProvider", algorithm, wide("SHA256"), null, 0) === 0, "an algorithm by its UTF-16 name");
check(b("BCryptOpenAlgorithmProvider", handle(), wide("NOPE"), null, 0) === 0xC0000225, "an unknown one: STATUS_NOT_FOUND");

const text = Buffer.from("abc"), digest = Buffer.alloc(32);
check(b("BCryptCreateHash", value(algorithm), hash, null, 0, null, 0, 0) === 0, "a hash");
check(b("BCryptHashData", value(hash), text, text.length, 0) === 0, "takes data");
check(b("BCryptFinishHash", value(hash), digest, 31, 0) === 0xC000000D, "a wrong length: STATUS_INVALID_PARAMETER");
check(b("BCryptFinishHash", value(hash), digest, 32, 0) === 0, "gives its value");
check(digest.toString("hex") === "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "which is that of FIPS 180-4");
check(b("BCryptDestroyHash", value(hash)) === 0 && b("BCryptCloseAlgorithmProvider", value(algorithm), 0) === 0, "both are closed");

check(b("BCryptOpenAlgorithmProvider", algorithm, wide("ECDSA_P256"), null, 0) === 0, "ECDSA_P256");
check(b("BCryptGenerateKeyPair", value(algorithm), key, 256, 0) === 0 && b("BCryptFinalizeKeyPair", value(key), 0) === 0, "a key pair");
const blob = Buffer.alloc(72), signature = Buffer.alloc(64);
check(b("BCryptExportKey", value(key), null, wide("ECCPUBLICBLOB"), blob, 72, size, 0) === 0 && size.readUInt32LE(0) === 72 &&
    blob.readUInt32LE(0) === 0x31534345, "is exported");
check(b("BCryptImportKeyPair", value(algorithm), null, wide("ECCPUBLICBLOB"), imported, blob, 72, 0) === 0, "and imported");
check(b("BCryptSignHash", value(key), null, digest, 32, signature, 64, size, 0) === 0, "signs");
check(b("BCryptVerifySignature", value(imported), null, digest, 32, signature, 64, 0) === 0, "is verified");
signature[10] ^= 1;
check(b("BCryptVerifySignature", value(imported), null, digest, 32, signature, 64, 0) === 0xC000A000, "a changed one: STATUS_INVALID_SIGNATURE");
check(b("BCryptDestroyKey", value(key)) === 0 && b("BCryptDestroyKey", value(key)) === 0xC0000008, "is destroyed once");
b("BCryptDestroyKey", value(imported));

const provider = handle(), name = wide("Łódź ☃ 𝄞 js");
check(n("NCryptOpenStorageProvider", provider, wide("Microsoft Software Key Storage Provider"), 0) === 0, "a key store by its name");
check(n("NCryptCreatePersistedKey", value(provider), key, wide("ECDSA_P256"), name, 0, 0) === 0 && n("NCryptFinalizeKey", value(key), 0) === 0,
    "a key with a name");
check(n("NCryptFreeObject", value(key)) === 0 && n("NCryptOpenKey", value(provider), key, name, 0, 0) === 0, "is opened again");
check(n("NCryptSignHash", value(key), null, digest, 32, signature, 64, size, 0) === 0, "signs");
check(n("NCryptExportKey", value(key), null, wide("ECCPUBLICBLOB"), null, blob, 72, size, 0) === 0 &&
    b("BCryptImportKeyPair", value(algorithm), null, wide("ECCPUBLICBLOB"), imported, blob, 72, 0) === 0 &&
    b("BCryptVerifySignature", value(imported), null, digest, 32, signature, 64, 0) === 0, "which bcrypt.h verifies");
check(n("NCryptOpenKey", value(provider), handle(), wide("another"), 0, 0) === 0x80090016, "one that is not there: NTE_BAD_KEYSET");
check(n("NCryptDeleteKey", value(key), 0) === 0 && n("NCryptOpenKey", value(provider), key, name, 0, 0) === 0x80090016, "is deleted");
check(n("NCryptFreeObject", value(provider)) === 0, "the store is closed");
console.log(`1..${count}`);
process.exitCode = failed ? 1 : 0;
