/// What a guest's seed tells cloud-init, https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html.
package struct SeedSettings: Sendable, Equatable {
  /// The guest's UUID, or for a warm clone its source's; cloud-init takes a guest with another one for a new machine.
  package let instance: String
  /// The guest's host name.
  package let name: String
  /// The MAC addresses of its NICs, in order.
  package let macAddresses: [String]
  /// What cloud-init does on behalf of the user, https://docs.cloud-init.io/en/latest/explanation/format.html.
  package var userData = "#cloud-config\n{}\n"
  /// `#cloud-config` on behalf of the template, which gives way to the user's; nil is none.
  package var vendorConfiguration: String?
  /// The user's own network configuration; nil is DHCP on each card.
  package var networkConfiguration: String?

  /// The name of the file with ``vendorConfiguration``, which becomes a part of the seed's vendor-data.
  static let vendorConfigurationFile = "vendor-config"

  /// The names that the files of a seed have, and whether each seed has them.
  static let fileNames = [
    "meta-data": true, "network-config": true, "user-data": true, vendorConfigurationFile: false,
  ]

  /// The files of the seed by their names.
  var files: [(name: String, text: String)] {
    [
      ("meta-data", metaData), ("network-config", networkConfiguration ?? dynamicConfiguration),
      ("user-data", userData),
    ] + (vendorConfiguration.map { [(Self.vendorConfigurationFile, $0)] } ?? [])
  }

  /// The host name for a guest of a name: there are no underscores in it, see RFC 952.
  static func hostName(_ name: String) -> String { name.replacing("_", with: "-") }

  private static let instanceKey = "instance-id: "

  /// The file `meta-data`, in which cloud-init finds the guest's identity.
  var metaData: String {
    // In quotes, since a name of digits alone would be a number.
    "\(Self.instanceKey)\"\(instance)\"\nlocal-hostname: \"\(Self.hostName(name))\"\n"
  }

  /// The ``instance`` in a file `meta-data` of these settings; nil where there is none.
  static func instance(inMetaData text: String) -> String? {
    text.split(separator: "\n").first { $0.hasPrefix(instanceKey) }.map { line in
      String(line.dropFirst(instanceKey.count).filter { $0 != "\"" })
    }
  }

  /// DHCP on each card, https://docs.cloud-init.io/en/latest/reference/network-config-format-v2.html.
  ///
  /// Not every renderer of cloud-init takes a MAC address alone for a match, so the cards are given names as well.
  private var dynamicConfiguration: String {
    guard !macAddresses.isEmpty else { return "version: 2\nethernets: {}\n" }
    let cards = macAddresses.enumerated().map { index, address in
      "  eth\(index):\n    match: {macaddress: \"\(address)\"}\n    set-name: eth\(index)\n    dhcp4: true\n"
    }
    return "version: 2\nethernets:\n" + cards.joined()
  }
}
