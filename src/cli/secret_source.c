#include "secret_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "engine.h"
#include "file_io.h"
#include "prompt.h"

static enum outcome read_variable(const char *name, struct octets *out)
{
    const char *text = getenv(name);
    if (text == NULL)
        return complain(BAD_INPUT, NULL, NULL, "the environment has no variable %s", name);
    octets_set(out, view_of_text(text));
    return DONE;
}

/* Standard input comes once. */
static enum outcome read_source(const char *file, const char *word, const char *input,
                                struct octets *out)
{
    char step[40];
    if (input != NULL && strcmp(file, "-") == 0 && strcmp(input, "-") == 0)
        return complain(BAD_USAGE, NULL, NULL,
                        "standard input cannot be both the %s and the file; name a file", word);
    snprintf(step, sizeof step, "reading the %s", word);
    return file_read(file, step, KEY_FILE_MOST, out);
}

/* ---- keys ----------------------------------------------------------------------------------------------------- */

static int sources_given(const struct key_source *source)
{
    return (source->file != NULL) + (source->variable != NULL) + source->digits.given;
}

bool key_source_is_given(const struct key_source *source)
{
    return sources_given(source) > 0;
}

enum outcome key_source_read(const struct key_source *source, const struct verb *verb,
                             const char *word, const char *input, struct octets *out)
{
    char options[80];
    if (sources_given(source) != 1) {
        snprintf(options, sizeof options,
                 "one of --%s-file FILE, --%s-env NAME and --%s-hex DIGITS", word, word, word);
        return complain_missing(verb, options);
    }
    if (source->file != NULL)
        return read_source(source->file, word, input, out);
    if (source->variable != NULL)
        return read_variable(source->variable, out);
    octets_set(out, view_of(&source->digits.value));
    return DONE;
}

/* ---- passphrases ---------------------------------------------------------------------------------------------- */

bool passphrase_source_is_given(const struct passphrase_source *source)
{
    return source->file != NULL || source->variable != NULL;
}

/* "\n" or "\r\n", once. */
static void drop_line_end(struct octets *text)
{
    if (text->n > 0 && text->p[text->n - 1] == '\n')
        octets_resize(text, text->n - 1);
    if (text->n > 0 && text->p[text->n - 1] == '\r')
        octets_resize(text, text->n - 1);
}

static enum outcome ask(const char *word, bool twice, struct octets *out)
{
    char question[64];
    OCTETS again = {0};
    if (!prompt_is_possible())
        return complain(BAD_USAGE, NULL, NULL,
                        "there is no terminal to ask for the %s; say --%s-file FILE or --%s-env "
                        "NAME",
                        word, word, word);
    snprintf(question, sizeof question, "The %s: ", word);
    TRY(prompt_hidden(question, out));
    if (!twice)
        return DONE;
    snprintf(question, sizeof question, "The %s once more: ", word);
    TRY(prompt_hidden(question, &again));
    if (view_equal(view_of(out), view_of(&again)))
        return DONE;
    return complain(BAD_USAGE, NULL, NULL, "these were two different %ss", word);
}

static enum outcome read_any(const struct passphrase_source *source, const char *word,
                             const char *input, bool twice, struct octets *out)
{
    if (source->variable != NULL)
        return read_variable(source->variable, out);
    if (source->file == NULL)
        return ask(word, twice, out);
    TRY(read_source(source->file, word, input, out));
    drop_line_end(out);
    return DONE;
}

enum outcome passphrase_source_read(const struct passphrase_source *source, const char *word,
                                    const char *input, bool twice, struct octets *out)
{
    if (source->file != NULL && source->variable != NULL)
        return complain(BAD_USAGE, NULL, NULL, "--%s-file and --%s-env exclude each other", word,
                        word);
    TRY(read_any(source, word, input, twice, out));
    if (out->n <= ENGINE_SECRET_MOST)
        return DONE;
    return complain(BAD_INPUT, source->file, NULL, "a %s has at most %d bytes, this one has %zu",
                    word, ENGINE_SECRET_MOST, out->n);
}
