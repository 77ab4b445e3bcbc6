/* GHASH in both ways (cipher/ghash.h): an answer of its authors, and each way against the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ghash.h"
#include "lanes_cpu.h"

#define BLOCKS 40

static void start(struct ghash *g, const uint8_t h[GHASH_BLOCK], bool quick)
{
    lanes_restrict(quick ? ~0u : ~(unsigned)LANES_CLMUL);
    memset(g, 0xA5, sizeof *g);
    memcpy(g->h.p, h, GHASH_BLOCK);
    ghash_init(g);
    lanes_restrict(~0u);
}

/* McGrew and Viega, "The Galois/Counter Mode of Operation", test case 2. */
static void known_answer(void **state)
{
    (void)state;
    static const uint8_t h[] = {0x66, 0xE9, 0x4B, 0xD4, 0xEF, 0x8A, 0x2C, 0x3B,
                                0x88, 0x4C, 0xFA, 0x59, 0xCA, 0x34, 0x2B, 0x2E};
    static const uint8_t blocks[] = {0x03, 0x88, 0xDA, 0xCE, 0x60, 0xB6, 0xA3, 0x92,
                                     0xF3, 0x28, 0xC2, 0xB9, 0x71, 0xB2, 0xFE, 0x78,
                                     0,    0,    0,    0,    0,    0,    0,    0,
                                     0,    0,    0,    0,    0,    0,    0,    0x80};
    static const uint8_t value[] = {0xF3, 0x8C, 0xBB, 0x1A, 0xD6, 0x92, 0x23, 0xDC,
                                    0xC3, 0x45, 0x7A, 0xE5, 0xB6, 0xB0, 0xF8, 0x85};
    for (int quick = 0; quick < 2; quick++) {
        struct ghash g;
        struct ghash_value y = {{0}};
        start(&g, h, quick != 0);
        ghash_update(&g, &y, blocks, 2);
        assert_memory_equal(y.p, value, GHASH_BLOCK);
    }
}

static void fill(uint8_t *p, size_t n, uint32_t seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525 + 1013904223;
        p[i] = (uint8_t)(seed >> 24);
    }
}

/* Subkeys of every bit alone, of all, of none, and others; from any value, over any number of blocks, in two parts. */
static void both_ways(void **state)
{
    (void)state;
    static uint8_t blocks[BLOCKS * GHASH_BLOCK + 1];
    for (uint32_t which = 0; which < 300; which++) {
        uint8_t h[GHASH_BLOCK] = {0};
        if (which < 128)
            h[which / 8] = (uint8_t)(1u << which % 8);
        else if (which == 128)
            memset(h, 0xFF, sizeof h);
        else if (which > 129)
            fill(h, sizeof h, which);
        fill(blocks, sizeof blocks, which + 5000);
        size_t n = which % (BLOCKS + 1), first = n == 0 ? 0 : which % n;
        const uint8_t *p = blocks + which % 2;
        struct ghash_value from, slow, quick;
        struct ghash g;
        fill(from.p, sizeof from.p, which + 9000);
        slow = quick = from;
        start(&g, h, false);
        ghash_update(&g, &slow, p, n);
        start(&g, h, true);
        ghash_update(&g, &quick, p, first);
        ghash_update(&g, &quick, p + first * GHASH_BLOCK, n - first);
        assert_memory_equal(slow.p, quick.p, GHASH_BLOCK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answer),
        cmocka_unit_test(both_ways),
    };
    return cmocka_run_group_tests_name("ghash", tests, NULL, NULL);
}
