// Put in front (-include) of xmlsec1's files for CNG, and of xmlsec_sign.c beside this file: what wincrypt.h has of certificates on Windows and has not here, as far as
// certkeys.c names it. The functions are xmlsec_sign.c's own: a "certificate" there is a public key and the name of a key of ncrypt.h, which is what
// xmlsec1 asks a certificate for. No file of xmlsec1 is changed.
#ifndef XMLSEC_CERT_H
#define XMLSEC_CERT_H
#include <windows.h>
#include <wincrypt.h>
// xmlsec1 includes windows.h with its statuses left out, and ntstatus.h behind it.
#include <ntstatus.h>

typedef struct {
    CERT_PUBLIC_KEY_INFO SubjectPublicKeyInfo;
} CERT_INFO;

typedef struct {
    CERT_INFO *pCertInfo;
    LPCWSTR key_name;
} CERT_CONTEXT;
typedef const CERT_CONTEXT *PCCERT_CONTEXT;

#define CRYPT_ACQUIRE_COMPARE_KEY_FLAG 0x00000004
#define CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG 0x00040000

PCCERT_CONTEXT CertDuplicateCertificateContext(PCCERT_CONTEXT context);
BOOL CertFreeCertificateContext(PCCERT_CONTEXT context);
DWORD CertGetPublicKeyLength(DWORD encoding, CERT_PUBLIC_KEY_INFO *info);
BOOL CryptAcquireCertificatePrivateKey(PCCERT_CONTEXT context, DWORD flags, void *parameters,
                                       NCRYPT_KEY_HANDLE *key, DWORD *spec, BOOL *release);
#endif
