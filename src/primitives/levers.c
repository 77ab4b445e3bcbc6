/* The list of levers (levers.h): who has one answers for it. */
#include "levers.h"

#include <stdio.h>

#include "alone.h"
#include "cipher_evp.h"
#include "hazard.h"
#include "lanes_cpu.h"
#include "spare.h"

static bool sees(unsigned instructions)
{
    return (lanes_cpu() & instructions) == instructions;
}

static void show(unsigned instructions, bool on)
{
    static unsigned hidden;
    hidden = on ? hidden & ~instructions : hidden | instructions;
    lanes_restrict(~hidden);
}

static bool sha_active(void)
{
    return sees(LANES_SHA);
}

static void sha_allow(bool on)
{
    show(LANES_SHA, on);
}

static bool avx2_active(void)
{
    return sees(LANES_AVX2);
}

static void avx2_allow(bool on)
{
    show(LANES_AVX2, on);
}

static bool avx512_active(void)
{
    return sees(LANES_AVX512);
}

static void avx512_allow(bool on)
{
    show(LANES_AVX512, on);
}

static bool ifma_active(void)
{
    return sees(LANES_IFMA);
}

static void ifma_allow(bool on)
{
    show(LANES_IFMA, on);
}

static bool clmul_active(void)
{
    return sees(LANES_CLMUL);
}

static void clmul_allow(bool on)
{
    show(LANES_CLMUL, on);
}

const struct lever levers[] = {
    {"hash-lanes-sha", sha_active, sha_allow},    /* lanes/: streams interleaved in one unit */
    {"hash-lanes-avx2", avx2_active, avx2_allow}, /* and side by side in vectors */
    {"hash-lanes-avx512", avx512_active, avx512_allow}, /* of twice the width */
    {"prime-search-ifma", ifma_active, ifma_allow},     /* prime_trial.c */
    {"gcm-clmul", clmul_active, clmul_allow},           /* cipher/ghash.h: short GCM messages */
    {"cipher-direct", evp_is_direct,
     evp_allow_direct}, /* cipher/cipher_evp.h: the provider's functions */
    {"random-buffer", rng_is_buffered, rng_allow_buffer},
    {"spare-blocks", spare_is_kept, spare_allow},                    /* base/spare.h */
    {"barrier-at-close", hazards_leave_free, hazards_allow_barrier}, /* base/hazard.h */
    {"single-thread", process_is_alone, NULL},                       /* base/alone.h */
    {NULL, NULL, NULL},
};

void levers_text(char text[PROVIDER_LEVERS_MAX])
{
    size_t n = 0;
    text[0] = '\0';
    for (const struct lever *l = levers; l->name != NULL && n < PROVIDER_LEVERS_MAX; l++) {
        int more = snprintf(text + n, PROVIDER_LEVERS_MAX - n, "%s%s=%s", n > 0 ? " " : "", l->name,
                            l->active() ? "on" : "off");
        n += more > 0 ? (size_t)more : 0;
    }
}
