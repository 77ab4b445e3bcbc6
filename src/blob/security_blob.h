/* Self-relative security descriptors, as far as the mode of a Unix file is one. */
#ifndef BLOB_SECURITY_BLOB_H
#define BLOB_SECURITY_BLOB_H

#include "rd.h"
#include "wr.h"

/* Owner and group as Samba writes them: S-1-22-1-uid and S-1-22-2-gid. */
struct security_view {
    bool has_owner, has_group, has_acl;
    uint32_t owner, group;
    bool group_reads; /* the list lets the group read */
};

/* NTE_BAD_DATA: malformed. NTE_NOT_SUPPORTED: well-formed, and nothing that owner, group and their rights can express:
 * another kind of SID, an entry that denies, a system list. */
NTSTATUS security_decode(struct span in, struct security_view *out) MUST_CHECK;
void security_encode(const struct security_view *v, struct wr *w);

#endif
