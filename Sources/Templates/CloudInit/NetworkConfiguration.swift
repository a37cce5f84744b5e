import Yams

/// A file that configures a guest's network by cloud-init,
/// <https://docs.cloud-init.io/en/latest/reference/network-config-format-v2.html>.
package struct NetworkConfiguration: Sendable, Equatable {
  /// The whole file, as it was written.
  package let text: String
  /// The addresses that it gives to the guest itself, with their prefix lengths; what a DHCP server gives is not known here.
  package let addresses: [String]

  /// Reads a file of at most 1 MiB.
  ///
  /// - Throws: ``TemplateErrors`` at the line and column where it is not YAML, or no configuration of version 2. With a
  ///   file that cloud-init cannot read, the guest would have no network at all.
  package init(contentsOf path: String) throws(TemplateErrors) {
    do throws(TemplateError) {
      text = try TemplateFile.read(path, what: "network configuration")
    } catch {
      throw TemplateErrors([error])
    }
    let root = try YAMLReader.compose(text, file: path)
    guard (root?["network"]?["version"] ?? root?["version"])?.scalar?.string == "2" else {
      throw TemplateErrors([
        TemplateError(
          "This is no network configuration of version 2", at: SourceLocation(file: path),
          hint: "it is a map that has 'version: 2', by itself or below 'network:'")
      ])
    }
    addresses = Self.addresses(root?["network"] ?? root)
  }

  /// Those below each device of each kind of devices: an address each, or a map from it to more about it.
  private static func addresses(_ network: Node?) -> [String] {
    let devices = network?.mapping?.values.compactMap(\.mapping).flatMap { $0.values } ?? []
    return devices.compactMap { $0["addresses"]?.sequence }.joined().compactMap { entry in
      entry.scalar?.string ?? entry.mapping?.keys.first?.scalar?.string
    }
  }
}
