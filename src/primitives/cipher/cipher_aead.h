/* Between the authenticated modes (cipher_aead.c) and their engines. */
#ifndef PRIMITIVES_CIPHER_AEAD_H
#define PRIMITIVES_CIPHER_AEAD_H

#include "cipher_evp.h"

/* The name has a length that only Windows' headers are proud of. */
#define aead_info _BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO

#define AEAD_CHAIN_FLAGS (BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG | BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG)

#endif
