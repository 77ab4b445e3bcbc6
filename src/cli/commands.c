/* Verbs that have commands: `cng store list`, `cng providers show`. */
#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "options.h"

/* "store list" is the name of the row, "list" the command. */
static const char *command_of(const struct verb *row)
{
    return strchr(row->name, ' ') + 1;
}

const struct verb *command_named(const struct verb *verb, const char *name)
{
    for (size_t i = 0; verb->commands != NULL && verb->commands[i] != NULL; i++) {
        if (strcmp(command_of(verb->commands[i]), name) == 0)
            return verb->commands[i];
    }
    return NULL;
}

static void print_commands(const struct verb *verb)
{
    for (size_t i = 0; verb->commands[i] != NULL; i++)
        printf("  %-10s %s\n", command_of(verb->commands[i]), verb->commands[i]->summary);
}

enum outcome commands_run(const struct verb *verb, int argc, char **argv)
{
    if (argc == 0)
        return complain(BAD_USAGE, NULL, NULL, "%s wants a command; `cng help %s` lists them",
                        verb->name, verb->name);
    bool help = strcmp(argv[0], "help") == 0;
    if (help && argc == 1) {
        print_commands(verb);
        return DONE;
    }
    const char *name = argv[help ? 1 : 0];
    const struct verb *command = command_named(verb, name);
    if (command == NULL)
        return complain(BAD_USAGE, NULL, NULL, "%s has no command %s; `cng help %s` lists them",
                        verb->name, name, verb->name);
    if (!help)
        return command->run(command, argc - 1, argv + 1);
    verb_help(command);
    return DONE;
}
