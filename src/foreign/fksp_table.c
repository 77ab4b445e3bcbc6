/*
 * The function table of a provider's image, checked once.
 *
 * Which members the table has is told by its version; those that it does not have are not read. A NULL
 * member is a function that the provider does not have. But what it makes it must also be able to let go.
 */
#include "fksp.h"

#include "foreign_image.h"

typedef NCRYPT_KEY_STORAGE_FUNCTION_TABLE table;

/* Bytes of the table in each version, the last one's in all that follow. */
static const size_t sizes[] = {
    [1] = offsetof(table, KeyDerivation),
    [2] = offsetof(table, CreateClaim),
    [3] = sizeof(table),
};

/* Who makes something, and who lets it go. */
static const struct {
    size_t maker, releaser;
} pairs[] = {
    {offsetof(table, OpenProvider), offsetof(table, FreeProvider)},
    {offsetof(table, OpenKey), offsetof(table, FreeKey)},
    {offsetof(table, CreatePersistedKey), offsetof(table, FreeKey)},
    {offsetof(table, ImportKey), offsetof(table, FreeKey)},
    {offsetof(table, SecretAgreement), offsetof(table, FreeSecret)},
    {offsetof(table, EnumAlgorithms), offsetof(table, FreeBuffer)},
    {offsetof(table, EnumKeys), offsetof(table, FreeBuffer)},
};

static bool has(const table *f, size_t member)
{
    void *function;
    memcpy(&function, (const uint8_t *)f + member, sizeof function);
    return function != NULL;
}

/* Version 1 is ours, and whatever is called compatible with it (BCRYPT_IS_INTERFACE_VERSION_COMPATIBLE). */
static NTSTATUS copy(table *f, const table *from)
{
    const BCRYPT_INTERFACE_VERSION ours = NCRYPT_KEY_STORAGE_INTERFACE_VERSION;
    if (!BCRYPT_IS_INTERFACE_VERSION_COMPATIBLE(ours, from->Version))
        return NTE_BAD_VER;
    size_t version = from->Version.MajorVersion;
    memset(f, 0, sizeof *f);
    memcpy(f, from, sizes[version < ARRAY_COUNT(sizes) ? version : ARRAY_COUNT(sizes) - 1]);
    return STATUS_SUCCESS;
}

NTSTATUS fksp_table_load(void *image, const struct name *name, table *f)
{
    void (*entry)(void);
    struct fksp_name wide;
    table *theirs = NULL;
    TRY(foreign_image_entry(image, "GetKeyStorageInterface", &entry));
    NTSTATUS status = ((GetKeyStorageInterfaceFn)entry)(fksp_name(&wide, name), &theirs, 0);
    if (status != STATUS_SUCCESS || theirs == NULL)
        return NTE_PROVIDER_DLL_FAIL;
    TRY(copy(f, theirs));
    if (f->OpenProvider == NULL)
        return NTE_PROVIDER_DLL_FAIL;
    for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
        if (has(f, pairs[i].maker) && !has(f, pairs[i].releaser))
            return NTE_PROVIDER_DLL_FAIL;
    }
    return STATUS_SUCCESS;
}
