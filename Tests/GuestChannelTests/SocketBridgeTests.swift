import Glibc
import GuestTransport
import NestorSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct SocketBridgeTests {
  @Test("input goes to the peer with its end, and what the peer says to the output until it closes")
  func bothWays() throws {
    let (mine, theirs) = try ByteStream.pair()
    let (input, output) = (try Pipe(), try Pipe())
    BlockingWork.start {
      // The peer answers only after the end of its input.
      var heard = 0
      var buffer = [UInt8](repeating: 0, count: 4_096)
      loop: while true {
        var entry = pollfd(fd: theirs.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, 200_000)
        switch try? buffer.withUnsafeMutableBytes({ try theirs.read(into: $0) }) {
        case .moved(let count)?: heard += count
        case .wouldBlock?: continue
        case .ended?, nil: break loop
        }
      }
      _ = try? Array("heard \(heard)".utf8).withUnsafeBytes { try theirs.write($0) }
      theirs.shutDown()
    }
    let writing = input.takeWriting()
    BlockingWork.start {
      let bytes = [UInt8](repeating: 7, count: 300_000)
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes { write(writing, $0.baseAddress, $0.count) }
        guard count > 0 else { break }
        sent += count
      }
      close(writing)
    }
    try SocketBridge.join(mine, input: input.reading, output: output.writing)
    var answer = [UInt8](repeating: 0, count: 100)
    let count = read(output.reading, &answer, answer.count)
    #expect(String(decoding: answer[..<max(0, count)], as: UTF8.self) == "heard 300000")
  }
}
