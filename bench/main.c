/* The benchmark program: `bench SUITE [OPTION...]`, mostly called as `./dev bench SUITE`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

static const struct {
    const char *name, *what;
    bool (*run)(const struct bench_options *options);
} suites[] = {
    {"keypairs", "the life and use of asymmetric keys", suite_keypairs},
    {"primitives", "hashes, ciphers, derivation, random numbers", suite_primitives},
    {"patterns", "the calls of programs that exist, in their order", suite_patterns},
    {"store", "keys by name, beside the same keys without one", suite_store},
};

#define SUITES (sizeof suites / sizeof suites[0])

static int usage(FILE *to, int status)
{
    fprintf(to, "usage: bench [SUITE] [OPTION...]\n\nWithout a suite, all of them run:\n");
    for (size_t i = 0; i < SUITES; i++)
        fprintf(to, "  %-14s %s\n", suites[i].name, suites[i].what);
    fprintf(
        to,
        "\n"
        "  --group NAME   only this key or family (\"RSA-2048\", \"X25519\", \"wrapper\")\n"
        "  --filter TEXT  only operations whose name contains TEXT (\"sign\")\n"
        "  --quick        fewer repetitions\n"
        "  --large        store: also with 100,000 keys\n"
        "  --json         the figures as JSON\n"
        "  --once         run every operation once and measure nothing: whether all of them work\n"
        "  --profile SIDE run SIDE (ours or libcrypto) for half a second each and measure "
        "nothing:\n"
        "                 for valgrind --tool=callgrind or perf\n"
        "  --count N      with --profile: N times instead\n");
    return status;
}

/* True when the word at *i was an option. */
static bool read_option(char **argv, int argc, int *i, struct bench_options *options)
{
    const char *word = argv[*i];
    bool has_value = *i + 1 < argc;
    if (strcmp(word, "--quick") == 0)
        options->quick = true;
    else if (strcmp(word, "--large") == 0)
        options->large = true;
    else if (strcmp(word, "--once") == 0)
        options->once = true;
    else if (strcmp(word, "--json") == 0)
        options->json = true;
    else if (strcmp(word, "--group") == 0 && has_value)
        options->group = argv[++*i];
    else if (strcmp(word, "--filter") == 0 && has_value)
        options->filter = argv[++*i];
    else if (strcmp(word, "--profile") == 0 && has_value &&
             (strcmp(argv[*i + 1], "ours") == 0 || strcmp(argv[*i + 1], "libcrypto") == 0))
        options->profile = argv[++*i];
    else if (strcmp(word, "--count") == 0 && has_value) {
        options->counted = true;
        options->count = strtoul(argv[++*i], NULL, 10);
    } else
        return false;
    return true;
}

static bool suite_exists(const char *name)
{
    for (size_t i = 0; i < SUITES; i++) {
        if (strcmp(suites[i].name, name) == 0)
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    struct bench_options options = {0};
    const char *suite = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return usage(stdout, 0);
        if (read_option(argv, argc, &i, &options))
            continue;
        if (suite != NULL || !suite_exists(argv[i])) {
            fprintf(stderr, "bench: no such suite or option: %s\n", argv[i]);
            return usage(stderr, 2);
        }
        suite = argv[i];
    }
    bool ok = true;
    for (size_t i = 0; i < SUITES; i++) {
        if (suite == NULL || strcmp(suites[i].name, suite) == 0)
            ok = suites[i].run(&options) && ok;
    }
    return ok ? 0 : 1;
}
