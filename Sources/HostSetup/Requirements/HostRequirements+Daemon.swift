import NestorSupport
import Probes

extension HostRequirements {
  /// What is asked of the daemon.
  var daemonRequirements: [Requirement] {
    [
      Requirement(
        id: "daemon", what: "LXD or Incus answers", reason: "it makes the containers", isFatal: true,
        remedy: DaemonKind.allCases.map { "\($0.title): \($0.installation)" }.joined(separator: "; or ")
      ) { [daemon] in
        switch daemon {
        case .failure(let error):
          return Finding(failing: error)
        case .success(let daemon):
          do {
            let server = try await daemon.server()
            return Finding(
              .pass,
              "\(daemon.kind.title) \(server.version) on \(server.name)"
                + (server.isClustered ? ", one of a cluster" : "")
                + "; it can make pools of \(server.storageDrivers.sorted().joined(separator: ", "))")
          } catch {
            return Self.finding(error)
          }
        }
      },
      Requirement(
        id: "project", what: "the project allows what guests need",
        reason: "a restricted project forbids nesting and devices unless told otherwise", isFatal: true,
        remedy:
          "allow restricted.containers.nesting and restricted.devices.unix-char in the project, or use another one"
      ) { [daemon] in await Self.asking(daemon, Self.checkProject) },
      Requirement(
        id: "space", what: "the storage pools have room",
        reason: "a container with libvirt takes 1 GiB, its guests' disks as much as they use", isFatal: false,
        remedy: "delete images and containers that are not needed, or name another pool with --pool"
      ) { [daemon] in await Self.asking(daemon, Self.checkSpace) },
    ]
  }

  private static func asking(
    _ daemon: Result<ContainerDaemon, NestorError>,
    _ body: @Sendable (ContainerDaemon) async throws -> Finding
  ) async -> Finding {
    guard case .success(let daemon) = daemon else { return Finding(.skip, "no daemon answers") }
    do {
      return try await body(daemon)
    } catch {
      return finding(error)
    }
  }

  private static func finding(_ error: any Error) -> Finding {
    Finding(failing: NestorError(wrapping: error, "the daemon cannot be asked"))
  }

  private static func checkProject(_ daemon: ContainerDaemon) async throws -> Finding {
    let name = daemon.project ?? "default"
    let project = try await daemon.query("GET", "/1.0/projects/\(name)", purpose: "cannot look at the project \(name)")
    let config = project["config"]?.strings ?? [:]
    guard config["restricted"] == "true" else { return Finding(.pass, "\(name) restricts nothing") }
    let forbidden = ["restricted.containers.nesting", "restricted.devices.unix-char"].filter { config[$0] != "allow" }
    guard forbidden.isEmpty else {
      let steps = forbidden.map { "\(daemon.kind.program) project set \(name) \($0) allow" }
      return Finding(
        .fail, "\(name) is restricted and does not allow \(forbidden.joined(separator: " and "))",
        remedy: steps.joined(separator: " && "))
    }
    return Finding(.pass, "\(name) is restricted, and allows nesting and character devices")
  }

  /// A container's own files, and those of a small guest.
  private static let neededBytes: Int64 = 4 << 30

  private static func checkSpace(_ daemon: ContainerDaemon) async throws -> Finding {
    let names = try await daemon.list(.pool).compactMap { $0["name"]?.string }.sorted()
    guard !names.isEmpty else { return Finding(.skip, "there is no storage pool yet; nestor-host apply makes one") }
    var texts: [String] = []
    var isFull = false
    for name in names {
      let resources = try await daemon.query(
        "GET", "/1.0/storage-pools/\(name)/resources", purpose: "cannot ask the storage pool \(name) for its room")
      guard let total = resources["space"]?["total"]?.integer else { continue }
      let free = total - (resources["space"]?["used"]?.integer ?? 0)
      let sizes = [free, total].map { SizeText.short($0) }
      texts.append("\(name) has \(sizes[0]) of \(sizes[1]) free")
      if free < neededBytes { isFull = true }
    }
    return Finding(isFull ? .fail : .pass, texts.joined(separator: "; "))
  }
}
