/* opencng_store.h as an application calls it: pointers, scopes, callbacks, explanations. */
#include "store_fixture.h"

#include <ncrypt.h>
#include <opencng_store.h>

static BOOL WINAPI first_slot(const CNG_STORE_SLOT *slot, void *context)
{
    ++*(size_t *)context;
    assert_true(strlen(slot->Name) > 0 && strlen(slot->Type) > 0);
    return FALSE;
}

static void test_pointers_and_scopes(void **state)
{
    (void)state;
    const CNG_STORE_SLOT_PARAMETERS slot = {.Name = "n", .Type = "file"};
    CNG_STORE_REPORT report;
    char path[600];
    static const ULONG scopes[] = {0, 3, 0xFFFFFFFF};
    for (size_t i = 0; i < ARRAY_COUNT(scopes); i++) {
        ULONG scope = scopes[i];
        size_t seen = 0;
        assert_int_equal(CngStoreGetFolders(scope, path, NULL, sizeof path), NTE_INVALID_PARAMETER);
        assert_int_equal(CngStoreEnumSlots(scope, first_slot, &seen), NTE_INVALID_PARAMETER);
        assert_int_equal(CngStoreAddSlot(scope, NULL, &slot), NTE_INVALID_PARAMETER);
        assert_int_equal(CngStoreChangeSlot(scope, NULL, &slot), NTE_INVALID_PARAMETER);
        assert_int_equal(CngStoreRemoveSlot(scope, "n"), NTE_INVALID_PARAMETER);
        assert_int_equal(CngStoreRotate(scope, NULL, NULL, NULL), NTE_INVALID_PARAMETER);
        assert_int_equal(CngStoreCheck(scope, NULL, NULL, NULL, NULL, &report),
                         NTE_INVALID_PARAMETER);
        assert_int_equal(CngStoreDeleteFile(scope, "x"), NTE_INVALID_PARAMETER);
    }
    assert_int_equal(CngStoreExplain(NULL), NTE_INVALID_PARAMETER);
    assert_int_equal(CngStoreEnumSlots(CNG_STORE_USER, NULL, NULL), NTE_INVALID_PARAMETER);
    assert_int_equal(CngStoreAddSlot(CNG_STORE_USER, NULL, NULL), NTE_INVALID_PARAMETER);
    assert_int_equal(CngStoreChangeSlot(CNG_STORE_USER, NULL, NULL), NTE_INVALID_PARAMETER);
    assert_int_equal(CngStoreRemoveSlot(CNG_STORE_USER, NULL), NTE_INVALID_PARAMETER);
    assert_int_equal(CngStoreCheck(CNG_STORE_USER, NULL, NULL, NULL, NULL, NULL),
                     NTE_INVALID_PARAMETER);
    assert_int_equal(CngStoreDeleteFile(CNG_STORE_USER, NULL), NTE_INVALID_PARAMETER);
    assert_int_equal(count_names(home, ""), 0);
}

static void test_folders(void **state)
{
    (void)state;
    char keys[600], slots[600];
    memset(keys, 'x', sizeof keys);
    assert_int_equal(CngStoreGetFolders(CNG_STORE_USER, keys, slots, 10), NTE_BUFFER_TOO_SMALL);
    assert_int_equal(keys[0], 'x');
    assert_int_equal(CngStoreGetFolders(CNG_STORE_MACHINE, NULL, NULL, 0), ERROR_SUCCESS);
    assert_int_equal(CngStoreGetFolders(CNG_STORE_USER, keys, slots, sizeof keys), ERROR_SUCCESS);
    assert_string_equal(keys, in_home("user/keys"));
    assert_string_equal(slots, in_home("user/protectors"));
    /* The exact size, and one less. */
    size_t n = strlen(slots) + 1;
    assert_int_equal(CngStoreGetFolders(CNG_STORE_USER, NULL, slots, n), ERROR_SUCCESS);
    assert_int_equal(CngStoreGetFolders(CNG_STORE_USER, NULL, slots, n - 1), NTE_BUFFER_TOO_SMALL);
}

static SECURITY_STATUS WINAPI answer(const char *slot, CNG_STORE_BYTES *passphrase, void *context)
{
    (void)context;
    assert_string_equal(slot, "mine");
    *passphrase = (CNG_STORE_BYTES){"pass", 4};
    return ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI cancel(const char *slot, CNG_STORE_BYTES *passphrase, void *context)
{
    (void)slot, (void)passphrase, (void)context;
    return NTE_USER_CANCELLED;
}

static void test_slots(void **state)
{
    (void)state;
    const CNG_STORE_BYTES pass = {"pass", 4};
    CNG_STORE_SLOT_PARAMETERS slot = {
        .Name = "mine", .Type = "passphrase", .Passphrase = pass, .ScryptLog2N = 10};
    CNG_STORE_REPORT report;
    CNG_STORE_EXPLANATION why;
    size_t seen = 0;
    assert_int_equal(CngStoreAddSlot(CNG_STORE_USER, NULL, &slot), ERROR_SUCCESS);
    assert_int_equal(CngStoreAddSlot(CNG_STORE_USER, &pass, &slot), NTE_EXISTS);
    slot.Name = "spare";
    assert_int_equal(CngStoreAddSlot(CNG_STORE_USER, NULL, &slot), NTE_UI_REQUIRED);
    assert_int_equal(CngStoreExplain(&why), ERROR_SUCCESS);
    assert_int_equal(why.Status, NTE_UI_REQUIRED);
    assert_string_equal(why.Path, in_home("user/protectors"));
    assert_true(strlen(why.Problem) > 0 && strlen(why.Remedy) > 0);
    assert_int_equal(CngStoreEnumSlots(CNG_STORE_USER, first_slot, &seen), ERROR_SUCCESS);
    assert_int_equal(seen, 1);
    assert_int_equal(CngStoreRotate(CNG_STORE_USER, NULL, NULL, NULL), NTE_UI_REQUIRED);
    assert_int_equal(CngStoreRotate(CNG_STORE_USER, cancel, NULL, NULL), NTE_USER_CANCELLED);
    assert_int_equal(CngStoreRotate(CNG_STORE_USER, answer, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(CngStoreCheck(CNG_STORE_USER, NULL, NULL, NULL, NULL, &report), ERROR_SUCCESS);
    assert_true(report.Sealed);
    assert_int_equal(CngStoreCheck(CNG_STORE_USER, &pass, NULL, NULL, NULL, &report),
                     ERROR_SUCCESS);
    assert_false(report.Sealed);
    assert_int_equal(report.Slots, 1);
    assert_int_equal(report.Keys, 0);
    slot = (CNG_STORE_SLOT_PARAMETERS){.Name = "mine", .Type = "file"};
    assert_int_equal(CngStoreChangeSlot(CNG_STORE_USER, &pass, &slot), ERROR_SUCCESS);
    assert_int_equal(CngStoreRemoveSlot(CNG_STORE_USER, "mine"), NTE_PERM);
    assert_int_equal(CngStoreRemoveSlot(CNG_STORE_USER, "absent"), NTE_NOT_FOUND);
    assert_int_equal(CngStoreDeleteFile(CNG_STORE_USER, "no unique name"), NTE_BAD_KEYSET);
}

/* What a provider refuses for the store's reasons is explained, too. */
static void test_explains_the_provider(void **state)
{
    (void)state;
    NCRYPT_PROV_HANDLE provider = 0;
    NCRYPT_KEY_HANDLE key = 0;
    CNG_STORE_EXPLANATION why;
    assert_int_equal(NCryptOpenStorageProvider(&provider, MS_KEY_STORAGE_PROVIDER, 0),
                     ERROR_SUCCESS);
    assert_int_equal(
        NCryptCreatePersistedKey(provider, &key, NCRYPT_ECDSA_P256_ALGORITHM, L"k", 0, 0),
        ERROR_SUCCESS);
    assert_int_equal(NCryptFinalizeKey(key, 0), ERROR_SUCCESS);
    assert_int_equal(NCryptFreeObject(key), ERROR_SUCCESS);
    assert_int_equal(chmod(in_home("user/keys"), 0777), 0);
    assert_true(NCryptOpenKey(provider, &key, L"k", 0, 0) < 0);
    assert_int_equal(CngStoreExplain(&why), ERROR_SUCCESS);
    assert_string_equal(why.Path, in_home("user/keys"));
    assert_non_null(strstr(why.Remedy, "chmod"));
    assert_int_equal(chmod(in_home("user/keys"), 0700), 0);
    assert_int_equal(NCryptOpenKey(provider, &key, L"K", 0, 0), ERROR_SUCCESS);
    assert_int_equal(NCryptDeleteKey(key, 0), ERROR_SUCCESS);
    assert_int_equal(NCryptFreeObject(provider), ERROR_SUCCESS);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_pointers_and_scopes),
        STORE_TEST(test_folders),
        STORE_TEST(test_slots),
        STORE_TEST(test_explains_the_provider),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
