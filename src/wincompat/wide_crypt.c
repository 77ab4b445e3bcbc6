/*
 * The wide forms of CryptStringToBinary and CryptBinaryToString. Characters above 255 are in no form of
 * text; each of the others is a byte.
 */
#include "crypt_text.h"
#include "win_wide.h"

#include "wincrypt.h"

#include <string.h>

BOOL WINAPI CryptStringToBinaryW(LPCWSTR pszString, DWORD cchString, DWORD dwFlags, BYTE *pbBinary,
                                 DWORD *pcbBinary, DWORD *pdwSkip, DWORD *pdwFlags)
{
    bool good = true;
    if (pszString == NULL || pcbBinary == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    size_t n = cchString != 0 ? cchString : wide_length(pszString);
    char *text = malloc(n + 1);
    if (text == NULL)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    for (size_t i = 0; i < n; i++) {
        good &= (uint32_t)pszString[i] <= 0xFF;
        text[i] = (char)pszString[i];
    }
    DWORD error = good ? crypt_text_decode(text, n, dwFlags, pbBinary, pcbBinary, pdwSkip, pdwFlags)
                       : ERROR_INVALID_DATA;
    SecureZeroMemory(text, n);
    free(text);
    return finish(error);
}

BOOL WINAPI CryptBinaryToStringW(const BYTE *pbBinary, DWORD cbBinary, DWORD dwFlags,
                                 LPWSTR pszString, DWORD *pcchString)
{
    char *text = NULL;
    size_t n = 0;
    bool raw = false;
    if (pbBinary == NULL || cbBinary == 0 || pcchString == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    DWORD error = crypt_text_encode(pbBinary, cbBinary, dwFlags, &text, &n, &raw);
    if (error != NO_ERROR)
        return fail(error);
    size_t whole = raw ? n : n + 1;
    bool fits = pszString != NULL && whole <= *pcchString;
    for (size_t i = 0; fits && i < whole; i++)
        pszString[i] = (WCHAR)(unsigned char)text[i];
    *pcchString = (DWORD)(fits ? n : whole);
    SecureZeroMemory(text, n);
    free(text);
    return finish(fits || pszString == NULL ? NO_ERROR : ERROR_MORE_DATA);
}
