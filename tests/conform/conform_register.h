/* Registering a provider's image for one test: in the configuration below OPENCNG_HOME, as an administrator does with an
 * editor (docs/configuration.md). */
#ifndef CONFORM_REGISTER_H
#define CONFORM_REGISTER_H

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void register_folder(const char *path)
{
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        abort();
}

/* The name of a provider's file. */
static inline const char *register_file(const char *name)
{
    static char file[256];
    char *at = file;
    for (; *name != '\0'; name++)
        at += sprintf(at, isalnum((unsigned char)*name) ? "%c" : "%%%02X", tolower(*name));
    strcpy(at, ".conf");
    return file;
}

/* `interfaces` are the lines behind the image's. */
static inline void register_image(const char *name, const char *image, const char *interfaces)
{
    static const char *const below[] = {"", "/config", "/config/providers"};
    const char *home = getenv("OPENCNG_HOME");
    const char *table = geteuid() == 0 ? "machine" : "user";
    char path[512];
    char real[PATH_MAX]; /* images are not found through links */
    if (realpath(image, real) == NULL)
        strcpy(real, image);
    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
        snprintf(path, sizeof path, "%s/%s%s", home, table, below[i]);
        register_folder(path);
    }
    snprintf(path, sizeof path, "%s/%s/config/providers/%s", home, table, register_file(name));
    FILE *f = fopen(path, "w");
    if (f == NULL ||
        fprintf(f, "opencng provider 1\nname %s\nimage %s\n%s", name, real, interfaces) < 0 ||
        fclose(f) != 0 || chmod(path, 0644) != 0)
        abort();
}

static inline void register_key_store(const char *name, const char *image)
{
    register_image(name, image, "interface key-storage\n  function KEY_STORAGE\n");
}

#endif
