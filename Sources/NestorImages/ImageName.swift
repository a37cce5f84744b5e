/// Names of images from the names of files and addresses.
package enum ImageName {
  private static let packed = [".gz", ".xz", ".zst"]
  private static let formats = [".qcow2", ".raw", ".img", ".dd", ".iso"]

  /// A name for the image that a file or an address holds: its last part without endings, made of what names can have.
  ///
  /// Answers nil where nothing is left of it.
  package static func suggestion(for path: String) -> String? {
    var text = lastPart(of: path)
    for endings in [packed, formats] {
      if let ending = endings.first(where: { text.hasSuffix($0) }) { text.removeLast(ending.count) }
    }
    var name = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9": name.unicodeScalars.append(scalar)
      case ".", "_", "-": if !name.isEmpty { name.unicodeScalars.append(scalar) }
      default: if !name.isEmpty { name += "-" }
      }
    }
    return name.isEmpty ? nil : String(name.prefix(63))
  }

  /// The last part of a path, or of an address without its question.
  static func lastPart(of path: String) -> String {
    let plain = path.contains("://") ? path.prefix { $0 != "?" && $0 != "#" } : path[...]
    return plain.split(separator: "/").last.map(String.init) ?? ""
  }

  /// The format that a file's name says; `.img` stands for any.
  static func claimedFormat(_ path: String) -> ImageFormat? {
    var text = lastPart(of: path)
    if let ending = packed.first(where: { text.hasSuffix($0) }) { text.removeLast(ending.count) }
    return text.hasSuffix(".raw") ? .raw : text.hasSuffix(".qcow2") ? .qcow2 : nil
  }
}
