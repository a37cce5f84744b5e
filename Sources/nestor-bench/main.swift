// Measures inside one process what whole processes cannot show: how many guests a second are planned, that is, a
// template filled in and turned into domain XML; with and without the check against libvirt's schema.
// `scripts/bench` runs it; the only argument is the number of documents.

import DomainXML
import NestorCore
import NestorSupport
import Templates

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000
let state = StateDirectory.fromEnvironment()
let host = HostCapabilities(
  acceleration: Acceleration(isUsable: true, explanation: "assumed"), hasVhostVsock: true, nestingFeature: "svm")

/// The documents a second that `body` makes.
func rate(_ count: Int, _ body: () throws -> Void) rethrows -> Int {
  let begun = ContinuousClock.now
  for _ in 0..<count { try body() }
  let took = begun.duration(to: .now).components
  return Int(Double(count) / (Double(took.seconds) + Double(took.attoseconds) / 1e18))
}

let planner = Planner(state: state, host: host)
let schema = try SchemaValidator(.domain)
let template = try TemplateFolders.library().load("tiny")
let name = try GuestName("bench")
let unchecked = try rate(count) { _ = try planner.plan(name, template).xml }
let validated = try rate(count) { try schema.validate(try planner.plan(name, template).xml) }
print("documents a second: \(unchecked), validated \(validated)")
