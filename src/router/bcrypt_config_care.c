/* Care of the configuration: where its files are, and which of them are not believed (opencng_config.h). */
#include "opencng_config.h"

#include <string.h>

#include "config_place.h"
#include "router_config.h"
#include "text.h"

NTSTATUS WINAPI CngConfigGetFolder(ULONG dwTable, char *pszFolder, SIZE_T cchFolder)
{
    enum config_table table;
    if (pszFolder == NULL)
        return STATUS_INVALID_PARAMETER;
    TRY(config_table_read(dwTable, &table));
    const char *path = place_path(table);
    if (path == NULL)
        return STATUS_NOT_FOUND;
    if (strlen(path) >= cchFolder)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(pszFolder, path, strlen(path) + 1);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI CngConfigEnumProblems(CNG_CONFIG_PROBLEM_CALLBACK pfnProblem, void *pvContext)
{
    if (pfnProblem == NULL)
        return STATUS_INVALID_PARAMETER;
    (void)config_refresh();
    CONFIG c = config_acquire();
    if (c == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < c->problem_count; i++) {
        if (!pfnProblem(c->problems[i].path, c->problems[i].text, pvContext))
            break;
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI CngConfigFindImage(const char *pszImage, char *pszPath, SIZE_T cchPath)
{
    if (pszImage == NULL || pszPath == NULL)
        return STATUS_INVALID_PARAMETER;
    const struct config_provider p = {.image = pszImage};
    SCOPED_TEXT *path = NULL;
    TRY(config_image_path(&p, &path));
    if (strlen(path) >= cchPath)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(pszPath, path, strlen(path) + 1);
    return STATUS_SUCCESS;
}
