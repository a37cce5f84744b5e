/// Which of the two daemons makes containers here.
///
/// Their APIs agree in all that is used here: <https://documentation.ubuntu.com/lxd/stable-5.0/rest-api/> and
/// <https://linuxcontainers.org/incus/docs/main/rest-api/>.
package enum DaemonKind: String, Sendable, CaseIterable {
  /// Canonical's LXD, from a snap or a package.
  case lxd
  /// Incus, its fork.
  case incus

  /// Its name, for people.
  package var title: String { self == .lxd ? "LXD" : "Incus" }

  /// Its client's program.
  package var program: String { self == .lxd ? "lxc" : "incus" }

  /// The oldest version that this was written for.
  package var oldestVersion: DaemonVersion { self == .lxd ? DaemonVersion(5, 0) : DaemonVersion(6, 0) }

  /// The group whose members may use the daemon.
  var group: String { self == .lxd ? "lxd" : "incus-admin" }

  /// The variables that name another daemon of this kind to the client.
  var variables: [String] { self == .lxd ? ["LXD_DIR", "LXD_SOCKET"] : ["INCUS_DIR", "INCUS_SOCKET"] }

  /// Where the daemon listens, from packages and from the snap.
  var sockets: [String] {
    switch self {
    case .lxd: ["/var/lib/lxd/unix.socket", "/var/snap/lxd/common/lxd/unix.socket", "/run/lxd-installer.socket"]
    case .incus: ["/var/lib/incus/unix.socket", "/run/incus/unix.socket"]
    }
  }

  /// How it is installed and first started.
  var installation: String {
    switch self {
    case .lxd: "apt-get install lxd (Debian 12) or snap install lxd, then lxd init --minimal"
    case .incus: "apt-get install incus (Debian 13), then incus admin init --minimal"
    }
  }

  /// How it is started where it is installed.
  var start: String {
    switch self {
    case .lxd: "systemctl start lxd (snap: snap start lxd); without systemd: lxd --group root &"
    case .incus: "systemctl start incus; without systemd: incusd --group root &"
    }
  }
}
