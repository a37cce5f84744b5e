/// The keys of `cpu.topology`.
enum TopologyKeys {
  static let sockets = Key("sockets", .integer(1...1024), default: 1, "The number of sockets.")
  static let cores = Key("cores", .integer(1...1024), default: 1, "The number of cores in a socket.")
  static let threads = Key("threads", .integer(1...1024), default: 1, "The number of threads in a core.")

  static let table = KeyTable("cpu.topology", [sockets.description, cores.description, threads.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.CPU.Topology {
    GuestTemplate.CPU.Topology(sockets: map[sockets], cores: map[cores], threads: map[threads])
  }
}
