/*
 * Secrets of the store's own (store.h). A record of the store does all that is wanted: one creator of several wins, the
 * payload is sealed, and a rotation seals it again. The login session has no KEK: its secret is a file that lives in
 * memory and only the user may read.
 *
 *   the session's file     0  id[16]
 *                         16  secret[32]
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store_crypto.h"
#include "store_explain.h"
#include "store_file.h"
#include "store_key.h"

#define ALGORITHM "Secret"
#define SESSION_NAME "logon"
#define SESSION_BYTES (STORE_UUID_BYTES + STORE_SECRET_BYTES)
#define TRIES 8 /* somebody else may make it, and somebody delete it */

static struct span span_of_text(const char *text)
{
    return span_of(text, strlen(text));
}

/* --- of a scope ----------------------------------------------------------------------------------- */

static SECURITY_STATUS make_secret(struct store *s, struct span passphrase, const char *purpose)
{
    SECRET drawn = {NULL, 0};
    TRY(store_status(secret_new(&drawn, STORE_SECRET_BYTES)));
    TRY(store_random(drawn.p, drawn.n));
    const struct store_record record = {
        .name = span_of_text(purpose),
        .spec = STORE_SPEC_SECRET,
        .algorithm = span_of_text(ALGORITHM),
        .length = 8 * STORE_SECRET_BYTES,
    };
    const struct store_payload payload = {span_of_text(ALGORITHM), secret_span(&drawn)};
    SECURITY_STATUS status = store_create(s, &record, &payload, passphrase, false, NULL);
    return status == NTE_EXISTS ? STATUS_SUCCESS : status;
}

static SECURITY_STATUS read_secret(struct store *s, struct span passphrase, const char *purpose,
                                   uint8_t id[STORE_UUID_BYTES], struct secret *out)
{
    SCOPED_LOADED *key = NULL;
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    TRY(store_load(s, span_of_text(purpose), STORE_SPEC_SECRET, &key));
    TRY(store_unseal(s, key, passphrase, &storage, &payload));
    if (payload.blob.n != STORE_SECRET_BYTES)
        return store_refuse(NTE_BAD_DATA, s->places.keys.path, key->unique, "this file is damaged",
                            "Put back a copy of it.");
    TRY(store_status(secret_copy(out, payload.blob)));
    memcpy(id, key->record.uuid, STORE_UUID_BYTES);
    return STATUS_SUCCESS;
}

SECURITY_STATUS store_secret(struct store *s, struct span passphrase, const char *purpose,
                             bool make, uint8_t id[STORE_UUID_BYTES], struct secret *out)
{
    for (int i = 0; i < TRIES; i++) {
        SECURITY_STATUS status = read_secret(s, passphrase, purpose, id, out);
        if (status != NTE_BAD_KEYSET)
            return status;
        if (!make)
            return store_refuse(NTE_NOT_FOUND, s->places.keys.path, NULL,
                                "this store has no secret for this purpose", NULL);
        TRY(make_secret(s, passphrase, purpose));
    }
    return store_refuse(NTE_FAIL, s->places.keys.path, NULL,
                        "the secret is deleted faster than it can be read", NULL);
}

/* --- of the session ------------------------------------------------------------------------------- */

static SECURITY_STATUS make_session(const struct folder *session)
{
    SECRET drawn = {NULL, 0};
    TRY(store_status(secret_new(&drawn, SESSION_BYTES)));
    TRY(store_random(drawn.p, drawn.n));
    SCOPED_FD lock = -1;
    DRAFT draft = NO_DRAFT;
    TRY(lock_take(session, &lock));
    TRY(draft_init(&draft, session, secret_span(&drawn), false, 0600, (gid_t)-1));
    SECURITY_STATUS status = draft_link(&draft, SESSION_NAME);
    return status == NTE_EXISTS ? STATUS_SUCCESS : status;
}

static SECURITY_STATUS read_session(const struct folder *session, struct secret *out)
{
    SCOPED_FD fd = -1;
    struct stat st;
    TRY(file_open(session, SESSION_NAME, SESSION_BYTES, NTE_NOT_FOUND, &fd, &st));
    if (st.st_size != SESSION_BYTES)
        return store_refuse(NTE_BAD_DATA, session->path, SESSION_NAME, "this file is damaged",
                            "Delete it: what was protected to this session is lost.");
    TRY(store_status(secret_new(out, SESSION_BYTES)));
    return file_read(fd, session, SESSION_NAME, out->p, out->n, 0);
}

SECURITY_STATUS store_session_secret(bool make, uint8_t id[STORE_UUID_BYTES], struct secret *out)
{
    CLEANUP(place_done) struct place place = {.base = NULL};
    SCOPED_FD fd = -1;
    TRY(place_session(&place));
    TRY(place_enter(&place, make, &fd));
    const struct folder session = {fd, place.path};
    if (fd < 0)
        return store_refuse(NTE_NOT_FOUND, place.path, NULL, "this session has no secret", NULL);
    SECRET file = {NULL, 0};
    SECURITY_STATUS status = read_session(&session, &file);
    if (status == NTE_NOT_FOUND && make) {
        TRY(make_session(&session));
        status = read_session(&session, &file);
    }
    TRY(status);
    TRY(store_status(secret_copy(out, span_of(file.p + STORE_UUID_BYTES, STORE_SECRET_BYTES))));
    /* a file that was read is there, which the analyzer does not see */
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker)
    memcpy(id, file.p, STORE_UUID_BYTES);
    return STATUS_SUCCESS;
}
