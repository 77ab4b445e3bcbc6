// Runs the unit tests that are linked with it, one TAP line each. libtorrent's own test/main.cpp wants the whole library, its servers and
// its network; the tests that are about hashes want none of that. An argument picks the tests whose names it is part of.
#include "test.hpp"

#include <cstdio>
#include <cstring>
#include <exception>

int main(int argc, char **argv)
{
    int ran = 0;
    for (int i = 0; i < unit_test::g_num_unit_tests; i++) {
        unit_test::unit_test_t const &test = unit_test::g_unit_tests[i];
        char const *name = std::strrchr(test.name, '/');
        if (argc > 1 && !std::strstr(test.name, argv[1]))
            continue;
        unit_test::g_test_failures = 0;
        try {
            test.fun();
        } catch (std::exception const &e) {
            unit_test::report_failure(e.what(), test.name, 0);
        }
        std::printf("%sok %d - %s\n", unit_test::g_test_failures == 0 ? "" : "not ", ++ran, name ? name + 1 : test.name);
        std::fflush(stdout);
    }
    std::printf("1..%d\n", ran);
    return ran == 0;
}
