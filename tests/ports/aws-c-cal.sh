# shellcheck shell=bash
# aws-c-cal, the cryptography of Amazon's SDKs, as the Python bindings carry it along with aws-c-common: source/windows/bcrypt_*.c for hashes, HMAC and
# ECC in the place of source/unix. _WIN32 is not defined; aws-c-common is built for Linux. Debian's patches are not applied. Of Debian 13's version the
# mirrors have lost the files, so it is Debian 12's.
# shellcheck disable=SC2034
source_package=aws-crt-python source_version=0.16.8+ source_suites=own
port_packages="cmake"

aws_flags() {
    echo "-DAWS_OS_LINUX -DAWS_HAVE_GCC_OVERFLOW_MATH_EXTENSIONS -DAWS_HAVE_GCC_INLINE_ASM -DAWS_HAVE_EXECINFO -DAWS_AFFINITY_METHOD=AWS_AFFINITY_METHOD_PTHREAD_ATTR -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64" \
        "-include stdbool.h -I$PORT_WORK/config -Icrt/aws-c-common/include -Icrt/aws-c-common/source/external -Icrt/aws-c-cal/include $(cng_cflags)"
}

# The list of the tests that upstream runs, as the functions that its harness registers.
cal_tests() { sed -n 's/^add_test_case(\(.*\))/\1/p' crt/aws-c-cal/tests/CMakeLists.txt; }

port_build() {
    local flags objects=$PORT_WORK/objects test
    flags=$(aws_flags)
    mkdir -p "$PORT_WORK/config/aws/common"
    # What CMake would find out is on the command line; the file that it writes has nothing to add.
    : >"$PORT_WORK/config/aws/common/config.h"
    compile "$objects/common" "$flags" crt/aws-c-common/source/*.c crt/aws-c-common/source/external/*.c
    compile "$objects/posix" "$flags" crt/aws-c-common/source/posix/*.c crt/aws-c-common/source/arch/generic/*.c
    compile "$objects/cal" "$flags" crt/aws-c-cal/source/*.c
    compile "$objects/cng" "$flags" crt/aws-c-cal/source/windows/*.c
    {
        for test in $(cal_tests); do echo "extern int $test(int argc, char *argv[]);"; done
        echo '#include <stdio.h>'
        echo '#include <string.h>'
        echo 'int main(int argc, char *argv[]) {'
        for test in $(cal_tests); do echo "    if (argc > 1 && strcmp(argv[1], \"$test\") == 0) return $test(argc - 1, argv + 1);"; done
        echo '    return 2;'
        echo '}'
    } >"$PORT_WORK/config/main.c"
    compile "$objects/tests" "$flags -DAWS_UNSTABLE_TESTING_API=1 -Icrt/aws-c-cal/tests" crt/aws-c-cal/tests/*.c "$PORT_WORK/config/main.c"
    # shellcheck disable=SC2046
    ${CC:-cc} $(find "$objects" -name '*.o') $(cng_libs) -lpthread -ldl -lm -o "$PORT_WORK/cal_tests"
}

port_check() {
    local test call
    for test in $(cal_tests); do check "$test" "$PORT_WORK/cal_tests" "$test"; done
    for call in ecdsa_p256_test_key_gen:BCryptSignHash sha256_test_oneshot:BCryptFinishHash sha256_hmac_test_oneshot:BCryptCreateHash; do
        OPENCNG_TRACE=$PORT_WORK/calls.$call "$PORT_WORK/cal_tests" "${call%:*}" >/dev/null
        check "${call%:*} goes through ${call#*:}" grep -q "${call#*:}(.*STATUS_SUCCESS" "$PORT_WORK/calls.$call"
    done
}
