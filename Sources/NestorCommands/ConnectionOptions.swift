import ArgumentParser
import CommandLineKit
import NestorCore

/// The option of every command that speaks with libvirt.
struct ConnectionOptions: ParsableArguments, Sendable {
  @Option(name: [.customShort("c"), .long], help: "libvirt's URI (default: LIBVIRT_DEFAULT_URI, or qemu:///system).")
  var connect: String?

  /// Opens the connection; word of progress goes to `line`, warnings to standard error.
  func hypervisor(readOnly: Bool = false, line: ProgressLine? = nil) async throws -> Hypervisor {
    try await Hypervisor.connect(
      connect ?? Hypervisor.defaultURI, readOnly: readOnly, report: { line?.show($0) },
      warn: { message in
        line?.clear()
        ErrorReport.warn(message)
      })
  }
}
