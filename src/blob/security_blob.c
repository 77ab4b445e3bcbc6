/*
 * SECURITY_DESCRIPTOR, self-relative; everything little-endian but the authority.
 *
 *    0  revision = 1, 0         8  offset of the group's SID     0: absent
 *    2  control                12  offset of the system list
 *    4  offset of the owner    16  offset of the access list
 *
 *   SID    revision = 1 | count | authority [6] | numbers [4 · count]
 *   ACL    revision = 2 | 0 | bytes (16 bits) | entries (16 bits) | 0 (16 bits), then the entries:
 *   ACE    type (0 allows) | flags | bytes (16 bits) | rights (32 bits) | SID
 *
 * A file's owner may do everything, its group may read or may not. That is all that is written, and
 * all that is understood.
 */
#include "security_blob.h"

#define HEADER_BYTES 20
#define SID_BYTES 16 /* of two numbers */
#define ACE_BYTES (8 + SID_BYTES)
#define ACL_BYTES 8
#define SELF_RELATIVE 0x8000u
#define DACL_PRESENT 0x0004u
#define UNIX_AUTHORITY 22
#define UNIX_USER 1
#define UNIX_GROUP 2
#define RIGHTS_ALL 0x001F01FFu  /* FILE_ALL_ACCESS */
#define RIGHTS_READ 0x00120089u /* FILE_GENERIC_READ */
#define GENERIC_ALL_RIGHT 0x10000000u
#define GENERIC_READ_RIGHT 0x80000000u
#define READ_DATA 0x00000001u
#define WRITE_RIGHTS 0x000D0116u /* of FILE_ALL_ACCESS what changes something */

static void write_sid(struct wr *w, uint32_t kind, uint32_t id)
{
    wr_u8(w, 1);
    wr_u8(w, 2);
    wr_zero(w, 5);
    wr_u8(w, UNIX_AUTHORITY);
    wr_le32(w, kind);
    wr_le32(w, id);
}

static void write_ace(struct wr *w, uint32_t rights, uint32_t kind, uint32_t id)
{
    wr_le16(w, 0); /* allows, no flags */
    wr_le16(w, ACE_BYTES);
    wr_le32(w, rights);
    write_sid(w, kind, id);
}

void security_encode(const struct security_view *v, struct wr *w)
{
    uint32_t owner_at = v->has_owner ? HEADER_BYTES : 0;
    uint32_t group_at = v->has_group ? HEADER_BYTES + (v->has_owner ? SID_BYTES : 0) : 0;
    uint32_t sids = (v->has_owner ? SID_BYTES : 0) + (v->has_group ? SID_BYTES : 0);
    uint16_t entries = v->group_reads ? 2 : 1;
    wr_le16(w, 1);
    wr_le16(w, (uint16_t)(SELF_RELATIVE | (v->has_acl ? DACL_PRESENT : 0)));
    wr_le32(w, owner_at);
    wr_le32(w, group_at);
    wr_le32(w, 0);
    wr_le32(w, v->has_acl ? HEADER_BYTES + sids : 0);
    if (v->has_owner)
        write_sid(w, UNIX_USER, v->owner);
    if (v->has_group)
        write_sid(w, UNIX_GROUP, v->group);
    if (!v->has_acl)
        return;
    wr_le16(w, 2);
    wr_le16(w, (uint16_t)(ACL_BYTES + entries * ACE_BYTES));
    wr_le16(w, entries);
    wr_le16(w, 0);
    write_ace(w, RIGHTS_ALL, UNIX_USER, v->owner);
    if (v->group_reads)
        write_ace(w, RIGHTS_READ, UNIX_GROUP, v->group);
}

struct sid {
    bool is_unix;
    uint32_t kind, id;
};

static struct sid read_sid(struct rd *r)
{
    uint8_t revision = rd_u8(r);
    uint8_t count = rd_u8(r);
    struct span authority = rd_span(r, 6);
    struct sid sid = {false, 0, 0};
    if (revision != 1 || count > 15)
        r->bad = true;
    for (uint8_t i = 0; i < count; i++) {
        uint32_t number = rd_le32(r);
        if (i == 0)
            sid.kind = number;
        else
            sid.id = number;
    }
    if (rd_ok(r))
        sid.is_unix =
            count == 2 && authority.p[5] == UNIX_AUTHORITY && num_bits(num_be(authority.p, 5)) == 0;
    return sid;
}

static struct rd at(struct span in, uint32_t offset)
{
    struct rd r = rd_of(in);
    (void)rd_span(&r, offset);
    return r;
}

static NTSTATUS read_one(struct span in, uint32_t offset, uint32_t kind, uint32_t *id)
{
    struct rd r = at(in, offset);
    struct sid sid = read_sid(&r);
    if (!rd_ok(&r))
        return NTE_BAD_DATA;
    if (!sid.is_unix || sid.kind != kind)
        return NTE_NOT_SUPPORTED;
    *id = sid.id;
    return STATUS_SUCCESS;
}

static NTSTATUS read_acl(struct span in, uint32_t offset, struct security_view *out)
{
    struct rd r = at(in, offset);
    uint8_t revision = rd_u8(&r);
    (void)rd_u8(&r);
    (void)rd_le16(&r);
    uint16_t entries = rd_le16(&r);
    (void)rd_le16(&r);
    if (!rd_ok(&r) || revision < 2 || revision > 4)
        return NTE_BAD_DATA;
    for (uint16_t i = 0; i < entries; i++) {
        uint8_t type = rd_u8(&r);
        (void)rd_u8(&r);
        uint16_t bytes = rd_le16(&r);
        if (bytes < 8)
            return NTE_BAD_DATA;
        struct rd entry = rd_of(rd_span(&r, bytes - 4u));
        uint32_t rights = rd_le32(&entry);
        struct sid sid = read_sid(&entry);
        if (!rd_ok(&r) || !rd_ok(&entry))
            return NTE_BAD_DATA;
        bool writes = (rights & (WRITE_RIGHTS | GENERIC_ALL_RIGHT)) != 0;
        if (type != 0 || !sid.is_unix || (sid.kind == UNIX_GROUP && writes))
            return NTE_NOT_SUPPORTED;
        if (sid.kind == UNIX_GROUP) {
            if (out->has_group && sid.id != out->group)
                return NTE_NOT_SUPPORTED;
            out->has_group = true;
            out->group = sid.id;
            out->group_reads |= (rights & (READ_DATA | GENERIC_READ_RIGHT)) != 0;
        } else if (sid.kind != UNIX_USER || (out->has_owner && sid.id != out->owner)) {
            return NTE_NOT_SUPPORTED;
        } else {
            out->has_owner = true;
            out->owner = sid.id;
        }
    }
    return STATUS_SUCCESS;
}

NTSTATUS security_decode(struct span in, struct security_view *out)
{
    *out = (struct security_view){0};
    struct rd r = rd_of(in);
    uint16_t revision = rd_le16(&r);
    uint16_t control = rd_le16(&r);
    uint32_t owner_at = rd_le32(&r);
    uint32_t group_at = rd_le32(&r);
    uint32_t system_at = rd_le32(&r);
    uint32_t acl_at = rd_le32(&r);
    if (!rd_ok(&r) || revision != 1 || (control & SELF_RELATIVE) == 0)
        return NTE_BAD_DATA;
    if (system_at != 0)
        return NTE_NOT_SUPPORTED;
    if (owner_at != 0)
        TRY(read_one(in, owner_at, UNIX_USER, &out->owner));
    out->has_owner = owner_at != 0;
    if (group_at != 0)
        TRY(read_one(in, group_at, UNIX_GROUP, &out->group));
    out->has_group = group_at != 0;
    out->has_acl = (control & DACL_PRESENT) != 0;
    if (!out->has_acl)
        return STATUS_SUCCESS;
    return acl_at == 0 ? NTE_NOT_SUPPORTED : read_acl(in, acl_at, out); /* no list: everybody may */
}
