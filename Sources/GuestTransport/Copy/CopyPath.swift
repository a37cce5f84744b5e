import Glibc
import GuestProtocol

/// What a copy does with paths, which are bytes and may hold anything but NUL.
package enum CopyPath {
  /// A path for the kernel; throws for one that is empty, too long or holds a NUL.
  static func terminated(_ path: some Collection<UInt8>) throws(OperationFailure) -> [CChar] {
    guard !path.isEmpty, path.count < ProtocolLimits.maximumPayload, !path.contains(0) else {
      throw OperationFailure(.invalid, "'\(shown(path))' is not a path")
    }
    var text = [CChar]()
    text.reserveCapacity(path.count + 1)
    for byte in path { text.append(CChar(bitPattern: byte)) }
    text.append(0)
    return text
  }

  /// Whether it is the name of something in a folder: one part, neither empty nor '.' nor '..', no '/', no NUL, and no
  /// longer than any file system's names.
  static func isName(_ name: some Collection<UInt8>) -> Bool {
    guard !name.isEmpty, name.count <= Int(NAME_MAX), !name.contains(0), !name.contains(UInt8(ascii: "/")) else {
      return false
    }
    return !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
  }

  /// A path's last part and the folder that it is in, trailing '/' left aside; the last part of '/' is empty.
  static func split(_ path: [UInt8]) -> (folder: [UInt8], name: [UInt8]) {
    let slash = UInt8(ascii: "/")
    var end = path.count
    while end > 0, path[end - 1] == slash { end -= 1 }
    var start = end
    while start > 0, path[start - 1] != slash { start -= 1 }
    let name = Array(path[start..<end])
    if start == 0 { return (path.first == slash ? [slash] : [UInt8(ascii: ".")], name) }
    return (Array(path[..<start]), name)
  }

  /// Refuses a path that does not begin with '/': an agent has no folder that its client could mean.
  package static func requireAbsolute(_ path: [UInt8]) throws(OperationFailure) {
    guard path.first == UInt8(ascii: "/") else {
      throw OperationFailure(.invalid, "a path in a guest begins with '/', which '\(shown(path))' does not")
    }
  }

  /// Whether a path names what is in a folder rather than the folder: it ends with '/.' or is '.', '..' or '/'.
  package static func meansContents(_ path: [UInt8]) -> Bool {
    let name = split(path).name
    return name.isEmpty || name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8)
  }

  /// A path in a message for users: without control characters, and only the end of a long one.
  package static func shown(_ path: some Collection<UInt8>) -> String {
    let end = path.suffix(200)
    let text = String(decoding: end.map { $0 < 32 || $0 == 127 ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
    return end.count < path.count ? "…\(text)" : text
  }
}
