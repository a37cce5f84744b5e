/// A container as the commands of its host name it, for remedies that only the host can carry out.
package struct ContainerInstance: Sendable, Equatable {
  /// The command line of the container's manager: `lxc` or `incus`.
  package let engine: String
  /// Its name there.
  package let name: String
  /// The number of the group kvm inside, to which its devices should belong; nil where it has none.
  package let kvmGroup: UInt32?

  package init(engine: String, name: String, kvmGroup: UInt32?) {
    self.engine = engine
    self.name = name
    self.kvmGroup = kvmGroup
  }

  /// The command by which the host passes a device through, see
  /// <https://documentation.ubuntu.com/lxd/stable-5.0/reference/devices_unix_char/>.
  func passThrough(_ path: String) -> String {
    let device = path.split(separator: "/").last ?? ""
    let group = kvmGroup.map { " gid=\($0)" } ?? ""
    return "\(engine) config device add \(name) \(device) unix-char path=\(path) mode=0660\(group)"
  }
}
