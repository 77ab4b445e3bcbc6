/*
 * ncrypt_race [SECONDS]: sixteen processes create, open, sign with, enumerate and delete keys of the same names through
 * ncrypt.h, for SECONDS (default 3). Of the creators of one name one wins; each key is whole; each signature is good.
 */
#include "conform_ncrypt.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#define PROCESSES 16
#define NAMES 6
#define CONTESTS_MAX 10000
#define PUBLIC_BYTES (sizeof(BCRYPT_ECCKEY_BLOB) + 64)

/* What the processes share. */
static struct board {
    _Atomic unsigned winners[CONTESTS_MAX], losers[CONTESTS_MAX];
    _Atomic uint32_t
        prints[CONTESTS_MAX]; /* of the key that came of it, as whoever opened it first saw it */
    _Atomic unsigned arrived[CONTESTS_MAX];
    _Atomic unsigned contests, made, refused, signed_, deleted, listed;
    _Atomic int wrong_line; /* of the first wrong answer; 0: none */
    _Atomic int wrong_status;
} * board;

static NCRYPT_PROV_HANDLE provider;
static time_t half, end; /* until then the contests; until then everything */

static void wrong(int line, SECURITY_STATUS status)
{
    int none = 0;
    if (atomic_compare_exchange_strong(&board->wrong_line, &none, line))
        atomic_store(&board->wrong_status, status);
}

#define MUST(condition, status)                                                                    \
    do {                                                                                           \
        if (!(condition))                                                                          \
            wrong(__LINE__, status);                                                               \
    } while (0)

static void number_name(WCHAR name[16], WCHAR prefix, unsigned n)
{
    char digits[12];
    size_t i = 0;
    snprintf(digits, sizeof digits, "%u", n);
    name[0] = prefix;
    for (; digits[i] != '\0'; i++)
        name[i + 1] = (WCHAR)digits[i];
    name[i + 1] = 0;
}

/* Signs, and verifies by a key that was made of the exported public part. Returns a fingerprint of that part. */
static uint32_t sign_with(NCRYPT_KEY_HANDLE key)
{
    BYTE hash[32] = {1, 2, 3};
    BYTE signature[64];
    BYTE public[PUBLIC_BYTES];
    DWORD n = 0;
    NCRYPT_KEY_HANDLE peer = 0;
    uint32_t print = 0;
    SECURITY_STATUS s =
        NCryptExportKey(key, 0, BCRYPT_ECCPUBLIC_BLOB, NULL, public, sizeof public, &n, 0);
    MUST(s == ERROR_SUCCESS && n == sizeof public, s);
    s = NCryptSignHash(key, NULL, hash, sizeof hash, signature, sizeof signature, &n, 0);
    MUST(s == ERROR_SUCCESS && n == sizeof signature, s);
    s = NCryptImportKey(provider, 0, BCRYPT_ECCPUBLIC_BLOB, NULL, &peer, public, sizeof public, 0);
    MUST(s == ERROR_SUCCESS, s);
    s = NCryptVerifySignature(peer, NULL, hash, sizeof hash, signature, sizeof signature, 0);
    MUST(s == ERROR_SUCCESS, s);
    NCryptFreeObject(peer);
    board->signed_++;
    memcpy(&print, public + sizeof(BCRYPT_ECCKEY_BLOB), sizeof print);
    return print | 1; /* never 0 */
}

/* ERROR_SUCCESS with the finished key, or the status of whatever refused it. */
static SECURITY_STATUS make(LPCWSTR name, DWORD flags, NCRYPT_KEY_HANDLE *key)
{
    SECURITY_STATUS s = NCryptCreatePersistedKey(provider, key, L"ECDSA_P256", name, 0, flags);
    if (s != ERROR_SUCCESS)
        return s;
    s = NCryptFinalizeKey(*key, 0);
    if (s != ERROR_SUCCESS)
        NCryptFreeObject(*key);
    return s;
}

/* All of them want the same new name at the same moment; afterwards all of them use the one key. */
static bool contest(unsigned round)
{
    WCHAR name[16];
    NCRYPT_KEY_HANDLE key = 0;
    number_name(name, L'c', round);
    board->arrived[round]++;
    while (board->arrived[round] < PROCESSES) {
        if (time(NULL) > half)
            return false;
        sched_yield();
    }
    SECURITY_STATUS s = make(name, 0, &key);
    MUST(s == ERROR_SUCCESS || s == NTE_EXISTS, s);
    if (s == ERROR_SUCCESS) {
        board->winners[round]++;
        NCryptFreeObject(key);
    } else {
        board->losers[round]++;
    }
    s = NCryptOpenKey(provider, &key, name, 0, 0);
    MUST(s == ERROR_SUCCESS, s);
    if (s != ERROR_SUCCESS)
        return true;
    uint32_t print = sign_with(key);
    uint32_t none = 0;
    if (!atomic_compare_exchange_strong(&board->prints[round], &none, print))
        MUST(none == print, 0);
    NCryptFreeObject(key);
    return true;
}

static void use_one(LPCWSTR name, bool delete)
{
    NCRYPT_KEY_HANDLE key = 0;
    SECURITY_STATUS s = NCryptOpenKey(provider, &key, name, 0, 0);
    MUST(s == ERROR_SUCCESS || s == NTE_BAD_KEYSET, s);
    if (s != ERROR_SUCCESS)
        return;
    sign_with(key);
    s = delete ? NCryptDeleteKey(key, 0) : NCryptFreeObject(key);
    MUST(s == ERROR_SUCCESS || (delete &&s == NTE_BAD_KEYSET), s);
    if (delete)
        board->deleted++;
    if (s != ERROR_SUCCESS)
        NCryptFreeObject(key);
}

static void list_all(void)
{
    PVOID state = NULL;
    NCryptKeyName *entry = NULL;
    SECURITY_STATUS s;
    while ((s = NCryptEnumKeys(provider, NULL, &entry, &state, 0)) == ERROR_SUCCESS) {
        MUST((entry->pszName[0] == L'c' || entry->pszName[0] == L'n') &&
                 text_equal(entry->pszAlgid, L"ECDSA_P256"),
             0);
        NCryptFreeBuffer(entry);
        board->listed++;
    }
    MUST(s == NTE_NO_MORE_ITEMS, s);
    if (state != NULL)
        NCryptFreeBuffer(state);
}

static void do_anything(unsigned choice, LPCWSTR name)
{
    NCRYPT_KEY_HANDLE key = 0;
    SECURITY_STATUS s;
    switch (choice % 8) {
    case 0:
        list_all();
        break;
    case 1:
        use_one(name, true);
        break;
    case 2:
    case 3:
        s = make(name, choice % 8 == 2 ? NCRYPT_OVERWRITE_KEY_FLAG : 0, &key);
        MUST(s == ERROR_SUCCESS || (s == NTE_EXISTS && choice % 8 == 3), s);
        if (s == ERROR_SUCCESS) {
            board->made++;
            sign_with(key);
            NCryptFreeObject(key);
        } else {
            board->refused++;
        }
        break;
    default:
        use_one(name, false);
    }
}

static int process(unsigned id)
{
    unsigned dice = id;
    WCHAR name[16];
    provider = provider_open();
    for (unsigned round = 0; round < CONTESTS_MAX && time(NULL) < half && contest(round); round++) {
        if (id == 0)
            board->contests = round + 1;
    }
    while (time(NULL) < end) {
        dice = dice * 1103515245u + 12345u;
        number_name(name, L'n', (dice >> 8) % NAMES);
        do_anything(dice >> 16, name);
    }
    MUST(NCryptFreeObject(provider) == ERROR_SUCCESS, 0);
    return 0;
}

/* Contests that all processes took part in, and that did not end with one winner. */
static unsigned undecided(void)
{
    unsigned bad = 0;
    for (unsigned i = 0; i + 1 < board->contests; i++)
        bad += board->winners[i] != 1 || board->losers[i] != PROCESSES - 1;
    return bad;
}

int main(int argc, char **argv)
{
    int seconds = argc > 1 ? atoi(argv[1]) : 3;
    store_begin();
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED)
        abort();
    half = time(NULL) + (seconds + 1) / 2;
    end = half + seconds / 2 + 1;
    fflush(stdout);
    for (unsigned id = 0; id < PROCESSES; id++) {
        pid_t child = fork();
        if (child < 0)
            abort();
        if (child == 0)
            _exit(process(id));
    }
    int ended_well = 0;
    int status = 0;
    while (wait(&status) > 0)
        ended_well += WIFEXITED(status) && WEXITSTATUS(status) == 0;

    row_begin("%d processes", PROCESSES);
    tap(ended_well == PROCESSES, "all end by themselves");
    printf("# %u names fought over, %u keys made and %u refused, %u signatures, %u deletions, %u "
           "names listed\n",
           board->contests, board->made, board->refused, board->signed_, board->deleted,
           board->listed);
    if (board->wrong_line != 0)
        printf("# line %d, status %08x\n", board->wrong_line, (unsigned)board->wrong_status);
    tap(board->wrong_line == 0, "every answer is a right one");
    tap(board->contests > 0 && undecided() == 0, "of the creators of each name one wins");
    tap(board->signed_ > PROCESSES && board->made > 0 && board->deleted > 0,
        "keys were made, used and deleted");
    return tap_done();
}
