import DomainXML
import Libvirt
import NestorSupport

/// libvirt's daemon, QEMU, and what guests can have by them.
struct LibvirtChecks: Sendable {
  let context: DoctorContext

  /// The oldest version of libvirt that Nestor was tried with.
  private static let oldestTried = Version(9, 0)

  var requirements: [Requirement] { [libvirt, qemu, firmware, tpm] }

  private var libvirt: Requirement {
    Requirement(
      id: "libvirt", what: "libvirt answers at \(context.uri)", reason: "libvirt keeps and runs all guests",
      isFatal: true, remedy: LibvirtDaemon(root: context.root).startCommand
    ) { [context] in
      do {
        let connection = try await context.libvirt.connection()
        let version = try await connection.libvirtVersion()
        let driver = try await connection.driverName()
        let sentence = "libvirt \(version) at \(try await connection.uri())"
        if driver != "QEMU" {
          return Finding(
            .warn, "\(sentence) drives \(driver), not QEMU", remedy: "unset LIBVIRT_DEFAULT_URI, or: -c qemu:///system")
        }
        guard version >= Self.oldestTried else {
          return Finding(
            .warn, "\(sentence) is older than all that nestor was tried with", remedy: "use Debian 12's, or a later one"
          )
        }
        return Finding(.pass, sentence)
      } catch let error as LibvirtError where error.call == "dlopen" {
        return Finding(.fail, error.message, remedy: "apt-get install libvirt-daemon-system")
      } catch {
        let failure = NestorError(wrapping: error, "no connection to \(context.uri)")
        let isRefusal = failure.code == .permissionDenied || failure.cause?.contains("Permission denied") ?? false
        if isRefusal, !context.isRoot { return context.needsRoot }
        let daemon = LibvirtDaemon(root: context.root)
        let state = daemon.running().map { "\($0.name) runs as process \($0.id)" } ?? "no daemon runs"
        let isThisMachine = context.uri.contains(":///")
        return Finding(
          .fail, "\(failure.message) (\(failure.cause ?? "no reason given"))" + (isThisMachine ? "; \(state)" : ""),
          remedy: daemon.running() == nil ? nil : daemon.restartCommand)
      }
    }
  }

  private var qemu: Requirement {
    Requirement(
      id: "qemu", what: "QEMU has x86-64 and the q35 machine", reason: "templates describe x86-64 guests of type q35",
      isFatal: true, remedy: "apt-get install qemu-system-x86"
    ) { [context] in
      await context.askingQEMU { connection in
        let guests = try XMLTree(parsing: try await context.libvirt.capabilities()).elements
        let architecture = guests.filter { $0.name == "guest" }.compactMap { $0.element("arch") }
          .first { $0["name"] == "x86_64" }
        guard let architecture else {
          return Finding(.fail, "libvirt finds no QEMU for x86-64 guests")
        }
        let version = try await connection.hypervisorVersion()
        let emulator = architecture.element("emulator")?.text ?? "an emulator of unknown place"
        let domains = architecture.elements.filter { $0.name == "domain" }
        let machines = ([architecture] + domains).flatMap(\.elements).filter { $0.name == "machine" }
        guard let q35 = machines.first(where: { $0.text == "q35" }) else {
          return Finding(.fail, "QEMU \(version) (\(emulator)) has no machine q35 among its \(machines.count)")
        }
        let canonical = q35["canonical"].map { " is \($0)" } ?? " is there"
        let types = Set(domains.compactMap { $0["type"] }).sorted().joined(separator: " and ")
        return Finding(.pass, "QEMU \(version) (\(emulator)); q35\(canonical); libvirt offers type \(types)")
      }
    }
  }

  private var firmware: Requirement {
    Requirement(
      id: "uefi", what: "UEFI firmware is installed", reason: "guests with UEFI need it; those with BIOS do not",
      isFatal: false, remedy: "apt-get install ovmf"
    ) { [context] in
      await context.askingQEMU { _ in
        let system = try XMLTree(parsing: try await context.libvirt.guestCapabilities()).element("os")
        let loaders = system?.element("loader")?.elements.filter { $0.name == "value" }.map(\.text) ?? []
        guard Self.values("firmware", of: system).contains("efi") else {
          return Finding(.warn, "libvirt finds no UEFI firmware for q35 guests")
        }
        return Finding(.pass, loaders.first.map { "\($0), and \(loaders.count - 1) more" } ?? "libvirt has one")
      }
    }
  }

  private var tpm: Requirement {
    Requirement(
      id: "tpm", what: "TPMs can be emulated", reason: "guests with a TPM need it; others do not", isFatal: false,
      remedy: "apt-get install swtpm swtpm-tools, then: \(LibvirtDaemon(root: context.root).restartCommand)"
    ) { [context] in
      await context.askingQEMU { _ in
        let devices = try XMLTree(parsing: try await context.libvirt.guestCapabilities()).element("devices")
        let backends = Self.values("backendModel", of: devices?.element("tpm"))
        return backends.contains("emulator")
          ? Finding(.pass, "libvirt emulates TPMs by swtpm")
          : Finding(
            .warn, "libvirt cannot emulate TPMs: swtpm or swtpm-tools is missing, or came after libvirtd's start")
      }
    }
  }

  private static func values(_ name: String, of tree: XMLTree?) -> [String] {
    tree?.elements.first { $0.name == "enum" && $0["name"] == name }?.elements.map(\.text) ?? []
  }
}

extension DoctorContext {
  /// Runs a check that needs libvirt with QEMU; without that it is skipped, and what libvirt refuses is a failure.
  func askingQEMU(_ check: (any LibvirtInspecting) async throws -> Finding) async -> Finding {
    let connection: any LibvirtInspecting
    do {
      connection = try await libvirt.connection()
    } catch {
      return Finding(.skip, "libvirt does not answer: see the check libvirt")
    }
    do {
      let driver = try await connection.driverName()
      guard driver == "QEMU" else { return Finding(.skip, "\(uri) drives \(driver), not QEMU") }
      return try await check(connection)
    } catch {
      return Finding(failing: NestorError(wrapping: error, "libvirt refused to answer"))
    }
  }
}
