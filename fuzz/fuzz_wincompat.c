/*
 * What libwincompat reads that comes from files: DER by CryptDecodeObjectEx, and text by CryptStringToBinary.
 * The first byte chooses the structure, or with its highest bit the form of text. What is read can be written,
 * and read and written again it is the same.
 */
#include "fuzz.h"

#include <windows.h>

#define BOTH (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)

static const LPCSTR types[] = {
    X509_PUBLIC_KEY_INFO,     RSA_CSP_PUBLICKEYBLOB,   X509_SEQUENCE_OF_ANY,
    X509_MULTI_BYTE_UINT,     X509_DSS_PARAMETERS,     X509_DSS_SIGNATURE,
    PKCS_RSA_PRIVATE_KEY,     PKCS_PRIVATE_KEY_INFO,   PKCS_ENCRYPTED_PRIVATE_KEY_INFO,
    X509_ECC_SIGNATURE,       CNG_RSA_PUBLIC_KEY_BLOB, X509_ECC_PRIVATE_KEY,
    CNG_RSA_PRIVATE_KEY_BLOB,
};

/* Into the library's block; in a block of one's own it takes the room that is asked for, no less. */
static void *decode(LPCSTR type, const BYTE *der, DWORD n)
{
    void *info = NULL;
    DWORD size = 0, need = 0;
    BOOL good =
        CryptDecodeObjectEx(BOTH, type, der, n, CRYPT_DECODE_ALLOC_FLAG, NULL, &info, &size);
    FUZZ_CHECK(CryptDecodeObject(BOTH, type, der, n, 0, NULL, &need) == good);
    if (!good)
        return NULL;
    BYTE *own = malloc(need > 0 ? need : 1);
    FUZZ_CHECK(own != NULL && need == size);
    FUZZ_CHECK(CryptDecodeObject(BOTH, type, der, n, 0, own, &need) && need == size);
    need--;
    FUZZ_CHECK(!CryptDecodeObject(BOTH, type, der, n, 0, own, &need) && need == size);
    free(own);
    return info;
}

static BYTE *encode(LPCSTR type, const void *info, DWORD *n)
{
    BYTE *der = NULL;
    FUZZ_CHECK(CryptEncodeObjectEx(BOTH, type, info, CRYPT_ENCODE_ALLOC_FLAG, NULL, &der, n));
    return der;
}

static void object(LPCSTR type, const BYTE *der, DWORD n)
{
    void *info = decode(type, der, n);
    BYTE *made = NULL;
    DWORD made_size;
    /* Encoding that one makes a key of it, which need not succeed. */
    if (info != NULL && type == CNG_RSA_PRIVATE_KEY_BLOB)
        (void)CryptEncodeObjectEx(BOTH, type, info, CRYPT_ENCODE_ALLOC_FLAG, NULL, &made,
                                  &made_size);
    LocalFree(made);
    if (info == NULL || type == CNG_RSA_PRIVATE_KEY_BLOB) {
        LocalFree(info);
        return;
    }
    DWORD one_size, two_size;
    BYTE *one = encode(type, info, &one_size);
    void *again = decode(type, one, one_size);
    FUZZ_CHECK(again != NULL);
    BYTE *two = encode(type, again, &two_size);
    FUZZ_CHECK(one_size == two_size && memcmp(one, two, one_size) == 0);
    LocalFree(info);
    LocalFree(again);
    LocalFree(one);
    LocalFree(two);
}

static void text(DWORD form, const BYTE *chars, DWORD n)
{
    DWORD size = n, found = 0, length = 0, again = n;
    BYTE *bytes = malloc(n + 1), *back = malloc(n + 1);
    FUZZ_CHECK(bytes != NULL && back != NULL);
    if (n > 0 && CryptStringToBinaryA((LPCSTR)chars, n, form, bytes, &size, NULL, &found) &&
        size > 0) {
        FUZZ_CHECK(CryptBinaryToStringA(bytes, size, found, NULL, &length));
        char *made = malloc(length);
        FUZZ_CHECK(made != NULL && CryptBinaryToStringA(bytes, size, found, made, &length));
        FUZZ_CHECK(CryptStringToBinaryA(made, length, found, back, &again, NULL, NULL) &&
                   again == size && memcmp(bytes, back, size) == 0);
        free(made);
    }
    free(bytes);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > UINT32_MAX)
        return 0;
    if (data[0] >= 0x80)
        text(data[0] & 0x0Fu, data + 1, (DWORD)size - 1);
    else
        object(types[data[0] % (sizeof types / sizeof types[0])], data + 1, (DWORD)size - 1);
    return 0;
}
