import FoundationEssentials
import Templates

/// What a template asks of cloud-init, as the `#cloud-config` of its vendor-data,
/// https://docs.cloud-init.io/en/latest/explanation/vendordata.html: each key gives way to the same key of user-data.
package struct VendorConfiguration: Sendable, Equatable, Encodable {
  /// A user to be made, https://docs.cloud-init.io/en/latest/reference/yaml_examples/user_groups.html.
  struct User: Sendable, Equatable, Encodable {
    let name: String
    let shell: String
    let sudo: String
    let isLocked: Bool
    let passwordHash: String?
    let keys: [String]?

    private enum CodingKeys: String, CodingKey {
      case name, shell, sudo
      case isLocked = "lock_passwd"
      case passwordHash = "hashed_passwd"
      case keys = "ssh_authorized_keys"
    }
  }

  let users: [User]?
  let keys: [String]?
  let packages: [String]?
  let updatesLists: Bool?

  private enum CodingKeys: String, CodingKey {
    case users, packages
    case keys = "ssh_authorized_keys"
    case updatesLists = "package_update"
  }

  /// The part of a template that vendor-data carries; `keys` are the texts of its keys. Nil where there is none.
  init?(_ template: GuestTemplate.CloudInit, keys: [String]) {
    guard template.user != nil || !keys.isEmpty || !template.packages.isEmpty else { return nil }
    users = template.user.map {
      [
        User(
          name: $0, shell: template.shell, sudo: "ALL=(ALL) NOPASSWD:ALL", isLocked: template.passwordHash == nil,
          passwordHash: template.passwordHash, keys: keys.isEmpty ? nil : keys)
      ]
    }
    self.keys = template.user == nil && !keys.isEmpty ? keys : nil
    packages = template.packages.isEmpty ? nil : template.packages
    updatesLists = packages.map { _ in true }
  }

  /// Its keys that user-data has as well, which makes them void; by the template's names.
  func overridden(by userData: UserData) -> [String] {
    let own = [("users", users != nil), ("ssh_authorized_keys", keys != nil), ("packages", packages != nil)]
    return own.filter { $0.1 && userData.keys.contains($0.0) }.map(\.0)
  }

  /// The text for cloud-init; JSON is YAML, and in ASCII it survives every mail parser on its way.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let json = String(decoding: try encoder.encode(self), as: UTF8.self)
      let plain = json.utf16.map { unit in
        guard unit >= 0x80 else { return String(UnicodeScalar(UInt8(unit))) }
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
      return "#cloud-config\n\(plain.joined())\n"
    }
  }
}
