/// Where a program's input comes from.
package enum ByteSource: Sendable {
  /// There is none: the program reads from /dev/null.
  case none
  /// These bytes, then the end.
  case bytes([UInt8])
  /// A descriptor, until its end; it stays the caller's, and its settings are not changed.
  case descriptor(Int32)
}
