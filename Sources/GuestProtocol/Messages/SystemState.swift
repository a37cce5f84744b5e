/// How far the guest's system is; the payload of ``FrameType/state``.
public struct SystemState: Message {
  /// systemd's state as `systemctl is-system-running` has it: initializing, starting, running, degraded, maintenance,
  /// stopping; `none` in a guest without systemd, `unknown` where systemctl is not there or does not answer.
  public var manager = ""
  /// The units that failed, where the state is degraded.
  public var failedUnits: [String] = []
  /// cloud-init's state: `not started`, `running`, `done`, `error`, `disabled`, or `none` in a guest without it; empty
  /// where the request does not want it.
  public var cloudInit = ""
  /// What cloud-init says went wrong.
  public var cloudInitErrors: [String] = []
  /// The system is up: systemd runs or is degraded; without systemd as soon as the agent runs, unless the image's init has
  /// made /run/nestor/starting, then once it has made /run/nestor/ready.
  public var isReady = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, manager)
    for element in failedUnits { writer.putElement(2, Array(element.utf8)) }
    writer.put(3, cloudInit)
    for element in cloudInitErrors { writer.putElement(4, Array(element.utf8)) }
    writer.put(5, isReady)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: manager = try field.string()
    case 2: failedUnits.append(try field.string())
    case 3: cloudInit = try field.string()
    case 4: cloudInitErrors.append(try field.string())
    case 5: isReady = try field.bool()
    default: break
    }
  }
}
