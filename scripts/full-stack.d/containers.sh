# The containers in the emulated host, by the daemon's client. Sourced by scripts/full-stack.
# shellcheck disable=SC2016 # lines for other shells are in single quotes

# Runs a line of shell in a container.
in_container() {
  on_host "$client exec $1 -- sh -c $(printf '%q' "$2")"
}

# A storage pool, a network and a profile, as nothing but what Nestor's container needs.
prepare_daemon() {
  local vendor=kvm_intel device
  on_host 'grep -q AuthenticAMD /proc/cpuinfo' && vendor=kvm_amd
  [ "$client" != incus ] || on_host 'systemctl start incus.socket incus.service'
  on_host "$client storage create nestor btrfs source=/dev/vdc"
  on_host "$client network create nestorbr0 ipv4.address=10.77.0.1/24 ipv4.nat=true ipv6.address=none"
  on_host "$client profile create nestor"
  on_host "$client profile set nestor security.nesting=true linux.kernel_modules=$vendor,tun,vhost_net,vhost_vsock,bridge"
  on_host "$client profile device add nestor root disk path=/ pool=nestor"
  on_host "$client profile device add nestor eth0 nic network=nestorbr0 name=eth0"
  on_host "$client profile device add nestor payload disk source=/payload path=/payload readonly=true"
  for device in kvm net/tun vhost-net vhost-vsock vsock; do
    on_host "$client profile device add nestor ${device/\//-} unix-char source=/dev/$device path=/dev/$device mode=0666"
  done
}

import_image() {
  on_host "$client image import -q /payload/metadata.tar.gz /payload/rootfs.squashfs --alias nestor"
}

# Launches a container, puts the programs in, waits until its libvirt answers.
launch() {
  local name=$1
  on_host "$client launch -q nestor $name --profile nestor"
  # systemd waits without asking again and again, which costs an emulated processor a lot; a unit that failed is not the
  # end, since that of binary formats always does in an unprivileged container.
  in_container "$name" 'systemctl is-system-running --wait; systemctl --failed --no-legend; cloud-init status --long'
  in_container "$name" '
    mkdir -p /usr/local/bin /etc/nestor /var/lib/nestor/images /usr/lib/nestor
    cp /payload/bin/nestor /usr/local/bin/
    cp /payload/bin/nestor-agent /usr/lib/nestor/
    cp -r /payload/domains /etc/nestor/
    cp -r /payload/images/tiny /var/lib/nestor/images/
    chmod 711 /var/lib/nestor /var/lib/nestor/images'
  in_container "$name" 'systemctl start libvirtd; virsh -q -c qemu:///system version'
}
