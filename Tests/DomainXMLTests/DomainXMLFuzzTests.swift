import DomainXML
import Glibc
import TestSupport
import Testing

/// Changes documents at random and holds reading and writing to what they promise, whatever comes in.
///
/// `NESTOR_FUZZ_SECONDS` bounds the time (5 by default), `NESTOR_TEST_SEED` repeats a run.
@Suite("Documents changed at random")
struct DomainXMLFuzzTests {
  private static var seconds: Int {
    getenv("NESTOR_FUZZ_SECONDS").flatMap { Int(String(cString: $0)) }.map { max(0, min($0, 86_400)) } ?? 5
  }

  private static let words = [
    "<", ">", "&", "\"", "'", "/", "]]>", "<![CDATA[", "<!--", "-->", "<?x y?>", "&amp;", "&#0;", "&#x10FFFF;", "&#10;",
    "&x;",
    "<!DOCTYPE a>", " xmlns:a='urn:a'", " xmlns=''", "a:", "<a:b/>", "<title/>", "<driver/>", "<source/>",
    "<source file='x'/>",
    "<disk>", "</disk>", "<target dev='v'/>", "<cid auto='yes'/>", "<vcpu>", "\u{0}", "\u{FFFE}", "é", " ", "\n", "-1",
    "4294967296", "99999999999999999999", "yes", "off", "type='file'", "xml:space='preserve'", "text",
  ].map { Array($0.utf8) }

  /// Changes bytes: the kind of change, the place and the length are all left to chance.
  private static func mutate(_ bytes: inout [UInt8], corpus: [[UInt8]], _ generator: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard !bytes.isEmpty else { return }
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let length = min(Int.random(in: 1...40, using: &generator), bytes.count - place)
      switch Int.random(in: 0...7, using: &generator) {
      case 0: bytes[place] = .random(in: 0...255, using: &generator)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      case 2: bytes.removeSubrange(place..<(place + length))
      case 3: bytes.insert(contentsOf: words.randomElement(using: &generator) ?? [], at: place)
      case 4:
        bytes.insert(
          contentsOf: bytes[place..<(place + length)], at: Int.random(in: 0...bytes.count, using: &generator))
      case 5:
        let other = corpus.randomElement(using: &generator) ?? bytes
        let from = Int.random(in: 0..<other.count, using: &generator)
        bytes.insert(contentsOf: other[from..<min(from + length * 4, other.count)], at: place)
      case 6: moveElement(in: &bytes, corpus: corpus, &generator)
      default: renameAttribute(in: &bytes, near: place, &generator)
      }
    }
  }

  /// Puts a line of some document into another, so that many results stay well-formed.
  private static func moveElement(in bytes: inout [UInt8], corpus: [[UInt8]], _ generator: inout SeededGenerator) {
    let other = corpus.randomElement(using: &generator) ?? bytes
    let lines = other.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    let whole = lines.filter { $0.reversed().starts(with: [UInt8(ascii: ">"), UInt8(ascii: "/")]) }
    guard let line = whole.randomElement(using: &generator) else { return }
    let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: ">") }
    guard let end = ends.randomElement(using: &generator) else { return }
    bytes.insert(contentsOf: line, at: end + 1)
  }

  /// Changes a letter of a name, so that what was known no longer is.
  private static func renameAttribute(in bytes: inout [UInt8], near place: Int, _ generator: inout SeededGenerator) {
    guard let equals = bytes[place...].firstIndex(of: UInt8(ascii: "=")), equals > 0 else { return }
    bytes[equals - 1] = .random(in: UInt8(ascii: "a")...UInt8(ascii: "z"), using: &generator)
  }

  @Test("never crash, and what can be read is written and read the same again")
  func domains() throws {
    let names = Samples.domains + ["snapshot", "network"]
    let corpus = try names.map { Array(try Samples.text($0).utf8) }
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "fuzz"))
    let clock = ContinuousClock()
    let end = clock.now + .seconds(Self.seconds)
    var tried = 0
    var understood = 0
    repeat {
      var bytes = corpus.randomElement(using: &generator) ?? []
      Self.mutate(&bytes, corpus: corpus, &generator)
      tried += 1
      let before = bytes
      guard let tree = try? XMLTree(parsing: bytes) else { continue }
      try hold(tree, before)
      let kind = tree.name
      switch kind {
      case "domain":
        guard let value = try? DomainDefinition(tree: tree) else { continue }
        let xml = try value.xml()
        let again = try DomainDefinition(xml: xml)
        try #require(again == value, "\(String(decoding: before, as: UTF8.self))")
        try #require(try again.xml() == xml, "\(String(decoding: before, as: UTF8.self))")
        _ = value.problems() + value.containerProblems()
      case "domainsnapshot":
        guard let value = try? SnapshotDefinition(tree: tree) else { continue }
        let xml = try value.xml()
        try #require(try SnapshotDefinition(xml: xml) == value, "\(String(decoding: before, as: UTF8.self))")
      case "network":
        guard let value = try? NetworkDefinition(tree: tree) else { continue }
        let xml = try value.xml()
        try #require(try NetworkDefinition(xml: xml) == value, "\(String(decoding: before, as: UTF8.self))")
      default: continue
      }
      understood += 1
    } while clock.now < end
    print("fuzz: \(tried) documents, \(understood) of them understood")
    #expect(Self.seconds == 0 || understood > tried / 20)
  }

  private func hold(_ tree: XMLTree, _ bytes: [UInt8]) throws {
    let text = try tree.serialized()
    let again = try XMLTree(parsing: text)
    try #require(again == tree, "\(String(decoding: bytes, as: UTF8.self))")
    try #require(try again.serialized() == text, "\(String(decoding: bytes, as: UTF8.self))")
  }

  @Test("and patches changed at random never crash either")
  func patches() throws {
    let expressions = [
      "/domain/name", "//disk", "//disk/@type | //disk", "//text()", "//*", "//@*",
      "//interface[@type='network']/source/@network",
      "//*[last()]", "/domain/devices/node()", "//comment() | //disk/..", "ancestor::*", "//qemu:arg",
    ]
    let fragments = [
      "<a/>", "text", "<a b='1'>t</a>u", "<qemu:arg value='x'/>", "<!-- c -->", "<a", "&amp;", "<n:a xmlns:n='urn:n'/>",
    ]
    let text = try Samples.text("running")
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "fuzz patches"))
    let clock = ContinuousClock()
    let end = clock.now + .seconds((Self.seconds + 2) / 3)
    var applied = 0
    repeat {
      var patches: [XMLPatch] = []
      for _ in 0..<Int.random(in: 1...5, using: &generator) {
        var xpath = Array((expressions.randomElement(using: &generator) ?? "/").utf8)
        if Int.random(in: 0...5, using: &generator) == 0 { Self.mutate(&xpath, corpus: [xpath], &generator) }
        let fragment = fragments.randomElement(using: &generator) ?? ""
        let operations: [XMLPatch.Operation] = [
          .set(fragment), .setAttribute("type", fragment), .add(fragment), .add(fragment, .before),
          .add(fragment, .after),
          .remove,
        ]
        patches.append(
          XMLPatch(
            operations.randomElement(using: &generator) ?? .remove, xpath: String(decoding: xpath, as: UTF8.self)))
      }
      guard let result = try? XMLPatch.apply(patches, to: text) else { continue }
      applied += 1
      let tree = try XMLTree(parsing: result)
      try #require(tree.name == "domain")
      try #require(try tree.serialized() == result)
    } while clock.now < end
    print("fuzz patches: \(applied) applied")
    #expect(Self.seconds == 0 || applied > 0)
  }
}
