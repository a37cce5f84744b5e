import Glibc
import Testing

@testable import GuestTransport

@Suite struct NotifyTests {
  @Test("systemd's words are read line by line, and what is no assignment is left out")
  func words() {
    let ready = NotifyMessage(Array("READY=1\nSTATUS=Ready.\n".utf8))
    #expect(ready.isReady && ready.progress == "Ready.")
    let early = NotifyMessage(Array("X_SYSTEMD_UNIT_ACTIVE=basic.target\nnonsense\n=1\nREADY=0".utf8))
    #expect(!early.isReady && early.progress == "basic.target is active")
    #expect(early.values.count == 2)
    #expect(NotifyMessage([]).values.isEmpty)
  }

  @Test("a message ends when its sender closes, and one that is too long is dropped")
  func reading() throws {
    let (mine, theirs) = try ByteStream.pair()
    try theirs.writeAll(Array("READY=1\n".utf8), until: Instant.now + .seconds(200))
    theirs.shutDown()
    let message = try #require(try NotifyListener.read(mine, interruption: Interruption()))
    #expect(message.isReady)
    let (long, sender) = try ByteStream.pair()
    try sender.writeAll([UInt8](repeating: 65, count: 20_000), until: Instant.now + .seconds(200))
    sender.shutDown()
    #expect(try NotifyListener.read(long, interruption: Interruption()) == nil)
  }
}
