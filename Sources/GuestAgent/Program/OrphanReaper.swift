import CLinux
import Glibc

/// Reaps what programs leave behind and what comes to the agent, since it adopts orphans; its own children are their
/// threads' business.
enum OrphanReaper {
  /// Begins, on a thread of its own.
  static func start(_ children: ChildTable) {
    AgentThread.start {
      while true {
        nestor_wait_for_child_signal()
        while true {
          let id = nestor_find_ended_child()
          guard id > 0 else { break }
          if children.contains(id) {
            usleep(2_000)
          } else {
            waitpid(id, nil, WNOHANG)
          }
        }
      }
    }
  }
}
