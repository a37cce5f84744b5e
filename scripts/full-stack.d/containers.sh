# The containers in the emulated host. Sourced by scripts/full-stack.
# shellcheck disable=SC2016 # lines for other shells are in single quotes

# Runs a line of shell in a container.
in_container() {
  on_host "$client exec $1 -- sh -c $(printf '%q' "$2")"
}

# Runs nestor in a container; the container, then nestor's arguments.
nestor() {
  local container=$1
  shift
  in_container "$container" "nestor $(printf '%q ' "$@")"
}

# Runs nestor-host on the emulated host.
nestor_host() {
  on_host "/payload/bin/nestor-host $(printf '%q ' "$@")"
}

# What the host's administrator has done before: a storage pool on a disk of its own, in which a second container shares
# the first one's blocks.
prepare_daemon() {
  [ "$client" != incus ] || on_host 'systemctl start incus.socket incus.service'
  on_host "$client storage create pool btrfs source=/dev/vdc"
}

# Makes a container; what the checks need besides Nestor is put there, too.
launch() {
  local name=$1 file
  # A container's first start is most of what an emulated processor has to do here.
  patience=1500 nestor_host launch "$name" --bridge --image /payload/image --timeout 900
  for file in stranger.py tiny-lan.yaml debian-direct.yaml bench; do
    on_host "$client file push -q /payload/$file $name/tmp/$file"
  done
}
