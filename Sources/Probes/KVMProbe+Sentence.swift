extension KVMProbe.Result {
  /// What was found, for people.
  package var sentence: String {
    switch status {
    case .usable: "KVM runs code at \(speed)"
    case .tooSlow where comparison == nil: "KVM did not run a short loop within \(limit)"
    case .tooSlow: "/dev/kvm is there, but code in it runs \(speed), too slow for a guest's kernel"
    case .wrongResult: "code in KVM ends with a wrong result"
    case .unavailable(let reason): reason.sentence
    }
  }

  private var speed: String {
    guard let ratio else { return "an unknown speed" }
    return ratio < 1.5 ? "the processor's speed" : "\(Int(ratio)) times slower than outside"
  }
}

extension KVMProbe.Unavailability {
  /// Why no code ran, for people.
  package var sentence: String {
    switch self {
    case .noDevice(let failure): "there is no /dev/kvm (\(failure))"
    case .permissionDenied(let failure): "/dev/kvm may not be opened (\(failure))"
    case .noDriver(let failure): "no KVM driver is behind /dev/kvm (\(failure))"
    case .notKVM(let failure): "/dev/kvm is no KVM device (\(failure))"
    case .busy(let failure): "another hypervisor holds the processor's virtualization (\(failure))"
    case .oddVersion(let version): "KVM speaks version \(version) of its API instead of 12"
    case .unexpectedExit(let reason): "a virtual processor stopped for reason \(reason) instead of running code"
    case .hung(let operation): "\(operation) does not return"
    case .died(let signal): "the process that tried it died (signal \(signal))"
    case .unsupportedProcessor: "the processor is not x86-64"
    case .failed(let failure): "\(failure)"
    }
  }
}
