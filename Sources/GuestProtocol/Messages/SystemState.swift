/// How far the guest's system is; the payload of ``FrameType/state``.
package struct SystemState: Message {
  /// systemd's state as `systemctl is-system-running` has it: initializing, starting, running, degraded, maintenance,
  /// stopping; `none` in a guest without systemd, `unknown` where systemctl is not there or does not answer.
  package var manager = ""
  /// The units that failed, where the state is degraded.
  package var failedUnits: [String] = []
  /// cloud-init's state: `not started`, `running`, `done`, `error`, `disabled`, or `none` in a guest without it; empty
  /// where the request does not want it.
  package var cloudInit = ""
  /// What cloud-init says went wrong.
  package var cloudInitErrors: [String] = []
  /// The system is up: systemd runs or is degraded; without systemd as soon as the agent runs, unless the image's init has
  /// made /run/nestor/starting, then once it has made /run/nestor/ready.
  package var isReady = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &manager)
    try coder.field(2, &failedUnits)
    try coder.field(3, &cloudInit)
    try coder.field(4, &cloudInitErrors)
    try coder.field(5, &isReady)
  }
}
