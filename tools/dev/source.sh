# shellcheck shell=bash
# Source packages of Debian 13, for OpenSSL and for the programs of tests/ports.
#
# The machine's own package sources stay as they are: apt gets a configuration of its own in a directory of the
# caller's. The mirror is the one that the machine already uses; Debian's archive keys check what it sends.

source_suite=trixie # Debian 13, the first stable release with OpenSSL 3.5

# "URI RELEASE" of each binary package index in the machine's apt configuration, whatever file format it uses.
apt_entries() {
    # shellcheck disable=SC2016
    apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' |
        awk '$3 == "main" && !seen[$1 " " $2]++ { sub(/\/$/, "", $1); print $1, $2 }'
}

# The archives that may hold Debian 13: those from which this machine has its own release.
main_archives() {
    local codename
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    apt_entries | awk -v own="$codename" '$2 == own || $2 ~ /^(old)*stable$/ || $2 == "testing" { print $1 }' | awk '!seen[$0]++'
}

security_archive() { apt_entries | awk '$2 ~ /-security$/ { print $1; exit }'; }

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Brings the keys of the Debian 13 archive where an old copy of Debian 12's keyring package lacks them.
need_archive_keys() {
    ls /usr/share/keyrings/debian-archive-"$source_suite"-stable.* >/dev/null 2>&1 && return 0
    upgrade_package debian-archive-keyring "the archive keys of Debian 13 are missing"
    ls /usr/share/keyrings/debian-archive-"$source_suite"-stable.* >/dev/null 2>&1 ||
        die "the package debian-archive-keyring here is too old to know Debian 13's keys" \
            "Needed: 2023.3+deb12u2 or newer. Without it: repeat the command with --system-openssl"
}

# apt_private DIR COMMAND...: apt-get with lists, cache and sources under DIR, the machine's proxies and options kept.
apt_private() { apt_private_tool apt-get "$@"; }

# The same for apt-cache.
apt_private_cache() { apt_private_tool apt-cache "$@"; }

apt_private_tool() {
    local tool=$1 dir=$2
    shift 2
    "$tool" -q -o Dir::Etc::SourceList="$dir/sources.list" -o Dir::Etc::SourceParts=- \
        -o Dir::State="$dir/state" -o Dir::State::Lists="$dir/lists" -o Dir::State::status=/var/lib/dpkg/status \
        -o Dir::Cache="$dir/cache" -o Acquire::Languages=none -o Acquire::IndexTargets::deb-src::DEP-11::DefaultEnabled=false \
        -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Debug::NoLocking=true -o APT::Update::Error-Mode=any -o APT::Get::AllowUnauthenticated=false \
        -o Acquire::AllowInsecureRepositories=false "$@"
}

# The versions of PACKAGE that begin with PREFIX and that the lists under DIR know, newest first.
listed_versions() {
    apt_private_cache "$1" showsrc --only-source "$2" 2>/dev/null | sed -n 's/^Version: //p' |
        awk -v prefix="$3" 'index($0, prefix) == 1' | sort -rVu
}

# use_archive DIR ARCHIVE SUITES: the lists under DIR are those of ARCHIVE. Fetched once for each run of ./dev and DIR.
use_archive() {
    local dir=$1 archive=$2 suites=$3 security wanted own
    wanted="deb-src [signed-by=$keyring] $archive $source_suite main"
    case $suites in
    security)
        security=$(security_archive)
        [ -n "$security" ] || return 1
        wanted+=$'\n'"deb-src [signed-by=$keyring] $security $source_suite-security main"
        ;;
    unstable) wanted+=$'\n'"deb-src [signed-by=$keyring] $archive sid main" ;;
    own)
        own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
        [ -n "$own" ] && [ "$own" != "$source_suite" ] || return 1
        wanted="deb-src [signed-by=$keyring] $archive $own main"
        ;;
    esac
    [ "$(cat "$dir/fetched.$$" 2>/dev/null)" != "$wanted" ] || return 0
    # What did not answer once in this run is not asked again.
    ! grep -qsxF "$archive ($suites)" "$dir/silent.$$" || return 1
    echo "== $archive ($suites)"
    rm -f "$dir"/fetched.*
    find "$dir" -maxdepth 1 -name 'silent.*' ! -name "silent.$$" -delete
    echo "$wanted" >"$dir/sources.list"
    if ! apt_private "$dir" update; then
        echo "$archive ($suites)" >>"$dir/silent.$$"
        return 1
    fi
    echo "$wanted" >"$dir/fetched.$$"
}

# fetch_source DIR PACKAGE PREFIX [SUITES]: leaves the checked source package, of a version that begins with PREFIX, in DIR/source.
#
# An archive may list a version before its mirrors have the files, or after they dropped them; so every version that
# is listed is tried, first those of Debian 13 with its security updates, then one that unstable still lists. SUITES "own" looks
# in this machine's release instead.
fetch_source() {
    local dir=$1 package=$2 prefix=$3 where=${4:-security plain unstable} archive suites version
    mkdir -p "$dir"/{state,lists/partial,cache/archives/partial,source}
    chmod -R a+rX "$dir"
    # As root, apt downloads as its own user _apt, which has to be able to write here.
    [ "$(id -u)" -ne 0 ] || chown _apt "$dir/source" 2>/dev/null || true
    for archive in $(main_archives); do
        for suites in $where; do
            use_archive "$dir" "$archive" "$suites" || continue
            for version in $(listed_versions "$dir" "$package" "$prefix"); do
                echo "== $version"
                rm -f "$dir/source/${package}"_*.dsc
                if (cd "$dir/source" && apt_private "$dir" source --download-only --only-source "$package=$version"); then
                    return 0
                fi
            done
        done
    done
    return 1
}
