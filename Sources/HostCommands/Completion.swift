import ArgumentParser
import HostSetup

extension CompletionKind {
  /// The names of the containers that nestor-host made or prepared; none rather than an error.
  static var containers: CompletionKind {
    .custom { _, _, _ in
      guard let daemon = try? await ContainerDaemon.connect(), let inventory = try? await daemon.inventory() else {
        return []
      }
      return inventory.nestorContainers
    }
  }
}
