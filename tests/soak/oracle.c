/*
 * oracle [COUNT [BITS]]: may somebody who sends malformed RSA ciphertexts tell them apart? Eight classes of wrong PKCS #1 v1.5
 * encodings (those of Marvin's paper, Kario 2023, that a key of this kind can have), and one of them once more, as a measure of the
 * machine. COUNT rounds decrypt one of each in random order. Every answer must be the same status, and leave the same bytes
 * where the message would be. Times are compared in pairs, round by round, by a sign test, which no long tail disturbs.
 */
#include "../conform/conform_sym.h"

#include <math.h>

#include "clock.h"

#define POOL 128 /* ciphertexts of each class */
#define MOST 512

static ULONG k; /* bytes of the modulus */

static void not_zero(UCHAR *em, ULONG from)
{
    for (ULONG i = from; i < k; i++)
        em[i] = (UCHAR)(1 + clock_draw() % 255);
}

static void right(UCHAR *em)
{
    not_zero(em, 0);
    em[0] = 0;
    em[1] = 2;
    em[k - 49] = 0; /* a TLS premaster secret */
}

static void wrong_first(UCHAR *em)
{
    right(em);
    em[0] = 1;
}

static void wrong_type(UCHAR *em)
{
    right(em);
    em[1] = 1;
}

static void both_wrong(UCHAR *em)
{
    right(em);
    em[0] = 1;
    em[1] = 3;
}

static void no_separator(UCHAR *em)
{
    right(em);
    em[k - 49] = 1;
}

static void early_separator(UCHAR *em)
{
    right(em);
    em[2] = 0;
}

static void short_padding(UCHAR *em)
{
    right(em);
    em[9] = 0;
}

static void all_random(UCHAR *em)
{
    not_zero(em, 0);
    em[0] &= 0x3F; /* below the modulus */
    em[1] |= 0x80; /* and not by chance of a right type */
}

/* A number with many zero bytes in front, which code that drops them treats otherwise. */
static void tiny(UCHAR *em)
{
    memset(em, 0, k);
    not_zero(em, k - 8);
}

static const struct {
    const char *name;
    void (*make)(UCHAR *em);
} classes[] = {{"first byte", wrong_first},
               {"type", wrong_type},
               {"both", both_wrong},
               {"no separator", no_separator},
               {"early zero", early_separator},
               {"seven bytes of padding", short_padding},
               {"random", all_random},
               {"tiny", tiny},
               {"first byte again", wrong_first}};

#define CLASSES COUNT(classes)

static UCHAR pool[CLASSES][POOL][MOST];

static bool prepare(BCRYPT_KEY_HANDLE key)
{
    for (size_t c = 0; c < CLASSES; c++) {
        for (size_t i = 0; i < POOL; i++) {
            UCHAR em[MOST];
            ULONG n = 0;
            classes[c].make(em);
            if (BCryptEncrypt(key, em, k, NULL, NULL, 0, pool[c][i], k, &n, BCRYPT_PAD_NONE) < 0)
                return false;
        }
    }
    return true;
}

/* What a caller sees of one decryption. */
struct seen {
    NTSTATUS status;
    ULONG n;
    UCHAR output[MOST];
};

static uint64_t look(BCRYPT_KEY_HANDLE key, size_t class, struct seen *seen)
{
    static UCHAR input[MOST];
    memcpy(input, pool[class][clock_draw() % POOL], k);
    memset(seen, GUARD_BYTE, sizeof *seen);
    uint64_t start = clock_ticks();
    seen->status =
        BCryptDecrypt(key, input, k, NULL, NULL, 0, seen->output, k, &seen->n, BCRYPT_PAD_PKCS1);
    return clock_ticks() - start;
}

static void shuffle(size_t order[CLASSES])
{
    for (size_t i = 0; i < CLASSES; i++) {
        size_t j = clock_draw() % (i + 1);
        order[i] = order[j];
        order[j] = i;
    }
}

/* How far the sign of the differences is from a fair coin, in standard deviations; 4.42 has odds of 10^-5. */
static double sign_test(const uint64_t *a, const uint64_t *b, size_t n)
{
    double less = 0, unequal = 0;
    for (size_t i = 0; i < n; i++) {
        less += a[i] < b[i];
        unequal += a[i] != b[i];
    }
    return unequal > 0 ? fabs(2 * less - unequal) / sqrt(unequal) : 0;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_difference(const uint64_t *a, const uint64_t *b, size_t n)
{
    double *d = calloc(n, sizeof *d);
    if (d == NULL)
        abort();
    for (size_t i = 0; i < n; i++)
        d[i] = (double)a[i] - (double)b[i];
    qsort(d, n, sizeof *d, by_size);
    double median = d[n / 2];
    free(d);
    return median;
}

static void compare(uint64_t *const took[CLASSES], size_t n)
{
    double worst = 0, same = fabs(median_difference(took[0], took[CLASSES - 1], n)), median = 0;
    size_t worst_a = 0, worst_b = 0;
    for (size_t a = 0; a < CLASSES; a++) {
        for (size_t b = 0; b < a; b++) {
            double z = sign_test(took[a], took[b], n);
            double d = fabs(median_difference(took[a], took[b], n));
            median = d > median ? d : median;
            if (z > worst)
                worst = z, worst_a = a, worst_b = b;
        }
    }
    printf("# %zu rounds, %zu pairs of classes, the furthest apart are '%s' and '%s': %.2f "
           "standard deviations; medians differ by %.0f "
           "ticks at most, two of the same class by %.0f\n",
           n, CLASSES * (CLASSES - 1) / 2, classes[worst_a].name, classes[worst_b].name, worst,
           median, same);
    tap(worst < 4.42, "no pair of classes is told apart by time: p > 1e-5");
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 500;
    k = (argc > 2 ? (ULONG)strtoul(argv[2], NULL, 10) : 2048) / 8;
    uint64_t *took[CLASSES];
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_RSA_ALG_HANDLE, k * 8);
    ROW("RSA PKCS #1");
    if (k > MOST || !prepare(key))
        abort();
    for (size_t c = 0; c < CLASSES; c++)
        took[c] = calloc(n, sizeof **took);
    static struct seen first, seen;
    look(key, 0, &first);
    size_t different = 0;
    for (size_t i = 0; i < n; i++) {
        size_t order[CLASSES];
        shuffle(order);
        for (size_t j = 0; j < CLASSES; j++) {
            took[order[j]][i] = look(key, order[j], &seen);
            different += memcmp(&seen, &first, sizeof seen) != 0;
        }
    }
    printf("# every answer is 0x%08x\n", (unsigned)first.status);
    tap(different == 0 && first.status < 0, "the same status, size and output for all");
    compare(took, n);
    for (size_t c = 0; c < CLASSES; c++)
        free(took[c]);
    BCryptDestroyKey(key);
    return tap_done();
}
