import Glibc

/// Lends Swift strings to C as an array.
enum CStrings {
  /// Calls `body` with the strings and their number; they are its own until it returns.
  static func with<Value>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>, UInt32) throws -> Value
  ) throws -> Value {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var pointers = copies.map { UnsafePointer($0) }
    return try pointers.withUnsafeMutableBufferPointer { buffer in
      // libvirt refuses a null array even where there is nothing in it.
      guard let base = buffer.baseAddress else {
        var none: UnsafePointer<CChar>?
        return try body(&none, 0)
      }
      return try body(base, UInt32(clamping: strings.count))
    }
  }
}
