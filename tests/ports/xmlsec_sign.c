// Signs and decrypts XML with keys of ncrypt.h, through xmlsec1's back end for CNG. Every algorithm that it has for RSA and ECDSA keys is
// used; what is signed is verified here with the public key and, for RSA, with the key in the document, and is left for another build of xmlsec1 to verify.
//
//   xmlsec_sign FOLDER                    makes two keys and their FOLDER/NAME.pem, signs FOLDER/NAME-HASH.xml, encrypts and decrypts. Prints TAP.
//   xmlsec_sign FOLDER verify XML [KEY]   verifies a signature, with the key in the document or the HMAC key in the file KEY
//   xmlsec_sign FOLDER decrypt XML [KEYS] decrypts with the RSA key what was encrypted to its public key, or with the secret keys in the file KEYS, and prints it
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/crypto.h>
#include <xmlsec/keysmngr.h>
#include <xmlsec/mscng/certkeys.h>
#include <xmlsec/templates.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlenc.h>
#include <xmlsec/xmltree.h>

// ---- what stands for certificates (xmlsec_cert.h) --------------------------------------------------

PCCERT_CONTEXT CertDuplicateCertificateContext(PCCERT_CONTEXT context)
{
    return context;
}

BOOL CertFreeCertificateContext(PCCERT_CONTEXT context)
{
    (void)context; // they live as long as the program
    return TRUE;
}

DWORD CertGetPublicKeyLength(DWORD encoding, CERT_PUBLIC_KEY_INFO *info)
{
    BCRYPT_KEY_HANDLE key;
    DWORD bits = 0, size;
    if (!CryptImportPublicKeyInfoEx2(encoding, info, 0, NULL, &key))
        return 0;
    BCryptGetProperty(key, BCRYPT_KEY_STRENGTH, (PUCHAR)&bits, sizeof bits, &size, 0);
    BCryptDestroyKey(key);
    return bits;
}

BOOL CryptAcquireCertificatePrivateKey(PCCERT_CONTEXT context, DWORD flags, void *parameters,
                                       NCRYPT_KEY_HANDLE *key, DWORD *spec, BOOL *release)
{
    NCRYPT_PROV_HANDLE provider;
    (void)flags, (void)parameters;
    *spec = CERT_NCRYPT_KEY_SPEC;
    *release = TRUE;
    SECURITY_STATUS status = NCryptOpenStorageProvider(&provider, NULL, 0);
    if (status == ERROR_SUCCESS) {
        status = NCryptOpenKey(provider, key, context->key_name, 0, 0);
        NCryptFreeObject(provider);
    }
    SetLastError((DWORD)status);
    return status == ERROR_SUCCESS;
}

// ---- keys ------------------------------------------------------------------------------------------

static BYTE null_parameter[] = {0x05, 0x00},
            p256_oid[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

static struct identity {
    const char *name;
    LPCWSTR key_name, algorithm, blob;
    DWORD bits;
    CERT_INFO info;
    CERT_CONTEXT certificate;
} identities[] = {
    {"rsa",
     L"xmlsec rsa",
     BCRYPT_RSA_ALGORITHM,
     BCRYPT_RSAPUBLIC_BLOB,
     2048,
     {{{(LPSTR)szOID_RSA_RSA, {sizeof null_parameter, null_parameter}}, {0, NULL, 0}}},
     {NULL, NULL}},
    {"ecdsa",
     L"xmlsec ecdsa",
     NCRYPT_ECDSA_P256_ALGORITHM,
     BCRYPT_ECCPUBLIC_BLOB,
     0,
     {{{(LPSTR)szOID_ECC_PUBLIC_KEY, {sizeof p256_oid, p256_oid}}, {0, NULL, 0}}},
     {NULL, NULL}},
};

static void die(const char *what)
{
    fprintf(stderr, "%s: 0x%08x\n", what, (unsigned)GetLastError());
    exit(2);
}

// The key of the store, made when it is not there; its public half as a certificate carries it.
static void identity_open(struct identity *who)
{
    NCRYPT_PROV_HANDLE provider;
    NCRYPT_KEY_HANDLE key;
    BYTE blob[1024];
    DWORD size = 0;
    if (NCryptOpenStorageProvider(&provider, NULL, 0) != ERROR_SUCCESS)
        die("the key store");
    if (NCryptOpenKey(provider, &key, who->key_name, 0, 0) != ERROR_SUCCESS &&
        (NCryptCreatePersistedKey(provider, &key, who->algorithm, who->key_name, 0, 0) !=
             ERROR_SUCCESS ||
         (who->bits != 0 && NCryptSetProperty(key, NCRYPT_LENGTH_PROPERTY, (PBYTE)&who->bits,
                                              sizeof who->bits, 0) != ERROR_SUCCESS) ||
         NCryptFinalizeKey(key, 0) != ERROR_SUCCESS))
        die("a key");
    if (NCryptExportKey(key, 0, who->blob, NULL, blob, sizeof blob, &size, 0) != ERROR_SUCCESS)
        die("a public key");
    CRYPT_BIT_BLOB *bits = &who->info.SubjectPublicKeyInfo.PublicKey;
    if (who->bits != 0) {
        if (!CryptEncodeObjectEx(X509_ASN_ENCODING, CNG_RSA_PUBLIC_KEY_BLOB, blob,
                                 CRYPT_ENCODE_ALLOC_FLAG, NULL, &bits->pbData, &bits->cbData))
            die("RSAPublicKey");
    } else {
        BCRYPT_ECCKEY_BLOB *head = (BCRYPT_ECCKEY_BLOB *)blob;
        bits->cbData = 1 + 2 * head->cbKey;
        bits->pbData = malloc(bits->cbData);
        bits->pbData[0] = 0x04;
        memcpy(bits->pbData + 1, head + 1, 2 * head->cbKey);
    }
    who->certificate = (CERT_CONTEXT){&who->info, who->key_name};
    NCryptFreeObject(key);
    NCryptFreeObject(provider);
}

static void identity_write(struct identity *who, const char *folder)
{
    BYTE der[1024];
    char text[2048], path[512];
    DWORD size = sizeof der, length = sizeof text;
    if (!CryptEncodeObjectEx(X509_ASN_ENCODING, X509_PUBLIC_KEY_INFO,
                             &who->info.SubjectPublicKeyInfo, 0, NULL, der, &size) ||
        !CryptBinaryToStringA(der, size, CRYPT_STRING_BASE64 | CRYPT_STRING_NOCR, text, &length))
        die("SubjectPublicKeyInfo");
    snprintf(path, sizeof path, "%s/%s.pem", folder, who->name);
    FILE *file = fopen(path, "w");
    if (!file)
        die(path);
    fprintf(file, "-----BEGIN PUBLIC KEY-----\n%s-----END PUBLIC KEY-----\n", text);
    fclose(file);
}

static xmlSecKeyPtr key_of(struct identity *who, xmlSecKeyDataType type)
{
    xmlSecKeyPtr key = xmlSecKeyCreate();
    xmlSecKeyDataPtr data =
        xmlSecMSCngCertAdopt(CertDuplicateCertificateContext(&who->certificate), type);
    if (!key || !data || xmlSecKeySetValue(key, data) < 0)
        die("xmlSecMSCngCertAdopt");
    xmlSecKeySetName(key, BAD_CAST who->name);
    return key;
}

// A manager with one key, or none: keys in documents are found all the same.
static xmlSecKeysMngrPtr manager_of(xmlSecKeyPtr key)
{
    xmlSecKeysMngrPtr manager = xmlSecKeysMngrCreate();
    xmlSecKeyStorePtr store = xmlSecKeyStoreCreate(xmlSecSimpleKeysStoreId);
    if (!manager || !store || xmlSecKeysMngrAdoptKeysStore(manager, store) < 0 ||
        (key && xmlSecSimpleKeysStoreAdoptKey(store, key) < 0))
        die("a manager of keys");
    manager->getKey = xmlSecKeysMngrGetKey;
    return manager;
}

// ---- signatures ------------------------------------------------------------------------------------

static xmlSecTransformId transform_of(const xmlChar *href, xmlSecTransformUsage usage)
{
    xmlSecTransformId found = xmlSecTransformIdListFindByHref(xmlSecTransformIdsGet(), href, usage);
    if (!found)
        die((const char *)href);
    return found;
}

static bool sign(xmlDocPtr doc, struct identity *who, const xmlChar *method)
{
    xmlNodePtr signature =
        xmlSecTmplSignatureCreate(doc, xmlSecTransformInclC14NId,
                                  transform_of(method, xmlSecTransformUsageSignatureMethod), NULL);
    xmlAddChild(xmlDocGetRootElement(doc), signature);
    xmlNodePtr reference = xmlSecTmplSignatureAddReference(
        signature, transform_of(xmlSecHrefSha256, xmlSecTransformUsageDigestMethod), NULL,
        BAD_CAST "", NULL);
    xmlSecTmplReferenceAddTransform(reference, xmlSecTransformEnvelopedId);
    if (who->bits != 0) // ECDSA's KeyValue is not in this back end
        xmlSecTmplKeyInfoAddKeyValue(xmlSecTmplSignatureEnsureKeyInfo(signature, NULL));
    xmlSecDSigCtxPtr context = xmlSecDSigCtxCreate(NULL);
    context->signKey = key_of(who, xmlSecKeyDataTypePrivate | xmlSecKeyDataTypePublic);
    bool good =
        xmlSecDSigCtxSign(context, signature) == 0 && context->status == xmlSecDSigStatusSucceeded;
    xmlSecDSigCtxDestroy(context);
    return good;
}

// With the key, or the one in the document when it is NULL.
static bool verify(xmlDocPtr doc, xmlSecKeyPtr key)
{
    xmlNodePtr node = xmlSecFindNode(xmlDocGetRootElement(doc), xmlSecNodeSignature, xmlSecDSigNs);
    xmlSecKeysMngrPtr manager = manager_of(NULL);
    xmlSecDSigCtxPtr context = xmlSecDSigCtxCreate(manager);
    context->signKey = key;
    bool good = node && xmlSecDSigCtxVerify(context, node) == 0 &&
                context->status == xmlSecDSigStatusSucceeded;
    xmlSecDSigCtxDestroy(context);
    xmlSecKeysMngrDestroy(manager);
    return good;
}

static int count, failed;

static void check(bool good, const char *method, const char *what)
{
    failed += !good;
    printf("%sok %d - %s: %s\n", good ? "" : "not ", ++count, method, what);
}

static xmlDocPtr document(void)
{
    static const char text[] = "<Document><Text>a text that is signed</Text></Document>";
    return xmlReadMemory(text, sizeof text - 1, NULL, NULL, 0);
}

static void sign_one(const char *folder, struct identity *who, const char *hash,
                     const xmlChar *method)
{
    char path[512], name[64];
    snprintf(name, sizeof name, "%s-%s", who->name, hash);
    snprintf(path, sizeof path, "%s/%s.xml", folder, name);
    xmlDocPtr doc = document();
    check(sign(doc, who, method), name, "signed by a key of ncrypt.h");
    check(xmlSaveFile(path, doc) > 0, name, "written");
    xmlFreeDoc(doc);
    doc = xmlReadFile(path, NULL, 0);
    check(verify(doc, key_of(who, xmlSecKeyDataTypePublic)), name, "verified with the public key");
    if (who->bits != 0)
        check(verify(doc, NULL), name, "verified with the key in the document");
    xmlNodeSetContent(xmlDocGetRootElement(doc)->children, BAD_CAST "another text");
    check(!verify(doc, key_of(who, xmlSecKeyDataTypePublic)), name, "another text is refused");
    xmlFreeDoc(doc);
}

// ---- encryption ------------------------------------------------------------------------------------

// With the keys of a file, or the RSA key when it is NULL.
static bool decrypt(xmlDocPtr doc, const char *keys)
{
    xmlNodePtr node =
        xmlSecFindNode(xmlDocGetRootElement(doc), xmlSecNodeEncryptedData, xmlSecEncNs);
    xmlSecKeysMngrPtr manager = manager_of(
        keys ? NULL : key_of(&identities[0], xmlSecKeyDataTypePrivate | xmlSecKeyDataTypePublic));
    if (keys && xmlSecSimpleKeysStoreLoad(xmlSecKeysMngrGetKeysStore(manager), keys, manager) < 0)
        die(keys);
    xmlSecEncCtxPtr context = xmlSecEncCtxCreate(manager);
    bool good = node && xmlSecEncCtxDecrypt(context, node) == 0 && context->result != NULL;
    // What is not XML stays in the context.
    if (good && !context->resultReplaced)
        fwrite(xmlSecBufferGetData(context->result), 1, xmlSecBufferGetSize(context->result),
               stdout);
    else if (good && keys)
        good = xmlDocDump(stdout, doc) > 0;
    xmlSecEncCtxDestroy(context);
    xmlSecKeysMngrDestroy(manager);
    return good;
}

static void encrypt_one(const char *folder, const char *name, const xmlChar *transport,
                        const xmlChar *cipher)
{
    char path[512];
    xmlDocPtr doc = document();
    xmlNodePtr text = xmlDocGetRootElement(doc)->children;
    xmlNodePtr data =
        xmlSecTmplEncDataCreate(doc, transform_of(cipher, xmlSecTransformUsageEncryptionMethod),
                                NULL, xmlSecTypeEncElement, NULL, NULL);
    xmlSecTmplEncDataEnsureCipherValue(data);
    xmlNodePtr wrapped = xmlSecTmplKeyInfoAddEncryptedKey(
        xmlSecTmplEncDataEnsureKeyInfo(data, NULL),
        transform_of(transport, xmlSecTransformUsageEncryptionMethod), NULL, NULL, NULL);
    xmlSecTmplEncDataEnsureCipherValue(wrapped);
    xmlSecTmplKeyInfoAddKeyName(xmlSecTmplEncDataEnsureKeyInfo(wrapped, NULL), BAD_CAST "rsa");
    // For another build of xmlsec1 to fill.
    xmlDocPtr template = xmlNewDoc(BAD_CAST "1.0");
    xmlDocSetRootElement(template, xmlDocCopyNode(data, template, 1));
    snprintf(path, sizeof path, "%s/template-%s.xml", folder, name);
    check(xmlSaveFile(path, template) > 0, name, "a template");
    xmlFreeDoc(template);

    xmlSecKeysMngrPtr manager = manager_of(key_of(&identities[0], xmlSecKeyDataTypePublic));
    xmlSecEncCtxPtr context = xmlSecEncCtxCreate(manager);
    context->encKey = xmlSecKeyGenerateByName(BAD_CAST "aes", 256, xmlSecKeyDataTypeSession);
    check(context->encKey && xmlSecEncCtxXmlEncrypt(context, data, text) == 0, name, "encrypted");
    xmlSecEncCtxDestroy(context);
    xmlSecKeysMngrDestroy(manager);
    check(!xmlSecFindNode(xmlDocGetRootElement(doc), BAD_CAST "Text", NULL), name,
          "the text is gone");
    bool good = decrypt(doc, NULL);
    xmlChar *back = xmlNodeGetContent(xmlDocGetRootElement(doc));
    check(good && xmlStrEqual(back, BAD_CAST "a text that is signed"), name,
          "decrypted by a key of ncrypt.h");
    xmlFree(back);
    xmlFreeDoc(doc);
}

static int all(const char *folder)
{
    for (size_t i = 0; i < 2; i++)
        identity_write(&identities[i], folder);
    sign_one(folder, &identities[0], "md5", xmlSecHrefRsaMd5);
    sign_one(folder, &identities[0], "sha1", xmlSecHrefRsaSha1);
    sign_one(folder, &identities[0], "sha256", xmlSecHrefRsaSha256);
    sign_one(folder, &identities[0], "sha384", xmlSecHrefRsaSha384);
    sign_one(folder, &identities[0], "sha512", xmlSecHrefRsaSha512);
    sign_one(folder, &identities[1], "sha1", xmlSecHrefEcdsaSha1);
    sign_one(folder, &identities[1], "sha256", xmlSecHrefEcdsaSha256);
    sign_one(folder, &identities[1], "sha384", xmlSecHrefEcdsaSha384);
    sign_one(folder, &identities[1], "sha512", xmlSecHrefEcdsaSha512);
    encrypt_one(folder, "rsa-1_5", xmlSecHrefRsaPkcs1, xmlSecHrefAes256Cbc);
    encrypt_one(folder, "rsa-oaep", xmlSecHrefRsaOaep, xmlSecHrefAes256Cbc);
    printf("1..%d\n", count);
    return failed != 0;
}

int main(int argc, char **argv)
{
    if (argc < 2 || xmlSecInit() < 0 || xmlSecCryptoInit() < 0)
        die("xmlSecCryptoInit");
    for (size_t i = 0; i < 2; i++)
        identity_open(&identities[i]);
    if (argc < 4)
        return all(argv[1]);
    xmlDocPtr doc = xmlReadFile(argv[3], NULL, XML_PARSE_NOENT | XML_PARSE_DTDATTR);
    if (!doc)
        die(argv[3]);
    if (strcmp(argv[2], "decrypt") == 0)
        return decrypt(doc, argc > 4 ? argv[4] : NULL) && (argc > 4 || xmlDocDump(stdout, doc) > 0)
                   ? 0
                   : 1;
    xmlSecAddIDs(doc, xmlDocGetRootElement(doc), (const xmlChar *[]){BAD_CAST "Id", NULL});
    return verify(doc, argc > 4
                           ? xmlSecKeyReadBinaryFile(
                                 xmlSecKeyDataIdListFindByName(
                                     xmlSecKeyDataIdsGet(), BAD_CAST "hmac", xmlSecKeyDataUsageAny),
                                 argv[4])
                           : NULL)
               ? 0
               : 1;
}

// The password of key files, which app.c would ask for: there are no key files.
void *xmlSecMSCngAppGetDefaultPwdCallback(void);
void *xmlSecMSCngAppGetDefaultPwdCallback(void)
{
    return NULL;
}
