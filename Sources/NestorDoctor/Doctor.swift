import Libvirt
// libvirt's errors are told by what this knows of them.
import LibvirtFailures
import NestorSupport

/// Finds out whether everything is here that guests need, by trying the things themselves, and mends what it safely can.
///
/// Each check is a ``Requirement``. They run side by side, each with a time limit, and their results come in a fixed
/// order. Some need root; as another user these are skipped.
package struct Doctor: Sendable {
  private let context: DoctorContext
  private let timeLimit: Duration

  /// A doctor of this machine and of libvirt at `uri`.
  ///
  /// With `requiresKVM` a machine without usable KVM fails; otherwise that is a warning. `note` takes sentences on what
  /// was changed, from any thread.
  package init(
    uri: String, state: StateDirectory = .fromEnvironment(), requiresKVM: Bool = false,
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    let libvirt = LibvirtAccess { LibvirtInspection(connection: try await Connection.open(uri)) }
    self.init(DoctorContext(requiresKVM: requiresKVM, state: state, libvirt: libvirt, uri: uri, note: note))
  }

  /// Each check gets `timeLimit`. libvirt takes many seconds where it has to probe every QEMU anew, as it does at each
  /// question while QEMU's user may not open /dev/kvm.
  init(_ context: DoctorContext, timeLimit: Duration = .seconds(60)) {
    self.context = context
    self.timeLimit = timeLimit
  }

  /// All checks, in the order of their results.
  package var requirements: [Requirement] {
    ContainerChecks(context: context).requirements + KVMChecks(context: context).requirements
      + DeviceChecks(context: context).requirements + LibvirtChecks(context: context).requirements
      + ConfigurationChecks(context: context).requirements + AppArmorChecks(context: context).requirements
      + ShutdownChecks(context: context).requirements
      + NetworkChecks(context: context).requirements
      + StorageChecks(context: context).requirements + ExtraChecks(context: context).requirements
  }

  /// Runs all checks. With `fixing`, what failed or warned and can be mended is mended, one after the other, and then
  /// all that was not content before is checked again.
  package func examine(fixing: Bool = false) async -> [CheckResult] {
    let requirements = requirements
    let first = await check(requirements)
    guard fixing else { return zip(requirements, first).map { CheckResult($0, $1) } }
    var failures: [String: NestorError] = [:]
    var tried: Set<String> = []
    for (requirement, finding) in zip(requirements, first) where finding.verdict == .fail || finding.verdict == .warn {
      guard let fix = requirement.fix else { continue }
      tried.insert(requirement.id)
      do {
        try await fix()
      } catch {
        failures[requirement.id] = NestorError(wrapping: error, "it could not be mended")
      }
      // A restarted daemon has closed the connection that the next fix would use.
      await context.libvirt.forget()
    }
    guard !tried.isEmpty else { return zip(requirements, first).map { CheckResult($0, $1) } }
    // What one fix mended others may have waited for.
    let open = zip(requirements, first).filter { $1.verdict != .pass }.map(\.0)
    let again = Dictionary(zip(open.map(\.id), await check(open))) { first, _ in first }
    return zip(requirements, first).map { requirement, before in
      let finding = again[requirement.id] ?? before
      guard tried.contains(requirement.id) else { return CheckResult(requirement, finding) }
      if let failure = failures[requirement.id] {
        return CheckResult(requirement, finding, repair: .failed(Finding.oneLine(failure.description)))
      }
      let isContent = finding.verdict == .pass
      return CheckResult(
        requirement, finding, repair: isContent ? .fixed : .failed("it was mended, and the check still finds fault"))
    }
  }

  private func check(_ requirements: [Requirement]) async -> [Finding] {
    await Requirement.check(requirements, limit: timeLimit)
  }
}
