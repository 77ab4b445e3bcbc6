/*
 * The contract between the router, the key storage provider and what protects data to rules (ncryptprotect.h): one
 * constant row, as a provider is. The router checks pointers and flags and keeps the handles.
 *
 * Strings are UTF-8 here. Memory that a program gets comes from the allocator that it named; the engine writes a
 * whole result or frees what it allocated.
 */
#ifndef BASE_PROTECT_H
#define BASE_PROTECT_H

#include "ncryptprotect.h"

#include "span.h"

/* A rule, and what reads or writes a stream; they belong to the engine. */
struct protect_rule;
struct protect_stream;

/* Version 14 of clang-format breaks pointers to functions between their name and their
 * parameters. */
/* clang-format off */

/* Where the output of a stream goes. */
struct protect_sink {
    /* The rule that the stream was protected to, once, before any output; the callee keeps it. NULL: nobody asks. */
    NTSTATUS (*found)(void *arg, struct protect_rule *rule);
    /* A piece of output; the last one says so. */
    NTSTATUS (*put)(void *arg, struct span data, bool final);
    void *arg;
};

struct protect_engine {
    /* NTE_INVALID_PARAMETER: malformed. NTE_BAD_PROVIDER: no such protector. NTE_NOT_SUPPORTED: one that there is not
     * here. */
    NTSTATUS (*rule_new)(const char *text, struct protect_rule **rule);
    /* The rule that has a name, of the user or of the machine. NTE_NOT_FOUND: no such name. */
    NTSTATUS (*rule_named)(bool machine, const char *name, struct protect_rule **rule);
    void (*rule_free)(struct protect_rule *rule);
    const char *(*rule_text)(const struct protect_rule *rule);

    /* Gives a rule a name; a NULL text removes it. */
    NTSTATUS (*name_set)(bool machine, const char *name, const char *text);
    NTSTATUS (*name_get)(bool machine, const char *name, char **text); /* for free() */

    NTSTATUS (*seal)(const struct protect_rule *rule, struct span plain,
                     const NCRYPT_ALLOC_PARA *memory, uint8_t **blob, uint32_t *n);

    /* `plain` NULL: only the rule is wanted; `rule` NULL: it is not. */
    NTSTATUS (*open)(struct span blob, const NCRYPT_ALLOC_PARA *memory, struct protect_rule **rule,
                     uint8_t **plain, uint32_t *n);

    NTSTATUS (*stream_to_seal)(const struct protect_rule *rule, const struct protect_sink *sink,
                               struct protect_stream **stream);
    NTSTATUS (*stream_to_open)(const struct protect_sink *sink, struct protect_stream **stream);
    /* After a failure a stream answers with it for ever; after its end with NTE_INVALID_PARAMETER. */
    NTSTATUS (*stream_update)(struct protect_stream *stream, struct span data, bool final);
    void (*stream_free)(struct protect_stream *stream);
};

/* clang-format on */

/* src/protect/protect_engine.c */
extern const struct protect_engine opencng_protect;

#endif
