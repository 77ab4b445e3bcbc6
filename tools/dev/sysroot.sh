# shellcheck shell=bash
# Libraries of another architecture, for ./dev soak: the distribution's own packages, unpacked into a folder of the cache
# instead of installed, so that the machine's package database stays as it is. The compilers are the distribution's
# cross compilers; programs of the architecture run by themselves (i386) or under qemu-user.

# What an architecture is called: Debian's name, GNU's triplet of the compiler, the folder of its libraries, its emulator.
sysroot_row() {
    case $1 in
    i386) echo "i686-linux-gnu i386-linux-gnu -" ;;
    s390x) echo "s390x-linux-gnu s390x-linux-gnu qemu-s390x" ;;
    *) die "no such architecture: $1" "There are: i386 s390x" ;;
    esac
}

# What the libraries need, and a Python to load them with; each with what it depends on.
sysroot_packages=(libssl-dev nettle-dev libgmp-dev libtasn1-6-dev libjansson-dev libsodium-dev libcmocka-dev
    python3-minimal libpython3-stdlib libgcc-s1)

# apt_foreign DIR ARCH COMMAND...: apt-get as if the machine were an ARCH with nothing installed.
apt_foreign() {
    local dir=$1 arch=$2
    shift 2
    apt-get -q -o APT::Architecture="$arch" -o APT::Architectures::="$arch" -o Dir::State="$dir/state" -o Dir::State::Lists="$dir/lists" \
        -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" -o Acquire::Languages=none -o Debug::NoLocking=true \
        -o APT::Install-Recommends=false -o APT::Sandbox::User=root "$@"
}

# Fetches the packages and all that they depend on, and unpacks them.
fill_sysroot() {
    local dir=$1 arch=$2 archive
    mkdir -p "$dir/apt/state" "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial"
    : >"$dir/apt/status"
    # A mirror that is being synchronized lacks an index for a while: whether the others are enough the next line shows.
    apt_foreign "$dir/apt" "$arch" update || echo "an index is missing"
    apt_foreign "$dir/apt" "$arch" install -y --download-only "${sysroot_packages[@]}" || return 1
    for archive in "$dir"/apt/cache/archives/*.deb; do dpkg-deb -x "$archive" "$dir" || return 1; done
    rm -rf "$dir/apt"
}

# ensure_sysroot ARCH: sets sysroot; status 1 where the packages are not to be had.
ensure_sysroot() {
    local arch=$1 triplet folder emulator log stage
    read -r triplet folder emulator <<<"$(sysroot_row "$arch")"
    need_packages "cross-$arch"
    sysroot=$(cache_dir)/sysroot-$arch
    [ ! -f "$sysroot/complete" ] || return 0
    log=$(cache_dir)/sysroot-$arch.log
    stage=$sysroot.$$
    rm -rf "$stage" "$sysroot"
    mkdir -p "$stage"
    : >"$log"
    run_logged "$log" "fetching libraries for $arch" fill_sysroot "$stage" "$arch" || return 1
    touch "$stage/complete"
    mv "$stage" "$sysroot"
}

# write_cross_file ARCH FILE: meson's description of the architecture; needs ensure_sysroot.
write_cross_file() {
    local triplet folder emulator family endian=little wrapper=
    read -r triplet folder emulator <<<"$(sysroot_row "$1")"
    case $1 in
    i386) family=x86 ;;
    *) family=$1 endian=big ;;
    esac
    [ "$emulator" = - ] || wrapper="exe_wrapper = ['$emulator', '-L', '$sysroot']"
    cat >"$2" <<END
[binaries]
c = '$triplet-gcc'
ar = '$triplet-ar'
strip = '$triplet-strip'
objcopy = '$triplet-objcopy'
nm = '$triplet-nm'
readelf = '$triplet-readelf'
pkgconfig = 'pkg-config'
$wrapper
[properties]
needs_exe_wrapper = $([ "$emulator" = - ] && echo false || echo true)
sys_root = '$sysroot'
pkg_config_libdir = '$sysroot/usr/lib/$folder/pkgconfig'
[built-in options]
c_args = ['-isystem', '$sysroot/usr/include/$folder', '-isystem', '$sysroot/usr/include']
c_link_args = ['-L$sysroot/usr/lib/$folder', '-L$sysroot/lib/$folder', '-Wl,-rpath,$sysroot/usr/lib/$folder:$sysroot/lib/$folder',
    '-Wl,-rpath-link,$sysroot/usr/lib/$folder:$sysroot/lib/$folder', '-Wl,--dynamic-linker=$(sysroot_loader "$1")']
[host_machine]
system = 'linux'
cpu_family = '$family'
cpu = '$1'
endian = '$endian'
END
}

# The dynamic linker; of an emulated architecture as seen from inside the folder.
sysroot_loader() {
    case $1 in
    i386) echo "$sysroot/lib/ld-linux.so.2" ;;
    s390x) echo /lib/ld64.so.1 ;;
    esac
}
