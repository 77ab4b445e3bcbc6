/*
 * Where the libraries look for keys and settings: each folder on a line of its own. secure_test.py asks this of a program that runs with
 * more rights than its user's.
 */
#include <windows.h>

#include <ncrypt.h>
#include <ntstatus.h>
#include <opencng_config.h>
#include <opencng_store.h>

#include <stdio.h>

int main(void)
{
    static const ULONG scopes[] = {CNG_STORE_USER, CNG_STORE_MACHINE};
    static const ULONG tables[] = {CRYPT_LOCAL, CRYPT_DOMAIN};
    char keys[4096], slots[4096];
    for (int i = 0; i < 2; i++) {
        if (CngStoreGetFolders(scopes[i], keys, slots, sizeof keys) == ERROR_SUCCESS)
            printf("%s\n%s\n", keys, slots);
        if (CngConfigGetFolder(tables[i], keys, sizeof keys) == STATUS_SUCCESS)
            printf("%s\n", keys);
    }
    return 0;
}
