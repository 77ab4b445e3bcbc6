/* opencng_keygen.h: how the library makes keys on Linux. Not part of Windows' CNG. */
#ifndef OPENCNG_KEYGEN_H
#define OPENCNG_KEYGEN_H

#include "bcrypt.h"

/* A property of RSA keys: how many threads look for the two primes when BCryptFinalizeKeyPair makes the key. A DWORD, 1 or 2; 1 by default, so that
 * no call starts a thread that was not asked for. It is set with BCryptSetProperty on a key that is not finalized, and read with BCryptGetProperty.
 *
 * With 2, BCryptFinalizeKeyPair starts a thread that takes no signals and ends before the call returns; where none can be started, the calling
 * thread works alone. On two idle processors a key takes about half of the time. The keys are of the same distribution.
 *
 * STATUS_INVALID_PARAMETER: another number. STATUS_INVALID_HANDLE: the key is finalized.
 */
#define OPENCNG_KEY_GENERATION_THREADS L"OpenCNG Key Generation Threads"

#endif /* OPENCNG_KEYGEN_H */
