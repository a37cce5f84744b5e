/// What a message hands its fields to: a ``MessageWriter`` takes their values, a ``MessageField`` that was received
/// gives its own to the one with its number.
package protocol MessageCoder {
  /// How it may fail; a writer never does.
  associatedtype Failure: Error

  /// A single value.
  mutating func field<Value: FieldValue>(_ number: UInt32, _ value: inout Value) throws(Failure)
  /// A value that may be missing.
  mutating func field<Value: FieldValue>(_ number: UInt32, _ value: inout Value?) throws(Failure)
  /// Any number of values.
  mutating func field<Value: FieldValue>(_ number: UInt32, _ values: inout [Value]) throws(Failure)
}
