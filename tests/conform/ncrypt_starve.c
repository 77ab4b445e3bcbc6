/*
 * Memory that runs out while data are protected and keys are put into envelopes: the program's own malloc refuses one
 * request, the first, the second, and so on. A call then fails with NTE_NO_MEMORY or succeeds; when it says success
 * its answer is right; what it took it gives back.
 */
#include "refusing.h"

#include "conform_ncrypt.h"

#include <ncryptprotect.h>

/* ---- the calls ------------------------------------------------------------------------------ */

#define DATA_BYTES 70000

static BYTE data[DATA_BYTES], blob[DATA_BYTES + 2048], result[DATA_BYTES + 2048];
static size_t blob_n, result_n;
static NCRYPT_PROV_HANDLE provider;
static NCRYPT_KEY_HANDLE key;

static SECURITY_STATUS rule_call(void)
{
    NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
    void *text = NULL;
    STEP(NCryptCreateProtectionDescriptor(L"LOCAL=user AND LOCAL=machine", 0, &rule));
    SECURITY_STATUS s = NCryptGetProtectionDescriptorInfo(rule, NULL, 1, &text);
    if (s == ERROR_SUCCESS && !text_equal(text, L"LOCAL=user AND LOCAL=machine"))
        s = NTE_FAIL;
    free(text);
    NCryptCloseProtectionDescriptor(rule);
    return s;
}

static SECURITY_STATUS names_call(void)
{
    WCHAR text[32];
    SIZE_T n = 32;
    STEP(NCryptRegisterProtectionDescriptorName(L"a name", L"LOCAL=user", 0));
    STEP(NCryptQueryProtectionDescriptorName(L"a name", text, &n, 0));
    return text_equal(text, L"LOCAL=user") ? ERROR_SUCCESS : NTE_FAIL;
}

static SECURITY_STATUS protect_call(void)
{
    NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
    BYTE *p = NULL;
    ULONG n = 0;
    STEP(NCryptCreateProtectionDescriptor(L"LOCAL=user AND LOCAL=machine", 0, &rule));
    SECURITY_STATUS s = NCryptProtectSecret(rule, 0, data, 100, NULL, NULL, &p, &n);
    NCryptCloseProtectionDescriptor(rule);
    STEP(s);
    memcpy(blob, p, n);
    blob_n = n;
    free(p);
    return ERROR_SUCCESS;
}

static SECURITY_STATUS unprotect_call(void)
{
    NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
    BYTE *p = NULL;
    ULONG n = 0;
    STEP(NCryptUnprotectSecret(&rule, 0, blob, (ULONG)blob_n, NULL, NULL, &p, &n));
    bool good = n == 100 && memcmp(p, data, n) == 0;
    free(p);
    NCryptCloseProtectionDescriptor(rule);
    return good ? ERROR_SUCCESS : NTE_FAIL;
}

static SECURITY_STATUS WINAPI collect(void *context, const BYTE *p, SIZE_T n, BOOL final)
{
    (void)context;
    (void) final;
    if (result_n + n > sizeof result)
        return NTE_FAIL;
    memcpy(result + result_n, p, n);
    result_n += n;
    return ERROR_SUCCESS;
}

static SECURITY_STATUS run_stream(NCRYPT_STREAM_HANDLE stream, const BYTE *p, size_t n)
{
    result_n = 0;
    SECURITY_STATUS s = NCryptStreamUpdate(stream, p, n / 2, FALSE);
    if (s == ERROR_SUCCESS)
        s = NCryptStreamUpdate(stream, p + n / 2, n - n / 2, TRUE);
    NCryptStreamClose(stream);
    return s;
}

static SECURITY_STATUS seal_stream_call(void)
{
    NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
    NCRYPT_STREAM_HANDLE stream = NULL;
    NCRYPT_PROTECT_STREAM_INFO info = {collect, NULL};
    STEP(NCryptCreateProtectionDescriptor(L"LOCAL=user", 0, &rule));
    SECURITY_STATUS s = NCryptStreamOpenToProtect(rule, 0, NULL, &info, &stream);
    NCryptCloseProtectionDescriptor(rule);
    STEP(s);
    STEP(run_stream(stream, data, sizeof data));
    memcpy(blob, result, result_n);
    blob_n = result_n;
    return ERROR_SUCCESS;
}

static SECURITY_STATUS open_stream_call(void)
{
    NCRYPT_STREAM_HANDLE stream = NULL;
    NCRYPT_PROTECT_STREAM_INFO info = {collect, NULL};
    STEP(NCryptStreamOpenToUnprotect(&info, 0, NULL, &stream));
    STEP(run_stream(stream, blob, blob_n));
    return result_n == sizeof data && memcmp(result, data, sizeof data) == 0 ? ERROR_SUCCESS
                                                                             : NTE_FAIL;
}

static SECURITY_STATUS export_call(void)
{
    static WCHAR rule[] = L"LOCAL=user";
    NCryptBuffer buffer = {sizeof rule, NCRYPTBUFFER_PROTECTION_DESCRIPTOR_STRING, rule};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
    DWORD n = 0;
    STEP(NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, &list, blob, sizeof blob, &n, 0));
    blob_n = n;
    return ERROR_SUCCESS;
}

static SECURITY_STATUS import_call(void)
{
    NCRYPT_KEY_HANDLE again = 0;
    STEP(NCryptImportKey(provider, 0, NCRYPT_PROTECTED_KEY_BLOB, NULL, &again, blob, (DWORD)blob_n,
                         0));
    NCryptFreeObject(again);
    return ERROR_SUCCESS;
}

/* In this order: each opens what the one before it made. */
static const struct {
    const char *label;
    SECURITY_STATUS (*call)(void);
} calls[] = {
    {"a rule", rule_call},
    {"names", names_call},
    {"protect", protect_call},
    {"unprotect", unprotect_call},
    {"a stream that protects", seal_stream_call},
    {"a stream that opens", open_stream_call},
    {"ProtectedKeyBlob, export", export_call},
    {"ProtectedKeyBlob, import", import_call},
};

static long requests; /* in all */

static void walk(size_t i)
{
    row_begin("%s", calls[i].label);
    tap_status(calls[i].call(), ERROR_SUCCESS, "with all that it asks for");
    int other = 0, leaks = 0;
    long k = 0;
    for_ever = false;
    for (;;
         k += for_ever, for_ever = !for_ever) { /* each request alone, then with all that follow */
        long before = held;
        refused = false;
        countdown = k;
        SECURITY_STATUS s = calls[i].call();
        countdown = -1;
        if (!refused)
            break;
        if (s != ERROR_SUCCESS && s != NTE_NO_MEMORY) {
            printf("# request %ld: 0x%08x\n", k, (unsigned)s);
            other++;
        }
        /* libcrypto and the handle table keep what they have grown by */
        leaks += held > before + 4;
    }
    printf("# %s: %ld requests\n", calls[i].label, k);
    requests += k;
    tap(k > 0, "asks for memory");
    tap(other == 0, "without: NTE_NO_MEMORY, or success");
    tap(leaks == 0, "nothing is kept");
    tap_status(calls[i].call(), ERROR_SUCCESS, "and again with memory");
}

int main(void)
{
    store_begin();
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (BYTE)(i * 11 + i / 256);
    provider = provider_open();
    NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", NULL, 0, 0);
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_EXPORT_FLAG, 0);
    NCryptFinalizeKey(key, 0);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        walk(i);
    printf("# figure: 12 %zu scenarios of protected data, %ld requests refused once and for good\n",
           sizeof calls / sizeof calls[0], requests);
    NCryptFreeObject(key);
    NCryptFreeObject(provider);
    return tap_done();
}
