#include "store_args.h"

#include <stdio.h>
#include <string.h>

#include <winerror.h>

#include "prompt.h"

enum outcome store_enter(const struct store_args *args, struct engine_store *out)
{
    TRY(store_told(NULL, "opening the key store", engine_store_open(args->machine, out)));
    if (!passphrase_source_is_given(&args->passphrase))
        return DONE;
    OCTETS passphrase = {0};
    TRY(passphrase_source_read(&args->passphrase, "passphrase", NULL, false, &passphrase));
    return store_told(NULL, "reading the passphrase",
                      engine_store_passphrase(out, view_of(&passphrase)));
}

/* How the program ends: 1 for a no, 2 for what the command line lacks, 3 for what is not there or damaged. */
static enum outcome outcome_of(NTSTATUS status)
{
    static const struct {
        NTSTATUS status;
        enum outcome outcome;
    } rows[] = {
        {NTE_INCORRECT_PASSWORD, REFUSED}, {NTE_NOT_SUPPORTED, REFUSED},
        {NTE_SILENT_CONTEXT, BAD_USAGE},   {NTE_UI_REQUIRED, BAD_USAGE},
        {NTE_BAD_KEYSET, BAD_INPUT},       {NTE_EXISTS, BAD_INPUT},
        {NTE_NOT_FOUND, BAD_INPUT},        {NTE_INVALID_PARAMETER, BAD_INPUT},
        {NTE_BAD_DATA, BAD_INPUT},         {NTE_BAD_VER, BAD_INPUT},
        {NTE_BAD_TYPE, BAD_INPUT},         {NTE_DECRYPTION_FAILURE, BAD_INPUT},
        {NTE_BAD_LEN, BAD_INPUT},          {NTE_PERM, REFUSED},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].status == status)
            return rows[i].outcome;
    }
    return BAD_SYSTEM;
}

enum outcome store_told(const char *what, const char *step, NTSTATUS status)
{
    if (status >= 0)
        return DONE;
    struct engine_explanation why = engine_store_explain(status);
    enum outcome outcome = outcome_of(status);
    if (*why.problem == 0) {
        (void)complain_status(what, step, status, NULL);
        return outcome;
    }
    const char *path = *why.path != 0 ? why.path : what;
    if (status == NTE_SILENT_CONTEXT || status == NTE_UI_REQUIRED)
        why.remedy = "Say --passphrase-file FILE or --passphrase-env NAME";
    return complain(outcome, path, step, "%s (%s)%s%s", why.problem, status_name(status),
                    *why.remedy != 0 ? ". " : "", why.remedy);
}

bool store_may_retry(const struct store_args *args, const struct engine_store *store,
                     NTSTATUS status)
{
    if ((status != NTE_SILENT_CONTEXT && status != NTE_UI_REQUIRED) || !prompt_is_possible() ||
        passphrase_source_is_given(&args->passphrase))
        return false;
    OCTETS passphrase = {0};
    return prompt_hidden("The passphrase of the key store: ", &passphrase) == DONE &&
           engine_store_passphrase(store, view_of(&passphrase)) >= 0;
}
