import DomainXML
import Testing

@Suite("A patch")
struct XMLPatchTests {
  private static let document = """
    <domain xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
      <name>a</name>
      <devices>
        <disk n="1"/>
        <disk n="2">text</disk>
      </devices>
      <qemu:commandline>
        <qemu:arg value="x"/>
      </qemu:commandline>
    </domain>

    """

  private func apply(_ patches: XMLPatch..., namespaces: [XMLTree.Namespace] = []) throws -> String {
    try XMLPatch.apply(patches, to: Self.document, namespaces: namespaces)
  }

  private func refusal(_ patch: XMLPatch) -> DomainXMLError? {
    do {
      _ = try XMLPatch.apply([patch], to: Self.document)
      return nil
    } catch {
      return error
    }
  }

  @Test("sets the text of elements, text nodes and attributes, escaped")
  func set() throws {
    let result = try apply(
      XMLPatch(.set("<b> & \"c\""), xpath: "/domain/name"), XMLPatch(.set("3&\"<"), xpath: "//disk[1]/@n"),
      XMLPatch(.set("other"), xpath: "//disk/text()"))
    #expect(result.contains("<name>&lt;b&gt; &amp; \"c\"</name>"))
    #expect(result.contains(#"<disk n="3&amp;&quot;&lt;"/>"#))
    #expect(result.contains(#"<disk n="2">other</disk>"#))
  }

  @Test("sets attributes that are not there yet, on every element selected")
  func setAttribute() throws {
    let result = try apply(
      XMLPatch(.setAttribute("m", "x&y"), xpath: "//disk"), XMLPatch(.setAttribute("n", "9"), xpath: "//disk[@n=2]"),
      XMLPatch(.setAttribute("qemu:z", "1"), xpath: "/domain"))
    #expect(result.contains(#"<disk n="1" m="x&amp;y"/>"#))
    #expect(result.contains(#"<disk n="9" m="x&amp;y">text</disk>"#))
    #expect(result.contains(#"qemu:z="1""#))
  }

  @Test("adds fragments inside, before and behind, in their order")
  func add() throws {
    let result = try apply(
      XMLPatch(.add("<a/><b c='1'>t</b>"), xpath: "//devices"),
      XMLPatch(.add("<one/><two/>", .before), xpath: "//disk[1]"),
      XMLPatch(.add("<three/><four/>", .after), xpath: "//disk[2]"))
    #expect(
      result.contains(
        """
          <devices>
            <one/>
            <two/>
            <disk n="1"/>
            <disk n="2">text</disk>
            <three/>
            <four/>
            <a/>
            <b c="1">t</b>
          </devices>
        """))
  }

  @Test("adds text, also beside text")
  func addText() throws {
    let result = try apply(
      XMLPatch(.add("x &amp; y<z/>w", .after), xpath: "//disk[2]/text()"), XMLPatch(.add("b"), xpath: "/domain/name"),
      XMLPatch(.add("0", .before), xpath: "/domain/name/text()"))
    #expect(result.contains(#"<disk n="2">textx &amp; y<z/>w</disk>"#))
    #expect(result.contains("<name>0ab</name>"))
  }

  @Test("reaches namespaces of the root and those handed in, and writes fragments in them")
  func namespaces() throws {
    let added = try apply(
      XMLPatch(.add("<qemu:arg value='y'/>"), xpath: "/domain/qemu:commandline"),
      XMLPatch(.set("z"), xpath: "//q:arg[1]/@value"),
      namespaces: [.init(prefix: "q", uri: "http://libvirt.org/schemas/domain/qemu/1.0")])
    #expect(added.contains(#"<qemu:arg value="z"/>"#))
    let tree = try XMLTree(parsing: added)
    #expect(tree.element("qemu:commandline")?.elements.count == 2)
    let foreign = try apply(XMLPatch(.add("<n:x xmlns:n='urn:n'><n:y/></n:x>"), xpath: "/domain"))
    #expect(foreign.contains(#"<n:x xmlns:n="urn:n">"#))
  }

  @Test("removes elements, attributes and text, also what lies within what it removes")
  func remove() throws {
    let result = try apply(
      XMLPatch(.remove, xpath: "//devices | //disk | //disk/@n | //disk/text()"),
      XMLPatch(.remove, xpath: "//qemu:arg/@value"), XMLPatch(.remove, xpath: "/domain/name/text()"))
    #expect(
      result == """
        <domain xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
          <name/>
          <qemu:commandline>
            <qemu:arg/>
          </qemu:commandline>
        </domain>

        """)
  }

  @Test("sets an element and its text at once without harm")
  func overlapping() throws {
    let result = try apply(XMLPatch(.set("new"), xpath: "//disk[2] | //disk[2]/text() | //disk[2]/@n"))
    #expect(result.contains(#"<disk n="new">new</disk>"#))
  }

  @Test("that selects nothing is an error that names the expression")
  func selectsNothing() {
    let error = refusal(XMLPatch(.remove, xpath: "/domain/nothing"))
    #expect(error?.kind == .patch)
    #expect(error?.path == "/domain/nothing")
    #expect(error?.hint != nil)
  }

  @Test(
    "with a wrong expression is an error",
    arguments: [
      "", "  ", "///", "/domain[", "foo(", "//x:y", "1 + 1", "string(/)", "$variable", "/", "namespace::*", "\u{1}",
      "/domain/namespace::qemu", "document('file:///etc/passwd')",
    ])
  func wrongExpression(_ xpath: String) {
    let error = refusal(XMLPatch(.remove, xpath: xpath))
    #expect(error?.kind == .patch)
    #expect(error?.message.isEmpty == false)
  }

  @Test(
    "with a function that XPath does not know says so",
    arguments: [("//disk[near()]", "function near"), ("//disk[x:near()]", "prefix x")])
  func unknownFunction(_ xpath: String, _ words: String) {
    let message = refusal(XMLPatch(.remove, xpath: xpath))?.message ?? ""
    #expect(message.contains("the XPath expression is wrong: ") && message.contains(words), "\(message)")
  }

  @Test("with an endlessly costly expression ends")
  func costly() {
    let clock = ContinuousClock()
    let xpath = "//*[" + String(repeating: "count(//*[count(//*[count(//*) > 1]) > 1]) > 1 and ", count: 40) + "true()]"
    let took = clock.measure { _ = refusal(XMLPatch(.remove, xpath: xpath)) }
    #expect(took < .seconds(30))
  }

  @Test("with a broken fragment tells line and column within it")
  func brokenFragment() throws {
    let cut = try #require(refusal(XMLPatch(.add("<a>\n  <b></a>"), xpath: "//devices")))
    #expect(cut.kind == .patch)
    #expect(cut.line == 2)
    #expect(cut.message.contains("fragment"))
    let first = try #require(refusal(XMLPatch(.add("<a b=c/>"), xpath: "//devices")))
    #expect(first.line == 1)
    #expect(first.column.map { $0 <= 8 } == true)
    for fragment in [
      "", "</fragment><fragment>", "</fragment>", "<u:x/>", "<!DOCTYPE a>", "&x;", "a\u{2}",
      "<?xml version='1.0'?><a/>",
    ] {
      #expect(refusal(XMLPatch(.add(fragment), xpath: "//devices"))?.kind == .patch)
    }
  }

  @Test("that would take the root away, or what cannot be changed, is an error")
  func root() {
    let patches = [
      XMLPatch(.remove, xpath: "/domain"), XMLPatch(.add("<x/>", .before), xpath: "/domain"),
      XMLPatch(.add("<x/>", .after), xpath: "/domain"), XMLPatch(.add("<x/>", .after), xpath: "//disk/@n"),
      XMLPatch(.add("<x/>"), xpath: "//disk/@n"), XMLPatch(.set("x"), xpath: "//devices"),
      XMLPatch(.set("x"), xpath: "/domain"), XMLPatch(.set("x\u{3}"), xpath: "/domain/name"),
      XMLPatch(.setAttribute("a b", "x"), xpath: "/domain"), XMLPatch(.setAttribute("xmlns", "x"), xpath: "/domain"),
      XMLPatch(.setAttribute("u:x", "x"), xpath: "/domain"), XMLPatch(.setAttribute("x", "\u{4}"), xpath: "/domain"),
      XMLPatch(.setAttribute("x", "y"), xpath: "//disk/@n"),
    ]
    for patch in patches { #expect(refusal(patch)?.kind == .patch, "\(patch)") }
  }

  @Test("leaves a definition that must be read again, or is refused")
  func definition() throws {
    let tiny = DomainDefinitionTests.tiny()
    #expect(try tiny.applying([]) == tiny)
    let patched = try tiny.applying([
      XMLPatch(.add("<sound model='ich9'/>"), xpath: "/domain/devices"),
      XMLPatch(.setAttribute("queues", "4"), xpath: "/domain/devices/disk/driver"),
    ])
    #expect(patched.devices.disks[0].queues == 4)
    #expect(patched.devices.unknown.unknownElements == [XMLTree("sound", attributes: [.init("model", "ich9")])])
    #expect(throws: DomainXMLError.self) { try tiny.applying([XMLPatch(.remove, xpath: "/domain/name")]) }
    #expect(throws: DomainXMLError.self) { try tiny.applying([XMLPatch(.set("x"), xpath: "//vsock/cid/@address")]) }
  }
}
