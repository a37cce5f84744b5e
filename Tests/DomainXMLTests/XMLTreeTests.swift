import DomainXML
import Testing

@Suite("A tree of XML")
struct XMLTreeTests {
  private func refusal(_ text: String, limits: XMLLimits = .standard) -> DomainXMLError? {
    do {
      _ = try XMLTree(parsing: text, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test("keeps names, namespaces, attributes, text, comments and instructions in order")
  func keepsEverything() throws {
    let text = """
      <a xmlns="urn:d" xmlns:p="urn:p" z="1" p:b="&lt;&amp;&quot;'&#10;&#9;&#13;">
        <!-- note -->
        <p:c/>
        <?tool do it?>
        <d>one <e/> two</d>
      </a>

      """
    let tree = try XMLTree(parsing: text)
    #expect(tree.namespaces == [.init(prefix: "", uri: "urn:d"), .init(prefix: "p", uri: "urn:p")])
    #expect(tree.attributes == [.init("z", "1"), .init("p:b", "<&\"'\n\t\r")])
    #expect(tree.children.count == 4)
    #expect(tree.element("d")?.children == [.text("one "), .element(XMLTree("e")), .text(" two")])
    #expect(tree.element("p:c")?.line == 3)
    #expect(try tree.serialized() == text)
    #expect(try XMLTree(parsing: tree.serialized()) == tree)
  }

  @Test("changes attributes by name")
  func attributes() {
    var tree = XMLTree("a", attributes: [.init("b", "1")])
    tree["c"] = "2"
    tree["b"] = "3"
    #expect(tree.attributes == [.init("b", "3"), .init("c", "2")])
    tree["b"] = nil
    tree["x"] = nil
    #expect(tree.attributes == [.init("c", "2")])
  }

  @Test(
    "tells where a document breaks",
    arguments: [
      ("<a>\n <b></a>", 2), ("<a", 1), ("", 1), ("<a/><b/>", 1), ("<a>&nothing;</a>", 1), ("<a b='1' b='2'/>", 1),
      ("<a>\n\n<p:b/></a>", 3), ("text", 1), ("<a>\u{1}</a>", 1), ("<a>", 1),
    ])
  func malformed(_ text: String, line: Int) throws {
    let error = try #require(refusal(text))
    #expect(error.kind == .malformed)
    #expect(error.line == line)
    #expect(!error.message.isEmpty)
    #expect(error.description.contains("line \(line)"))
  }

  @Test("never reads a file or address that a document names")
  func externalEntities() throws {
    for system in ["file:///etc/passwd", "http://127.0.0.1:9/x", "/etc/passwd"] {
      let text = "<!DOCTYPE a [<!ENTITY x SYSTEM \"\(system)\">]><a>&x;</a>"
      #expect(refusal(text)?.kind == .documentTypeRefused)
      #expect(refusal("<!DOCTYPE a SYSTEM \"\(system)\"><a/>")?.kind == .documentTypeRefused)
    }
    #expect(refusal("<a><![CDATA[<!DOCTYPE b>]]></a>") == nil)
  }

  @Test("refuses a billion laughs before the first")
  func billionLaughs() throws {
    var text = "<!DOCTYPE lolz [<!ENTITY l0 \"lol\">"
    for level in 1...9 {
      let references = String(repeating: "&l\(level - 1);", count: 10)
      text += "<!ENTITY l\(level) \"\(references)\">"
    }
    text += "]><lolz>&l9;</lolz>"
    let clock = ContinuousClock()
    let took = clock.measure { #expect(refusal(text)?.kind == .documentTypeRefused) }
    #expect(took < .seconds(60))
  }

  @Test("refuses documents that are too large or too deep")
  func limits() throws {
    let large = "<a>" + String(repeating: "x", count: 10 << 20) + "</a>"
    #expect(refusal(large)?.kind == .limitExceeded)
    let deep = String(repeating: "<a>", count: 10_000) + String(repeating: "</a>", count: 10_000)
    #expect(refusal(deep)?.kind == .limitExceeded)
    let allowed = String(repeating: "<a>", count: 200) + String(repeating: "</a>", count: 200)
    #expect(refusal(allowed) == nil)
    #expect(refusal("<a><a>" + allowed + "</a></a>")?.kind == .limitExceeded)
    #expect(refusal("<a/>", limits: XMLLimits(maximumBytes: 3))?.kind == .limitExceeded)
  }

  @Test("is not written when too deep or too large either")
  func writingLimits() throws {
    var tree = XMLTree("a")
    for _ in 0..<300 { tree = XMLTree("a", children: [.element(tree)]) }
    #expect(throws: DomainXMLError.self) { try tree.serialized() }
    let large = XMLTree("a", text: String(repeating: "x", count: 100))
    let error = #expect(throws: DomainXMLError.self) { try large.serialized(limits: XMLLimits(maximumBytes: 50)) }
    #expect(error?.kind == .limitExceeded)
  }

  @Test("refuses bytes that are not UTF-8, whatever the document declares")
  func brokenUTF8() throws {
    for declaration in ["", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"] {
      let bytes = Array(declaration.utf8) + Array("<a>".utf8) + [0xFF, 0xC3, 0x28] + Array("</a>".utf8)
      let error = #expect(throws: DomainXMLError.self) { try XMLTree(parsing: bytes) }
      #expect(error?.kind == .malformed)
    }
    #expect(try XMLTree(parsing: Array("<a>Grüße 漢字 🎉</a>".utf8)).text == "Grüße 漢字 🎉")
    #expect(throws: DomainXMLError.self) { try XMLTree(parsing: Array("<a>".utf8) + [0] + Array("</a>".utf8)) }
    #expect(throws: DomainXMLError.self) { try XMLTree(parsing: [UInt8]()) }
  }

  @Test("is refused at every place where it is cut off")
  func truncated() throws {
    let text = try Samples.text("running").split(separator: "\n").joined(separator: "\n")
    let bytes = Array(text.utf8)
    var length = 1
    while length < bytes.count - 1 {
      #expect(throws: DomainXMLError.self) { try XMLTree(parsing: Array(bytes[..<length])) }
      length += 37
    }
  }

  @Test(
    "refuses characters that XML cannot carry and tells where they stand",
    arguments: [
      "\u{0}", "\u{1}", "\u{8}", "\u{B}", "\u{1F}", "\u{FFFE}", "\u{FFFF}",
    ])
  func invalidCharacters(_ character: String) throws {
    let text = XMLTree("a", children: [.element(XMLTree("b", text: "x" + character))])
    let first = #expect(throws: DomainXMLError.self) { try text.serialized() }
    #expect(first?.kind == .invalidCharacter)
    #expect(first?.path == "a/b")
    let attribute = XMLTree("a", attributes: [.init("c", character + "x")])
    let second = #expect(throws: DomainXMLError.self) { try attribute.serialized() }
    #expect(second?.path == "a/@c")
    #expect(second?.message.contains("U+") == true)
  }

  @Test(
    "carries every other character there and back",
    arguments: [
      "\u{9}\u{A}\u{D}", "\r\n", " lead and trail ", "]]>", "<!--", "&amp;", "\u{7F}\u{80}\u{85}",
      "\u{D7FF}\u{E000}\u{FFFD}",
      "\u{10FFFF}", "\u{2028}", "e\u{301}é", "'\"`", "%s%n", "\u{FEFF}x",
    ])
  func validCharacters(_ value: String) throws {
    let tree = XMLTree("a", attributes: [.init("v", value)], children: [.element(XMLTree("t", text: value + "."))])
    let read = try XMLTree(parsing: tree.serialized())
    #expect(read == tree)
    let named = XMLTree("p:a", namespaces: [.init(prefix: "p", uri: "x" + value + "x")])
    #expect(try XMLTree(parsing: named.serialized()) == named)
    #expect(Array((read["v"] ?? "").utf8) == Array(value.utf8))
    #expect(Array((read.element("t")?.text ?? "").utf8) == Array((value + ".").utf8))
  }

  @Test(
    "refuses names that are none, attributes that are there twice, prefixes that nothing declares",
    arguments: [
      XMLTree("a b"), XMLTree(""), XMLTree("1a"), XMLTree("a:b:c"), XMLTree("a>"), XMLTree("p:a"), XMLTree(":a"),
      XMLTree("a", attributes: [.init("x", "1"), .init("x", "2")]), XMLTree("a", attributes: [.init("p:x", "1")]),
      XMLTree("a", attributes: [.init("x y", "1")]), XMLTree("a", namespaces: [.init(prefix: "x y", uri: "urn:x")]),
      XMLTree("a", namespaces: [.init(prefix: "p", uri: "")]),
      XMLTree("a", namespaces: [.init(prefix: "xmlns", uri: "u")]),
      XMLTree("a", children: [.instruction(target: "xml", content: "")]),
      XMLTree("a", children: [.instruction(target: "x", content: "?>")]),
    ])
  func invalidNames(_ tree: XMLTree) throws {
    let error = #expect(throws: DomainXMLError.self) { try tree.serialized() }
    #expect(error?.kind == .invalidName)
  }

  @Test("refuses comments that would end early", arguments: ["--", "a-", "a--b"])
  func comments(_ comment: String) throws {
    let tree = XMLTree("a", children: [.comment(comment)])
    #expect(throws: DomainXMLError.self) { try tree.serialized() }
  }

  @Test("is read and written by many tasks at once")
  func concurrency() async throws {
    let text = try Samples.text("running")
    let expected = try XMLTree(parsing: text)
    let equal = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<64 {
        group.addTask { (try? XMLTree(parsing: text).serialized()).flatMap { try? XMLTree(parsing: $0) } == expected }
      }
      return await group.reduce(true) { $0 && $1 }
    }
    #expect(equal)
  }
}
