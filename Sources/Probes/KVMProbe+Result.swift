import CLinux
import NestorSupport

extension KVMProbe {
  /// What the probe found.
  package struct Result: Equatable, Sendable {
    /// The verdict.
    package let status: Status
    /// The last comparison that was finished; nil when none was.
    package let comparison: Comparison?
    /// Rounds of the run that was begun last, 0 when none was: how far a probe came that was cut off.
    package let begunRounds: UInt64
    /// The time limit was reached.
    package let timedOut: Bool
    /// The time limit that held.
    package let limit: Duration
    /// The ratio that was allowed.
    package let maximumRatio: Double
    /// The answer to KVM_GET_API_VERSION, 12 in every kernel since 2.6.22; nil when it was not reached.
    package let apiVersion: Int32?

    init(
      status: Status,
      comparison: Comparison? = nil,
      begunRounds: UInt64 = 0,
      timedOut: Bool = false,
      limit: Duration,
      maximumRatio: Double,
      apiVersion: Int32? = nil
    ) {
      self.status = status
      self.comparison = comparison
      self.begunRounds = begunRounds
      self.timedOut = timedOut
      self.limit = limit
      self.maximumRatio = maximumRatio
      self.apiVersion = apiVersion
    }

    /// Nanoseconds of the last comparison's loop inside the virtual machine.
    package var insideNanoseconds: UInt64? { comparison?.insideNanoseconds }

    /// Nanoseconds of the last comparison's loop outside.
    package var outsideNanoseconds: UInt64? { comparison?.outsideNanoseconds }

    /// How many times slower the loop was inside.
    package var ratio: Double? { comparison?.ratio }

    /// Rounds of the last comparison.
    package var rounds: UInt64? { comparison?.rounds }
  }

  /// The verdict on KVM.
  package enum Status: Equatable, Sendable {
    /// It runs code at about the processor's speed, with the right result.
    case usable
    /// It runs code, but many times slower than the processor, or did not come back within the time limit.
    case tooSlow
    /// The loop ended with another result than outside.
    case wrongResult
    /// No code ran.
    case unavailable(Unavailability)
  }

  /// Why no code ran.
  package enum Unavailability: Equatable, Sendable {
    /// There is no such file.
    case noDevice(SystemError)
    /// The device may not be opened: its mode, a device cgroup, or AppArmor.
    case permissionDenied(SystemError)
    /// The device file is there, and no driver behind it.
    case noDriver(SystemError)
    /// The file is no KVM device.
    case notKVM(SystemError)
    /// Somebody else holds the processor's virtualization, such as another hypervisor.
    case busy(SystemError)
    /// KVM speaks another version of its API than 12.
    case oddVersion(Int32)
    /// The virtual processor stopped for another reason than the expected halt, one of KVM_EXIT_*.
    case unexpectedExit(reason: UInt32)
    /// A call before the guest ran did not come back within the time limit.
    case hung(operation: String)
    /// The process that held the virtual machine ended early, by this signal or by itself (0).
    case died(signal: Int32)
    /// The processor is not x86-64.
    case unsupportedProcessor
    /// Any other call failed.
    case failed(SystemError)

    /// errno's value, where a call failed.
    package var number: Int32? {
      switch self {
      case .noDevice(let failure), .permissionDenied(let failure), .noDriver(let failure), .notKVM(let failure),
        .busy(let failure), .failed(let failure):
        failure.number
      case .oddVersion, .unexpectedExit, .hung, .died, .unsupportedProcessor:
        nil
      }
    }
  }

  /// One run of the loop inside and outside.
  package struct Comparison: Equatable, Sendable {
    /// How often the loop went round.
    package let rounds: UInt64
    /// Time inside the virtual machine, its entry and exit included.
    package let insideNanoseconds: UInt64
    /// Time outside, the fastest of three; at least 1.
    package let outsideNanoseconds: UInt64
    /// The loop's result inside.
    package let insideValue: UInt64
    /// The loop's result outside.
    package let outsideValue: UInt64

    init(_ comparison: nestor_kvm_comparison) {
      rounds = comparison.rounds
      insideNanoseconds = comparison.inside_ns
      outsideNanoseconds = max(comparison.outside_ns, 1)
      insideValue = comparison.inside_value
      outsideValue = comparison.outside_value
    }

    /// How many times slower the loop was inside.
    package var ratio: Double { Double(insideNanoseconds) / Double(outsideNanoseconds) }
  }
}
