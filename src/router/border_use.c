/* Border of the operations: padding information and parameter lists hold strings too. */
#include "border.h"

#include <stdlib.h>

/* The padding schemes whose structure names a hash, and where in it. Which structure a caller
 * passes is told by the flags alone; several at once are the class's to refuse. */
static void read_padding(struct padding *pad, const void *info, ULONG flags)
{
    *pad = (struct padding){.flags = flags, .present = info != NULL};
    if (info == NULL)
        return;
    LPCWSTR hash = NULL;
    if ((flags & BCRYPT_PAD_PSS) != 0) {
        const BCRYPT_PSS_PADDING_INFO *pss = info;
        hash = pss->pszAlgId;
        pad->salt = pss->cbSalt;
    } else if ((flags & BCRYPT_PAD_PQDSA) != 0) {
        const BCRYPT_PQDSA_PADDING_INFO *pq = info;
        hash = pq->pszPrehashAlgId;
        pad->context = (struct span){pq->pbCtx, pq->cbCtx};
    } else if ((flags & BCRYPT_PAD_OAEP) != 0) {
        const BCRYPT_OAEP_PADDING_INFO *oaep = info;
        hash = oaep->pszAlgId;
        pad->label = (struct span){oaep->pbLabel, oaep->cbLabel};
    } else if ((flags & BCRYPT_PAD_PKCS1) != 0) {
        const BCRYPT_PKCS1_PADDING_INFO *pkcs1 = info;
        hash = pkcs1->pszAlgId;
    }
    pad->has_hash = border_name(&pad->hash, hash) != NULL;
}

NTSTATUS WINAPI BCryptSignHash(BCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo, PUCHAR pbInput,
                               ULONG cbInput, PUCHAR pbOutput, ULONG cbOutput, ULONG *pcbResult,
                               ULONG dwFlags)
{
    struct padding pad;
    read_padding(&pad, pPaddingInfo, dwFlags);
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return router_sign(hKey, &pad, (struct span){pbInput, cbInput}, &o);
}

NTSTATUS WINAPI BCryptVerifySignature(BCRYPT_KEY_HANDLE hKey, VOID *pPaddingInfo, PUCHAR pbHash,
                                      ULONG cbHash, PUCHAR pbSignature, ULONG cbSignature,
                                      ULONG dwFlags)
{
    struct padding pad;
    read_padding(&pad, pPaddingInfo, dwFlags);
    return router_verify(hKey, &pad, (struct span){pbHash, cbHash},
                         (struct span){pbSignature, cbSignature});
}

/* In encryption PKCS#1 takes no structure, and what a caller passes there
 * is ignored, as on Windows. */
static void read_encryption_padding(struct padding *pad, const void *info, ULONG flags)
{
    if ((flags & BCRYPT_PAD_OAEP) != 0)
        read_padding(pad, info, flags);
    else
        *pad = (struct padding){.flags = flags, .present = info != NULL};
}

NTSTATUS WINAPI BCryptEncrypt(BCRYPT_KEY_HANDLE hKey, PUCHAR pbInput, ULONG cbInput,
                              VOID *pPaddingInfo, PUCHAR pbIV, ULONG cbIV, PUCHAR pbOutput,
                              ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags)
{
    const struct crypt call = {true, dwFlags, {pbInput, cbInput}, pPaddingInfo, pbIV, cbIV};
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return router_crypt(hKey, &call, read_encryption_padding, &o);
}

NTSTATUS WINAPI BCryptDecrypt(BCRYPT_KEY_HANDLE hKey, PUCHAR pbInput, ULONG cbInput,
                              VOID *pPaddingInfo, PUCHAR pbIV, ULONG cbIV, PUCHAR pbOutput,
                              ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags)
{
    const struct crypt call = {false, dwFlags, {pbInput, cbInput}, pPaddingInfo, pbIV, cbIV};
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return router_crypt(hKey, &call, read_encryption_padding, &o);
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
