import Libvirt
import Synchronization

/// Ends a job of a domain before it is through.
final class JobEnd: Sendable {
  /// Whether the job is over, so that another one is left alone.
  let isOver = Atomic(false)
  private let domain: Domain

  init(_ domain: Domain) {
    self.domain = domain
  }

  /// Asks libvirt to end it, again and again, since it may not have begun yet.
  func hasten() async {
    while !isOver.load(ordering: .relaxed) {
      if (try? await domain.abortJob()) != nil { return }
      try? await ContinuousClock().sleep(for: .milliseconds(50))
    }
  }
}
