/*
 * Where a secret comes from. Keys are bytes: a file, digits on the command line, an environment variable. Passphrases are
 * what people type: a prompt without echo, a file whose last line end does not count, an environment variable.
 *
 * Everything on the command line is visible to all users of the machine, so files are named first.
 */
#ifndef CLI_SECRET_SOURCE_H
#define CLI_SECRET_SOURCE_H

#include "options.h"

struct key_source {
    const char *file;
    const char *variable;
    struct option_bytes digits;
};

#define KEY_SOURCE_OPTIONS(type, member, word)                                                     \
    OPTION(type, member.file, word "-file", 0, "FILE", "the " word ": the bytes of a file"),       \
        OPTION(type, member.variable, word "-env", 0, "NAME",                                      \
               "the " word ": the text of an environment variable"),                               \
        OPTION_IN_DIGITS(type, member.digits, word "-hex",                                         \
                         "the " word " in digits, which all users of this machine can see")

bool key_source_is_given(const struct key_source *source);

/* `word` is what the options are called: "key", "secret". `input` is the file that the verb reads, or NULL. */
enum outcome key_source_read(const struct key_source *source, const struct verb *verb,
                             const char *word, const char *input, struct octets *out) MUST_CHECK;

struct passphrase_source {
    const char *file;
    const char *variable;
};

#define PASSPHRASE_SOURCE_OPTIONS(type, member, word)                                              \
    OPTION(type, member.file, word "-file", 0, "FILE",                                             \
           "the " word ": a file, without its last line end"),                                     \
        OPTION(type, member.variable, word "-env", 0, "NAME",                                      \
               "the " word ": the text of an environment variable")

bool passphrase_source_is_given(const struct passphrase_source *source);

/* Without a source the terminal is asked; twice where a slip of the finger would lock something away. */
enum outcome passphrase_source_read(const struct passphrase_source *source, const char *word,
                                    const char *input, bool twice, struct octets *out) MUST_CHECK;

#endif
