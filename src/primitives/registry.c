/*
 * The one list of algorithms. Adding one is a file with its row, this line, and a vector file.
 */
#include "registry.h"

#include "lanes_cpu.h"
#include "levers.h"
#include "ossl.h"

/* clang-format off */
static const struct alg_class *const classes[] = {
    &md2_class,
    &md4_class,
    &md5_class,
    &sha1_class,
    &sha256_class,
    &sha384_class,
    &sha512_class,
    &aes_cmac_class,
    &aes_gmac_class,
    &sha3_256_class,
    &sha3_384_class,
    &sha3_512_class,
    &cshake128_class,
    &cshake256_class,
    &kmac128_class,
    &kmac256_class,
    &shake128_class,
    &shake256_class,
    &rc4_class,
    &des3_class,
    &des3_112_class,
    &aes_class,
    &des_class,
    &desx_class,
    &rc2_class,
    &xts_class,
    &chacha_class,
    &rsa_class,
    &rsa_sign_class,
    &dsa_class,
    &dh_class,
    &ecdsa_p256_class,
    &ecdsa_p384_class,
    &ecdsa_p521_class,
    &ecdsa_class,
    &ecdh_p256_class,
    &ecdh_p384_class,
    &ecdh_p521_class,
    &ecdh_class,
    &mlkem_class,
    &mldsa_class,
    &slhdsa_class,
    &capi_kdf_class,
    &pbkdf2_class,
    &sp800_108_class,
    &sp800_56a_class,
    &tls1_1_kdf_class,
    &tls1_2_kdf_class,
    &hkdf_class,
    &rng_class,
    &rng_dsa_class,
    &rng_dual_ec_class,
    NULL,
};
/* clang-format on */

const struct provider opencng_primitive_provider = {
    .name = "Microsoft Primitive Provider",
    .classes = classes,
    .engine = ossl_version,
    .processor = lanes_cpu_names,
    .levers = levers_text,
};
