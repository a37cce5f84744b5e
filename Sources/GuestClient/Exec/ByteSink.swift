/// Where a program's output goes to.
package enum ByteSink {
  /// Nowhere.
  case discard
  /// A descriptor; it stays the caller's, and its settings are not changed.
  case descriptor(Int32)
  /// A function, which must not take long: the session stands still meanwhile. The bytes are valid within the call only.
  case handler((UnsafeRawBufferPointer) throws -> Void)
}
