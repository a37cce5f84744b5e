import Dispatch
import Foundation
import Glibc
import Synchronization

/// A libvirtd of the tests' own, in mount, network and process namespaces of its own.
///
/// It has nothing of the machine's guests, networks and settings, runs QEMU as root, and may run beside others. It is
/// reached by its ``uri`` from outside of its namespaces. Paths in /tmp mean the same inside and outside. libvirtd,
/// virtlogd, QEMU and dnsmasq end with it, and it ends with the process that started it, also when that is killed:
/// scripts/private-libvirtd, which this drives, stops when its standard input does.
package final class PrivateLibvirtd: Sendable {
  /// The folder that stands for libvirt's folders: `run` (sockets), `etc`, `lib` (/var/lib/libvirt), `log`, `cache`.
  /// Its path is short enough for sockets, and it is deleted at the end.
  package let folder: String

  private let child: ChildProcess
  private let queue: DispatchQueue
  private let isStopped = Mutex(false)

  private init(folder: String, child: ChildProcess, queue: DispatchQueue) {
    self.folder = folder
    self.child = child
    self.queue = queue
  }

  /// The URI that connects to it, as root.
  package var uri: String { "qemu+unix:///system?socket=\(folder)/run/libvirt-sock" }

  /// What keeps this machine from running one, for the reason of a skipped test; nil where nothing does.
  package static let obstacle: String? = {
    do {
      let result = try runNow([script, "--check"])
      return result.status == 0 ? nil : result.errors.trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      return "\(error)"
    }
  }()

  private static let first = Task { try await start() }

  /// One for all tests that can share it; started when it is first asked for, it lasts as long as the process.
  package static var shared: PrivateLibvirtd {
    get async throws { try await first.value }
  }

  /// The script that does the work; it lies beside the tests in the same working copy.
  private static let script: String = {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
    return source.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "scripts/private-libvirtd"
    ).path
  }()

  /// Starts a new one; returns when it takes connections.
  package static func start() async throws -> PrivateLibvirtd {
    let queue = DispatchQueue(label: "private-libvirtd")
    return try await run(on: queue) {
      var template = Array("/tmp/nlXXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else {
        throw PrivateLibvirtdError("no folder could be made in /tmp", cause: String(cString: strerror(errno)))
      }
      let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      let child = try ChildProcess([script, "--serve", folder])
      let daemon = PrivateLibvirtd(folder: folder, child: child, queue: queue)
      do {
        try daemon.expectReady("libvirtd could not be started")
      } catch {
        _ = try? daemon.keepLogs("start-failed")
        daemon.finish()
        throw error
      }
      return daemon
    }
  }

  /// Runs `body` with a new one and stops that afterwards. Its logs are kept when `body` throws, see ``keepLogs(_:)``.
  package static func with<Value: Sendable>(
    _ label: String, _ body: (PrivateLibvirtd) async throws -> Value
  ) async throws -> Value {
    let daemon = try await start()
    do {
      let value = try await body(daemon)
      // A failed expectation does not throw, so whoever names a folder for the logs gets all of them.
      if ProcessInfo.processInfo.environment["NESTOR_TEST_LOGS"] != nil { _ = try? daemon.keepLogs(label) }
      await daemon.stop()
      return value
    } catch {
      _ = try? daemon.keepLogs(label)
      await daemon.stop()
      throw error
    }
  }

  /// Runs a command inside the namespaces, such as virsh or ip, and waits for its end.
  package func runInside(_ command: [String]) async throws -> CommandOutput {
    try await Self.run(on: DispatchQueue.global()) { [folder] in
      try Self.runNow([Self.script, "--in", folder] + command)
    }
  }

  /// Ends libvirtd, by SIGKILL or properly; its guests live on. Returns when it is gone.
  package func endDaemon(killing: Bool) async throws {
    try await send(killing ? "kill" : "terminate", "libvirtd could not be ended")
  }

  /// Starts libvirtd again after ``endDaemon(killing:)``; returns when it takes connections.
  package func startDaemon() async throws {
    try await send("start", "libvirtd could not be started again")
  }

  /// Ends libvirtd, by SIGKILL or properly, and starts a new one, which takes over the guests.
  package func restart(killing: Bool) async throws {
    try await endDaemon(killing: killing)
    try await startDaemon()
  }

  /// Defines and starts libvirt's own network `default`: virbr0, NAT and DHCP, all inside.
  package func startDefaultNetwork() async throws {
    for arguments in [["net-define", "/usr/share/libvirt/networks/default.xml"], ["net-start", "default"]] {
      let result = try await runInside(["virsh", "--quiet"] + arguments)
      guard result.status == 0 else {
        throw PrivateLibvirtdError("the default network could not be started", cause: result.errors)
      }
    }
  }

  /// Copies the logs to a folder of the label's name in $NESTOR_TEST_LOGS, or .build/test-logs, and answers with its
  /// path.
  @discardableResult
  package func keepLogs(_ label: String) throws -> String {
    let parent = ProcessInfo.processInfo.environment["NESTOR_TEST_LOGS"] ?? ".build/test-logs"
    let target = "\(parent)/\(label)-\(URL(fileURLWithPath: folder).lastPathComponent)"
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: target)
    try FileManager.default.copyItem(atPath: "\(folder)/log", toPath: target)
    return target
  }

  /// Ends everything inside and deletes the folder; returns when that is done. Once is enough.
  package func stop() async {
    await withCheckedContinuation { continuation in
      queue.async {
        self.finish()
        continuation.resume()
      }
    }
  }

  private func finish() {
    let isFirst = isStopped.withLock { isStopped in
      defer { isStopped = true }
      return !isStopped
    }
    guard isFirst else { return }
    child.closeInput()
    child.wait()
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func send(_ command: String, _ failure: String) async throws {
    try await Self.run(on: queue) {
      guard self.child.write(command + "\n") else {
        throw PrivateLibvirtdError(failure, cause: "its namespaces are gone")
      }
      try self.expectReady(failure)
    }
  }

  private func expectReady(_ failure: String) throws {
    guard let answer = child.readLine() else {
      throw PrivateLibvirtdError(failure, cause: "its namespaces are gone")
    }
    guard answer == "ready" else { throw PrivateLibvirtdError(failure, cause: answer) }
  }

  private static func run<Value: Sendable>(
    on queue: DispatchQueue, _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try body() }) }
    }
  }

  /// Errors go to a file, so that neither of the two streams can fill up while the other is read.
  private static func runNow(_ command: [String]) throws -> CommandOutput {
    var template = Array("/tmp/nl-errors-XXXXXX".utf8CString)
    let errors = mkstemp(&template)
    guard errors >= 0 else {
      throw PrivateLibvirtdError("no file could be made in /tmp", cause: String(cString: strerror(errno)))
    }
    defer { close(errors) }
    unlink(template)
    let child = try ChildProcess(command, errors: errors)
    child.closeInput()
    let output = child.readAll()
    let status = child.wait()
    lseek(errors, 0, SEEK_SET)
    let text = try FileHandle(fileDescriptor: errors, closeOnDealloc: false).readToEnd() ?? Data()
    return CommandOutput(status: status, output: output, errors: String(decoding: text, as: UTF8.self))
  }
}
