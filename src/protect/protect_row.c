/* The protectors, in rows. Those of a domain or of Windows' credential vault have nobody here who could answer for
 * them: their names are known, so that headers of Windows' can be described, and nothing is protected to them. */
#include "protect_parts.h"

#include "text.h"

#define TYPE(n) "1.3.6.1.4.1.311.74.1." #n

static NTSTATUS refuse(const char *value)
{
    (void)value;
    return NTE_NOT_SUPPORTED;
}

static const struct protect_row rows[] = {
    {"LOCAL", TYPE(8), protect_local_check, protect_local_make, protect_local_recover},
    {"CERTIFICATE", TYPE(7), protect_cert_check, protect_cert_make, protect_cert_recover},
    {"SID", TYPE(1), refuse, NULL, NULL},
    {"SDDL", TYPE(5), refuse, NULL, NULL},
    {"WEBCREDENTIALS", NULL, refuse, NULL, NULL},
    {"LOCKEDCREDENTIALS", NULL, refuse, NULL, NULL},
};

const struct protect_row *protect_row_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (text_is(name, rows[i].name))
            return &rows[i];
    }
    return NULL;
}
