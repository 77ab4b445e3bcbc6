/* What the rows of the suite `primitives` share (rows_sym.h). */
#include "rows_sym.h"

#include <stdio.h>
#include <string.h>

const size_t sym_sizes[SYM_SIZES] = {16, 64, 256, 1024, 16384, SYM_MOST};

_Alignas(64) uint8_t sym_in[SYM_ROOM];
_Alignas(64) uint8_t sym_ours[SYM_ROOM];
_Alignas(64) uint8_t sym_ref[SYM_ROOM];

void sym_fill(uint8_t *p, size_t n, unsigned seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1103515245u + 12345u;
        p[i] = (uint8_t)(seed >> 16);
    }
}

struct bench_goal sym_goal(size_t n)
{
    return n >= 16384 ? GOAL_BULK : GOAL_SMALL;
}

struct sym_name sym_name(const char *what, size_t n)
{
    struct sym_name name;
    if (n % 1024 != 0 || n == 0)
        snprintf(name.text, sizeof name.text, "%s, %zu bytes", what, n);
    else if (n < SYM_MOST)
        snprintf(name.text, sizeof name.text, "%s, %zu KiB", what, n / 1024);
    else
        snprintf(name.text, sizeof name.text, "%s, %zu MiB", what, n / SYM_MOST);
    return name;
}

static bool runs(const struct bench_op *op)
{
    return op->run == NULL || op->run(op->arg);
}

/* Once each, before anything is measured. */
static bool sides_agree(const struct sym_row *row)
{
    return runs(&row->naive) && runs(&row->reference) && runs(&row->ours) &&
           (row->out_n == 0 || memcmp(row->ours_out, row->ref_out, row->out_n) == 0);
}

void sym_row(struct bench *b, const char *name, struct bench_goal goal, const struct sym_row *row)
{
    if (!bench_wants(b, name))
        return;
    if (!sides_agree(row)) {
        fprintf(stderr, "bench: %s: failed, or the results differ\n", name);
        bench_lost(b, name);
        return;
    }
    bench_goal(b, goal);
    if (row->naive.run != NULL)
        bench_naive_row(b, name, row->ours, row->reference, row->naive);
    else
        bench_row(b, name, row->ours, row->reference);
}
