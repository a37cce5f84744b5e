import ArgumentParser
import CommandLineKit
import DomainXML
import NestorCore
import NestorSupport

/// A template, its parameters, and the names of the guests to make from it.
struct TemplateOptions: ParsableArguments, Sendable {
  @Argument(help: "A template's name, or the path of its file.", completion: .templates) var template: String
  @Argument(help: "The new guests' names (default: the template's name).") var names: [String] = []
  @Option(
    name: [.customShort("P"), .customLong("parameter")], help: "A template's parameter, as NAME=VALUE; again for more.")
  var parameters: [String] = []
  @Option(
    name: .long, help: "The guest's vsock context ID, from 3 to 4294967294, which is then never changed.",
    transform: Self.contextID)
  var cid: UInt32?

  /// Parameters, written as NAME=VALUE, by name.
  static func values(of parameters: [String]) throws -> [String: String] {
    var values: [String: String] = [:]
    for text in parameters {
      guard let (name, value) = text.keyAndValue else {
        throw NestorError(.invalidArgument, "-P takes NAME=VALUE, not '\(text)'", hint: "for example: -P memory=256MiB")
      }
      guard values[name] == nil else {
        throw NestorError(.invalidArgument, "-P names the parameter '\(name)' twice")
      }
      values[name] = value
    }
    return values
  }

  /// A vsock context ID: 0 to 2 are the hypervisor's, the loopback's and the host's, and the last number means any.
  @Sendable static func contextID(_ text: String) throws -> UInt32 {
    guard let number = UInt32(text), Vsock.validIDs.contains(number) else {
      throw ValidationError(
        "a number from \(Vsock.validIDs.lowerBound) to \(Vsock.validIDs.upperBound) is wanted, not '\(text)': 0 to 2 are the hypervisor's, the loopback's and the host's"
      )
    }
    return number
  }

  /// The plans of the guests, and the capabilities of the machine for which they were made.
  func plans() async throws -> (plans: [GuestPlan], host: HostCapabilities) {
    let state = StateDirectory.fromEnvironment()
    let host = await HostCapabilities.current(state)
    let planner = Planner(state: state, host: host)
    let plans = try planner.plan(
      template: template, names: names.uniqued(), parameters: try Self.values(of: parameters), contextID: cid)
    return (plans, host)
  }

  /// Says once what the user should know of the guests: that they are emulated because KVM is not usable, and so on.
  func warn(of plans: [GuestPlan], _ host: HostCapabilities) {
    for warning in plans.flatMap(\.warnings).uniqued() { ErrorReport.warn(warning) }
    guard !host.acceleration.isUsable, plans.contains(where: \.usesEmulation) else { return }
    ErrorReport.warn(
      "emulating the processor (TCG), some ten times slower than KVM: \(host.acceleration.explanation); see nestor doctor"
    )
  }
}
