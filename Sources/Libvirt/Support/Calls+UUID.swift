import CLibvirt

extension Calls {
  /// The UUID that a call writes as text, in lower case with hyphens.
  static func uuid(_ call: String, _ body: (UnsafeMutablePointer<CChar>) -> Int32) throws(LibvirtError) -> String {
    var text = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
    // The body is no part of the throwing expression, so that the error is read right after the call.
    let status = text.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.map(body) ?? -1 }
    try check(call, status)
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
