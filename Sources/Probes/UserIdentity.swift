import NestorSupport

/// A user, its group and its further groups, by number.
package struct UserIdentity: Sendable, Equatable {
  /// The user's number.
  package var user: UInt32
  /// The number of its first group.
  package var group: UInt32
  package var groups: [UInt32]

  /// A user by numbers.
  package init(user: UInt32, group: UInt32, groups: [UInt32] = []) {
    self.user = user
    self.group = group
    self.groups = groups
  }

  /// The user called `name` in /etc/passwd, with the groups that /etc/group gives it; nil where there is none. Where
  /// `group` is given it is the first group instead of the user's own, as qemu.conf's `group` sets it.
  ///
  /// Reads the files itself: users from elsewhere (NSS) are not found.
  package init?(named name: String, group groupName: String? = nil, root: SystemRoot = .machine) {
    let accounts = root.lines("/etc/passwd").map(Self.fields)
    guard let account = accounts.first(where: { $0.count >= 4 && $0[0] == name }),
      let user = UInt32(account[2]), let ownGroup = UInt32(account[3])
    else { return nil }
    let groups = root.lines("/etc/group").map(Self.fields).filter { $0.count >= 4 }
    var first = ownGroup
    if let groupName {
      guard let found = groups.first(where: { $0[0] == groupName }), let number = UInt32(found[2]) else { return nil }
      first = number
    }
    let others = groups.filter { $0[3].split(separator: ",").contains { $0 == name } }.compactMap { UInt32($0[2]) }
    self.init(user: user, group: first, groups: [first] + others.filter { $0 != first })
  }

  private static func fields(of line: Substring) -> [Substring] {
    line.split(separator: ":", omittingEmptySubsequences: false)
  }
}
