import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// An LXD in namespaces of its own, and the programs that were built. All of it is gone at the end.
final class ContainerLab: Sendable {
  private static let script = Repository.script("private-lxd")
  /// The folder of the programs that a container takes, which need no Swift there: NESTOR_CONTAINER_PROGRAMS, or the release.
  static let programs =
    ProcessInfo.processInfo.environment["NESTOR_CONTAINER_PROGRAMS"] ?? "\(Repository.path)/.build/release"
  private static let program: String = {
    let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent("nestor-host").path
    return FileManager.default.isExecutableFile(atPath: beside) ? beside : "\(Repository.path)/.build/debug/nestor-host"
  }()

  /// What keeps this machine from running an LXD; nil where nothing does.
  static let obstacle: String? = {
    let check = Process()
    let pipe = Pipe()
    check.executableURL = URL(fileURLWithPath: "/bin/bash")
    check.arguments = [script, "--check"]
    check.standardOutput = pipe
    guard (try? check.run()) != nil else { return "scripts/private-lxd cannot be run" }
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    check.waitUntilExit()
    return text.isEmpty ? nil : text.trimmingCharacters(in: .whitespacesAndNewlines)
  }()

  /// The folder of the lab; LXD's is `lxd` in it.
  let folder: String
  /// The folder of an image with libvirt inside, and with the tiny image for guests.
  let image: String
  private let outputs: String
  private let count = Mutex(0)

  private init(folder: String, image: String, outputs: String) {
    self.folder = folder
    self.image = image
    self.outputs = outputs
  }

  /// Runs `body` with a new LXD that has objects of somebody else's; LXD's log is kept when something fails.
  static func with(_ label: String, _ body: @Sendable (ContainerLab) async throws -> Void) async throws {
    let image = try await madeImage.value
    let outputs = try newFolder()
    defer { try? FileManager.default.removeItem(atPath: outputs) }
    let lab = ContainerLab(folder: try newFolder(), image: image, outputs: outputs)
    let server = try RunningProgram(
      ["/bin/bash", script, "--serve", lab.folder], environment: lab.environment, files: "\(outputs)/server")
    do {
      try await Patience.until("LXD") { server.output.contains("ready") }
      try await lab.makeBystanders()
      try await body(lab)
    } catch {
      keepLog(of: lab, label)
      server.closeInput()
      _ = try? await server.wait()
      throw error
    }
    server.closeInput()
    _ = try await server.wait()
    #expect(!FileManager.default.fileExists(atPath: lab.folder))
  }

  /// The environment of programs in this lab.
  var environment: [String: String] {
    [
      "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": outputs,
      "LXD_DIR": "\(folder)/lxd",
    ]
  }

  /// Starts `nestor-host`.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> RunningProgram {
    try run([Self.program] + arguments, environment)
  }

  /// Runs `nestor-host` and waits for its end.
  func host(_ arguments: String..., environment: [String: String] = [:]) async throws -> ProgramResult {
    try await host(arguments, environment: environment)
  }

  /// Runs `nestor-host` and waits for its end.
  func host(_ arguments: [String], environment: [String: String] = [:]) async throws -> ProgramResult {
    let program = try start(arguments, environment: environment)
    program.closeInput()
    return try await program.wait()
  }

  /// Runs `nestor-host`, which has to end well.
  @discardableResult
  func succeed(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> ProgramResult
  {
    let result = try await host(arguments)
    try #require(result.status == 0, "\(result)", sourceLocation: sourceLocation)
    return result
  }

  /// Runs LXD's own client, which has to end well; answers with its output.
  @discardableResult
  func lxc(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    let program = try run(["/usr/bin/lxc"] + arguments)
    program.closeInput()
    let result = try await program.wait()
    try #require(result.status == 0, "\(result)", sourceLocation: sourceLocation)
    return result.output
  }

  /// Runs a line of shell, in which `lxc` is LXD's own client, and waits for its end.
  func shell(_ line: String) async throws -> ProgramResult {
    let program = try run(["/bin/sh", "-c", line])
    program.closeInput()
    return try await program.wait()
  }

  /// Runs a command where LXD runs, which has to end well: mounts that are made there end with the lab.
  func inside(_ command: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let program = try run(["/bin/bash", Self.script, "--in", folder] + command)
    program.closeInput()
    let result = try await program.wait()
    try #require(result.status == 0, "\(result)", sourceLocation: sourceLocation)
  }

  /// The words of a launch of the container `name` from the lab's image, with a pool and a network of its own.
  func launchWords(_ name: String) -> [String] {
    ["launch", name, "--image", image, "--programs", Self.programs, "--domains", "\(Repository.path)/domains"]
      + Self.ownObjects
  }

  /// A pool and a network of others are there; these words make nestor-host make its own.
  static let ownObjects = ["--pool", "nestor", "--network", "nestorbr0"]

  /// All of LXD's objects, each with all that LXD says of it.
  func objects() async throws -> [String: String] {
    var found: [String: String] = [:]
    var lists = ["profiles", "storage-pools", "networks", "instances", "images", "projects", "certificates"].map {
      "/1.0/\($0)"
    }
    for pool in try await lxc("storage", "list", "--format", "csv").split(separator: "\n") {
      lists.append("/1.0/storage-pools/\(pool.prefix { $0 != "," })/volumes")
    }
    for list in lists { found[list] = try await lxc("query", "\(list)?recursion=1") }
    return found
  }

  private func run(_ command: [String], _ more: [String: String] = [:]) throws -> RunningProgram {
    let number = count.withLock { count in
      count += 1
      return count
    }
    return try RunningProgram(
      command, environment: environment.merging(more) { $1 }, files: "\(outputs)/output-\(number)")
  }

  /// What somebody else has on the same daemon, and nestor-host must not touch.
  private func makeBystanders() async throws {
    try await lxc("storage", "create", "theirs", "dir")
    try await lxc("network", "create", "theirbr0", "ipv4.address=10.44.0.1/24", "ipv6.address=none")
    try await lxc("profile", "create", "theirs")
    try await lxc("profile", "set", "theirs", "limits.cpu", "1")
    try await lxc("init", "--empty", "theirs", "--storage", "theirs", "--profile", "theirs")
  }

  private static let madeImage = Task { try await makeImage() }

  /// The image is made once for all runs, which takes minutes; a launch puts the programs inside anew.
  private static func makeImage() async throws -> String {
    let folder = "\(Repository.path)/.build/container-image"
    if FileManager.default.fileExists(atPath: "\(folder)/rootfs.squashfs") { return folder }
    try FileManager.default.createDirectory(atPath: "\(Repository.path)/.build", withIntermediateDirectories: true)
    let running = try RunningProgram(
      [
        program, "image", "build", "--output", folder, "--programs", programs, "--domains",
        "\(Repository.path)/domains",
      ], environment: ProcessInfo.processInfo.environment, files: "\(folder).output")
    running.closeInput()
    let result = try await running.wait()
    guard result.status == 0 else { throw LabError("\(result)") }
    return folder
  }

  private static func keepLog(of lab: ContainerLab, _ label: String) {
    let logs = "\(Repository.path)/.build/test-logs"
    try? FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
    for name in ["lxd.log", "lxd.out"] {
      let target = "\(logs)/\(label)-\(name)"
      try? FileManager.default.removeItem(atPath: target)
      try? FileManager.default.copyItem(atPath: "\(lab.folder)/\(name)", toPath: target)
    }
  }

  private static func newFolder() throws -> String {
    var template = Array("/tmp/nxXXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw LabError("no folder in /tmp: \(String(cString: strerror(errno)))") }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    chmod(path, 0o755)
    return path
  }
}
