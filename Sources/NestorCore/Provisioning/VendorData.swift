/// The seed's vendor-data of its parts, https://docs.cloud-init.io/en/latest/explanation/format.html#mime-multi-part-archive.
enum VendorData {
  /// No line of either part begins with two hyphens and this.
  private static let boundary = "nestor-part"

  /// The text for a guest with or without the agent and settings; nil where it has neither.
  static func text(hasAgent: Bool, configuration: String?) -> String? {
    guard let configuration else { return hasAgent ? AgentBoothook.vendorData : nil }
    guard hasAgent else { return configuration }
    let parts = [("cloud-boothook", AgentBoothook.vendorData), ("cloud-config", configuration)].map { type, text in
      "--\(boundary)\nContent-Type: text/\(type); charset=\"us-ascii\"\nMIME-Version: 1.0\n\n\(text)\n"
    }
    return
      "Content-Type: multipart/mixed; boundary=\"\(boundary)\"\nMIME-Version: 1.0\n\n\(parts.joined())--\(boundary)--\n"
  }
}
