import DomainXML
import Libvirt
import NestorSupport
import NestorTestSupport
import Testing

@testable import NestorCore

@Suite("The variables of a guest's firmware")
struct FirmwareVariablesTests {
  private let directory = "/state/guests/11111111-2222-4333-8444-555555555555"

  /// A definition; `os` is what is in its `<os>` beside the type.
  private func definition(_ os: String, firmware: String = " firmware='efi'") throws -> DomainDefinition {
    try DomainDefinition(
      xml: """
        <domain type='kvm'><name>web</name><uuid>11111111-2222-4333-8444-555555555555</uuid><memory>65536</memory>
        <vcpu>1</vcpu><os\(firmware)><type>hvm</type>\(os)</os></domain>
        """)
  }

  /// As libvirt 11.3 gives back what it has filled in.
  private func nvram(_ path: String, template: String = "/ovmf/VARS.fd") -> String {
    """
    <loader readonly='yes' type='pflash' format='raw'>/ovmf/CODE.fd</loader>
    <nvram template='\(template)' templateFormat='raw' format='qcow2'>\(path)</nvram>
    """
  }

  @Test("are in its directory where nobody has chosen a place for them")
  func kept() throws {
    let new = try #require(try definition("").keepingFirmwareVariables(in: directory))
    #expect(new == (try definition("<loader format='raw'/><nvram format='qcow2'>\(directory)/nvram.qcow2</nvram>")))
    #expect(new.firmwareVariables(in: directory) == "\(directory)/nvram.qcow2")
    #expect(new.firmwareVariables(in: "/state/guests/another") == nil)
    #expect(try definition("").firmwareVariables(in: directory) == nil)
    // So it is in a copy of a guest of before.
    let copy = try definition(
      "<loader readonly='yes' type='pflash' format='raw'>/ovmf/CODE.fd</loader><nvram template='/ovmf/VARS.fd'/>")
    #expect(
      try copy.keepingFirmwareVariables(in: directory)?.os
        == definition(nvram("\(directory)/nvram.qcow2").replacing(" templateFormat='raw'", with: "")).os)
  }

  @Test(
    "are where somebody has said, or nowhere",
    arguments: [
      ("<nvram>/mine/web_VARS.fd</nvram>", "efi"), ("<nvram format='raw'/>", "efi"),
      ("<nvram type='file'><source file='/mine/vars.fd'/></nvram>", "efi"), ("<loader stateless='yes'/>", "efi"),
      ("<loader type='rom'>/seabios.bin</loader>", "bios"), ("", "bios"),
    ])
  func elsewhere(os: String, firmware: String) throws {
    #expect(try definition(os, firmware: " firmware='\(firmware)'").keepingFirmwareVariables(in: directory) == nil)
  }

  @Test("are none of a guest that boots by BIOS, or by a firmware without a state")
  func none() throws {
    #expect(try !definition("<loader type='rom'>/seabios.bin</loader>", firmware: "").hasFirmwareVariables)
    #expect(try !definition("<loader type='pflash' stateless='yes'>/ovmf/AMDSEV.fd</loader>").hasFirmwareVariables)
    #expect(try definition("<loader type='pflash'>/ovmf/CODE.fd</loader>", firmware: "").hasFirmwareVariables)
    #expect(try definition("").hasFirmwareVariables && !definition("", firmware: "").hasFirmwareVariables)
  }

  @Test("are made of the firmware's template, once")
  func make() async throws {
    let scratch = try ScratchState()
    let (template, file) = ("\(scratch.folder)/VARS.fd", "\(scratch.folder)/nvram.qcow2")
    try FileTree.write([UInt8](repeating: 7, count: 540_672), to: template)
    let definition = try definition(nvram(file, template: template))
    try await FirmwareVariables.make(for: definition, in: scratch.folder)
    #expect(try await DiskFile.size(file) == 540_672)
    let made = try FileTree.read(file)
    #expect(made.starts(with: [0x51, 0x46, 0x49, 0xFB]))
    // Those that are there are the guest's.
    try FileTree.remove(template)
    try await FirmwareVariables.make(for: definition, in: scratch.folder)
    #expect(try FileTree.read(file) == made)
    // One whose variables lie elsewhere is libvirt's business.
    try FileTree.remove(file)
    try await FirmwareVariables.make(for: try self.definition(nvram("/x/web_VARS.fd")), in: scratch.folder)
    #expect(!FileTree.exists(file))
    await #expect(throws: NestorError.self) { try await FirmwareVariables.make(for: definition, in: scratch.folder) }
    let without = try self.definition(
      nvram(file, template: template).replacing(
        " template='\(template)' templateFormat='raw'", with: ""))
    let directory = scratch.folder
    let error = await #expect(throws: NestorError.self) {
      try await FirmwareVariables.make(for: without, in: directory)
    }
    #expect(error?.hint?.contains(file) == true, "\(error.map { "\($0)" } ?? "")")
    #expect(try FileTree.names(in: scratch.folder).filter { $0.hasPrefix("nvram") } == [])
  }
}
