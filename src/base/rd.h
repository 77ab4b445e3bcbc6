/*
 * A bounded reader that borrows. Failure is sticky: after one read too far every further read
 * yields zeros and empty spans, so a decoder reads straight down its layout and tests once, at the
 * end.
 */
#ifndef BASE_RD_H
#define BASE_RD_H

#include "span.h"

struct rd {
    const uint8_t *p;
    size_t n; /* bytes left */
    bool bad;
};

struct rd rd_of(struct span in);
uint8_t rd_u8(struct rd *r);
uint16_t rd_le16(struct rd *r);
uint32_t rd_le32(struct rd *r);
uint32_t rd_be32(struct rd *r);
struct span rd_span(struct rd *r, size_t n);
struct num rd_num_be(struct rd *r, size_t n);
struct num rd_num_le(struct rd *r, size_t n);

/* True when nothing went wrong so far. */
bool rd_ok(const struct rd *r) MUST_CHECK;

/* True when nothing went wrong and nothing is left over. */
bool rd_end(const struct rd *r) MUST_CHECK;

#endif
