import GuestProtocol
import NestorSupport
import Testing

@testable import GuestTransport

@Suite("The answer to a client behind an earlier one's bytes")
struct PortAnswerTests {
  @Test("is the last that the agent sends, until the client has proved itself")
  func noPongBehind() throws {
    let guest = try #require(GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90"))
    let key = try GuestKey.random(for: guest)
    let (mine, theirs) = try ByteStream.pair()
    var handshake = ClientHandshake(key: key, program: "test")
    let deadline = Instant.now + .seconds(200)
    // All of it is there before the agent looks.
    try mine.writeAll([UInt8](repeating: 0, count: 1_000) + handshake.opening, until: deadline)
    BlockingWork.start {
      _ = try? FrameConnection.accept(theirs, key: key, program: "agent", isPort: true, deadline: deadline)
    }
    var rest: [UInt8]?
    while rest == nil, let bytes = try mine.readSome(until: deadline, interruption: nil) {
      rest = try handshake.receive(bytes)?.rest
    }
    #expect(rest == [])
    // A pong would be taken for one of the new session, with the wrong token.
    #expect(try mine.readSome(until: Instant.now + .milliseconds(200), interruption: nil) == nil)
    mine.shutDown()
  }
}
