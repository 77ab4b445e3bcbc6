/*
 * `cng`: OpenCNG on the command line. This file knows the verbs and how to choose one.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "complain.h"
#include "render.h"
#include "verbs.h"

static const struct verb *const verbs[] = {
    &verb_algorithms,  &verb_generate,  &verb_inspect, &verb_convert, &verb_sign,
    &verb_verify,      &verb_encrypt,   &verb_decrypt, &verb_agree,   &verb_encapsulate,
    &verb_decapsulate, &verb_hash,      &verb_mac,     &verb_seal,    &verb_open,
    &verb_protect,     &verb_unprotect, &verb_derive,  &verb_random,  &verb_store,
    &verb_providers,   &verb_config,    &verb_doctor,  &verb_version,
};

static const struct verb *verb_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++) {
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    }
    return NULL;
}

static void print_verbs(FILE *to)
{
    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++)
        fprintf(to, "  %-14s %s\n", verbs[i]->name, verbs[i]->summary);
}

static enum outcome help(void)
{
    puts("cng: keys, signatures, ciphers and hashes by Windows' CNG, on Linux\n\n"
         "  cng VERB [OPTION...] [FILE...]\n");
    print_verbs(stdout);
    puts("  help VERB      options and examples of a verb\n"
         "\n"
         "Key files may be PEM, DER or any key blob of Windows: cng looks at what is inside, never "
         "at the name.\n"
         "\"-\" as a file is standard input or output. Output files appear complete or not at all; "
         "private keys\n"
         "and secrets get mode 0600, and nothing is overwritten without --force. --out may be "
         "written --output.\n"
         "\n"
         "Exit status\n"
         "  0 done   1 the operation says no (wrong signature, failed decryption)   2 usage\n"
         "  3 an input file   4 output or system   5 the algorithm is not available here\n"
         "\n"
         "Environment\n"
         "  OPENCNG_TRACE=FILE   logs every call of the libraries: names, sizes, statuses, never "
         "data\n"
         "\n"
         "Examples\n"
         "  cng generate --algorithm ECDSA --curve nistP256 --out key.pem --public-out public.pem\n"
         "  cng sign --key key.pem --out letter.sig letter.txt\n"
         "  cng verify --key public.pem --signature letter.sig letter.txt\n"
         "  cng convert key.pem --format ECCPRIVATEBLOB --out key.blob\n"
         "  cng inspect key.blob\n"
         "  cng hash SHA256 letter.txt\n"
         "  cng seal --out letter.sealed letter.txt\n"
         "  cng open --out letter.txt letter.sealed");
    return DONE;
}

/* A verb, and the command of it where the next word is one. */
static enum outcome help_for(int argc, char **argv)
{
    const struct verb *verb = verb_named(argv[0]);
    if (verb == NULL)
        return complain(BAD_USAGE, NULL, NULL, "there is no verb %s; `cng help` lists them",
                        argv[0]);
    const struct verb *command = argc > 1 ? command_named(verb, argv[1]) : NULL;
    verb_help(command != NULL ? command : verb);
    return DONE;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static enum outcome run(int argc, char **argv)
{
    if (argc < 2) {
        (void)complain(BAD_USAGE, NULL, NULL, "please say what to do; these are the verbs:");
        print_verbs(stderr);
        return BAD_USAGE;
    }
    static char version[] = "version";
    if (strcmp(argv[1], "--version") == 0)
        argv[1] = version;
    const char *name = argv[1];
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return argc > 2 ? help_for(argc - 2, argv + 2) : help();
    const struct verb *verb = verb_named(name);
    if (verb == NULL || asks_for_help(argc - 2, argv + 2))
        return help_for(argc - 1, argv + 1);
    return verb->run(verb, argc - 2, argv + 2);
}

/* Standard output's buffer: reports may hold secrets, so it is wiped. */
static char output[8192];

/* What could not be printed is a failure, too: a full disk, a closed pipe. */
static enum outcome flush(enum outcome outcome)
{
    bool printed = fflush(stdout) == 0 && !ferror(stdout);
    explicit_bzero(output, sizeof output);
    if (!printed)
        return complain(BAD_SYSTEM, "standard output", "writing", "it does not take the result");
    return outcome;
}

int main(int argc, char **argv)
{
    /* No memory image of a process that holds keys. */
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    (void)signal(SIGPIPE, SIG_IGN);
    (void)setvbuf(stdout, output, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, sizeof output);
    render_init();
    return flush(run(argc, argv));
}
