/*
 * The layouts of Windows' key blobs, as data: a row for each magic, a list of parts for each layout (layout_table.c).
 * One reader and one writer (layout.c) turn blobs into fields and fields into blobs.
 */
#ifndef CLI_LAYOUT_H
#define CLI_LAYOUT_H

#include "fields.h"

enum part_kind {
    PART_END,
    PART_VERSION, /* ULONG that must be `size` */
    PART_INT,     /* ULONG into `field` */
    PART_BITS, /* ULONG: bits of the number `field`; not looked at when reading, as Windows does */
    PART_LENGTH, /* ULONG: bytes of the parts that name `slot`; `field`, where given, says how many to write */
    PART_BITLENGTH, /* ULONG: the same in bits */
    PART_NUMBER,    /* big-endian, as many bytes as `slot` says; slot 0: `size` bytes */
    PART_REVERSED,  /* little-endian */
    PART_HALF,      /* little-endian, half as many bytes */
    PART_BYTES,     /* as they are */
    PART_OPTIONAL,  /* the same, and there may be none */
    PART_TEXT,      /* UTF-16 with its NUL */
};

#define LAYOUT_SLOTS 5

struct part {
    uint8_t kind;
    uint8_t field; /* enum field_id */
    uint8_t slot;  /* 1..LAYOUT_SLOTS - 1; 0: none */
    uint8_t size;
};

/* The eight bytes in front of CryptoAPI's blobs. */
struct capi_head {
    uint8_t type; /* 0: not CryptoAPI's */
    uint8_t version;
    uint32_t algs[2]; /* the second, where not 0, is read too */
};

struct layout {
    const char *type;      /* the blob type's name, as on Windows */
    const char *algorithm; /* that imports it; NULL: none, it is only shown */
    const char *curve;     /* implied by the magic */
    uint32_t magic;        /* 0: there is none */
    uint8_t magic_at;      /* at 4, the ULONG in front of it counts the whole blob */
    bool is_private;
    bool trailing; /* bytes may follow, as Windows allows */
    bool foreign;  /* Windows' provider does not import it; its fields are written anew */
    struct capi_head capi;
    const struct part *parts;
};

extern const struct layout layouts[];
extern const size_t layout_count;

enum layout_fit {
    LAYOUT_FITS,
    LAYOUT_OTHER,   /* another magic */
    LAYOUT_DAMAGED, /* the magic, but the sizes do not add up */
};

/* Reads a blob; `out` is filled only when it fits. */
enum layout_fit layout_read(const struct layout *layout, struct view blob,
                            struct fields *out) MUST_CHECK;

/* The layout that fits a blob; else, with `damaged` set, the first one with its magic; else NULL. */
const struct layout *layout_recognise(struct view blob, struct fields *out, bool *damaged);

/* Writes a blob of a type for an algorithm, on a curve (NULL: none), by the first row for which the fields are there.
 * False: there is none. */
bool layout_write(const char *type, const char *algorithm, const char *curve,
                  const struct fields *in, struct octets *out) MUST_CHECK;

/* Whether there is such a blob type; the name in its proper spelling, or NULL. */
const char *layout_type_name(const char *text);

/* Whether the type holds private parts. */
bool layout_type_is_private(const char *type);

#endif
