import Libvirt
import NestorSupport

extension Hypervisor {
  /// All guests by name, whether Nestor made them or not.
  package func list() async throws -> [GuestSummary] {
    await recoverAllUnlessLocked()
    return try await withContext("cannot list the guests") {
      let statistics = try await connection.domainStatistics([.state, .vcpu, .balloon])
      // One call for all, instead of one for each guest that is off.
      let saved = Set(try await connection.domains(.managedSave).map(\.uuid))
      return try await withThrowingTaskGroup(of: GuestSummary?.self) { group in
        for entry in statistics { group.addTask { try await self.summary(of: entry, saved) } }
        var guests: [GuestSummary] = []
        for try await guest in group { if let guest { guests.append(guest) } }
        return guests.sorted { $0.name < $1.name }
      }
    }
  }

  /// The row of a domain; nil for one that went in the meantime.
  private func summary(of entry: DomainStatistics, _ saved: Set<String>) async throws -> GuestSummary? {
    do {
      let domain = entry.domain
      let record = try await domain.metadata(namespace: GuestRecord.namespace).flatMap { GuestRecord(xml: $0) }
      let state = if let state = entry.state { state } else { try await domain.state() }
      return GuestSummary(
        name: domain.name, uuid: domain.uuid, status: GuestStatus(state, record, isSaved: saved.contains(domain.uuid)),
        cpus: Int(clamping: entry.values["vcpu.current"]?.unsigned ?? 0),
        memory: (entry.values["balloon.maximum"]?.unsigned ?? 0).multipliedReportingOverflow(by: 1024).partialValue,
        template: record?.template)
    } catch let error as LibvirtError where error.code == .noDomain {
      return nil
    }
  }
}
