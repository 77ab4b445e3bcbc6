/* The table of status codes (status.h), made of the list that is installed. */
#include "status.h"

static const struct {
    uint32_t code;
    const char *name;
} table[] = {
#define OPENCNG_STATUS(symbol, value, sentence) {value, #symbol},
#include "opencng_status.def"
#undef OPENCNG_STATUS
};

const char *status_name(NTSTATUS status)
{
    for (size_t i = 0; i < ARRAY_COUNT(table); i++) {
        if (table[i].code == (uint32_t)status)
            return table[i].name;
    }
    return NULL;
}
