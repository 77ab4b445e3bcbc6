/* The one table that turns what happened inside, an NTSTATUS, into a status of ncrypt.h's. */
#include "ncrypt_router.h"

static const struct {
    NTSTATUS inside;
    SECURITY_STATUS outside;
} rows[] = {
    {STATUS_INVALID_HANDLE, NTE_INVALID_HANDLE},
    {STATUS_INVALID_PARAMETER, NTE_INVALID_PARAMETER},
    {STATUS_BUFFER_TOO_SMALL, NTE_BUFFER_TOO_SMALL},
    {STATUS_NO_MEMORY, NTE_NO_MEMORY},
    {STATUS_NOT_SUPPORTED, NTE_NOT_SUPPORTED},
    {STATUS_NOT_FOUND, NTE_NOT_SUPPORTED}, /* an algorithm, curve or hash that is not here */
    {STATUS_INVALID_SIGNATURE, NTE_BAD_SIGNATURE},
    {STATUS_AUTH_TAG_MISMATCH, NTE_DECRYPTION_FAILURE},
    {STATUS_DATA_ERROR, NTE_INVALID_PARAMETER},          /* padding; observed on Windows for OAEP */
    {STATUS_INVALID_BUFFER_SIZE, NTE_INVALID_PARAMETER}, /* a block that is not whole */
    {STATUS_OBJECT_TYPE_MISMATCH, NTE_INVALID_PARAMETER},
    {STATUS_ACCESS_DENIED, NTE_PERM},
    {STATUS_INTERNAL_ERROR, NTE_INTERNAL_ERROR},
    {STATUS_UNSUCCESSFUL, NTE_FAIL},
    {STATUS_DLL_NOT_FOUND, NTE_PROV_DLL_NOT_FOUND},
    {STATUS_DLL_INIT_FAILED, NTE_PROVIDER_DLL_FAIL},
    {STATUS_PROCEDURE_NOT_FOUND, NTE_PROVIDER_DLL_FAIL},
};

/* HRESULTs, among them all NTE_... codes, have bit 30 clear; an NTSTATUS that is an error has it
 * set. */
#define IS_NTSTATUS(status) (((uint32_t)(status)&0x40000000u) != 0)

SECURITY_STATUS ncrypt_translate(NTSTATUS status)
{
    if (!IS_NTSTATUS(status))
        return status;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].inside == status)
            return rows[i].outside;
    }
    return status; /* a registered provider's own */
}
