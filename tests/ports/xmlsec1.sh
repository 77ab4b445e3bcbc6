# shellcheck shell=bash
# xmlsec1 with its back end for CNG (src/mscng): XML signatures with keys of ncrypt.h (NCryptSignHash), keys that are transported (NCryptDecrypt), and with bcrypt.h what needs
# no private key: verification, digests, HMAC, AES and 3DES, wrapped keys. _WIN32 is not defined; its switches XMLSEC_NO_X509 and the like leave out what CNG
# has not. Not built: app.c, keysstore.c, x509.c and x509vfy.c of the back end, which are about certificate stores and key files; xmlsec_cert.h says
# what stands for the certificates by which xmlsec1 knows its keys. Debian's patches are not applied. Of Debian 13's version the mirrors have lost the
# files, so it is Debian 12's. The other side is Debian's own xmlsec1, which is built on OpenSSL.
# shellcheck disable=SC2034
source_package=xmlsec1 source_version=1.2.37- source_suites=own
port_packages="libxml2-dev xmlsec1"

xml_flags() {
    echo "-DXMLSEC_CRYPTO_MSCNG -DXMLSEC_NO_X509 -DXMLSEC_NO_XSLT -DXMLSEC_NO_CRYPTO_DYNAMIC_LOADING -DXMLSEC_NO_RIPEMD160 -DXMLSEC_NO_SHA224" \
        "-DXMLSEC_NO_GOST -DXMLSEC_NO_GOST2012 -DXMLSEC_STATIC -DPACKAGE=\"xmlsec1\" -DXMLSEC_DEFAULT_CRYPTO=\"mscng\" -D_GNU_SOURCE" \
        "-Iinclude $(pkg-config --cflags libxml-2.0) $(cng_cflags)"
}

port_build() {
    local flags name sources=() absent=() objects=$PORT_WORK/objects
    flags=$(xml_flags)
    compile "$objects/core" "$flags" src/*.c
    # The conversions to wide strings are in a file of the core that is for Windows only in that part.
    compile "$objects/core" "$flags -DXMLSEC_WINDOWS -include windows.h" src/xmltree.c
    for name in certkeys ciphers crypto digests hmac kt_rsa kw_aes kw_des signatures symkeys; do sources+=("src/mscng/$name.c"); done
    compile "$objects/cng" "$flags -include $PORT_HERE/xmlsec_cert.h" "${sources[@]}" "$PORT_HERE/xmlsec_sign.c"
    # Where app.c's functions would be in the back end's table stands NULL, which xmlsec1 calls "not implemented".
    for name in Init Shutdown KeyLoad KeyLoadMemory DefaultKeysMngrInit DefaultKeysMngrAdoptKey DefaultKeysMngrLoad DefaultKeysMngrSave; do
        absent+=("-Wl,--defsym=xmlSecMSCngApp$name=0")
    done
    # shellcheck disable=SC2046
    ${CC:-cc} -no-pie "$objects"/*/*.o "${absent[@]}" $(cng_libs) -lxml2 -o "$PORT_WORK/xmlsec_sign"
}

# decrypted KEYS XML: what comes out is upstream's, but for white space.
decrypted() { "$PORT_WORK/xmlsec_sign" "$PORT_WORK/out" decrypt "$2" "$1" | diff -qwB - "${2%.xml}.data"; }

check_documents() {
    local xml keys
    for xml in tests/aleksey-xmldsig-01/*hmac*.xml tests/merlin-xmldsig-twenty-three/*hmac*.xml; do
        check "$xml" "$PORT_WORK/xmlsec_sign" "$PORT_WORK/out" verify "$xml" tests/keys/hmackey.bin
    done
    for xml in tests/merlin-xmldsig-twenty-three/signature-envelop*-[dr]sa.xml; do
        check "$xml" "$PORT_WORK/xmlsec_sign" "$PORT_WORK/out" verify "$xml"
    done
    for xml in tests/{01-phaos-xmlenc-3,aleksey-xmlenc-01,merlin-xmlenc-five}/*.data; do
        xml=${xml%.data}.xml
        keys=${xml%/*}/keys.xml
        [ -e "$keys" ] || keys=tests/keys/keys.xml
        case $xml in
        *rsa* | *enc-two-*) result "skip $xml: wants a private key of upstream's" ;;
        *) check "$xml" bash "$PORT_HERE/common.sh" xmlsec1 decrypted "$keys" "$xml" ;;
        esac
    done
}

# Debian's xmlsec1 verifies what a key of ours signed, and encrypts to it.
check_the_other() {
    local xml key name
    for xml in "$PORT_WORK"/out/*-*.xml; do
        name=${xml##*/}
        key=${name%%-*}
        [ "$key" != template ] || continue
        check "Debian's xmlsec1 verifies ${name%.xml}" xmlsec1 --verify --pubkey-pem "$PORT_WORK/out/$key.pem" "$xml"
    done
    echo '<Document><Text>a text</Text></Document>' >"$PORT_WORK/data.xml"
    for name in rsa-1_5 rsa-oaep; do
        check "Debian's xmlsec1 encrypts, $name" xmlsec1 --encrypt --pubkey-pem:rsa "$PORT_WORK/out/rsa.pem" --session-key aes-256 \
            --xml-data "$PORT_WORK/data.xml" --node-xpath /Document/Text --output "$PORT_WORK/$name.xml" "$PORT_WORK/out/template-$name.xml"
        check "a key of ncrypt.h decrypts, $name" "$PORT_WORK/xmlsec_sign" "$PORT_WORK/out" decrypt "$PORT_WORK/$name.xml"
        check "to the text, $name" grep -q '<Text>a text</Text>' "$(out_of "a key of ncrypt.h decrypts, $name")"
    done
}

port_check() {
    local call
    export OPENCNG_HOME=$PORT_WORK/keys
    mkdir -p "$PORT_WORK/out" "$OPENCNG_HOME"
    chmod 700 "$OPENCNG_HOME"
    check_tap sign env OPENCNG_TRACE="$PORT_WORK/calls" "$PORT_WORK/xmlsec_sign" "$PORT_WORK/out"
    for call in NCryptOpenKey NCryptSignHash NCryptDecrypt BCryptVerifySignature; do
        check "it goes through $call" grep -q "$call(.*\(ERROR\|STATUS\)_SUCCESS" "$PORT_WORK/calls"
    done
    check_the_other
    check_documents
}
