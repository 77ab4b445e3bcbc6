/*
 * The operations of the library as a program calls them: one side of every row. Each function does one operation on
 * the arguments that it is given a pointer to, and releases what it made.
 */
#ifndef BENCH_OURS_H
#define BENCH_OURS_H

#include <stdbool.h>
#include <stdint.h>

#include <windows.h>
#include <bcrypt.h>

#define OURS_OCTETS 8192

struct ours_blob {
    ULONG n;
    UCHAR bytes[OURS_OCTETS];
};

/* Generates a key pair; sets a property before if one is named. */
struct ours_generate {
    BCRYPT_ALG_HANDLE alg;
    ULONG bits, flags;
    LPCWSTR property;
    const void *value;
    ULONG value_n;
};

struct ours_import {
    BCRYPT_ALG_HANDLE alg;
    LPCWSTR type;
    const struct ours_blob *blob;
    ULONG flags;
};

struct ours_export {
    BCRYPT_KEY_HANDLE key;
    LPCWSTR type;
    struct ours_blob blob;
};

/* Sign: in to out. Verify: the signature `out` of `in`. Encrypt, decrypt: in to out. Encapsulate: the ciphertext to out.
 * Decapsulate: the ciphertext in `in`. */
struct ours_call {
    BCRYPT_KEY_HANDLE key;
    void *padding;
    ULONG flags;
    struct ours_blob in, out;
};

/* An operation on a key that is imported for it. */
struct ours_use {
    struct ours_import import;
    bool (*run)(void *call);
    struct ours_call call;
};

struct ours_agree {
    BCRYPT_KEY_HANDLE own, peer;
    UCHAR secret[1024];
};

struct ours_ephemeral {
    struct ours_generate generate;
    struct ours_agree agree;
};

/* For setting up. NULL: the algorithm is not there, or making the key failed. */
BCRYPT_ALG_HANDLE ours_open(LPCWSTR name);
BCRYPT_KEY_HANDLE ours_key_new(const struct ours_generate *how);
BCRYPT_KEY_HANDLE ours_key_import(const struct ours_import *what);

/* The sides of rows. */
bool ours_generate(void *ours_generate);
bool ours_import(void *ours_import);
bool ours_export(void *ours_export);
bool ours_sign(void *ours_call);
bool ours_verify(void *ours_call);
bool ours_encrypt(void *ours_call);
bool ours_decrypt(void *ours_call);
bool ours_encapsulate(void *ours_call);
bool ours_decapsulate(void *ours_call);
bool ours_use(void *ours_use);
bool ours_agree(void *ours_agree);
bool ours_ephemeral(void *ours_ephemeral); /* a key pair is made for the agreement */

/* Reports a status that is not success, and remembers it: a row that could not be set up is missing in silence. */
bool ours_ok(NTSTATUS status, const char *what);
extern bool ours_failed;

#endif
