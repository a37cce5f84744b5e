import Glibc
import GuestProtocol

/// Who has process ID 1, and how it is asked to end the machine.
enum InitSystem: Equatable {
  /// systemd takes real-time signals, see systemd(1).
  case systemd
  /// busybox init takes SIGUSR2, SIGTERM and SIGUSR1.
  case busybox
  /// Another one that has the usual programs, such as sysvinit and OpenRC.
  case programs
  /// None: a script or the agent itself.
  case none

  /// Finds out which one it is.
  init(_ system: GuestSystem) {
    if system.exists("/run/systemd/system") {
      self = .systemd
      return
    }
    let arguments = (system.read("/proc/1/cmdline") ?? []).split(separator: 0)
    let name = arguments.first.map { $0.split(separator: UInt8(ascii: "/")).last ?? [] } ?? []
    let isInit = ["init", "linuxrc"].contains(String(decoding: name, as: UTF8.self))
    let program = (system.link("/proc/1/exe") ?? "").utf8.split(separator: UInt8(ascii: "/")).last
    // A script that busybox's shell runs as process 1 is no init, although the program is the same.
    if isInit, program.map({ String(decoding: $0, as: UTF8.self) }) == "busybox" {
      self = .busybox
    } else if isInit || ["init", "openrc-init", "runit"].contains(system.line("/proc/1/comm")) {
      self = .programs
    } else {
      self = .none
    }
  }

  /// The signal for process 1, or nil where there is another way.
  func signal(for action: PowerRequest.Action) -> Int32? {
    // glibc keeps two of the kernel's real-time signals for itself, so that its SIGRTMIN is 34, as systemd's is.
    let realTime: Int32 = 34
    switch (self, action) {
    case (.systemd, .off): return realTime + 4
    case (.systemd, .reboot): return realTime + 5
    case (.systemd, .halt): return realTime + 3
    case (.busybox, .off): return SIGUSR2
    case (.busybox, .reboot): return SIGTERM
    case (.busybox, .halt): return SIGUSR1
    case (.programs, _), (.none, _): return nil
    }
  }

  /// The program that ends the machine, where there is no signal.
  static func program(for action: PowerRequest.Action) -> String {
    switch action {
    case .off: "poweroff"
    case .reboot: "reboot"
    case .halt: "halt"
    }
  }
}
