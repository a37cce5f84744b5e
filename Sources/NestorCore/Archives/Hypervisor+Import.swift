import DomainXML
import Glibc
import Libvirt
import NestorSupport
import Processes
import Templates

extension Hypervisor {
  /// Makes a guest of an archive that ``Guest/export(to:from:)`` wrote, and leaves it off; returns its name.
  ///
  /// It is the guest that it was, with UUID, MAC addresses and agent's key, and must not be here yet; as a copy it gets its
  /// own, and its next boot is a first boot. `name` is nil for the name that it had. Throws a ``NestorError``, of code
  /// `corrupted` for an archive that is refused; nothing is left then, nor when the task is cancelled.
  package func importGuest(
    from place: ArchivePlace, as name: GuestName? = nil, isCopy: Bool = false
  ) async throws -> String {
    try await requireLocal("import a guest")
    let failure = "cannot import a guest from \(place.shown)"
    do {
      let input = try await ArchiveInput(place)
      defer { withExtendedLifetime(input) {} }
      return try await Program("zstd", package: "zstd").run(["-dcq"], from: input.descriptor) { pipe, ended in
        var archive = TarReader(pipe)
        let arrival = try await GuestArrival(&archive, as: name, isCopy: isCopy)
        // Its lock may be held by what sends the archive.
        try await requireFree(arrival.identity.name)
        return try await lockingNames([arrival.identity.name], to: "import") { [archive] in
          try await receive(arrival, archive, ended)
        }
      }
    } catch {
      if Task.isCancelled {
        throw NestorError(.interrupted, "no guest was imported", cause: "that was cancelled; nothing of it is left")
      }
      guard let damage = error as? PipeFailure else { throw NestorError(wrapping: error, failure) }
      throw NestorError(
        .corrupted, failure, cause: "it is damaged, or no archive of a guest: \(damage.reason)",
        hint: "archives are what nestor export makes; a disk becomes an image by: nestor image import")
    }
  }

  /// Makes the guest, whose lock is held. `ended` throws where what unpacks the archive has found it damaged.
  private func receive(
    _ arrival: GuestArrival, _ archive: TarReader, _ ended: () async throws -> Void
  ) async throws -> String {
    let name = arrival.identity.name
    try await prepareForGuests(named: [name])
    guard try await wholeGuest(named: name, to: "import") == nil else { throw Self.exists(name) }
    try await requireNew(arrival)
    let definition = try await arrival.firstDefinition(by: self)
    do {
      try DomainSchema.validator?.validate(try definition.xml())
    } catch {
      throw TarHeader.Refusal("libvirt's schema refuses its \(GuestArchive.definition): \(error.reason)")
    }
    report(ProgressReport(name, "defining"))
    let domain = try await define(definition)
    let guest = held(domain, to: "import")
    // What networks keep for its NICs until it is whole, they keep for somebody else.
    var hasAddresses = false
    do {
      try await arrival.requireSame(guest)
      try guest.makeDirectory()
      try await arrival.receive(archive, in: guest)
      try await ended()
      try await arrival.complete(guest) { hasAddresses = true }
    } catch {
      try? await guest.delete(force: true, releasesAddresses: hasAddresses)
      throw error
    }
    await arrival.warn(guest)
    return name
  }

  private func define(_ definition: DomainDefinition) async throws -> Domain {
    do {
      return try await defineWithVariables(definition)
    } catch {
      let failed = NestorError(wrapping: error, "cannot define guest '\(definition.name)'")
      guard failed.cause?.contains("machine type") == true else { throw failed }
      throw failed.hinting("it comes from a machine with a later QEMU; this one needs one at least as new")
    }
  }

  private static func exists(_ name: String) -> NestorError {
    NestorError(.exists, "guest '\(name)' exists already", hint: "choose another name with --name")
  }

  /// Refuses a name that a whole guest has, for whoever has no lock.
  private func requireFree(_ name: String) async throws {
    guard let domain = try await domain(named: name) else { return }
    let record = try? await guest(domain).record()
    if record.map({ $0.stage == .complete }) ?? true { throw Self.exists(name) }
  }

  private static let copyHint = "make another guest of it: nestor import-guest --copy --name NEW …"

  /// Refuses a guest of which something is here already.
  private func requireNew(_ arrival: GuestArrival) async throws {
    let (name, uuid) = (arrival.identity.name, arrival.identity.uuid)
    func refuse(_ cause: String, hint: String) -> NestorError {
      NestorError(.exists, "cannot import guest '\(name)'", cause: cause, hint: hint)
    }
    if let domain = try await domain(uuid: uuid) {
      throw refuse("guest '\(domain.name)' is this guest, by its UUID", hint: Self.copyHint)
    }
    guard !FileTree.exists(state.guest(uuid)) else {
      throw refuse(
        "\(state.guest(uuid)) holds files of it, or of a guest with its UUID",
        hint: "see whether they are of use to anybody: nestor gc; or \(Self.copyHint)")
    }
    try await requireOwnAddresses(arrival)
    // It would take over what is in there, and take it along when it goes.
    let secrets = "/var/lib/libvirt/swtpm/\(uuid)"
    if !arrival.portable.definition.devices.tpms.isEmpty, FileTree.exists(secrets) {
      throw refuse("\(secrets) holds the secrets of a TPM with its UUID", hint: Self.copyHint)
    }
    if arrival.manifest.hasAgent, AgentProgram.find() == nil {
      throw NestorError(
        .unavailable, "cannot import guest '\(name)'", cause: AgentProgram.places(),
        hint: "the guest's agent is delivered by this machine")
    }
    guard arrival.portable.definition.hasFirmwareVariables else { return }
    let places = FirmwareVariablesMove.places(of: name, uri: try await connection.uri())
    guard let file = places.first(where: FileTree.exists) else { return }
    let owner = try await definitions(but: uuid).first { $0.text.contains(">\(file)<") }
    throw refuse(
      "\(file) holds the firmware's variables of "
        + (owner.map { "guest '\($0.name)'" } ?? "a guest that had this name"),
      hint: "choose another name with --name" + (owner == nil ? ", or remove that file if nobody wants it" : ""))
  }

  /// Refuses a guest that has a MAC address of another one.
  private func requireOwnAddresses(_ arrival: GuestArrival) async throws {
    guard !arrival.isCopy else { return }
    let others = try await definitions(but: arrival.identity.uuid).map { ($0.name, $0.text.lowercased()) }
    for mac in arrival.portable.definition.devices.interfaces.compactMap(\.mac) {
      guard let other = others.first(where: { $0.1.contains("<mac address='\(mac)'") }) else { continue }
      throw NestorError(
        .exists, "cannot import guest '\(arrival.identity.name)'",
        cause: "guest '\(other.0)' has its MAC address \(mac)", hint: Self.copyHint)
    }
  }
}

/// The archive's bytes, as they come.
private final class ArchiveInput: Sendable {
  let descriptor: Int32
  private let isOwn: Bool

  init(_ place: ArchivePlace) async throws {
    switch place {
    case .standardStream: (descriptor, isOwn) = (STDIN_FILENO, false)
    case .file(let path):
      descriptor = try await BlockingWork.throwing {
        // A FIFO waits here for its other end.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open \(path)") }
        return descriptor
      }
      isOwn = true
    }
  }

  deinit {
    if isOwn { close(descriptor) }
  }
}
