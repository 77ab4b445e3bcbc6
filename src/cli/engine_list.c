#include "engine_border.h"

#define KEY_PAIR_OPERATIONS                                                                        \
    (BCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION | BCRYPT_SECRET_AGREEMENT_OPERATION |                  \
     BCRYPT_SIGNATURE_OPERATION | BCRYPT_KEY_ENCAPSULATION_OPERATION)

#define ALL_OPERATIONS                                                                             \
    (KEY_PAIR_OPERATIONS | BCRYPT_CIPHER_OPERATION | BCRYPT_HASH_OPERATION |                       \
     BCRYPT_RNG_OPERATION | BCRYPT_KEY_DERIVATION_OPERATION)

struct list {
    BCRYPT_ALGORITHM_IDENTIFIER *rows;
    ULONG count;
};

static void list_done(struct list *list)
{
    BCryptFreeBuffer(list->rows);
}

NTSTATUS engine_each_algorithm(void (*each)(const char *name, void *context), void *context)
{
    CLEANUP(list_done) struct list list = {0};
    TRY_STATUS(BCryptEnumAlgorithms(KEY_PAIR_OPERATIONS, &list.count, &list.rows, 0));
    for (ULONG i = 0; i < list.count; i++) {
        OCTETS name = {0};
        narrow(&name, list.rows[i].pszName, WIDE_MOST);
        each(octets_text(&name), context);
    }
    return STATUS_SUCCESS;
}

NTSTATUS engine_get_sizes(const char *algorithm, struct engine_sizes *out)
{
    ENGINE_ALG alg = {0};
    BCRYPT_KEY_LENGTHS_STRUCT lengths;
    ULONG n = 0;
    *out = (struct engine_sizes){0};
    TRY_STATUS(engine_alg_open(algorithm, NULL, &alg));
    if (BCRYPT_SUCCESS(BCryptGetProperty(alg.handle, BCRYPT_KEY_LENGTHS, (PUCHAR)&lengths,
                                         sizeof lengths, &n, 0)))
        *out = (struct engine_sizes){lengths.dwMinLength, lengths.dwMaxLength, lengths.dwIncrement};
    return STATUS_SUCCESS;
}

bool engine_has_algorithm(const char *algorithm)
{
    ENGINE_ALG alg = {0};
    return BCRYPT_SUCCESS(engine_alg_open(algorithm, NULL, &alg));
}

/* ---- the library itself --------------------------------------------------------------------------------------- */

static NTSTATUS get_own(BCRYPT_ALG_HANDLE alg, const WCHAR *property, struct octets *out)
{
    WCHAR text[WIDE_MOST * 8];
    ULONG n = 0;
    TRY_STATUS(BCryptGetProperty(alg, property, (PUCHAR)text, sizeof text, &n, 0));
    narrow(out, text, n / sizeof *text);
    return STATUS_SUCCESS;
}

NTSTATUS engine_get_make(struct octets *engine, struct octets *processor)
{
    ENGINE_ALG alg = {0};
    TRY_STATUS(engine_alg_open("RNG", NULL, &alg));
    TRY_STATUS(get_own(alg.handle, L"OpenCNG Engine", engine));
    return get_own(alg.handle, L"OpenCNG Processor", processor);
}

NTSTATUS engine_get_levers(struct octets *levers)
{
    ENGINE_ALG alg = {0};
    TRY_STATUS(engine_alg_open("RNG", NULL, &alg));
    return get_own(alg.handle, L"OpenCNG Levers", levers);
}

NTSTATUS engine_each_selftest(void (*each)(const char *name, NTSTATUS status, void *context),
                              void *context)
{
    CLEANUP(list_done) struct list list = {0};
    TRY_STATUS(BCryptEnumAlgorithms(ALL_OPERATIONS, &list.count, &list.rows, 0));
    for (ULONG i = 0; i < list.count; i++) {
        ENGINE_ALG alg = {0};
        OCTETS name = {0};
        narrow(&name, list.rows[i].pszName, WIDE_MOST);
        each(octets_text(&name), engine_alg_open(octets_text(&name), NULL, &alg), context);
    }
    return STATUS_SUCCESS;
}

bool engine_is_fips(void)
{
    BOOLEAN enabled = FALSE;
    return BCRYPT_SUCCESS(BCryptGetFipsAlgorithmMode(&enabled)) && enabled;
}
