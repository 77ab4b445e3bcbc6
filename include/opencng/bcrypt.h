/* bcrypt.h: the primitives of Windows CNG.
 *
 * Handles. BCRYPT_ALG_HANDLE, BCRYPT_KEY_HANDLE, BCRYPT_HASH_HANDLE and BCRYPT_SECRET_HANDLE are all PVOID, as on Windows, and
 * none of them is a pointer to anything: a handle names an object inside the library. A NULL handle, a closed one, a handle of
 * another kind or a made-up value gives STATUS_INVALID_HANDLE and never a crash. The pseudo-handles (BCRYPT_..._ALG_HANDLE)
 * stand for ready-made algorithm handles: they need no opening and no closing, and properties cannot be set on them. Keys and
 * secrets keep what they need of their algorithm: the algorithm handle may be closed before them.
 *
 * Two calls for a size. Where a function has pbOutput, cbOutput and pcbResult: with pbOutput NULL it writes the number of
 * bytes that the result needs to *pcbResult and does nothing else; with a buffer that is too small it returns
 * STATUS_BUFFER_TOO_SMALL and *pcbResult tells the needed size; otherwise *pcbResult is the number of bytes written, which may
 * be less than the size announced. Sizes are always in bytes, also those of strings, whose terminating NUL counts.
 *
 * WCHAR. It is the program's own wchar_t. Built with -fshort-wchar it has 16 bits as on Windows; otherwise it has 32 bits, and
 * the declarations below lead to a second set of entry points (see opencng_abi.h). String sizes in bytes follow: sizeof(L"768")
 * is 8 or 16. The bytes inside key blobs are Windows' bytes whatever the width of the caller's wchar_t.
 *
 * Threads. Every function may be called from every thread at any time. Algorithm handles, and keys that are not being changed,
 * may be shared freely; changing one object (setting a property, encrypting with the chaining state inside the key) while
 * another thread uses it gives one of the possible orders. Destroying an object in the middle of a call is safe: the call
 * finishes or returns STATUS_INVALID_HANDLE.
 *
 * Ownership. Every handle is destroyed with the function for its kind, once. Lists that the library returns are one allocation
 * each and are freed with BCryptFreeBuffer. Buffers passed in are the caller's; the library keeps no pointer to them after the
 * call, pbKeyObject excepted, which must live as long as its key.
 *
 * Status. BCRYPT_SUCCESS(status) is true for success. Output handles are written last and only on success.
 */
#ifndef __BCRYPT_H__
#define __BCRYPT_H__

#include "windef.h"
#ifndef WIN32_NO_STATUS
#include "ntstatus.h"
#endif

#ifndef BCRYPT_SUCCESS
#define BCRYPT_SUCCESS(Status) (((NTSTATUS)(Status)) >= 0)
#endif

/* Alignment of objects in memory that the caller supplies; callers need not align it. */
#define BCRYPT_OBJECT_ALIGNMENT 16
#define BCRYPT_STRUCT_ALIGNMENT

/* ---- Handles ---- */

typedef PVOID BCRYPT_HANDLE;
typedef PVOID BCRYPT_ALG_HANDLE;
typedef PVOID BCRYPT_KEY_HANDLE;
typedef PVOID BCRYPT_HASH_HANDLE;
typedef PVOID BCRYPT_SECRET_HANDLE;

/* ---- Providers ---- */

#define MS_PRIMITIVE_PROVIDER L"Microsoft Primitive Provider"
#define MS_PLATFORM_CRYPTO_PROVIDER L"Microsoft Platform Crypto Provider"

/* ---- Algorithm names ---- */

#define BCRYPT_RSA_ALGORITHM L"RSA"
#define BCRYPT_RSA_SIGN_ALGORITHM L"RSA_SIGN"
#define BCRYPT_DH_ALGORITHM L"DH"
#define BCRYPT_DSA_ALGORITHM L"DSA"
#define BCRYPT_RC2_ALGORITHM L"RC2"
#define BCRYPT_RC4_ALGORITHM L"RC4"
#define BCRYPT_AES_ALGORITHM L"AES"
#define BCRYPT_DES_ALGORITHM L"DES"
#define BCRYPT_DESX_ALGORITHM L"DESX"
#define BCRYPT_3DES_ALGORITHM L"3DES"
#define BCRYPT_3DES_112_ALGORITHM L"3DES_112"
#define BCRYPT_MD2_ALGORITHM L"MD2"
#define BCRYPT_MD4_ALGORITHM L"MD4"
#define BCRYPT_MD5_ALGORITHM L"MD5"
#define BCRYPT_SHA1_ALGORITHM L"SHA1"
#define BCRYPT_SHA256_ALGORITHM L"SHA256"
#define BCRYPT_SHA384_ALGORITHM L"SHA384"
#define BCRYPT_SHA512_ALGORITHM L"SHA512"
#define BCRYPT_AES_GMAC_ALGORITHM L"AES-GMAC"
#define BCRYPT_AES_CMAC_ALGORITHM L"AES-CMAC"
#define BCRYPT_ECDSA_P256_ALGORITHM L"ECDSA_P256"
#define BCRYPT_ECDSA_P384_ALGORITHM L"ECDSA_P384"
#define BCRYPT_ECDSA_P521_ALGORITHM L"ECDSA_P521"
#define BCRYPT_ECDH_P256_ALGORITHM L"ECDH_P256"
#define BCRYPT_ECDH_P384_ALGORITHM L"ECDH_P384"
#define BCRYPT_ECDH_P521_ALGORITHM L"ECDH_P521"
#define BCRYPT_RNG_ALGORITHM L"RNG"
#define BCRYPT_RNG_FIPS186_DSA_ALGORITHM L"FIPS186DSARNG"
#define BCRYPT_RNG_DUAL_EC_ALGORITHM L"DUALECRNG"
#define BCRYPT_SP800108_CTR_HMAC_ALGORITHM L"SP800_108_CTR_HMAC"
#define BCRYPT_SP80056A_CONCAT_ALGORITHM L"SP800_56A_CONCAT"
#define BCRYPT_PBKDF2_ALGORITHM L"PBKDF2"
#define BCRYPT_CAPI_KDF_ALGORITHM L"CAPI_KDF"
#define BCRYPT_TLS1_1_KDF_ALGORITHM L"TLS1_1_KDF"
#define BCRYPT_TLS1_2_KDF_ALGORITHM L"TLS1_2_KDF"
#define BCRYPT_ECDSA_ALGORITHM L"ECDSA"
#define BCRYPT_ECDH_ALGORITHM L"ECDH"
#define BCRYPT_XTS_AES_ALGORITHM L"XTS-AES"
#define BCRYPT_HKDF_ALGORITHM L"HKDF"
#define BCRYPT_CHACHA20_POLY1305_ALGORITHM L"CHACHA20_POLY1305"
#define BCRYPT_SHA3_256_ALGORITHM L"SHA3-256"
#define BCRYPT_SHA3_384_ALGORITHM L"SHA3-384"
#define BCRYPT_SHA3_512_ALGORITHM L"SHA3-512"
#define BCRYPT_CSHAKE128_ALGORITHM L"CSHAKE128"
#define BCRYPT_CSHAKE256_ALGORITHM L"CSHAKE256"
#define BCRYPT_KMAC128_ALGORITHM L"KMAC128"
#define BCRYPT_KMAC256_ALGORITHM L"KMAC256"
#define BCRYPT_SHAKE128_ALGORITHM L"SHAKE128"
#define BCRYPT_SHAKE256_ALGORITHM L"SHAKE256"
#define BCRYPT_MLDSA_ALGORITHM L"ML-DSA"
#define BCRYPT_SLHDSA_ALGORITHM L"SLH-DSA"
#define BCRYPT_LMS_ALGORITHM L"LMS"
#define BCRYPT_XMSS_ALGORITHM L"XMSS"
#define BCRYPT_MLKEM_ALGORITHM L"ML-KEM"

/* ---- Parameter sets: values of BCRYPT_PARAMETER_SET_NAME ---- */

#define BCRYPT_MLKEM_PARAMETER_SET_512 L"512"
#define BCRYPT_MLKEM_PARAMETER_SET_768 L"768"
#define BCRYPT_MLKEM_PARAMETER_SET_1024 L"1024"
#define BCRYPT_MLDSA_PARAMETER_SET_44 L"44"
#define BCRYPT_MLDSA_PARAMETER_SET_65 L"65"
#define BCRYPT_MLDSA_PARAMETER_SET_87 L"87"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHA2_128S L"SHA2-128s"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHAKE_128S L"SHAKE-128s"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHA2_128F L"SHA2-128f"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHAKE_128F L"SHAKE-128f"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHA2_192S L"SHA2-192s"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHAKE_192S L"SHAKE-192s"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHA2_192F L"SHA2-192f"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHAKE_192F L"SHAKE-192f"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHA2_256S L"SHA2-256s"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHAKE_256S L"SHAKE-256s"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHA2_256F L"SHA2-256f"
#define BCRYPT_SLHDSA_PARAMETER_SET_SHAKE_256F L"SHAKE-256f"

/* ---- Named elliptic curves: values of BCRYPT_ECC_CURVE_NAME ---- */

#define BCRYPT_ECC_CURVE_BRAINPOOLP160R1 L"brainpoolP160r1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP160T1 L"brainpoolP160t1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP192R1 L"brainpoolP192r1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP192T1 L"brainpoolP192t1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP224R1 L"brainpoolP224r1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP224T1 L"brainpoolP224t1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP256R1 L"brainpoolP256r1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP256T1 L"brainpoolP256t1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP320R1 L"brainpoolP320r1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP320T1 L"brainpoolP320t1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP384R1 L"brainpoolP384r1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP384T1 L"brainpoolP384t1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP512R1 L"brainpoolP512r1"
#define BCRYPT_ECC_CURVE_BRAINPOOLP512T1 L"brainpoolP512t1"
#define BCRYPT_ECC_CURVE_25519 L"curve25519"
#define BCRYPT_ECC_CURVE_EC192WAPI L"ec192wapi"
#define BCRYPT_ECC_CURVE_NISTP192 L"nistP192"
#define BCRYPT_ECC_CURVE_NISTP224 L"nistP224"
#define BCRYPT_ECC_CURVE_NISTP256 L"nistP256"
#define BCRYPT_ECC_CURVE_NISTP384 L"nistP384"
#define BCRYPT_ECC_CURVE_NISTP521 L"nistP521"
#define BCRYPT_ECC_CURVE_NUMSP256T1 L"numsP256t1"
#define BCRYPT_ECC_CURVE_NUMSP384T1 L"numsP384t1"
#define BCRYPT_ECC_CURVE_NUMSP512T1 L"numsP512t1"
#define BCRYPT_ECC_CURVE_SECP160K1 L"secP160k1"
#define BCRYPT_ECC_CURVE_SECP160R1 L"secP160r1"
#define BCRYPT_ECC_CURVE_SECP160R2 L"secP160r2"
#define BCRYPT_ECC_CURVE_SECP192K1 L"secP192k1"
#define BCRYPT_ECC_CURVE_SECP192R1 L"secP192r1"
#define BCRYPT_ECC_CURVE_SECP224K1 L"secP224k1"
#define BCRYPT_ECC_CURVE_SECP224R1 L"secP224r1"
#define BCRYPT_ECC_CURVE_SECP256K1 L"secP256k1"
#define BCRYPT_ECC_CURVE_SECP256R1 L"secP256r1"
#define BCRYPT_ECC_CURVE_SECP384R1 L"secP384r1"
#define BCRYPT_ECC_CURVE_SECP521R1 L"secP521r1"
#define BCRYPT_ECC_CURVE_WTLS7 L"wtls7"
#define BCRYPT_ECC_CURVE_WTLS9 L"wtls9"
#define BCRYPT_ECC_CURVE_WTLS12 L"wtls12"
#define BCRYPT_ECC_CURVE_X962P192V1 L"x962P192v1"
#define BCRYPT_ECC_CURVE_X962P192V2 L"x962P192v2"
#define BCRYPT_ECC_CURVE_X962P192V3 L"x962P192v3"
#define BCRYPT_ECC_CURVE_X962P239V1 L"x962P239v1"
#define BCRYPT_ECC_CURVE_X962P239V2 L"x962P239v2"
#define BCRYPT_ECC_CURVE_X962P239V3 L"x962P239v3"
#define BCRYPT_ECC_CURVE_X962P256V1 L"x962P256v1"

/* ---- Pseudo-handles ---- */

/* Programs define these, and other macros of this header, a second time, which is allowed where the text is the same: it is
 * Windows', to the spaces. */

#define BCRYPT_MD2_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000001)
#define BCRYPT_MD4_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000011)
#define BCRYPT_MD5_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000021)
#define BCRYPT_SHA1_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000031)
#define BCRYPT_SHA256_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000041)
#define BCRYPT_SHA384_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000051)
#define BCRYPT_SHA512_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000061)
#define BCRYPT_RC4_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000071)
#define BCRYPT_RNG_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000081)
#define BCRYPT_HMAC_MD5_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000091)
#define BCRYPT_HMAC_SHA1_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000000a1)
#define BCRYPT_HMAC_SHA256_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000000b1)
#define BCRYPT_HMAC_SHA384_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000000c1)
#define BCRYPT_HMAC_SHA512_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000000d1)
#define BCRYPT_RSA_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000000e1)
#define BCRYPT_ECDSA_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000000f1)
#define BCRYPT_AES_CMAC_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000101)
#define BCRYPT_AES_GMAC_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000111)
#define BCRYPT_HMAC_MD2_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000121)
#define BCRYPT_HMAC_MD4_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000131)
#define BCRYPT_3DES_CBC_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000141)
#define BCRYPT_3DES_ECB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000151)
#define BCRYPT_3DES_CFB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000161)
#define BCRYPT_3DES_112_CBC_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000171)
#define BCRYPT_3DES_112_ECB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000181)
#define BCRYPT_3DES_112_CFB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000191)
#define BCRYPT_AES_CBC_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000001a1)
#define BCRYPT_AES_ECB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000001b1)
#define BCRYPT_AES_CFB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000001c1)
#define BCRYPT_AES_CCM_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000001d1)
#define BCRYPT_AES_GCM_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000001e1)
#define BCRYPT_DES_CBC_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000001f1)
#define BCRYPT_DES_ECB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000201)
#define BCRYPT_DES_CFB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000211)
#define BCRYPT_DESX_CBC_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000221)
#define BCRYPT_DESX_ECB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000231)
#define BCRYPT_DESX_CFB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000241)
#define BCRYPT_RC2_CBC_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000251)
#define BCRYPT_RC2_ECB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000261)
#define BCRYPT_RC2_CFB_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000271)
#define BCRYPT_DH_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000281)
#define BCRYPT_ECDH_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000291)
#define BCRYPT_ECDH_P256_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000002a1)
#define BCRYPT_ECDH_P384_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000002b1)
#define BCRYPT_ECDH_P521_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000002c1)
#define BCRYPT_DSA_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000002d1)
#define BCRYPT_ECDSA_P256_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000002e1)
#define BCRYPT_ECDSA_P384_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000002f1)
#define BCRYPT_ECDSA_P521_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000301)
#define BCRYPT_RSA_SIGN_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000311)
#define BCRYPT_CAPI_KDF_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000321)
#define BCRYPT_PBKDF2_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000331)
#define BCRYPT_SP800108_CTR_HMAC_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000341)
#define BCRYPT_SP80056A_CONCAT_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000351)
#define BCRYPT_TLS1_1_KDF_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000361)
#define BCRYPT_TLS1_2_KDF_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000371)
#define BCRYPT_XTS_AES_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000381)
#define BCRYPT_HKDF_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000391)
#define BCRYPT_CHACHA20_POLY1305_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000003A1)
#define BCRYPT_SHA3_256_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000003B1)
#define BCRYPT_SHA3_384_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000003C1)
#define BCRYPT_SHA3_512_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000003D1)
#define BCRYPT_HMAC_SHA3_256_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000003E1)
#define BCRYPT_HMAC_SHA3_384_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x000003F1)
#define BCRYPT_HMAC_SHA3_512_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000401)
#define BCRYPT_CSHAKE128_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000411)
#define BCRYPT_CSHAKE256_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000421)
#define BCRYPT_KMAC128_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000431)
#define BCRYPT_KMAC256_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000441)
#define BCRYPT_SHAKE128_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000451)
#define BCRYPT_SHAKE256_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000461)
#define BCRYPT_MLDSA_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000471)
#define BCRYPT_MLKEM_ALG_HANDLE ((BCRYPT_ALG_HANDLE) 0x00000481)

/* ---- Interfaces and operations ---- */

#define BCRYPT_CIPHER_INTERFACE 0x00000001
#define BCRYPT_HASH_INTERFACE 0x00000002
#define BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE 0x00000003
#define BCRYPT_SECRET_AGREEMENT_INTERFACE 0x00000004
#define BCRYPT_SIGNATURE_INTERFACE 0x00000005
#define BCRYPT_RNG_INTERFACE 0x00000006
#define BCRYPT_KEY_DERIVATION_INTERFACE 0x00000007
#define BCRYPT_KEY_ENCAPSULATION_INTERFACE 0x00000008

#define BCRYPT_CIPHER_OPERATION 0x00000001
#define BCRYPT_HASH_OPERATION 0x00000002
#define BCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION 0x00000004
#define BCRYPT_SECRET_AGREEMENT_OPERATION 0x00000008
#define BCRYPT_SIGNATURE_OPERATION 0x00000010
#define BCRYPT_RNG_OPERATION 0x00000020
#define BCRYPT_KEY_DERIVATION_OPERATION 0x00000040
#define BCRYPT_KEY_ENCAPSULATION_OPERATION 0x00000080

typedef struct _BCRYPT_INTERFACE_VERSION
{
	USHORT MajorVersion;
	USHORT MinorVersion;
} BCRYPT_INTERFACE_VERSION, *PBCRYPT_INTERFACE_VERSION;

#define BCRYPT_MAKE_INTERFACE_VERSION(major, minor) {(USHORT)major, (USHORT)minor}
#define BCRYPT_IS_INTERFACE_VERSION_COMPATIBLE(loader, provider) ((loader).MajorVersion <= (provider).MajorVersion)

#define BCRYPT_CIPHER_INTERFACE_VERSION_1 BCRYPT_MAKE_INTERFACE_VERSION(1,0)
#define BCRYPT_HASH_INTERFACE_VERSION_1 BCRYPT_MAKE_INTERFACE_VERSION(1,0)
#define BCRYPT_HASH_INTERFACE_MAJORVERSION_2 2
#define BCRYPT_HASH_INTERFACE_VERSION_2 BCRYPT_MAKE_INTERFACE_VERSION(BCRYPT_HASH_INTERFACE_MAJORVERSION_2,0)
#define BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE_VERSION_1 BCRYPT_MAKE_INTERFACE_VERSION(1,0)
#define BCRYPT_SECRET_AGREEMENT_INTERFACE_VERSION_1 BCRYPT_MAKE_INTERFACE_VERSION(1,0)
#define BCRYPT_SIGNATURE_INTERFACE_VERSION_1 BCRYPT_MAKE_INTERFACE_VERSION(1,0)
#define BCRYPT_RNG_INTERFACE_VERSION_1 BCRYPT_MAKE_INTERFACE_VERSION(1,0)
#define BCRYPT_KEY_ENCAPSULATION_INTERFACE_VERSION_1 BCRYPT_MAKE_INTERFACE_VERSION(1,0)

/* ---- Properties ---- */

#define BCRYPT_OBJECT_LENGTH L"ObjectLength"
#define BCRYPT_ALGORITHM_NAME L"AlgorithmName"
#define BCRYPT_PROVIDER_HANDLE L"ProviderHandle"
#define BCRYPT_CHAINING_MODE L"ChainingMode"
#define BCRYPT_BLOCK_LENGTH L"BlockLength"
#define BCRYPT_KEY_LENGTH L"KeyLength"
#define BCRYPT_KEY_OBJECT_LENGTH L"KeyObjectLength"
#define BCRYPT_KEY_STRENGTH L"KeyStrength"
#define BCRYPT_KEY_LENGTHS L"KeyLengths"
#define BCRYPT_BLOCK_SIZE_LIST L"BlockSizeList"
#define BCRYPT_EFFECTIVE_KEY_LENGTH L"EffectiveKeyLength"
#define BCRYPT_HASH_LENGTH L"HashDigestLength"
#define BCRYPT_HASH_OID_LIST L"HashOIDList"
#define BCRYPT_PADDING_SCHEMES L"PaddingSchemes"
#define BCRYPT_SIGNATURE_LENGTH L"SignatureLength"
#define BCRYPT_HASH_BLOCK_LENGTH L"HashBlockLength"
#define BCRYPT_AUTH_TAG_LENGTH L"AuthTagLength"
#define BCRYPT_FUNCTION_NAME_STRING L"FunctionNameString"
#define BCRYPT_CUSTOMIZATION_STRING L"CustomizationString"
#define BCRYPT_PRIMITIVE_TYPE L"PrimitiveType"
#define BCRYPT_IS_KEYED_HASH L"IsKeyedHash"
#define BCRYPT_IS_REUSABLE_HASH L"IsReusableHash"
#define BCRYPT_MESSAGE_BLOCK_LENGTH L"MessageBlockLength"
#define BCRYPT_PUBLIC_KEY_LENGTH L"PublicKeyLength"
#define BCRYPT_PCP_PLATFORM_TYPE_PROPERTY L"PCP_PLATFORM_TYPE"
#define BCRYPT_PCP_PROVIDER_VERSION_PROPERTY L"PCP_PROVIDER_VERSION"
#define BCRYPT_MULTI_OBJECT_LENGTH L"MultiObjectLength"
#define BCRYPT_IS_IFX_TPM_WEAK_KEY L"IsIfxTpmWeakKey"
#define BCRYPT_HKDF_HASH_ALGORITHM L"HkdfHashAlgorithm"
#define BCRYPT_HKDF_SALT_AND_FINALIZE L"HkdfSaltAndFinalize"
#define BCRYPT_HKDF_PRK_AND_FINALIZE L"HkdfPrkAndFinalize"
#define BCRYPT_KEM_SHARED_SECRET_LENGTH L"KEMSharedSecretLength"
#define BCRYPT_KEM_CIPHERTEXT_LENGTH L"KEMCiphertextLength"
#define BCRYPT_PARAMETER_SET_NAME L"ParameterSetName"
#define BCRYPT_INITIALIZATION_VECTOR L"IV"
#define BCRYPT_GLOBAL_PARAMETERS L"SecretAgreementParam"
#define BCRYPT_PRIVATE_KEY L"PrivKeyVal"
#define BCRYPT_DH_PARAMETERS L"DHParameters"
#define BCRYPT_DSA_PARAMETERS L"DSAParameters"
#define BCRYPT_ECC_PARAMETERS L"ECCParameters"
#define BCRYPT_ECC_CURVE_NAME L"ECCCurveName"
#define BCRYPT_ECC_CURVE_NAME_LIST L"ECCCurveNameList"

/* Values of BCRYPT_CHAINING_MODE. */
#define BCRYPT_CHAIN_MODE_NA L"ChainingModeN/A"
#define BCRYPT_CHAIN_MODE_CBC L"ChainingModeCBC"
#define BCRYPT_CHAIN_MODE_ECB L"ChainingModeECB"
#define BCRYPT_CHAIN_MODE_CFB L"ChainingModeCFB"
#define BCRYPT_CHAIN_MODE_CCM L"ChainingModeCCM"
#define BCRYPT_CHAIN_MODE_GCM L"ChainingModeGCM"

/* Bits of BCRYPT_PADDING_SCHEMES. */
#define BCRYPT_SUPPORTED_PAD_ROUTER 0x00000001
#define BCRYPT_SUPPORTED_PAD_PKCS1_ENC 0x00000002
#define BCRYPT_SUPPORTED_PAD_PKCS1_SIG 0x00000004
#define BCRYPT_SUPPORTED_PAD_OAEP 0x00000008
#define BCRYPT_SUPPORTED_PAD_PSS 0x00000010

/* ---- Flags ---- */

/* BCryptOpenAlgorithmProvider, and the functions that make hashes and keys. */
#define BCRYPT_PROV_DISPATCH 0x00000001
#define BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG 0x00000004
#define BCRYPT_ALG_HANDLE_HMAC_FLAG 0x00000008
#define BCRYPT_CAPI_AES_FLAG 0x00000010
#define BCRYPT_HASH_REUSABLE_FLAG 0x00000020
#define BCRYPT_MULTI_FLAG 0x00000040
#define BCRYPT_EXTENDED_KEYSIZE 0x00000080
#define BCRYPT_ENABLE_INCOMPATIBLE_FIPS_CHECKS 0x00000100
#define BCRYPT_HASH_DONT_RESET_FLAG 0x00000001

/* Encrypting and decrypting. */
#define BCRYPT_BLOCK_PADDING 0x00000001
#define BCRYPT_GENERATE_IV 0x00000020
#define BCRYPT_BUFFERS_LOCKED_FLAG 0x00000040

/* Padding of RSA and of the post-quantum signatures; one of them at a time. */
#define BCRYPT_PAD_NONE 0x00000001
#define BCRYPT_PAD_PKCS1 0x00000002
#define BCRYPT_PAD_OAEP 0x00000004
#define BCRYPT_PAD_PSS 0x00000008
#define BCRYPT_PAD_PKCS1_OPTIONAL_HASH_OID 0x00000010
#define BCRYPT_PAD_PQDSA 0x00000020
#define BCRYPT_MLDSA_EXTERNAL_MU 0x00000040

/* Import and generation of key pairs: what is checked. RANGE_AND_ORDER is a value of a two-bit field, not two flags. */
#define BCRYPT_NO_KEY_VALIDATION 0x00000008
#define BCRYPT_KEY_VALIDATION_RANGE 0x00000010
#define BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER 0x00000018
#define BCRYPT_KEY_VALIDATION_REGENERATE 0x00000020

/* BCryptGenRandom. */
#define BCRYPT_RNG_USE_ENTROPY_IN_BUFFER 0x00000001
#define BCRYPT_USE_SYSTEM_PREFERRED_RNG 0x00000002

/* Defined by Windows' header, used by no function. */
#define BCRYPT_PUBLIC_KEY_FLAG 0x00000001
#define BCRYPT_PRIVATE_KEY_FLAG 0x00000002

/* ---- Key blob types ---- */

#define BCRYPT_OPAQUE_KEY_BLOB L"OpaqueKeyBlob"
#define BCRYPT_KEY_DATA_BLOB L"KeyDataBlob"
#define BCRYPT_AES_WRAP_KEY_BLOB L"Rfc3565KeyWrapBlob"
#define BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB L"PKCS11RsaAesWrapBlob"
#define BCRYPT_PUBLIC_KEY_BLOB L"PUBLICBLOB"
#define BCRYPT_PRIVATE_KEY_BLOB L"PRIVATEBLOB"
#define BCRYPT_RSAPUBLIC_BLOB L"RSAPUBLICBLOB"
#define BCRYPT_RSAPRIVATE_BLOB L"RSAPRIVATEBLOB"
#define BCRYPT_RSAFULLPRIVATE_BLOB L"RSAFULLPRIVATEBLOB"
#define LEGACY_RSAPUBLIC_BLOB L"CAPIPUBLICBLOB"
#define LEGACY_RSAPRIVATE_BLOB L"CAPIPRIVATEBLOB"
#define BCRYPT_ECCPUBLIC_BLOB L"ECCPUBLICBLOB"
#define BCRYPT_ECCPRIVATE_BLOB L"ECCPRIVATEBLOB"
#define BCRYPT_ECCFULLPUBLIC_BLOB L"ECCFULLPUBLICBLOB"
#define BCRYPT_ECCFULLPRIVATE_BLOB L"ECCFULLPRIVATEBLOB"
#define SSL_ECCPUBLIC_BLOB L"SSLECCPUBLICBLOB"
#define TLS_13_PRE_SHARED_KEY L"TLS13PRESHAREDKEY"
#define BCRYPT_DH_PUBLIC_BLOB L"DHPUBLICBLOB"
#define BCRYPT_DH_PRIVATE_BLOB L"DHPRIVATEBLOB"
#define LEGACY_DH_PUBLIC_BLOB L"CAPIDHPUBLICBLOB"
#define LEGACY_DH_PRIVATE_BLOB L"CAPIDHPRIVATEBLOB"
#define BCRYPT_DSA_PUBLIC_BLOB L"DSAPUBLICBLOB"
#define BCRYPT_DSA_PRIVATE_BLOB L"DSAPRIVATEBLOB"
#define LEGACY_DSA_PUBLIC_BLOB L"CAPIDSAPUBLICBLOB"
#define LEGACY_DSA_PRIVATE_BLOB L"CAPIDSAPRIVATEBLOB"
#define LEGACY_DSA_V2_PUBLIC_BLOB L"V2CAPIDSAPUBLICBLOB"
#define LEGACY_DSA_V2_PRIVATE_BLOB L"V2CAPIDSAPRIVATEBLOB"
#define BCRYPT_PQDSA_PUBLIC_BLOB L"PQDSAPUBLICBLOB"
#define BCRYPT_PQDSA_PRIVATE_BLOB L"PQDSAPRIVATEBLOB"
#define BCRYPT_PQDSA_PRIVATE_SEED_BLOB L"PQDSAPRIVATESEEDBLOB"
#define BCRYPT_MLKEM_PUBLIC_BLOB L"MLKEMPUBLICBLOB"
#define BCRYPT_MLKEM_PRIVATE_BLOB L"MLKEMPRIVATEBLOB"
#define BCRYPT_MLKEM_PRIVATE_SEED_BLOB L"MLKEMPRIVATESEEDBLOB"
#define BCRYPT_MLKEM_ENCAPSULATION_BLOB BCRYPT_MLKEM_PUBLIC_BLOB
#define BCRYPT_MLKEM_DECAPSULATION_BLOB BCRYPT_MLKEM_PRIVATE_BLOB

/* ---- Key derivation: names for BCryptDeriveKey and parameter numbers for BCryptBuffer.BufferType ---- */

#define BCRYPT_KDF_HASH L"HASH"
#define BCRYPT_KDF_HMAC L"HMAC"
#define BCRYPT_KDF_TLS_PRF L"TLS_PRF"
#define BCRYPT_KDF_SP80056A_CONCAT L"SP800_56A_CONCAT"
#define BCRYPT_KDF_RAW_SECRET L"TRUNCATE"
#define BCRYPT_KDF_HKDF L"HKDF"

#define KDF_HASH_ALGORITHM 0x0
#define KDF_SECRET_PREPEND 0x1
#define KDF_SECRET_APPEND 0x2
#define KDF_HMAC_KEY 0x3
#define KDF_TLS_PRF_LABEL 0x4
#define KDF_TLS_PRF_SEED 0x5
#define KDF_SECRET_HANDLE 0x6
#define KDF_TLS_PRF_PROTOCOL 0x7
#define KDF_ALGORITHMID 0x8
#define KDF_PARTYUINFO 0x9
#define KDF_PARTYVINFO 0xA
#define KDF_SUPPPUBINFO 0xB
#define KDF_SUPPPRIVINFO 0xC
#define KDF_LABEL 0xD
#define KDF_CONTEXT 0xE
#define KDF_SALT 0xF
#define KDF_ITERATION_COUNT 0x10
#define KDF_GENERIC_PARAMETER 0x11
#define KDF_KEYBITLENGTH 0x12
#define KDF_HKDF_SALT 0x13
#define KDF_HKDF_INFO 0x14

/* BCryptDeriveKey with BCRYPT_KDF_HMAC: the secret itself is the HMAC key. */
#define KDF_USE_SECRET_AS_HMAC_KEY_FLAG 0x1

/* ---- Parameter lists ---- */

#define BCRYPTBUFFER_VERSION 0

typedef struct _BCryptBuffer
{
	ULONG cbBuffer;   /* bytes at pvBuffer */
	ULONG BufferType; /* KDF_... */
	PVOID pvBuffer;
} BCryptBuffer, *PBCryptBuffer;

typedef struct _BCryptBufferDesc
{
	ULONG ulVersion; /* BCRYPTBUFFER_VERSION */
	ULONG cBuffers;
	PBCryptBuffer pBuffers;
} BCryptBufferDesc, *PBCryptBufferDesc;

/* ---- Structures of property values ---- */

typedef struct __BCRYPT_KEY_LENGTHS_STRUCT
{
	ULONG dwMinLength; /* bits for key lengths, bytes for tag lengths */
	ULONG dwMaxLength;
	ULONG dwIncrement;
} BCRYPT_KEY_LENGTHS_STRUCT;

typedef BCRYPT_KEY_LENGTHS_STRUCT BCRYPT_AUTH_TAG_LENGTHS_STRUCT;

typedef struct _BCRYPT_OID
{
	ULONG cbOID;
	PUCHAR pbOID;
} BCRYPT_OID;

typedef struct _BCRYPT_OID_LIST
{
	ULONG dwOIDCount;
	BCRYPT_OID *pOIDs;
} BCRYPT_OID_LIST;

typedef struct _BCRYPT_ECC_CURVE_NAMES
{
	ULONG dwEccCurveNames;
	LPWSTR *pEccCurveNames;
} BCRYPT_ECC_CURVE_NAMES;

typedef struct _BCRYPT_MULTI_OBJECT_LENGTH_STRUCT
{
	ULONG cbPerObject;
	ULONG cbPerElement;
} BCRYPT_MULTI_OBJECT_LENGTH_STRUCT;

/* ---- Padding ---- */

typedef struct _BCRYPT_PKCS1_PADDING_INFO
{
	LPCWSTR pszAlgId; /* hash named in the DigestInfo; NULL: no DigestInfo */
} BCRYPT_PKCS1_PADDING_INFO;

typedef struct _BCRYPT_PSS_PADDING_INFO
{
	LPCWSTR pszAlgId; /* hash of the message and of MGF1 */
	ULONG cbSalt;     /* bytes of salt, taken literally */
} BCRYPT_PSS_PADDING_INFO;

typedef struct _BCRYPT_OAEP_PADDING_INFO
{
	LPCWSTR pszAlgId; /* hash of the label and of MGF1 */
	PUCHAR pbLabel;
	ULONG cbLabel;
} BCRYPT_OAEP_PADDING_INFO;

typedef struct _BCRYPT_PQDSA_PADDING_INFO
{
	PUCHAR pbCtx; /* context string; NULL if and only if cbCtx is 0 */
	ULONG cbCtx;  /* at most 255 */
	LPCWSTR pszPrehashAlgId; /* NULL: the input is the message; otherwise it is this hash of the message */
} BCRYPT_PQDSA_PADDING_INFO;

/* ---- Authenticated ciphers ---- */

#define BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO_VERSION 1
#define BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG 0x00000001
#define BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG 0x00000002

typedef struct _BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO
{
	ULONG cbSize;
	ULONG dwInfoVersion;
	PUCHAR pbNonce;
	ULONG cbNonce;
	PUCHAR pbAuthData;
	ULONG cbAuthData;
	PUCHAR pbTag;
	ULONG cbTag;
	PUCHAR pbMacContext; /* chained calls: running state between the calls */
	ULONG cbMacContext;
	ULONG cbAAD; /* chained calls: the library's count of pbAuthData's bytes */
	ULONGLONG cbData; /* chained calls: the library's count of payload bytes */
	ULONG dwFlags;
} BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO, *PBCRYPT_AUTHENTICATED_CIPHER_MODE_INFO;

/* Prepares a variable (not a pointer) of that type; three statements. */
#define BCRYPT_INIT_AUTH_MODE_INFO(info)                                              \
	RtlZeroMemory(&(info), sizeof(BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO));            \
	(info).cbSize = (ULONG)sizeof(BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO);             \
	(info).dwInfoVersion = BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO_VERSION;

/* ---- Many hashes at once ---- */

typedef enum
{
	BCRYPT_HASH_OPERATION_HASH_DATA = 1,
	BCRYPT_HASH_OPERATION_FINISH_HASH = 2
} BCRYPT_HASH_OPERATION_TYPE;

typedef struct _BCRYPT_MULTI_HASH_OPERATION
{
	ULONG iHash;
	BCRYPT_HASH_OPERATION_TYPE hashOperation;
	PUCHAR pbBuffer;
	ULONG cbBuffer;
} BCRYPT_MULTI_HASH_OPERATION;

typedef enum
{
	BCRYPT_OPERATION_TYPE_HASH = 1
} BCRYPT_MULTI_OPERATION_TYPE;

/* ---- Key blobs: headers ----
 *
 * Integers are little-endian; big numbers behind the header are big-endian, left-padded with zeros to their stated length, and
 * follow one another without gaps.
 */

typedef struct _BCRYPT_KEY_BLOB
{
	ULONG Magic;
} BCRYPT_KEY_BLOB;

/* RSA: e[cbPublicExp] n[cbModulus]; private also p[cbPrime1] q[cbPrime2]; full private also dp, dq, qinv, d[cbModulus]. */
#define BCRYPT_RSAPUBLIC_MAGIC 0x31415352
#define BCRYPT_RSAPRIVATE_MAGIC 0x32415352
#define BCRYPT_RSAFULLPRIVATE_MAGIC 0x33415352

typedef struct _BCRYPT_RSAKEY_BLOB
{
	ULONG Magic;
	ULONG BitLength;
	ULONG cbPublicExp;
	ULONG cbModulus;
	ULONG cbPrime1;
	ULONG cbPrime2;
} BCRYPT_RSAKEY_BLOB;

/* Elliptic curves: X[cbKey] Y[cbKey]; private also d[cbKey]. */
#define BCRYPT_ECDH_PUBLIC_P256_MAGIC 0x314B4345
#define BCRYPT_ECDH_PRIVATE_P256_MAGIC 0x324B4345
#define BCRYPT_ECDH_PUBLIC_P384_MAGIC 0x334B4345
#define BCRYPT_ECDH_PRIVATE_P384_MAGIC 0x344B4345
#define BCRYPT_ECDH_PUBLIC_P521_MAGIC 0x354B4345
#define BCRYPT_ECDH_PRIVATE_P521_MAGIC 0x364B4345
#define BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC 0x504B4345
#define BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC 0x564B4345
#define BCRYPT_ECDSA_PUBLIC_P256_MAGIC 0x31534345
#define BCRYPT_ECDSA_PRIVATE_P256_MAGIC 0x32534345
#define BCRYPT_ECDSA_PUBLIC_P384_MAGIC 0x33534345
#define BCRYPT_ECDSA_PRIVATE_P384_MAGIC 0x34534345
#define BCRYPT_ECDSA_PUBLIC_P521_MAGIC 0x35534345
#define BCRYPT_ECDSA_PRIVATE_P521_MAGIC 0x36534345
#define BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC 0x50444345
#define BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC 0x56444345

typedef struct _BCRYPT_ECCKEY_BLOB
{
	ULONG dwMagic;
	ULONG cbKey;
} BCRYPT_ECCKEY_BLOB, *PBCRYPT_ECCKEY_BLOB;

typedef struct _SSL_ECCKEY_BLOB
{
	ULONG dwCurveType;
	ULONG cbKey;
} SSL_ECCKEY_BLOB, *PSSL_ECCKEY_BLOB;

#define BCRYPT_ECC_FULLKEY_BLOB_V1 0x1
#define BCRYPT_ECC_PARAMETERS_MAGIC 0x50434345

typedef enum
{
	BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE = 0x1,
	BCRYPT_ECC_PRIME_TWISTED_EDWARDS_CURVE = 0x2,
	BCRYPT_ECC_PRIME_MONTGOMERY_CURVE = 0x3
} ECC_CURVE_TYPE_ENUM;

typedef enum
{
	BCRYPT_NO_CURVE_GENERATION_ALG_ID = 0x0
} ECC_CURVE_ALG_ID_ENUM;

/* P A B Gx Gy [cbFieldLength each] n[cbSubgroupOrder] h[cbCofactor] S[cbSeed] Qx Qy [cbFieldLength each]; private also d. */
typedef struct _BCRYPT_ECCFULLKEY_BLOB
{
	ULONG dwMagic;
	ULONG dwVersion;
	ECC_CURVE_TYPE_ENUM dwCurveType;
	ECC_CURVE_ALG_ID_ENUM dwCurveGenerationAlgId;
	ULONG cbFieldLength;
	ULONG cbSubgroupOrder;
	ULONG cbCofactor;
	ULONG cbSeed;
} BCRYPT_ECCFULLKEY_BLOB, *PBCRYPT_ECCFULLKEY_BLOB;

/* Diffie-Hellman: P G Y [cbKey each]; private also X[cbKey]. */
#define BCRYPT_DH_PUBLIC_MAGIC 0x42504844
#define BCRYPT_DH_PRIVATE_MAGIC 0x56504844
#define BCRYPT_DH_PARAMETERS_MAGIC 0x4d504844

typedef struct _BCRYPT_DH_KEY_BLOB
{
	ULONG dwMagic;
	ULONG cbKey;
} BCRYPT_DH_KEY_BLOB, *PBCRYPT_DH_KEY_BLOB;

/* Value of BCRYPT_DH_PARAMETERS: P G [cbKeyLength each] follow. */
typedef struct _BCRYPT_DH_PARAMETER_HEADER
{
	ULONG cbLength; /* of the header and the two numbers */
	ULONG dwMagic;
	ULONG cbKeyLength;
} BCRYPT_DH_PARAMETER_HEADER;

/* DSA up to 1024 bits: P G Y [cbKey each]; private also X[20]. */
#define BCRYPT_DSA_PUBLIC_MAGIC 0x42505344
#define BCRYPT_DSA_PRIVATE_MAGIC 0x56505344
#define BCRYPT_DSA_PUBLIC_MAGIC_V2 0x32425044
#define BCRYPT_DSA_PRIVATE_MAGIC_V2 0x32565044
#define BCRYPT_DSA_PARAMETERS_MAGIC 0x4d505344
#define BCRYPT_DSA_PARAMETERS_MAGIC_V2 0x324d5044

typedef struct _BCRYPT_DSA_KEY_BLOB
{
	ULONG dwMagic;
	ULONG cbKey;
	UCHAR Count[4];
	UCHAR Seed[20];
	UCHAR q[20];
} BCRYPT_DSA_KEY_BLOB, *PBCRYPT_DSA_KEY_BLOB;

typedef enum
{
	DSA_HASH_ALGORITHM_SHA1,
	DSA_HASH_ALGORITHM_SHA256,
	DSA_HASH_ALGORITHM_SHA512
} HASHALGORITHM_ENUM;

typedef enum
{
	DSA_FIPS186_2,
	DSA_FIPS186_3
} DSAFIPSVERSION_ENUM;

/* DSA above 1024 bits: Seed[cbSeedLength] q[cbGroupSize] P G Y [cbKey each]; private also X[cbGroupSize]. */
typedef struct _BCRYPT_DSA_KEY_BLOB_V2
{
	ULONG dwMagic;
	ULONG cbKey;
	HASHALGORITHM_ENUM hashAlgorithm;
	DSAFIPSVERSION_ENUM standardVersion;
	ULONG cbSeedLength;
	ULONG cbGroupSize;
	UCHAR Count[4];
} BCRYPT_DSA_KEY_BLOB_V2, *PBCRYPT_DSA_KEY_BLOB_V2;

/* Values of BCRYPT_DSA_PARAMETERS: P G follow the first, Seed q P G the second. */
typedef struct _BCRYPT_DSA_PARAMETER_HEADER
{
	ULONG cbLength;
	ULONG dwMagic;
	ULONG cbKeyLength;
	UCHAR Count[4];
	UCHAR Seed[20];
	UCHAR q[20];
} BCRYPT_DSA_PARAMETER_HEADER;

typedef struct _BCRYPT_DSA_PARAMETER_HEADER_V2
{
	ULONG cbLength;
	ULONG dwMagic;
	ULONG cbKeyLength;
	HASHALGORITHM_ENUM hashAlgorithm;
	DSAFIPSVERSION_ENUM standardVersion;
	ULONG cbSeedLength;
	ULONG cbGroupSize;
	UCHAR Count[4];
} BCRYPT_DSA_PARAMETER_HEADER_V2;

/* Post-quantum keys: the parameter set's name in UTF-16 with its NUL [cbParameterSet bytes], then the key [cbKey bytes]. */
#define BCRYPT_MLDSA_PUBLIC_MAGIC 0x4B505344
#define BCRYPT_MLDSA_PRIVATE_MAGIC 0x4B535344
#define BCRYPT_MLDSA_PRIVATE_SEED_MAGIC 0x53535344
#define BCRYPT_SLHDSA_PUBLIC_MAGIC 0x4B504853
#define BCRYPT_SLHDSA_PRIVATE_MAGIC 0x4B534853
#define BCRYPT_LMS_PUBLIC_MAGIC 0x4B504D4C
#define BCRYPT_XMSS_PUBLIC_MAGIC 0x4B504D58
#define BCRYPT_MLKEM_PUBLIC_MAGIC 0x504B4C4D
#define BCRYPT_MLKEM_PRIVATE_MAGIC 0x524B4C4D
#define BCRYPT_MLKEM_PRIVATE_SEED_MAGIC 0x534B4C4D
#define BCRYPT_MLKEM_SEED_MAGIC 0x534B4C4D /* the same, as the documentation of BCryptImportKeyPair calls it */

typedef struct BCRYPT_PQDSA_KEY_BLOB
{
	ULONG dwMagic;
	ULONG cbParameterSet;
	ULONG cbKey;
} BCRYPT_PQDSA_KEY_BLOB, *PBCRYPT_PQDSA_KEY_BLOB;

typedef struct BCRYPT_MLKEM_KEY_BLOB
{
	ULONG dwMagic;
	ULONG cbParameterSet;
	ULONG cbKey;
} BCRYPT_MLKEM_KEY_BLOB, *PBCRYPT_MLKEM_KEY_BLOB;

/* Symmetric keys: the raw key [cbKeyData] follows. */
#define BCRYPT_KEY_DATA_BLOB_MAGIC 0x4d42444b
#define BCRYPT_KEY_DATA_BLOB_VERSION1 0x1

typedef struct _BCRYPT_KEY_DATA_BLOB_HEADER
{
	ULONG dwMagic;
	ULONG dwVersion;
	ULONG cbKeyData;
} BCRYPT_KEY_DATA_BLOB_HEADER, *PBCRYPT_KEY_DATA_BLOB_HEADER;

/* RSA-AES wrapping: the wrapped key [cbKey], the OAEP hash's name [cbPaddingAlgId], the OAEP label [cbPaddingLabel] follow. */
#define BCRYPT_PKCS11_RSA_AES_WRAP_BLOB_MAGIC 0x57504152

typedef struct _BCRYPT_PKCS11_RSA_AES_WRAP_BLOB
{
	ULONG dwMagic;
	ULONG cbKey;
	ULONG cbPaddingAlgId;
	ULONG cbPaddingLabel;
} BCRYPT_PKCS11_RSA_AES_WRAP_BLOB, *PBCRYPT_PKCS11_RSA_AES_WRAP_BLOB;

/* ---- Enumeration ---- */

typedef struct _BCRYPT_ALGORITHM_IDENTIFIER
{
	LPWSTR pszName;
	ULONG dwClass; /* BCRYPT_..._INTERFACE */
	ULONG dwFlags; /* 0 */
} BCRYPT_ALGORITHM_IDENTIFIER;

typedef struct _BCRYPT_PROVIDER_NAME
{
	LPWSTR pszProviderName;
} BCRYPT_PROVIDER_NAME;

/* ---- Configuration ---- */

#define CRYPT_MIN_DEPENDENCIES (0x00000001)
#define CRYPT_PROCESS_ISOLATE (0x00010000)
#define CRYPT_UM (0x00000001)
#define CRYPT_KM (0x00000002)
#define CRYPT_MM (0x00000003)
#define CRYPT_ANY (0x00000004)
#define CRYPT_OVERWRITE (0x00000001)
#define CRYPT_LOCAL (0x00000001)
#define CRYPT_DOMAIN (0x00000002)
#define CRYPT_EXCLUSIVE (0x00000001)
#define CRYPT_OVERRIDE (0x00010000)
#define CRYPT_ALL_FUNCTIONS (0x00000001)
#define CRYPT_ALL_PROVIDERS (0x00000002)
#define CRYPT_PRIORITY_TOP (0x00000000)
#define CRYPT_PRIORITY_BOTTOM (0xFFFFFFFF)
#define CRYPT_DEFAULT_CONTEXT L"Default"

typedef struct _CRYPT_INTERFACE_REG
{
	ULONG dwInterface;
	ULONG dwFlags;
	ULONG cFunctions;
	PWSTR *rgpszFunctions;
} CRYPT_INTERFACE_REG, *PCRYPT_INTERFACE_REG;

typedef struct _CRYPT_IMAGE_REG
{
	PWSTR pszImage;
	ULONG cInterfaces;
	PCRYPT_INTERFACE_REG *rgpInterfaces;
} CRYPT_IMAGE_REG, *PCRYPT_IMAGE_REG;

typedef struct _CRYPT_PROVIDER_REG
{
	ULONG cAliases;
	PWSTR *rgpszAliases;
	PCRYPT_IMAGE_REG pUM;
	PCRYPT_IMAGE_REG pKM;
} CRYPT_PROVIDER_REG, *PCRYPT_PROVIDER_REG;

typedef struct _CRYPT_PROVIDERS
{
	ULONG cProviders;
	PWSTR *rgpszProviders;
} CRYPT_PROVIDERS, *PCRYPT_PROVIDERS;

typedef struct _CRYPT_CONTEXT_CONFIG
{
	ULONG dwFlags;
	ULONG dwReserved;
} CRYPT_CONTEXT_CONFIG, *PCRYPT_CONTEXT_CONFIG;

typedef struct _CRYPT_CONTEXT_FUNCTION_CONFIG
{
	ULONG dwFlags;
	ULONG dwReserved;
} CRYPT_CONTEXT_FUNCTION_CONFIG, *PCRYPT_CONTEXT_FUNCTION_CONFIG;

typedef struct _CRYPT_CONTEXTS
{
	ULONG cContexts;
	PWSTR *rgpszContexts;
} CRYPT_CONTEXTS, *PCRYPT_CONTEXTS;

typedef struct _CRYPT_CONTEXT_FUNCTIONS
{
	ULONG cFunctions;
	PWSTR *rgpszFunctions;
} CRYPT_CONTEXT_FUNCTIONS, *PCRYPT_CONTEXT_FUNCTIONS;

typedef struct _CRYPT_CONTEXT_FUNCTION_PROVIDERS
{
	ULONG cProviders;
	PWSTR *rgpszProviders;
} CRYPT_CONTEXT_FUNCTION_PROVIDERS, *PCRYPT_CONTEXT_FUNCTION_PROVIDERS;

typedef struct _CRYPT_PROPERTY_REF
{
	PWSTR pszProperty;
	ULONG cbValue;
	PUCHAR pbValue;
} CRYPT_PROPERTY_REF, *PCRYPT_PROPERTY_REF;

typedef struct _CRYPT_IMAGE_REF
{
	PWSTR pszImage;
	ULONG dwFlags;
} CRYPT_IMAGE_REF, *PCRYPT_IMAGE_REF;

typedef struct _CRYPT_PROVIDER_REF
{
	ULONG dwInterface;
	PWSTR pszFunction;
	PWSTR pszProvider;
	ULONG cProperties;
	PCRYPT_PROPERTY_REF *rgpProperties;
	PCRYPT_IMAGE_REF pUM;
	PCRYPT_IMAGE_REF pKM;
} CRYPT_PROVIDER_REF, *PCRYPT_PROVIDER_REF;

typedef struct _CRYPT_PROVIDER_REFS
{
	ULONG cProviders;
	PCRYPT_PROVIDER_REF *rgpProviders;
} CRYPT_PROVIDER_REFS, *PCRYPT_PROVIDER_REFS;

/* ---- Functions ----
 *
 * Only functions that work are declared. "In" and "out" tell who reads; "optional" means that NULL is allowed.
 * Every function that takes a handle returns STATUS_INVALID_HANDLE for a handle that is NULL, closed, of another kind or made
 * up; every function that allocates returns STATUS_NO_MEMORY when it cannot. The lists name the other statuses.
 */

OPENCNG_BEGIN_C

/* Opens an algorithm.
 *
 * phAlgorithm (out): the handle.
 * pszAlgId (in): BCRYPT_..._ALGORITHM, or a name that a registered provider has.
 * pszImplementation (in, optional): the provider's name, such as MS_PRIMITIVE_PROVIDER, or an alias; NULL: the first provider that has the
 *   algorithm and can open it, in order of priority.
 * dwFlags: 0 or a combination of BCRYPT_PROV_DISPATCH (every algorithm: objects made with the handle live in locked memory),
 *   BCRYPT_ALG_HANDLE_HMAC_FLAG (HMAC over the named hash), BCRYPT_HASH_REUSABLE_FLAG (hash objects can be used again after
 *   finishing), BCRYPT_MULTI_FLAG (for BCryptCreateMultiHash), BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG and BCRYPT_EXTENDED_KEYSIZE.
 *
 * STATUS_NOT_FOUND: no provider has that name or that algorithm; also how a missing algorithm is recognised.
 * STATUS_INVALID_PARAMETER: phAlgorithm or pszAlgId is NULL, or an unknown flag.
 * STATUS_NOT_SUPPORTED: the algorithm does not have the meaning of a flag.
 * A registered provider that cannot be used: STATUS_DLL_NOT_FOUND, STATUS_DLL_INIT_FAILED: its image is not there, cannot be loaded;
 *   STATUS_ACCESS_DENIED: others could change the image; STATUS_PROCEDURE_NOT_FOUND, STATUS_INVALID_IMAGE_FORMAT: it has not got the interface, or a
 *   table that is no use; STATUS_INTERNAL_ERROR: it succeeded without a handle; and every status of its own.
 *
 * Source: Microsoft Learn, BCryptOpenAlgorithmProvider; STATUS_NOT_FOUND for unknown names as observed on Windows; the statuses for registered
 * providers are this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptOpenAlgorithmProvider(BCRYPT_ALG_HANDLE *phAlgorithm, LPCWSTR pszAlgId,
                                                        LPCWSTR pszImplementation, ULONG dwFlags)
	OPENCNG_WIDE(BCryptOpenAlgorithmProvider);

/* Closes an algorithm. Keys, hashes and secrets made from it stay usable.
 *
 * hAlgorithm (in): from BCryptOpenAlgorithmProvider; a pseudo-handle gives STATUS_INVALID_HANDLE.
 * dwFlags: 0.
 *
 * STATUS_INVALID_PARAMETER: dwFlags is not 0.
 *
 * Source: Microsoft Learn, BCryptCloseAlgorithmProvider; objects outliving their algorithm as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptCloseAlgorithmProvider(BCRYPT_ALG_HANDLE hAlgorithm, ULONG dwFlags);

/* Lists algorithms.
 *
 * dwAlgOperations: an OR of BCRYPT_..._OPERATION; an algorithm is listed when it has one of them. 0: all algorithms.
 * pAlgCount (out): the number of elements.
 * ppAlgList (out): the array, one allocation with its strings; free it with BCryptFreeBuffer.
 * dwFlags: 0.
 *
 * Functions of registered providers come last; nothing is loaded to list them.
 *
 * STATUS_INVALID_PARAMETER: a NULL pointer, an unknown operation, dwFlags is not 0.
 *
 * Source: Microsoft Learn, BCryptEnumAlgorithms; 0 and unknown operations as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptEnumAlgorithms(ULONG dwAlgOperations, ULONG *pAlgCount, BCRYPT_ALGORITHM_IDENTIFIER **ppAlgList,
                                                 ULONG dwFlags) OPENCNG_WIDE(BCryptEnumAlgorithms);

/* Lists the providers of an algorithm, in order of priority.
 *
 * pszAlgId (in): BCRYPT_..._ALGORITHM.
 * pImplCount (out): the number of elements.
 * ppImplList (out): the array, one allocation with its strings; free it with BCryptFreeBuffer.
 * dwFlags: 0.
 *
 * STATUS_INVALID_PARAMETER: a NULL pointer, dwFlags is not 0.
 * STATUS_NOT_FOUND: no provider has the algorithm.
 *
 * Source: Microsoft Learn, BCryptEnumProviders; the status for an unknown name is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptEnumProviders(LPCWSTR pszAlgId, ULONG *pImplCount, BCRYPT_PROVIDER_NAME **ppImplList, ULONG dwFlags)
	OPENCNG_WIDE(BCryptEnumProviders);

/* Frees a list that the library returned. NULL is allowed.
 *
 * pvBuffer (in): the array's address.
 *
 * Source: Microsoft Learn, BCryptFreeBuffer; NULL is this library's choice.
 */
OPENCNG_API VOID WINAPI BCryptFreeBuffer(PVOID pvBuffer);

/* Reads a property.
 *
 * hObject (in): an algorithm (pseudo-handles too), a key, a hash or a secret.
 * pszProperty (in): the property's name.
 * pbOutput (out, optional): the value; NULL asks for the size.
 * cbOutput: bytes at pbOutput.
 * pcbResult (out): bytes written or needed; strings count their NUL in the caller's WCHAR width. BCRYPT_CHAINING_MODE always has 32
 *   characters, whatever the name's length.
 * dwFlags: 0.
 *
 * STATUS_BUFFER_TOO_SMALL: cbOutput is less than *pcbResult, which is set.
 * STATUS_INVALID_HANDLE: also for properties that need key material when the key pair is not final.
 * STATUS_INVALID_PARAMETER: pszProperty or pcbResult is NULL, dwFlags is not 0.
 * STATUS_NOT_SUPPORTED: the object has no such property, or it cannot be read.
 *
 * Source: Microsoft Learn, BCryptGetProperty and the CNG property identifiers; the size of the chaining mode as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptGetProperty(BCRYPT_HANDLE hObject, LPCWSTR pszProperty, PUCHAR pbOutput, ULONG cbOutput,
                                              ULONG *pcbResult, ULONG dwFlags) OPENCNG_WIDE(BCryptGetProperty);

/* Sets a property.
 *
 * hObject (in): an algorithm, a key, a hash or a secret. A pseudo-handle is shared and refuses.
 * pszProperty (in): the property's name.
 * pbInput (in): the value.
 * cbInput: bytes at pbInput; strings count their NUL. For BCRYPT_CHAINING_MODE cbInput is not looked at, because callers pass
 *   all kinds of sizes: that value is a string that ends at its NUL.
 * dwFlags: 0.
 *
 * Key pairs take properties that matter for their generation between BCryptGenerateKeyPair and BCryptFinalizeKeyPair; an algorithm's
 * properties are copied into keys made afterwards.
 *
 * STATUS_ACCESS_DENIED: hObject is a pseudo-handle.
 * STATUS_INVALID_HANDLE: also for a key pair that is final.
 * STATUS_INVALID_PARAMETER: a NULL pointer, a wrong size, an unacceptable value, dwFlags is not 0.
 * STATUS_NOT_SUPPORTED: the object has no such property, or it cannot be set, or the value names something unknown.
 *
 * Source: Microsoft Learn, BCryptSetProperty and the CNG property identifiers; the refusal of pseudo-handles and the unread size as
 * observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptSetProperty(BCRYPT_HANDLE hObject, LPCWSTR pszProperty, PUCHAR pbInput, ULONG cbInput, ULONG dwFlags)
	OPENCNG_WIDE(BCryptSetProperty);

/* Begins a new key pair. It holds no key yet: set properties, then call BCryptFinalizeKeyPair.
 *
 * hAlgorithm (in): an asymmetric algorithm, pseudo-handles too.
 * phKey (out): the key.
 * dwLength: bits. RSA 512 to 16384, DSA 512 to 3072 and DH 512 to 4096, each in steps of 64; 256, 384 or 521 for the
 *   algorithms that name their curve; the curve's size or 0 for ECDH and ECDSA; 0 for ML-KEM, ML-DSA and SLH-DSA, whose size is BCRYPT_PARAMETER_SET_NAME.
 * dwFlags: 0; for ML-KEM also BCRYPT_NO_KEY_VALIDATION.
 *
 * STATUS_INVALID_PARAMETER: phKey is NULL, or a length or flag that the algorithm does not take.
 * STATUS_NOT_SUPPORTED: the algorithm has no key pairs.
 *
 * Source: Microsoft Learn, BCryptGenerateKeyPair; 0 for ECDH and ECDSA as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptGenerateKeyPair(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE *phKey, ULONG dwLength, ULONG dwFlags);

/* Generates the key of a key pair begun with BCryptGenerateKeyPair. Afterwards the key is usable and its properties are fixed.
 *
 * hKey (in): the key.
 * dwFlags: 0 or BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER, which changes nothing.
 *
 * STATUS_INVALID_HANDLE: also when the key is final already, as every imported key is.
 * STATUS_INVALID_PARAMETER: another flag, or a property that the algorithm needs (curve, parameter set) is not set.
 * STATUS_NOT_SUPPORTED: the key is symmetric.
 *
 * Source: Microsoft Learn, BCryptFinalizeKeyPair; the statuses of a second call and of a missing curve as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptFinalizeKeyPair(BCRYPT_KEY_HANDLE hKey, ULONG dwFlags);

/* Makes a key pair, or a public key, from a blob.
 *
 * hAlgorithm (in): an asymmetric algorithm, pseudo-handles too.
 * hImportKey: NULL.
 * pszBlobType (in): the blob's type; BCRYPT_PUBLIC_KEY_BLOB and BCRYPT_PRIVATE_KEY_BLOB leave the layout to the blob's magic.
 * phKey (out): the key, which is final.
 * pbInput (in): the blob.
 * cbInput: its bytes, exactly what the header states; public and seed blobs of ML-KEM may be followed by more.
 * dwFlags: 0 or one of BCRYPT_NO_KEY_VALIDATION, BCRYPT_KEY_VALIDATION_RANGE, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER and
 *   BCRYPT_KEY_VALIDATION_REGENERATE; ML-KEM, ML-DSA and SLH-DSA take the first only.
 *
 * NTE_BAD_DATA (0x80090005): an RSA blob whose sizes do not add up.
 * STATUS_INVALID_BUFFER_SIZE: sizes that do not add up in the blobs of other algorithms.
 * STATUS_INVALID_PARAMETER: a NULL pointer, an unknown flag, hImportKey is not NULL, a wrong magic, a cbKey that is not the curve's, a DH private blob that is
 *   not exactly as long as its header says, or numbers that make no valid key.
 * STATUS_NOT_SUPPORTED: the algorithm does not import that type.
 *
 * Source: Microsoft Learn, BCryptImportKeyPair and the key blob structures; statuses of wrong sizes as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptImportKeyPair(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE hImportKey, LPCWSTR pszBlobType,
                                                BCRYPT_KEY_HANDLE *phKey, PUCHAR pbInput, ULONG cbInput, ULONG dwFlags)
	OPENCNG_WIDE(BCryptImportKeyPair);

/* Writes a key into a blob.
 *
 * hKey (in): a final key.
 * hExportKey: NULL: key pairs are not wrapped.
 * pszBlobType (in): the blob's type.
 * pbOutput (out, optional): the blob; NULL asks for the size.
 * cbOutput: bytes at pbOutput.
 * pcbResult (out): bytes written or needed.
 * dwFlags: 0.
 *
 * STATUS_BUFFER_TOO_SMALL: cbOutput is less than *pcbResult, which is set.
 * STATUS_INVALID_HANDLE: also when the key pair is not final.
 * STATUS_INVALID_PARAMETER: pszBlobType or pcbResult is NULL, hExportKey is not NULL, dwFlags is not 0, or a private blob of a public
 *   key.
 * STATUS_NOT_SUPPORTED: this key has no blob of that type; also a seed blob of a key that was not made from a seed.
 *
 * Source: Microsoft Learn, BCryptExportKey and the key blob structures; a public key's private blob as observed on Windows; a missing
 * seed is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptExportKey(BCRYPT_KEY_HANDLE hKey, BCRYPT_KEY_HANDLE hExportKey, LPCWSTR pszBlobType, PUCHAR pbOutput,
                                            ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags) OPENCNG_WIDE(BCryptExportKey);

/* Copies a symmetric key with its mode and its chaining state.
 *
 * hKey (in): a symmetric key.
 * phNewKey (out): the copy.
 * pbKeyObject (optional): memory for the copy, which must live as long as it; NULL: the library allocates.
 * cbKeyObject: bytes at pbKeyObject, at least BCRYPT_OBJECT_LENGTH; 0 with NULL.
 * dwFlags: 0.
 *
 * STATUS_BUFFER_TOO_SMALL: cbKeyObject is less than BCRYPT_OBJECT_LENGTH.
 * STATUS_INVALID_HANDLE: also when the key is one of a pair.
 * STATUS_INVALID_PARAMETER: phNewKey is NULL, dwFlags is not 0.
 *
 * Source: Microsoft Learn, BCryptDuplicateKey.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDuplicateKey(BCRYPT_KEY_HANDLE hKey, BCRYPT_KEY_HANDLE *phNewKey, PUCHAR pbKeyObject, ULONG cbKeyObject,
                                               ULONG dwFlags);

/* Destroys a key of any kind, final or not, and wipes it.
 *
 * hKey (in): the key.
 *
 * Source: Microsoft Learn, BCryptDestroyKey.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDestroyKey(BCRYPT_KEY_HANDLE hKey);

/* Signs a hash value, or with ML-DSA and SLH-DSA a message.
 *
 * hKey (in): a private key.
 * pPaddingInfo (in, optional): BCRYPT_PKCS1_PADDING_INFO, BCRYPT_PSS_PADDING_INFO or BCRYPT_PQDSA_PADDING_INFO as dwFlags says;
 *   otherwise NULL.
 * pbInput (in): the hash value; the message with ML-DSA and SLH-DSA unless a prehash is named; the 64-byte mu with BCRYPT_MLDSA_EXTERNAL_MU.
 * cbInput: its bytes.
 * pbOutput (out, optional): the signature; NULL asks for the size. DSA and ECDSA: r and s, each as long as the group's order.
 * cbOutput: bytes at pbOutput.
 * pcbResult (out): bytes written or needed.
 * dwFlags: BCRYPT_PAD_PKCS1 or BCRYPT_PAD_PSS for RSA; 0 for DSA and ECDSA; 0, BCRYPT_PAD_PQDSA or BCRYPT_MLDSA_EXTERNAL_MU for
 *   ML-DSA; 0 or BCRYPT_PAD_PQDSA for SLH-DSA.
 *
 * STATUS_BUFFER_TOO_SMALL: cbOutput is less than *pcbResult, which is set.
 * STATUS_INVALID_HANDLE: also when the key pair is not final.
 * STATUS_INVALID_PARAMETER: a needed pointer is NULL, a flag that the algorithm does not take (0 with RSA too), a wrong hash length,
 *   a context of more than 255 bytes, a key without private part (which may still be asked for the size; ML-DSA has 0xC100000D
 *   instead).
 * STATUS_NOT_SUPPORTED: the algorithm does not sign, or there is no such hash.
 *
 * Source: Microsoft Learn, BCryptSignHash; signature forms and statuses as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptSignHash(BCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo, PUCHAR pbInput, ULONG cbInput, PUCHAR pbOutput,
                                           ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags) OPENCNG_WIDE(BCryptSignHash);

/* Checks a signature.
 *
 * hKey (in): a public key or a key pair.
 * pPaddingInfo (in, optional): as with BCryptSignHash.
 * pbHash (in): what was signed.
 * cbHash: its bytes.
 * pbSignature (in): the signature.
 * cbSignature: its bytes.
 * dwFlags: as with BCryptSignHash; BCRYPT_PAD_PKCS1_OPTIONAL_HASH_OID with BCRYPT_PAD_PKCS1 accepts a signature without DigestInfo.
 *
 * STATUS_SUCCESS: the signature is right.
 * STATUS_INVALID_SIGNATURE: it is wrong.
 * STATUS_INVALID_HANDLE: also when the key pair is not final.
 * STATUS_INVALID_PARAMETER: a needed pointer is NULL, a flag that the algorithm does not take, a wrong hash length, a wrong signature
 *   length.
 * STATUS_NOT_SUPPORTED: the algorithm does not sign, or there is no such hash.
 *
 * Source: Microsoft Learn, BCryptVerifySignature; the statuses of a wrong length and of an unknown hash as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptVerifySignature(BCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo, PUCHAR pbHash, ULONG cbHash,
                                                  PUCHAR pbSignature, ULONG cbSignature, ULONG dwFlags)
	OPENCNG_WIDE(BCryptVerifySignature);

/* Encrypts.
 *
 * hKey (in): an RSA key or a symmetric key.
 * pbInput (in, optional): the plaintext; it may be pbOutput, but must not overlap it otherwise.
 * cbInput: its bytes.
 * pPaddingInfo (in, optional): BCRYPT_OAEP_PADDING_INFO with BCRYPT_PAD_OAEP; BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO with GCM, CCM and
 *   ChaCha20-Poly1305, which receives the tag; otherwise NULL.
 * pbIV (in and out, optional): the IV of a symmetric key, replaced by the next chaining value; NULL with RSA.
 * cbIV: its bytes.
 * pbOutput (out, optional): the ciphertext; NULL asks for the size. With an authenticated mode, pbInput and pbOutput both NULL is
 *   not a question but the encryption of no bytes.
 * cbOutput: bytes at pbOutput.
 * pcbResult (out): bytes written or needed. RSA: the modulus' bytes.
 * dwFlags: RSA: 0 or BCRYPT_PAD_NONE (raw), BCRYPT_PAD_PKCS1 or BCRYPT_PAD_OAEP. Symmetric keys: 0 or BCRYPT_BLOCK_PADDING.
 *
 * STATUS_BUFFER_TOO_SMALL: cbOutput is less than *pcbResult, which is set.
 * STATUS_INVALID_BUFFER_SIZE: the input is not whole blocks and there is no padding; also when only the size is asked for.
 * STATUS_INVALID_HANDLE: also when the key pair is not final.
 * STATUS_INVALID_PARAMETER: a needed pointer is NULL, a flag that the key does not take, an input that is too long for the padding or
 *   not as long as the modulus without one (size questions excepted), a wrong size in the structure.
 * STATUS_NOT_SUPPORTED: the algorithm does not encrypt, or there is no such hash.
 *
 * Source: Microsoft Learn, BCryptEncrypt; size questions and raw RSA with 0 as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptEncrypt(BCRYPT_KEY_HANDLE hKey, PUCHAR pbInput, ULONG cbInput, VOID *pPaddingInfo, PUCHAR pbIV, ULONG cbIV,
                                          PUCHAR pbOutput, ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags) OPENCNG_WIDE(BCryptEncrypt);

/* Decrypts. The parameters are BCryptEncrypt's with the directions exchanged; in the authenticated modes the tag is read.
 *
 * pcbResult (out): bytes written or needed. With BCRYPT_BLOCK_PADDING the question is answered with cbInput, an upper bound; with RSA
 *   it is answered with the plaintext's true size, for which the key is used.
 *
 * STATUS_AUTH_TAG_MISMATCH: the tag is wrong; the output is to be thrown away.
 * STATUS_BUFFER_TOO_SMALL: cbOutput is less than *pcbResult, which is set.
 * STATUS_DATA_ERROR: the block padding is wrong.
 * STATUS_INVALID_BUFFER_SIZE: the input is not whole blocks.
 * STATUS_INVALID_HANDLE: also when the key pair is not final.
 * STATUS_INVALID_PARAMETER: as with BCryptEncrypt; the RSA padding is wrong; an RSA key without private part.
 * STATUS_NOT_SUPPORTED: the algorithm does not decrypt, or there is no such hash.
 *
 * Source: Microsoft Learn, BCryptDecrypt; padding failures and RSA's size question as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDecrypt(BCRYPT_KEY_HANDLE hKey, PUCHAR pbInput, ULONG cbInput, VOID *pPaddingInfo, PUCHAR pbIV, ULONG cbIV,
                                          PUCHAR pbOutput, ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags) OPENCNG_WIDE(BCryptDecrypt);

/* Agrees on a secret with the owner of another key.
 *
 * hPrivKey (in): one's own DH or ECDH key pair.
 * hPubKey (in): the other's public key, or key pair, of the same group.
 * phAgreedSecret (out): the secret, to be destroyed with BCryptDestroySecret. Derive keys from it with BCryptDeriveKey.
 * dwFlags: 0.
 *
 * STATUS_INVALID_HANDLE: also when a key pair is not final.
 * STATUS_INVALID_PARAMETER: phAgreedSecret is NULL, dwFlags is not 0, the groups differ, hPrivKey has no private part, or the
 *   other's public value is unfit.
 * STATUS_NOT_SUPPORTED: hPrivKey's algorithm does not agree on secrets.
 * STATUS_OBJECT_TYPE_MISMATCH: hPubKey is a key of another algorithm.
 *
 * Source: Microsoft Learn, BCryptSecretAgreement.
 */
OPENCNG_API NTSTATUS WINAPI BCryptSecretAgreement(BCRYPT_KEY_HANDLE hPrivKey, BCRYPT_KEY_HANDLE hPubKey, BCRYPT_SECRET_HANDLE *phAgreedSecret,
                                                  ULONG dwFlags);

/* Derives a key from an agreed secret.
 *
 * hSharedSecret (in): from BCryptSecretAgreement.
 * pwszKDF (in): BCRYPT_KDF_...
 * pParameterList (in, optional): buffers of the types KDF_...; a string may count its NUL or not.
 * pbDerivedKey (out, optional): the key; NULL asks for the size.
 * cbDerivedKey: bytes at pbDerivedKey. BCRYPT_KDF_HASH, BCRYPT_KDF_HMAC and BCRYPT_KDF_RAW_SECRET have a size of their own: a smaller
 *   buffer receives the first bytes, of a larger one only the beginning is written.
 * pcbResult (out): bytes written or available.
 * dwFlags: 0; or KDF_USE_SECRET_AS_HMAC_KEY_FLAG, which matters to BCRYPT_KDF_HMAC only.
 *
 * BCRYPT_KDF_RAW_SECRET gives the secret in little-endian order: the reverse of what the standards write.
 *
 * STATUS_INVALID_PARAMETER: a NULL pointer, an unknown flag, a missing or unfit parameter, a size that the function cannot give.
 * STATUS_NOT_SUPPORTED: no such function, or no such hash.
 *
 * Source: Microsoft Learn, BCryptDeriveKey; sizes, statuses and the byte order of the raw secret as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDeriveKey(BCRYPT_SECRET_HANDLE hSharedSecret, LPCWSTR pwszKDF, BCryptBufferDesc *pParameterList,
                                            PUCHAR pbDerivedKey, ULONG cbDerivedKey, ULONG *pcbResult, ULONG dwFlags)
	OPENCNG_WIDE(BCryptDeriveKey);

/* Destroys an agreed secret and wipes it.
 *
 * hSecret (in): from BCryptSecretAgreement.
 *
 * Source: Microsoft Learn, BCryptDestroySecret.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDestroySecret(BCRYPT_SECRET_HANDLE hSecret);

/* Makes a fresh secret and its ciphertext for the owner of an ML-KEM key.
 *
 * hKey (in): a public key or a key pair.
 * pbSecretKey (out, optional): the shared secret.
 * cbSecretKey: bytes at pbSecretKey.
 * pcbSecretKey (out): bytes written or needed.
 * pbCipherText (out, optional): the ciphertext to send.
 * cbCipherText: bytes at pbCipherText.
 * pcbCipherText (out): bytes written or needed.
 * dwFlags: 0.
 *
 * With pbSecretKey and pbCipherText both NULL the call asks for the sizes.
 *
 * STATUS_BUFFER_TOO_SMALL: one of the buffers is; both sizes are set.
 * STATUS_INVALID_HANDLE: also when the key pair is not final.
 * STATUS_INVALID_PARAMETER: hKey, pcbSecretKey or pcbCipherText is NULL, only one buffer is NULL, dwFlags is not 0.
 * STATUS_NOT_SUPPORTED: the algorithm does not encapsulate.
 *
 * Source: Microsoft Learn, BCryptEncapsulate.
 */
OPENCNG_API NTSTATUS WINAPI BCryptEncapsulate(BCRYPT_KEY_HANDLE hKey, PUCHAR pbSecretKey, ULONG cbSecretKey, ULONG *pcbSecretKey,
                                              PUCHAR pbCipherText, ULONG cbCipherText, ULONG *pcbCipherText, ULONG dwFlags);

/* Recovers the secret from an ML-KEM ciphertext. A ciphertext of the right size that was not made for this key gives a random-looking
 * secret and STATUS_SUCCESS: FIPS 203 wants it so.
 *
 * hKey (in): a key pair.
 * pbCipherText (in): the ciphertext.
 * cbCipherText: its bytes, exactly BCRYPT_KEM_CIPHERTEXT_LENGTH; not looked at where only the size is asked for.
 * pbSecretKey (out, optional): the shared secret; NULL asks for the size.
 * cbSecretKey: bytes at pbSecretKey.
 * pcbSecretKey (out): bytes written or needed.
 * dwFlags: 0.
 *
 * STATUS_BUFFER_TOO_SMALL: cbSecretKey is less than *pcbSecretKey, which is set.
 * STATUS_INVALID_BUFFER_SIZE: cbCipherText is not the parameter set's.
 * STATUS_INVALID_HANDLE: also when the key pair is not final.
 * STATUS_INVALID_PARAMETER: hKey, pbCipherText or pcbSecretKey is NULL, dwFlags is not 0, a key without private part.
 * STATUS_NOT_SUPPORTED: the algorithm does not encapsulate.
 *
 * Source: Microsoft Learn, BCryptDecapsulate.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDecapsulate(BCRYPT_KEY_HANDLE hKey, PUCHAR pbCipherText, ULONG cbCipherText, PUCHAR pbSecretKey,
                                              ULONG cbSecretKey, ULONG *pcbSecretKey, ULONG dwFlags);

/* ---- Symmetric keys ---- */

/* Makes a symmetric key, or the secret of a key derivation function, from its bytes.
 *
 * hAlgorithm (in): a cipher or a key derivation function, pseudo-handles too. The key takes over the algorithm's chaining mode and effective
 *   key length as they are now.
 * phKey (out): the key.
 * pbKeyObject (optional): memory for the key, which must live as long as it; NULL: the library allocates.
 * cbKeyObject: bytes at pbKeyObject, at least BCRYPT_OBJECT_LENGTH; 0 with NULL.
 * pbSecret (in): the key's bytes; not NULL even when there are none.
 * cbSecret: their number. Ciphers: more than the longest key is cut to it, except with BCRYPT_EXTENDED_KEYSIZE. Key derivation
 *   functions: 0 to 2048.
 * dwFlags: 0 or a combination of BCRYPT_EXTENDED_KEYSIZE (RC2 and RC4: up to 128 and 256 bytes) and
 *   BCRYPT_ENABLE_INCOMPATIBLE_FIPS_CHECKS (XTS-AES: in FIPS mode two equal halves are refused).
 *
 * STATUS_BUFFER_TOO_SMALL: cbKeyObject is less than BCRYPT_OBJECT_LENGTH.
 * STATUS_INVALID_PARAMETER: a NULL pointer, a length that the algorithm does not take, an unknown flag or one of another algorithm.
 * STATUS_NOT_SUPPORTED: the algorithm has no symmetric keys.
 *
 * Source: Microsoft Learn, BCryptGenerateSymmetricKey; lengths and the NULL secret as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptGenerateSymmetricKey(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE *phKey, PUCHAR pbKeyObject,
                                                       ULONG cbKeyObject, PUCHAR pbSecret, ULONG cbSecret, ULONG dwFlags);

/* Makes a symmetric key from a blob.
 *
 * hAlgorithm (in): a cipher or a key derivation function, pseudo-handles too.
 * hImportKey (in, optional): BCRYPT_AES_WRAP_KEY_BLOB: the AES key that unwraps; BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB: the RSA key pair that
 *   does; otherwise NULL.
 * pszBlobType (in): BCRYPT_KEY_DATA_BLOB, BCRYPT_OPAQUE_KEY_BLOB (this library's own, which keeps mode and chaining value),
 *   BCRYPT_AES_WRAP_KEY_BLOB or BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB.
 * phKey (out): the key.
 * pbKeyObject (optional), cbKeyObject: as with BCryptGenerateSymmetricKey.
 * pbInput (in): the blob.
 * cbInput: its bytes.
 * dwFlags: 0.
 *
 * STATUS_BUFFER_TOO_SMALL: cbKeyObject is less than BCRYPT_OBJECT_LENGTH.
 * STATUS_INVALID_HANDLE: also when hImportKey is no usable key.
 * STATUS_INVALID_PARAMETER: a NULL pointer, a flag, a malformed blob, a key length that the algorithm does not take, a wrapped key that
 *   fails its integrity check, a missing or superfluous hImportKey.
 * STATUS_NOT_SUPPORTED: the algorithm does not import that type, or hImportKey cannot unwrap it.
 *
 * Source: Microsoft Learn, BCryptImportKey; the status of a failed unwrapping is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptImportKey(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE hImportKey, LPCWSTR pszBlobType,
                                            BCRYPT_KEY_HANDLE *phKey, PUCHAR pbKeyObject, ULONG cbKeyObject, PUCHAR pbInput, ULONG cbInput,
                                            ULONG dwFlags) OPENCNG_WIDE(BCryptImportKey);

/* ---- Hashes and message authentication codes ---- */

/* Begins a hash or a message authentication code.
 *
 * hAlgorithm (in): a hash, pseudo-handles too. It is keyed when opened with BCRYPT_ALG_HANDLE_HMAC_FLAG; AES-CMAC, AES-GMAC, KMAC128 and KMAC256
 *   always are.
 * phHash (out): the hash object.
 * pbHashObject (optional): memory for the object, which must live as long as it; NULL: the library allocates.
 * cbHashObject: bytes at pbHashObject, at least BCRYPT_OBJECT_LENGTH; 0 with NULL.
 * pbSecret (in, optional): the key. HMAC and KMAC take any, also an empty one; AES-CMAC and AES-GMAC 16, 24 or 32 bytes.
 * cbSecret: its bytes; 0 for a hash that is not keyed.
 * dwFlags: 0 or BCRYPT_HASH_REUSABLE_FLAG. Objects made from pseudo-handles are reusable without it.
 *
 * AES-GMAC needs its 12-byte nonce as property BCRYPT_INITIALIZATION_VECTOR of the object before the first data.
 *
 * STATUS_BUFFER_TOO_SMALL: cbHashObject is less than BCRYPT_OBJECT_LENGTH.
 * STATUS_INVALID_PARAMETER: a NULL pointer, an unknown flag, a key for a hash that is not keyed, a key length that the algorithm does not take.
 * STATUS_NOT_SUPPORTED: the algorithm does not hash.
 *
 * Source: Microsoft Learn, BCryptCreateHash; reusable objects of pseudo-handles and the nonce of AES-GMAC as observed on Windows; a key that
 * nobody asked for is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptCreateHash(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_HASH_HANDLE *phHash, PUCHAR pbHashObject, ULONG cbHashObject,
                                             PUCHAR pbSecret, ULONG cbSecret, ULONG dwFlags);

/* Adds data to a hash.
 *
 * hHash (in): from BCryptCreateHash or BCryptDuplicateHash.
 * pbInput (in, optional): the data, which is not changed.
 * cbInput: its bytes; 0 is allowed.
 * dwFlags: 0; or BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG with HMAC over SHA1, SHA256 and SHA384: pbInput is a decrypted TLS record (text, code, padding,
 *   padding length), whose code over what was hashed so far and the text, and whose padding, are checked in constant time; the object
 *   starts anew.
 *
 * STATUS_INVALID_HANDLE: also when the hash was finished and is not reusable, or gives output with BCRYPT_HASH_DONT_RESET_FLAG.
 * STATUS_INVALID_PARAMETER: pbInput is NULL and cbInput is not 0, an unknown flag, AES-GMAC without its nonce.
 * STATUS_INVALID_SIGNATURE: with the flag, the record's code or padding is wrong.
 *
 * Source: Microsoft Learn, BCryptHashData; the finished hash as observed on Windows; the status of a wrong record is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptHashData(BCRYPT_HASH_HANDLE hHash, PUCHAR pbInput, ULONG cbInput, ULONG dwFlags);

/* Takes the result of a hash.
 *
 * hHash (in): the hash object. A reusable one starts anew with its key; another is good for BCryptDestroyHash only.
 * pbOutput (out): the digest or code.
 * cbOutput: exactly BCRYPT_HASH_LENGTH; SHAKE, CSHAKE and KMAC: any number of bytes (0 only starts anew).
 * dwFlags: 0; or BCRYPT_HASH_DONT_RESET_FLAG with SHAKE, CSHAKE and KMAC: the next call gives the bytes that follow. KMAC is KMACXOF then.
 *
 * STATUS_INVALID_HANDLE: also when the hash was finished and is not reusable.
 * STATUS_INVALID_PARAMETER: pbOutput is NULL, another cbOutput (the hash stays usable), an unknown flag, AES-GMAC without its nonce.
 *
 * Source: Microsoft Learn, BCryptFinishHash; wrong sizes and KMACXOF as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptFinishHash(BCRYPT_HASH_HANDLE hHash, PUCHAR pbOutput, ULONG cbOutput, ULONG dwFlags);

/* Copies a hash with all that went in.
 *
 * hHash (in): the hash object, which is not changed.
 * phNewHash (out): the copy.
 * pbHashObject (optional), cbHashObject: as with BCryptCreateHash.
 * dwFlags: 0.
 *
 * STATUS_BUFFER_TOO_SMALL: cbHashObject is less than BCRYPT_OBJECT_LENGTH.
 * STATUS_INVALID_HANDLE: also when the hash was finished and is not reusable.
 * STATUS_INVALID_PARAMETER: phNewHash is NULL, dwFlags is not 0.
 *
 * Source: Microsoft Learn, BCryptDuplicateHash; a finished hash is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDuplicateHash(BCRYPT_HASH_HANDLE hHash, BCRYPT_HASH_HANDLE *phNewHash, PUCHAR pbHashObject,
                                                ULONG cbHashObject, ULONG dwFlags);

/* Destroys a hash and wipes what went in.
 *
 * hHash (in): from BCryptCreateHash, BCryptDuplicateHash or BCryptCreateMultiHash.
 *
 * STATUS_INVALID_PARAMETER: hHash is no such handle; this one function does not say STATUS_INVALID_HANDLE.
 *
 * Source: Microsoft Learn, BCryptDestroyHash; the status as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDestroyHash(BCRYPT_HASH_HANDLE hHash);

/* Hashes in one call.
 *
 * hAlgorithm (in): a hash, pseudo-handles too.
 * pbSecret (in, optional): the key of a keyed algorithm.
 * cbSecret: its bytes; 0 for a hash that is not keyed.
 * pbInput (in, optional): the data.
 * cbInput: its bytes.
 * pbOutput (out): the digest or code.
 * cbOutput: exactly BCRYPT_HASH_LENGTH; any number with SHAKE, CSHAKE and KMAC.
 *
 * STATUS_INVALID_PARAMETER: a NULL pointer, another cbOutput, a key for a hash that is not keyed, a key length that the algorithm does not take;
 *   AES-GMAC, which needs a nonce.
 * STATUS_NOT_SUPPORTED: the algorithm does not hash.
 *
 * Source: Microsoft Learn, BCryptHash; sizes and NULL pointers as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptHash(BCRYPT_ALG_HANDLE hAlgorithm, PUCHAR pbSecret, ULONG cbSecret, PUCHAR pbInput, ULONG cbInput,
                                       PUCHAR pbOutput, ULONG cbOutput);

/* Begins many hashes or message authentication codes that go on together. Those of SHA256, SHA384 and SHA512 are computed side by side where the
 * processor can.
 *
 * hAlgorithm (in): a hash opened with BCRYPT_MULTI_FLAG, or a pseudo-handle.
 * phHash (out): the object, for BCryptProcessMultiOperations and BCryptDestroyHash.
 * nHashes: their number, at least 1.
 * pbHashObject (optional): memory for the object, which must live as long as it; NULL: the library allocates.
 * cbHashObject: bytes at pbHashObject, at least cbPerObject + nHashes * cbPerElement of BCRYPT_MULTI_OBJECT_LENGTH; 0 with NULL.
 * pbSecret (in, optional): the key, the same for all.
 * cbSecret: its bytes; 0 for a hash that is not keyed.
 * dwFlags: 0 or BCRYPT_HASH_REUSABLE_FLAG, which changes nothing: every element starts anew after its result.
 *
 * STATUS_BUFFER_TOO_SMALL: cbHashObject is less than that.
 * STATUS_INVALID_PARAMETER: phHash is NULL, nHashes is 0, an unknown flag, a key for a hash that is not keyed, a key length that the algorithm
 *   does not take.
 * STATUS_NOT_SUPPORTED: the algorithm does not hash, or not many messages at once (AES-GMAC, HMAC over MD2 and MD4), or was opened without
 *   BCRYPT_MULTI_FLAG.
 *
 * Source: Microsoft Learn, BCryptCreateMultiHash; the statuses are this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptCreateMultiHash(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_HASH_HANDLE *phHash, ULONG nHashes, PUCHAR pbHashObject,
                                                  ULONG cbHashObject, PUCHAR pbSecret, ULONG cbSecret, ULONG dwFlags);

/* Adds data to many hashes and takes results of them, in one call.
 *
 * hObject (in): from BCryptCreateMultiHash.
 * operationType: BCRYPT_OPERATION_TYPE_HASH.
 * pOperations (in): an array of BCRYPT_MULTI_HASH_OPERATION. BCRYPT_HASH_OPERATION_HASH_DATA adds cbBuffer bytes at pbBuffer to element iHash,
 *   counted from 0; BCRYPT_HASH_OPERATION_FINISH_HASH writes its result there, cbBuffer being exactly BCRYPT_HASH_LENGTH (SHAKE, CSHAKE and
 *   KMAC: any number), after which the element starts anew. Operations on one element happen in the order of the array; between elements
 *   there is no order, so no buffer for a result may overlap another buffer of the call.
 * cbOperations: bytes of the array, a multiple of the structure's size; 0 is allowed.
 * dwFlags: 0.
 *
 * STATUS_INVALID_PARAMETER: another operationType, pOperations is NULL, another cbOperations, dwFlags is not 0; or in one of the operations: an
 *   iHash that is too large, an unknown hashOperation, a NULL pbBuffer, another cbBuffer. Nothing is done then.
 *
 * Source: Microsoft Learn, BCryptProcessMultiOperations; the status, and that nothing is done, are this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptProcessMultiOperations(BCRYPT_HANDLE hObject, BCRYPT_MULTI_OPERATION_TYPE operationType, PVOID pOperations,
                                                         ULONG cbOperations, ULONG dwFlags);

/* ---- Key derivation ---- */

/* Derives a key with a key derivation function.
 *
 * hKey (in): from BCryptGenerateSymmetricKey or BCryptImportKey of the function's algorithm.
 * pParameterList (in, optional): buffers of the types KDF_...; a string may count its NUL or not.
 * pbDerivedKey (out): the key.
 * cbDerivedKey: its bytes, at least 1.
 * pcbResult (out): bytes written.
 * dwFlags: 0; or BCRYPT_CAPI_AES_FLAG with CAPI_KDF.
 *
 * PBKDF2: KDF_HASH_ALGORITHM; KDF_SALT and KDF_ITERATION_COUNT (a ULONGLONG, 10000 without) are optional. SP800_108_CTR_HMAC: KDF_HASH_ALGORITHM,
 * KDF_LABEL, KDF_CONTEXT. SP800_56A_CONCAT: KDF_HASH_ALGORITHM, KDF_ALGORITHMID, KDF_PARTYUINFO, KDF_PARTYVINFO; KDF_SUPPPUBINFO and KDF_SUPPPRIVINFO are
 * optional. CAPI_KDF: KDF_HASH_ALGORITHM. TLS1_1_KDF: KDF_TLS_PRF_LABEL, KDF_TLS_PRF_SEED; TLS1_2_KDF also KDF_HASH_ALGORITHM. HKDF: KDF_HKDF_INFO is optional, and
 * the key's properties BCRYPT_HKDF_HASH_ALGORITHM and then BCRYPT_HKDF_SALT_AND_FINALIZE or BCRYPT_HKDF_PRK_AND_FINALIZE are set before. KDF_GENERIC_PARAMETER stands
 * for the salt, for label || 0 || context, or for the five fields of the first three. The hash of the first two may be AES-CMAC, for secrets of 16, 24
 * or 32 bytes. Labels and seeds of TLS have at most 256 bytes. CAPI_KDF starts from the hash of the secret.
 *
 * STATUS_INVALID_HANDLE: also an HKDF key whose properties are not set.
 * STATUS_INVALID_PARAMETER: a NULL pointer, cbDerivedKey is 0 or more than the function gives, a missing, repeated or unknown parameter, a count
 *   of 0, a flag of another function.
 * STATUS_NOT_SUPPORTED: hKey is no key of such a function, or there is no such hash.
 *
 * Source: Microsoft Learn, BCryptKeyDerivation; sizes and optional parameters as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptKeyDerivation(BCRYPT_KEY_HANDLE hKey, BCryptBufferDesc *pParameterList, PUCHAR pbDerivedKey, ULONG cbDerivedKey,
                                                ULONG *pcbResult, ULONG dwFlags) OPENCNG_WIDE(BCryptKeyDerivation);

/* Derives a key from a password with PBKDF2 (RFC 8018).
 *
 * hPrf (in): a keyed hash: HMAC over any hash, or AES-CMAC.
 * pbPassword (in, optional): the password.
 * cbPassword: its bytes.
 * pbSalt (in, optional): the salt.
 * cbSalt: its bytes.
 * cIterations: at least 1.
 * pbDerivedKey (out): the key.
 * cbDerivedKey: its bytes, at least 1.
 * dwFlags: 0.
 *
 * STATUS_INVALID_PARAMETER: a NULL pointer, cIterations or cbDerivedKey is 0, hPrf is not keyed, dwFlags is not 0, a password that is no key of
 *   AES-CMAC.
 *
 * Source: Microsoft Learn, BCryptDeriveKeyPBKDF2; 0 iterations as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDeriveKeyPBKDF2(BCRYPT_ALG_HANDLE hPrf, PUCHAR pbPassword, ULONG cbPassword, PUCHAR pbSalt, ULONG cbSalt,
                                                  ULONGLONG cIterations, PUCHAR pbDerivedKey, ULONG cbDerivedKey, ULONG dwFlags);

/* Derives a key from a hash as CryptoAPI's CryptDeriveKey does. The hash is finished by the call.
 *
 * hHash (in): a hash with its data.
 * hTargetAlg (in, optional): the algorithm that the key is for; AES and 3DES take the expanded form of hashes other than SHA-2.
 * pbDerivedKey (out): the key.
 * cbDerivedKey: its bytes, 1 to twice the hash's length.
 * dwFlags: 0.
 *
 * STATUS_INVALID_HANDLE: also when the hash was finished and is not reusable; hTargetAlg is no algorithm.
 * STATUS_INVALID_PARAMETER: hHash is NULL, pbDerivedKey is NULL, another cbDerivedKey, a keyed hash, dwFlags is not 0.
 *
 * Source: Microsoft Learn, BCryptDeriveKeyCapi; NULL, sizes and the finished hash as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDeriveKeyCapi(BCRYPT_HASH_HANDLE hHash, BCRYPT_ALG_HANDLE hTargetAlg, PUCHAR pbDerivedKey, ULONG cbDerivedKey,
                                                ULONG dwFlags);

/* ---- Random numbers, FIPS mode ---- */

/* Fills a buffer with random bytes from a cryptographic generator.
 *
 * hAlgorithm (in, optional): BCRYPT_RNG_ALG_HANDLE or an opened RNG; NULL only with BCRYPT_USE_SYSTEM_PREFERRED_RNG.
 * pbBuffer (out): the buffer.
 * cbBuffer: its bytes; 0 is allowed.
 * dwFlags: 0, BCRYPT_USE_SYSTEM_PREFERRED_RNG, BCRYPT_RNG_USE_ENTROPY_IN_BUFFER (without effect, as on Windows since version 8).
 *
 * STATUS_INVALID_HANDLE: also for NULL without BCRYPT_USE_SYSTEM_PREFERRED_RNG.
 * STATUS_INVALID_PARAMETER: pbBuffer is NULL and cbBuffer is not 0, an unknown flag, a handle together with BCRYPT_USE_SYSTEM_PREFERRED_RNG.
 *
 * Source: Microsoft Learn, BCryptGenRandom; NULL and 0 as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptGenRandom(BCRYPT_ALG_HANDLE hAlgorithm, PUCHAR pbBuffer, ULONG cbBuffer, ULONG dwFlags);

/* Fills a buffer with random bytes, as Windows' bcryptprimitives.dll does.
 *
 * pbData (out): the buffer.
 * cbData: its bytes.
 *
 * Returns TRUE always: a process whose generator fails is aborted instead of being given bytes that are not random.
 *
 * Source: Microsoft Learn, ProcessPrng.
 */
OPENCNG_API BOOL WINAPI ProcessPrng(PBYTE pbData, SIZE_T cbData);

/* Tells whether the machine is in FIPS mode: whether the kernel's flag /proc/sys/crypto/fips_enabled is set. In that mode algorithms that FIPS 140-3
 * does not approve cannot be opened (STATUS_NOT_FOUND).
 *
 * pfEnabled (out): not 0 in FIPS mode; one byte.
 *
 * STATUS_INVALID_PARAMETER: pfEnabled is NULL.
 *
 * Source: Microsoft Learn, BCryptGetFipsAlgorithmMode; what the mode does is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptGetFipsAlgorithmMode(BOOLEAN *pfEnabled);

/* ---- Configuration ----
 *
 * Which providers there are beside the built-in ones, and in which order they are asked. It lies in two tables of small text files
 * (docs/configuration.md): CRYPT_DOMAIN is the machine's, which everybody reads; CRYPT_LOCAL is the caller's own, for root the machine's too. Where both
 * have an entry for the same context or function, the user's counts, unless the machine's has CRYPT_OVERRIDE. Changes are on the disk when a call
 * returns, and of several writers none loses another's change. Names have 1 to 60 bytes of UTF-8 and compare without regard to ASCII case. The contexts
 * CRYPT_DEFAULT_CONTEXT and "SSL" are always there.
 *
 * Two calls for a size, here with pcbBuffer and ppBuffer: with ppBuffer NULL, *pcbBuffer becomes the number of bytes that the result needs, and the
 * status is STATUS_BUFFER_TOO_SMALL. With *ppBuffer NULL the library makes the block, to be freed with BCryptFreeBuffer. Otherwise *ppBuffer is the
 * caller's block of *pcbBuffer bytes; where that is not enough, *pcbBuffer becomes what is needed, and the status is STATUS_BUFFER_TOO_SMALL. A result
 * is one block: what it points at lies in it.
 *
 * Statuses of all these functions, beside those that a function names:
 *
 * STATUS_INVALID_PARAMETER: a table that is neither CRYPT_LOCAL nor CRYPT_DOMAIN, a name that is NULL or cannot be one, dwInterface is 0, an
 *   unknown flag, pcbBuffer is NULL.
 * STATUS_NOT_FOUND: there is no such context, function, provider or property in the table.
 * STATUS_ACCESS_DENIED: (changes) the caller may not write the table, or others may, so that it is not safe.
 * STATUS_DATA_ERROR: (changes) the context's file is damaged, and is left as it is.
 * STATUS_UNSUCCESSFUL: (changes) the system failed: a full disk, for instance.
 */

/* Makes a context.
 *
 * dwTable: CRYPT_LOCAL or CRYPT_DOMAIN.
 * pszContext (in): its name.
 * pConfig (in, optional): its flags, as BCryptConfigureContext takes them. One that is there already stays as it is, which is a success.
 *
 * Source: Microsoft Learn, BCryptCreateContext; that one that is there stays as it is is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptCreateContext(ULONG dwTable, LPCWSTR pszContext, PCRYPT_CONTEXT_CONFIG pConfig) OPENCNG_WIDE(BCryptCreateContext);

/* Deletes a context with all its functions.
 *
 * STATUS_ACCESS_DENIED: also for the contexts that are always there.
 *
 * Source: Microsoft Learn, BCryptDeleteContext; the statuses are this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptDeleteContext(ULONG dwTable, LPCWSTR pszContext) OPENCNG_WIDE(BCryptDeleteContext);

/* Lists the contexts of a table.
 *
 * dwTable: CRYPT_LOCAL or CRYPT_DOMAIN.
 * pcbBuffer (in, out), ppBuffer (in, out, optional): the result, as above.
 *
 * Source: Microsoft Learn, BCryptEnumContexts.
 */
OPENCNG_API NTSTATUS WINAPI BCryptEnumContexts(ULONG dwTable, ULONG *pcbBuffer, PCRYPT_CONTEXTS *ppBuffer) OPENCNG_WIDE(BCryptEnumContexts);

/* Replaces the flags of a context.
 *
 * pConfig (in): dwFlags is 0 or a combination of CRYPT_EXCLUSIVE (only functions that the context has are resolved in it) and, in the machine's table,
 *   CRYPT_OVERRIDE (users' entries for this context do not count).
 *
 * Source: Microsoft Learn, BCryptConfigureContext; that flags are replaced, and statuses, are this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptConfigureContext(ULONG dwTable, LPCWSTR pszContext, PCRYPT_CONTEXT_CONFIG pConfig) OPENCNG_WIDE(BCryptConfigureContext);

/* Tells the flags of a context.
 *
 * pcbBuffer (in, out), ppBuffer (in, out, optional): the result, as above.
 *
 * Source: Microsoft Learn, BCryptQueryContextConfiguration.
 */
OPENCNG_API NTSTATUS WINAPI BCryptQueryContextConfiguration(ULONG dwTable, LPCWSTR pszContext, ULONG *pcbBuffer, PCRYPT_CONTEXT_CONFIG *ppBuffer)
	OPENCNG_WIDE(BCryptQueryContextConfiguration);

/* Adds a function to a context, or moves it.
 *
 * dwInterface: BCRYPT_..._INTERFACE or one of ncrypt.h's.
 * pszFunction (in): an algorithm or a cipher suite; nobody need have it.
 * dwPosition: the function comes in front of the one there, counted from 0 without itself; CRYPT_PRIORITY_TOP, CRYPT_PRIORITY_BOTTOM; a position
 *   beyond the end is the end. One that is there is moved with its flags, providers and properties.
 *
 * Source: Microsoft Learn, BCryptAddContextFunction; pszContext NULL as observed on Windows; a position beyond the end is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptAddContextFunction(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction, ULONG dwPosition)
	OPENCNG_WIDE(BCryptAddContextFunction);

/* Removes a function from a context, with its flags, providers and properties.
 *
 * Source: Microsoft Learn, BCryptRemoveContextFunction.
 */
OPENCNG_API NTSTATUS WINAPI BCryptRemoveContextFunction(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction)
	OPENCNG_WIDE(BCryptRemoveContextFunction);

/* Lists the functions that a table puts into a context, in order of priority. There may be none.
 *
 * pcbBuffer (in, out), ppBuffer (in, out, optional): the result, as above.
 *
 * Source: Microsoft Learn, BCryptEnumContextFunctions; an empty list as observed on Windows.
 */
OPENCNG_API NTSTATUS WINAPI BCryptEnumContextFunctions(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, ULONG *pcbBuffer,
                                                       PCRYPT_CONTEXT_FUNCTIONS *ppBuffer) OPENCNG_WIDE(BCryptEnumContextFunctions);

/* Replaces the flags of a function.
 *
 * pConfig (in): dwFlags is 0 or a combination of CRYPT_EXCLUSIVE (only the listed providers are asked for it) and, in the machine's table,
 *   CRYPT_OVERRIDE (users' entries for this function do not count).
 *
 * Source: Microsoft Learn, BCryptConfigureContextFunction; that flags are replaced is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptConfigureContextFunction(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction,
                                                           PCRYPT_CONTEXT_FUNCTION_CONFIG pConfig) OPENCNG_WIDE(BCryptConfigureContextFunction);

/* Tells the flags of a function.
 *
 * pcbBuffer (in, out), ppBuffer (in, out, optional): the result, as above.
 *
 * Source: Microsoft Learn, BCryptQueryContextFunctionConfiguration.
 */
OPENCNG_API NTSTATUS WINAPI BCryptQueryContextFunctionConfiguration(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction,
                                                                    ULONG *pcbBuffer, PCRYPT_CONTEXT_FUNCTION_CONFIG *ppBuffer)
	OPENCNG_WIDE(BCryptQueryContextFunctionConfiguration);

/* Lists the providers that a table puts to a function, first the one to be asked first. What follows from it is told by BCryptResolveProviders.
 *
 * pcbBuffer (in, out), ppBuffer (in, out, optional): the result, as above.
 *
 * Source: Microsoft Learn, BCryptEnumContextFunctionProviders.
 */
OPENCNG_API NTSTATUS WINAPI BCryptEnumContextFunctionProviders(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction,
                                                               ULONG *pcbBuffer, PCRYPT_CONTEXT_FUNCTION_PROVIDERS *ppBuffer)
	OPENCNG_WIDE(BCryptEnumContextFunctionProviders);

/* Keeps a property of a function; nothing in this library reads it.
 *
 * pszProperty (in): its name.
 * cbValue: bytes of the value, at most 4096.
 * pbValue (in, optional): the value; NULL takes the property away.
 *
 * STATUS_NOT_FOUND: also where a property that is to be taken away is not there.
 * STATUS_INVALID_PARAMETER: also a longer value.
 *
 * Source: Microsoft Learn, BCryptSetContextFunctionProperty; NULL and the limit are this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptSetContextFunctionProperty(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction,
                                                             LPCWSTR pszProperty, ULONG cbValue, PUCHAR pbValue)
	OPENCNG_WIDE(BCryptSetContextFunctionProperty);

/* Tells a property of a function: the bytes that were set.
 *
 * pcbValue (in, out), ppbValue (in, out, optional): the result, as above.
 *
 * Source: Microsoft Learn, BCryptQueryContextFunctionProperty.
 */
OPENCNG_API NTSTATUS WINAPI BCryptQueryContextFunctionProperty(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction,
                                                               LPCWSTR pszProperty, ULONG *pcbValue, PUCHAR *ppbValue)
	OPENCNG_WIDE(BCryptQueryContextFunctionProperty);

/* Lists the registered providers: the built-in ones of bcrypt.h and ncrypt.h first, then the user's own, then the machine's.
 *
 * pcbBuffer (in, out), ppBuffer (in, out, optional): the result, as above.
 *
 * Source: Microsoft Learn, BCryptEnumRegisteredProviders.
 */
OPENCNG_API NTSTATUS WINAPI BCryptEnumRegisteredProviders(ULONG *pcbBuffer, PCRYPT_PROVIDERS *ppBuffer) OPENCNG_WIDE(BCryptEnumRegisteredProviders);

/* Tells what a provider is registered with.
 *
 * pszProvider (in): its name or an alias.
 * dwMode: CRYPT_UM or CRYPT_ANY; with CRYPT_KM and CRYPT_MM nothing is found, because nothing runs in kernel mode. pKM of the result is NULL.
 * dwInterface: only this interface; 0: all of them.
 * pcbBuffer (in, out), ppBuffer (in, out, optional): the result, as above.
 *
 * STATUS_NOT_FOUND: also a provider without the interface.
 * STATUS_INVALID_PARAMETER: another dwMode; dwInterface may be 0.
 *
 * Source: Microsoft Learn, BCryptQueryProviderRegistration; what the modes give is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptQueryProviderRegistration(LPCWSTR pszProvider, ULONG dwMode, ULONG dwInterface, ULONG *pcbBuffer,
                                                            PCRYPT_PROVIDER_REG *ppBuffer) OPENCNG_WIDE(BCryptQueryProviderRegistration);

/* Makes an event that tells of every change of either table, by whatever program.
 *
 * phEvent (out): a file descriptor cast to HANDLE. It can be polled: readable means that something changed since it was last read empty. It is never
 *   closed or waited for with anything but poll, read and BCryptUnregisterConfigChangeNotify, or libwincompat's WaitForSingleObject and
 *   CloseHandle. Of a machine's table that has no folder yet it tells only that the folder was made: register anew then.
 *
 * STATUS_INVALID_PARAMETER: phEvent is NULL.
 * STATUS_NO_MEMORY: also when the process has too many files open, or the user too many such events.
 *
 * Source: Microsoft Learn, BCryptRegisterConfigChangeNotify; the descriptor is this library's choice.
 */
OPENCNG_API NTSTATUS WINAPI BCryptRegisterConfigChangeNotify(HANDLE *phEvent);

/* Closes such an event.
 *
 * STATUS_INVALID_PARAMETER: hEvent is no event of that kind.
 *
 * Source: Microsoft Learn, BCryptUnregisterConfigChangeNotify.
 */
OPENCNG_API NTSTATUS WINAPI BCryptUnregisterConfigChangeNotify(HANDLE hEvent);

/* Tells which providers are asked for a function, and in which order, after both tables.
 *
 * pszContext (in, optional): a context; NULL or "": CRYPT_DEFAULT_CONTEXT.
 * dwInterface: the interface; 0: the one that the function is on.
 * pszFunction (in, optional): the function; NULL: the functions of dwInterface, those that the context puts in an order first.
 * pszProvider (in, optional): only this provider, by name or alias.
 * dwMode: CRYPT_UM; with CRYPT_KM and CRYPT_MM nothing is found.
 * dwFlags: 0 or a combination of CRYPT_ALL_FUNCTIONS and CRYPT_ALL_PROVIDERS; without them the first of each.
 * pcbBuffer (in, out), ppBuffer (in, out, optional): the result, as above; but with ppBuffer NULL the status is STATUS_SUCCESS.
 *
 * A provider is listed as it is registered; whether its image can be loaded is not tried. pszImage of a built-in one is the name of its library.
 *
 * STATUS_NOT_FOUND: nobody has it, or the context does not let it.
 * STATUS_INVALID_PARAMETER: neither a function nor an interface, another dwMode.
 *
 * Source: Microsoft Learn, BCryptResolveProviders.
 */
OPENCNG_API NTSTATUS WINAPI BCryptResolveProviders(LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction, LPCWSTR pszProvider, ULONG dwMode,
                                                   ULONG dwFlags, ULONG *pcbBuffer, PCRYPT_PROVIDER_REFS *ppBuffer)
	OPENCNG_WIDE(BCryptResolveProviders);

OPENCNG_END_C

#endif /* __BCRYPT_H__ */
