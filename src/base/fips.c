/*
 * The machine's FIPS mode is the kernel's: distributions that support one set it at boot, and their
 * own libcrypto follows it too.
 */
#include "fips.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

bool fips_flag(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false; /* a kernel without FIPS support has no such file */
    char flag = 0;
    ssize_t n = read(fd, &flag, 1);
    close(fd);
    return n == 1 && flag == '1';
}

bool fips_enabled(void)
{
    enum { UNKNOWN, OFF, ON };
    static _Atomic int known;
    int mode = atomic_load_explicit(&known, memory_order_relaxed);
    if (mode == UNKNOWN) {
        mode = fips_flag("/proc/sys/crypto/fips_enabled") ? ON : OFF;
        atomic_store_explicit(&known, mode, memory_order_relaxed);
    }
    return mode == ON;
}
