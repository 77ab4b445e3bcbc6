/*
 * Reports. A verb builds one JSON object; --json prints it as it is, otherwise it is laid out for people. Numbers of
 * keys are hexadecimal strings.
 */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include <jansson.h>

#include "file_io.h"
#include "fields.h"

static inline void report_done(json_t **report)
{
    json_decref(*report);
}

#define REPORT CLEANUP(report_done) json_t

/* Memory that jansson frees is wiped: reports may hold secrets. Call once, first. */
void render_init(void);

json_t *report_new(void);
void report_text(json_t *report, const char *name, const char *text);
void report_hex(json_t *report, const char *name, struct view bytes);
void report_number(json_t *report, const char *name, size_t number);
void report_flag(json_t *report, const char *name, bool value);
void report_part(json_t *report, const char *name, json_t *part); /* takes it over */

/* A key's fields; secret ones only when asked for, otherwise just how long they are. */
json_t *report_fields(const struct fields *fields, bool secrets);

void render_json(const json_t *report);
void render_people(const json_t *report);

/* The result of a verb: into its file or to standard output, or, when standard output carries a report, into that. */
struct delivery {
    struct sink sink;
    bool hex;
    json_t *report;   /* NULL: there is none */
    const char *name; /* in the report */
    bool is_text;     /* the report takes it as it is, not in digits */
};

/* Before the work: whether there is a place for the result. */
enum outcome delivery_check(const struct delivery *delivery) MUST_CHECK;
enum outcome deliver(const struct delivery *delivery, struct view result) MUST_CHECK;

#endif
