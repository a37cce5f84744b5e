import Libvirt
import NestorSupport
import NestorTestSupport
import Synchronization

@testable import NestorCore

/// Running guests of libvirt's test driver, which has a state of its own for each file.
struct TestDriverGuests {
  let scratch: ScratchState
  let hypervisor: Hypervisor
  let warnings = Warnings()

  /// What the user was told.
  final class Warnings: Sendable {
    private let texts = Mutex<[String]>([])

    func add(_ text: String) { texts.withLock { $0.append(text) } }

    /// The texts since this was last asked for.
    func taken() -> [String] {
      texts.withLock { texts in
        defer { texts = [] }
        return texts
      }
    }
  }

  init(_ names: String...) async throws {
    scratch = try ScratchState()
    let domains = names.enumerated().map { Self.xml($1, uuid: Self.uuid($0)) }.joined()
    let node = try scratch.write("node.xml", "<node>\(domains)</node>")
    hypervisor = try await Hypervisor.connect("test://\(node)", state: scratch.state, warn: warnings.add)
  }

  /// The UUID of the guest that is so many down the list.
  static func uuid(_ index: Int) -> String { "6695eb01-f6a4-8304-79aa-97f2502e19a\(index)" }

  private static func xml(_ name: String, uuid: String) -> String {
    """
    <domain type='test'><name>\(name)</name><uuid>\(uuid)</uuid><memory>65536</memory>
    <vcpu>1</vcpu><os><type arch='x86_64'>hvm</type></os>
    <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/nowhere/\(name)'/>
    <target dev='vda' bus='virtio'/></disk></devices></domain>
    """
  }
}
