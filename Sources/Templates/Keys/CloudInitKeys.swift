/// The keys of `cloudInit`.
enum CloudInitKeys {
  static let hostname = Key(
    "hostname", Codec.optional(.text(.hostName)), default: nil, "The guest's host name; null is the guest's name.")
  static let user = Key(
    "user", Codec.optional(.text(.userName)), default: nil, "A user to be made, who may become root by sudo.")
  static let shell = Key(
    "shell", .text(.absolutePath), default: "/bin/bash", "The user's shell, as the guest's distribution has it.")
  static let sshKeys = Key(
    "sshKeys", Codec.oneOrMore(.textOrPath(.publicKey)), default: [],
    "Public SSH keys of the user, or of the image's own user; each a key or a file of keys.")
  static let passwordHash = Key(
    "passwordHash", Codec.optional(.text(.passwordHash)), default: nil,
    "The user's password as 'openssl passwd -6' hashes it.")
  static let packages = Key(
    "packages", Codec.oneOrMore(.text(.package)), default: [],
    "Packages of the distribution, which the guest downloads itself.")
  static let userData = Key(
    "userData", Codec.optional(.path), default: nil,
    "A file of user-data, which stays whole: where both have a key, the file's counts.")
  static let networkConfig = Key(
    "networkConfig", Codec.optional(.path), default: nil,
    "A file of network configuration, version 2; null is DHCP on each card.")

  static let table = KeyTable(
    "cloudInit",
    [
      hostname.description, user.description, shell.description, sshKeys.description, passwordHash.description,
      packages.description,
      userData.description, networkConfig.description,
    ],
    refused: [
      "password": (
        "A password is not written in a template", "write 'passwordHash', made by: openssl passwd -6"
      )
    ]
  ) { map in
    guard map.has(passwordHash), !map.has(user) else { return [] }
    return [TemplateError("A password needs a user", at: map.place(of: passwordHash), hint: "add 'user'")]
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.CloudInit {
    GuestTemplate.CloudInit(
      hostname: map[hostname], user: map[user], shell: map[shell], sshKeys: map[sshKeys],
      passwordHash: map[passwordHash], packages: map[packages], userData: map[userData],
      networkConfig: map[networkConfig])
  }
}
