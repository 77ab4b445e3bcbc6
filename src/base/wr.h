/*
 * A bounded writer. With a NULL buffer it only counts: measuring is writing without a buffer, so
 * the size that a query reports cannot drift from what the encoder writes. Failure is sticky.
 */
#ifndef BASE_WR_H
#define BASE_WR_H

#include "span.h"

struct wr {
    uint8_t *p; /* NULL: count only */
    size_t cap; /* bytes at p */
    size_t n;   /* bytes written or counted so far */
    bool bad;   /* something did not fit */
};

struct wr wr_count(void);
struct wr wr_into(void *p, size_t cap);
void wr_u8(struct wr *w, uint8_t v);
void wr_le16(struct wr *w, uint16_t v);
void wr_le32(struct wr *w, uint32_t v);
void wr_be32(struct wr *w, uint32_t v);
void wr_bytes(struct wr *w, const void *p, size_t n);
void wr_span(struct wr *w, struct span s);
void wr_zero(struct wr *w, size_t n);

/* Writes a number in exactly `width` bytes, padded with zeros; a value that
 * does not fit is a failure. */
void wr_num_be(struct wr *w, struct num v, size_t width);
void wr_num_le(struct wr *w, struct num v, size_t width);

#endif
