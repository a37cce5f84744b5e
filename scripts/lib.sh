# What the scripts share. Sourced, never run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
swift_version=6.3.1
# The key that signs Swift 6 releases, as published on swift.org/install/linux and in the official images.
swift_key=52BB7E3DE28A71BE22EC05FFEF80A866B47A981F
swift_home=/opt/swift-$swift_version
# Files that say which daemons these scripts started, so that only those are stopped again.
services=/run/nestor/services

say() { printf '==> %s\n' "$*" >&2; }

die() {
  printf 'error: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

need_root() {
  [ "$(id -u)" = 0 ] || die "$0 installs packages and starts libvirt, so it runs as root" "try: sudo $0"
}

has_systemd() { [ -d /run/systemd/system ]; }

# Installs those of the named packages that are missing, and says nothing when none is.
install_packages() {
  local missing=() package
  for package in "$@"; do
    [ -n "$package" ] || continue
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} != 0 ] || return 0
  command -v apt-get >/dev/null || die "these packages are missing and there is no apt-get: ${missing[*]}"
  say "installing ${#missing[@]} Debian packages"
  local log
  log=$(mktemp)
  if ! { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
    -o Dpkg::Options::=--force-confold "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "apt-get could not install: ${missing[*]}" "its whole output is in $log"
  fi
  rm -f "$log"
}

is_swift_new_enough() {
  local version
  version=$("$1" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  [ -n "$version" ] && [ "$(printf '%s\n6.3\n' "$version" | sort -V | head -n 1)" = 6.3 ]
}

# Leaves a Swift 6.3 or later first on PATH, fetching the official one where there is none.
use_swift() {
  local found
  found=$(command -v swift || true)
  if [ -n "$found" ] && is_swift_new_enough "$found"; then return; fi
  if [ -x "$swift_home/usr/bin/swift" ]; then
    PATH=$swift_home/usr/bin:$PATH
    return
  fi
  fetch_swift
  PATH=$swift_home/usr/bin:$PATH
}

fetch_swift() {
  [ "$(uname -m)" = x86_64 ] || die "no Swift 6.3 on PATH, and this script knows the toolchain for x86-64 only" \
    "install Swift 6.3 from https://www.swift.org/install/linux and run this again"
  install_packages ca-certificates curl gnupg
  local name=swift-$swift_version-RELEASE-debian12 folder
  local url=https://download.swift.org/swift-$swift_version-release/debian12/swift-$swift_version-RELEASE/$name.tar.gz
  folder=$(mktemp -d /var/tmp/nestor-swift.XXXXXX)
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  say "fetching Swift $swift_version (some 1 GB)"
  if ! { curl -fsSL --retry 3 -o "$folder/keys.asc" https://www.swift.org/keys/all-keys.asc &&
    curl -fsSL --retry 3 -o "$folder/swift.tar.gz.sig" "$url.sig" &&
    curl -fL --retry 3 --progress-bar -o "$folder/swift.tar.gz" "$url"; }; then
    die "no Swift 6.3 on PATH, and it could not be fetched from $url" \
      "install it by hand: https://www.swift.org/install/linux/tarball" \
      "then put its usr/bin on PATH, or unpack it so that $swift_home/usr/bin/swift is there, and run this again"
  fi
  mkdir -m 700 "$folder/gnupg"
  GNUPGHOME=$folder/gnupg gpg --batch --quiet --import "$folder/keys.asc" 2>/dev/null || true
  # gpg's own exit status also says yes to other keys of the file, so the signer's fingerprint is compared.
  GNUPGHOME=$folder/gnupg gpg --batch --status-fd 1 --verify "$folder/swift.tar.gz.sig" "$folder/swift.tar.gz" 2>/dev/null |
    grep -q "^\[GNUPG:\] VALIDSIG .*$swift_key\$" ||
    die "the Swift toolchain's signature is not by the release key $swift_key" "nothing was installed"
  mkdir -p "$swift_home.new"
  tar -xzf "$folder/swift.tar.gz" -C "$swift_home.new" --strip-components=1
  mv "$swift_home.new" "$swift_home"
  rm -rf "$folder"
  trap - EXIT
}

# Starts one daemon where it does not run, and remembers that it did. Its name, then its command.
start_daemon() {
  local name=$1 pid_file=/run/$1.pid
  shift
  if [ -s "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null; then return; fi
  say "starting $name"
  "$@" -d -p "$pid_file"
  mkdir -p "$services"
  cp "$pid_file" "$services/$name.pid"
}

start_libvirt() {
  if has_systemd; then
    systemctl is-active -q libvirtd.socket || systemctl is-active -q libvirtd || {
      say "starting libvirtd"
      systemctl enable -q --now libvirtd
    }
  else
    mkdir -p /run/libvirt
    start_daemon virtlogd virtlogd
    start_daemon libvirtd libvirtd
  fi
  local tries=0
  until virsh -q -c qemu:///system version >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -le 60 ] || die "libvirtd was started but does not answer after 30 s" \
      "its log: journalctl -u libvirtd, or /var/log/libvirt/libvirtd.log; try: virsh -c qemu:///system version"
    sleep 0.5
  done
}

# Stops what start_libvirt started, unless guests run; the networks go, too, since nothing manages them then.
stop_libvirt() {
  local name guests
  if is_ours libvirtd; then
    guests=$(virsh -q -c qemu:///system list --name | paste -s -d ' ')
    if [ -n "${guests// /}" ]; then
      say "libvirtd goes on, since these guests run: $guests"
      return
    fi
    for name in $(virsh -q -c qemu:///system net-list --name); do
      say "stopping the network $name"
      virsh -q -c qemu:///system net-destroy "$name" >/dev/null
    done
  fi
  for name in libvirtd virtlogd; do
    if is_ours "$name"; then
      say "stopping $name"
      kill "$(cat "$services/$name.pid")"
    fi
    rm -f "$services/$name.pid"
  done
}

# Leaves an LXD or Incus that answers; prints why there is none where that cannot be.
start_containers() {
  local client daemon program
  for client in lxc incus; do
    if command -v "$client" >/dev/null && timeout 60 "$client" query /1.0 >/dev/null 2>&1; then return 0; fi
  done
  if command -v lxd >/dev/null; then
    daemon=lxd program=lxd client=lxc
  elif command -v incus >/dev/null; then
    daemon=incus program=incusd client=incus
  else
    echo "neither LXD nor Incus is installed"
    return 1
  fi
  if has_systemd; then
    say "starting $daemon"
    systemctl enable -q --now "$daemon.socket" "$daemon.service" >&2 || true
  else
    if ! unshare --user --mount --net true 2>/dev/null; then
      echo "this machine allows no new namespaces"
      return 1
    fi
    PATH=$PATH:/usr/libexec/incus:/opt/incus/bin
    say "starting $daemon"
    mkdir -p "$services" "/var/log/$daemon"
    setsid "$program" --group root --logfile "/var/log/$daemon/$daemon.log" </dev/null >"/var/log/$daemon/output" 2>&1 &
    echo $! >"$services/$program.pid"
    disown
  fi
  local tries=0
  until timeout 20 "$client" query /1.0 >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 60 ]; then
      echo "$daemon was started but does not answer after 30 s; its log is in /var/log/$daemon"
      return 1
    fi
    sleep 0.5
  done
}

# Stops the LXD or Incus that start_containers started, unless containers run.
stop_containers() {
  local name running
  for name in lxd:lxc incusd:incus; do
    local daemon=${name%:*} client=${name#*:}
    if is_ours "$daemon"; then
      running=$("$client" list --format csv -c ns | sed -n 's/,RUNNING$//p' | paste -s -d ' ')
      if [ -n "$running" ]; then
        say "$daemon goes on, since these containers run: $running"
        continue
      fi
      say "stopping $daemon"
      if [ "$client" = lxc ]; then lxd shutdown --timeout 60; else incus admin shutdown --timeout 60; fi
    fi
    rm -f "$services/$daemon.pid"
  done
}

# Whether the daemon runs that start_daemon started; a process that ended and that nobody has waited for has no exe.
is_ours() {
  local pid
  [ -s "$services/$1.pid" ] || return 1
  pid=$(cat "$services/$1.pid")
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$1" ] && [ -e "/proc/$pid/exe" ]
}
