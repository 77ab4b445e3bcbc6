/* `cng store`: its commands are in store_*.c. */
#include "store_args.h"
#include "verbs.h"

static const struct verb *const commands[] = {
    &store_list,   &store_show,      &store_create, &store_import, &store_export,
    &store_sign,   &store_decrypt,   &store_delete, &store_slots,  &store_protect,
    &store_change, &store_unprotect, &store_rotate, &store_check,  NULL,
};

static const struct option_row options[] = {
    OPTION_END,
};

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
    .commands = commands,
    .run = commands_run,
};
