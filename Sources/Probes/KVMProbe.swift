import CLinux
import Glibc
import NestorSupport

/// Proves that KVM accelerates: runs a loop of 64-bit code in a throw-away virtual machine and compares its time and
/// its result with the same loop outside.
///
/// A device that opens says little: there are kernels that make virtual machines and emulate every instruction, a
/// thousand times slower than the processor. An absolute time would not do either, since in an emulated host both sides
/// are slow. So the ratio counts. See <https://docs.kernel.org/virt/kvm/api.html>.
package struct KVMProbe: Sendable {
  package var devicePath: String
  /// The whole probe is cut off after this time; what ran till then decides. Positive.
  package var timeLimit: Duration
  /// KVM is usable when the loop inside takes no more than this many times as long as outside.
  package var maximumRatio: Double
  /// Rounds of the first comparison, at least 1; each later one has four times as many.
  package var firstRounds: UInt64
  /// No comparison has more rounds than this.
  package var lastRounds: UInt64
  /// A comparison that took this long inside decides, however slow it was.
  var decisionTime: Duration = .milliseconds(40)

  package init(
    devicePath: String = "/dev/kvm",
    timeLimit: Duration = .seconds(2),
    maximumRatio: Double = 20,
    firstRounds: UInt64 = 64,
    lastRounds: UInt64 = 1 << 26
  ) {
    self.devicePath = devicePath
    self.timeLimit = timeLimit
    self.maximumRatio = maximumRatio
    self.firstRounds = firstRounds
    self.lastRounds = lastRounds
  }

  /// Runs the probe and blocks until it is done, for `timeLimit` and 0.2 s more at most: some milliseconds with real
  /// KVM, below half a second where the kernel emulates. Call it off the cooperative pool.
  ///
  /// The virtual machine lives in a child process, which is killed when KVM does not give the processor back.
  package func run() -> Result {
    var request = nestor_kvm_request()
    request.first_rounds = max(firstRounds, 1)
    request.last_rounds = max(lastRounds, request.first_rounds)
    request.enough_ns = 1_000_000
    request.slow_ns = decisionTime.clampedNanoseconds
    request.ratio = maximumRatio
    request.limit_ns = timeLimit.clampedNanoseconds
    var report = nestor_kvm_report()
    let started = devicePath.withCString { path in
      request.path = path
      return nestor_kvm_run(&request, &report)
    }
    guard started == 0 else {
      let reason: Unavailability =
        started == -ENOTSUP
        ? .unsupportedProcessor : .failed(SystemError("start the KVM probe", number: -started))
      return Result(status: .unavailable(reason), limit: timeLimit, maximumRatio: maximumRatio)
    }
    return judge(report)
  }

  private func judge(_ report: nestor_kvm_report) -> Result {
    let comparison = report.comparisons > 0 ? Comparison(report.last) : nil
    return Result(
      status: status(of: report, comparison: comparison),
      comparison: comparison,
      begunRounds: report.begun_rounds,
      timedOut: report.timed_out != 0,
      limit: timeLimit,
      maximumRatio: maximumRatio,
      apiVersion: report.api_version == 0 ? nil : report.api_version
    )
  }

  private func status(of report: nestor_kvm_report, comparison: Comparison?) -> Status {
    if let comparison, comparison.insideValue != comparison.outsideValue {
      return .wrongResult
    }
    let step = nestor_kvm_step(rawValue: UInt32(bitPattern: report.step))
    if report.timed_out != 0 {
      switch step {
      case NESTOR_KVM_STEP_RUN:
        return .tooSlow
      case NESTOR_KVM_STEP_OUTSIDE, NESTOR_KVM_STEP_DONE:
        // KVM had come back, and this machine was too busy to go on: what was compared before decides.
        return verdict(on: comparison)
      default:
        // What hangs before the guest runs is no matter of speed.
        return .unavailable(.hung(operation: Self.name(of: step)))
      }
    }
    switch step {
    case NESTOR_KVM_STEP_DONE:
      return verdict(on: comparison)
    case NESTOR_KVM_STEP_EXIT_REASON:
      return .unavailable(.unexpectedExit(reason: report.exit_reason))
    case NESTOR_KVM_STEP_API_VERSION where report.api_version != 0 && report.error == 0:
      return .unavailable(.oddVersion(report.api_version))
    default:
      guard report.error != 0 else { return .unavailable(.died(signal: report.signal)) }
      return .unavailable(Self.reason(for: step, path: devicePath, code: report.error))
    }
  }

  private func verdict(on comparison: Comparison?) -> Status {
    guard let comparison else { return .tooSlow }
    return comparison.ratio <= maximumRatio ? .usable : .tooSlow
  }

  private static func reason(for step: nestor_kvm_step, path: String, code: Int32) -> Unavailability {
    let failure = SystemError("\(name(of: step)) \(path)", number: code)
    return switch (step, code) {
    case (NESTOR_KVM_STEP_OPEN, ENOENT), (NESTOR_KVM_STEP_OPEN, ENOTDIR): .noDevice(failure)
    case (NESTOR_KVM_STEP_OPEN, EACCES), (NESTOR_KVM_STEP_OPEN, EPERM): .permissionDenied(failure)
    case (NESTOR_KVM_STEP_OPEN, ENODEV), (NESTOR_KVM_STEP_OPEN, ENXIO): .noDriver(failure)
    case (NESTOR_KVM_STEP_API_VERSION, _): .notKVM(failure)
    case (_, EBUSY): .busy(failure)
    default: .failed(failure)
    }
  }

  private static func name(of step: nestor_kvm_step) -> String {
    switch step {
    case NESTOR_KVM_STEP_START: "start"
    case NESTOR_KVM_STEP_OPEN: "open"
    case NESTOR_KVM_STEP_API_VERSION: "KVM_GET_API_VERSION"
    case NESTOR_KVM_STEP_CREATE_VM: "KVM_CREATE_VM"
    case NESTOR_KVM_STEP_MEMORY: "KVM_SET_USER_MEMORY_REGION"
    case NESTOR_KVM_STEP_CREATE_VCPU: "KVM_CREATE_VCPU"
    case NESTOR_KVM_STEP_MAP_VCPU: "mmap of the vCPU"
    case NESTOR_KVM_STEP_FEATURES: "KVM_SET_CPUID2"
    case NESTOR_KVM_STEP_SEGMENTS: "KVM_SET_SREGS"
    case NESTOR_KVM_STEP_REGISTERS: "KVM_SET_REGS"
    default: "KVM_RUN"
    }
  }
}
