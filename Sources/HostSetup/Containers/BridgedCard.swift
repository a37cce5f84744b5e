/// The bridge in a container through which guests are on the daemon's own network, as the container itself is.
///
/// The container's card becomes a port of the bridge, which takes over the card's address. Only systemd-networkd is told
/// so, see <https://www.freedesktop.org/software/systemd/man/latest/systemd.netdev.html>.
enum BridgedCard {
  /// The container's card, as LXD and Incus name the first one.
  static let card = "eth0"
  static let bridge = "br0"
  /// The libvirt network of the bridge.
  static let network = "lan"

  static let unit = "nestor-bridge.service"
  static let unitPath = "/etc/systemd/system/\(unit)"
  static let scriptPath = "/usr/local/lib/nestor/bridge-card"

  /// Describes the bridge to systemd-networkd, anew at each start: a copy of the container has a card with another address,
  /// and two bridges with the same one would take each other's packets.
  static let script = """
    #!/bin/sh -e
    # The names sort before those that cloud-init and netplan write.
    folder=/run/systemd/network
    mkdir -p $folder
    printf '[NetDev]\\nName=\(bridge)\\nKind=bridge\\nMACAddress=%s\\n' "$(cat /sys/class/net/\(card)/address)" \\
      >$folder/05-nestor-\(bridge).netdev
    printf '[Match]\\nName=\(card)\\n[Network]\\nBridge=\(bridge)\\nLinkLocalAddressing=no\\n' >$folder/05-nestor-\(card).network
    # What the bridge carries is for guests as well; it is up when it has the container's own address.
    printf '[Match]\\nName=\(bridge)\\n[Network]\\nDHCP=yes\\n[DHCPv4]\\nClientIdentifier=mac\\n' \\
      >$folder/05-nestor-\(bridge).network

    """

  static let unitText = """
    [Unit]
    Description=The bridge by which guests are on the container's own network
    DefaultDependencies=no
    ConditionPathExists=/sys/class/net/\(card)
    Before=systemd-networkd.service network-pre.target
    Wants=network-pre.target

    [Service]
    Type=oneshot
    RemainAfterExit=yes
    ExecStart=\(scriptPath)

    [Install]
    WantedBy=systemd-networkd.service

    """

  /// Has the bridge made now, waits until it carries the container's address, and makes libvirt's network of it.
  static let activation = """
    set -e
    systemctl daemon-reload
    systemctl enable -q \(unit)
    systemctl restart \(unit)
    networkctl reload
    networkctl reconfigure \(card)
    timeout 60 sh -c 'until ip -4 -o addr show \(bridge) scope global | grep -q inet; do sleep 0.2; done'
    virsh -q net-info \(network) >/dev/null 2>&1 || {
      file=$(mktemp)
      echo '\(networkXML)' >"$file"
      virsh -q net-define "$file"
      rm -f "$file"
    }
    virsh -q net-autostart \(network)
    virsh -q net-list --name | grep -qx \(network) || virsh -q net-start \(network)
    """

  /// See <https://libvirt.org/formatnetwork.html#using-an-existing-host-bridge>.
  private static let networkXML =
    "<network><name>\(network)</name><forward mode=\"bridge\"/><bridge name=\"\(bridge)\"/></network>"
}
