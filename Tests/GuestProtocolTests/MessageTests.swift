import TestSupport
import Testing

@testable import GuestProtocol

@Suite("Messages") struct MessageTests {
  /// A field as it travels.
  private enum Kind: CaseIterable {
    case number64, number32, choice, bytes, text, message, numbers

    func put(_ field: UInt32, into writer: inout MessageWriter, _ generator: inout SeededGenerator) {
      switch self {
      case .number64: writer.put(field, UInt64.random(in: 1...UInt64.max, using: &generator))
      case .number32: writer.put(field, UInt32.random(in: 2...UInt32.max, using: &generator))
      case .choice: writer.put(field, 1 as UInt32)
      case .bytes:
        writer.putElement(
          field,
          [0xff] + (0..<Int.random(in: 0...40, using: &generator)).map { _ in .random(in: 0...255, using: &generator) })
      case .text: writer.putElement(field, Array("tëxt \(Int.random(in: 0...999, using: &generator))".utf8))
      case .message:
        // A message whose first field is text.
        var inner = MessageWriter()
        inner.put(1, "a")
        writer.putElement(field, inner.bytes)
      case .numbers:
        // One whose first field is a number.
        var inner = MessageWriter()
        inner.put(1, UInt32.random(in: 1...UInt32.max, using: &generator))
        writer.putElement(field, inner.bytes)
      }
    }
  }

  private func decode<Value: Message>(_: Value.Type, _ bytes: [UInt8]) -> Value? { try? Value(decoding: bytes) }

  /// The fields that a message knows, found by trying: the first kind that it takes and gives back the same.
  private func fields<Value: Message>(_ type: Value.Type) -> [(number: UInt32, kind: Kind)] {
    var generator = SeededGenerator(seed: 1)
    return (1...20 as ClosedRange<UInt32>).compactMap { number in
      for kind in Kind.allCases {
        var writer = MessageWriter()
        kind.put(number, into: &writer, &generator)
        if let value = decode(type, writer.bytes), value != Value(), value.encoded == writer.bytes {
          return (number, kind)
        }
      }
      return nil
    }
  }

  private func check<Value: Message>(_ type: Value.Type, _ generator: inout SeededGenerator) throws {
    let fields = fields(type)
    let properties = Mirror(reflecting: Value()).children.count
    #expect(fields.count == properties, "\(type) has \(properties) properties and \(fields.count) fields")
    #expect(fields.map(\.number) == (1...UInt32(max(1, fields.count))).map { $0 }.prefix(fields.count).map { $0 })
    for _ in 0..<200 {
      var writer = MessageWriter()
      for field in fields where Bool.random(using: &generator) {
        field.kind.put(field.number, into: &writer, &generator)
      }
      let value = try Value(decoding: writer.bytes)
      #expect(value.encoded == writer.bytes, "\(value)")
      #expect(try Value(decoding: value.encoded) == value)
      // A newer peer's fields are left alone, wherever they are.
      var newer = MessageWriter()
      newer.put(200, UInt64.max)
      newer.putElement(201, writer.bytes)
      let fixed: [UInt8] = [0xc9 + 0, 0x0c, 1, 2, 3, 4, 5, 6, 7, 8, 0xcd, 0x0c, 1, 2, 3, 4]
      #expect(try Value(decoding: newer.bytes + writer.bytes + fixed) == value)
    }
  }

  @Test("all write each of their fields under the number under which they read it, and skip what they do not know")
  func roundTrips() throws {
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "messages"))
    for type in EveryMessage.types { try check(type, &generator) }
  }

  @Test("are the bytes that the protocol buffers' encoding has for them")
  func vectors() throws {
    var writer = MessageWriter()
    writer.put(1, 150 as UInt64)
    #expect(writer.bytes == [0x08, 0x96, 0x01])
    writer = MessageWriter()
    writer.put(2, "testing")
    #expect(writer.bytes == [0x12, 0x07] + Array("testing".utf8))
    writer = MessageWriter()
    writer.put(16, UInt64.max)
    #expect(writer.bytes == [0x80, 0x01] + [UInt8](repeating: 0xff, count: 9) + [0x01])
    // 32 ones, not ten bytes: the numbers have no sign.
    writer = MessageWriter()
    writer.put(3, UInt32.max)
    #expect(writer.bytes == [0x18, 0xff, 0xff, 0xff, 0xff, 0x0f])
    for (value, bytes) in [
      (0, []), (-1, [0x08, 0x01]), (1, [0x08, 0x02]), (-2, [0x08, 0x03]),
      (2_147_483_647, [0x08, 0xfe, 0xff, 0xff, 0xff, 0x0f]),
      (Int64.min, [0x08] + [UInt8](repeating: 0xff, count: 9) + [0x01]),
    ] as [(Int64, [UInt8])] {
      writer = MessageWriter()
      writer.put(1, value)
      #expect(writer.bytes == bytes)
      var request = ClockRequest()
      request.time = value
      #expect(request.encoded == bytes)
      #expect(try ClockRequest(decoding: bytes).time == value)
    }
    writer = MessageWriter()
    writer.put(1, 0 as UInt64)
    writer.put(2, "")
    writer.put(3, false)
    writer.putElement(4, [])
    #expect(writer.bytes == [0x22, 0x00])
    writer.put(5, true)
    #expect(writer.bytes == [0x22, 0x00, 0x28, 0x01])
  }

  @Test("of a later field win over those of an earlier one, and repeated ones add up")
  func repeated() throws {
    let status = try ExecEnd(decoding: [0x08, 0x01, 0x10, 0x09, 0x08, 0x02])
    #expect(status.code == 2)
    #expect(status.signal == 9)
    #expect(try FreezeReply(decoding: [0x0a, 0x01, 0x61, 0x0a, 0x00]).mountPoints == [[0x61], []])
  }

  @Test(
    "that are none are refused as malformed",
    arguments: [
      [0x08], [0x80], [0x08, 0x80], [0x0a, 0x02, 0x61],
      [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
      [0x00, 0x01], [0x02, 0x00], [0x0b], [0x0c], [0x0e], [0x0f], [0x09, 1, 2, 3], [0x0d, 1, 2, 3],
      [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
      [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
      [0xf8, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01], [0x0a, 0x01, 0xff], [0x08, 0xff, 0xff, 0xff, 0xff, 0x1f],
      [0x0a, 0x00, 0x0a],
    ] as [[UInt8]])
  func malformed(bytes: [UInt8]) {
    // Its first field is text, and its third a number of 32 bits.
    let all: [any Message.Type] = [SystemState.self, ExecEnd.self, Failure.self]
    #expect(
      all.contains { type in
        do throws(ProtocolError) {
          _ = try type.init(decoding: bytes)
          return false
        } catch {
          return error.code == .malformed
        }
      })
  }

  @Test("with choices that this version does not know are refused as unsupported")
  func choices() {
    for (type, bytes) in [(PowerRequest.self, [0x08, 0x03]), (FileEntry.self, [0x08, 0x63])]
      as [(any Message.Type, [UInt8])]
    {
      #expect { _ = try type.init(decoding: bytes) } throws: { ($0 as? ProtocolError)?.code == .unsupported }
    }
    #expect(Failure(ProtocolError(.checksum, "x", number: -5)).error == ProtocolError(.checksum, "x", number: -5))
  }

  @Test("with operations and errors that this version does not know are understood as far as they can be")
  func unknown() throws {
    var writer = MessageWriter()
    writer.put(1, 4_000_000_000 as UInt32)
    let request = try Request(decoding: writer.bytes)
    #expect(request.operation == .none)
    #expect(request.number == 4_000_000_000)
    #expect(request.encoded == writer.bytes)
    #expect(try Failure(decoding: writer.bytes).error.code == .unexpected)
    writer = MessageWriter()
    writer.put(2, 99 as UInt32)
    #expect(try SessionEntry(decoding: writer.bytes).operation == .none)
    #expect(try SessionEntry(decoding: writer.bytes).encoded == writer.bytes)
  }
}
