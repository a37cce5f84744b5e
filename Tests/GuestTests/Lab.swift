import Foundation
import Glibc
import LibvirtTestSupport
import Synchronization
import TestSupport
import Testing

/// A libvirtd, the state folders of a Nestor, and the program that was built: all that a guest needs.
///
/// The program runs as a process of its own, as users run it. Everything is gone at the end, guests included.
final class Lab: Sendable {
  /// The libvirtd, alone in its namespaces.
  let daemon: PrivateLibvirtd
  /// The folder of this lab; its path means the same inside the namespaces and outside.
  let folder: String
  private let count = Mutex(0)

  private init(daemon: PrivateLibvirtd, folder: String) {
    self.daemon = daemon
    self.folder = folder
  }

  /// Runs `body` with a new lab that has the tiny image; what libvirtd logged is kept when something fails.
  static func with(
    _ label: String, network: Bool = false, _ body: @Sendable (Lab) async throws -> Void
  ) async throws {
    let images = try await TestImages.folder()
    try await PrivateLibvirtd.with(label) { daemon in
      let folder = try newFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      for name in ["state/guests", "run", "templates", "home"] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      try FileManager.default.createDirectory(atPath: "\(folder)/state/images", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/state/images/tiny", withDestinationPath: "\(images)/images/tiny")
      // The verdict on KVM is the same for all tests; the probe takes seconds where KVM is slow.
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(images)/run") where name.hasPrefix("kvm-") {
        try FileManager.default.copyItem(atPath: "\(images)/run/\(name)", toPath: "\(folder)/run/\(name)")
      }
      if network { try await daemon.startDefaultNetwork() }
      try await body(Lab(daemon: daemon, folder: folder))
    }
  }

  /// The folder for what lasts, as NESTOR_STATE_DIR.
  var state: String { "\(folder)/state" }

  /// The environment of programs in this lab.
  var environment: [String: String] {
    var environment = [
      "PATH": "\(TestImages.folderOfPrograms):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME": "\(folder)/home",
      "LIBVIRT_DEFAULT_URI": daemon.uri, "NESTOR_STATE_DIR": state, "NESTOR_RUN_DIR": "\(folder)/run",
      "NESTOR_CONFIG_DIR": "\(folder)/etc", "NESTOR_DOMAINS": TestImages.templates, "NESTOR_AGENT": TestImages.agent,
    ]
    if FileManager.default.fileExists(atPath: agent) { environment["NESTOR_AGENT"] = agent }
    return environment
  }

  /// The agent that guests get instead of the one that was built, once a test has written it.
  var agent: String { "\(folder)/nestor-agent" }

  /// Starts `nestor`.
  func start(_ arguments: [String]) throws -> RunningProgram {
    try run([TestImages.program] + arguments)
  }

  /// Starts a line of shell, in which `nestor` is the program that was built.
  func startShell(_ line: String) throws -> RunningProgram {
    try run(["/bin/sh", "-c", line])
  }

  /// Runs a line of shell and waits for its end.
  @discardableResult
  func shell(_ line: String) async throws -> ProgramResult {
    let program = try startShell(line)
    program.closeInput()
    return try await program.wait()
  }

  /// Starts a program in this lab's environment.
  private func run(_ command: [String]) throws -> RunningProgram {
    let number = count.withLock { count in
      count += 1
      return count
    }
    return try RunningProgram(
      command, environment: environment, files: "\(folder)/output-\(number)")
  }

  /// Runs `nestor` and waits for its end.
  @discardableResult
  func nestor(_ arguments: String...) async throws -> ProgramResult {
    try await nestor(arguments)
  }

  /// Runs `nestor` and waits for its end.
  @discardableResult
  func nestor(_ arguments: [String]) async throws -> ProgramResult {
    let program = try start(arguments)
    program.closeInput()
    return try await program.wait()
  }

  /// Runs `nestor`, which has to end well.
  @discardableResult
  func succeed(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ProgramResult {
    let result = try await nestor(arguments)
    try #require(result.status == 0, "\(result)", sourceLocation: sourceLocation)
    return result
  }

  /// Runs `nestor` inside the namespaces, where libvirtd's own files are.
  func nestorInside(_ arguments: String...) async throws -> CommandOutput {
    try await nestorInside(arguments)
  }

  func nestorInside(_ arguments: [String]) async throws -> CommandOutput {
    try await daemon.runInside(
      ["env"] + environment.map { "\($0)=\($1)" } + [TestImages.program] + arguments)
  }

  /// The same, which has to end well.
  @discardableResult
  func succeedInside(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> CommandOutput {
    let result = try await nestorInside(arguments)
    try #require(result.status == 0, "\(result)", sourceLocation: sourceLocation)
    return result
  }

  /// Runs virsh inside the namespaces, which has to end well; answers with its output.
  @discardableResult
  func virsh(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    let result = try await daemon.runInside(["virsh", "--quiet"] + arguments)
    try #require(result.status == 0, "virsh \(arguments): \(result.errors)", sourceLocation: sourceLocation)
    return result.output
  }

  /// The names of all of libvirt's domains.
  func domains() async throws -> [String] {
    try await virsh("list", "--all", "--name").split(separator: "\n").map(String.init).sorted()
  }

  /// Writes a template and answers with its path.
  func template(_ name: String, _ text: String) throws -> String {
    let path = "\(folder)/templates/\(name).yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// A template of a guest that boots the tiny image and has no NIC, so that its start needs no network.
  func plainTemplate(_ name: String = "plain", _ more: String = "") throws -> String {
    try template(name, "image: tiny\nmemory: 96MiB\nready: {console: \"nestor: up\"}\n\(more)\n")
  }

  /// All files of the state folder but those of images, and all locks; in order.
  func files() throws -> [String] {
    var found: [String] = []
    for place in ["state/guests", "run/locks"] {
      let names = FileManager.default.enumerator(atPath: "\(folder)/\(place)")?.allObjects ?? []
      found += names.map { "\(place)/\($0)" }
    }
    found += try FileManager.default.contentsOfDirectory(atPath: state).filter { $0.hasPrefix("renewal-") }
    found += try FileManager.default.contentsOfDirectory(atPath: "\(state)/images").filter {
      !["tiny", "debian"].contains($0)
    }
    return found.sorted()
  }

  /// Expects that neither a domain nor a file nor a lock is left.
  func expectNothingLeft(_ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let (domains, files) = (try await domains(), try files())
    #expect(domains == [], "\(comment)", sourceLocation: sourceLocation)
    #expect(files == [], "\(comment)", sourceLocation: sourceLocation)
  }

  /// What the guest's console printed since its start, or nothing.
  func console(_ uuid: String) -> String {
    String(
      decoding: FileManager.default.contents(atPath: "\(state)/guests/\(uuid)/console.log") ?? Data(), as: UTF8.self)
  }

  /// The UUID of a guest.
  func uuid(_ guest: String) async throws -> String {
    try await virsh("domuuid", guest).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Types a line on a guest's console and waits until the guest's answer is there.
  func type(
    _ line: String, into guest: String, until answer: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let uuid = try await uuid(guest)
    let keys = try start(["console", "--force", guest])
    // The first Enter wakes the shell up; it drops what comes before its prompt.
    keys.type("\r")
    try await until("the shell's prompt") { console(uuid).contains(":/# ") }
    keys.type(line + "\r")
    try await until("'\(answer)' on the console of \(guest)") {
      console(uuid).contains(answer)
    }
    keys.closeInput()
    _ = try await keys.wait()
  }

  /// Looks until the condition holds; an error when it never does.
  func until(_ what: String, _ condition: () async throws -> Bool) async throws {
    try await Patience.until(what, condition)
  }

  private static func newFolder() throws -> String {
    var template = Array("/tmp/ntXXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw LabError("no folder in /tmp: \(String(cString: strerror(errno)))") }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    chmod(path, 0o755)
    return path
  }
}
