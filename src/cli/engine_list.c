#include "engine_border.h"

#include <stdio.h>
#include <string.h>

#define KEY_PAIR_OPERATIONS                                                                        \
    (BCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION | BCRYPT_SECRET_AGREEMENT_OPERATION |                  \
     BCRYPT_SIGNATURE_OPERATION | BCRYPT_KEY_ENCAPSULATION_OPERATION)

struct list {
    BCRYPT_ALGORITHM_IDENTIFIER *rows;
    ULONG count;
};

static void list_done(struct list *list)
{
    BCryptFreeBuffer(list->rows);
}

static NTSTATUS describe(const BCRYPT_ALGORITHM_IDENTIFIER *row, struct engine_algorithm *out)
{
    OCTETS name = {0};
    narrow(&name, row->pszName, WIDE_MOST);
    *out = (struct engine_algorithm){.interface_id = row->dwClass};
    snprintf(out->name, sizeof out->name, "%s", octets_text(&name));

    ENGINE_ALG alg = {0};
    TRY_STATUS(engine_alg_open(out->name, NULL, &alg));
    BCRYPT_KEY_LENGTHS_STRUCT lengths;
    ULONG n = 0;
    if (BCRYPT_SUCCESS(BCryptGetProperty(alg.handle, BCRYPT_KEY_LENGTHS, (PUCHAR)&lengths,
                                         sizeof lengths, &n, 0))) {
        out->bits[0] = lengths.dwMinLength;
        out->bits[1] = lengths.dwMaxLength;
        out->bits[2] = lengths.dwIncrement;
    }
    return STATUS_SUCCESS;
}

NTSTATUS engine_each_algorithm(void (*each)(const struct engine_algorithm *algorithm, void *context),
                               void *context)
{
    CLEANUP(list_done) struct list list = {0};
    TRY_STATUS(BCryptEnumAlgorithms(KEY_PAIR_OPERATIONS, &list.count, &list.rows, 0));
    for (ULONG i = 0; i < list.count; i++) {
        struct engine_algorithm algorithm;
        TRY_STATUS(describe(&list.rows[i], &algorithm));
        each(&algorithm, context);
    }
    return STATUS_SUCCESS;
}

bool engine_has_algorithm(const char *algorithm)
{
    ENGINE_ALG alg = {0};
    return BCRYPT_SUCCESS(engine_alg_open(algorithm, NULL, &alg));
}
