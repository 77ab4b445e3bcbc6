/* The life of a post-quantum key (pq_key.h): generation, import, export. */
#include "pq_key.h"

#include <string.h>

#include "pq_blob.h"

#define MAX_FORM_BYTES 4896 /* the longest: an expanded ML-DSA-87 private key */

/* ---- generation ------------------------------------------------------------------------------ */

NTSTATUS pq_key_generate(struct alg *alg, uint32_t bits, uint32_t flags, struct key **key)
{
    if (bits != 0)
        return STATUS_INVALID_PARAMETER;
    struct key *made = key_alloc(alg, sizeof(struct pq_key));
    if (made == NULL)
        return STATUS_NO_MEMORY;
    pq_key_of(made)->unchecked = (flags & BCRYPT_NO_KEY_VALIDATION) != 0;
    *key = made;
    return STATUS_SUCCESS;
}

/* A key pair from the generator is checked whole: libcrypto's default provider does not do it (its
 * FIPS provider does). */
NTSTATUS pq_key_finalize(struct key *key, uint32_t flags)
{
    (void)flags;
    struct pq_key *k = pq_key_of(key);
    const struct pq_set *set = pq_key_set(k);
    if (set == NULL)
        return STATUS_INVALID_PARAMETER;
    SCOPED_PKEY *pkey = NULL;
    TRY(pq_evp_generate(set, span_of(NULL, 0), &pkey));
    if (!k->unchecked)
        TRY(pq_evp_check_pair(pkey, STATUS_INTERNAL_ERROR));
    k->pkey = pkey;
    pkey = NULL;
    k->has_seed = set->bytes[PQ_SEED] != 0;
    key->has_private = true;
    return STATUS_SUCCESS;
}

void pq_key_done(struct key *key, void (*release_ctx)(void *ctx))
{
    struct pq_key *k = pq_key_of(key);
    ctx_pool_drain(&k->forward, release_ctx);
    ctx_pool_drain(&k->backward, release_ctx);
    EVP_PKEY_free(k->pkey);
    k->pkey = NULL;
}

/* ---- import ---------------------------------------------------------------------------------- */

/* Which form a blob with this magic has, where `wanted` is asked for. */
static NTSTATUS form_of_magic(const struct pq_family *family, int wanted, uint32_t magic,
                              enum pq_form *form)
{
    for (int i = 0; i < PQ_FORMS; i++) {
        bool fits = i == wanted || (wanted == PQ_ANY_PRIVATE && i != PQ_PUBLIC);
        if (fits && family->magic[i] != 0 && family->magic[i] == magic) {
            *form = (enum pq_form)i;
            return STATUS_SUCCESS;
        }
    }
    return STATUS_INVALID_PARAMETER;
}

static NTSTATUS blob_read(const struct pq_family *family, int wanted, struct span blob,
                          enum pq_form *form, struct pq_view *view, const struct pq_set **set)
{
    struct rd r = rd_of(blob);
    uint32_t magic = rd_le32(&r);
    if (!rd_ok(&r))
        return STATUS_INVALID_BUFFER_SIZE;
    TRY(form_of_magic(family, wanted, magic, form));
    TRY(pq_blob_decode(blob, family->trailing[*form], view));
    *set = pq_set_find(family, &view->set);
    if (*set == NULL)
        return STATUS_INVALID_PARAMETER;
    return view->key.n == (*set)->bytes[*form] ? STATUS_SUCCESS : STATUS_INVALID_BUFFER_SIZE;
}

/* Without validation, a seed takes the way of the generator, which does not test the pair as
 * loading does. */
static NTSTATUS key_load(const struct pq_family *family, const struct pq_set *set,
                         enum pq_form form, struct span bytes, bool unchecked, EVP_PKEY **pkey)
{
    if (form == PQ_SEED && unchecked)
        return pq_evp_generate(set, bytes, pkey);
    SCOPED_PKEY *loaded = NULL;
    TRY(pq_evp_load(set, form, bytes, &loaded));
    if (form == PQ_PRIVATE && family->check_private && !unchecked)
        TRY(pq_evp_check_pair(loaded, STATUS_INVALID_PARAMETER));
    *pkey = loaded;
    loaded = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS pq_key_import(struct alg *alg, const struct key_format *format, struct span blob,
                       uint32_t flags, struct key **key)
{
    const struct pq_family *family = pq_family_of(alg->class);
    enum pq_form form;
    struct pq_view view;
    const struct pq_set *set;
    TRY(blob_read(family, format->form, blob, &form, &view, &set));

    SCOPED_PKEY *pkey = NULL;
    TRY(key_load(family, set, form, view.key, (flags & BCRYPT_NO_KEY_VALIDATION) != 0, &pkey));
    struct key *made = key_alloc(alg, sizeof(struct pq_key));
    if (made == NULL)
        return STATUS_NO_MEMORY;
    struct pq_key *k = pq_key_of(made);
    atomic_init(&k->set, set);
    k->pkey = pkey;
    pkey = NULL;
    k->has_seed = form == PQ_SEED;
    made->has_private = form != PQ_PUBLIC;
    *key = made;
    return STATUS_SUCCESS;
}

/* ---- export ---------------------------------------------------------------------------------- */

struct raw_key {
    uint8_t bytes[MAX_FORM_BYTES];
    size_t n;
};

static void raw_key_done(struct raw_key *raw)
{
    wipe(raw->bytes, raw->n);
}

/* PRIVATEBLOB gives the expanded private key: every private key has that, also one that was
 * imported without its seed. A seed cannot be computed back from it. */
NTSTATUS pq_key_export(struct key *key, const struct key_format *format, const struct out *o)
{
    struct pq_key *k = pq_key_of(key);
    const struct pq_set *set = pq_key_set(k);
    enum pq_form form = format->form == PQ_ANY_PRIVATE ? PQ_PRIVATE : (enum pq_form)format->form;
    if (form == PQ_SEED && !k->has_seed)
        return STATUS_NOT_SUPPORTED;

    CLEANUP(raw_key_done) struct raw_key raw;
    raw.n = 0;
    struct pq_view view = {.magic = pq_family_of(key->class)->magic[form],
                           .key = {raw.bytes, set->bytes[form]}};
    memcpy(view.set.s, set->name, strlen(set->name) + 1);

    struct wr count = wr_count();
    pq_blob_encode(&view, &count);
    uint8_t *dst;
    TRY(out_begin(o, count.n, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    raw.n = view.key.n;
    TRY(pq_evp_read(k->pkey, form, raw.bytes, raw.n, STATUS_INVALID_PARAMETER));
    struct wr w = wr_into(dst, count.n);
    pq_blob_encode(&view, &w);
    return STATUS_SUCCESS;
}
