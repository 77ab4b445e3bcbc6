/*
 * The files of the configuration, text to view and back (config_format.c draws them).
 */
#ifndef CONFIG_CONFIG_FORMAT_H
#define CONFIG_CONFIG_FORMAT_H

#include "config.h"
#include "config_arena.h"
#include "wr.h"

/* Bytes of a file that is looked at. */
#define CONFIG_FILE_MAX ((size_t)256 * 1024)

/* Bytes of a name, as far as a name of the API can be read (base/name.c). */
#define CONFIG_NAME_MAX 60

#define CONFIG_ALIASES_MAX 64
#define CONFIG_INTERFACES_MAX 64
#define CONFIG_FUNCTIONS_MAX 1024 /* of one interface */
#define CONFIG_PROVIDERS_MAX 64   /* of one function */
#define CONFIG_PROPERTIES_MAX 64
#define CONFIG_VALUE_MAX 4096 /* bytes of a property's value */
#define CONFIG_IMAGE_MAX 4095 /* bytes of an image's path */

/* Where a text stops being a file of ours, and why. */
struct config_flaw {
    size_t line; /* from 1 */
    const char *what;
};

/* What the view holds lives in the arena; the text is not needed afterwards. STATUS_DATA_ERROR: *flaw says why.
 * STATUS_NO_MEMORY. */
NTSTATUS provider_decode(struct span text, struct arena *a, struct config_provider *out,
                         struct config_flaw *flaw) MUST_CHECK;
NTSTATUS context_decode(struct span text, struct arena *a, struct config_context *out,
                        struct config_flaw *flaw) MUST_CHECK;

void provider_encode(struct wr *w, const struct config_provider *p);
void context_encode(struct wr *w, const struct config_context *c);

#endif
