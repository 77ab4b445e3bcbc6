/*
 * Authenticated encryption in one call and in many. An input is
 *
 *    0  mode      GCM, CCM, ChaCha20-Poly1305; bit 7: the rest is a script of calls
 *    1  key       16, 24 or 32 bytes
 *    2  tag       bytes
 *    3  nonce     a length and bytes, associated data likewise
 *    …  text      u16 bytes of it, repeated from the pattern that follows (a length and bytes)
 *    …  cuts      one byte each: where a chain of calls cuts the text, in blocks; then in bytes
 *
 * The model: a chain gives what one call gives, both ways, whatever the cuts are; a tag with one bit
 * changed is refused and leaves zeros; a piece that is no whole number of blocks is refused before the
 * end, and nothing is changed by that: the chain goes on.
 *
 * A script is a list of calls with one structure that nobody mends between them: fields set to
 * anything, pointers to NULL, flags that make no sense here, a text that lies where the result goes. They must not crash, and
 * not write beyond what they are given; a refusal writes nothing.
 */
#include "fuzz_api.h"

#define TEXT_MOST 4096
#define BLOCK 16

static const LPCWSTR modes[] = {BCRYPT_CHAIN_MODE_GCM, BCRYPT_CHAIN_MODE_CCM, NULL};

enum way { ENCRYPT, DECRYPT };

struct message {
    struct bytes nonce;
    struct bytes aad;
    struct bytes text;
    ULONG tag_n;
};

static BCRYPT_KEY_HANDLE key_of(size_t mode, unsigned size)
{
    static BCRYPT_KEY_HANDLE keys[COUNT(modes)][3];
    static UCHAR secret[32] = "a secret of thirty-two bytes....";
    BCRYPT_KEY_HANDLE *key = &keys[mode][size];
    if (*key != NULL)
        return *key;
    bool chacha = modes[mode] == NULL;
    BCRYPT_ALG_HANDLE alg =
        open_algorithm(chacha ? BCRYPT_CHACHA20_POLY1305_ALGORITHM : BCRYPT_AES_ALGORITHM, 0);
    if (alg == NULL)
        return NULL;
    if (!chacha)
        set_text(alg, BCRYPT_CHAINING_MODE, modes[mode]);
    FUZZ_CHECK(BCryptGenerateSymmetricKey(alg, key, NULL, 0, secret, chacha ? 32 : 16 + 8 * size,
                                          0) == STATUS_SUCCESS);
    FUZZ_CHECK(BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS);
    return *key;
}

static NTSTATUS crypt(BCRYPT_KEY_HANDLE key, enum way way, struct bytes in,
                      BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, UCHAR *iv, ULONG iv_n,
                      UCHAR *out, ULONG room, ULONG *n, ULONG flags)
{
    return way == ENCRYPT ? BCryptEncrypt(key, in.p, in.n, info, iv, iv_n, out, room, n, flags)
                          : BCryptDecrypt(key, in.p, in.n, info, iv, iv_n, out, room, n, flags);
}

static BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info_of(const struct message *m, UCHAR *tag)
{
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info)
    info.pbNonce = m->nonce.p;
    info.cbNonce = m->nonce.n;
    info.pbAuthData = m->aad.p;
    info.cbAuthData = m->aad.n;
    info.pbTag = tag;
    info.cbTag = m->tag_n;
    return info;
}

/* In one call; false: refused, and nothing was written. */
static bool at_once(BCRYPT_KEY_HANDLE key, enum way way, const struct message *m, struct bytes in,
                    UCHAR *tag, UCHAR *out)
{
    ULONG n = 0;
    struct room room = room_new(in.n);
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info = info_of(m, tag);
    NTSTATUS status = crypt(key, way, in, &info, NULL, 0, room.p, in.n, &n, 0);
    FUZZ_CHECK(room_intact(&room));
    if (status == STATUS_SUCCESS) {
        FUZZ_CHECK(n == in.n);
        memcpy(out, room.p, n);
    } else if (status == STATUS_AUTH_TAG_MISMATCH) {
        for (ULONG i = 0; i < in.n; i++)
            FUZZ_CHECK(room.p[i] == 0);
    } else {
        FUZZ_CHECK(status < 0 && room_untouched(&room));
    }
    room_free(&room);
    return status == STATUS_SUCCESS;
}

struct chain {
    BCRYPT_KEY_HANDLE key;
    enum way way;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    UCHAR iv[BLOCK];
    UCHAR mac[BLOCK];
};

static NTSTATUS chain_piece(struct chain *c, struct bytes in, bool last, UCHAR *out)
{
    ULONG n = 0;
    struct room room = room_new(in.n);
    if (last)
        c->info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    NTSTATUS status = crypt(c->key, c->way, in, &c->info, c->iv, sizeof c->iv, room.p, in.n, &n, 0);
    FUZZ_CHECK(room_intact(&room));
    if (status == STATUS_SUCCESS) {
        FUZZ_CHECK(n == in.n);
        memcpy(out, room.p, n);
        c->info.pbAuthData = NULL; /* goes in with the first piece */
        c->info.cbAuthData = 0;
    } else if (status != STATUS_AUTH_TAG_MISMATCH) {
        FUZZ_CHECK(room_untouched(&room));
    }
    room_free(&room);
    return status;
}

/* A piece that is not whole blocks, in the middle: refused, and the chain goes on as if it had not been. */
static void crooked_piece(struct chain *c, struct bytes in, struct input *cuts)
{
    ULONG n = take_byte(cuts);
    if (n % BLOCK == 0 || n > in.n)
        return;
    UCHAR out[256];
    FUZZ_CHECK(chain_piece(c, (struct bytes){in.p, n}, false, out) == STATUS_INVALID_BUFFER_SIZE);
}

static NTSTATUS in_pieces(BCRYPT_KEY_HANDLE key, enum way way, const struct message *m,
                          struct bytes in, UCHAR *tag, UCHAR *out, struct input cuts)
{
    struct chain c = {.key = key, .way = way, .info = info_of(m, tag)};
    c.info.pbMacContext = c.mac;
    c.info.cbMacContext = sizeof c.mac;
    c.info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    while (cuts.n > 0) {
        ULONG n = take_byte(&cuts) * BLOCK;
        if (n > in.n)
            break;
        NTSTATUS status = chain_piece(&c, (struct bytes){in.p, n}, false, out);
        if (status < 0)
            return status;
        in.p += n;
        in.n -= n;
        out += n;
        crooked_piece(&c, in, &cuts);
    }
    return chain_piece(&c, in, true, out);
}

static void check_message(BCRYPT_KEY_HANDLE key, const struct message *m, bool chains,
                          struct input *in)
{
    UCHAR tag[256] = {0}, other[256] = {0};
    struct bytes sealed = {input_own(in, m->text.n), m->text.n};
    struct bytes back = {input_own(in, m->text.n), m->text.n};
    struct input cuts = {.p = in->p, .n = in->n};
    if (!at_once(key, ENCRYPT, m, m->text, tag, sealed.p))
        return;
    for (size_t i = m->tag_n; i < sizeof tag; i++)
        FUZZ_CHECK(tag[i] == 0);
    FUZZ_CHECK(at_once(key, DECRYPT, m, sealed, tag, back.p));
    FUZZ_CHECK(memcmp(back.p, m->text.p, back.n) == 0);

    NTSTATUS status = in_pieces(key, ENCRYPT, m, m->text, other, back.p, cuts);
    FUZZ_CHECK(status == (chains ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED) ||
               (!chains && status == STATUS_SUCCESS));
    if (chains) {
        FUZZ_CHECK(memcmp(tag, other, m->tag_n) == 0 && memcmp(back.p, sealed.p, back.n) == 0);
        FUZZ_CHECK(in_pieces(key, DECRYPT, m, sealed, tag, back.p, cuts) == STATUS_SUCCESS);
        FUZZ_CHECK(memcmp(back.p, m->text.p, back.n) == 0);
    }
    unsigned bit = take_byte(in);
    tag[bit / 8 % m->tag_n] ^= (UCHAR)(1u << bit % 8);
    FUZZ_CHECK(!at_once(key, DECRYPT, m, sealed, tag, back.p));
    if (chains)
        FUZZ_CHECK(in_pieces(key, DECRYPT, m, sealed, tag, back.p, cuts) ==
                   STATUS_AUTH_TAG_MISMATCH);
}

/* ---- scripts ------------------------------------------------------------------------------------ */

/* Sets one field: sizes to what is there or less, pointers to that or NULL, the rest to anything. */
static void set_field(BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, const struct message *m,
                      struct room *tag, struct room *mac, struct input *in)
{
    uint8_t field = take_byte(in), value = take_byte(in);
    switch (field % 10) {
    case 0:
        info->cbSize = value;
        break;
    case 1:
        info->dwInfoVersion = value;
        break;
    case 2:
        info->pbNonce = value != 0 ? m->nonce.p : NULL;
        break;
    case 3:
        info->cbNonce = value < m->nonce.n ? value : m->nonce.n;
        break;
    case 4:
        info->pbAuthData = value != 0 ? m->aad.p : NULL;
        info->cbAuthData = value < m->aad.n ? value : m->aad.n;
        break;
    case 5:
        info->pbTag = value != 0 ? tag->p : NULL;
        break;
    case 6:
        info->cbTag = value < tag->n ? value : tag->n;
        break;
    case 7:
        info->pbMacContext = value != 0 ? mac->p : NULL;
        info->cbMacContext = value < mac->n ? value : mac->n;
        break;
    case 8:
        info->cbAAD = take_u32(in);
        info->cbData = (ULONGLONG)take_u32(in) << 32 | take_u32(in);
        break;
    default:
        info->dwFlags = value;
        break;
    }
}

static const ULONG script_flags[] = {0, BCRYPT_BLOCK_PADDING, BCRYPT_BUFFERS_LOCKED_FLAG, 0x100};

static void run_script(BCRYPT_KEY_HANDLE key, const struct message *m, struct input *in)
{
    struct room tag = room_new(16), mac = room_new(16), iv = room_new(16);
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info = info_of(m, tag.p);
    info.pbMacContext = mac.p;
    info.cbMacContext = mac.n;
    info.cbTag = 16;
    while (input_more(in)) {
        uint8_t op = take_byte(in);
        if (op < 0x80) {
            set_field(&info, m, &tag, &mac, in);
            continue;
        }
        struct bytes text = take_some(in);
        struct room out = room_new(take_byte(in));
        uint8_t how = (op & 64) != 0 ? take_byte(in) : 0;
        UCHAR before[256];
        ULONG n = 0, at = how / 16;
        if ((how & 8) != 0 && text.n > 0 && at + text.n <= out.n)
            text.p = memcpy(out.p + at, text.p, text.n);
        memcpy(before, out.p, out.n);
        NTSTATUS status =
            crypt(key, op & 1 ? DECRYPT : ENCRYPT, (op & 2) != 0 ? (struct bytes){NULL, 0} : text,
                  (op & 4) != 0 ? NULL : &info, (op & 8) != 0 ? NULL : iv.p,
                  (op & 16) != 0 ? take_byte(in) % 17 : 16, (op & 32) != 0 ? NULL : out.p, out.n,
                  &n, script_flags[how % COUNT(script_flags)]);
        FUZZ_CHECK(room_intact(&out) && room_intact(&tag) && room_intact(&mac) && room_intact(&iv));
        FUZZ_CHECK(status >= 0 || status == STATUS_AUTH_TAG_MISMATCH ||
                   memcmp(before, out.p, out.n) == 0);
        room_free(&out);
    }
    room_free(&tag);
    room_free(&mac);
    room_free(&iv);
}

static void one(struct input *in)
{
    uint8_t mode = take_byte(in);
    BCRYPT_KEY_HANDLE key = key_of((mode & 0x7F) % COUNT(modes), take_byte(in) % 3);
    struct message m = {.tag_n = take_byte(in)};
    m.nonce = take_some(in);
    m.aad = take_some(in);
    ULONG n = take_u16(in) % (TEXT_MOST + 1);
    struct bytes pattern = take_some(in);
    m.text = (struct bytes){input_own(in, n), n};
    for (ULONG i = 0; i < n; i++)
        m.text.p[i] = pattern.n > 0 ? pattern.p[i % pattern.n] : 0;
    if (key == NULL)
        return;
    if ((mode & 0x80) != 0)
        run_script(key, &m, in);
    else
        check_message(key, &m, mode % COUNT(modes) == 0, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1u << 16)
        return 0;
    struct input in = {.p = data, .n = size};
    one(&in);
    input_done(&in);
    return 0;
}
