import DomainXML
import TestSupport
import Testing

@Suite("The difference of two documents")
struct XMLDifferenceTests {
  @Test("is none where only order of attributes, quotes, white space and comments differ")
  func sameMeaning() throws {
    let difference = try XMLDifference(
      old: "<a x='1' y=\"2\"><b/><!-- c --></a>", new: "<a y='2' x='1'>\n\n  <b></b>\n</a>")
    #expect(difference.isEmpty)
    #expect(difference.unified() == "")
  }

  @Test("shows what was added, removed and changed, with lines around it")
  func unified() throws {
    let old = "<a><one/><two/><three/><four/><five v='1'/><six/><seven/><eight/><nine/><ten/><eleven/><twelve/></a>"
    let new = "<a><one/><two/><three/><four/><five v='2'/><six/><seven/><eight/><nine/><ten/><twelve/><last/></a>"
    let difference = try XMLDifference(old: old, new: new)
    #expect(!difference.isEmpty)
    #expect(
      difference.unified(context: 1) == """
        @@ -5,3 +5,3 @@
           <four/>
        -  <five v="1"/>
        +  <five v="2"/>
           <six/>
        @@ -11,4 +11,4 @@
           <ten/>
        -  <eleven/>
           <twelve/>
        +  <last/>
         </a>

        """)
    #expect(difference.unified(context: .max).hasPrefix("@@ -1,14 +1,14 @@"))
  }

  @Test("turns one document into the other when its lines are followed")
  func followed() throws {
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "difference"))
    for _ in 0..<100 {
      func document() -> XMLTree {
        let names = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
          ["a", "b", "c", "d"].randomElement(using: &generator) ?? "a"
        }
        return XMLTree("r", children: names.map { .element(XMLTree($0)) })
      }
      let old = try document().serialized()
      let new = try document().serialized()
      let lines = try XMLDifference(old: old, new: new).lines
      let before = lines.filter { $0.kind != .added }.map { $0.text + "\n" }.joined()
      let after = lines.filter { $0.kind != .removed }.map { $0.text + "\n" }.joined()
      #expect(before == old)
      #expect(after == new)
    }
  }

  @Test("of a definition and what libvirt's test driver made of it shows the additions")
  func libvirt() throws {
    let difference = try XMLDifference(old: Samples.text("full"), new: Samples.text("test-driver"))
    #expect(difference.lines.contains { $0.kind == .added && $0.text.contains("<controller") })
    #expect(!difference.lines.contains { $0.kind != .same && $0.text.contains("<name>") })
  }

  @Test("of something that is not XML is an error")
  func notXML() {
    #expect(throws: DomainXMLError.self) { try XMLDifference(old: "<a>", new: "<a/>") }
    #expect(throws: DomainXMLError.self) { try XMLDifference(old: "<a/>", new: "b") }
  }
}
