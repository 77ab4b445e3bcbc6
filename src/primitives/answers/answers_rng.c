/* What is known of random numbers: that they do not repeat. */
#include "answers.h"

static const struct known_answer rng[] = {
    {.kind = ANSWER_RANDOM},
};
SELFTEST(selftest_rng, rng);
