import Testing

@testable import Libvirt

@Suite("Where events wait")
struct EventSinkTests {
  @Test(
    "a reader that falls too far behind gets what waited and then an error, not a silent gap", .timeLimit(.minutes(20)))
  func overflow() async throws {
    let connection = try await TestHost.open()
    let (stream, continuation) = AsyncThrowingStream.makeStream(
      of: Int.self, throwing: (any Error).self, bufferingPolicy: .bufferingOldest(EventHub<Int>.capacity))
    let hub = EventHub<Int>()
    _ = hub.add(continuation)
    let sink = EventSink(connection, hub)
    let opaque = Unmanaged.passUnretained(sink).toOpaque()
    for number in 0...EventHub<Int>.capacity + 5 { EventSink<Int>.deliver(opaque) { _ in number } }
    withExtendedLifetime(sink) {}
    var expected = 0
    do {
      for try await number in EventSequence(stream: stream) {
        #expect(number == expected)
        expected += 1
      }
      Issue.record("the sequence ended without an error")
    } catch let error as LibvirtError {
      #expect(error.code == .eventsDropped)
    }
    #expect(expected == EventHub<Int>.capacity)
  }

  @Test("an event that cannot be read is left out, and the next one comes")
  func unreadable() async throws {
    let connection = try await TestHost.open()
    let (stream, continuation) = AsyncThrowingStream.makeStream(of: Int.self, throwing: (any Error).self)
    let hub = EventHub<Int>()
    _ = hub.add(continuation)
    let sink = EventSink(connection, hub)
    let opaque = Unmanaged.passUnretained(sink).toOpaque()
    EventSink<Int>.deliver(opaque) { _ in throw LibvirtError(code: .internalError, message: "odd", call: "test") }
    EventSink<Int>.deliver(nil) { _ in 1 }
    EventSink<Int>.deliver(opaque) { _ in 2 }
    withExtendedLifetime(sink) {}
    var iterator = EventSequence(stream: stream).makeAsyncIterator()
    #expect(try await iterator.next() == 2)
  }

  @Test("numbers that a later libvirt may send keep their value")
  func unknownNumbers() {
    #expect(NetworkEvent.Kind(99) == .unknown(99))
    #expect(StoragePoolEvent.Kind(-1) == .unknown(-1))
    #expect(SecretEvent.Kind(7) == .unknown(7))
    #expect(NodeDeviceEvent.Kind(7) == .unknown(7))
    #expect(SecretUsage(number: 77) == .unknown(77))
    #expect(SecretUsage(number: 77).number == 77)
  }
}
