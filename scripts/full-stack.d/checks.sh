# What has to hold, one function a check. Sourced by scripts/full-stack.
# shellcheck disable=SC2016 # lines for other shells are in single quotes

# The checks in their order, what each says and which others it needs, by their functions.
order=()
declare -A says needs is_must is_wanted is_on_new_host

# Notes a check: what has to hold, its function, and the checks without which it cannot be tried.
check() {
  declare -F "$2" >/dev/null || die "the check '$2' is no function"
  order+=("$2")
  says[$2]=$1
  needs[$2]=${*:3}
}

# Like check, and nothing is tried behind it where it fails.
must() {
  check "$@"
  is_must[$2]=yes
}

# Like must, on a host that is started anew with this number of processors.
on_new_host() {
  must "${@:2}"
  is_on_new_host[$3]=$1
}

list_checks() {
  on_new_host 2 "the host has KVM, vhost-net and vhost-vsock" host_is_able
  must "nestor-host plans and applies, and then has nothing to do" host_is_prepared host_is_able
  must "nestor-host launches an unprivileged container" container_starts host_is_prepared
  if [ $bench = yes ]; then
    check "packets go from guest to guest, Nestor's beside those of QEMU by hand" packets_are_measured container_starts
    return
  fi
  check "virt-host-validate finds no FAIL in the container" container_validates container_starts
  check "nestor doctor finds no FAIL in the container" doctor_is_content container_starts
  must "guests start, and their own logs say KVM" guests_run_under_kvm container_starts
  check "vhost-net serves their cards" vhost_net_serves guests_run_under_kvm
  check "nestor exec answers over vsock" exec_over_vsock guests_run_under_kvm
  check "files are copied over vsock" copy_over_vsock guests_run_under_kvm
  check "guests get addresses, and reach each other and the container" guests_reach_each_other guests_run_under_kvm
  check "a guest is on the host's own network, with vhost-net" guest_is_on_the_lan container_starts
  check "what a guest sends is kept to its rate" rate_is_limited guest_is_on_the_lan
  check "a guest wakes from its saved memory" guest_wakes guests_run_under_kvm
  check "copies of a running guest are guests of their own" guest_is_copied guest_wakes
  check "a guest goes through an archive, and comes back or is another" guest_is_moved guests_run_under_kvm
  check "a guest's disk becomes an image, over which another guest runs" guest_becomes_an_image guests_run_under_kvm
  check "a vsock is unplugged and plugged in again" vsock_is_plugged guests_run_under_kvm
  check "a running guest goes back to a snapshot" guest_goes_back guest_is_on_the_lan
  check "a guest whose kernel panics goes off, and says why" guest_panics guest_is_on_the_lan
  # What takes long, and is new in this libvirt or shown by other tests as well.
  if [ "$suite" = trixie ]; then
    check "a restarted guest answers" guest_restarts guests_run_under_kvm
    check "a guest goes back to its disks alone" guest_goes_back_to_disks guest_goes_back
    check "a UEFI guest goes back, with the file of its variables, and is copied as it runs" uefi_guest_goes_back \
      guests_run_under_kvm
  fi
  if [ "$short" = no ]; then
    must "a second container runs a guest at the same time" second_container_runs guests_run_under_kvm
    check "a context ID that the other container has is refused, or avoided" context_ids_do_not_clash second_container_runs
    check "a stranger in the other container is refused by the agent" stranger_is_refused second_container_runs
    check "a guest that goes back or wakes keeps clear of a taken context ID" revival_avoids_taken_id \
      second_container_runs guest_goes_back
    if [ "$suite" = trixie ]; then
      check "guests are saved when their container stops, and wake with it" container_restarts second_container_runs
    fi
  fi
  check "guests leave nothing behind" guests_are_deleted guests_run_under_kvm
  check "nestor-host undoes what it did" host_is_as_before container_starts
  # An emulated host with two processors at times dies of a whole Debian under its KVM.
  if [ "$suite" = trixie ]; then
    on_new_host 1 "a new host with one processor gets a container" host_has_container
    check "a Debian guest says by itself that it is up" debian_says_that_it_is_up host_has_container
    check "ssh goes to the server that its systemd has on vsock" ssh_goes_over_vsock debian_says_that_it_is_up
    check "a copy of a Debian guest has an identity of its own, and its disks can be kept while it runs" debian_is_copied \
      debian_says_that_it_is_up
  fi
}

# Takes in a check with all that it needs; its function.
want() {
  local other
  [ -n "${says[$1]:-}" ] || die "there is no check '$1' on $host" "the checks: scripts/full-stack --host $host --list"
  is_wanted[$1]=yes
  for other in ${needs[$1]}; do want "$other"; done
}

# Runs the checks that are wanted.
run_checks() {
  local name before
  for name in "${order[@]}"; do
    [ -n "${is_wanted[$name]:-}" ] || continue
    [ -z "${is_on_new_host[$name]:-}" ] || start_machine "${is_on_new_host[$name]}"
    before=$failed
    run_check "$name"
    if [ "$failed" != "$before" ] && [ -n "${is_must[$name]:-}" ]; then
      printf '%d passed, %d failed; what builds on it was not tried\n' "$passed" "$failed"
      exit 1
    fi
  done
}

# Runs a check in a subshell and prints its line.
run_check() {
  local name=${says[$1]} start=$SECONDS status log
  log=$logs/check-$((passed + failed + 1))-$1.log
  : >"$run/why"
  if ! is_machine_alive; then
    failed=$((failed + 1))
    printf 'FAIL %s: not tried, since the emulated host has died; see %s\n' "$name" "$journals"
    return
  fi
  set +e
  (set -ex; "$1") >"$log" 2>&1
  status=$?
  set -e
  if [ $status = 0 ]; then
    passed=$((passed + 1))
    printf 'PASS %s (%d s)\n' "$name" $((SECONDS - start))
    return
  fi
  failed=$((failed + 1))
  # Without a reason of its own, the last line that is no trace of the shell's, if there is one.
  [ -s "$run/why" ] || sed -n '/^+/! { /./p }' "$log" | tail -n 1 >"$run/why"
  [ -s "$run/why" ] || echo "it ended with status $status$([ $status != 124 ] || echo ', as a command took too long')" >"$run/why"
  is_machine_alive || echo "the emulated host has died; see $journals" >"$run/why"
  printf 'FAIL %s: %s (%d s; %s)\n' "$name" "$(cat "$run/why")" $((SECONDS - start)) "$log"
}

fail() {
  printf '%s\n' "$*" >"$run/why"
  exit 1
}

# Fails unless a text holds another; the text, the other, and what it was to show.
holds() {
  [[ $1 == *"$2"* ]] || fail "$3: '$2' is not in: ${1:0:300}"
}

guest_cid() {
  nestor "$1" info "$2" --format json | sed -n 's/.*"cid" *: *\([0-9]*\).*/\1/p'
}

# The host's number of a guest's QEMU; the guest's UUID tells it from others.
qemu_of() {
  local uuid
  uuid=$(nestor "$1" info "$2" --format json | sed -n 's/.*"uuid" *: *"\([^"]*\)".*/\1/p')
  on_host "pgrep -f -- '-uuid $uuid'"
}

# Starts a guest in a container that has a context ID.
squat() {
  in_container "$1" "printf 'extends: tiny\nvsock:\n  cid: $2\n' >/tmp/squatter.yaml"
  nestor "$1" run /tmp/squatter.yaml squatter
}

# ---- the checks ----

host_is_able() {
  on_host 'modprobe kvm_amd || modprobe kvm_intel; modprobe -a tun vhost_net vhost_vsock btrfs
    for device in kvm net/tun vhost-net vhost-vsock vsock; do ls -l /dev/$device || exit 1; done'
  on_host 'cat /sys/module/apparmor/parameters/enabled' | grep -qx Y || fail "AppArmor is off"
}

host_is_prepared() {
  local text
  prepare_daemon
  nestor_host doctor
  text=$(nestor_host plan)
  printf '%s\n' "$text"
  holds "$text" "linux.kernel_modules" "the plan"
  nestor_host apply
  text=$(nestor_host plan)
  printf '%s\n' "$text"
  [[ $text != *linux.kernel_modules* ]] || fail "the plan is not empty after apply: $text"
}

host_has_container() {
  host_is_able
  host_is_prepared
  container_starts
}

container_starts() {
  launch one
  local map
  map=$(in_container one 'cat /proc/self/uid_map')
  [[ $map =~ ^\ *0\ +[1-9][0-9]+ ]] || fail "its root is the host's root: $map"
  in_container one 'systemctl is-system-running || systemctl --failed --no-legend'
  holds "$(nestor_host list)" one "nestor-host list"
}

container_validates() {
  local report
  report=$(in_container one 'virt-host-validate qemu' || true)
  printf '%s\n' "$report"
  holds "$report" "vhost-net" "virt-host-validate said nothing of use"
  [[ $report != *FAIL* ]] || fail "$(grep FAIL <<<"$report" | head -n 3 | paste -s -d ';')"
}

doctor_is_content() {
  local report status attempt
  # On a busy machine the speed of KVM may be misjudged; what else it finds is the same each time.
  for attempt in 1 2 3; do
    status=0
    report=$(nestor one doctor) || status=$?
    grep -Eq '^(WARN|FAIL) +kvm ' <<<"$report" || break
  done
  printf '%s\n' "$report"
  [ $status = 0 ] || fail "$(grep '^FAIL' <<<"$report" | head -n 3 | paste -s -d ';')"
  local name
  for name in kvm tun vhost-net vhost-vsock vsock; do
    grep -Eq "^PASS +$name " <<<"$report" || fail "$(grep -E "^[A-Z]+ +$name " <<<"$report")"
  done
}

guests_run_under_kvm() {
  local guest log
  nestor one run tiny g1 g2 --wait --timeout 400
  for guest in g1 g2; do
    log=$(nestor one exec "$guest" -- dmesg)
    grep -i hypervisor <<<"$log"
    holds "$log" "Hypervisor detected: KVM" "the kernel's log of $guest"
  done
  [ "$(nestor one info g1 --format json | grep -c '"accelerator" *: *"kvm"')" = 1 ] || fail "nestor info does not say kvm"
}

vhost_net_serves() {
  local guest process workers open
  for guest in g1 g2; do
    process=$(qemu_of one "$guest")
    open=$(on_host "ls -l /proc/$process/fd")
    holds "$open" /dev/vhost-net "QEMU's open files"
    # A worker each for the card and for the vsock, named after the process that they work for.
    workers=$(on_host "ps -eLo comm= | grep -cx 'vhost-$process'" || true)
    [ "${workers:-0}" -ge 2 ] || fail "$guest has ${workers:-0} vhost workers on the host instead of 2"
  done
}

exec_over_vsock() {
  local cid status=0 xml
  cid=$(guest_cid one g1)
  [ "$cid" -ge 3 ] || fail "it has the context ID '$cid'"
  xml=$(nestor one xml g1)
  [[ $xml != *org.nestor.agent* ]] || fail "it has ports, which would be used in vsock's place"
  holds "$(nestor one exec g1 -- sh -c 'echo out; echo err >&2; exit 42' 2>/dev/null || echo "status $?")" \
    $'out\nstatus 42' "its output and status"
  nestor one exec g1 -- true || status=$?
  [ $status = 0 ] || fail "status $status for a program that ended well"
  holds "$(nestor one exec g1 g2 -- hostname)" "g2: g2" "both answer at once"
}

copy_over_vsock() {
  in_container one 'head -c 8M /dev/urandom >/tmp/sent && nestor cp /tmp/sent g1:/tmp/there &&
    nestor cp g1:/tmp/there /tmp/back && cmp /tmp/sent /tmp/back && nestor exec g1 -- sha256sum /tmp/there &&
    sha256sum /tmp/sent && nestor exec g1 -- rm /tmp/there'
}

guests_reach_each_other() {
  local first second
  first=$(nestor one wait g1 --for ip --timeout 120)
  second=$(nestor one wait g2 --for ip --timeout 120)
  [[ $first == 192.168.122.* && $second == 192.168.122.* && $first != "$second" ]] ||
    fail "their addresses are '$first' and '$second'"
  nestor one exec g1 -- ping -c 3 -W 10 "$second"
  nestor one exec g2 -- ping -c 3 -W 10 "$first"
  nestor one exec g1 -- ping -c 3 -W 10 192.168.122.1
  in_container one "ping -c 3 -W 10 $first"
}

guest_is_on_the_lan() {
  local address gateway process
  nestor one run /tmp/tiny-lan.yaml kept --wait --timeout 400
  address=$(nestor one wait kept --for ip --timeout 120)
  gateway=$(on_host "$client network get nestorbr0 ipv4.address")
  [ "${address%.*}" = "${gateway%.*}" ] || fail "its address is '$address' on the network $gateway"
  nestor one exec kept -- ping -c 3 -W 10 "${gateway%/*}"
  on_host "ping -c 3 -W 10 $address"
  process=$(qemu_of one kept)
  holds "$(on_host "ls -l /proc/$process/fd")" /dev/vhost-net "QEMU's open files"
}

# A MiB at 256 KiB a second, and then without a limit; the milliseconds that each took.
rate_is_limited() {
  local address limited free send
  address=$(nestor one wait kept --for ip --timeout 120)
  send="nc -ll -p 5001 -e dd if=/dev/zero bs=65536 count=16"
  nestor one exec kept -- sh -c "setsid $send </dev/null >/dev/null 2>&1 &"
  limited=$(mebibyte_from "$address")
  in_container one 'virsh -q domiftune kept "$(virsh -q domiflist kept | awk "{ print \$5 }")" --outbound 0,0,0 --live'
  free=$(mebibyte_from "$address")
  [ "$limited" -ge 2500 ] || fail "it sent a MiB in $limited ms, which its rate does not allow"
  [ "$((free * 2))" -lt "$limited" ] || fail "without a limit a MiB took $free ms, with one $limited ms"
}

# How many milliseconds the host waits for a MiB from a guest.
mebibyte_from() {
  on_host "begun=\$(date +%s%3N); n=\$(timeout 100 cat </dev/tcp/$1/5001 | wc -c); ended=\$(date +%s%3N)
    [ \$n = 1048576 ] && echo \$((ended - begun))"
}

packets_are_measured() {
  patience=3000 in_container one 'NESTOR_BENCH_INSIDE=1 NESTOR_BENCH_SLOW=1 NESTOR_PROGRAM=/usr/local/bin/nestor \
    NESTOR_STATE_DIR=/var/lib/nestor LIBVIRT_DEFAULT_URI=qemu:///system python3 /tmp/bench packets' | tee "$run/figures"
  cat "$run/figures" >&"$figures"
  grep -q "round trips.*ratio" "$run/figures"
}

guest_wakes() {
  local booted
  booted=$(nestor one exec g1 -- cat /proc/sys/kernel/random/boot_id)
  nestor one exec g1 -- sh -c 'echo kept >/tmp/kept'
  nestor one save g1
  holds "$(nestor one info g1 --format json)" '"saved"' "its status"
  nestor one start g1
  holds "$(nestor one exec g1 -- cat /tmp/kept)" kept "its memory"
  [ "$(nestor one exec g1 -- cat /proc/sys/kernel/random/boot_id)" = "$booted" ] || fail "it booted anew"
}

# With the memory, but with a name, addresses and a context ID of their own.
guest_is_copied() {
  local guest facts
  nestor one clone g1 c1 c2
  for guest in g1 c1 c2; do
    # The last is what only the memory holds, and all have in common.
    nestor one exec "$guest" -- sh -c 'hostname; cat /sys/class/net/eth0/address; cat /tmp/kept'
    guest_cid one "$guest"
    nestor one wait "$guest" --for ip --timeout 120
  done >"$run/facts"
  facts=$(cat "$run/facts")
  printf '%s\n' "$facts"
  [ "$(grep -c '^kept$' "$run/facts")" = 3 ] || fail "not all have the memory: $facts"
  [ "$(grep -vx kept "$run/facts" | sort -u | wc -l)" = 12 ] || fail "they share something: $facts"
  for guest in c1 c2; do
    grep -qx "$guest" "$run/facts" || fail "$guest does not know its name: $facts"
    nestor one exec "$guest" -- ping -c 1 -W 10 "$(nestor one wait g1 --for ip)"
  done
  nestor one delete --force c1 c2
}

guest_is_moved() {
  local guest facts cid
  nestor one create tiny m1
  cid=$(guest_cid one m1)
  in_container one 'set -e
    nestor export m1 /tmp/m1.nestor
    nestor export m1 - | nestor import-guest - --copy --name m2
    nestor delete m1
    nestor import-guest /tmp/m1.nestor
    rm /tmp/m1.nestor'
  holds "$(guest_cid one m1)" "$cid" "the context ID of the guest that came back"
  [ "$(guest_cid one m2)" != "$cid" ] || fail "the copy has the same context ID"
  nestor one start m1 m2
  for guest in m1 m2; do
    nestor one wait "$guest" --for agent --timeout 400 >/dev/null
    nestor one exec "$guest" -- sh -c 'hostname; cat /sys/class/net/eth0/address'
    holds "$(in_container one "virsh -q dumpxml $guest")" "<domain type='kvm'" "the XML of $guest"
  done >"$run/facts"
  facts=$(cat "$run/facts")
  printf '%s\n' "$facts"
  [ "$(sort -u "$run/facts" | wc -l)" = 4 ] || fail "they share something: $facts"
  nestor one delete --force m1 m2
}

# With a TPM, too. The tiny image cannot read UEFI's variables, so what snapshots their file has is looked at. The emulator of
# the host aborts over UEFI under KVM, by an assertion on virtual interrupts (QEMU 10.0), so the guest is emulated as well; it
# has no NIC, whose address a copy that is so slow would not get in time.
uefi_guest_goes_back() {
  local texts words
  texts=$(patience=1800 in_container one 'set -e
    printf "image: tiny\nmemory: 192MiB\naccelerator: tcg\nfirmware: uefi\ntpm: \"2.0\"\n" >/tmp/uefi.yaml
    nestor run /tmp/uefi.yaml u1 --wait --timeout 600 >&2
    nestor exec u1 -- sh -c "echo one >/tmp/state"
    nestor snapshot create u1 one >&2
    nestor exec u1 -- sh -c "echo two >/tmp/state"
    nestor clone u1 u2 >&2
    nestor exec u2 -- sh -c "echo copy: \$(hostname) \$(cat /tmp/state)"
    nestor snapshot revert u1 one >&2
    nestor exec u1 -- sh -c "echo reverted: \$(cat /tmp/state)"
    nestor stop --force u1 u2 >&2
    nestor snapshot revert u1 one >&2
    nestor exec u1 -- sh -c "echo woken: \$(cat /tmp/state)"
    for guest in u1 u2; do
      file=$(virsh -q dumpxml $guest | sed -n "s,.*>\(.*\)</nvram>,\1,p")
      list=$(qemu-img snapshot -U -l "$file")
      echo "$guest: ${file##*/}: $(echo "$list" | awk "NR > 2 { print \$2 }")"
    done
    nestor delete --force u1 u2 >&2')
  for words in "copy: u2 two" "reverted: one" "woken: one" "u1: nvram.qcow2: one"; do
    holds "$texts" "$words" "what the guests say"
  done
  grep -qx "u2: nvram.qcow2: " <<<"$texts" || fail "the copy has snapshots of its source: $texts"
}

guest_becomes_an_image() {
  local texts
  texts=$(in_container one 'set -e
    work=$(mktemp -d)
    trap "rm -rf $work" EXIT
    cd $work
    printf "image: tiny\nmemory: 96MiB\ndisks: [{size: 32MiB}]\n" >d1.yaml
    printf "image: tiny\nmemory: 96MiB\ndisks: [{image: base, size: 64MiB}]\n" >d2.yaml
    nestor create $work/d1.yaml d1 >&2
    mkdir -p tree/etc
    echo NAME=It >tree/etc/os-release
    echo "who it is" >tree/etc/machine-id
    echo "what it was made" >tree/etc/issue
    truncate -s 32M raw
    mkfs.ext4 -q -d tree raw
    qemu-img convert -f raw -O qcow2 raw "$(virsh -q domblklist d1 | sed -n "s/^ *vda *//p")"
    nestor image create base --from d1 >&2
    nestor delete d1 >&2
    nestor run $work/d2.yaml d2 --wait --timeout 400 >&2
    nestor exec d2 -- sh -c "cat /dev/vda" | grep -aoE "who it is|what it was made" || true
    nestor delete --force d2 >&2
    nestor image delete base >&2')
  holds "$texts" "what it was made" "the disk of a guest of the image"
  [[ $texts != *"who it is"* ]] || fail "the image has the machine ID of the guest"
  in_container one 'grep -q -- "-accel kvm" /var/log/libvirt/qemu/nestor-image-base.log' ||
    fail "the throw-away guest was emulated"
}

vsock_is_plugged() {
  in_container one '
    virsh -q dumpxml g1 | sed -n "/<vsock/,/<\/vsock>/p" >/tmp/vsock.xml
    cat /tmp/vsock.xml
    virsh -q detach-device g1 /tmp/vsock.xml --live
    i=0; while virsh -q dumpxml g1 | grep -q "<vsock"; do i=$((i+1)); [ $i -lt 60 ] || exit 1; sleep 1; done'
  if nestor one exec g1 -- true; then fail "it answers without a vsock"; fi
  in_container one '
    sed -i -e "/<address type/d" -e "/<alias/d" /tmp/vsock.xml
    virsh -q attach-device g1 /tmp/vsock.xml --live'
  nestor one exec g1 -- true
}

guest_restarts() {
  local booted
  booted=$(nestor one exec g2 -- cat /proc/sys/kernel/random/boot_id)
  nestor one restart g2 --timeout 180
  nestor one wait g2 --for agent --timeout 300
  [ "$(nestor one exec g2 -- cat /proc/sys/kernel/random/boot_id)" != "$booted" ] || fail "it did not boot anew"
}

guest_goes_back() {
  nestor one exec kept -- sh -c 'echo before >/tmp/state'
  nestor one snapshot create kept moment
  nestor one exec kept -- sh -c 'echo after >/tmp/state'
  nestor one snapshot revert kept moment
  holds "$(nestor one exec kept -- cat /tmp/state)" before "its memory after the revert"
  nestor one disk add kept --size 8MiB
  nestor one stop --force kept
  nestor one snapshot revert kept moment
  holds "$(nestor one exec kept -- cat /tmp/state)" before "its memory after a revert from being off"
  in_container one 'ls /var/lib/nestor/guests/*/disk-vdb.qcow2' && fail "the disk that was added since has left its file"
  nestor one exec kept -- sh -c 'dd if=/dev/zero of=/dev/vda bs=64k count=16 && sync'
  [ -n "$(qemu_of one kept)" ]
}

guest_panics() {
  local message i
  nestor one exec kept -- sh -c 'echo c >/proc/sysrq-trigger; sleep 600' && fail "it did not panic"
  for i in {1..30}; do
    case $(nestor one info kept --format json) in *'"crashed"'*) break ;; esac
    [ "$i" -lt 30 ] || fail "it does not show as crashed"
    sleep 1
  done
  message=$(nestor one exec kept -- true 2>&1) && fail "it answers"
  holds "$message" "Kernel panic - not syncing" "the message"
  nestor one start kept
  nestor one wait kept --for agent --timeout 400
}

guest_goes_back_to_disks() {
  local message
  message=$(nestor one snapshot create kept disks --disk-only 2>&1) && fail "two kinds of snapshots mix"
  holds "$message" "it has snapshots inside its disks" "the message"
  in_container one "printf 'extends: tiny\ndisks: [{size: 64MiB}]\n' >/tmp/disk.yaml"
  nestor one run /tmp/disk.yaml plain --wait --timeout 400
  nestor one exec plain -- sh -c 'echo before | dd of=/dev/vda conv=fsync'
  nestor one snapshot create plain disks --disk-only
  nestor one exec plain -- sh -c 'echo after! | dd of=/dev/vda conv=fsync'
  nestor one snapshot revert plain disks --running
  nestor one wait plain --for agent --timeout 400
  holds "$(nestor one exec plain -- head -c 6 /dev/vda)" before "its disk after the revert"
  nestor one snapshot delete plain disks
  holds "$(nestor one exec plain -- head -c 6 /dev/vda)" before "its disk without the snapshot"
  nestor one delete --force plain
}

second_container_runs() {
  launch two
  nestor two run tiny g1 --wait --timeout 400
  local first second
  first=$(guest_cid one g1)
  second=$(guest_cid two g1)
  [ "$first" != "$second" ] || fail "both have the context ID $first"
  nestor two exec g1 -- sh -c 'echo two >/tmp/where'
  nestor one exec g1 -- sh -c 'echo one >/tmp/where'
  holds "$(nestor two exec g1 -- cat /tmp/where)" two "the second container's guest"
  holds "$(nestor one exec g1 -- cat /tmp/where)" one "the first container's guest"
}

context_ids_do_not_clash() {
  local cid message
  cid=$(guest_cid one g1)
  # Pinned, it must be refused, with the reason.
  in_container two "printf 'extends: tiny\nvsock:\n  cid: $cid\n' >/tmp/pinned.yaml"
  message=$(nestor two run /tmp/pinned.yaml pinned 2>&1) && fail "a pinned context ID that is taken was no error"
  holds "$message" "its vsock context ID $cid is taken" "the message"
  nestor two delete --force pinned
  # Chosen by Nestor, another one must be taken: here the first container takes it before the guest starts.
  nestor two create tiny late
  cid=$(guest_cid two late)
  squat one "$cid"
  message=$(nestor two start late 2>&1)
  holds "$message" "now has the vsock context ID" "the warning"
  [ "$(guest_cid two late)" != "$cid" ] || fail "it has the same context ID"
  nestor two wait late --for agent --timeout 300
  nestor two exec late -- true
  nestor two delete --force late
  nestor one delete --force squatter
}

stranger_is_refused() {
  local cid answer
  cid=$(guest_cid one g1)
  for answer in "$(in_container two "python3 /tmp/stranger.py $cid")" \
    "$(on_host "python3 /payload/stranger.py $cid")"; do
    holds "$answer" "refused: the client does not have this guest's key" "what the agent answered"
  done
  nestor one exec g1 -- true
}

revival_avoids_taken_id() {
  local cid
  cid=$(guest_cid one kept)
  nestor one stop --force kept
  squat two "$cid"
  nestor one snapshot revert kept moment
  [ "$(guest_cid one kept)" != "$cid" ] || fail "it claims to have the context ID of the other container's guest"
  holds "$(nestor one exec kept -- cat /tmp/state)" before "its memory after the revert"
  nestor two delete --force squatter
  cid=$(guest_cid one kept)
  nestor one save kept
  squat two "$cid"
  nestor one start kept
  [ "$(guest_cid one kept)" != "$cid" ] || fail "it woke with the context ID of the other container's guest"
  holds "$(nestor one exec kept -- cat /tmp/state)" before "its memory after it woke"
  nestor two delete --force squatter
}

# Without the key nobody can ask the agent: the word that is waited for is systemd's own READY=1.
debian_says_that_it_is_up() {
  local folder
  nestor one run /tmp/debian-direct.yaml deb
  folder=/var/lib/nestor/guests/$(nestor one info deb --format json | sed -n 's/.*"uuid" *: *"\([^"]*\)".*/\1/p')/private
  in_container one "mv $folder/agent.key $folder/aside"
  patience=1500
  [ "$(nestor one wait deb --for ready --timeout 1400)" = ready ] || fail "it did not say so"
  in_container one "mv $folder/aside $folder/agent.key"
  nestor one wait deb --for cloud-init --timeout 600
  holds "$(nestor one exec deb -- cat /etc/os-release)" "VERSION_CODENAME=trixie" "its release"
}

ssh_goes_over_vsock() {
  in_container one 'test -e /root/key || ssh-keygen -q -t ed25519 -N "" -f /root/key
    nestor exec -i deb -- sh -c "mkdir -p -m 700 /root/.ssh && cat >/root/.ssh/authorized_keys" </root/key.pub'
  # A connection through the agent would have an address of the loopback interface.
  holds "$(in_container one "nestor ssh deb -- -i /root/key -o BatchMode=yes 'echo at \$SSH_CONNECTION'")" \
    "at UNKNOWN" "where ssh says it comes from"
  in_container one 'nestor ssh-config >/root/config && ssh -F /root/config -i /root/key -o BatchMode=yes nestor/deb true'
}

# One that runs goes on meanwhile, in the memory too.
debian_is_copied() {
  local facts='hostname; cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub' deb copy
  patience=900 nestor one clone deb deb2
  deb=$(nestor one exec deb -- sh -c "$facts" | sort)
  copy=$(nestor one exec deb2 -- sh -c "$facts" | sort)
  printf '%s\n' "$deb" "$copy"
  [ "$(wc -l <<<"$copy")" = 3 ] || fail "it says only: $copy"
  [ -z "$(comm -12 <(echo "$deb") <(echo "$copy"))" ] || fail "they share: $(comm -12 <(echo "$deb") <(echo "$copy"))"
  holds "$copy" deb2 "the host name of the copy"
  nestor one delete --force deb2
  nestor one exec deb -- sh -c 'echo 1 >/root/state'
  nestor one snapshot create deb disks --disk-only --quiesce
  nestor one exec deb -- sh -c 'echo 2 >/root/state && sync'
  in_container one 'virsh -q snapshot-dumpxml deb disks' | grep "snapshot='external'" || fail "it is not in a file"
  nestor one snapshot delete deb disks
  [ "$(nestor one exec deb -- cat /root/state)" = 2 ] || fail "what was written since is lost"
  nestor one delete --force deb
}

# By the daemon's own stop and start, as at the host's.
container_restarts() {
  local booted before after
  booted=$(nestor two exec g1 -- cat /proc/sys/kernel/random/boot_id)
  on_host "$client stop two && $client start two"
  before=$SECONDS
  until nestor two exec g1 -- true; do
    [ $((SECONDS - before)) -lt 400 ] || fail "its guest does not answer"
    sleep 5
  done
  [ "$(nestor two exec g1 -- cat /proc/sys/kernel/random/boot_id)" = "$booted" ] || fail "its guest booted anew"
  # The clock is set once all guests are awake.
  in_container two 'until systemctl is-active -q libvirt-guests.service; do sleep 1; done'
  after=$(nestor two exec g1 -- date +%s)
  before=$(on_host 'date +%s')
  [ $((before - after)) -lt 15 ] || fail "its guest's clock is $((before - after)) s behind"
}

guests_are_deleted() {
  local container guests
  for container in $(on_host "$client list -c n -f csv"); do
    guests=$(nestor "$container" list -q)
    # shellcheck disable=SC2086 # one word each
    nestor "$container" delete --force $guests
    [ -z "$(nestor "$container" list -q)" ] || fail "guests are left in $container"
    [ -z "$(in_container "$container" 'ls /var/lib/nestor/guests')" ] || fail "files are left in $container"
  done
  [ -z "$(on_host 'pgrep qemu-system' || true)" ] || fail "a QEMU is left"
}

host_is_as_before() {
  local kind container
  for container in $(on_host "$client list -c n -f csv"); do nestor_host delete --force "$container"; done
  nestor_host undo
  for kind in profile network storage; do
    [[ $(on_host "$client $kind list") != *nestor* ]] || fail "a $kind of Nestor's is left"
  done
  [ -z "$(on_host "$client list -c n -f csv")" ] || fail "a container is left"
}
