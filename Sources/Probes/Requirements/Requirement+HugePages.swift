import NestorSupport

extension Requirement {
  /// Huge pages are set aside. Where they are `optional`, none is no fault.
  package static func hugePages(optional: Bool, root: SystemRoot) -> Requirement {
    Requirement(
      id: "huge-pages", what: "huge pages are set aside",
      reason: "templates that ask for huge pages take them from the host's", isFatal: !optional,
      remedy: "on the host: sysctl -w vm.nr_hugepages=1024"
    ) {
      let result = await BlockingWork.run { HugePagesProbe(root: root).run() }
      let pools = result.pools.filter { $0.total > 0 }
      let transparent = "transparent ones: \(result.transparent ?? "not in this kernel")"
      guard !pools.isEmpty else { return Finding(optional ? .skip : .fail, "none are set aside; \(transparent)") }
      let texts = pools.map { pool in
        let (bytes, isTooLarge) = pool.pageKiB.multipliedReportingOverflow(by: 1024)
        return "\(pool.free) of \(pool.total) free of \(isTooLarge ? "\(pool.pageKiB) KiB" : SizeText.short(bytes))"
      }
      return Finding(.pass, "\(texts.joined(separator: ", ")); \(transparent)")
    }
  }
}
