/*
 * The key store: one file for each key, sealed under a key-encryption key (KEK) that protector slots
 * hold. What the software key storage provider persists goes through here and nothing else does.
 *
 * The store knows names, files and slots; it knows no NCrypt handle and no algorithm of the keys that it
 * keeps. A key is a `store_record` (public: readable without the KEK, authenticated by it) and a
 * payload (private: a blob type and its bytes).
 *
 * Every function writes its outputs last and only on success. On a refusal `store_explain` tells which
 * path it was about and how to mend it. What the statuses mean here:
 *
 *   NTE_BAD_KEYSET           no such key (any more)
 *   NTE_EXISTS               a key, or slot, of that name exists
 *   NTE_INVALID_PARAMETER    a name, record or slot that cannot be
 *   NTE_PERM                 the system refuses, or an owner or mode is not safe: see store_explain
 *   NTE_BAD_DATA             a file is damaged, cut, extended, or belongs to another name
 *   NTE_BAD_VER              a file was written by a newer version
 *   NTE_UI_REQUIRED          only a passphrase opens the store, and none was given
 *   NTE_INCORRECT_PASSWORD   the passphrase opens no slot (or the slot is damaged: it looks the same)
 *   NTE_DECRYPTION_FAILURE   no slot gives the KEK that the key is sealed under
 *   NTE_NO_MEMORY            memory is exhausted
 *   HRESULT_FROM_WIN32(…)    ERROR_DISK_FULL, ERROR_WRITE_FAULT, ERROR_READ_FAULT, …: what the system said
 *
 * Threads: a `store` may be used from any number of threads. Fork: nothing is kept open between calls,
 * except the folder inside an enumeration. Loading takes no lock and works on a read-only file system;
 * folders, KEK and first slot come into being at the first creation.
 *
 * Not covered, by nature: putting back an older version of the same file, and removing files. Whoever
 * can read a key's file and a slot has the key: policies are policies, not walls.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <sys/types.h>

#include "secret.h"

enum store_scope { STORE_USER = 1, STORE_MACHINE = 2 };

/* Key names: well-formed UTF-8 without NUL; 512 UTF-16 units take at most so many bytes. They compare
 * without regard to the case of ASCII letters. */
#define STORE_NAME_MAX 1536

/* The Unique Name, which is the file's name: 40 hexadecimal digits and ".key". */
#define STORE_UNIQUE_CHARS 44

/* No file is larger. A record that would need more is NTE_INVALID_PARAMETER. */
#define STORE_FILE_MAX ((size_t)8 * 1024 * 1024)

#define STORE_PROPERTIES_MAX 1024
#define STORE_PROPERTY_NAME_MAX 256 /* bytes of UTF-8 */

#define STORE_UUID_BYTES 16
#define STORE_KEK_ID_BYTES 16

/* --- opening ------------------------------------------------------------------------------------- */

struct store;

/* Finds out where the scope's folders are; touches no file and creates none. A folder that the
 * environment names by a relative path, or by one that is too long, is NTE_INVALID_PARAMETER. */
SECURITY_STATUS store_open(enum store_scope scope, struct store **out) MUST_CHECK;

/* Forgets the KEK and releases; accepts NULL. Keys loaded from the store stay good. */
void store_close(struct store *s);

/* The folder of the key files, whether it exists or not. Lives as long as the store. */
const char *store_keys_path(const struct store *s);
const char *store_slots_path(const struct store *s);
enum store_scope store_scope_of(const struct store *s);

/* Whether the KEK can be had: STATUS_SUCCESS, also for a store that has no KEK yet. With a passphrase
 * this always tries it against the passphrase slots, even if the KEK is known. A KEK once found is
 * kept in locked memory until the store is closed or its slots change, so later calls need no
 * passphrase. Costs up to 0.5 s and 256 MiB for each passphrase slot. */
SECURITY_STATUS store_unlock(struct store *s, struct span passphrase) MUST_CHECK;

/* Makes the KEK unknown again: the next private use needs a slot. */
void store_lock(struct store *s);

/* --- what a key is -------------------------------------------------------------------------------- */

struct store_property {
    struct span name; /* UTF-8, 1 … STORE_PROPERTY_NAME_MAX bytes; compares exactly */
    struct span value;
};

/* UI policy. Empty texts and flags 0: none was set. */
struct store_ui {
    uint32_t flags;
    struct span title, friendly_name, description; /* UTF-8 */
};

/* Everything about a key but its private part. Spans are borrowed: from the caller when the record is
 * handed in, from the store_key when it comes out. */
struct store_record {
    struct span name;      /* UTF-8, 1 … STORE_NAME_MAX bytes */
    uint32_t spec;         /* 0, AT_KEYEXCHANGE, AT_SIGNATURE: part of the key's identity */
    struct span algorithm; /* UTF-8, not empty */
    uint32_t length;       /* bits */
    struct span curve;     /* UTF-8, or empty */
    uint32_t usage;        /* NCRYPT_ALLOW_..._FLAG */
    uint32_t export_policy;
    uint32_t type_flags;     /* NCRYPT_MACHINE_KEY_FLAG and the like: "Key Type" */
    struct span public_type; /* blob type of public_blob, or empty */
    struct span public_blob;
    struct store_ui ui;
    const struct store_property *properties; /* persisted ones, any order, each name once */
    size_t property_count;

    /* Set by the store; ignored in a record that is handed to store_create. */
    enum store_scope scope;
    uint8_t uuid[STORE_UUID_BYTES]; /* drawn at creation; a new key of the same name has another */
    uint64_t created, modified;     /* FILETIME: 100 ns since 1601 */
    struct span creator;            /* name of the program that made the key */
    uint8_t kek_id[STORE_KEK_ID_BYTES];
};

/* A key as it was loaded. The record is not verified before the payload was unsealed once (a program that
 * may write the file could have changed it); names are verified always. */
struct store_key {
    struct store_record record;
    char unique[STORE_UNIQUE_CHARS + 1];
    uid_t owner; /* of the file */
    gid_t group;
    mode_t mode; /* permission bits of the file */
};

/* The private part. */
struct store_payload {
    struct span type; /* blob type, UTF-8, not empty, at most 255 bytes */
    struct span blob;
};

/* Wipes nothing (a loaded key holds no secret in the clear) and releases; accepts NULL. */
void store_key_free(struct store_key *key);

/* The Unique Name that a key of this name and spec has; does not look whether there is one.
 * NTE_INVALID_PARAMETER for a name that cannot be. */
SECURITY_STATUS store_unique_name(struct span name, uint32_t spec,
                                  char unique[STORE_UNIQUE_CHARS + 1]) MUST_CHECK;

/* --- keys ----------------------------------------------------------------------------------------- */

/*
 * Persists a key: afterwards it is on the disk (file and folder synced), or nothing has changed.
 *
 *   passphrase   needed where only passphrase slots are; else empty
 *   overwrite    false: an existing key is NTE_EXISTS, and of several creators exactly one wins;
 *                true: an existing key is replaced at once, whatever it was
 *   out          NULL, or the key as store_load would give it
 *
 * The first creation makes the folders, the KEK and a `file` slot named "default".
 */
SECURITY_STATUS store_create(struct store *s, const struct store_record *record,
                             const struct store_payload *payload, struct span passphrase,
                             bool overwrite, struct store_key **out) MUST_CHECK;

/* Whether a key of that name and spec is there: STATUS_SUCCESS or NTE_BAD_KEYSET. Reads no file. */
SECURITY_STATUS store_exists(struct store *s, struct span name, uint32_t spec) MUST_CHECK;

/* Loads by name (case of ASCII letters ignored) and spec; needs no KEK. */
SECURITY_STATUS store_load(struct store *s, struct span name, uint32_t spec,
                           struct store_key **out) MUST_CHECK;

/* Loads by Unique Name. What does not look like one is NTE_BAD_KEYSET. */
SECURITY_STATUS store_load_unique(struct store *s, const char *unique,
                                  struct store_key **out) MUST_CHECK;

/*
 * Opens the private part. On success the whole record of `key` is verified.
 *
 *   storage     owns the bytes that `payload` points into
 *
 * A key that was sealed under a KEK that a rotation has dropped since is read again from its file; if
 * that file now holds another key (or none), or the key's policies are others than those that were loaded,
 * the answer is NTE_BAD_KEYSET.
 */
SECURITY_STATUS store_unseal(struct store *s, const struct store_key *key, struct span passphrase,
                             struct secret *storage, struct store_payload *payload) MUST_CHECK;

/* What to change in a key; NULL and empty parts stay as they are. */
struct store_change {
    const uint32_t *usage;
    const uint32_t *export_policy;
    const uint32_t *type_flags;
    const struct store_ui *ui;
    const struct store_property *set; /* added or replaced; a value whose p is NULL removes */
    size_t set_count;
    const struct store_payload *payload; /* replaces the private part */
};

/*
 * Changes the key that `key` was loaded from, keeping everything else as it is *now* in the file (other
 * processes may have changed it since it was loaded): reads, unseals, changes, seals again under a
 * fresh salt and nonce and replaces, all under the store's lock. `modified` becomes now.
 *
 *   fresh       NULL, or the key as it is afterwards; `key` itself is not touched
 *
 * NTE_BAD_KEYSET when the key has been deleted, or replaced by another of the same name.
 */
SECURITY_STATUS store_update(struct store *s, const struct store_key *key, struct span passphrase,
                             const struct store_change *change,
                             struct store_key **fresh) MUST_CHECK;

/* Deletes the key that `key` was loaded from (not another that has taken its name since: that is
 * NTE_BAD_KEYSET). The file's bytes are overwritten after the name is gone, for what that is worth. */
SECURITY_STATUS store_delete(struct store *s, const struct store_key *key) MUST_CHECK;

/* Deletes by Unique Name whatever is there, damaged or not. */
SECURITY_STATUS store_delete_unique(struct store *s, const char *unique) MUST_CHECK;

/* Sets the permission bits and the group of a key's file. Bits beyond 0640 are NTE_INVALID_PARAMETER (0600 must be among them);
 * `group` (gid_t)-1 leaves the group. */
SECURITY_STATUS store_set_mode(struct store *s, const struct store_key *key, mode_t mode,
                               gid_t group) MUST_CHECK;

/* --- enumeration ---------------------------------------------------------------------------------- */

struct store_enum;

/* One key of an enumeration; the spans live until the next call. */
struct store_entry {
    struct span name;
    uint32_t spec;
    struct span algorithm;
    uint32_t length;
    uint64_t modified;
    char unique[STORE_UNIQUE_CHARS + 1];
};

/* A store without folders enumerates nothing. Keys created or deleted meanwhile may appear or not. */
SECURITY_STATUS store_enum_new(struct store *s, struct store_enum **out) MUST_CHECK;

/* NTE_NO_MORE_ITEMS at the end. One small read for each key, constant memory. */
SECURITY_STATUS store_enum_next(struct store_enum *e, struct store_entry *entry) MUST_CHECK;

/* Files skipped so far that look like keys by their name and are none, or are damaged in what an
 * enumeration reads. */
size_t store_enum_damaged(const struct store_enum *e);

void store_enum_free(struct store_enum *e);

/* --- bytes sealed for other purposes ---------------------------------------------------------------- */

/* Bytes that store_wrap adds. */
#define STORE_WRAP_OVERHEAD (STORE_KEK_ID_BYTES + 32 + 12 + 16)

/* Seals bytes under the KEK, for one purpose ("OpaqueTransport"): KEK id | salt | nonce | ciphertext | tag.
 * `aad` is authenticated and not stored. `out` has room for plain.n + STORE_WRAP_OVERHEAD bytes.
 * A rotation of the KEK makes such bytes unreadable. Makes the KEK if there is none. */
SECURITY_STATUS store_wrap(struct store *s, struct span passphrase, const char *purpose,
                           struct span aad, struct span plain, uint8_t *out) MUST_CHECK;
SECURITY_STATUS store_unwrap(struct store *s, struct span passphrase, const char *purpose,
                             struct span aad, struct span wrapped, struct secret *plain) MUST_CHECK;

/* --- secrets of the store's own ------------------------------------------------------------------- */

/* Key spec of a record that is no key but a secret of the store's: no enumeration tells of it, and ncrypt.h has no such
 * spec. */
#define STORE_SPEC_SECRET 3

#define STORE_SECRET_BYTES 32

/*
 * A secret for one purpose ("Protection"), from which keys are derived. It is a record of its own, sealed as keys are:
 * a rotation of the KEK seals it again and leaves it as it is.
 *
 *   make        there is none yet: it is drawn, stored, and the same for all who ask at once; else NTE_NOT_FOUND
 *   id          tells it from every other
 */
SECURITY_STATUS store_secret(struct store *s, struct span passphrase, const char *purpose,
                             bool make, uint8_t id[STORE_UUID_BYTES],
                             struct secret *out) MUST_CHECK;

/* The same for the login session: a file in $XDG_RUNTIME_DIR that nobody else may read and that is gone with the session.
 * NTE_NOT_SUPPORTED: there is no session. */
SECURITY_STATUS store_session_secret(bool make, uint8_t id[STORE_UUID_BYTES],
                                     struct secret *out) MUST_CHECK;

/* --- texts that have a name ----------------------------------------------------------------------- */

#define STORE_TEXT_FILE_MAX ((size_t)1024 * 1024)

/* Puts a text in the place of what has the name; an empty one removes it. One file for each, on the disk when the call returns; who
 * reads meanwhile sees the old text or the new one. A name that makes too long a file's name is NTE_INVALID_PARAMETER.
 * NTE_NOT_FOUND: nothing to remove. */
SECURITY_STATUS store_text_put(struct store *s, const char *name, struct span text) MUST_CHECK;

/* The text, with a NUL behind it, for free(). NTE_NOT_FOUND. */
SECURITY_STATUS store_text_get(struct store *s, const char *name, char **text) MUST_CHECK;

/* --- slots ---------------------------------------------------------------------------------------- */

/* Slot names: 1 … 32 of a-z A-Z 0-9 - _ */
#define STORE_SLOT_NAME_MAX 32

struct store_slot {
    char name[STORE_SLOT_NAME_MAX + 1];
    const char *type;      /* "file", "credential", "passphrase" */
    char description[128]; /* "scrypt, N = 2^17, r = 8, p = 1" */
    uint64_t created;      /* FILETIME */
    bool damaged;          /* only the name is known */
};

/* Calls `each` for every slot that opens the current KEK, in no order, until it answers false. */
SECURITY_STATUS store_slots(struct store *s, bool (*each)(const struct store_slot *slot, void *arg),
                            void *arg) MUST_CHECK;

/* How a slot that is to be added is opened. */
struct store_slot_wish {
    const char *name;
    const char *type;
    struct span passphrase; /* for "passphrase": not empty */
    const char *
        credential; /* for "credential": name of the file in $CREDENTIALS_DIRECTORY; NULL: "opencng" */
    uint32_t scrypt_log2_n; /* 0: 17 */
};

/* Adds a slot; `passphrase` opens the store as it is. A store without a KEK gets one, and this slot
 * as its only one: so a store can be made that never has a `file` slot. */
SECURITY_STATUS store_slot_add(struct store *s, struct span passphrase,
                               const struct store_slot_wish *wish) MUST_CHECK;

/* Replaces the slot of that name (a changed passphrase, another type) in one step. */
SECURITY_STATUS store_slot_change(struct store *s, struct span passphrase,
                                  const struct store_slot_wish *wish) MUST_CHECK;

/* The last slot cannot be removed: NTE_PERM. NTE_NOT_FOUND: no such slot. */
SECURITY_STATUS store_slot_remove(struct store *s, const char *name) MUST_CHECK;

/* --- rotation and check ----------------------------------------------------------------------------- */

/* Called after each file; false stops (a rotation can be taken up later). `total` may grow. */
typedef bool (*store_progress)(size_t done, size_t total, void *arg);

/* Gives the passphrase of a slot, in `out`; a status < 0 ends the rotation with it. */
typedef SECURITY_STATUS (*store_ask)(const char *slot, struct secret *out, void *arg);

/*
 * Replaces the KEK and seals every key under the new one. First all slots are written anew (each
 * passphrase slot asks for its passphrase), then the new KEK takes effect in one rename, then the keys
 * follow one by one, then the old KEK is dropped. Keys can be used, created and changed meanwhile. A
 * rotation that was interrupted continues where it stood; `progress` may be NULL.
 *
 * NTE_BAD_DATA: some keys cannot be unsealed (store_explain names one); all others are done, and the
 * old KEK stays until these files are mended or deleted and the rotation is run again.
 * NTE_USER_CANCELLED: progress answered false.
 */
SECURITY_STATUS store_rotate(struct store *s, store_ask ask, store_progress progress,
                             void *arg) MUST_CHECK;

/* One finding of a check. */
struct store_finding {
    const char *path; /* of the file */
    SECURITY_STATUS
    status;              /* why it cannot be used; STATUS_SUCCESS for a leftover that was removed */
    const char *problem; /* a sentence */
};

struct store_report {
    size_t keys;      /* files of keys that are good */
    size_t damaged;   /* files that are not */
    size_t leftovers; /* temporaries of killed programs, removed */
    size_t slots;     /* slots that are good as far as can be seen without opening them */
    bool sealed;      /* the KEK could not be had: payloads were not verified */
    bool rotating;    /* a rotation waits to be continued */
};

/* Reads every file fully, and verifies the payloads where the KEK can be had (`passphrase` may be empty).
 * Removes what killed programs left behind, where the folder may be written to. STATUS_SUCCESS says
 * that the check ran to its end; what it found is in the report and was told to `found`, which may
 * be NULL. */
SECURITY_STATUS store_check(struct store *s, struct span passphrase,
                            void (*found)(const struct store_finding *finding, void *arg),
                            store_progress progress, void *arg,
                            struct store_report *report) MUST_CHECK;

/* --- explanation ------------------------------------------------------------------------------------ */

struct store_explanation {
    char path[512];    /* what it is about; cut in front when it is longer */
    char problem[256]; /* what is wrong with it, without the path */
    char remedy[256];  /* what to do about it; may be empty */
    SECURITY_STATUS status;
};

/* The last refusal of this thread; all texts empty when there was none. Successful calls leave it alone. */
const struct store_explanation *store_explain(void);

#endif
