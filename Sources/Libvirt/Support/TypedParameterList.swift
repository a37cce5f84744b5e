import CLibvirt

/// Makes a C array of typed parameters; it belongs to one call and never leaves its thread.
final class TypedParameterList {
  private(set) var array: virTypedParameterPtr?
  private(set) var count: Int32 = 0
  private var room: Int32 = 0

  deinit {
    virTypedParamsFree(array, count)
  }

  /// Adds a value, of which libvirt takes a copy; an unknown one cannot be sent.
  func add(_ name: String, _ value: TypedValue) throws {
    switch value {
    case .int(let number):
      try Calls.check("virTypedParamsAddInt", virTypedParamsAddInt(&array, &count, &room, name, number))
    case .unsignedInt(let number):
      try Calls.check("virTypedParamsAddUInt", virTypedParamsAddUInt(&array, &count, &room, name, number))
    case .long(let number):
      try Calls.check("virTypedParamsAddLLong", virTypedParamsAddLLong(&array, &count, &room, name, number))
    case .unsignedLong(let number):
      try Calls.check("virTypedParamsAddULLong", virTypedParamsAddULLong(&array, &count, &room, name, number))
    case .double(let number):
      try Calls.check("virTypedParamsAddDouble", virTypedParamsAddDouble(&array, &count, &room, name, number))
    case .boolean(let truth):
      try Calls.check(
        "virTypedParamsAddBoolean", virTypedParamsAddBoolean(&array, &count, &room, name, truth ? 1 : 0))
    case .string(let text):
      try Calls.check("virTypedParamsAddString", virTypedParamsAddString(&array, &count, &room, name, text))
    case .unknown(let type):
      throw LibvirtError(
        code: .invalidArgument, message: "the parameter \(name) has the unknown type \(type) and cannot be sent",
        call: "virTypedParamsAddString")
    }
  }
}
