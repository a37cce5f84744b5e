# The container's image: Debian with libvirt, QEMU and what Nestor's programs need. Sourced by scripts/full-stack.

image_packages=(apparmor ca-certificates cloud-init cpio dbus dnsmasq-base e2fsprogs iproute2 iptables iputils-ping kmod
  libsodium23 libvirt-clients libvirt-daemon-driver-qemu libvirt-daemon-system libvirt0 libxml2 netbase nftables
  openssh-client procps qemu-system-x86 qemu-utils seabios systemd-resolved systemd-sysv udev xorriso zstd)

make_container_image() {
  is_cached "container-$suite" "$suite" "${image_packages[@]}" "$(declare -f image_recipe settle_image)" ||
    make_cached "container-$suite" image_recipe
}

# Fills the current folder with a split image: metadata.tar.gz and rootfs.squashfs.
image_recipe() {
  mmdebstrap "${slim[@]}" --include="$(IFS=, && echo "${image_packages[*]}")" "$suite" tree
  settle_image tree
  write_metadata
  mksquashfs tree rootfs.squashfs -noappend -quiet -no-progress -comp zstd -Xcompression-level 12 -b 256K
  rm -rf tree
}

settle_image() {
  local tree=$1 libvirt
  echo nestor >"$tree/etc/hostname"
  : >"$tree/etc/machine-id"
  rm -f "$tree"/etc/ssh/ssh_host_* "$tree/var/lib/systemd/random-seed" "$tree/etc/resolv.conf"
  ln -s ../run/systemd/resolve/stub-resolv.conf "$tree/etc/resolv.conf"
  chroot "$tree" systemctl -q enable systemd-networkd systemd-resolved
  chroot "$tree" systemctl -q disable apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer
  # cloud-init's module for locales fails where none but C can be made.
  cat >"$tree/etc/cloud/cloud.cfg.d/90-nestor.cfg" <<'END'
datasource_list: [NoCloud, LXD, None]
locale: C.UTF-8
ssh_genkeytypes: [ed25519]
no_ssh_fingerprints: true
ssh: {emit_keys_to_console: false}
END
  # In an unprivileged container extended attributes of the kind trusted.* cannot be set.
  printf '\n%s\n' 'remember_owner = 0' >>"$tree/etc/libvirt/qemu.conf"
  # Before 10.0 libvirt wants to own the devices in a guest's private /dev, which a container's root may not.
  libvirt=$(dpkg-query --admindir="$tree/var/lib/dpkg" -W -f '${Version}' libvirt0)
  if dpkg --compare-versions "$libvirt" lt 10; then echo 'namespaces = []' >>"$tree/etc/libvirt/qemu.conf"; fi
  # virt-aa-helper forgets it when a guest wakes and when a vsock is plugged in.
  mkdir -p "$tree/etc/apparmor.d/local/abstractions"
  echo '/dev/vhost-vsock rw,' >>"$tree/etc/apparmor.d/local/abstractions/libvirt-qemu"
  # A fixed place instead of a link that libvirt's package makes when it is set up for the first time.
  mkdir -p "$tree/etc/libvirt/qemu/networks/autostart"
  ln -sf ../default.xml "$tree/etc/libvirt/qemu/networks/autostart/default.xml"
}

write_metadata() {
  local folder=metadata
  mkdir -p $folder/templates
  cat >$folder/metadata.yaml <<END
architecture: x86_64
creation_date: $(date +%s)
properties:
  description: Debian $suite with libvirt and QEMU, for Nestor
  os: debian
  release: $suite
  architecture: amd64
templates:
  /etc/hostname: {when: [create, copy], template: hostname.tpl}
  /etc/hosts: {when: [create, copy], template: hosts.tpl}
  /var/lib/cloud/seed/nocloud-net/meta-data: {when: [create, copy], template: meta-data.tpl}
  /var/lib/cloud/seed/nocloud-net/user-data: {when: [create, copy], template: user-data.tpl}
  /var/lib/cloud/seed/nocloud-net/vendor-data: {when: [create, copy], template: vendor-data.tpl}
  /var/lib/cloud/seed/nocloud-net/network-config: {when: [create, copy], template: network-config.tpl}
END
  cat >$folder/templates/hostname.tpl <<'END'
{{ container.name }}
END
  cat >$folder/templates/hosts.tpl <<'END'
127.0.0.1 localhost
127.0.1.1 {{ container.name }}
::1 localhost ip6-localhost ip6-loopback
END
  cat >$folder/templates/meta-data.tpl <<'END'
instance-id: {{ container.name }}
local-hostname: {{ container.name }}
END
  local kind
  for kind in user vendor; do
    cat >$folder/templates/$kind-data.tpl <<END
{% if config_get("cloud-init.$kind-data", "") != "" %}{{ config_get("cloud-init.$kind-data", "") }}{% elif config_get("user.$kind-data", "") != "" %}{{ config_get("user.$kind-data", "") }}{% else %}#cloud-config
{}
{% endif %}
END
  done
  cat >$folder/templates/network-config.tpl <<'END'
{% if config_get("cloud-init.network-config", "") != "" %}{{ config_get("cloud-init.network-config", "") }}{% elif config_get("user.network-config", "") != "" %}{{ config_get("user.network-config", "") }}{% else %}version: 2
ethernets:
  eth0: {dhcp4: true}
{% endif %}
END
  tar -C $folder --owner=0 --group=0 --numeric-owner -czf metadata.tar.gz metadata.yaml templates
  rm -rf $folder
}
