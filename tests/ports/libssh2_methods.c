// Connects with each method that libssh2's back end offers, one after another: key exchange, host key, cipher and MAC in both
// directions. Each connection authenticates with a key and sends data through the server's `cat` and back, so that every
// method works on more than its first block. What the library offers is asked of the library itself.
//
//   libssh2_methods PORT PUBLIC-KEY PRIVATE-KEY
//
// prints a line for each method: "pass NAME", "fail NAME: why" or "skip NAME: why".
#include <arpa/inet.h>
#include <libssh2.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAYLOAD = 150001, CHUNK = 9973 };

struct login {
    int port;
    const char *user, *public_key, *private_key;
};

// Methods come in kinds; those that have a direction are tried in both at once.
static const struct kind {
    const char *name;
    int methods[2];
} kinds[] = {
    {"kex", {LIBSSH2_METHOD_KEX, -1}},
    {"hostkey", {LIBSSH2_METHOD_HOSTKEY, -1}},
    {"cipher", {LIBSSH2_METHOD_CRYPT_CS, LIBSSH2_METHOD_CRYPT_SC}},
    {"mac", {LIBSSH2_METHOD_MAC_CS, LIBSSH2_METHOD_MAC_SC}},
};

static int dial(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((unsigned short)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    perror("connect");
    exit(2);
}

static unsigned char expected_byte(size_t at)
{
    return (unsigned char)(at * 31 + (at >> 8));
}

// Sends the payload and reads it back as it comes; true when all of it returned unchanged.
static bool echo_works(LIBSSH2_SESSION *session)
{
    LIBSSH2_CHANNEL *channel = libssh2_channel_open_session(session);
    if (!channel || libssh2_channel_exec(channel, "cat") != 0)
        return false;
    size_t sent = 0, got = 0;
    bool good = true;
    while (good && got < PAYLOAD) {
        char out[CHUNK], in[CHUNK];
        size_t length = PAYLOAD - sent < CHUNK ? PAYLOAD - sent : CHUNK;
        for (size_t i = 0; i < length; i++)
            out[i] = (char)expected_byte(sent + i);
        for (size_t done = 0; good && done < length;) {
            ssize_t n = libssh2_channel_write(channel, out + done, length - done);
            good = n > 0;
            done += good ? (size_t)n : 0;
        }
        sent += length;
        while (good && got < sent) {
            ssize_t n = libssh2_channel_read(channel, in, sizeof in);
            good = n > 0;
            for (ssize_t i = 0; good && i < n; i++)
                good = (unsigned char)in[i] == expected_byte(got++);
        }
    }
    libssh2_channel_send_eof(channel);
    libssh2_channel_free(channel);
    return good && sent == PAYLOAD;
}

static bool negotiated(LIBSSH2_SESSION *session, const struct kind *kind, const char *method)
{
    for (size_t i = 0; i < 2 && kind->methods[i] >= 0; i++) {
        const char *used = libssh2_session_methods(session, kind->methods[i]);
        if (!used || strcmp(used, method) != 0)
            return false;
    }
    return true;
}

static bool prefer(LIBSSH2_SESSION *session, const struct kind *kind, const char *method)
{
    for (size_t i = 0; i < 2 && kind->methods[i] >= 0; i++)
        if (libssh2_session_method_pref(session, kind->methods[i], method) != 0)
            return false;
    return true;
}

// One connection: NULL, or the stage at which it failed.
static const char *stage_of(LIBSSH2_SESSION *session, const struct kind *kind, const char *method,
                            const struct login *login, int fd)
{
    if (!prefer(session, kind, method))
        return "cannot be preferred";
    if (libssh2_session_handshake(session, fd) != 0)
        return "handshake";
    if (!negotiated(session, kind, method))
        return "another method was negotiated";
    if (libssh2_userauth_publickey_fromfile(session, login->user, login->public_key,
                                            login->private_key, NULL) != 0)
        return "authentication";
    return echo_works(session) ? NULL : "data";
}

// One attempt; an error of libssh2's, or 0. Prints the result when it is good or the last one.
static int attempt(const struct kind *kind, const char *method, const struct login *login,
                   bool last)
{
    int fd = dial(login->port);
    LIBSSH2_SESSION *session = libssh2_session_init();
    const char *stage = stage_of(session, kind, method, login, fd);
    char *why = NULL;
    int error = libssh2_session_last_error(session, &why, NULL, 0);
    if (!stage)
        printf("pass %s %s\n", kind->name, method);
    else if (last || error != LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE)
        printf("fail %s %s: %s (%d, %s)\n", kind->name, method, stage, error, why);
    fflush(stdout);
    libssh2_session_disconnect(session, "done");
    libssh2_session_free(session);
    close(fd);
    return stage ? error : 0;
}

// A secret that begins with a zero byte fails in libssh2's WinCNG (its issue 804), which is every second one with P-521.
// Upstream's tests try three times.
static bool try_method(const struct kind *kind, const char *method, const struct login *login)
{
    int error = LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE;
    for (int left = 15; left >= 0 && error == LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE; left--)
        error = attempt(kind, method, login, left == 0);
    return error == 0;
}

int main(int argc, char **argv)
{
    if (argc != 4 || libssh2_init(0) != 0)
        return 2;
    struct login login = {atoi(argv[1]), getenv("USER"), argv[2], argv[3]};
    LIBSSH2_SESSION *asked = libssh2_session_init();
    bool good = true;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const char **names = NULL;
        int count = libssh2_session_supported_algs(asked, kinds[k].methods[0], &names);
        for (int i = 0; i < count; i++)
            good = try_method(&kinds[k], names[i], &login) && good;
        libssh2_free(asked, names);
    }
    libssh2_session_free(asked);
    libssh2_exit();
    return good ? 0 : 1;
}
