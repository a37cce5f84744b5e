import Testing

@testable import GuestProtocol

@Suite("Keys and UUIDs") struct KeyTests {
  private let text = "0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90"

  @Test("are written as a file and read again")
  func file() throws {
    let key = try GuestKey([UInt8](0..<32), guest: try #require(GuestUUID(text)))
    let file = "guest \(text)\nkey 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
    #expect(String(decoding: key.file, as: UTF8.self) == file)
    let read = try GuestKey(file: Array(file.utf8))
    #expect(read.guest == key.guest)
    #expect(read.bytes == key.bytes)
    #expect(
      try GuestKey(
        file: Array(
          file.uppercased().split(separator: "\n").map {
            "\($0.prefix { $0 != " " }.lowercased())\($0.drop { $0 != " " })\n"
          }.joined().utf8)
      ).bytes == key.bytes)
  }

  @Test(
    "are read from nothing else",
    arguments: [
      "", "guest\nkey\n", "guest 0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90\n",
      "key 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\nguest 0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90\n",
      "guest 0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90\nkey 0001\n",
      "guest 0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90\nkey 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1\n",
      "guest 0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90\nkey 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g\n",
      "guest 0b8e2c541f6e4b8c9d5e3a1f2b7c6d90\nkey 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
      "guest 0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90\nkey 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\nx\n",
    ])
  func invalid(file: String) {
    #expect { try GuestKey(file: Array(file.utf8)) } throws: { ($0 as? ProtocolError)?.code == .invalid }
  }

  @Test("of any other size are none", arguments: [0, 1, 31, 33, 64])
  func size(count: Int) throws {
    let guest = try #require(GuestUUID(text))
    #expect { try GuestKey([UInt8](repeating: 1, count: count), guest: guest) } throws: {
      ($0 as? ProtocolError)?.code == .invalid
    }
  }

  @Test("prove by HMAC-SHA-256 over purpose, zero, UUID and packets")
  func proof() throws {
    // Worked out with Python's hmac module: key 00…1f, b"nestor agent\\0" + UUID + b"abc" + b"de".
    let key = try GuestKey([UInt8](0..<32), guest: try #require(GuestUUID(text)))
    #expect(
      Hexadecimal.text(key.authenticate("nestor agent", [Array("abc".utf8), Array("de".utf8)]))
        == "f6276d139fba6dc874e57b6e2b837ef54b28504fca8705857a27d2a23df77979")
  }

  @Test("compare as equal with themselves only")
  func comparison() {
    let proof = [UInt8](repeating: 5, count: 32)
    #expect(GuestKey.equals(proof, proof))
    #expect(!GuestKey.equals(Array(proof.dropLast()), proof))
    #expect(!GuestKey.equals(proof + [5], proof))
    #expect(!GuestKey.equals([], proof))
    for bit in 0..<256 {
      var other = proof
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!GuestKey.equals(other, proof))
    }
  }

  @Test("have UUIDs in the canonical form only")
  func uuids() throws {
    let uuid = try #require(GuestUUID(text))
    #expect(uuid.description == text)
    #expect(uuid.bytes.prefix(3) == [0x0b, 0x8e, 0x2c])
    #expect(uuid.bytes.count == 16)
    #expect(GuestUUID(text.uppercased()) == uuid)
    for wrong in [
      "", text + "0", String(text.dropLast()), "{\(text)}", String(text.map { $0 == "-" ? "0" : $0 }),
      String(text.map { $0 == "b" ? "g" : $0 }),
      "0b8e2c5-41f6e-4b8c-9d5e-3a1f2b7c6d90", "------------------------------------",
      "é8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90", " " + text.dropFirst(), "+" + text.dropFirst(),
    ] {
      #expect(GuestUUID(wrong) == nil, "\(wrong)")
    }
  }
}
