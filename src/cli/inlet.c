#include "inlet.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complain.h"

void inlet_done(struct inlet *in)
{
    if (in->fd > STDERR_FILENO)
        close(in->fd);
    in->fd = -1;
}

enum outcome inlet_open(const char *path, const char *step, struct inlet *out)
{
    struct stat st;
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return complain_errno(BAD_INPUT, path, step, errno);
    *out = (struct inlet){.fd = fd, .path = path, .step = step};
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        out->size = (uint64_t)st.st_size;
    return DONE;
}

enum outcome inlet_read(struct inlet *in, uint8_t *p, size_t room, size_t *got)
{
    *got = 0;
    while (*got < room) {
        ssize_t n = read(in->fd, p + *got, room - *got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return complain_errno(BAD_INPUT, in->path, in->step, errno);
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return DONE;
}
