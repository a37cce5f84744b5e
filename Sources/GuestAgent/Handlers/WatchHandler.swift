import Glibc
import GuestProtocol
import GuestTransport

/// Reports how far the guest's system is, whenever that changes.
///
/// It is told of changes where it can be: by inotify of files, and by a `systemctl is-system-running --wait` that ends
/// when the start does. Besides it looks from time to time, never twice within ``pause``.
final class WatchHandler: SessionWork {
  /// The shortest time between two looks.
  static let pause = Duration.milliseconds(500)
  /// How long until the next look: in a system that is starting, and where something tells of changes.
  static let starting = Duration.seconds(1)
  static let told = Duration.seconds(5)
  /// A program that has not answered in this time is given up.
  static let patience = Duration.seconds(30)
  /// The most failed units that a report names.
  static let unitLimit = 64

  private(set) var isFinished = false
  private let context: OperationContext
  private let request: WatchRequest
  private let notice: ChangeNotice
  private var query: ProgramRun?
  private var queryBegan = Instant.now
  private var waiter: ProgramRun?
  private var units: ProgramRun?
  private var state = SystemState()
  private var reported: SystemState?
  private var lastLook = Instant.now
  private var nextLook = Instant.now

  init(_ context: OperationContext, _ request: Request) throws {
    self.context = context
    self.request = try context.message(request)
    let system = context.agent.system
    notice = ChangeNotice(
      parents: [system.path("/run")], folders: ["/run/nestor", "/run/cloud-init"].map { system.path($0) })
  }

  private var system: GuestSystem { context.agent.system }
  private var runs: [ProgramRun] { [query, waiter, units].compactMap { $0 } }

  var descriptors: [(descriptor: Int32, events: Int16)] {
    ([notice.descriptor] + runs.map(\.descriptor)).compactMap { $0 }.map { ($0, Int16(truncatingIfNeeded: POLLIN)) }
  }

  var deadline: Instant? {
    // A program whose output is at its end is about to end.
    runs.contains { $0.descriptor == nil } ? min(nextLook, Instant.now + .milliseconds(20)) : nextLook
  }

  func begin() throws {
    context.connection.send(.reply)
    look()
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    guard header.type == .cancel else {
      throw ProtocolError(.unexpected, "the client sent \(header.type) while it watches the system")
    }
    context.connection.send(.done)
    isFinished = true
  }

  func handle(_ descriptor: Int32, _ events: Int16) throws {
    if descriptor == notice.descriptor {
      notice.drain()
      nextLook = min(nextLook, max(lastLook + Self.pause, Instant.now))
    }
    advance()
  }

  func tick() throws {
    advance()
    if Instant.now >= nextLook { look() }
  }

  /// Begins to find out how things are.
  private func look() {
    let now = Instant.now
    lastLook = now
    nextLook = now + Self.told
    guard system.exists("/run/systemd/system") else {
      state.manager = "none"
      // An image's own init may say that it has begun, and then has to say that it has ended.
      state.isReady = system.exists("/run/nestor/ready") || !system.exists("/run/nestor/starting")
      return report()
    }
    if query != nil, now - queryBegan > Self.patience { query = nil }
    guard query == nil, units == nil else { return }
    queryBegan = now
    query = try? ProgramRun(["systemctl", "is-system-running"], in: system)
    if query == nil { take(manager: "unknown") }
  }

  /// Takes what programs have said.
  private func advance() {
    for run in runs { run.advance() }
    if let run = query, run.status != nil {
      query = nil
      take(manager: Self.word(run.output))
    }
    if let run = units, run.status != nil || Instant.now - queryBegan > Self.patience {
      units = nil
      state.failedUnits = run.output.split(separator: UInt8(ascii: "\n")).prefix(Self.unitLimit)
        .map { Self.word(Array($0)) }
      report()
    }
    if let run = waiter, run.status != nil {
      waiter = nil
      // Before there is a bus it ends at once, and is tried again with the next look.
      nextLook = min(nextLook, max(lastLook + Self.pause, Instant.now))
    }
  }

  private func take(manager: String) {
    state.manager = manager
    // What cannot be asked for cannot be waited for either.
    state.isReady = ["running", "degraded", "unknown"].contains(manager)
    state.failedUnits = []
    if ["initializing", "starting"].contains(manager) {
      if waiter == nil {
        waiter = try? ProgramRun(["systemctl", "is-system-running", "--wait"], in: system)
      }
      if waiter == nil { nextLook = min(nextLook, max(lastLook + Self.starting, Instant.now)) }
    } else {
      waiter = nil
    }
    if manager == "degraded" {
      units = try? ProgramRun(
        ["systemctl", "list-units", "--state=failed", "--plain", "--no-legend", "--no-pager"], in: system)
    }
    if units == nil { report() }
  }

  private func report() {
    if request.wantsCloudInit {
      let cloudInit = CloudInitState(system)
      (state.cloudInit, state.cloudInitErrors) = (cloudInit.name, cloudInit.errors)
    }
    // A client that does not read is told of what is then, once it does.
    guard state != reported, context.connection.hasRoom, !isFinished else { return }
    reported = state
    context.connection.send(.state, state)
  }

  /// The first word of a program's output.
  private static func word(_ output: [UInt8]) -> String {
    let word = output.drop { $0 <= 32 }.prefix { $0 > 32 }.prefix(256)
    return word.isEmpty ? "unknown" : String(decoding: word, as: UTF8.self)
  }
}
