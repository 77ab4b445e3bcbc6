/* Key pairs of a provider that is loaded: for encryption, signatures and agreements. The router keeps their state; whether there
 * is a private half, and what that means for a call, the provider knows. */
#include "foreign.h"

static NTSTATUS generate(struct alg *alg, uint32_t bits, uint32_t flags, struct key **out)
{
    struct key *key;
    TRY(foreign_key_new(alg, &key));
    struct foreign_part *part = &foreign_key_of(key)->part;
    NTSTATUS status =
        part->open->calls->generate_pair(part->open->handle, &part->handle, bits, flags);
    return foreign_key_made(status, key, out);
}

static NTSTATUS finalize(struct key *key, uint32_t flags)
{
    return foreign_key_calls(key)->finalize_pair(foreign_key_of(key)->part.handle, flags);
}

static NTSTATUS import(struct alg *alg, const struct key_format *format, struct span blob,
                       uint32_t flags, struct key **out)
{
    struct key *key;
    TRY(foreign_key_new(alg, &key));
    struct foreign_part *part = &foreign_key_of(key)->part;
    struct foreign_text type;
    NTSTATUS status =
        part->open->calls->import_pair(part->open->handle, NULL, foreign_text(&type, format->name),
                                       &part->handle, (PUCHAR)blob.p, (ULONG)blob.n, flags);
    return foreign_key_made(status, key, out);
}

static NTSTATUS export(struct key *key, const struct key_format *format, const struct out *o)
{
    struct foreign_text type;
    ULONG n = 0;
    NTSTATUS status = foreign_key_calls(key)->export_key(foreign_key_of(key)->part.handle, NULL,
                                                         foreign_text(&type, format->name), o->p,
                                                         foreign_room(o), &n, 0);
    return foreign_reply(o, status, n);
}

static NTSTATUS sign(struct key *key, const struct padding *pad, struct span hash,
                     const struct out *o)
{
    struct foreign_padding info;
    ULONG n = 0;
    NTSTATUS status = foreign_key_calls(key)->sign(
        foreign_key_of(key)->part.handle, foreign_padding(&info, pad), (PUCHAR)hash.p,
        (ULONG)hash.n, o->p, foreign_room(o), &n, pad->flags);
    return foreign_reply(o, status, n);
}

static NTSTATUS verify(struct key *key, const struct padding *pad, struct span hash,
                       struct span sig)
{
    struct foreign_padding info;
    return foreign_key_calls(key)->verify(foreign_key_of(key)->part.handle,
                                          foreign_padding(&info, pad), (PUCHAR)hash.p,
                                          (ULONG)hash.n, (PUCHAR)sig.p, (ULONG)sig.n, pad->flags);
}

static NTSTATUS crypt(BCryptEncryptFn run, struct key *key, const struct padding *pad,
                      struct span in, const struct out *o)
{
    struct foreign_padding info;
    ULONG n = 0;
    NTSTATUS status =
        run(foreign_key_of(key)->part.handle, (PUCHAR)in.p, (ULONG)in.n,
            foreign_padding(&info, pad), NULL, 0, o->p, foreign_room(o), &n, pad->flags);
    return foreign_reply(o, status, n);
}

static NTSTATUS encrypt(struct key *key, const struct padding *pad, struct span in,
                        const struct out *o)
{
    return crypt(foreign_key_calls(key)->encrypt, key, pad, in, o);
}

static NTSTATUS decrypt(struct key *key, const struct padding *pad, struct span in,
                        const struct out *o)
{
    return crypt(foreign_key_calls(key)->decrypt, key, pad, in, o);
}

static const struct key_format both[] = {{.name = ANY_NAME, .import = import, .export = export},
                                         {.name = NULL}};
static const struct key_format only_in[] = {{.name = ANY_NAME, .import = import}, {.name = NULL}};

void foreign_asym_init(struct asym_class *row, const struct foreign_calls *calls)
{
    bool makes = calls->generate_pair != NULL && calls->finalize_pair != NULL;
    *row = (struct asym_class){
        .generate = makes ? generate : NULL,
        .finalize = makes ? finalize : NULL,
        .done = foreign_key_done,
        .formats = calls->export_key != NULL ? both : only_in,
        .import_flags = ~0u,
        .generate_flags = ~0u,
        .own_finalize_flags = true,
        .sign = calls->sign != NULL ? sign : NULL,
        .verify = calls->verify != NULL ? verify : NULL,
        .encrypt = calls->encrypt != NULL ? encrypt : NULL,
        .decrypt = calls->decrypt != NULL ? decrypt : NULL,
        .agree = calls->agree != NULL ? foreign_agree : NULL,
    };
}
