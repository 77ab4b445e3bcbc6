#include "file_io.h"

#include "complain.h"
#include "inlet.h"

#define BLOCK ((size_t)65536)

enum outcome file_read(const char *path, const char *step, size_t most, struct octets *out)
{
    INLET in = INLET_CLOSED;
    OCTETS made = {0};
    size_t got = 0;
    size_t n = 0;
    TRY(inlet_open(path, step, &in));
    do {
        octets_resize(&made, got + BLOCK);
        TRY(inlet_read(&in, made.p + got, BLOCK, &n));
        got += n;
        if (got > most)
            return complain(BAD_INPUT, path, step,
                            "the file is larger than %zu KiB, the limit here", most / 1024);
    } while (n == BLOCK);
    octets_resize(&made, got);
    octets_done(out);
    *out = made;
    made = (struct octets){0};
    return DONE;
}

enum outcome sink_write(const struct sink *sink, struct view data)
{
    OUTLET out = OUTLET_CLOSED;
    TRY(outlet_open(sink, &out));
    TRY(outlet_write(&out, data));
    return outlet_commit(&out);
}
