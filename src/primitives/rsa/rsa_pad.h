/*
 * The paddings of RSA (RFC 8017): bytes in, bytes out, no key and no arithmetic.
 *
 * An encoded message `em` is as long as the modulus, k bytes; every k of ours is at least 64. What
 * does not fit is STATUS_INVALID_PARAMETER.
 */
#ifndef PRIMITIVES_RSA_PAD_H
#define PRIMITIVES_RSA_PAD_H

#include "digest.h"

/* ---- signatures (rsa_pad_sign.c) ------------------------------------------------------------ */

/* EMSA-PKCS1-v1_5. `d` NULL: the bytes of `hash` stand alone, without a DigestInfo. DigestInfos are
 * written with NULL parameters; verifiers have to accept them without, too. */
NTSTATUS pad_pkcs1_sign(const struct digest *d, bool parameters, struct span hash, uint8_t *em,
                        size_t k) MUST_CHECK;

/* EMSA-PSS with a random salt of salt_bytes; `bits` are those of the modulus. */
NTSTATUS pad_pss_sign(const struct digest *d, struct span hash, size_t salt_bytes, size_t bits,
                      uint8_t *em) MUST_CHECK;

/* STATUS_INVALID_SIGNATURE unless em encodes this hash with a salt of exactly that length.
 * Overwrites em. */
NTSTATUS pad_pss_verify(const struct digest *d, struct span hash, size_t salt_bytes, size_t bits,
                        uint8_t *em) MUST_CHECK;

/* ---- encryption (rsa_pad_crypt.c) ----------------------------------------------------------- */

/* EME-PKCS1-v1_5 and EME-OAEP. */
NTSTATUS pad_pkcs1_encrypt(struct span message, uint8_t *em, size_t k) MUST_CHECK;
NTSTATUS pad_oaep_encrypt(const struct digest *d, struct span label, struct span message,
                          uint8_t *em, size_t k) MUST_CHECK;

/* The message inside em, which OAEP overwrites. Whatever is wrong with the padding, the status is
 * STATUS_INVALID_PARAMETER, and it took the same time to find out. */
NTSTATUS pad_pkcs1_decrypt(const uint8_t *em, size_t k, struct span *message) MUST_CHECK;
NTSTATUS pad_oaep_decrypt(const struct digest *d, struct span label, uint8_t *em, size_t k,
                          struct span *message) MUST_CHECK;

/* ---- shared (rsa_mgf.c) --------------------------------------------------------------------- */

/* Exclusive-ors MGF1 of the seed to p[0..n). */
NTSTATUS pad_mask(const struct digest *d, struct span seed, uint8_t *p, size_t n) MUST_CHECK;

/* Random bytes. */
NTSTATUS pad_random(uint8_t *p, size_t n) MUST_CHECK;

#endif
