/*
 * Sentences about codes: those of opencng_status.def, which is installed with the headers, and one
 * for each Win32 code and HRESULT that winerror.h names and callers of CNG meet.
 */
#include "wincompat.h"

#include "ntstatus.h"
#include "winerror.h"

#include <stdio.h>
#include <string.h>

struct message {
    DWORD id;
    const char *text;
};

static const struct message messages[] = {
#define OPENCNG_STATUS(symbol, value, sentence) {(DWORD)(value), sentence},
#include "opencng_status.def"
#undef OPENCNG_STATUS
    {ERROR_FILE_NOT_FOUND, "There is no such file, or no such type."},
    {ERROR_PATH_NOT_FOUND, "There is no such folder."},
    {ERROR_TOO_MANY_OPEN_FILES, "Too many files are open."},
    {ERROR_ACCESS_DENIED, "Access is denied."},
    {ERROR_INVALID_HANDLE, "The handle is not valid."},
    {ERROR_NOT_ENOUGH_MEMORY, "Memory is exhausted."},
    {ERROR_BAD_FORMAT, "The format is wrong."},
    {ERROR_INVALID_DATA, "The data are not valid."},
    {ERROR_OUTOFMEMORY, "Memory is exhausted."},
    {ERROR_WRITE_PROTECT, "It is protected against writing."},
    {ERROR_NOT_READY, "The device is not ready."},
    {ERROR_CRC, "The data do not match their check sum or tag."},
    {ERROR_BAD_LENGTH, "A length is wrong."},
    {ERROR_WRITE_FAULT, "Writing failed."},
    {ERROR_READ_FAULT, "Reading failed."},
    {ERROR_GEN_FAILURE, "The operation failed."},
    {ERROR_SHARING_VIOLATION, "Another program uses the file."},
    {ERROR_HANDLE_EOF, "The end of the file was reached."},
    {ERROR_NOT_SUPPORTED, "This is not supported."},
    {ERROR_FILE_EXISTS, "The file exists."},
    {ERROR_INVALID_PASSWORD, "The password is wrong."},
    {ERROR_INVALID_PARAMETER, "A parameter is not valid."},
    {ERROR_BUFFER_OVERFLOW, "The name is too long."},
    {ERROR_DISK_FULL, "The disk is full."},
    {ERROR_CALL_NOT_IMPLEMENTED, "The function does not exist here."},
    {ERROR_INSUFFICIENT_BUFFER, "The buffer is too small."},
    {ERROR_INVALID_NAME, "The name is not valid."},
    {ERROR_MOD_NOT_FOUND, "The library was not found."},
    {ERROR_PROC_NOT_FOUND, "The library has no such function."},
    {ERROR_ALREADY_EXISTS, "It exists already."},
    {ERROR_MORE_DATA, "There are more data than the buffer holds."},
    {(DWORD)WAIT_TIMEOUT, "Waiting took too long."},
    {ERROR_NO_MORE_ITEMS, "There are no more items."},
    {ERROR_MR_MID_NOT_FOUND, "There is no text for this code."},
    {ERROR_ARITHMETIC_OVERFLOW, "A number became too large."},
    {ERROR_IO_PENDING, "The operation is under way."},
    {ERROR_NOACCESS, "The address is not valid."},
    {ERROR_INVALID_FLAGS, "A flag is not valid."},
    {ERROR_NO_TOKEN, "There is no token."},
    {ERROR_NO_UNICODE_TRANSLATION, "The text holds what is no character."},
    {ERROR_DLL_INIT_FAILED, "The library did not start."},
    {ERROR_NOT_FOUND, "It was not found."},
    {ERROR_CANCELLED, "The user stopped the operation."},
    {ERROR_REVISION_MISMATCH, "The versions do not fit each other."},
    {ERROR_PRIVILEGE_NOT_HELD, "A privilege is missing."},
    {ERROR_NONE_MAPPED, "No account has this name."},
    {ERROR_INVALID_SID, "The account's identifier is not valid."},
    {ERROR_INVALID_SECURITY_DESCR, "The security descriptor is not valid."},
    {ERROR_INTERNAL_ERROR, "An internal error."},
    {ERROR_FILE_CORRUPT, "The file is damaged."},
    {ERROR_TIMEOUT, "Time ran out."},
    {ERROR_INVALID_USER_BUFFER, "The buffer has the wrong size."},
    {ERROR_INVALID_STATE, "The state does not allow this."},
    {ERROR_ENCRYPTION_FAILED, "Encryption failed."},
    {ERROR_DECRYPTION_FAILED, "Decryption failed."},
    {(DWORD)E_UNEXPECTED, "An unexpected failure."},
    {(DWORD)E_NOTIMPL, "This does not exist here."},
    {(DWORD)E_NOINTERFACE, "There is no such interface."},
    {(DWORD)E_POINTER, "A pointer is not valid."},
    {(DWORD)E_ABORT, "The operation was stopped."},
    {(DWORD)E_FAIL, "The operation failed."},
    {(DWORD)E_PENDING, "The data are not there yet."},
    {(DWORD)NTE_BAD_HASH, "The hash is not valid."},
    {(DWORD)NTE_BAD_PUBLIC_KEY, "The public key is not valid."},
    {(DWORD)NTE_BAD_PROVIDER, "The provider is not valid."},
    {(DWORD)NTE_KEYSET_NOT_DEF, "There is no such provider."},
    {(DWORD)NTE_PROV_DLL_NOT_FOUND, "The provider's library was not found."},
    {(DWORD)NTE_PROVIDER_DLL_FAIL, "The provider's library did not start."},
    {(DWORD)NTE_DEVICE_NOT_READY, "The device is not ready."},
    {(DWORD)NTE_DEVICE_NOT_FOUND, "There is no such device."},
    {(DWORD)NTE_VALIDATION_FAILED, "The provider's data did not pass validation."},
    {(DWORD)CRYPT_E_BAD_ENCODE, "The structure cannot be encoded."},
    {(DWORD)CRYPT_E_ASN1_EOD, "The encoded data end too early."},
    {(DWORD)CRYPT_E_ASN1_CORRUPT, "The encoded data are damaged."},
    {(DWORD)CRYPT_E_ASN1_LARGE, "An encoded number is too large."},
    {(DWORD)CRYPT_E_ASN1_BADTAG, "The encoded data are of another type."},
    {(DWORD)STATUS_NOT_IMPLEMENTED, "The function does not exist here."},
    {(DWORD)STATUS_BUFFER_OVERFLOW, "There are more data than the buffer holds."},
    {(DWORD)STATUS_NO_MORE_ENTRIES, "The enumeration is at its end."},
    {(DWORD)STATUS_OBJECT_NAME_NOT_FOUND, "There is no object of that name."},
    {(DWORD)STATUS_OBJECT_NAME_COLLISION, "An object of that name exists."},
    {(DWORD)STATUS_INSUFFICIENT_RESOURCES, "The system's resources are exhausted."},
    {(DWORD)STATUS_ENCRYPTION_FAILED, "Encryption failed."},
    {(DWORD)STATUS_DECRYPTION_FAILED, "Decryption failed."},
};

static const char *find(DWORD id)
{
    for (size_t i = 0; i < ARRAY_COUNT(messages); i++) {
        if (messages[i].id == id)
            return messages[i].text;
    }
    return NULL;
}

DWORD message_new(DWORD flags, DWORD id, char **text, size_t *n)
{
    if ((flags & FORMAT_MESSAGE_FROM_STRING) != 0 || (flags & FORMAT_MESSAGE_FROM_SYSTEM) == 0)
        return ERROR_INVALID_PARAMETER;
    const char *found = find(id);
    if (found == NULL && (id & 0xFFFF0000) == 0x80070000)
        found = find(id & 0xFFFF);
    if (found == NULL)
        return ERROR_MR_MID_NOT_FOUND;
    bool one_line = (flags & FORMAT_MESSAGE_MAX_WIDTH_MASK) == FORMAT_MESSAGE_MAX_WIDTH_MASK;
    char *made = NULL;
    int length = asprintf(&made, "%s%s", found, one_line ? " " : "\r\n");
    if (length < 0)
        return ERROR_NOT_ENOUGH_MEMORY;
    *n = (size_t)length;
    *text = made;
    return NO_ERROR;
}

/* Into the caller's buffer, or into one made for him. */
static DWORD deliver(DWORD flags, const char *text, size_t n, LPSTR buffer, DWORD size)
{
    if ((flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) == 0) {
        if (n >= size)
            return ERROR_INSUFFICIENT_BUFFER;
        memcpy(buffer, text, n + 1);
        return NO_ERROR;
    }
    LPSTR made = LocalAlloc(LMEM_ZEROINIT, n + 1 > size ? n + 1 : size);
    if (made == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(made, text, n);
    memcpy((void *)buffer, &made, sizeof made);
    return NO_ERROR;
}

DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                            LPSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
    (void)lpSource, (void)dwLanguageId, (void)Arguments;
    char *text = NULL;
    size_t n = 0;
    if (lpBuffer == NULL)
        return (DWORD)fail(ERROR_INVALID_PARAMETER);
    DWORD error = message_new(dwFlags, dwMessageId, &text, &n);
    if (error == NO_ERROR)
        error = deliver(dwFlags, text, n, lpBuffer, nSize);
    free(text);
    return error == NO_ERROR ? (DWORD)n : (DWORD)fail(error);
}
