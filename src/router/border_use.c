/* Border of the operations: padding information and parameter lists hold strings too. */
#include "border.h"
#include "border_padding.h"

#include <stdlib.h>

NTSTATUS WINAPI BCryptSignHash(BCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo, PUCHAR pbInput,
                               ULONG cbInput, PUCHAR pbOutput, ULONG cbOutput, ULONG *pcbResult,
                               ULONG dwFlags)
{
    struct padding pad;
    border_padding(&pad, pPaddingInfo, dwFlags);
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return router_sign(hKey, &pad, (struct span){pbInput, cbInput}, &o);
}

NTSTATUS WINAPI BCryptVerifySignature(BCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo, PUCHAR pbHash,
                                      ULONG cbHash, PUCHAR pbSignature, ULONG cbSignature,
                                      ULONG dwFlags)
{
    struct padding pad;
    border_padding(&pad, pPaddingInfo, dwFlags);
    return router_verify(hKey, &pad, (struct span){pbHash, cbHash},
                         (struct span){pbSignature, cbSignature});
}

NTSTATUS WINAPI BCryptEncrypt(BCRYPT_KEY_HANDLE hKey, PUCHAR pbInput, ULONG cbInput,
                              VOID *pPaddingInfo, PUCHAR pbIV, ULONG cbIV, PUCHAR pbOutput,
                              ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags)
{
    const struct crypt call = {true, dwFlags, {pbInput, cbInput}, pPaddingInfo, pbIV, cbIV};
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return router_crypt(hKey, &call, border_encryption_padding, &o);
}

NTSTATUS WINAPI BCryptDecrypt(BCRYPT_KEY_HANDLE hKey, PUCHAR pbInput, ULONG cbInput,
                              VOID *pPaddingInfo, PUCHAR pbIV, ULONG cbIV, PUCHAR pbOutput,
                              ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags)
{
    const struct crypt call = {false, dwFlags, {pbInput, cbInput}, pPaddingInfo, pbIV, cbIV};
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return router_crypt(hKey, &call, border_encryption_padding, &o);
}

/* Lists longer than this are refused: no KDF has a use for them. */
#define PARAMS_MAX 1024
#define PARAMS_ON_STACK 16

/* Reads entry i of the caller's list. */
static NTSTATUS read_param(struct param *out, const BCryptBuffer *buffer)
{
    *out =
        (struct param){.type = buffer->BufferType, .bytes = {buffer->pvBuffer, buffer->cbBuffer}};
    if (out->type == KDF_HASH_ALGORITHM)
        return name_read_counted(&out->name, buffer->pvBuffer, buffer->cbBuffer, BORDER_WIDTH);
    return buffer->pvBuffer == NULL && buffer->cbBuffer > 0 ? STATUS_INVALID_PARAMETER
                                                            : STATUS_SUCCESS;
}

/* A caller's list, read. */
struct param_list {
    struct params params; /* a NULL list with a count: unreadable, which the router refuses */
    struct param few[PARAMS_ON_STACK];
    struct param *many; /* NULL: `few` is enough */
};

static void param_list_done(struct param_list *l)
{
    free(l->many);
}

#define PARAM_LIST CLEANUP(param_list_done) struct param_list

static NTSTATUS read_params(struct param_list *l, const BCryptBufferDesc *desc)
{
    size_t count = desc == NULL ? 0 : desc->cBuffers;
    l->params = (struct params){.list = NULL, .count = count};
    l->many = NULL;
    if (count > PARAMS_MAX || (count > 0 && desc->pBuffers == NULL))
        return STATUS_SUCCESS;
    struct param *list = l->few;
    if (count > PARAMS_ON_STACK) {
        list = l->many = malloc(count * sizeof *list);
        if (list == NULL)
            return STATUS_NO_MEMORY;
    }
    l->params.list = list;
    for (size_t i = 0; i < count; i++) {
        if (read_param(&list[i], &desc->pBuffers[i]) < 0)
            l->params.list = NULL;
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDeriveKey(BCRYPT_SECRET_HANDLE hSharedSecret, LPCWSTR pwszKDF,
                                BCryptBufferDesc *pParameterList, PUCHAR pbDerivedKey,
                                ULONG cbDerivedKey, ULONG *pcbResult, ULONG dwFlags)
{
    struct name kdf;
    PARAM_LIST list;
    TRY(read_params(&list, pParameterList));
    const struct out o = {pbDerivedKey, cbDerivedKey, pcbResult, BORDER_WIDTH};
    return router_derive(hSharedSecret, border_name(&kdf, pwszKDF), &list.params, dwFlags, &o);
}

NTSTATUS WINAPI BCryptKeyDerivation(BCRYPT_KEY_HANDLE hKey, BCryptBufferDesc *pParameterList,
                                    PUCHAR pbDerivedKey, ULONG cbDerivedKey, ULONG *pcbResult,
                                    ULONG dwFlags)
{
    PARAM_LIST list;
    TRY(read_params(&list, pParameterList));
    const struct out o = {pbDerivedKey, cbDerivedKey, pcbResult, BORDER_WIDTH};
    return router_key_derivation(hKey, &list.params, dwFlags, &o);
}
