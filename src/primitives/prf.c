/* The two kinds of pseudorandom functions (prf.h). */
#include "prf.h"

struct prf_kind {
    NTSTATUS (*mac)(struct prf *f, const struct span *parts, size_t count, uint8_t *out);
    void (*done)(struct prf *f);
};

static NTSTATUS hmac_mac(struct prf *f, const struct span *parts, size_t count, uint8_t *out)
{
    return hmac_key_mac(&f->hmac, parts, count, out);
}

static void hmac_done(struct prf *f)
{
    hmac_key_done(&f->hmac);
}

static NTSTATUS cmac_mac(struct prf *f, const struct span *parts, size_t count, uint8_t *out)
{
    return cmac_key_mac(&f->cmac, parts, count, out);
}

static void cmac_done(struct prf *f)
{
    cmac_key_done(&f->cmac);
}

static const struct prf_kind hmac_kind = {hmac_mac, hmac_done};
static const struct prf_kind cmac_kind = {cmac_mac, cmac_done};

NTSTATUS prf_init_hmac(struct prf *f, const struct digest *d, struct span key)
{
    *f = (struct prf){.kind = NULL};
    TRY(hmac_key_init(&f->hmac, d, key));
    f->kind = &hmac_kind;
    f->length = d->length;
    return STATUS_SUCCESS;
}

NTSTATUS prf_init_cmac(struct prf *f, struct span key)
{
    *f = (struct prf){.kind = NULL};
    TRY(cmac_key_init(&f->cmac, key));
    f->kind = &cmac_kind;
    f->length = CMAC_BYTES;
    return STATUS_SUCCESS;
}

NTSTATUS prf_init(struct prf *f, const struct name *name, struct span key)
{
    const struct digest *d = digest_find(name);
    if (d != NULL)
        return prf_init_hmac(f, d, key);
    *f = (struct prf){.kind = NULL};
    return name_is(name, "AES-CMAC") ? prf_init_cmac(f, key) : STATUS_NOT_SUPPORTED;
}

NTSTATUS prf_mac(struct prf *f, const struct span *parts, size_t count, uint8_t *out)
{
    return f->kind->mac(f, parts, count, out);
}

void prf_done(struct prf *f)
{
    if (f->kind != NULL)
        f->kind->done(f);
    *f = (struct prf){.kind = NULL};
}
