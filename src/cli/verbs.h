/* The verbs of `cng`, one file each (verb_*.c). */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "options.h"

extern const struct verb verb_algorithms;
extern const struct verb verb_generate;
extern const struct verb verb_inspect;
extern const struct verb verb_convert;
extern const struct verb verb_sign;
extern const struct verb verb_verify;
extern const struct verb verb_version;
extern const struct verb verb_encrypt;
extern const struct verb verb_decrypt;
extern const struct verb verb_agree;
extern const struct verb verb_encapsulate;
extern const struct verb verb_decapsulate;
extern const struct verb verb_hash;
extern const struct verb verb_mac;
extern const struct verb verb_seal;
extern const struct verb verb_open;
extern const struct verb verb_protect;
extern const struct verb verb_unprotect;
extern const struct verb verb_derive;
extern const struct verb verb_random;
extern const struct verb verb_store;
extern const struct verb verb_providers;
extern const struct verb verb_config;
extern const struct verb verb_doctor;

#endif
