// What a JavaScript program needs to call a C library whose functions take pointers and integers: an addon of Node's stable N-API that
// knows nothing of CNG.
//
//   open("libbcrypt.so")                a handle of a library, found by its name
//   call(library, "Function", ...args)  the 32-bit result; null is NULL, a number or BigInt an integer, a Buffer its address
#include <dlfcn.h>
#include <node_api.h>
#include <stdint.h>
#include <string.h>

enum { MOST_ARGUMENTS = 10 };

typedef uint32_t (*function)(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t,
                             uintptr_t, uintptr_t, uintptr_t, uintptr_t);

static napi_value refuse(napi_env env, const char *why)
{
    napi_throw_error(env, NULL, why);
    return NULL;
}

static napi_value open_library(napi_env env, napi_callback_info info)
{
    size_t count = 1, length;
    char name[256];
    napi_value argument, result;
    if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok || count != 1 ||
        napi_get_value_string_utf8(env, argument, name, sizeof name, &length) != napi_ok)
        return refuse(env, "open(name)");
    void *library = dlopen(name, RTLD_NOW);
    if (!library)
        return refuse(env, dlerror());
    napi_create_bigint_uint64(env, (uintptr_t)library, &result);
    return result;
}

static int word_of(napi_env env, napi_value value, uintptr_t *word)
{
    napi_valuetype type;
    bool is_buffer = false, lossless;
    size_t length;
    int64_t number;
    uint64_t big;
    void *data = NULL;
    napi_typeof(env, value, &type);
    napi_is_buffer(env, value, &is_buffer);
    *word = 0;
    if (type == napi_null)
        return 1;
    if (is_buffer && napi_get_buffer_info(env, value, &data, &length) == napi_ok)
        *word = (uintptr_t)data;
    else if (type == napi_number && napi_get_value_int64(env, value, &number) == napi_ok)
        *word = (uintptr_t)number;
    else if (type == napi_bigint &&
             napi_get_value_bigint_uint64(env, value, &big, &lossless) == napi_ok)
        *word = (uintptr_t)big;
    else
        return 0;
    return 1;
}

static napi_value call(napi_env env, napi_callback_info info)
{
    size_t count = 2 + MOST_ARGUMENTS, length;
    napi_value arguments[2 + MOST_ARGUMENTS], result;
    uintptr_t library, words[MOST_ARGUMENTS] = {0};
    char name[128];
    if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 2 ||
        count > 2 + MOST_ARGUMENTS || !word_of(env, arguments[0], &library) ||
        napi_get_value_string_utf8(env, arguments[1], name, sizeof name, &length) != napi_ok)
        return refuse(env, "call(library, name, ...)");
    for (size_t i = 2; i < count; i++)
        if (!word_of(env, arguments[i], &words[i - 2]))
            return refuse(env, "an argument is neither null, number, BigInt nor Buffer");
    void *symbol = dlsym((void *)library, name);
    if (!symbol)
        return refuse(env, name);
    function f;
    memcpy(&f, &symbol, sizeof f);
    uint32_t status = f(words[0], words[1], words[2], words[3], words[4], words[5], words[6],
                        words[7], words[8], words[9]);
    napi_create_uint32(env, status, &result);
    return result;
}

NAPI_MODULE_INIT()
{
    napi_value f;
    napi_create_function(env, "open", NAPI_AUTO_LENGTH, open_library, NULL, &f);
    napi_set_named_property(env, exports, "open", f);
    napi_create_function(env, "call", NAPI_AUTO_LENGTH, call, NULL, &f);
    napi_set_named_property(env, exports, "call", f);
    return exports;
}
