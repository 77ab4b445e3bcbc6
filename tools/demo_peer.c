/*
 * A second opinion on post-quantum keys: libcrypto 3.5 through its own high-level functions, for
 * the demo and for tests/cli. The openssl command of Debian 12 does not know these algorithms; this
 * does what its `genpkey`, `pkey` and `pkeyutl` would.
 *
 * usage: demo_peer version
 *        demo_peer generate ALGORITHM PRIVATE.pem PUBLIC.pem
 *        demo_peer rewrite PRIVATE.pem OUT.pem
 *        demo_peer sign PRIVATE.pem MESSAGE SIGNATURE [CONTEXT]
 *        demo_peer verify PUBLIC.pem MESSAGE SIGNATURE [CONTEXT]
 *        demo_peer encapsulate PUBLIC.pem CIPHERTEXT SECRET
 *        demo_peer decapsulate PRIVATE.pem CIPHERTEXT SECRET
 *
 * ALGORITHM is libcrypto's name, ML-DSA-65 for one; rewrite reads a key and writes it again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>

struct bytes {
    unsigned char *p;
    size_t n;
};

static void need(int good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "demo_peer: %s failed\n", what);
    exit(1);
}

static FILE *open_file(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);
    need(file != NULL, path);
    return file;
}

static struct bytes read_file(const char *path)
{
    struct bytes b = {malloc(1 << 24), 0};
    FILE *file = open_file(path, "rb");
    need(b.p != NULL, "malloc");
    b.n = fread(b.p, 1, 1 << 24, file);
    fclose(file);
    return b;
}

static void write_file(const char *path, struct bytes b)
{
    FILE *file = open_file(path, "wb");
    need(fwrite(b.p, 1, b.n, file) == b.n && fclose(file) == 0, path);
    free(b.p);
}

static struct bytes make(size_t n)
{
    struct bytes b = {malloc(n), n};
    need(b.p != NULL, "malloc");
    return b;
}

static EVP_PKEY *read_private(const char *path)
{
    FILE *file = open_file(path, "r");
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    fclose(file);
    need(key != NULL, "reading the private key");
    return key;
}

static EVP_PKEY *read_public(const char *path)
{
    FILE *file = open_file(path, "r");
    EVP_PKEY *key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
    fclose(file);
    need(key != NULL, "reading the public key");
    return key;
}

static void write_private(const char *path, EVP_PKEY *key)
{
    FILE *file = open_file(path, "w");
    need(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1,
         "writing the private key");
    fclose(file);
}

static int generate(char **args)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, args[0]);
    need(key != NULL, "generating the key");
    write_private(args[1], key);
    FILE *file = open_file(args[2], "w");
    need(PEM_write_PUBKEY(file, key) == 1, "writing the public key");
    fclose(file);
    EVP_PKEY_free(key);
    return 0;
}

static int rewrite(char **args)
{
    EVP_PKEY *key = read_private(args[0]);
    write_private(args[1], key);
    EVP_PKEY_free(key);
    return 0;
}

/* The algorithm of a key in the form that signs messages, and the context string. */
static EVP_SIGNATURE *scheme_of(EVP_PKEY *key, char *context, OSSL_PARAM params[2])
{
    params[0] = OSSL_PARAM_construct_end();
    if (context != NULL) {
        params[0] = OSSL_PARAM_construct_octet_string("context-string", context, strlen(context));
        params[1] = OSSL_PARAM_construct_end();
    }
    EVP_SIGNATURE *scheme = EVP_SIGNATURE_fetch(NULL, EVP_PKEY_get0_type_name(key), NULL);
    need(scheme != NULL, "finding the algorithm");
    return scheme;
}

static int sign(char **args)
{
    OSSL_PARAM params[2];
    EVP_PKEY *key = read_private(args[0]);
    EVP_SIGNATURE *scheme = scheme_of(key, args[3], params);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    struct bytes message = read_file(args[1]);
    size_t n = 0;
    need(EVP_PKEY_sign_message_init(ctx, scheme, params) == 1, "signing");
    need(EVP_PKEY_sign(ctx, NULL, &n, message.p, message.n) == 1, "signing");
    struct bytes signature = make(n);
    need(EVP_PKEY_sign(ctx, signature.p, &signature.n, message.p, message.n) == 1, "signing");
    write_file(args[2], signature);
    free(message.p);
    EVP_PKEY_CTX_free(ctx);
    EVP_SIGNATURE_free(scheme);
    EVP_PKEY_free(key);
    return 0;
}

static int verify(char **args)
{
    OSSL_PARAM params[2];
    EVP_PKEY *key = read_public(args[0]);
    EVP_SIGNATURE *scheme = scheme_of(key, args[3], params);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    struct bytes message = read_file(args[1]);
    struct bytes signature = read_file(args[2]);
    need(EVP_PKEY_verify_message_init(ctx, scheme, params) == 1, "verifying");
    int good = EVP_PKEY_verify(ctx, signature.p, signature.n, message.p, message.n) == 1;
    puts(good ? "Verified OK" : "Verification failure");
    free(message.p);
    free(signature.p);
    EVP_PKEY_CTX_free(ctx);
    EVP_SIGNATURE_free(scheme);
    EVP_PKEY_free(key);
    return good ? 0 : 1;
}

static int encapsulate(char **args)
{
    EVP_PKEY *key = read_public(args[0]);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    size_t n = 0;
    size_t m = 0;
    need(EVP_PKEY_encapsulate_init(ctx, NULL) == 1, "encapsulating");
    need(EVP_PKEY_encapsulate(ctx, NULL, &n, NULL, &m) == 1, "encapsulating");
    struct bytes ciphertext = make(n);
    struct bytes secret = make(m);
    need(EVP_PKEY_encapsulate(ctx, ciphertext.p, &n, secret.p, &m) == 1, "encapsulating");
    write_file(args[1], ciphertext);
    write_file(args[2], secret);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return 0;
}

static int decapsulate(char **args)
{
    EVP_PKEY *key = read_private(args[0]);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    struct bytes ciphertext = read_file(args[1]);
    size_t n = 0;
    need(EVP_PKEY_decapsulate_init(ctx, NULL) == 1, "decapsulating");
    need(EVP_PKEY_decapsulate(ctx, NULL, &n, ciphertext.p, ciphertext.n) == 1, "decapsulating");
    struct bytes secret = make(n);
    need(EVP_PKEY_decapsulate(ctx, secret.p, &n, ciphertext.p, ciphertext.n) == 1, "decapsulating");
    write_file(args[2], secret);
    free(ciphertext.p);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return 0;
}

static int version(char **args)
{
    (void)args;
    puts(OpenSSL_version(OPENSSL_VERSION_STRING));
    return 0;
}

static const struct {
    const char *name;
    int arguments;
    int (*run)(char **args);
} commands[] = {
    {"version", 0, version},         {"generate", 3, generate},
    {"rewrite", 2, rewrite},         {"sign", 3, sign},
    {"verify", 3, verify},           {"encapsulate", 3, encapsulate},
    {"decapsulate", 3, decapsulate},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        /* An optional last argument is NULL when it is not there: argv ends so. */
        if (strcmp(argv[1], commands[i].name) == 0 && argc - 2 >= commands[i].arguments)
            return commands[i].run(argv + 2);
    }
    fputs("demo_peer: the comment in its source says how to call it\n", stderr);
    return 2;
}
