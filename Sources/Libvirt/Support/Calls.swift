import CLibvirt
import Glibc

/// The one place where results of C calls are looked at, so that no failure goes unseen.
///
/// These read the thread's last error and so run on the thread that made the call; all of them are used inside
/// ``CallExecutor/run(_:)`` only.
enum Calls {
  /// A status, of which libvirt makes a negative one when the call failed.
  @discardableResult
  static func check<Number: FixedWidthInteger & SignedInteger>(_ call: String, _ result: Number) throws(LibvirtError)
    -> Number
  {
    guard result >= 0 else { throw LibvirtError(last: call) }
    return result
  }

  /// A handle or a structure, of which libvirt makes none when the call failed.
  static func check<Pointer>(_ call: String, _ result: Pointer?) throws(LibvirtError) -> Pointer {
    guard let result else { throw LibvirtError(last: call) }
    return result
  }

  /// Text that the caller has to free.
  static func string(_ call: String, _ result: UnsafeMutablePointer<CChar>?) throws(LibvirtError) -> String {
    let text = try check(call, result)
    defer { free(text) }
    return String(cString: text)
  }

  /// Text that belongs to the object.
  static func borrowed(_ call: String, _ result: UnsafePointer<CChar>?) throws(LibvirtError) -> String {
    String(cString: try check(call, result))
  }

  /// An array of handles that the caller has to free, as the `ListAll` calls make it; the handles go to `wrap`.
  static func list<Object>(
    _ call: String, _ body: (UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>) -> Int32,
    wrap: (OpaquePointer) throws -> Object
  ) throws -> [Object] {
    var array: UnsafeMutablePointer<OpaquePointer?>?
    let count = try check(call, body(&array))
    guard let array else { return [] }
    defer { free(array) }
    // Every handle is wrapped before the first failure is thrown, so that each is freed by its owner.
    let wrapped = (0..<Int(count)).compactMap { index in array[index].map { handle in Result { try wrap(handle) } } }
    return try wrapped.map { try $0.get() }
  }

  /// An array of texts that the caller has to free, all of them.
  static func strings(
    _ call: String, _ body: (UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>) -> Int32
  ) throws -> [String] {
    var array: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = Int(try check(call, body(&array)))
    guard let array else { return [] }
    defer {
      for index in 0..<count { free(array[index]) }
      free(array)
    }
    return (0..<count).compactMap { index in array[index].map { String(cString: $0) } }
  }

  /// Typed parameters that the caller has to free, as the newer calls make them.
  static func parameters<Count: FixedWidthInteger>(
    _ call: String, _ body: (UnsafeMutablePointer<virTypedParameterPtr?>, UnsafeMutablePointer<Count>) -> Int32
  ) throws -> [String: TypedValue] {
    var array: virTypedParameterPtr?
    var count: Count = 0
    let status = body(&array, &count)
    try check(call, status)
    defer { virTypedParamsFree(array, Int32(clamping: count)) }
    return TypedParameters.dictionary(array, count: Int(clamping: count))
  }
}
