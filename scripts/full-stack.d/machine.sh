# The emulated host: its parts, made once and kept in the cache, its start and its end. Sourced by scripts/full-stack.
# shellcheck disable=SC2016,SC2054 # lines for other shells are in single quotes; QEMU's options have commas

# QEMU 10, since 7.2 locked up after a quarter of an hour of emulating a hypervisor.
emulator_suite=trixie
emulator_packages=qemu-system-x86,seabios,ipxe-qemu
host_packages=(apparmor bridge-utils btrfs-progs ca-certificates dbus dnsmasq-base e2fsprogs initramfs-tools iproute2
  iptables iputils-ping kmod libcap2-bin linux-image-amd64 nftables openssh-server procps python3-minimal rsync
  squashfs-tools systemd-resolved systemd-sysv udev uidmap zstd)
memory=8192
# Passed to mmdebstrap wherever a tree is made; the copyright files stay.
slim=(--mode=root --variant=minbase --components=main --aptopt='Acquire::Languages "none"'
  --aptopt='APT::Install-Recommends "false"' --dpkgopt=path-exclude=/usr/share/man/*
  --dpkgopt=path-exclude=/usr/share/info/* --dpkgopt=path-exclude=/usr/share/locale/*
  --dpkgopt=path-include=/usr/share/locale/locale.alias --dpkgopt=path-exclude=/usr/share/doc/*
  --dpkgopt=path-include=/usr/share/doc/*/copyright)

# One run at a time makes what lies in the cache, or starts a host from it; a second one finds it there.
lock_cache() {
  [ -z "$cache_lock" ] || return 0
  exec {cache_lock}>"$cache/lock"
  flock -n "$cache_lock" || { say "another run uses $cache; waiting for it"; flock "$cache_lock"; }
}

# Whether a thing in the cache was made by the recipe as it is now: its name, then all that the recipe is made of.
is_cached() {
  local name=$1
  shift
  printf '%s\n' "$@" | sha256sum | cut -d ' ' -f 1 >"$run/recipe"
  cmp -s "$run/recipe" "$cache/$name/recipe"
}

# Runs a recipe in a folder aside, which then takes the thing's place; its name, its function, and the function's arguments.
make_cached() {
  local name=$1 begun=$SECONDS log=$logs/make-$1.log
  say "making $name, which later runs find in $cache"
  cp "$run/recipe" "$run/recipe.new"
  rm -rf "$cache/$name.new"
  mkdir -p "$cache/$name.new"
  set +e
  (set -e; cd "$cache/$name.new"; "${@:2}") >"$log" 2>&1
  local status=$?
  set -e
  if [ $status != 0 ]; then
    rm -rf "$cache/$name.new"
    tail -n 15 "$log" >&2
    die "could not make $name" "the whole log is in $log"
  fi
  mv "$run/recipe.new" "$cache/$name.new/recipe"
  rm -rf "${cache:?}/$name"
  mv "$cache/$name.new" "$cache/$name"
  say "made $name in $((SECONDS - begun)) s"
}

build_programs() {
  local product log=$logs/build.log
  use_swift
  cd "$root" || exit
  for product in nestor nestor-agent nestor-host; do
    say "building $product"
    swift build -c release --static-swift-stdlib --product "$product" -j "$(nproc)" >>"$log" 2>&1 || {
      tail -n 30 "$log" >&2
      die "the build failed" "its whole output is in $log"
    }
  done
  programs=$root/.build/release
}

make_emulator() {
  is_cached emulator "$emulator_suite" "$emulator_packages" "$(declare -f emulator_recipe)" ||
    make_cached emulator emulator_recipe
}

emulator_recipe() {
  mmdebstrap "${slim[@]}" --include="$emulator_packages" "$emulator_suite" tree
  mkdir -p tree/run/nestor
}

make_host() {
  is_cached "$host" "$suite" "${host_packages[@]}" "$(declare -f host_recipe settle_host)" ||
    make_cached "$host" host_recipe
}

# Fills the current folder with the host's disk, kernel, initramfs, and the key that opens it.
host_recipe() {
  local packages=("${host_packages[@]}") kernel
  case $client in
    lxc) packages+=(lxd lxd-client) ;;
    incus) packages+=(incus incus-client) ;;
  esac
  mmdebstrap "${slim[@]}" --include="$(IFS=, && echo "${packages[*]}")" "$suite" tree
  settle_host tree
  kernel=$(basename tree/boot/vmlinuz-*)
  cp "tree/boot/$kernel" kernel
  cp "tree/boot/initrd.img-${kernel#vmlinuz-}" initramfs
  mkfs.ext4 -q -F -L root -d tree -E lazy_itable_init=1 disk 12G
  rm -rf tree
}

settle_host() {
  local tree=$1 unit
  echo full-stack >"$tree/etc/hostname"
  echo '127.0.0.1 localhost full-stack' >"$tree/etc/hosts"
  printf '%s\n' 'LABEL=root / ext4 rw,noatime 0 1' 'LABEL=payload /payload ext4 ro 0 0' >"$tree/etc/fstab"
  mkdir -p "$tree/payload" "$tree/etc/systemd/network" "$tree/etc/systemd/journald.conf.d"
  printf '%s\n' '[Match]' 'Name=en*' '[Network]' 'DHCP=ipv4' >"$tree/etc/systemd/network/10-nic.network"
  printf '%s\n' '[Journal]' 'Storage=volatile' >"$tree/etc/systemd/journald.conf.d/volatile.conf"
  chroot "$tree" systemctl -q enable systemd-networkd
  # They would only take time from the checks.
  for unit in systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer \
    e2scrub_reap.service fstrim.timer; do
    chroot "$tree" systemctl -q mask "$unit"
  done
  ssh-keygen -q -t ed25519 -N '' -f key
  install -d -m 700 "$tree/root/.ssh"
  install -m 600 key.pub "$tree/root/.ssh/authorized_keys"
  rm -f "$tree"/etc/ssh/ssh_host_*
  ssh-keygen -q -t ed25519 -N '' -f "$tree/etc/ssh/ssh_host_ed25519_key"
}

# The container's image by nestor-host itself. A new build of the programs is no reason to make it anew, since a launch puts
# them into each container again.
make_container_image() {
  NESTOR_STATE_DIR=$cache/state NESTOR_RUN_DIR=$run/nestor "$programs/nestor" image build tiny >"$logs/tiny.log" 2>&1 || {
    cat "$logs/tiny.log" >&2
    die "could not make the tiny image"
  }
  guest_images=("$cache/state/images/tiny")
  # Its systemd says by itself when it is up, and has an SSH server on vsock.
  if [ "$suite" = trixie ]; then
    is_cached guest-trixie "$(cat "$root"/Sources/NestorImages/*Debian*.swift)" ||
      make_cached guest-trixie guest_image_recipe trixie
    guest_images+=("$cache/guest-trixie/images/trixie")
  fi
  is_cached "container-$suite" "$suite" "$(cat "$root"/Sources/{HostSetup/Image/*,NestorImages/DebianImageParts}.swift)" \
    "$(cat "${guest_images[@]/%//image.json}")" || make_cached "container-$suite" container_image_recipe
  image=$cache/container-$suite/image
}

guest_image_recipe() {
  NESTOR_STATE_DIR=$PWD NESTOR_RUN_DIR=$run/nestor "$programs/nestor" image build debian --suite "$1" --name "$1"
}

container_image_recipe() {
  local image options=()
  for image in "${guest_images[@]}"; do options+=(--guest-image "$image"); done
  "$programs/nestor-host" image build --suite "$suite" --output image --programs "$programs" --domains "$root/domains" \
    "${options[@]}"
}

# What differs from run to run: the programs, the templates, the image.
make_payload() {
  local tree=$run/payload program
  say "packing the programs and the image"
  mkdir -p "$tree/bin"
  for program in nestor nestor-agent nestor-host; do install -m 755 "$programs/$program" "$tree/bin/$program"; done
  cp -r "$root/domains" "$tree/domains"
  cp "$root/scripts/full-stack.d/stranger.py" "$root/scripts/full-stack.d/"*.yaml "$root/scripts/bench" "$tree/"
  cp -r "$image" "$tree/image"
  chmod -R u=rwX,go=rX "$tree"
  mkfs.ext4 -q -F -L payload -m 0 -d "$tree" "$run/payload.img" "$(($(du -sm "$tree" | cut -f 1) * 5 / 4 + 32))M" \
    2>"$logs/payload.log"
  rm -rf "$tree"
}

# Boots the host as it was made and waits until one can log in; its number of processors. One that runs is ended before.
start_machine() {
  local processors=$1 port begun=$SECONDS
  end_machine
  # Until it is up nobody else makes anew what it reads.
  lock_cache
  boots=$((boots + 1))
  journals=$logs/host-$boots
  mkdir -p "$journals"
  say "starting an emulated host (processors: $processors)"
  rm -f "$run/pool.img"
  truncate -s 24G "$run/pool.img"
  while true; do
    port=$((20000 + RANDOM % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  local arguments=(-accel tcg,thread=multi -machine q35 -cpu max,+svm,+npt,-la57 -smp "$processors" -m "$memory" -nodefaults
    -no-reboot -display none -device virtio-rng-pci -serial file:/run/nestor/run/console.log
    -kernel /run/nestor/host/kernel -initrd /run/nestor/host/initramfs
    -append 'root=LABEL=root ro console=ttyS0 quiet no_timer_check systemd.show_status=0 mitigations=off panic=-1'
    -netdev "user,id=n,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=n
    # Writes go to a temporary file that nobody else sees; nothing has to survive a crash.
    -drive file=/run/nestor/host/disk,format=raw,if=virtio,cache=unsafe,snapshot=on
    -drive file=/run/nestor/run/payload.img,format=raw,if=virtio,cache=unsafe,readonly=on
    -drive file=/run/nestor/run/pool.img,format=raw,if=virtio,cache=unsafe)
  # Its mounts end with it, and it ends with this script even by SIGKILL, unless it is to be kept.
  local guard=(setpriv --pdeathsig KILL)
  [ "$keep" = no ] || guard=(setsid)
  "${guard[@]}" unshare --mount sh -ec '
    tree=$1 run=$2 host=$3
    shift 3
    mount --rbind /dev "$tree/dev"
    mount -t proc proc "$tree/proc"
    mount -t tmpfs tmpfs "$tree/run"
    mkdir -p "$tree/run/nestor/run" "$tree/run/nestor/host"
    mount --bind "$run" "$tree/run/nestor/run"
    mount --bind "$host" "$tree/run/nestor/host"
    exec chroot "$tree" env TMPDIR=/run/nestor/run qemu-system-x86_64 "$@"
  ' sh "$cache/emulator/tree" "$run" "$cache/$host" "${arguments[@]}" {cache_lock}>&- </dev/null >"$journals/qemu.log" 2>&1 &
  machine=$!
  ssh_options=(-F none -i "$cache/$host/key" -p "$port" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null
    -o LogLevel=ERROR -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=30 -o ServerAliveCountMax=20
    -o ControlMaster=auto -o ControlPersist=yes -o "ControlPath=$run/ssh")
  until timeout 60 ssh "${ssh_options[@]}" root@127.0.0.1 true </dev/null >/dev/null 2>&1; do
    is_machine_alive || { cat "$journals/qemu.log" >&2; die "the emulator ended" "its host's console: $journals/console.log"; }
    [ $((SECONDS - begun)) -lt 400 ] || die "the emulated host cannot be logged into after 400 s" \
      "its console: $journals/console.log"
    sleep 2
  done
  exec {cache_lock}>&-
  cache_lock=
  say "the emulated host is up after $((SECONDS - begun)) s"
}

is_machine_alive() { [ -n "$machine" ] && kill -0 "$machine" 2>/dev/null; }

# Keeps the logs of the host that runs, and ends it; where none runs, does nothing.
end_machine() {
  [ -n "$machine" ] || return 0
  ! is_machine_alive || collect_logs || true
  stop_machine
  machine=
}

stop_machine() {
  cp "$run/console.log" "$journals/" 2>/dev/null || true
  ssh "${ssh_options[@]}" -O exit root@127.0.0.1 2>/dev/null || true
  kill "$machine" 2>/dev/null || return 0
  local tries
  for tries in {1..50}; do
    is_machine_alive || return 0
    sleep 0.1
  done
  kill -KILL "$machine" 2>/dev/null || true
  wait "$machine" 2>/dev/null || true
}

# Runs a line of shell on the emulated host.
on_host() {
  { local - && set +x; } 2>/dev/null
  timeout "${patience:-600}" ssh "${ssh_options[@]}" root@127.0.0.1 "$1" </dev/null
}

# Saves what the host, the containers and their libvirt have to say.
collect_logs() {
  local name patience=60
  say "collecting logs"
  on_host 'journalctl -b --no-pager -o short-monotonic' >"$journals/host.log" 2>&1
  on_host "$client list; $client info; $client network list; $client storage list" >"$journals/daemon.log" 2>&1
  for name in $(on_host "$client list -c n -f csv" 2>/dev/null); do
    in_container "$name" 'journalctl -b --no-pager -o short-monotonic' >"$journals/$name.log" 2>&1
    in_container "$name" 'for file in /var/log/libvirt/qemu/*.log /var/lib/nestor/guests/*/console.log; do
      echo "=== $file"; tail -n 400 "$file"; done' >"$journals/$name-guests.log" 2>&1
  done
}
