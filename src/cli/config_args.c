#include "config_args.h"

#include <stdio.h>

/* How the program ends: 1 for a no, 3 for what is not there or damaged. */
static enum outcome outcome_of(NTSTATUS status)
{
    static const struct {
        NTSTATUS status;
        enum outcome outcome;
    } rows[] = {
        {STATUS_ACCESS_DENIED, REFUSED},       {STATUS_NOT_FOUND, BAD_INPUT},
        {STATUS_INVALID_PARAMETER, BAD_INPUT}, {STATUS_OBJECT_NAME_COLLISION, BAD_INPUT},
        {STATUS_DATA_ERROR, BAD_INPUT},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].status == status)
            return rows[i].outcome;
    }
    return BAD_SYSTEM;
}

/* What these statuses mean here, where the table of statuses speaks of algorithms. */
static const char *sentence_of(NTSTATUS status)
{
    switch (status) {
    case STATUS_NOT_FOUND:
        return "there is no such thing in this table";
    case STATUS_ACCESS_DENIED:
        return "this may not be changed, or not by you";
    case STATUS_INVALID_PARAMETER:
        return "a name or value is not valid, or there are too many";
    case STATUS_DATA_ERROR:
        return "the file is damaged, and is left as it is";
    default:
        return status_sentence(status);
    }
}

static void warn(const char *path, const char *problem, void *context)
{
    (void)context;
    (void)complain(DONE, path, NULL, "%s", problem);
}

void config_warn(void)
{
    NTSTATUS status = engine_config_problems(warn, NULL);
    if (status < 0)
        (void)complain_status(NULL, "looking for files that are ignored", status, NULL);
}

enum outcome config_told(const char *what, const char *step, NTSTATUS status)
{
    if (status >= 0)
        return DONE;
    config_warn();
    return complain(outcome_of(status), what, step, "%s (%s)", sentence_of(status),
                    status_name(status));
}

enum outcome config_interface(const char *text, uint32_t *id)
{
    *id = engine_interface_id(text);
    if (*id != 0)
        return DONE;
    OCTETS words = {0};
    for (const struct engine_interface *row = engine_interfaces; row->word != NULL; row++) {
        octets_append_text(&words, row == engine_interfaces ? "" : ", ");
        octets_append_text(&words, row->word);
    }
    return complain(BAD_USAGE, text, NULL, "there is no such interface; choose from %s",
                    octets_text(&words));
}

const char *config_interface_text(uint32_t id)
{
    static char number[16];
    const struct engine_interface *row = engine_interface_find(id);
    if (row != NULL)
        return row->word;
    snprintf(number, sizeof number, "0x%08X", (unsigned)id);
    return number;
}
