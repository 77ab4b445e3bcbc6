/*
 * Rules:
 *
 *   rule    group { OR group }       AND binds tighter; both are words of their own, in upper case
 *   group   term { AND term }
 *   term    name = value             split at the first =
 *   name    a letter, then letters, digits, hyphens
 *   value   characters and escapes   no blank first or last
 *           # and pairs of hexadecimal digits
 *   escape  \ and one of \ " + , ; < > # = or a blank, or \ and two hexadecimal digits
 *
 * What Microsoft documents as never raw and uses raw in its own samples ( + , ; ) is read raw; " < > are not.
 */
#include "protect_parts.h"

#include <stdlib.h>
#include <string.h>

#define ESCAPED "\\\"+,;<>#= "
#define NEVER_RAW "\"<>"

/* ---- values --------------------------------------------------------------------------------- */

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A byte of two hexadecimal digits; 0: none, or the one that no string holds. */
static char byte_of(const char *digits)
{
    int high = digit_of(digits[0]);
    int low = high < 0 ? -1 : digit_of(digits[1]);
    return low < 0 ? '\0' : (char)(high << 4 | low);
}

static bool decode_hex(const char *raw, char *out)
{
    for (; *raw != '\0'; raw += 2) {
        if ((*out++ = byte_of(raw)) == '\0')
            return false;
    }
    *out = '\0';
    return true;
}

static bool decode_text(const char *raw, char *out)
{
    while (*raw != '\0') {
        if (strchr(NEVER_RAW, *raw) != NULL)
            return false;
        if (*raw != '\\') {
            *out++ = *raw++;
            continue;
        }
        char next = raw[1];
        if (next == '\0')
            return false;
        bool single = strchr(ESCAPED, next) != NULL;
        *out = single ? next : byte_of(raw + 1);
        if (*out++ == '\0')
            return false;
        raw += single ? 2 : 3;
    }
    *out = '\0';
    return true;
}

static bool decode_value(const char *raw, char *out)
{
    if (raw[0] == '#')
        return raw[1] != '\0' && decode_hex(raw + 1, out);
    return decode_text(raw, out);
}

/* ---- terms ---------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool name_is_good(const char *name)
{
    bool good = is_letter(name[0]);
    for (const char *at = name; *at != '\0'; at++)
        good = good && (is_letter(*at) || (*at >= '0' && *at <= '9') || *at == '-');
    return good;
}

/* Takes NAME=value apart; strings are written at *at, which moves on. */
static NTSTATUS parse_term(struct span text, bool strict, struct rule_term *term, char **at)
{
    const char *equals = memchr(text.p, '=', text.n);
    if (equals == NULL)
        return NTE_INVALID_PARAMETER;
    char *name = *at;
    size_t name_bytes = (size_t)(equals - (const char *)text.p);
    memcpy(name, text.p, name_bytes);
    name[name_bytes] = '\0';
    char *raw = name + name_bytes + 1;
    size_t raw_bytes = text.n - name_bytes - 1;
    memcpy(raw, equals + 1, raw_bytes);
    raw[raw_bytes] = '\0';
    char *value = raw + raw_bytes + 1;
    bool good = name_is_good(name) && raw_bytes > 0 && raw[0] != ' ' && decode_value(raw, value);
    if (!good) {
        if (strict)
            return NTE_INVALID_PARAMETER;
        value[0] = '\0';
    }
    *at = value + strlen(value) + 1;
    term->name = name;
    term->raw = raw;
    term->value = value;
    term->row = protect_row_find(name);
    if (!strict)
        return STATUS_SUCCESS;
    return term->row == NULL ? NTE_BAD_PROVIDER : term->row->check(value);
}

/* ---- words ---------------------------------------------------------------------------------- */

/* The length of the word if it stands at `at` alone, else 0. */
static size_t word_at(const char *text, const char *at, const char *word)
{
    size_t n = strlen(word);
    bool alone = (at == text || at[-1] == ' ') && strncmp(at, word, n) == 0 &&
                 (at[n] == ' ' || at[n] == '\0');
    return alone ? n : 0;
}

static struct span trimmed(const char *from, const char *to)
{
    while (from < to && *from == ' ')
        from++;
    while (to > from && to[-1] == ' ')
        to--;
    return span_of(from, (size_t)(to - from));
}

static NTSTATUS parse(struct protect_rule *rule, bool strict)
{
    const char *text = rule->text;
    const char *from = text;
    char *strings = rule->strings;
    uint32_t group = 0;
    for (const char *at = text;; at++) {
        size_t or = *at == '\0' ? 0 : word_at(text, at, "OR");
        size_t and = *at == '\0' ? 0 : word_at(text, at, "AND");
        if (*at != '\0' && or +and == 0)
            continue;
        if (rule->count == PROTECT_TERMS_MAX)
            return NTE_INVALID_PARAMETER;
        struct rule_term *term = &rule->terms[rule->count];
        TRY(parse_term(trimmed(from, at), strict, term, &strings));
        term->group = group;
        rule->count++;
        if (*at == '\0')
            return STATUS_SUCCESS;
        group += or > 0;
        at += or +and-1;
        from = at + 1;
    }
}

NTSTATUS rule_parse(const char *text, bool strict, struct protect_rule **out)
{
    SCOPED_RULE *rule = calloc(1, sizeof *rule);
    if (rule == NULL)
        return NTE_NO_MEMORY;
    /* of each term: the name, the value twice, three NULs */
    size_t n = strlen(text);
    rule->text = strdup(text);
    rule->strings = malloc(2 * n + (size_t)3 * PROTECT_TERMS_MAX);
    if (rule->text == NULL || rule->strings == NULL)
        return NTE_NO_MEMORY;
    TRY(parse(rule, strict));
    *out = rule;
    rule = NULL;
    return STATUS_SUCCESS;
}

void rule_free(struct protect_rule *rule)
{
    if (rule == NULL)
        return;
    free(rule->text);
    free(rule->strings);
    free(rule);
}
