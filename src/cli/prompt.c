#include "prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "complain.h"

/* Canonical mode has no longer lines. */
#define LINE_MOST 4096

static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    caught = number;
}

/* The terminal while it is silent, and what was before. */
struct silence {
    int fd;
    struct termios terminal;
    struct sigaction actions[ARRAY_COUNT(signals)];
    sigset_t mask;
};

/* A signal is only let in while we wait for the answer, so that none comes between looking and waiting. */
static bool silence_begin(struct silence *s)
{
    sigset_t held;
    s->fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (s->fd < 0)
        return false;
    caught = 0;
    sigemptyset(&held);
    for (size_t i = 0; i < ARRAY_COUNT(signals); i++)
        sigaddset(&held, signals[i]);
    pthread_sigmask(SIG_BLOCK, &held, &s->mask);
    for (size_t i = 0; i < ARRAY_COUNT(signals); i++) {
        sigaction(signals[i], NULL, &s->actions[i]);
        const struct sigaction catching = {.sa_handler = on_signal};
        if (s->actions[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &catching, NULL);
    }
    bool is_terminal = tcgetattr(s->fd, &s->terminal) == 0;
    struct termios silent = s->terminal;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    return is_terminal && tcsetattr(s->fd, TCSAFLUSH, &silent) == 0;
}

static void silence_end(struct silence *s)
{
    if (s->fd < 0)
        return;
    (void)tcsetattr(s->fd, TCSAFLUSH, &s->terminal);
    for (size_t i = 0; i < ARRAY_COUNT(signals); i++)
        sigaction(signals[i], &s->actions[i], NULL);
    pthread_sigmask(SIG_SETMASK, &s->mask, NULL);
    close(s->fd);
    s->fd = -1;
}

static void say(const struct silence *s, const char *text)
{
    /* Whoever does not see the question can answer it all the same. */
    if (write(s->fd, text, strlen(text)) < 0)
        return;
}

/* false: a signal came, or the terminal went away. */
static bool read_line(const struct silence *s, struct octets *out)
{
    struct pollfd wait = {.fd = s->fd, .events = POLLIN};
    octets_resize(out, LINE_MOST);
    while (ppoll(&wait, 1, NULL, &s->mask) < 0) {
        if (errno != EINTR || caught != 0)
            return false;
    }
    ssize_t n = read(s->fd, out->p, out->n);
    if (n <= 0)
        return false;
    octets_resize(out, (size_t)n);
    if (out->p[out->n - 1] == '\n')
        octets_resize(out, out->n - 1);
    return true;
}

bool prompt_is_possible(void)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

enum outcome prompt_hidden(const char *question, struct octets *out)
{
    for (;;) {
        CLEANUP(silence_end) struct silence s = {.fd = -1};
        if (!silence_begin(&s))
            return complain(BAD_SYSTEM, NULL, NULL, "the terminal cannot be asked");
        say(&s, question);
        bool answered = read_line(&s, out);
        say(&s, "\n");
        silence_end(&s);
        if (answered)
            return DONE;
        if (caught == 0)
            return complain(BAD_USAGE, NULL, NULL, "there was no answer on the terminal");
        /* Ends the program, or stops it: then the question is asked again when it goes on. */
        (void)raise(caught);
    }
}
