import Glibc

/// The text files in the tiny image's initramfs.
enum TinyImageFiles {
  /// Path, text and mode of each.
  static let all: [(path: String, text: String, mode: mode_t)] = [
    ("/init", initProgram, 0o755),
    ("/etc/inittab", inittab, 0o644),
    ("/etc/init.d/rcS", bringUp, 0o755),
    ("/etc/udhcpc.script", leaseScript, 0o755),
    ("/etc/acpi/PWRF/00000080", powerButton, 0o755),
    ("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0o644),
    ("/etc/group", "root:x:0:\n", 0o644),
    ("/etc/profile", "export PATH=/bin HOME=/root PS1='\\h:\\w# '\n", 0o644),
  ]

  /// Process 1 until the file systems are there; then busybox's init takes over, which reaps orphans.
  private static let initProgram = """
    #!/bin/busybox sh
    export PATH=/bin
    /bin/busybox --install -s /bin
    mount -t proc proc /proc
    mount -t sysfs sysfs /sys
    mount -t devtmpfs devtmpfs /dev
    mkdir -p /dev/pts /dev/shm
    mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
    # What lies in them is memory: a copy that is too large has to fail before the kernel panics for want of it.
    mount -t tmpfs -o mode=1777,size=10% tmpfs /dev/shm
    mount -t tmpfs -o mode=1777,size=40% tmpfs /tmp
    mount -t tmpfs -o mode=755,size=10% tmpfs /run
    ln -sf /proc/self/fd /dev/fd
    exec /bin/init

    """

  private static let inittab = """
    ::sysinit:/etc/init.d/rcS
    ttyS0::askfirst:-/bin/sh
    ::ctrlaltdel:/bin/reboot
    ::shutdown:/bin/umount -a -r

    """

  /// Brings up devices and NICs, runs the hooks, and says so on the console.
  private static let bringUp = """
    #!/bin/sh
    export PATH=/bin
    console=/dev/ttyS0
    for module in \(TinyImage.modules.joined(separator: " ")); do modprobe -q $module; done
    acpid -l /dev/null
    ip link set lo up
    for nic in /sys/class/net/*; do
      nic=${nic##*/}
      [ "$nic" = lo ] && continue
      ip link set "$nic" up
      udhcpc -b -S -t 5 -T 2 -A 5 -i "$nic" -x hostname:"$(hostname)" -s /etc/udhcpc.script >/dev/null 2>&1 &
    done
    for hook in /etc/nestor/init.d/*; do
      [ -x "$hook" ] && "$hook" >$console 2>&1
    done
    echo "nestor: up $(hostname), Linux $(uname -r), $(cut -d' ' -f1 /proc/uptime) s after the kernel" >$console

    """

  /// What the DHCP client runs for every lease, see busybox's udhcpc.
  private static let leaseScript = """
    #!/bin/sh
    export PATH=/bin
    case $1 in
      deconfig) ip -4 addr flush dev "$interface" ;;
      bound|renew)
        ip -4 addr replace "$ip/${mask:-24}" dev "$interface"
        for gateway in $router; do ip route replace default via "$gateway" dev "$interface"; break; done
        : >/etc/resolv.conf
        [ -n "$domain" ] && echo "search $domain" >>/etc/resolv.conf
        for server in $dns; do echo "nameserver $server" >>/etc/resolv.conf; done
        [ "$1" = bound ] && echo "nestor: $interface $ip" >/dev/ttyS0
        ;;
    esac
    exit 0

    """

  private static let powerButton = """
    #!/bin/sh
    exec /bin/poweroff

    """
}
