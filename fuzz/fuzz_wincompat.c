/*
 * What libwincompat reads that comes from files: DER by CryptDecodeObjectEx, and text by CryptStringToBinary.
 * The first byte chooses the structure, or with its highest bit the form of text and, with the three below it, flags. What
 * is read can be written, and read and written again it is the same.
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

/* A program's own allocator: a block that it makes is handed over or taken back. */
static int blocks;

static LPVOID WINAPI own_alloc(size_t n)
{
    blocks++;
    return malloc(n > 0 ? n : 1);
}

static VOID WINAPI own_free(LPVOID p)
{
    blocks -= p != NULL;
    free(p);
}

/* Into the library's block; in a block of one's own it takes the room that is asked for, no less. */
static void *decode(LPCSTR type, const BYTE *der, DWORD n)
{
    void *info = NULL;
    DWORD size = 0, need = 0;
    BOOL good =
        CryptDecodeObjectEx(BOTH, type, der, n, CRYPT_DECODE_ALLOC_FLAG, NULL, &info, &size);
    FUZZ_CHECK(CryptDecodeObject(BOTH, type, der, n, 0, NULL, &need) == good);
    CRYPT_DECODE_PARA para = {sizeof para, own_alloc, own_free};
    void *theirs = NULL;
    FUZZ_CHECK(CryptDecodeObjectEx(BOTH, type, der, n, CRYPT_DECODE_ALLOC_FLAG, &para, &theirs,
                                   &need) == good);
    FUZZ_CHECK(blocks == good && (theirs != NULL) == good);
    own_free(theirs);
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

/* Blobs of keys begin with what they are; with anything else there they have no encoding. */
static void spoil(LPCSTR type, void *info)
{
    BYTE *der = NULL;
    DWORD n = 0;
    BYTE *first = info;
    if (type != RSA_CSP_PUBLICKEYBLOB && type != PKCS_RSA_PRIVATE_KEY &&
        type != CNG_RSA_PUBLIC_KEY_BLOB && type != CNG_RSA_PRIVATE_KEY_BLOB)
        return;
    *first ^= 1;
    FUZZ_CHECK(!CryptEncodeObjectEx(BOTH, type, info, CRYPT_ENCODE_ALLOC_FLAG, NULL, &der, &n));
    FUZZ_CHECK(der == NULL && GetLastError() == (DWORD)CRYPT_E_BAD_ENCODE);
    *first ^= 1;
}

static BYTE *encode(LPCSTR type, const void *info, DWORD *n)
{
    BYTE *der = NULL;
    DWORD need = 0;
    FUZZ_CHECK(CryptEncodeObjectEx(BOTH, type, info, CRYPT_ENCODE_ALLOC_FLAG, NULL, &der, n));
    FUZZ_CHECK(CryptEncodeObject(BOTH, type, info, NULL, &need) && need == *n);
    BYTE *own = malloc(need);
    FUZZ_CHECK(own != NULL && CryptEncodeObject(BOTH, type, info, own, &need) && need == *n);
    FUZZ_CHECK(memcmp(own, der, need) == 0);
    need--;
    FUZZ_CHECK(!CryptEncodeObject(BOTH, type, info, own, &need) && need == *n);
    free(own);
    CRYPT_ENCODE_PARA para = {sizeof para, own_alloc, own_free};
    FUZZ_CHECK(CryptEncodeObjectEx(BOTH, type, info, CRYPT_ENCODE_ALLOC_FLAG, &para, &own, &need));
    FUZZ_CHECK(blocks == 1);
    own_free(own);
    return der;
}

static void object(LPCSTR type, const BYTE *der, DWORD n)
{
    void *info = decode(type, der, n);
    BYTE *made = NULL;
    DWORD made_size;
    if (info != NULL)
        spoil(type, info);
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

/* Any text as an object identifier: what can be written is read, and written as the same bytes. */
static void oid(const BYTE *chars, DWORD n)
{
    char *dotted = malloc((size_t)n + 1);
    CERT_PUBLIC_KEY_INFO info = {.Algorithm = {.pszObjId = dotted}}, *again = NULL;
    BYTE *one = NULL, *two = NULL;
    DWORD one_size = 0, two_size = 0, size = 0;
    FUZZ_CHECK(dotted != NULL);
    memcpy(dotted, chars, n);
    dotted[n] = 0;
    if (CryptEncodeObjectEx(BOTH, X509_PUBLIC_KEY_INFO, &info, CRYPT_ENCODE_ALLOC_FLAG, NULL, &one,
                            &one_size)) {
        FUZZ_CHECK(CryptDecodeObjectEx(BOTH, X509_PUBLIC_KEY_INFO, one, one_size,
                                       CRYPT_DECODE_ALLOC_FLAG, NULL, &again, &size));
        FUZZ_CHECK(CryptEncodeObjectEx(BOTH, X509_PUBLIC_KEY_INFO, again, CRYPT_ENCODE_ALLOC_FLAG,
                                       NULL, &two, &two_size));
        FUZZ_CHECK(one_size == two_size && memcmp(one, two, one_size) == 0);
    }
    free(dotted);
    LocalFree(one);
    LocalFree(again);
    LocalFree(two);
}

/* Lines of hexadecimal digits that do not end cannot be told from each other. */
static bool is_read_back(DWORD form, DWORD flags)
{
    return (flags & CRYPT_STRING_NOCRLF) == 0 || form == CRYPT_STRING_BINARY ||
           form == CRYPT_STRING_BASE64 || form == CRYPT_STRING_BASE64URI ||
           form == CRYPT_STRING_HEXRAW;
}

static void text(DWORD form, DWORD flags, const BYTE *chars, DWORD n)
{
    DWORD size = n, found = 0, length = 0, again = n, skipped = 0;
    LPCSTR in = (LPCSTR)chars;
    BYTE *bytes = malloc(n + 1), *back = malloc(n + 1);
    FUZZ_CHECK(bytes != NULL && back != NULL);
    if (n > 0 && CryptStringToBinaryA(in, n, form | flags, bytes, &size, &skipped, &found) &&
        size > 0) {
        DWORD less = size - 1;
        FUZZ_CHECK(skipped < n);
        FUZZ_CHECK(!CryptStringToBinaryA(in, n, form | flags, back, &less, NULL, NULL) &&
                   GetLastError() == ERROR_MORE_DATA && less == size);
        found |= flags;
        FUZZ_CHECK(CryptBinaryToStringA(bytes, size, found, NULL, &length));
        char *made = malloc(length);
        FUZZ_CHECK(made != NULL && CryptBinaryToStringA(bytes, size, found, made, &length));
        if (is_read_back(found & ~flags, flags))
            FUZZ_CHECK(CryptStringToBinaryA(made, length, found, back, &again, NULL, NULL) &&
                       again == size && memcmp(bytes, back, size) == 0);
        free(made);
    }
    free(bytes);
    free(back);
    /* Nothing is asked for: what is missing is told. */
    FUZZ_CHECK(!CryptStringToBinaryA(in, n, form, NULL, NULL, NULL, NULL) &&
               !CryptBinaryToStringA(chars, 0, form, NULL, &length) &&
               GetLastError() == ERROR_INVALID_PARAMETER);
    FUZZ_CHECK(!CryptBinaryToStringA((const BYTE *)"", 1, CRYPT_STRING_ANY, NULL, &length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > UINT32_MAX)
        return 0;
    DWORD flags = ((data[0] & 0x10) != 0 ? CRYPT_STRING_STRICT : 0) |
                  ((data[0] & 0x20) != 0 ? CRYPT_STRING_NOCRLF : 0) |
                  ((data[0] & 0x40) != 0 ? CRYPT_STRING_NOCR : 0);
    if (data[0] >= 0x80)
        text(data[0] & 0x0Fu, flags, data + 1, (DWORD)size - 1);
    else if (data[0] == 0x7F)
        oid(data + 1, (DWORD)size - 1);
    else
        object(types[data[0] % (sizeof types / sizeof types[0])], data + 1, (DWORD)size - 1);
    return 0;
}
