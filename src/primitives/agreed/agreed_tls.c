/*
 * The key derivation function TLS_PRF of BCryptDeriveKey: the master secret of TLS from the
 * premaster secret Z, always 48 bytes. The protocol's version chooses the pseudorandom function;
 * without one it is TLS 1.0's.
 */
#include "agreed_kdf.h"

#include <string.h>

#include "kdf_tls.h"

#define MASTER_SECRET_BYTES 48
#define SEED_BYTES 64 /* the randoms of client and server */

/* Which function a version has. Windows documents the two SSL versions as valid although SSL had no
 * such function. */
static const struct version {
    uint32_t number;
    bool tls12;
} versions[] = {
    {0x0002, false}, /* SSL 2 */
    {0x0300, false}, /* SSL 3 */
    {0x0301, false}, /* TLS 1.0 */
    {0x0302, false}, /* TLS 1.1 */
    {0x0303, true},  /* TLS 1.2 */
    {0xFEFF, false}, /* DTLS 1.0 */
};

static NTSTATUS read_version(const struct kdf_call *call, bool *tls12)
{
    const struct param *p = kdf_params_find(call->params, KDF_TLS_PRF_PROTOCOL);
    uint32_t number = 0x0301;
    if (p != NULL) {
        if (p->bytes.n != sizeof number)
            return STATUS_INVALID_PARAMETER;
        memcpy(&number, p->bytes.p, sizeof number);
    }
    for (size_t i = 0; i < ARRAY_COUNT(versions); i++) {
        if (versions[i].number == number) {
            *tls12 = versions[i].tls12;
            return STATUS_SUCCESS;
        }
    }
    return STATUS_INVALID_PARAMETER;
}

NTSTATUS agreed_kdf_tls(const struct kdf_call *call)
{
    bool tls12;
    const struct digest *d;
    struct span label = kdf_params_bytes(call->params, KDF_TLS_PRF_LABEL);
    struct span seed = kdf_params_bytes(call->params, KDF_TLS_PRF_SEED);
    if (seed.n != SEED_BYTES)
        return STATUS_INVALID_PARAMETER;
    TRY(read_version(call, &tls12));
    TRY(kdf_params_hash(call->params, "SHA256", &d));
    if (tls12 && d != digest_named("SHA256") && d != digest_named("SHA384"))
        return STATUS_NOT_SUPPORTED;

    const struct out *o = call->out;
    if (!out_is_query(o) && o->cap > MASTER_SECRET_BYTES)
        return STATUS_INVALID_PARAMETER; /* "cbDerivedKey must be 48" */
    uint8_t *dst;
    TRY(out_begin(o, MASTER_SECRET_BYTES, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    struct span z = secret_span(&call->secret->z);
    return tls12 ? kdf_tls12(d, z, label, seed, dst, MASTER_SECRET_BYTES)
                 : kdf_tls10(z, label, seed, dst, MASTER_SECRET_BYTES);
}
