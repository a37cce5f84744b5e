import NestorSupport
import Processes
import Testing

@testable import HostSetup

@Suite("Launching a container")
struct LaunchTests {
  private let scratch: ScratchPayload
  private let tree: HostTree

  init() throws {
    scratch = try ScratchPayload()
    tree = try HostTree.complete()
  }

  /// A daemon that has an image of Nestor's, and in whose containers the doctor finds all well.
  private func recording(faults: [(String, String)] = []) throws -> Recording {
    let recording = try Recording("lxd-5.0.2-initialised", faults: faults)
    recording.set("/1.0/images/aliases/nestor", ["target": "abc"])
    recording.replyToDoctor()
    return recording
  }

  private func provisioner(_ recording: Recording) -> Provisioner {
    recording.provisioner(on: tree)
  }

  @discardableResult
  private func launch(
    _ recording: Recording, image: String? = nil, settings: [String: String] = [:], bridge: Bool = false
  ) async throws -> [CheckResult] {
    let options = LaunchOptions(
      payload: try scratch.payload(), image: image, settings: settings, timeout: .seconds(77), bridgesCard: bridge)
    return try await provisioner(recording).launch("lab", choices: HostChoices(), options: options)
  }

  @Test("makes profile, volume and container, starts it, and does its inside; once more it only looks")
  func whole() async throws {
    let recording = try recording()
    let results = try await launch(recording, settings: ["limits.cpu": "2"])
    #expect(results.map(\.id) == ["lab/kvm"])
    #expect(
      recording.changes == [
        "POST /1.0/profiles", "POST /1.0/storage-pools/default/volumes/custom", "POST /1.0/instances",
        "PUT /1.0/instances/lab/state", "PATCH /1.0/instances/lab",
      ])
    let container = try #require(try await provisioner(recording).daemon.find(ObjectReference(.container, "lab")))
    #expect(container["source"] == ["type": "image", "fingerprint": "abc"])
    #expect(container["status"] == "Running" && container["profiles"] == ["nestor"])
    #expect(container["config"]?["user.nestor.state"] == "ready" && container["config"]?["limits.cpu"] == "2")
    #expect(
      container["devices"]?["images"]
        == ["type": "disk", "pool": "default", "source": "nestor-lab", "path": "/var/lib/nestor/images"])

    let commands = recording.commands
    #expect(commands.first?.hasPrefix("exec lab: timeout 77 sh -c until [ -S /run/systemd/private ]") == true)
    #expect(
      commands.filter { $0.hasPrefix("push ") } == [
        "push lab/usr/local/bin/nestor.nestor-new", "push lab/usr/lib/nestor/nestor-agent.nestor-new",
        "push lab/usr/local/share/nestor/domains/base.yaml.nestor-new",
      ])
    #expect(commands.last?.hasSuffix("/usr/local/bin/nestor doctor --format json --fix") == true)
    #expect(!recording.state.files.keys.contains { $0.hasSuffix(".nestor-new") })

    try await launch(recording)
    #expect(Array(recording.changes.dropFirst(5)) == ["PATCH /1.0/instances/lab"])
    #expect(!recording.commands.dropFirst(commands.count).contains { $0.hasPrefix("push ") })

    try scratch.write("nestor", "a newer one", mode: 0o755)
    try await launch(recording)
    #expect(recording.commands.count { $0.hasPrefix("push ") } == 4)
  }

  @Test("ends in the same state wherever a run before it was killed")
  func killed() async throws {
    let undisturbed = try recording()
    try await launch(undisturbed, bridge: true)
    var ends = 0
    for acts in 0..<200 {
      let recording = try recording()
      recording.end(after: acts)
      do {
        try await launch(recording, bridge: true)
        break
      } catch is Recording.Killed {
        ends += 1
      }
      recording.end(after: nil)
      try await launch(recording, bridge: true)
      #expect(recording.state == undisturbed.state, "killed after \(acts) acts: \(recording.changes)")
      try #require(acts < 199)
    }
    #expect(ends > 20)
  }

  @Test("takes away what a killed launch left, wherever it was killed")
  func undone() async throws {
    let bare = try recording().state
    for acts in 0..<200 {
      let recording = try recording()
      recording.end(after: acts)
      let hasEnded = (try? await launch(recording)) == nil
      recording.end(after: nil)
      try await provisioner(recording).undo()
      var left = recording.state.answers.filter { $0.value != [] }
      for (path, answer) in bare.answers where answer == [] { left[path] = [] }
      #expect(left == bare.answers, "killed after \(acts) acts")
      if !hasEnded { break }
      try #require(acts < 199)
    }
  }

  @Test("makes the container of the image that was named, wherever it is")
  func images() async throws {
    let remotes =
      #"{"images": {"Addr": "https://images.example", "Protocol": "simplestreams"}, "odd": {"Addr": "unix://"}}"#
    func source(_ image: String?, _ change: (Recording) -> Void = { _ in }) async throws -> JSONValue? {
      let recording = try recording()
      recording.reply(to: "remote list", ProgramResult(output: remotes))
      change(recording)
      let options = LaunchOptions(payload: try scratch.payload(), image: image)
      let plan = try await provisioner(recording).launchPlan("lab", choices: HostChoices(), options: options)
      #expect(recording.changes == [])
      return plan.steps.last?.body["source"]
    }
    let debian: JSONValue = [
      "type": "image", "mode": "pull", "server": "https://images.example", "protocol": "simplestreams",
      "alias": "debian/12/cloud",
    ]
    #expect(try await source(nil) == ["type": "image", "fingerprint": "abc"])
    #expect(try await source(nil) { $0.set("/1.0/images/aliases/nestor", .null) } == debian)
    #expect(try await source("images:debian/12/cloud") == debian)
    #expect(
      try await source("f00d") { $0.set("/1.0/images/f00d", ["fingerprint": "f00d1234"]) }
        == ["type": "image", "fingerprint": "f00d1234"])
    for (image, code) in [
      ("none", NestorError.Code.notFound), ("far:x", .notFound), ("odd:x", .notFound), ("images:", .invalidArgument),
      ("a?b", .invalidName), ("./nothing", .notFound), ("\(scratch.folder)/domains", .notFound),
    ] {
      let error = await #expect(throws: NestorError.self) { try await source(image) }
      #expect(error?.code == code, "\(image): \(String(describing: error))")
    }
  }

  @Test("imports an image that is given as files, unless the daemon has it")
  func importedImage() async throws {
    try scratch.write("metadata.tar.xz", "m")
    try scratch.write("rootfs.squashfs", "r")
    let recording = try recording()
    try await launch(recording, image: scratch.folder)
    let line = recording.commands.first { $0.hasPrefix("image import") }
    #expect(
      line
        == "image import --quiet \(scratch.folder)/metadata.tar.xz \(scratch.folder)/rootfs.squashfs user.nestor.made=true"
    )
    let source = try await provisioner(recording).daemon.find(ObjectReference(.container, "lab"))?["source"]
    #expect(source?["fingerprint"]?.string?.count == 64)

    let again = try self.recording()
    again.set("/1.0/images/\(source?["fingerprint"]?.string ?? "")", ["fingerprint": "known"])
    try await launch(again, image: scratch.folder)
    #expect(!again.commands.contains { $0.hasPrefix("image import") })
  }

  @Test("imports nothing and makes nothing where something stands in the way")
  func obstacles() async throws {
    let recording = try recording()
    recording.set("/1.0/profiles?recursion=1", [["name": "nestor", "config": [:], "devices": [:]]])
    try scratch.write("metadata.tar.xz", "m")
    try scratch.write("rootfs.squashfs", "r")
    let error = await #expect(throws: NestorError.self) { try await launch(recording, image: scratch.folder) }
    #expect(error?.code == .exists)
    let privileged = await #expect(throws: NestorError.self) {
      try await launch(recording, settings: ["security.privileged": "true"])
    }
    #expect(privileged?.code == .invalidArgument)
    #expect(recording.changes == [] && recording.commands == [])
  }

  @Test(
    "says what is wrong inside, and what to do",
    arguments: [
      ("timeout 77", ProgramResult(end: .exited(124)), .timedOut, "did not come up within 77 s", "list-jobs"),
      ("timeout 77", ProgramResult(end: .exited(1), errors: "Error: x\n"), .failed, "cannot wait for", "--show-log"),
      (
        "nestor --version", ProgramResult(end: .exited(1), errors: "/lib: version `GLIBC_2.38' not found"),
        .unsupported, "the C library in the container lab is too old", "as new as the one"
      ),
      (
        "nestor --version", ProgramResult(end: .exited(127), errors: "error while loading shared libraries: libxml2"),
        .unavailable, "nestor does not run", "libxml2"
      ),
      ("nestor --version", ProgramResult(end: .signaled(9)), .failed, "nestor does not run", nil),
      (
        "systemctl enable", ProgramResult(end: .exited(1), errors: "no unit"), .failed, "libvirt does not start",
        "exec lab"
      ),
      (
        "is-active -q systemd-networkd", ProgramResult(end: .exited(3)), .unsupported, "cannot be put into a bridge",
        "image build"
      ),
      ("nestor doctor", ProgramResult(output: "[]"), .failed, "nestor doctor does not run", "nestor-host prepare lab"),
      (
        "file push", ProgramResult(end: .exited(1), errors: "Error: no space left on device"), .noSpace,
        "cannot put /usr/local/bin/nestor into the container lab", "storage list"
      ),
    ] as [(String, ProgramResult, NestorError.Code, String, String?)])
  func inside(sign: String, result: ProgramResult, code: NestorError.Code, message: String, hint: String?) async throws
  {
    let recording = try recording()
    recording.reply(to: sign, result)
    let error = await #expect(throws: NestorError.self) { try await launch(recording, bridge: true) }
    #expect(error?.code == code && error?.message.contains(message) == true, "\(String(describing: error))")
    #expect(hint.map { error?.hint?.contains($0) == true } ?? (error?.hint == nil), "\(String(describing: error))")
    let state = try await provisioner(recording).daemon.find(ObjectReference(.container, "lab"))?["config"]
    #expect(state?["user.nestor.state"] == "incomplete")
  }

  @Test("installs libvirt where the image has none, and says why where it cannot")
  func packages() async throws {
    let missing = ProgramResult(end: .exited(1))
    let recording = try recording()
    recording.reply(to: "command -v libvirtd", missing)
    // The packages are there, and the program still is not.
    let odd = await #expect(throws: NestorError.self) { try await launch(recording) }
    #expect(odd?.hint?.contains("apt-get install --reinstall") == true, "\(String(describing: odd))")
    #expect(recording.commands.contains { $0.contains("apt-get -qq install -y --no-install-recommends dnsmasq-base") })

    recording.reply(to: "apt-get -qq install", ProgramResult(end: .exited(100), errors: "E: held packages"))
    let held = await #expect(throws: NestorError.self) { try await launch(recording) }
    #expect(held?.code == .failed && held?.cause == "E: held packages")

    recording.reply(to: "apt-get -qq update", ProgramResult(errors: "W: Failed to fetch http://deb.example"))
    let offline = await #expect(throws: NestorError.self) { try await launch(recording) }
    #expect(offline?.code == .unavailable && offline?.hint?.contains("--image nestor") == true)

    recording.reply(to: "command -v apt-get", missing)
    let other = await #expect(throws: NestorError.self) { try await launch(recording) }
    #expect(other?.cause == "it is no Debian or Ubuntu, so nestor-host cannot install them")
  }

  @Test("tells what the container's own log says where it does not start")
  func start() async throws {
    let recording = try recording(faults: [("PUT /1.0/instances/lab/state", "Error: Failed to run: forkstart\n")])
    recording.reply(
      to: "info lab --show-log",
      ProgramResult(output: "Log:\n\nlxc lab 2026 ERROR start - ../src/start.c:f:1 - No such file: /dev/kvm\n"))
    let error = await #expect(throws: NestorError.self) { try await launch(recording) }
    #expect(error?.message == "cannot start the container lab")
    #expect(error?.cause == "Failed to run: forkstart; No such file: /dev/kvm")
    #expect(error?.hint == "lxc info lab --show-log")
  }
}
