/* Which of the kernels' instructions the processor has. */
#ifndef PRIMITIVES_LANES_CPU_H
#define PRIMITIVES_LANES_CPU_H

enum {
    LANES_SHA = 1,    /* the SHA instructions */
    LANES_AVX2 = 2,   /* vectors of 256 bits */
    LANES_AVX512 = 4, /* of 512 bits; foundation, byte and word, and the shorter vectors */
    LANES_WIDE = 8,   /* and 512 bits go through in one piece */
    LANES_IFMA = 16,  /* of 512 bits: products of 52-bit numbers (for prime_trial.c) */
    LANES_CLMUL = 32  /* products of polynomials, of 128 bits (for cipher/ghash.c) */
};

/* A set of the above; asked of the processor once in a process. */
unsigned lanes_cpu(void);

/* The instructions among them, for people. */
const char *lanes_cpu_names(void);

/* Hides all but the given ones; for tests, which want to see every kernel on one machine. */
void lanes_restrict(unsigned visible);

#endif
