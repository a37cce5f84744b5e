import Foundation
import Glibc
import Libvirt
import Testing

@Suite("A daemon that hangs up")
struct HangUpTests {
  /// A socket on which every connection is taken and closed at once, as by a libvirtd that dies again and again.
  private static func listen(at path: String) throws {
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(100)) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0 && Glibc.listen(listener, 5) == 0)
    Foundation.Thread.detachNewThread {
      while true {
        let connection = accept(listener, nil, nil)
        if connection >= 0 { close(connection) }
      }
    }
  }

  @Test("is an error for who speaks to it, and does not end the program by a signal")
  func brokenPipe() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_DFL)
      let path = "/tmp/nestor-hang-up-\(getpid())"
      defer { unlink(path) }
      try Self.listen(at: path)
      for _ in 0..<200 {
        await #expect(throws: LibvirtError.self) { try await Connection.open("qemu+unix:///system?socket=\(path)") }
      }
    }
  }
}
