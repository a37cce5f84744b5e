/// What runs in the throw-away guest that generalises a disk: the tiny image's init starts it, with busybox and the kernel
/// about it.
enum GeneralisingScript {
  /// The program. The disk is the first of the guest's; the report about it goes to the second, as ``GeneralisingReport``
  /// reads it.
  static let text = #"""
    #!/bin/sh
    # Has the systems on the first disk cleaned, writes on the second how that went, and switches off.
    export PATH=/bin
    root=/mnt
    safe=noatime,nodev,noexec,nosuid

    note() { echo "$*" >>/tmp/report; }
    # The verdict comes first, so that no number of notes can push it out.
    finish() {
      trap - EXIT
      { echo "$*" | tr '\n' ' '; echo; cat /tmp/report; } |
        dd of=/dev/vdb bs=65536 count=1 iflag=fullblock conv=notrunc,fsync 2>/dev/null
      poweroff -f
      sleep 60
    }
    fail() { finish "failed $*"; }
    # Runs a program of busybox's in the root directory of the system.
    inside() { chroot $root /proc/busybox "$@"; }

    # A link to what is not mounted yet is one, too.
    is_system() {
      [ -d "$1/etc" ] && { [ -f "$1/usr/lib/os-release" ] || [ -f "$1/etc/os-release" ] || [ -L "$1/etc/os-release" ]; }
    }

    # What a device holds that cannot be mounted, as far as that is known.
    describe() {
      if [ "$(head -c 4 "$1")" = LUKS ]; then
        echo "an encrypted volume (LUKS)"
      elif dd if="$1" bs=512 skip=1 count=1 2>/dev/null | grep -q LABELONE; then
        echo "a volume of LVM"
      elif [ "$(head -c 4 "$1")" = XFSB ]; then
        echo "XFS that Linux $(uname -r) does not mount"
      elif dd if="$1" bs=65536 skip=1 count=1 2>/dev/null | grep -q _BHRfS_M; then
        echo "btrfs that Linux $(uname -r) does not mount"
      elif dd if="$1" bs=1024 skip=1 count=1 2>/dev/null | dd bs=1 skip=56 count=2 2>/dev/null | xxd -p | grep -q 53ef; then
        echo "ext4 that Linux $(uname -r) does not mount"
      fi
    }

    # trim DEVICE TYPE: has what was removed leave the disk. It is mounted again for that: btrfs keeps what it has just freed.
    trim() {
      if ! { mount -t "$2" -o $safe "$1" $root && fstrim $root && umount $root; }; then
        fail "cannot discard what was removed from $1"
      fi
    }

    # Mounts the subvolume with the system at $root, where there is one. A snapshot would keep all that is removed.
    mount_subvolume() {
      find $root -maxdepth 5 -type d -inum 256 | sort >/tmp/subvolumes
      : >/tmp/systems
      while read -r directory; do
        is_system "$directory" || continue
        outer=$(head -n 1 /tmp/systems)
        # One that lies in the system is a container's, unless it is a snapshot.
        case $directory in
          *snapshot*) ;;
          "${outer:-none}"/*) continue ;;
        esac
        echo "$directory" >>/tmp/systems
      done </tmp/subvolumes
      count=$(wc -l </tmp/systems)
      if [ "$count" -gt 1 ]; then
        finish "refused there are several systems in ${1#/dev/}, or snapshots of one, which keep what is removed from it:" \
          "$(sed "s|^$root/*|/|" /tmp/systems)"
      fi
      subvolume=$(sed "s|^$root/*||" /tmp/systems)
      umount $root
      [ "$count" = 1 ] && mount -t btrfs -o "$safe,subvol=/$subvolume" "$1" $root
    }

    # Whether there is a system on a device, which is at $root then.
    mount_system() {
      for type in ext4 xfs btrfs vfat; do
        options=$safe
        if [ $type = btrfs ]; then options=$safe,subvolid=5; fi
        mount -t $type -o $options "$1" $root 2>/dev/null || continue
        if [ $type = btrfs ]; then
          mount_subvolume "$1"
          return
        fi
        is_system $root && return 0
        seed=$root/loader/random-seed
        if [ ! -f $seed ]; then
          umount $root
          return 1
        fi
        if ! { rm -f $seed && umount $root; }; then fail "cannot remove systemd-boot's random seed from $1"; fi
        trim "$1" $type
        return 1
      done
      found=$(describe "$1")
      if [ -n "$found" ]; then unread="$unread; ${1#/dev/} is $found"; fi
      return 1
    }

    # The PARTUUID of a partition, as https://docs.kernel.org/admin-guide/kernel-parameters.html and the UEFI Specification
    # (5.3.3) have it.
    partuuid() {
      number=$(cat "/sys/class/block/${1#/dev/}/partition" 2>/dev/null) || return
      if dd if=/dev/vda bs=512 skip=1 count=1 2>/dev/null | grep -q '^EFI PART'; then
        dd if=/dev/vda bs=16 skip=$((64 + 8 * (number - 1) + 1)) count=1 2>/dev/null | xxd -p |
          sed 's/^\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)/\4\3\2\1-\6\5-\8\7-/; s/^.\{23\}/&-/'
      else
        dd if=/dev/vda bs=4 skip=110 count=1 2>/dev/null | xxd -p |
          sed "s/^\(..\)\(..\)\(..\)\(..\)/\4\3\2\1-$(printf %02x "$number")/"
      fi
    }

    # The device that /etc/fstab means, where it is one of this disk's.
    device_of() {
      name=$(echo "${1#*=}" | tr -d '"')
      case $1 in
        UUID=*) findfs "UUID=$name" ;;
        LABEL=*) findfs "LABEL=$name" ;;
        PARTUUID=*)
          for part in /dev/vda?*; do
            if [ "$(partuuid "$part")" = "$(echo "$name" | tr A-F a-f)" ]; then echo "$part"; fi
          done
          ;;
        PARTLABEL=*)
          for part in /dev/vda?*; do
            if grep -qxF "PARTNAME=$name" "/sys/class/block/${part#/dev/}/uevent"; then echo "$part"; fi
          done
          ;;
        /dev/disk/by-uuid/*) device_of "UUID=${1##*/}" ;;
        /dev/disk/by-label/*) device_of "LABEL=${1##*/}" ;;
        /dev/disk/by-partuuid/*) device_of "PARTUUID=${1##*/}" ;;
        /dev/disk/by-partlabel/*) device_of "PARTLABEL=${1##*/}" ;;
        /dev/[hsv]da[0-9]*) echo "/dev/vda${1#/dev/?da}" ;;
        /dev/xvda[0-9]*) echo "/dev/vda${1#/dev/xvda}" ;;
        /dev/nvme0n1p[0-9]*) echo "/dev/vda${1#/dev/nvme0n1p}" ;;
      esac 2>/dev/null
    }

    # write_zeros FILE SIZE FROM TO: writes over blocks of a size.
    write_zeros() {
      [ "$3" -lt "$4" ] || return 0
      dd if=/dev/zero of="$1" bs="$2" seek="$3" count=$(($4 - $3)) conv=notrunc 2>/dev/null ||
        fail "cannot empty the swap space $1"
    }

    # What memory was written to swap space, or is to wake from there, would stay in the image. The first page names the space.
    empty_swap() {
      case $(dd if="$1" bs=1 skip=4086 count=10 2>/dev/null | tr -d '\0') in
        SWAPSPACE2) ;;
        S1SUSPEND | S2SUSPEND) printf SWAPSPACE2 | dd of="$1" bs=1 seek=4086 conv=notrunc 2>/dev/null ;;
        *) return 1 ;;
      esac
      if [ -b "$1" ]; then size=$(blockdev --getsize64 "$1"); else size=$(stat -c %s "$1"); fi
      large=$((size / 65536))
      if [ $large -gt 0 ]; then
        write_zeros "$1" 4096 1 16
        write_zeros "$1" 65536 1 $large
        write_zeros "$1" 4096 $((large * 16)) $((size / 4096))
      else
        write_zeros "$1" 4096 1 $((size / 4096))
      fi
    }

    # Mounts what else of the disk belongs to the system, outer places before those in them, and empties its swap files.
    mount_and_empty_swap() {
      inside cat /etc/fstab 2>/dev/null | grep -v '^[[:space:]]*#' | sort -k 2,2 >/tmp/fstab
      while read -r what where type options _; do
        case $type in
          ext2 | ext3 | ext4 | xfs | btrfs | vfat | auto) ;;
          *) continue ;;
        esac
        case $where in
          / | [!/]*) continue ;;
        esac
        choice=$(echo ",$options" | grep -o ',subvol\(id\)\?=[^,]*' | tr -d '\n')
        part=$(device_of "$what" | head -n 1)
        place=$root$(inside readlink -f "$where")
        if [ -n "$part" ] && [ -d "$place" ] && mount -t "$type" -o "$safe$choice" "$part" "$place" 2>/dev/null; then
          continue
        fi
        case $where in
          /etc | /home | /home/* | /root | /tmp | /usr | /var | /var/lib | /var/log | /var/log/* | /var/tmp)
            note "warning its $where, on $what, is not on this disk: nothing was removed there"
            ;;
        esac
      done </tmp/fstab
      while read -r what _ type _; do
        case $type$what in
          swap/dev/* | swap[!/]*) ;;
          swap/*) empty_swap "$root$(inside readlink -f "$what")" || note "warning its swap file $what was not found" ;;
        esac
      done </tmp/fstab
    }

    # Warns of what of a btrfs is not part of the system: it may be a snapshot of something that is.
    tell_of_subvolumes() {
      [ -n "$subvolume" ] || return 0
      while read -r directory; do
        name=${directory#"$root"}
        name=${name#/}
        case /$subvolume/ in "/${name:+$name/}"*) continue ;; esac
        case $name/ in "$subvolume"/*) continue ;; esac
        if ! grep -q "^$1 .*,subvol=/${name}[, ]" /proc/mounts; then note "warning its subvolume '$name' was left as it is"; fi
      done </tmp/subvolumes
    }

    # Makes the programs of busybox those of the system's root directory, so that links lead where they lead for the system.
    enter_system() {
      [ -d $root/proc ] || mkdir $root/proc
      if ! { mount -t tmpfs -o mode=700 none $root/proc && cp /bin/busybox /etc/nestor/clean $root/proc/ &&
        inside --install -s /proc; }; then
        fail "cannot enter the system on $device"
      fi
    }

    close_system() {
      sync
      awk -v root=$root '$2 == root || index($2, root "/") == 1' /proc/mounts | tac >/tmp/mounts
      while read -r _ point _; do
        umount "$point" || fail "cannot unmount $point of the system on $device"
      done </tmp/mounts
      grep '^/dev/' /tmp/mounts | cut -d ' ' -f 1,3 | sort -u >/tmp/trimmed
      while read -r part type; do trim "$part" "$type"; done </tmp/trimmed
    }

    : >/tmp/report
    trap 'fail "the script that does it ended early"' EXIT
    # Where nestor and libvirtd were both killed, nobody else ends this.
    (sleep 86400 && poweroff -f) &
    modprobe -aq ext4 xfs btrfs vfat nls_cp437 nls_ascii 2>/dev/null
    unread=""
    systems=0
    for device in /dev/vda*; do
      subvolume=""
      if empty_swap "$device"; then continue; fi
      mount_system "$device" || continue
      enter_system
      mount_and_empty_swap
      tell_of_subvolumes "$device"
      PATH=/proc inside sh /proc/clean >>/tmp/report 2>/tmp/errors ||
        fail "in the system on ${device#/dev/}: $(tail -n 1 /tmp/errors)"
      close_system
      systems=$((systems + 1))
    done
    [ $systems -gt 0 ] || finish "refused its disk holds no Linux system that can be read$unread"
    if [ -n "$unread" ]; then note "warning what cannot be read was left as it is: ${unread#; }"; fi
    finish "done"

    """#
}
