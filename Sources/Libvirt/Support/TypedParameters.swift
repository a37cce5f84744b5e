import CLibvirt

/// A value of libvirt's typed parameters, see https://libvirt.org/html/libvirt-libvirt-common.html#virTypedParameter.
public enum TypedValue: Sendable, Equatable {
  /// A signed 32-bit number.
  case int(Int32)
  /// An unsigned 32-bit number.
  case unsignedInt(UInt32)
  /// A signed 64-bit number.
  case long(Int64)
  /// An unsigned 64-bit number.
  case unsignedLong(UInt64)
  /// A floating-point number.
  case double(Double)
  /// A truth value.
  case boolean(Bool)
  /// Text.
  case string(String)
  /// A type that this version does not know, by its number.
  case unknown(Int32)

  init(_ parameter: virTypedParameter) {
    self =
      switch virTypedParameterType(rawValue: UInt32(bitPattern: parameter.type)) {
      case VIR_TYPED_PARAM_INT: .int(parameter.value.i)
      case VIR_TYPED_PARAM_UINT: .unsignedInt(parameter.value.ui)
      case VIR_TYPED_PARAM_LLONG: .long(parameter.value.l)
      case VIR_TYPED_PARAM_ULLONG: .unsignedLong(parameter.value.ul)
      case VIR_TYPED_PARAM_DOUBLE: .double(parameter.value.d)
      case VIR_TYPED_PARAM_BOOLEAN: .boolean(parameter.value.b != 0)
      case VIR_TYPED_PARAM_STRING: .string(parameter.value.s.map { String(cString: $0) } ?? "")
      default: .unknown(parameter.type)
      }
  }

  /// The value as a number that is not negative, where it is one.
  public var unsigned: UInt64? {
    switch self {
    case .int(let value): UInt64(exactly: value)
    case .unsignedInt(let value): UInt64(value)
    case .long(let value): UInt64(exactly: value)
    case .unsignedLong(let value): value
    default: nil
    }
  }
}

/// Reads C arrays of typed parameters.
enum TypedParameters {
  /// The values by their names; the array stays the caller's.
  static func dictionary(_ array: UnsafePointer<virTypedParameter>?, count: Int) -> [String: TypedValue] {
    guard let array else { return [:] }
    var values: [String: TypedValue] = [:]
    for index in 0..<count {
      let name = withUnsafePointer(to: array[index].field) { field in
        field.withMemoryRebound(to: CChar.self, capacity: Int(VIR_TYPED_PARAM_FIELD_LENGTH)) { String(cString: $0) }
      }
      values[name] = TypedValue(array[index])
    }
    return values
  }

  /// The values of an array that the caller makes and libvirt fills, as the older calls want it; `body` may lower the
  /// count.
  static func filled(
    _ room: Int32, _ body: (virTypedParameterPtr, inout Int32) throws -> Void
  ) throws -> [String: TypedValue] {
    guard room > 0 else { return [:] }
    let array = virTypedParameterPtr.allocate(capacity: Int(room))
    array.initialize(repeating: virTypedParameter(), count: Int(room))
    defer { array.deallocate() }
    var count = room
    try body(array, &count)
    // Frees the texts in it.
    defer { virTypedParamsClear(array, count) }
    return dictionary(array, count: Int(count))
  }
}
