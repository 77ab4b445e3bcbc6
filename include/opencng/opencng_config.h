/* opencng_config.h: care of the configuration on Linux. Not part of Windows' CNG.
 *
 * bcrypt.h and bcrypt_provider.h change the configuration and ask for it. These functions are for those who look after its files:
 * where they are, and which of them are ignored, and why. `cng config` is made of them. docs/configuration.md describes the files.
 *
 * Texts are UTF-8 and end with a NUL. Any thread may call any function.
 */
#ifndef OPENCNG_CONFIG_H
#define OPENCNG_CONFIG_H

#include "bcrypt.h"

/* A file or folder that is ignored, or a variable of the environment, and a sentence that says why. Both live until the function returns. FALSE
 * ends the enumeration. */
typedef BOOL(WINAPI *CNG_CONFIG_PROBLEM_CALLBACK)(const char *pszPath, const char *pszProblem, void *pvContext);

OPENCNG_BEGIN_C

/* Tells where a table's files are, whether they exist or not.
 *
 * dwTable: CRYPT_LOCAL, the caller's own table, or CRYPT_DOMAIN, the machine's. For root both are the machine's.
 * pszFolder (out): the path of the folder that holds `providers` and `contexts`.
 * cchFolder: bytes at pszFolder.
 *
 * STATUS_INVALID_PARAMETER: another table, pszFolder is NULL.
 * STATUS_BUFFER_TOO_SMALL: the path is longer than that; nothing was written.
 * STATUS_NOT_FOUND: there is no such table: a user without a home folder, an OPENCNG_HOME that is no absolute path.
 */
OPENCNG_API NTSTATUS WINAPI CngConfigGetFolder(ULONG dwTable, char *pszFolder, SIZE_T cchFolder);

/* Reads both tables, and calls pfnProblem for each file or folder that is ignored: damaged, or such that others could change it.
 *
 * STATUS_INVALID_PARAMETER: pfnProblem is NULL.
 */
OPENCNG_API NTSTATUS WINAPI CngConfigEnumProblems(CNG_CONFIG_PROBLEM_CALLBACK pfnProblem, void *pvContext);

/* Tells which file would be loaded for an image, and whether it would be.
 *
 * pszImage (in): as it is registered: an absolute path, or the name of a file in the folder of providers.
 * pszPath (out): the file's path.
 * cchPath: bytes at pszPath.
 *
 * STATUS_INVALID_PARAMETER: a pointer is NULL, or pszImage is neither.
 * STATUS_NOT_FOUND: there is no such file.
 * STATUS_ACCESS_DENIED: it, or a folder above it, belongs to somebody else than root and the caller, or others may write to it, or the path holds a symbolic
 *   link: nobody loads it.
 * STATUS_BUFFER_TOO_SMALL: the path is longer than that.
 */
OPENCNG_API NTSTATUS WINAPI CngConfigFindImage(const char *pszImage, char *pszPath, SIZE_T cchPath);

OPENCNG_END_C

#endif /* OPENCNG_CONFIG_H */
