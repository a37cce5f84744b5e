import Glibc

extension IdentityReset {
  /// Where a system says by its hardware address what a card is to be: systemd's networkd and udev, netplan,
  /// NetworkManager, ifupdown, and Red Hat's scripts. What cloud-init writes is among it.
  private static let networkFolders = [
    "/etc/systemd/network", "/run/systemd/network", "/etc/netplan", "/etc/NetworkManager/system-connections",
    "/run/NetworkManager/system-connections", "/etc/network", "/etc/network/interfaces.d", "/etc/udev/rules.d",
    "/etc/sysconfig/network-scripts",
  ]
  /// A larger file is no network's configuration.
  private static let fileLimit = 1 << 18

  /// Has files name the cards by their new addresses; answers whether any did by an old one. Otherwise nobody would see
  /// to the cards any more.
  mutating func renameCards(_ changes: [CardChange]) -> Bool {
    var isChanged = false
    for folder in Self.networkFolders {
      for name in system.names(in: folder) {
        let path = "\(folder)/\(name)"
        guard system.isPlainFile(path), let bytes = system.read(path, limit: Self.fileLimit),
          bytes.count < Self.fileLimit
        else { continue }
        let renamed = Self.renamed(bytes, changes)
        guard renamed != bytes else { continue }
        attempt(path) { reset throws(KernelError) in
          try reset.system.rewrite(path, with: renamed)
          reset.did("\(path) names the new addresses")
          isChanged = true
        }
      }
    }
    return isChanged
  }

  /// A text with the new addresses in place of the old ones, however these are written; in one pass, since cards may
  /// exchange theirs.
  static func renamed(_ text: [UInt8], _ changes: [CardChange]) -> [UInt8] {
    let pairs = changes.filter { $0.old != $0.new }.map {
      (Array($0.old.description.utf8), Array($0.new.description.utf8))
    }
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      let found = pairs.first { old, _ in
        text.count - index >= old.count
          && zip(text[index...], old).allSatisfy { byte, wanted in
            byte == wanted || (65...70).contains(byte) && byte + 32 == wanted
          }
      }
      if let (old, new) = found {
        result += new
        index += old.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }
}
