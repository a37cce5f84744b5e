import CLibvirt

/// All that is known of a domain's job, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGetJobStats.
public struct JobStatistics: Sendable, Equatable {
  /// What is known of it.
  public let kind: JobKind
  /// The values by libvirt's names, such as `memory_processed`.
  public let values: [String: TypedValue]

  /// What it does.
  public var operation: JobOperation {
    guard case .int(let number) = values[VIR_DOMAIN_JOB_OPERATION] else { return .unspecified }
    return JobOperation(number)
  }

  /// How long it has run.
  public var timeElapsed: Duration? {
    values[VIR_DOMAIN_JOB_TIME_ELAPSED]?.unsigned.map { .milliseconds($0) }
  }
  /// How long the guest stood or will stand still.
  public var downtime: Duration? { values[VIR_DOMAIN_JOB_DOWNTIME]?.unsigned.map { .milliseconds($0) } }
  /// The bytes of everything together that are done.
  public var dataProcessed: UInt64? { values[VIR_DOMAIN_JOB_DATA_PROCESSED]?.unsigned }
  /// The bytes of everything together that are left.
  public var dataRemaining: UInt64? { values[VIR_DOMAIN_JOB_DATA_REMAINING]?.unsigned }
  /// Whether a job that ended did so well, where libvirt says so.
  public var success: Bool? {
    guard case .boolean(let value) = values[VIR_DOMAIN_JOB_SUCCESS] else { return nil }
    return value
  }
  /// Why a job failed, where libvirt says so.
  public var errorMessage: String? {
    guard case .string(let text) = values[VIR_DOMAIN_JOB_ERRMSG] else { return nil }
    return text
  }
}
