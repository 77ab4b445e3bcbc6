/* "Security Descr": owner, group and mode of a stored key's file as a security descriptor. */
#include "soft.h"

#include "security_blob.h"

#define PARTS (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION)
#define MODE_GROUP_READS 0040

/* Observed on Windows: the flags must name a part. There is no system list on a file. */
static NTSTATUS check(const struct ksp_target *t, struct soft_key **k)
{
    *k = soft_key_of(t->key);
    if ((t->flags & (PARTS | SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION)) == 0)
        return NTE_BAD_FLAGS;
    if ((*k)->stored == NULL || (t->flags & PARTS) == 0)
        return NTE_NOT_SUPPORTED;
    return STATUS_SUCCESS;
}

NTSTATUS soft_get_security(const struct ksp_target *t, const struct out *o)
{
    struct soft_key *k;
    TRY(check(t, &k));
    const struct security_view v = {
        .has_owner = (t->flags & OWNER_SECURITY_INFORMATION) != 0,
        .has_group = (t->flags & GROUP_SECURITY_INFORMATION) != 0,
        .has_acl = (t->flags & DACL_SECURITY_INFORMATION) != 0,
        .owner = k->stored->owner,
        .group = k->stored->group,
        .group_reads = (k->stored->mode & MODE_GROUP_READS) != 0,
    };
    struct wr w = wr_count();
    security_encode(&v, &w);
    TRY(out_writer(o, &w));
    security_encode(&v, &w);
    return STATUS_SUCCESS;
}

/* The owner of a file is not given away. */
NTSTATUS soft_set_security(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k;
    TRY(check(t, &k));
    struct security_view v;
    TRY(security_decode(in_span(in), &v));
    if (v.has_owner && v.owner != k->stored->owner)
        return NTE_PERM;
    bool reads = v.has_acl && (t->flags & DACL_SECURITY_INFORMATION) != 0
                     ? v.group_reads
                     : (k->stored->mode & MODE_GROUP_READS) != 0;
    gid_t group = v.has_group ? v.group : k->stored->group;
    mode_t mode = 0600 | (reads ? MODE_GROUP_READS : 0);
    struct store *store;
    TRY(soft_store_of(k, &store));
    TRY(store_set_mode(store, k->stored, mode, group));
    k->stored->mode = mode;
    k->stored->group = group;
    return STATUS_SUCCESS;
}
