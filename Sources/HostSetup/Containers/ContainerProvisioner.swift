import NestorImages
import NestorSupport

/// Puts into a container what guests need there, and asks the doctor there whether it suffices.
struct ContainerProvisioner: Sendable {
  let daemon: ContainerDaemon
  let name: String
  let report: ProgressHandler

  /// The Debian packages without which no guest runs.
  static let packages =
    "dnsmasq-base iptables libvirt-clients libvirt-daemon-config-network libvirt-daemon-system libsodium23 libxml2"
    + " ovmf qemu-system-x86 qemu-utils"

  /// Waits until systemd has started all, and cloud-init is done where there is one.
  ///
  /// The container's own programs wait for their events. That some unit failed is no reason to stop here: some always do
  /// in an unprivileged container.
  func waitUntilUp(within timeout: Duration) async throws {
    let seconds = timeout.components.seconds
    report(ProgressReport(name, "waiting until it is up"))
    let script = """
      until [ -S /run/systemd/private ]; do sleep 0.1; done
      systemctl is-system-running --wait >/dev/null
      ! command -v cloud-init >/dev/null || cloud-init status --wait >/dev/null
      exit 0
      """
    let result = try await daemon.run(["timeout", "\(seconds)", "sh", "-c", script], in: name)
    switch result.status {
    case 0: return
    case 124:
      throw NestorError(
        .timedOut, "the container \(name) did not come up within \(seconds) s",
        hint: "see what it waits for: \(daemon.commandLine) exec \(daemon.target(name)) -- systemctl list-jobs")
    default:
      throw DaemonFailure(daemon.kind, errors: result.errors).error("cannot wait for the container \(name)")
        .hinting("\(daemon.commandLine) info \(name) --show-log")
    }
  }

  /// Installs libvirt and QEMU where they are not there. Throws `unavailable` where that needs a network and there is none.
  func requireLibvirt() async throws {
    let isThere =
      "{ command -v libvirtd || command -v virtqemud; } && command -v qemu-system-x86_64 && command -v virsh"
    guard try await daemon.run(["sh", "-c", isThere], in: name).status != 0 else { return }
    guard try await daemon.run(["sh", "-c", "command -v apt-get"], in: name).status == 0 else {
      throw NestorError(
        .unavailable, "libvirt and QEMU are not installed in the container \(name)",
        cause: "it is no Debian or Ubuntu, so nestor-host cannot install them",
        hint: "install libvirt, QEMU and dnsmasq there, then: nestor-host prepare \(name)")
    }
    report(ProgressReport(name, "installing libvirt and QEMU"))
    let update = try await daemon.run(["apt-get", "-qq", "update"], in: name)
    let isReachable = update.status == 0 && !update.errors.contains("Failed to fetch")
    let install =
      "DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \(Self.packages)"
    let result = try await daemon.run(["sh", "-c", install], in: name)
    guard result.status != 0 else {
      // A package whose program somebody deleted counts as installed.
      guard try await daemon.run(["sh", "-c", isThere], in: name).status != 0 else { return }
      throw NestorError(
        .failed, "libvirt or QEMU is not in the container \(name), though its packages are installed",
        hint: "have them put back: \(daemon.commandLine) exec \(daemon.target(name)) -- apt-get install --reinstall"
          + " libvirt-clients libvirt-daemon qemu-system-x86")
    }
    let lines = (isReachable ? result : update).errors.split(whereSeparator: \.isNewline).suffix(4)
    throw NestorError(
      isReachable ? .failed : .unavailable,
      isReachable
        ? "libvirt could not be installed in the container \(name)"
        : "libvirt is not in the container \(name), and it has no network to install it from",
      cause: Finding.oneLine(lines.joined(separator: "; ")),
      hint: "use an image that has it: nestor-host image build, then --image nestor; or mend the network:"
        + " \(daemon.commandLine) exec \(daemon.target(name)) -- ip addr")
  }

  /// Puts the programs and templates in their places, those that are not there already, and sees whether the programs run.
  func install(_ payload: Payload) async throws {
    let present = try await digests(of: payload.items.map(\.target))
    for item in payload.items where try await Checksum(of: item.source, .sha256).digits != present[item.target] {
      report(ProgressReport(name, "putting \(item.target) there"))
      try await daemon.push(.file(item.source), to: item.target, in: name, mode: item.mode)
    }
    let result = try await daemon.run(["/usr/local/bin/nestor", "--version"], in: name)
    guard result.status != 0 else { return }
    let text = Finding.oneLine(result.errors + result.output)
    if text.contains("GLIBC_") || text.contains("GLIBCXX_") {
      throw NestorError(
        .unsupported, "the C library in the container \(name) is too old for this build of nestor", cause: text,
        hint: "use an image of a distribution as new as the one that nestor was built on, or build it on an older one")
    }
    if text.contains("shared libraries") {
      throw NestorError(
        .unavailable, "nestor does not run in the container \(name)", cause: text,
        hint: "build it with --static-swift-stdlib, and have libvirt0, libxml2 and libsodium23 in the container")
    }
    throw NestorError(.failed, "nestor does not run in the container \(name)", cause: text)
  }

  /// The SHA-256 of those of the files that are there.
  private func digests(of paths: [String]) async throws -> [String: String] {
    let result = try await daemon.run(["sha256sum", "--"] + paths, in: name)
    var digests: [String: String] = [:]
    // A line is the digest, two spaces, and the path.
    for line in result.output.split(separator: "\n") {
      digests[String(line.dropFirst(66))] = String(line.prefix(64))
    }
    return digests
  }

  /// Starts libvirt's daemon, or daemons, now and at each start of the container.
  func startLibvirt() async throws {
    report(ProgressReport(name, "starting libvirt"))
    // One daemon that does all, or one for each driver, see https://libvirt.org/daemons.html.
    let script = """
      set -e
      if systemctl cat libvirtd.service >/dev/null 2>&1; then
        systemctl enable -q --now libvirtd.service
      else
        for driver in qemu network nodedev nwfilter secret storage interface; do
          ! systemctl cat virt${driver}d.socket >/dev/null 2>&1 || systemctl enable -q --now virt${driver}d.socket
        done
        systemctl start virtqemud.service
      fi
      """
    try await daemon.require(["sh", "-c", script], in: name, purpose: "libvirt does not start")
  }

  /// What `nestor doctor` inside finds, after mending what it may.
  func examine(fixing: Bool) async throws -> [CheckResult] {
    report(ProgressReport(name, fixing ? "checking and mending" : "checking"))
    let command = ["/usr/local/bin/nestor", "doctor", "--format", "json"] + (fixing ? ["--fix"] : [])
    let result = try await daemon.run(command, in: name)
    // Its exit status says that a check failed, which the results say, too.
    guard let results = try? JSONValue(parsing: result.output), !results.array.isEmpty else {
      throw NestorError(
        .failed, "nestor doctor does not run in the container \(name)",
        cause: Finding.oneLine(String((result.errors + result.output).suffix(400))),
        hint: "nestor-host prepare \(name) puts it there")
    }
    return results.array.compactMap { CheckResult($0, in: name) }
  }
}

extension CheckResult {
  /// Reads a result as `nestor doctor --format json` writes it; nil where a field is missing.
  init?(_ value: JSONValue, in container: String) {
    guard let id = value["name"]?.string, let what = value["what"]?.string,
      let verdict = value["verdict"]?.string.flatMap(Finding.Verdict.init), let detail = value["detail"]?.string
    else { return nil }
    let repair: Repair? =
      switch value["fix"]?.string {
      case "fixed": .fixed
      case "failed": .failed(value["fixError"]?.string ?? "")
      default: nil
      }
    self.init(
      id: "\(container)/\(id)", what: what, reason: value["reason"]?.string ?? "",
      finding: Finding(verdict, detail, remedy: value["remedy"]?.string), repair: repair,
      isFixable: value["fixable"]?.bool ?? false)
  }
}
