import Glibc
import Testing

@testable import Libvirt

@Suite("A thread of the program's own")
struct ThreadTests {
  @Test("gets no SIGPIPE from what libvirt writes on it, neither then nor later, and keeps its signals")
  func brokenPipes() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_DFL)
      var ends: [Int32] = [-1, -1]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      close(ends[1])
      var failure: Int32 = 0
      Libvirt.Thread.withoutBrokenPipes {
        var byte: UInt8 = 0
        if write(ends[0], &byte, 1) < 0 { failure = errno }
      }
      #expect(failure == EPIPE)
      var blocked = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &blocked)
      #expect(sigismember(&blocked, SIGPIPE) == 0)
    }
  }
}
