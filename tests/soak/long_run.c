/*
 * long_run [SECONDS]: one process that hashes, encrypts, signs, agrees, and makes, opens, uses and deletes keys of the store, for
 * SECONDS. After a warm-up (a tenth of the time) its memory may grow by a MiB and its descriptors by none; no call may fail.
 */
#include "../conform/conform_ncrypt.h"

#include <time.h>

#include "../conform/process_use.h"
#include "clock.h"

static const char *failed;

#define MUST(call)                                                                                 \
    do {                                                                                           \
        if ((call) < 0 && failed == NULL)                                                          \
            failed = #call;                                                                        \
    } while (0)

static UCHAR data[4096], out[8192];

static void hashes(void)
{
    BCRYPT_HASH_HANDLE hash = NULL, copy = NULL;
    MUST(BCryptCreateHash(BCRYPT_SHA256_ALG_HANDLE, &hash, NULL, 0, NULL, 0, 0));
    MUST(BCryptHashData(hash, data, (ULONG)(clock_draw() % sizeof data), 0));
    MUST(BCryptDuplicateHash(hash, &copy, NULL, 0, 0));
    MUST(BCryptFinishHash(copy, out, 32, 0));
    MUST(BCryptDestroyHash(copy));
    MUST(BCryptDestroyHash(hash));
    MUST(BCryptHash(BCRYPT_HMAC_SHA512_ALG_HANDLE, data, 64, data, 1000, out, 64));
}

static void ciphers(void)
{
    BCRYPT_KEY_HANDLE key = NULL;
    UCHAR iv[16] = {0}, tag[16];
    ULONG n = 0;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = iv;
    info.cbNonce = 12;
    info.pbTag = tag;
    info.cbTag = 16;
    MUST(BCryptGenerateSymmetricKey(BCRYPT_AES_CBC_ALG_HANDLE, &key, NULL, 0, data, 32, 0));
    MUST(BCryptEncrypt(key, data, 1001, NULL, iv, 16, out, sizeof out, &n, BCRYPT_BLOCK_PADDING));
    MUST(BCryptDestroyKey(key));
    MUST(BCryptGenerateSymmetricKey(BCRYPT_AES_GCM_ALG_HANDLE, &key, NULL, 0, data, 16, 0));
    MUST(BCryptEncrypt(key, data, 1001, &info, NULL, 0, out, sizeof out, &n, 0));
    MUST(BCryptDecrypt(key, out, 1001, &info, NULL, 0, out, sizeof out, &n, 0));
    MUST(BCryptDestroyKey(key));
}

/* A pair is made, exported, imported, and used by what came out. */
static void pairs(void)
{
    BCRYPT_KEY_HANDLE key = NULL, again = NULL;
    BCRYPT_SECRET_HANDLE secret = NULL;
    ULONG n = 0;
    MUST(BCryptGenerateKeyPair(BCRYPT_ECDH_P256_ALG_HANDLE, &key, 256, 0));
    MUST(BCryptFinalizeKeyPair(key, 0));
    MUST(BCryptExportKey(key, NULL, BCRYPT_ECCPRIVATE_BLOB, out, sizeof out, &n, 0));
    MUST(BCryptImportKeyPair(BCRYPT_ECDH_P256_ALG_HANDLE, NULL, BCRYPT_ECCPRIVATE_BLOB, &again, out,
                             n, 0));
    MUST(BCryptSecretAgreement(again, key, &secret, 0));
    MUST(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, out, sizeof out, &n, 0));
    MUST(BCryptDestroySecret(secret));
    MUST(BCryptDestroyKey(again));
    MUST(BCryptDestroyKey(key));
}

static void stored(NCRYPT_PROV_HANDLE provider)
{
    static const LPCWSTR names[] = {L"one", L"two", L"three"};
    LPCWSTR name = names[clock_draw() % 3];
    NCRYPT_KEY_HANDLE key = 0;
    DWORD n = 0;
    MUST(NCryptCreatePersistedKey(provider, &key, BCRYPT_ECDSA_P256_ALGORITHM, name, 0,
                                  NCRYPT_OVERWRITE_KEY_FLAG));
    MUST(NCryptFinalizeKey(key, 0));
    MUST(NCryptFreeObject(key));
    MUST(NCryptOpenKey(provider, &key, name, 0, 0));
    MUST(NCryptSignHash(key, NULL, data, 32, out, 64, &n, 0));
    MUST(NCryptVerifySignature(key, NULL, data, 32, out, n, 0));
    MUST(NCryptDeleteKey(key, 0));
}

int main(int argc, char **argv)
{
    time_t seconds = argc > 1 ? strtol(argv[1], NULL, 10) : 5, start = time(NULL);
    long resident = 0, most = 0;
    int open = 0;
    unsigned long rounds = 0;
    store_begin();
    row_begin("%ld seconds", (long)seconds);
    NCRYPT_PROV_HANDLE provider = provider_open();
    while (time(NULL) < start + seconds && failed == NULL) {
        if (resident == 0 && time(NULL) >= start + seconds / 10 && rounds > 100) {
            resident = resident_kib();
            open = descriptors();
        }
        hashes();
        ciphers();
        pairs();
        if (rounds % 8 == 0)
            stored(provider);
        if (rounds % 1024 == 0 && resident > 0) {
            long now = resident_kib();
            most = now > most ? now : most;
        }
        rounds++;
    }
    long now = resident_kib();
    most = now > most ? now : most;
    printf("# %lu rounds in %ld s, %ld KiB resident after the warm-up and %+ld KiB at most since, "
           "%d descriptors and %+d since\n",
           rounds, (long)seconds, resident, most - resident, open, descriptors() - open);
    tap(failed == NULL, failed == NULL ? "no call failed" : failed);
    tap(resident > 0 && most - resident <= 1024, "memory grows by a MiB at most");
    tap(descriptors() == open, "descriptors are as many as before");
    NCryptFreeObject(provider);
    return tap_done();
}
