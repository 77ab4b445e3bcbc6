/*
 * A slot: the KEK, wrapped by what a protector gives. One file for each, NAME.KEKID.slot:
 *
 *    0  magic        "OCNGSLT\x1a"
 *    8  version      1
 *   12  KEK id[16]
 *   28  created      FILETIME
 *   36  salt[32]
 *   68  name         {bytes u8, UTF-8}: what the file's name starts with
 *       type         {bytes u8, UTF-8}: the protector
 *       parameters   {bytes u16, bytes}
 *       nonce[12]
 *       wrapped KEK[32], GCM tag[16]
 *
 * Associated data: everything before the nonce. Key: HKDF-SHA256 of the protector's secret with the salt.
 * The id in the file's name tells the slots of the current KEK from those that an interrupted
 * rotation left.
 */
#ifndef STORE_STORE_SLOT_H
#define STORE_STORE_SLOT_H

#include "store_crypto.h"
#include "store_file.h"
#include "store_protector.h"

#define SLOT_FILE_MAX 2048
#define SLOT_FILE_NAME_MAX (STORE_SLOT_NAME_MAX + 1 + 2 * STORE_KEK_ID_BYTES + 5)

struct slot {
    uint8_t kek_id[STORE_KEK_ID_BYTES];
    uint64_t created;
    struct span name, type, parameters;
    const struct protector *protector;
    struct span head, salt, nonce, sealed;
};

/* Whether a name can be a slot's. */
bool slot_name_is_good(const char *name) MUST_CHECK;

void slot_file_name(const char *name, const uint8_t kek_id[STORE_KEK_ID_BYTES],
                    char out[SLOT_FILE_NAME_MAX + 1]);

/* Takes a file's name apart; false when it is no slot's. */
bool slot_file_is(const char *file, char name[STORE_SLOT_NAME_MAX + 1],
                  uint8_t kek_id[STORE_KEK_ID_BYTES]) MUST_CHECK;

/* NTE_BAD_DATA, NTE_BAD_VER (also for a protector that we do not know). Spans point into `in`. */
SECURITY_STATUS slot_decode(struct span in, struct slot *out) MUST_CHECK;

/* Makes a slot's bytes. */
SECURITY_STATUS slot_make(const struct store_slot_wish *wish,
                          const uint8_t kek_id[STORE_KEK_ID_BYTES],
                          const uint8_t kek[STORE_KEY_BYTES], struct secret *out) MUST_CHECK;

/* The slot's bytes with another KEK in it: same name, protector and parameters, fresh salt and nonce. The slot has to open:
 * *old is the KEK that it holds. */
SECURITY_STATUS slot_rekey(const struct slot *slot, struct span passphrase,
                           const uint8_t kek_id[STORE_KEK_ID_BYTES],
                           const uint8_t kek[STORE_KEY_BYTES], struct secret *old,
                           struct secret *out) MUST_CHECK;

/* Reads a slot's file, checks that it is what its name says. `storage` owns the bytes. */
SECURITY_STATUS slot_read(const struct folder *slots, const char *file, struct secret *storage,
                          struct slot *out, struct stamp *stamp) MUST_CHECK;

/* Removes slots that are not the current KEK's; the lock is held. *removed grows by their number. */
SECURITY_STATUS slots_clean(const struct folder *slots, size_t *removed) MUST_CHECK;

/* Removes a slot's file and erases it; the lock is held. */
SECURITY_STATUS slot_discard(const struct folder *slots, const char *file) MUST_CHECK;

/* Unwraps. NTE_UI_REQUIRED, NTE_INCORRECT_PASSWORD, NTE_DECRYPTION_FAILURE, NTE_BAD_DATA. */
SECURITY_STATUS slot_open(const struct slot *slot, struct span passphrase,
                          struct secret *kek) MUST_CHECK;

#endif
