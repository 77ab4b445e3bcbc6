// A Go program over bcrypt.h and ncrypt.h, in the manner of its syscall package on Windows: libraries and functions by name, strings as
// []uint16, handles as uintptr. Prints TAP.
package main

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

typedef uint32_t (*function)(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t);

static uint32_t call(void *f, uintptr_t *a)
{
	return ((function)f)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]);
}
*/
import "C"

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"runtime"
	"unicode/utf16"
	"unsafe"
)

type library struct{ handle unsafe.Pointer }

func load(name string) library {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	handle := C.dlopen(text, C.RTLD_NOW)
	if handle == nil {
		panic(C.GoString(C.dlerror()))
	}
	return library{handle}
}

// call passes integers as they are and buffers by their addresses; the result is the 32-bit status.
func (l library) call(name string, arguments ...interface{}) uint32 {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	symbol := C.dlsym(l.handle, text)
	if symbol == nil {
		panic("no " + name)
	}
	words := (*[10]C.uintptr_t)(C.calloc(10, C.size_t(unsafe.Sizeof(C.uintptr_t(0)))))
	defer C.free(unsafe.Pointer(words))
	for i, argument := range arguments {
		switch a := argument.(type) {
		case nil:
		case int:
			words[i] = C.uintptr_t(a)
		case uintptr:
			words[i] = C.uintptr_t(a)
		case []byte:
			words[i] = C.uintptr_t(uintptr(unsafe.Pointer(&a[0])))
		case []uint16:
			words[i] = C.uintptr_t(uintptr(unsafe.Pointer(&a[0])))
		case *uintptr:
			words[i] = C.uintptr_t(uintptr(unsafe.Pointer(a)))
		case *uint32:
			words[i] = C.uintptr_t(uintptr(unsafe.Pointer(a)))
		default:
			panic("an argument of " + name)
		}
	}
	status := uint32(C.call(symbol, &words[0]))
	runtime.KeepAlive(arguments)
	return status
}

func wide(text string) []uint16 { return utf16.Encode([]rune(text + "\x00")) }

var count, failed int

func check(good bool, what string) {
	count++
	word := ""
	if !good {
		failed++
		word = "not "
	}
	fmt.Printf("%sok %d - go: %s\n", word, count, what)
}

func main() {
	b, n := load("libbcrypt.so"), load("libncrypt.so")
	// On the heap, so that no address changes.
	algorithm, hash, key, imported, size := new(uintptr), new(uintptr), new(uintptr), new(uintptr), new(uint32)

	check(b.call("BCryptOpenAlgorithmProvider", algorithm, wide("SHA256"), nil, 0) == 0, "an algorithm by its UTF-16 name")
	check(b.call("BCryptOpenAlgorithmProvider", new(uintptr), wide("NOPE"), nil, 0) == 0xC0000225, "an unknown one: STATUS_NOT_FOUND")

	text, digest := []byte("abc"), make([]byte, 32)
	check(b.call("BCryptCreateHash", *algorithm, hash, nil, 0, nil, 0, 0) == 0, "a hash")
	check(b.call("BCryptHashData", *hash, text, len(text), 0) == 0, "takes data")
	check(b.call("BCryptFinishHash", *hash, digest, 31, 0) == 0xC000000D, "a wrong length: STATUS_INVALID_PARAMETER")
	check(b.call("BCryptFinishHash", *hash, digest, 32, 0) == 0, "gives its value")
	known, _ := hex.DecodeString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
	check(bytes.Equal(digest, known), "which is that of FIPS 180-4")
	check(b.call("BCryptDestroyHash", *hash) == 0 && b.call("BCryptCloseAlgorithmProvider", *algorithm, 0) == 0, "both are closed")

	check(b.call("BCryptOpenAlgorithmProvider", algorithm, wide("ECDSA_P256"), nil, 0) == 0, "ECDSA_P256")
	check(b.call("BCryptGenerateKeyPair", *algorithm, key, 256, 0) == 0 && b.call("BCryptFinalizeKeyPair", *key, 0) == 0, "a key pair")
	blob, signature := make([]byte, 72), make([]byte, 64)
	check(b.call("BCryptExportKey", *key, nil, wide("ECCPUBLICBLOB"), blob, 72, size, 0) == 0 && *size == 72 &&
		binary.LittleEndian.Uint32(blob) == 0x31534345, "is exported")
	check(b.call("BCryptImportKeyPair", *algorithm, nil, wide("ECCPUBLICBLOB"), imported, blob, 72, 0) == 0, "and imported")
	check(b.call("BCryptSignHash", *key, nil, digest, 32, signature, 64, size, 0) == 0, "signs")
	check(b.call("BCryptVerifySignature", *imported, nil, digest, 32, signature, 64, 0) == 0, "is verified")
	signature[10] ^= 1
	check(b.call("BCryptVerifySignature", *imported, nil, digest, 32, signature, 64, 0) == 0xC000A000, "a changed one: STATUS_INVALID_SIGNATURE")
	check(b.call("BCryptDestroyKey", *key) == 0 && b.call("BCryptDestroyKey", *key) == 0xC0000008, "is destroyed once")
	b.call("BCryptDestroyKey", *imported)

	provider, name := new(uintptr), wide("Łódź ☃ 𝄞 go")
	check(n.call("NCryptOpenStorageProvider", provider, wide("Microsoft Software Key Storage Provider"), 0) == 0, "a key store by its name")
	check(n.call("NCryptCreatePersistedKey", *provider, key, wide("ECDSA_P256"), name, 0, 0) == 0 && n.call("NCryptFinalizeKey", *key, 0) == 0,
		"a key with a name")
	check(n.call("NCryptFreeObject", *key) == 0 && n.call("NCryptOpenKey", *provider, key, name, 0, 0) == 0, "is opened again")
	check(n.call("NCryptSignHash", *key, nil, digest, 32, signature, 64, size, 0) == 0, "signs")
	check(n.call("NCryptExportKey", *key, nil, wide("ECCPUBLICBLOB"), nil, blob, 72, size, 0) == 0 &&
		b.call("BCryptImportKeyPair", *algorithm, nil, wide("ECCPUBLICBLOB"), imported, blob, 72, 0) == 0 &&
		b.call("BCryptVerifySignature", *imported, nil, digest, 32, signature, 64, 0) == 0, "which bcrypt.h verifies")
	check(n.call("NCryptOpenKey", *provider, new(uintptr), wide("another"), 0, 0) == 0x80090016, "one that is not there: NTE_BAD_KEYSET")
	check(n.call("NCryptDeleteKey", *key, 0) == 0 && n.call("NCryptOpenKey", *provider, key, name, 0, 0) == 0x80090016, "is deleted")
	check(n.call("NCryptFreeObject", *provider) == 0, "the store is closed")
	fmt.Printf("1..%d\n", count)
	if failed != 0 {
		os.Exit(1)
	}
}
