/// What ``GeneralisingScript`` runs for each system of a disk. Nothing of the system's own is run.
///
/// What is removed follows https://systemd.io/BUILDING_IMAGES/ and `cloud-init clean`, whose source names what cloud-init
/// writes: https://github.com/canonical/cloud-init/blob/main/cloudinit/cmd/clean.py.
enum CleaningScript {
  /// The program: a line `system NAME` on standard output, warnings before it; a status other than 0, with the reason on
  /// standard error, where something could not be removed.
  static let text = #"""
    #!/bin/sh
    # Takes away what makes one machine of the system in whose root directory it runs, with busybox in /proc and no /dev.
    cd /

    fail() {
      echo "$*" >&2
      exit 1
    }
    # remove FILE…: removes files and directories.
    remove() { rm -rf -- "$@" || fail "cannot remove $1"; }
    # empty DIRECTORY…: removes what lies in directories.
    empty() {
      for directory; do
        if [ -d "$directory" ]; then
          find "$directory/" -mindepth 1 -maxdepth 1 -exec rm -rf {} + || fail "cannot empty $directory"
        fi
      done
    }
    has() { for file; do if [ -e "$file" ]; then return 0; fi; done; return 1; }

    # Who it is. systemd makes a machine ID where the file is empty, others where there is none.
    if has usr/lib/systemd/systemd lib/systemd/systemd; then
      if [ -f etc/machine-id ]; then truncate -s 0 etc/machine-id || fail "cannot empty etc/machine-id"; fi
    else
      remove etc/machine-id
    fi
    if [ ! -L var/lib/dbus/machine-id ]; then remove var/lib/dbus/machine-id; fi
    if [ -s etc/hostname ]; then
      { truncate -s 0 etc/hostname && echo localhost >>etc/hostname; } || fail "cannot write etc/hostname"
    fi
    if has etc/ssh/ssh_host_*; then
      remove etc/ssh/ssh_host_*
      has usr/bin/cloud-init usr/local/bin/cloud-init etc/init.d/sshd usr/lib/systemd/system/sshd-keygen* \
        usr/lib/systemd/system/sshdgenkeys.service ||
        echo "warning nothing in it makes SSH host keys: its guests have to do that themselves (ssh-keygen -A)"
    fi
    remove etc/dropbear/dropbear_*_host_key etc/nvme/hostnqn etc/nvme/hostid
    if [ -f etc/iscsi/initiatorname.iscsi ]; then
      remove etc/iscsi/initiatorname.iscsi
      # Debian's iscsid makes a name where that is asked for, others where there is no file.
      if has var/lib/dpkg; then echo GenerateName=yes >etc/iscsi/initiatorname.iscsi; fi
    fi
    # Where it is registered.
    remove etc/krb5.keytab etc/pki/consumer/* var/lib/ubuntu-advantage/private/*

    # What it draws random numbers and secrets from.
    remove var/lib/systemd/random-seed var/lib/systemd/credential.secret var/lib/urandom/random-seed var/lib/seedrng \
      var/lib/misc/random-seed boot/loader/random-seed efi/loader/random-seed boot/efi/loader/random-seed

    # Nestor's agent with its key, which each guest is brought.
    remove etc/nestor/agent.key* usr/lib/nestor/nestor-agent* etc/systemd/system/nestor-agent.service* \
      etc/systemd/system/sysinit.target.wants/nestor-agent.service
    rmdir etc/nestor usr/lib/nestor 2>/proc/ignored

    # What cloud-init did to it, and has to do again; its configuration and the user's own scripts stay.
    for name in instance instances data sem handlers; do remove "var/lib/cloud/$name"; done
    remove etc/netplan/50-cloud-init.yaml etc/network/interfaces.d/50-cloud-init* etc/systemd/network/*-cloud-init-* \
      etc/NetworkManager/system-connections/cloud-init-* etc/NetworkManager/conf.d/*-cloud-init* \
      etc/udev/rules.d/*persistent-net*.rules etc/ssh/sshd_config.d/50-cloud-init.conf
    for file in etc/sysconfig/network-scripts/ifcfg-* etc/sysconfig/network/ifcfg-*; do
      if [ -f "$file" ] && grep -q 'reated by cloud-init' "$file"; then remove "$file"; fi
    done

    # What networks knew it by.
    empty var/lib/dhcp var/lib/dhclient var/lib/dhcpcd var/lib/wicked var/lib/systemd/network
    remove etc/dhcpcd.duid etc/dhcpcd.secret var/lib/NetworkManager/secret_key var/lib/NetworkManager/*.lease \
      var/lib/NetworkManager/timestamps var/lib/NetworkManager/seen-bssids

    # What it and its users did.
    empty var/lib/systemd/coredump var/crash tmp var/tmp
    for home in root home/* $(cut -d : -f 6 etc/passwd 2>/proc/ignored | sort -u); do
      for file in "$home"/.*_history "$home/.zhistory" "$home/.histfile" "$home/.lesshst" \
        "$home/.local/share/fish/fish_history"; do
        if [ -f "$file" ]; then remove "$file"; fi
      done
    done
    if [ -d var/log/journal ]; then
      find var/log/journal/ -mindepth 1 -maxdepth 1 -type d -exec rm -rf {} + || fail "cannot remove its journal"
    fi
    # Programs go on to write to logs that are theirs; those that were put aside are nobody's.
    if [ -d var/log ]; then
      find var/log/ -type f \( -name '*.gz' -o -name '*.xz' -o -name '*.zst' -o -name '*.bz2' -o -name '*.old' \
        -o -name '*.[0-9]' -o -name '*.[0-9][0-9]' -o -name '*-20[0-9][0-9][01][0-9][0-3][0-9]' \) -exec rm -f {} + \
        -o -type f -size +0c -exec truncate -s 0 {} + || fail "cannot empty its logs"
    fi

    name=$(sed -n 's/^PRETTY_NAME=//p' etc/os-release usr/lib/os-release 2>/proc/ignored | head -n 1 | tr -d '"')
    echo "system ${name:-Linux}"

    """#
}
