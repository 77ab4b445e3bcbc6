/* The rows of the built-in provider, each defined in its family's file. */
#ifndef PRIMITIVES_REGISTRY_H
#define PRIMITIVES_REGISTRY_H

#include "provider.h"

extern const struct alg_class md2_class, md4_class, md5_class, sha1_class;
extern const struct alg_class sha256_class, sha384_class, sha512_class;
extern const struct alg_class sha3_256_class, sha3_384_class, sha3_512_class;
extern const struct alg_class cshake128_class, cshake256_class, kmac128_class, kmac256_class;
extern const struct alg_class shake128_class, shake256_class;
extern const struct alg_class aes_cmac_class, aes_gmac_class;
extern const struct alg_class rsa_class, rsa_sign_class;
extern const struct alg_class dsa_class, dh_class;
extern const struct alg_class ecdsa_p256_class, ecdsa_p384_class, ecdsa_p521_class, ecdsa_class;
extern const struct alg_class ecdh_p256_class, ecdh_p384_class, ecdh_p521_class, ecdh_class;
extern const struct alg_class mlkem_class, mldsa_class, slhdsa_class;
extern const struct alg_class rc4_class, des3_class, des3_112_class, aes_class, des_class,
    desx_class, rc2_class, xts_class, chacha_class;
extern const struct alg_class capi_kdf_class, pbkdf2_class, sp800_108_class, sp800_56a_class;
extern const struct alg_class tls1_1_kdf_class, tls1_2_kdf_class, hkdf_class;
extern const struct alg_class rng_class, rng_dsa_class, rng_dual_ec_class;

#endif
