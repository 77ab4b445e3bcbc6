/* The block cipher inside a message authentication code: AES in the mode that it is built on. */
#ifndef PRIMITIVES_MAC_CIPHER_H
#define PRIMITIVES_MAC_CIPHER_H

#include "ossl.h"

enum mac_mode { MAC_CBC, MAC_GCM, MAC_MODES };

/* libcrypto's method for a key of n bytes, fetched once and kept. STATUS_INVALID_PARAMETER: AES has
 * no such key. */
NTSTATUS mac_cipher_find(enum mac_mode mode, size_t n, const EVP_CIPHER **cipher) MUST_CHECK;

#endif
