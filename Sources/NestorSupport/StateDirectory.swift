import Glibc

/// Where Nestor keeps files: images and guests' files for good, locks and cached probes until the next boot.
///
///     /var/lib/nestor/images/NAME/       an image: image.json and what it names
///     /var/lib/nestor/downloads/         parts of images that are not here whole
///     /var/lib/nestor/guests/UUID/       a guest's files: disks, the log of its console, what is delivered to it
///     /var/lib/nestor/renewal-NAME       a guest that is about to get another UUID
///     /var/lib/nestor/container.json     the container in which the guests are, to notice a copy of it
///     /run/nestor/locks/                 locks while somebody works on a guest
///     /run/nestor/unfinished-NAME        what is done to a guest, for as long as it must not be left like that
///     /run/nestor/moment-ID              there for as long as not all guests have the snapshot of one moment
///     /run/nestor/kvm-BOOT               what the KVM probe found since this boot
package struct StateDirectory: Sendable, Equatable {
  /// The folder for what lasts.
  package let root: String
  /// The folder for what a boot may forget.
  package let runtime: String

  /// Takes the two folders as they are.
  package init(root: String, runtime: String) {
    self.root = root
    self.runtime = runtime
  }

  /// The folders of this process: `NESTOR_STATE_DIR` and `NESTOR_RUN_DIR`, or the system's.
  package static func fromEnvironment() -> StateDirectory {
    StateDirectory(
      root: EnvironmentVariable.value("NESTOR_STATE_DIR") ?? "/var/lib/nestor",
      runtime: EnvironmentVariable.value("NESTOR_RUN_DIR") ?? "/run/nestor")
  }

  /// The folder of all images.
  package var images: String { "\(root)/images" }

  /// The folder of what is being downloaded, or was when its program ended; only root may read it.
  package var downloads: String { "\(root)/downloads" }

  /// The folder of all guests' files.
  package var guests: String { "\(root)/guests" }

  /// The folder of all locks.
  package var locks: String { "\(runtime)/locks" }

  /// The folder of one guest's files.
  package func guest(_ uuid: String) -> String { "\(guests)/\(uuid)" }

  /// The log of a guest's console since its last start by Nestor.
  package func consoleLog(_ uuid: String) -> String { "\(guest(uuid))/console.log" }

  /// The folder of what only root may know of a guest.
  package func privateFolder(_ uuid: String) -> String { "\(guest(uuid))/private" }

  /// A guest's own initramfs: the image's with the agent behind it.
  package func initramfs(_ uuid: String) -> String { "\(guest(uuid))/initramfs" }

  /// The kernel for a guest's own initramfs.
  package func kernel(_ uuid: String) -> String { "\(guest(uuid))/kernel" }

  /// The disk from which cloud-init in a guest takes its settings.
  package func seed(_ uuid: String) -> String { "\(guest(uuid))/seed.iso" }

  /// The key that a guest's agent and its clients share; only root may read it, or even pass through its folder.
  package func agentKey(_ uuid: String) -> String { "\(privateFolder(uuid))/agent.key" }

  /// What is known of the container in which the guests are.
  package var container: String { "\(root)/container.json" }

  /// What says that a guest gets another UUID, see `UnfinishedRenewal`.
  package func unfinishedRenewal(_ name: String) -> String { "\(root)/renewal-\(Self.fileName(for: name))" }

  /// All that says so of guests.
  package func allUnfinishedRenewals() throws -> [String] {
    try FileTree.names(in: root).filter { $0.hasPrefix("renewal-") && !$0.hasSuffix(".new") }.map { "\(root)/\($0)" }
  }

  /// Such files that are being written, or were when their programs ended.
  package func renewalsBeingNoted() throws -> [String] {
    try FileTree.names(in: root).filter { $0.hasPrefix("renewal-") && $0.hasSuffix(".new") }.map { "\(root)/\($0)" }
  }

  /// The lock file of the guest that one of those is about: its name holds no dot.
  package func lockOfRenewal(_ path: String) -> String {
    let file = FileTree.lastComponent(of: path)
    return "\(locks)/guest-\(file.dropFirst("renewal-".count).prefix { $0 != "." })"
  }

  /// What says that a guest gets another name, see `UnfinishedRename`.
  package func unfinishedRename(_ uuid: String) -> String { "\(privateFolder(uuid))/rename.json" }

  /// The socket of one of the virtio-serial ports by which a guest's agent is reached.
  package func agentPort(_ uuid: String, _ number: Int) -> String { "\(privateFolder(uuid))/port-\(number)" }

  /// The lock file of a thing by its kind and name, such as `guest` and `web`.
  package func lock(_ kind: String, _ name: String) -> String { "\(locks)/\(kind)-\(Self.fileName(for: name))" }

  /// What says what is done to a guest, see `UnfinishedWork`.
  package func unfinished(_ name: String) -> String { "\(runtime)/unfinished-\(Self.fileName(for: name))" }

  /// All that says so of guests.
  package func allUnfinished() throws -> [String] {
    try FileTree.names(in: runtime).filter { $0.hasPrefix("unfinished-") }.map { "\(runtime)/\($0)" }
  }

  /// What says that a moment of several guests is not whole yet, see `UnfinishedWork.moment`.
  package func moment(_ id: String) -> String { "\(runtime)/moment-\(Self.fileName(for: id))" }

  /// Makes the folders where they are missing.
  ///
  /// QEMU runs as another user and has to reach disks by name, so the folders may be passed through but not listed.
  package func prepare() throws {
    for (path, mode) in [(root, 0o711), (images, 0o711), (guests, 0o711), (runtime, 0o711), (locks, 0o700)] {
      do {
        try FileTree.makeDirectory(path, mode: mode_t(mode))
      } catch let error as SystemError {
        throw error.explained(
          "cannot make the folder \(path)",
          hint: "run as root, or name folders of your own in NESTOR_STATE_DIR and NESTOR_RUN_DIR")
      }
    }
  }

  /// A name as one path component: what could leave the folder or end a line is written as %XX.
  static func fileName(for name: String) -> String {
    var result = ""
    for byte in name.utf8 {
      let isPlain =
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
      result += isPlain ? String(UnicodeScalar(byte)) : "%" + hexadecimal(byte)
    }
    // A file's name has at most 255 bytes; what is longer gets a tail that still tells two such names apart.
    guard result.utf8.count > 200 else { return result }
    return String(result.prefix(180)) + "-" + String(stableHash(name), radix: 16)
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return byte < 16 ? "0" + text : text
  }

  /// FNV-1a, the same in every process, unlike Swift's own hashes.
  package static func stableHash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
