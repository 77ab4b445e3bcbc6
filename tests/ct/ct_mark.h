/* Marks for valgrind's memcheck: a secret is memory that it takes for uninitialised, so it reports
 * every branch and every address that depends on one. */
#ifndef TESTS_CT_MARK_H
#define TESTS_CT_MARK_H

#include <stddef.h>

void ct_secret(void *p, size_t n);

#endif
