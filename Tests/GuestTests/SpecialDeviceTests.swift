import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Devices that this machine does not have: libvirt takes the guests, and a start says what is missing.
  @Suite("Guests with special devices")
  struct SpecialDeviceTests {
    @Test("are defined by libvirt, and refused at their start with what is missing and how to get it")
    func refused() async throws {
      try await Lab.with("special-devices") { lab in
        for (name, text, cause, hint) in [
          (
            "pages", "memoryBacking: {source: memfd, hugePages: 1GiB}", "huge pages of 1 GiB",
            "/sys/kernel/mm/hugepages"
          ),
          (
            "switch", "memoryBacking: {source: memfd, shared: true}\nnetworks: [{vhostUser: /nowhere/switch}]",
            "does not listen at /nowhere/switch", "start the switch first"
          ),
          ("pci", "hostDevices: [{pci: \"0000:ff:1f.7\"}]", "there is no PCI device 0000:ff:1f.7", "lspci -D"),
          (
            "scsi", "hostDevices: [{vhostScsi: naa.5001405c0ffee000}]", "/dev/vhost-scsi is not here",
            "nestor-host apply --with vhost-scsi"
          ),
        ] {
          let template = try lab.template(name, "extends: tiny\nmemory: 1GiB\n\(text)\n")
          try await lab.succeed("create", template, name)
          let refused = try await lab.nestor("start", name)
          #expect(refused.status == 69, "\(refused)")
          #expect(refused.errors.contains("cannot start guest '\(name)'"), "\(refused)")
          #expect(refused.errors.contains(cause) && refused.errors.contains(hint), "\(refused)")
          #expect(try await lab.virsh("domstate", name).hasPrefix("shut off"))
          try await lab.succeed("delete", name)
        }
        try await lab.expectNothingLeft()
      }
    }
  }
}
