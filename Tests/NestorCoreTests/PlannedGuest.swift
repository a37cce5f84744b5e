import DomainXML
import NestorCore
import NestorSupport
import NestorTestSupport
import Templates
import Testing

/// A guest planned from a template's text, for looks into its XML.
struct PlannedGuest {
  static let uuid = "0b7e3a52-3c1f-4d8e-9a55-1d2c3b4a5f60"
  static let kvm = HostCapabilities(
    acceleration: Acceleration(isUsable: true, explanation: "fast"), hasVhostVsock: true, nestingFeature: "svm")
  static let tcg = HostCapabilities(
    acceleration: Acceleration(isUsable: false, explanation: "too slow"), hasVhostVsock: false, nestingFeature: nil)

  static let kvmWithAgent = HostCapabilities(
    acceleration: Acceleration(isUsable: true, explanation: "fast"), hasVhostVsock: true, nestingFeature: "svm",
    agent: "/usr/lib/nestor/nestor-agent")
  static let tcgWithAgent = HostCapabilities(
    acceleration: Acceleration(isUsable: false, explanation: "too slow"), hasVhostVsock: false, nestingFeature: nil,
    agent: "/usr/lib/nestor/nestor-agent")

  let scratch: ScratchState
  let plan: GuestPlan
  private let tree: XMLTree

  init(
    _ text: String, host: HostCapabilities = PlannedGuest.kvm, parameters: [String: String] = [:], name: String = "it"
  ) throws {
    scratch = try ScratchState()
    try scratch.addDiskImage("debian")
    let builder = GuestBuilder(state: scratch.state, host: host)
    plan = try builder.plan(
      try GuestName(name), try scratch.template(Self.bootable(text), parameters: parameters), uuid: Self.uuid)
    let xml = try plan.xml
    try SchemaValidator(.domain).validate(xml)
    tree = try XMLTree(parsing: xml)
  }

  /// The template with a kernel to boot as its last line, unless it names something to boot itself.
  private static func bootable(_ text: String) -> String {
    let names = text.split(separator: "\n").map { $0.prefix { $0 != ":" } }
    return names.contains("image") || names.contains("boot") ? text : text + "\nboot: {kernel: /k}\n"
  }

  /// What a path finds: `a/b` is an element's text, `a/b@c` an attribute, `a/b#` the number of such elements, and
  /// `a/b[1]` the second of them. Nil where there is none; `DIR` stands for the guest's folder.
  func find(_ path: String) -> String? {
    if path.hasSuffix("#") { return "\(elements(path.dropLast()).count)" }
    let parts = path.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let element = elements(parts[0]).first else { return nil }
    let text = parts.count > 1 ? element[String(parts[1])] : element.text
    return text?.replacing(scratch.state.guest(Self.uuid), with: "DIR").replacing(scratch.folder, with: "TMP")
  }

  private func elements(_ path: some StringProtocol) -> [XMLTree] {
    var found = [tree]
    for step in path.split(separator: "/") {
      let parts = step.split(separator: "[")
      found = found.flatMap { $0.elements.filter { $0.name == parts[0] } }
      if parts.count > 1, let index = Int(parts[1].dropLast()) { found = index < found.count ? [found[index]] : [] }
    }
    return found
  }

  /// The error that a template's text ends in, its folder left out.
  static func failure(_ text: String, host: HostCapabilities = PlannedGuest.kvm) throws -> NestorError? {
    let scratch = try ScratchState()
    try scratch.addDiskImage("debian")
    let before = scratch.files() + ["it.yaml"]
    let builder = GuestBuilder(state: scratch.state, host: host)
    let template = try scratch.template(bootable(text))
    do {
      _ = try builder.plan(try GuestName("it"), template, uuid: uuid)
      return nil
    } catch var error as NestorError {
      #expect(scratch.files() == before.sorted(), "planning makes nothing")
      error.message = error.message.replacing(scratch.folder + "/", with: "")
      return error
    }
  }
}
