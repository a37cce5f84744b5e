import Glibc
import Testing

@testable import GuestProtocol

/// Holds the articles' tables against the code, since another implementation is made from them.
@Suite("The protocol's articles") struct ArticleTests {
  /// A row of a table: its cells, without white space around them.
  private typealias Row = [String]

  private func article(_ name: String) throws -> [Substring] {
    let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let file = open("/\(here)/Sources/GuestProtocol/GuestProtocol.docc/\(name).md", O_RDONLY | O_CLOEXEC)
    try #require(file >= 0)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(file, &bytes, bytes.count)
    try #require(count > 0)
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The rows of the first table behind a line.
  private func table(after line: String, in article: [Substring]) throws -> [Row] {
    let start = try #require(article.firstIndex(of: line[...]), "no line '\(line)'")
    let rows = article[(start + 1)...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.dropFirst(2)
    return rows.map { row in
      row.dropFirst().dropLast().split(separator: "|").map { cell in
        String(String(cell.drop { $0 == " " }.reversed()).drop { $0 == " " }.reversed())
      }
    }
  }

  private func expect<Value: CaseIterable & RawRepresentable>(
    _ values: Value.Type, after line: String, in article: String = "WireFormat"
  ) throws where Value.RawValue: BinaryInteger {
    let rows = try table(after: line, in: try self.article(article)).map { Array($0.prefix(2)) }
    #expect(rows == values.allCases.map { ["\($0.rawValue)", "\($0)"] })
  }

  @Test("name every type of frame, every operation and every error code with its number")
  func numbers() throws {
    try expect(FrameType.self, after: "| 8 | length | payload |")
    try expect(Operation.self, after: "## Operations")
    try expect(ProtocolError.Code.self, after: "## Error codes")
  }

  @Test("name every kind of packet, entry and power action with its number")
  func choices() throws {
    let wire = try article("WireFormat")
    for row in try table(after: "| 11 | length | body |", in: wire) {
      #expect(UInt8(row[0]).flatMap { HandshakePacket.Kind(rawValue: $0) }.map { "\($0)" } == row[1])
    }
    #expect(try table(after: "| 11 | length | body |", in: wire).count == 5)
    for row in try table(after: "Kinds of entries:", in: wire) {
      #expect(UInt32(row[0]).flatMap { FileEntry.Kind(rawValue: $0) }.map { "\($0)" } == row[1])
    }
    #expect(try table(after: "Kinds of entries:", in: wire).count == 7)
    for row in try table(after: "Actions:", in: wire) {
      #expect(UInt32(row[0]).flatMap { PowerRequest.Action(rawValue: $0) }.map { "\($0)" } == row[1])
    }
    #expect(try table(after: "Actions:", in: wire).count == 3)
    #expect(HandshakePacket.Kind(rawValue: 6) == nil)
    #expect(FileEntry.Kind(rawValue: 7) == nil)
    #expect(PowerRequest.Action(rawValue: 3) == nil)
  }

  @Test("name every feature with its bit")
  func features() throws {
    let rows = try table(
      after: "| bit | name | what it is |", in: ["| bit | name | what it is |"] + article("GuestProtocol"))
    let named: [(String, Features)] = [
      ("exec", .exec), ("terminal", .terminal), ("copy", .copy), ("forward", .forward), ("power", .power),
      ("clock", .clock), ("freeze", .freeze), ("identity", .identity), ("watch", .watch),
    ]
    #expect(rows.map { Array($0.prefix(2)) } == named.map { ["\($0.1.rawValue.trailingZeroBitCount)", $0.0] })
    #expect(Features(named.map(\.1)) == .all)
  }

  /// Which property a field changes, found by reading a message that has nothing else.
  private func property<Value: Message>(_: Value.Type, _ field: UInt32, _ type: String) throws -> String? {
    var writer = MessageWriter()
    switch type {
    case "uint32", "uint64", "sint64", "bool": writer.put(field, 1 as UInt32)
    case "string", "bytes", "repeated string", "repeated bytes": writer.putElement(field, Array("a".utf8))
    default: writer.putElement(field, [])
    }
    let (empty, full) = (
      Mirror(reflecting: Value()).children, Mirror(reflecting: try Value(decoding: writer.bytes)).children
    )
    let changed = zip(empty, full).filter { String(describing: $0.value) != String(describing: $1.value) }
    return changed.count == 1 ? changed[0].0.label : nil
  }

  @Test("have a table for every message, with every field's number, name and type")
  func messages() throws {
    let wire = try article("WireFormat")
    for type in EveryMessage.types {
      let rows = try table(after: "### \(type)", in: wire)
      #expect(rows.count == Mirror(reflecting: type.init()).children.count, "\(type)")
      #expect(rows.map { $0[0] } == (1...rows.count).map { "\($0)" }, "\(type)")
      for row in rows {
        let number = try #require(UInt32(row[0]))
        #expect(try property(type, number, row[2]) == row[1], "field \(number) of \(type)")
      }
    }
    #expect(wire.count { $0.hasPrefix("### ") } == EveryMessage.types.count)
  }

  @Test("give the limits that the code has, and the proof that it makes")
  func limits() throws {
    let rows = try table(after: "## Limits", in: article("GuestProtocol")).map { $0[1] }
    #expect(ProtocolLimits.maximumPayload == 65_536 && rows[0].hasPrefix("65,536 bytes"))
    #expect(ProtocolLimits.maximumPacketBody == 1_024 && rows[1] == "1,024 bytes")
    #expect(ProtocolLimits.maximumWindow == 16 << 20 && rows[2] == "16 MiB")
    #expect(ProtocolLimits.maximumStreams == 1_024 && rows[4] == "1,024")
    #expect(ProtocolLimits.maximumPath == 32_000 && rows[5] == "32,000 bytes")
    #expect(ProtocolLimits.maximumLinkedFiles == 65_536 && rows[6] == "65,536")
    #expect(ProtocolLimits.handshakeLimit == .seconds(10) && rows[7] == "10 seconds")
    #expect(ProtocolLimits.pingAfter == .seconds(5) && rows[8] == "5 seconds")
    #expect(ProtocolLimits.silenceLimit == .seconds(30) && rows[9] == "30 seconds")
    let key = try GuestKey([UInt8](0..<32), guest: try #require(GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90")))
    let proof = Hexadecimal.text(key.authenticate("nestor agent", [Array("abc".utf8), Array("de".utf8)]))
    #expect(try article("WireFormat").joined().contains(proof))
    let magic = HandshakePacket.magic.map { Hexadecimal.text([$0]) }.joined(separator: " ")
    #expect(try article("WireFormat").joined().contains(magic))
    #expect(ProtocolLimits.vsockPort == 1024 && ProtocolLimits.portCount == 8 && ProtocolLimits.streamWindow == 16_384)
  }
}
