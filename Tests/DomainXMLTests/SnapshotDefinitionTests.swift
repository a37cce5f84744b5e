import DomainXML
import Testing

@Suite("A snapshot's definition")
struct SnapshotDefinitionTests {
  @Test("is written to the byte and fits the schema")
  func bytes() throws {
    let snapshot = SnapshotDefinition(
      name: "clean & ready", description: "a < b", memory: .init(kind: .external, file: "/var/lib/m.save"),
      disks: [
        .init(name: "vda", kind: .external, file: "/var/lib/overlay.qcow2", format: .qcow2),
        .init(name: "vdb", kind: SnapshotDefinition.Kind.none),
      ])
    let xml = try snapshot.xml()
    #expect(
      xml == """
        <domainsnapshot>
          <name>clean &amp; ready</name>
          <description>a &lt; b</description>
          <memory snapshot="external" file="/var/lib/m.save"/>
          <disks>
            <disk name="vda" snapshot="external">
              <driver type="qcow2"/>
              <source file="/var/lib/overlay.qcow2"/>
            </disk>
            <disk name="vdb" snapshot="no"/>
          </disks>
        </domainsnapshot>

        """)
    #expect(try SnapshotDefinition(xml: xml) == snapshot)
    #expect(try SchemaValidator(.domainSnapshot).problems(in: xml) == [])
  }

  @Test("is read with the domain it holds, and written for another guest")
  func clone() throws {
    var snapshot = try SnapshotDefinition(xml: Samples.text("snapshot"))
    #expect(snapshot.name == "before")
    #expect(snapshot.state == .running)
    #expect(snapshot.parent == "first")
    #expect(snapshot.creationTime == 1_270_477_159)
    #expect(snapshot.memory?.kind == .internal)
    #expect(snapshot.disks?.map(\.name) == ["vda", "vdb"])
    #expect(snapshot.disks?.map(\.kind) == [.internal, SnapshotDefinition.Kind.none])
    #expect(snapshot.inactiveDomain?.memory == .mebibytes(256))
    snapshot.domain?.name = "clone"
    snapshot.domain?.uuid = "2f0b9b0e-6a70-4c59-9f22-7f7c5a0d1c11"
    snapshot.domain?.devices.vsock?.contextID = .fixed(99)
    snapshot.domain?.devices.disks[0].source = .file("/var/lib/nestor/clone.qcow2")
    let xml = try snapshot.xml()
    let read = try SnapshotDefinition(xml: xml)
    #expect(read == snapshot)
    #expect(read.domain?.devices.vsock?.cid == 99)
    #expect(xml.contains("<cookie>"))
    #expect(try SchemaValidator(.domainSnapshot).problems(in: xml) == [])
    #expect(try read.xml() == xml)
  }

  @Test("of an old libvirt holds only the guest's UUID, which survives")
  func uuidOnly() throws {
    let xml =
      "<domainsnapshot><name>a</name><domain><uuid>1f0b9b0e-6a70-4c59-9f22-7f7c5a0d1c11</uuid></domain></domainsnapshot>"
    let snapshot = try SnapshotDefinition(xml: xml)
    #expect(snapshot.domain == nil)
    #expect(try snapshot.xml().contains("<uuid>1f0b9b0e-6a70-4c59-9f22-7f7c5a0d1c11</uuid>"))
  }

  @Test("refuses times that are none")
  func invalid() throws {
    let error = #expect(throws: DomainXMLError.self) {
      try SnapshotDefinition(xml: "<domainsnapshot><creationTime>soon</creationTime></domainsnapshot>")
    }
    #expect(error?.path == "domainsnapshot/creationTime")
  }
}
