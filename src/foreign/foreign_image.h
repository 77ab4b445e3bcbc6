/*
 * A provider's shared object: loaded once for each file and process, and never let go, since tables and
 * objects of the provider's are in use for as long as the process lives.
 */
#ifndef FOREIGN_FOREIGN_IMAGE_H
#define FOREIGN_FOREIGN_IMAGE_H

#include "base.h"
#include "config.h"

/* Loads the image that the provider is registered with; *image is for dlsym().
 * STATUS_DLL_NOT_FOUND: there is no such file. STATUS_ACCESS_DENIED: others than its owner could have
 * written it (config_image_path). STATUS_DLL_INIT_FAILED: the file is no shared object, or one whose own
 * libraries or symbols are missing.
 *
 * Runs the image's constructors in the calling thread; they may call this library, and load providers,
 * too. The caller holds no lock. */
NTSTATUS foreign_image_open(const struct config_provider *p, void **image) MUST_CHECK;

/* A function that the image itself exports, for the caller to cast to its type. STATUS_PROCEDURE_NOT_FOUND: it
 * exports none of that name. */
NTSTATUS foreign_image_entry(void *image, const char *symbol, void (**entry)(void)) MUST_CHECK;

#endif
