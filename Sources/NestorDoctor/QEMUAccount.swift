import DomainXML
import NestorSupport
import Probes

/// The user that libvirt runs QEMU as.
struct QEMUAccount: Sendable, Equatable {
  /// How the user is called, or its number.
  let name: String
  /// The user with all its groups.
  let identity: UserIdentity
  /// Who says so, for people.
  let source: String

  /// Users of distributions' packages, where neither libvirt nor qemu.conf says which: Debian's and Ubuntu's, Fedora's.
  private static let usualNames = ["libvirt-qemu", "qemu"]

  /// Finds the user: as libvirt's capabilities name it, else as qemu.conf does, else the distribution's.
  ///
  /// Throws a ``NestorError`` with code `notFound` where that user is not in /etc/passwd.
  init(context: DoctorContext, capabilities: String?) throws(NestorError) {
    if let label = capabilities.flatMap(Self.label) {
      self.init(
        identity: Self.identity(user: label.user, group: label.group, context),
        name: Self.userName(label.user, context) ?? "user \(label.user)", source: "libvirt")
      return
    }
    let configuration = context.text("/etc/libvirt/qemu.conf").flatMap { text in
      try? QEMUConfiguration(parsing: Array(text.utf8))
    }
    var group: String?
    if case .text(let name) = configuration?["group"] { group = name }
    if case .text(let name) = configuration?["user"] {
      guard let identity = Self.identity(user: name, group: group, context) else {
        throw NestorError(
          .notFound, "qemu.conf runs QEMU as \(name), group \(group ?? "its own"), and there is no such user or group")
      }
      self.init(identity: identity, name: name, source: "qemu.conf")
      return
    }
    for name in Self.usualNames {
      if let identity = Self.identity(user: name, group: group, context) {
        self.init(identity: identity, name: name, source: "this distribution")
        return
      }
    }
    throw NestorError(
      .notFound, "there is no user for QEMU: none of \(Self.usualNames.joined(separator: ", ")) is in /etc/passwd",
      hint: "apt-get install libvirt-daemon-system")
  }

  private init(identity: UserIdentity, name: String, source: String) {
    self.identity = identity
    self.name = name
    self.source = source
  }

  /// The numbers in the DAC driver's base label, such as "+64055:+64055", see
  /// https://libvirt.org/formatcaps.html#host-capabilities.
  private static func label(in capabilities: String) -> (user: UInt32, group: UInt32)? {
    guard let tree = try? XMLTree(parsing: capabilities) else { return nil }
    let models = tree.element("host")?.elements.filter { $0.name == "secmodel" } ?? []
    guard let label = models.first(where: { $0.element("model")?.text == "dac" })?.element("baselabel")?.text else {
      return nil
    }
    let parts = label.split(separator: ":").map { UInt32($0.drop { $0 == "+" }) }
    guard parts.count == 2, let user = parts[0], let group = parts[1] else { return nil }
    return (user, group)
  }

  /// A user and group as qemu.conf writes them: a name, a number, or a number after "+".
  private static func identity(user: String, group: String?, _ context: DoctorContext) -> UserIdentity? {
    let own = UserIdentity(named: user, root: context.root)
    let number = UInt32(user.drop { $0 == "+" })
    guard let userNumber = own?.user ?? number else { return nil }
    var groupNumber =
      own?.group
      ?? userName(userNumber, context).flatMap { name in
        UserIdentity(named: name, root: context.root)?.group
      }
    if let group {
      guard let named = groupNumbers(context)[group] ?? UInt32(group.drop { $0 == "+" }) else { return nil }
      groupNumber = named
    }
    guard let groupNumber else { return nil }
    return identity(user: userNumber, group: groupNumber, context)
  }

  /// libvirt gives QEMU the configured group and all groups of the user.
  private static func identity(user: UInt32, group: UInt32, _ context: DoctorContext) -> UserIdentity {
    let own = userName(user, context).flatMap { UserIdentity(named: $0, root: context.root) }
    return UserIdentity(user: user, group: group, groups: [group] + (own?.groups ?? []).filter { $0 != group })
  }

  private static func userName(_ number: UInt32, _ context: DoctorContext) -> String? {
    entries("/etc/passwd", context).first { UInt32($0[2]) == number }.map { String($0[0]) }
  }

  /// The numbers of all groups by their names.
  static func groupNumbers(_ context: DoctorContext) -> [String: UInt32] {
    var numbers: [String: UInt32] = [:]
    for entry in entries("/etc/group", context) { numbers[String(entry[0])] = UInt32(entry[2]) }
    return numbers
  }

  private static func entries(_ path: String, _ context: DoctorContext) -> [[Substring]] {
    (context.text(path) ?? "").split(separator: "\n").map {
      $0.split(separator: ":", omittingEmptySubsequences: false)
    }.filter { $0.count >= 3 }
  }
}
