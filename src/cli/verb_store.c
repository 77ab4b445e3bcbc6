#include <stdio.h>
#include <string.h>

#include "store_args.h"
#include "verbs.h"

static const struct verb *const commands[] = {
    &store_list,   &store_show,      &store_create, &store_import, &store_export,
    &store_sign,   &store_decrypt,   &store_delete, &store_slots,  &store_protect,
    &store_change, &store_unprotect, &store_rotate, &store_check,
};

static const struct option_row options[] = {
    OPTION_END,
};

/* "store list" is the name of the row, "list" the command. */
static const char *command_of(const struct verb *row)
{
    return strchr(row->name, ' ') + 1;
}

static const struct verb *command_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(commands); i++) {
        if (strcmp(command_of(commands[i]), name) == 0)
            return commands[i];
    }
    return NULL;
}

static void print_commands(FILE *to)
{
    for (size_t i = 0; i < ARRAY_COUNT(commands); i++)
        fprintf(to, "  %-10s %s\n", command_of(commands[i]), commands[i]->summary);
}

static enum outcome unknown(const char *name)
{
    return complain(BAD_USAGE, NULL, NULL, "store has no command %s; `cng help store` lists them",
                    name);
}

static enum outcome run(const struct verb *verb, int argc, char **argv)
{
    (void)verb;
    if (argc == 0)
        return complain(BAD_USAGE, NULL, NULL,
                        "store wants a command; `cng help store` lists them");
    bool help = strcmp(argv[0], "help") == 0;
    if (help && argc == 1) {
        print_commands(stdout);
        return DONE;
    }
    const struct verb *command = command_named(argv[help ? 1 : 0]);
    if (command == NULL)
        return unknown(argv[help ? 1 : 0]);
    if (!help)
        return command->run(command, argc - 1, argv + 1);
    verb_help(command);
    return DONE;
}

const struct verb verb_store = {
    .name = "store",
    .summary = "keeps keys by name, and looks after the key store",
    .usage = "COMMAND [OPTION...]",
    .text =
        "Commands (`cng store help COMMAND` tells more of each):\n"
        "  list       lists the keys\n"
        "  show       tells what is known of a key\n"
        "  create     makes a key\n"
        "  import     takes a key from a file\n"
        "  export     writes a key's blob\n"
        "  sign       signs a file with a key\n"
        "  decrypt    decrypts a file with an RSA key\n"
        "  delete     deletes a key\n"
        "  slots      lists what opens the store\n"
        "  protect    adds a passphrase, a credential of systemd or a file that opens it\n"
        "  change     replaces one of these\n"
        "  unprotect  removes one of these\n"
        "  rotate     seals all keys under a new key-encryption key\n"
        "  check      reads every file and reports damage\n"
        "\n"
        "Keys are those of NCryptOpenKey: what a program stores, this tool sees, and the other\n"
        "way round. Where only a passphrase opens the store, --passphrase-file or\n"
        "--passphrase-env names it; otherwise the terminal is asked. All commands have --json\n"
        "and --machine.\n",
    .examples = "  cng store create mail --algorithm RSA\n"
                "  cng store sign mail --out letter.sig letter.txt\n"
                "  cng store protect --type passphrase --name mine\n",
    .options = options,
    .least = 0,
    .most = POSITIONAL_ANY,
    .run = run,
};
