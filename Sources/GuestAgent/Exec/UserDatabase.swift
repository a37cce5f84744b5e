import Glibc
import GuestProtocol
import GuestTransport

/// The users and groups of /etc/passwd and /etc/group, see passwd(5) and group(5).
///
/// Read by hand, since the C library's own functions load plug-ins, which a static program cannot. Users that live in
/// LDAP or the like are reached by their numbers.
struct UserDatabase {
  /// A user, and what a login gives him.
  struct User: Equatable {
    var name: String
    var number: uid_t
    var group: gid_t
    var home: [UInt8]
    var shell: [UInt8]
    var groups: [gid_t]
  }

  private let users: [[ArraySlice<UInt8>]]
  private let groups: [[ArraySlice<UInt8>]]

  /// Reads the two files below a root folder; missing ones are empty.
  init(root: String = "") {
    self.init(
      passwd: (try? SmallFile.read("\(root)/etc/passwd")) ?? [], group: (try? SmallFile.read("\(root)/etc/group")) ?? []
    )
  }

  init(passwd: [UInt8], group: [UInt8]) {
    users = Self.lines(passwd, fields: 7)
    groups = Self.lines(group, fields: 4)
  }

  private static func lines(_ bytes: [UInt8], fields: Int) -> [[ArraySlice<UInt8>]] {
    bytes.split(separator: UInt8(ascii: "\n")).map {
      $0.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    }.filter { $0.count >= fields }
  }

  /// The user that a request names: `NAME`, `NUMBER`, either with `:GROUP`; root where it is empty.
  func user(_ text: String) throws -> User {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    var user = try named(parts.first.flatMap { $0.isEmpty ? nil : $0 } ?? "0")
    if parts.count == 2 {
      user.groups.removeAll { $0 == user.group }
      user.group = try group(parts[1])
      if !user.groups.contains(user.group) { user.groups.append(user.group) }
    }
    return user
  }

  /// The number of a group by its name or number.
  func group(_ text: String) throws -> gid_t {
    if let line = groups.first(where: { $0[0].elementsEqual(text.utf8) }), let number = Self.number(line[2]) {
      return number
    }
    guard let number = Self.number(Array(text.utf8)[...]) else {
      throw OperationFailure(.invalid, "there is no group '\(text)' in the guest")
    }
    return number
  }

  private func named(_ text: String) throws -> User {
    let number = Self.number(Array(text.utf8)[...])
    let line =
      users.first { $0[0].elementsEqual(text.utf8) } ?? users.first { number != nil && Self.number($0[2]) == number }
    if let line, let number = Self.number(line[2]), let group = Self.number(line[3]) {
      return User(
        name: String(decoding: line[0], as: UTF8.self), number: number, group: group,
        home: line[5].isEmpty ? [UInt8(ascii: "/")] : Array(line[5]),
        shell: line[6].isEmpty ? Array("/bin/sh".utf8) : Array(line[6]), groups: memberships(of: line[0], group))
    }
    guard let number else { throw OperationFailure(.invalid, "there is no user '\(text)' in the guest") }
    // As with other programs, a number needs no line.
    return User(
      name: text, number: number, group: number, home: [UInt8(ascii: "/")], shell: Array("/bin/sh".utf8),
      groups: [number])
  }

  private func memberships(of name: ArraySlice<UInt8>, _ primary: gid_t) -> [gid_t] {
    var result = [primary]
    for line in groups where line[3].split(separator: UInt8(ascii: ",")).contains(where: { $0.elementsEqual(name) }) {
      if let number = Self.number(line[2]), !result.contains(number) { result.append(number) }
    }
    return result
  }

  /// A number from 0 to 4,294,967,294; the highest means "leave it as it is" to the kernel.
  private static func number(_ text: ArraySlice<UInt8>) -> UInt32? {
    guard let number = UInt32(String(decoding: text, as: UTF8.self)), number != .max else { return nil }
    return number
  }
}
