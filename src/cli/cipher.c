#include "cipher.h"

#include <string.h>

#include "complain.h"
#include "file_digest.h"

void cipher_args_done(struct cipher_args *args)
{
    option_bytes_done(&args->label);
}

enum outcome cipher_prepare(const struct cipher_args *args, struct engine_padding *out)
{
    const char *name = args->padding != NULL ? args->padding : "oaep";
    *out = (struct engine_padding){.scheme = engine_scheme_named(name, ENGINE_ENCRYPT)};
    if (out->scheme == NULL)
        return complain(BAD_USAGE, NULL, NULL, "--padding is oaep, pkcs1 or none, not %s", name);
    bool oaep = strcmp(name, "oaep") == 0;
    if (!oaep && (args->hash != NULL || args->label.given))
        return complain(BAD_USAGE, NULL, NULL, "--hash and --label go with --padding oaep");
    const struct digest_row *hash = digest_named(args->hash != NULL ? args->hash : "SHA256");
    if (hash == NULL)
        return complain(BAD_USAGE, NULL, NULL, "there is no hash function %s; these are: %s",
                        args->hash, digest_names());
    out->hash = hash->name;
    out->label = view_of(&args->label.value);
    return DONE;
}
