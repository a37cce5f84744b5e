import DomainXML
import Libvirt
import NestorSupport
import NestorTestSupport
import Templates

@testable import NestorCore

/// Running guests of libvirt's test driver, which has a state of its own for each file.
struct TestDriverGuests {
  let scratch: ScratchState
  let hypervisor: Hypervisor
  /// What the user was told.
  let warnings = Lines()

  init(_ names: String...) async throws {
    scratch = try ScratchState()
    let domains = names.enumerated().map { Self.xml($1, uuid: Self.uuid($0)) }.joined()
    let node = try scratch.write("node.xml", "<node>\(domains)</node>")
    hypervisor = try await Hypervisor.connect("test://\(node)", state: scratch.state, warn: warnings.add)
  }

  /// Takes a snapshot of guests under this name.
  func takeSnapshot(_ name: String, of guests: Guest...) async throws {
    var request = SnapshotRequest()
    request.name = name
    _ = try await hypervisor.takeSnapshots(of: guests, request)
  }

  /// A plan of a guest that libvirt's test driver takes; `change` is made to its definition.
  func plan(
    _ name: String = "new", _ template: String = "boot: {kernel: /k}", _ record: GuestRecord? = nil,
    change: (inout DomainDefinition) -> Void = { _ in }
  ) throws -> GuestPlan {
    let builder = GuestBuilder(state: scratch.state, host: PlannedGuest.tcg)
    let plan = try builder.plan(try GuestName(name), try scratch.template(template))
    var definition = plan.definition
    definition.type = VirtualizationType(rawValue: "test")
    definition.cpu = nil
    change(&definition)
    return GuestPlan(
      name: plan.name, uuid: plan.uuid, definition: definition, record: record ?? plan.record, disks: plan.disks,
      delivery: plan.delivery, warnings: plan.warnings, reservations: plan.reservations,
      usesEmulation: plan.usesEmulation, autostart: plan.autostart)
  }

  /// The UUID of the guest that is so many down the list.
  static func uuid(_ index: Int) -> String { "6695eb01-f6a4-8304-79aa-97f2502e19a\(index)" }

  /// The XML of such a guest.
  static func xml(_ name: String, uuid: String) -> String {
    """
    <domain type='test'><name>\(name)</name><uuid>\(uuid)</uuid><memory>65536</memory>
    <vcpu>1</vcpu><os><type arch='x86_64'>hvm</type></os>
    <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/nowhere/\(name)'/>
    <target dev='vda' bus='virtio'/></disk>
    <interface type='network'><mac address='52:54:00:00:00:01'/><source network='lab'/></interface></devices></domain>
    """
  }
}
