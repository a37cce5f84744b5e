import Libvirt
import LibvirtFailures
import NestorSupport
import Testing

@Suite("What libvirt says where its daemon is gone")
struct LibvirtFailureTests {
  @Test(
    "is told as a service that is not there, with what to do",
    arguments: [
      (ErrorCode.internalError, "internal error: client socket is closed"),
      (.systemError, "Cannot recv data: Connection reset by peer"),
      (.systemError, "Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory"),
    ])
  func gone(code: ErrorCode, message: String) {
    let error = NestorError(
      wrapping: LibvirtError(code: code, message: message, call: "virDomainLookupByName"), "cannot look up guest 'a'")
    #expect(error.code == .unavailable && error.cause == message && error.hint != nil, "\(error)")
  }

  @Test("is no other internal error's or system error's meaning", arguments: [ErrorCode.internalError, .systemError])
  func others(code: ErrorCode) {
    let other = LibvirtError(code: code, message: "internal error: process exited", call: "virDomainCreate")
    #expect(NestorError(wrapping: other, "cannot start guest 'a'").code == .failed)
  }
}
