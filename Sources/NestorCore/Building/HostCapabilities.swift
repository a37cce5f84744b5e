import NestorSupport

/// What the machine that QEMU runs on offers, as far as a guest's definition depends on it.
package struct HostCapabilities: Sendable, Equatable {
  /// Whether guests may use KVM, and why not.
  package var acceleration: Acceleration
  /// Whether guests can have a vsock.
  package var hasVhostVsock: Bool
  /// Whether the kernel moves the packets of guests' NICs.
  package var hasVhostNet: Bool
  /// The CPU feature by which guests could run guests of their own: `vmx` or `svm`; nil where there is none.
  package var nestingFeature: String?
  /// The program that guests get as their agent; nil where there is none.
  package var agent: String?

  package init(
    acceleration: Acceleration, hasVhostVsock: Bool, nestingFeature: String?, agent: String? = nil,
    hasVhostNet: Bool = false
  ) {
    self.acceleration = acceleration
    self.hasVhostVsock = hasVhostVsock
    self.nestingFeature = nestingFeature
    self.agent = agent
    self.hasVhostNet = hasVhostNet
  }

  /// The capabilities of this machine.
  package static func current(_ state: StateDirectory) async -> HostCapabilities {
    let flags = (try? FileTree.readText("/proc/cpuinfo", limit: 1 << 20)) ?? ""
    let first = flags.split(separator: "\n").first { $0.hasPrefix("flags") }?.split(separator: " ") ?? []
    return HostCapabilities(
      acceleration: await Acceleration.current(state), hasVhostVsock: FileTree.exists("/dev/vhost-vsock"),
      nestingFeature: first.contains("vmx") ? "vmx" : first.contains("svm") ? "svm" : nil,
      agent: AgentProgram.find(), hasVhostNet: FileTree.exists("/dev/vhost-net"))
  }
}
