import NestorSupport
import NestorTestSupport
import Templates
import Testing

@testable import NestorCore

@Suite("XML patches of a template")
struct PatchTests {
  @Test("Set, add and remove change the XML that libvirt gets, in their order")
  func patches() throws {
    let guest = try PlannedGuest(
      """
      xml:
        - set: /domain/vcpu
          value: "7"
        - set: /domain/vcpu
          value: "8"
        - add: /domain/devices
          value: <input type="keyboard" bus="virtio"/>
        - remove: /domain/devices/rng
        - set: /domain/devices/disk/target/@dev
          value: vdz
      """)
    #expect(guest.find("vcpu") == "8")
    #expect(guest.find("devices/input@type") == "keyboard")
    #expect(guest.find("devices/rng#") == "0")
    #expect(guest.find("devices/disk/target@dev") == "vdz")
  }

  @Test(
    "A patch that cannot be applied is refused at its own line and column",
    arguments: [
      ("xml:\n  - remove: /domain/rng\n", "it.yaml:2:13: ", "selects nothing"),
      ("xml:\n  - remove: //rng\n  - set: //rng/@model\n    value: x\n", "it.yaml:3:10: ", "selects nothing"),
      ("xml:\n  - remove: /domain/devices[\n", "it.yaml:2:13: ", "XPath"),
      ("xml:\n  - add: /domain/devices\n    value: <input\n", "it.yaml:2:10: ", ""),
      ("xml:\n  - add: /domain/devices\n    value: <a/></devices><b/>\n", "it.yaml:2:10: ", ""),
      ("xml:\n  - remove: /domain\n", "it.yaml:2:13: ", ""),
    ])
  func refused(_ text: String, _ place: String, _ reason: String) throws {
    let error = try #require(try PlannedGuest.failure(text), "\(text) was taken")
    #expect(error.code == .invalidTemplate && error.message.hasPrefix(place), "\(error)")
    #expect(reason.isEmpty || error.cause?.contains(reason) == true, "\(error)")
  }

  @Test("A patch that breaks libvirt's schema is refused at its line, also when others before it are good")
  func schema() throws {
    let one = try #require(try PlannedGuest.failure("xml:\n  - set: /domain/vcpu\n    value: many\n"))
    #expect(one.code == .invalidTemplate && one.message.hasPrefix("it.yaml:2:10: "), "\(one)")
    let second = try #require(
      try PlannedGuest.failure(
        """
        xml:
          - set: /domain/vcpu
            value: "2"
          - add: /domain/devices
            value: <wheel/>
          - remove: /domain/devices/rng
        """))
    #expect(second.code == .invalidTemplate && second.message.hasPrefix("it.yaml:4:10: "), "\(second)")
    #expect(second.cause?.contains("wheel") == true, "\(second)")
  }

  @Test("A plan to compare a guest with is made also where the schema refuses its patches")
  func unchecked() throws {
    let scratch = try ScratchState()
    try scratch.write("it.yaml", "image: tiny\nxml:\n  - add: /domain/devices\n    value: <wheel/>\n")
    let planner = Planner(
      state: scratch.state, host: PlannedGuest.kvm, library: TemplateLibrary(searchPath: [scratch.folder]))
    #expect(throws: NestorError.self) { try planner.plan(template: "it", names: [], parameters: [:]) }
    let plan = try planner.plan(
      template: "it", name: "it", parameters: [:], uuid: PlannedGuest.uuid, contextID: nil)
    #expect(try plan.xml.contains("<wheel/>"))
  }

  @Test("What one patch breaks and a later one mends is taken")
  func mended() throws {
    let guest = try PlannedGuest(
      "xml:\n  - set: /domain/vcpu\n    value: many\n  - set: /domain/vcpu\n    value: \"3\"\n")
    #expect(guest.find("vcpu") == "3")
  }

  @Test("Text with special characters comes through as text")
  func text() throws {
    let guest = try PlannedGuest("xml:\n  - add: /domain\n    value: <title>a &amp; &lt;b&gt; \"c\" ü</title>\n")
    #expect(guest.find("title") == "a & <b> \"c\" ü")
  }
}
