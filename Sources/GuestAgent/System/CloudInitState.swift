/// How far cloud-init is, from the files that it leaves in /run/cloud-init.
///
/// https://cloudinit.readthedocs.io/en/latest/explanation/failure_states.html and
/// https://cloudinit.readthedocs.io/en/latest/reference/cli.html#status
struct CloudInitState: Equatable {
  /// `none`, `disabled`, `not started`, `running`, `done`, `degraded` or `error`. After `degraded` all is done but what the
  /// errors are about, which cloud-init could do without.
  let name: String
  /// What it says went wrong, at most ``limit`` sentences.
  let errors: [String]

  static let limit = 16

  init(_ system: GuestSystem) {
    let folder = "/run/cloud-init"
    if let result = Self.document(system, "\(folder)/result.json") {
      let fatal = result["v1"]?["errors"]?.strings ?? []
      let others = fatal.isEmpty ? Self.recoverable(Self.document(system, "\(folder)/status.json")) : []
      errors = Self.shortened(fatal + others)
      name = fatal.isEmpty ? (others.isEmpty ? "done" : "degraded") : "error"
    } else if let status = Self.document(system, "\(folder)/status.json") {
      guard case .object(let stages)? = status["v1"] else {
        (name, errors) = ("not started", [])
        return
      }
      errors = Self.shortened(stages.keys.sorted().flatMap { stages[$0]?["errors"]?.strings ?? [] })
      let hasBegun = stages.values.contains { stage in
        if case .number? = stage["start"] { true } else { false }
      }
      name = hasBegun ? "running" : "not started"
    } else {
      errors = []
      if system.exists("\(folder)/disabled") || system.exists("/etc/cloud/cloud-init.disabled") {
        name = "disabled"
      } else if system.exists("\(folder)/enabled") || system.exists("/etc/cloud/cloud.cfg") {
        name = "not started"
      } else {
        name = "none"
      }
    }
  }

  /// What cloud-init 23.4 and later went on without, each sentence once: stages, then levels, then sentences.
  private static func recoverable(_ status: JSONValue?) -> [String] {
    guard case .object(let stages)? = status?["v1"] else { return [] }
    var seen: Set<String> = []
    return stages.keys.sorted().flatMap { stage -> [String] in
      guard case .object(let levels)? = stages[stage]?["recoverable_errors"] else { return [] }
      return levels.keys.sorted().flatMap { levels[$0]?.strings ?? [] }
    }.filter { seen.insert($0).inserted }
  }

  /// A file that is half written counts as one that is not there yet.
  private static func document(_ system: GuestSystem, _ path: String) -> JSONValue? {
    system.read(path, limit: JSONValue.maximumSize + 1).flatMap { JSONValue($0) }
  }

  private static func shortened(_ errors: [String]) -> [String] {
    errors.prefix(limit).map { $0.bounded(512) }
  }
}
