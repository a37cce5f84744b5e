import DomainXML
import Testing

@testable import NestorCore

@Suite("A guest's record in libvirt's metadata")
struct GuestRecordTests {
  private static let full = GuestRecord(
    stage: .deleting, template: "a<b>&\"c\"", templateFile: "/tmp/ü b.yaml",
    parameters: ["memory": "1GiB", "note": "tab\tü & '", "empty": ""],
    image: "tiny", imageDigest: "aa:bb", diskImages: ["debian": "cc", "other": ""], readyLine: "nestor: up",
    readyTimeout: .seconds(900), contextID: 4711)

  @Test("What is written is read again, with and without the prefix that libvirt adds")
  func roundTrip() throws {
    for record in [Self.full, GuestRecord(stage: .complete, template: "t"), GuestRecord(template: "")] {
      for tree in [record.tree(), record.bareTree()] {
        let xml = try tree.serialized()
        #expect(GuestRecord(xml: xml) == record, "\(xml)")
      }
    }
  }

  @Test("A guest that is complete carries no mark, so that older versions of the record mean the same")
  func mark() throws {
    #expect(GuestRecord(stage: .complete, template: "t").bareTree()["stage"] == nil)
    #expect(GuestRecord(stage: .incomplete, template: "t").bareTree()["stage"] == "incomplete")
    #expect(GuestRecord(stage: .deleting, template: "t").bareTree()["stage"] == "deleting")
  }

  @Test("The same record gives the same text")
  func stable() throws {
    let text = try Self.full.bareTree().serialized()
    for _ in 1...20 { #expect(try Self.full.bareTree().serialized() == text) }
  }

  @Test(
    "What is no record of this version is none",
    arguments: ["", "no xml", "<guest", "<other/>", "<x:guest xmlns:x='urn:else'/>", "<domain><guest/></domain>"])
  func unknown(_ text: String) {
    #expect(GuestRecord(xml: text) == nil)
  }

  @Test("A record with parts that this version does not know is read without them")
  func newer() {
    let record = GuestRecord(
      xml: "<guest template='t' colour='red'><parameter name='a' value='1'/><parameter value='2'/><extra/></guest>")
    #expect(record == GuestRecord(stage: .complete, template: "t", parameters: ["a": "1"]))
  }

  @Test("A stage of a newer version is never taken for garbage")
  func newerStage() {
    #expect(GuestRecord(xml: "<guest template='t' stage='resizing'/>")?.stage == .complete)
  }
}
