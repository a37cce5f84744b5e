import CLibvirt

extension Connection {
  /// The host's CPUs and memory.
  public func nodeInfo() async throws -> NodeInfo {
    try await call { connection in
      var info = virNodeInfo()
      try Calls.check("virNodeGetInfo", virNodeGetInfo(connection, &info))
      return NodeInfo(info)
    }
  }

  /// The host's free memory, in bytes.
  public func freeMemory() async throws -> UInt64 {
    try await call { connection in
      // Here 0, not -1, says that the call failed.
      let free = virNodeGetFreeMemory(connection)
      return try Calls.check("virNodeGetFreeMemory", free == 0 ? nil : free)
    }
  }

  /// What the host's memory is used for, by libvirt's names such as `total` or `cached`, in bytes.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-host.html#virNodeGetMemoryStats.
  public func nodeMemoryStatistics() async throws -> [String: UInt64] {
    try await call { connection in
      let all = VIR_NODE_MEMORY_STATS_ALL_CELLS.rawValue
      var count: Int32 = 0
      try Calls.check("virNodeGetMemoryStats", virNodeGetMemoryStats(connection, Int32(all), nil, &count, 0))
      var values = [virNodeMemoryStats](repeating: virNodeMemoryStats(), count: Int(count))
      try Calls.check("virNodeGetMemoryStats", virNodeGetMemoryStats(connection, Int32(all), &values, &count, 0))
      return Connection.dictionary(values.prefix(Int(count))) { value in
        (
          withUnsafeBytes(of: value.field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) },
          value.value.multipliedReportingOverflow(by: 1024).partialValue
        )
      }
    }
  }

  /// What the time of the host's CPUs went to since it booted, by libvirt's names such as `user` or `idle`; of one CPU,
  /// or of all. What a driver tells beside times, such as `utilization`, is left out.
  ///
  /// See https://libvirt.org/html/libvirt-libvirt-host.html#virNodeGetCPUStats.
  public func nodeCPUStatistics(cpu: Int32? = nil) async throws -> [String: Duration] {
    try await call { connection in
      let number = cpu ?? Int32(VIR_NODE_CPU_STATS_ALL_CPUS.rawValue)
      var count: Int32 = 0
      try Calls.check("virNodeGetCPUStats", virNodeGetCPUStats(connection, number, nil, &count, 0))
      var values = [virNodeCPUStats](repeating: virNodeCPUStats(), count: Int(count))
      try Calls.check("virNodeGetCPUStats", virNodeGetCPUStats(connection, number, &values, &count, 0))
      let times = Connection.dictionary(values.prefix(Int(count))) { value in
        (withUnsafeBytes(of: value.field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }, value.value)
      }
      return times.filter { $0.key != VIR_NODE_CPU_STATS_UTILIZATION }.mapValues { .nanoseconds($0) }
    }
  }

  private static func dictionary<Values: Sequence>(
    _ values: Values, _ pair: (Values.Element) -> (String, UInt64)
  ) -> [String: UInt64] {
    // A driver that names a value twice must not trap.
    Dictionary(values.map(pair), uniquingKeysWith: { _, last in last })
  }
}
