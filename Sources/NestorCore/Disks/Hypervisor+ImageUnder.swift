extension Hypervisor {
  /// The image that a disk's file is laid over, maybe with others between them.
  func imageUnder(_ path: String) async throws -> String? {
    var path = path
    // No chain is longer, but one could go in circles.
    for _ in 0..<200 {
      guard let base = try await DiskFile.base(of: path) else { return nil }
      if base.hasPrefix("\(state.images)/") {
        return base.dropFirst(state.images.count + 1).split(separator: "/").first.map(String.init)
      }
      path = base
    }
    return nil
  }
}
