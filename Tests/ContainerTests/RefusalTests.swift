import TestSupport
import Testing

extension ContainerTier {
  /// What cannot be done is refused in clear words, and nothing is changed.
  @Suite("Refused")
  struct RefusalTests {
    @Test("what cannot be done is said with its reason, and changes nothing")
    func refusals() async throws {
      try await ContainerLab.with("refusals") { lab in
        try await lab.lxc("profile", "create", "nestor")
        let before = try await lab.objects()
        let launch = lab.launchWords("lab")
        let programs = ["--programs", ContainerLab.programs]
        let cases: [(words: [String], status: Int32, text: String)] = [
          (["plan"], 75, "there is a profile nestor already, and nestor-host did not make it"),
          (["apply"], 75, "there is a profile nestor already, and nestor-host did not make it"),
          (launch, 75, "there is a profile nestor already, and nestor-host did not make it"),
          (launch + ["--profile", "mine", "-P", "security.privileged=true"], 64, "makes no privileged containers"),
          (launch + ["--profile", "mine", "-P", "raw.lxc=x"], 64, "does not set raw.lxc"),
          (["apply", "--profile", "default"], 65, "does not touch the profile default"),
          (["apply", "--profile", "mine", "--network", "lo"], 75, "lo is an interface of the host"),
          (["apply", "--profile", "mine", "--with", "kqemu"], 64, "nothing called 'kqemu'"),
          (["launch", "lab", "--image", "nothing", "--profile", "mine"] + programs, 66, "no image 'nothing'"),
          (["launch", "lab", "--programs", "/nowhere"], 66, "no program nestor in /nowhere"),
          (["delete", "theirs"], 75, "did not make the container theirs"),
          (["prepare", "nobody"] + programs, 66, "no container nobody"),
          (["list", "--project", "nothing"], 66, "cannot"),
          (["plan", "--engine", "incus"], 69, "no program incus"),
        ]
        for (words, status, text) in cases {
          let result = try await lab.host(words)
          #expect(result.status == status, "\(result)")
          #expect(result.errors.contains(text), "\(result)")
        }
        let taken = try await lab.host(lab.launchWords("theirs") + ["--profile", "mine"])
        #expect(taken.status == 75, "\(taken)")
        #expect(taken.errors.contains("there is a container theirs already"), "\(taken)")
        let away = try await lab.host("plan", environment: ["LXD_DIR": "/nowhere"])
        #expect(away.status == 69, "\(away)")
        #expect(away.errors.contains("daemon does not run here"), "\(away)")
        #expect(try await lab.objects() == before)
      }
    }

    @Test("a pool that is full is said to be so, and nothing stays")
    func fullPool() async throws {
      try await ContainerLab.with("full-pool") { lab in
        let folder = "\(lab.folder)/small"
        try await lab.inside("sh", "-c", "mkdir \(folder) && mount -t tmpfs -o size=64M none \(folder)")
        try await lab.lxc("storage", "create", "small", "dir", "source=\(folder)")
        let before = try await lab.objects()
        let words = lab.launchWords("lab").map { $0 == "nestor" ? "small" : $0 }
        let launch = try await lab.host(words)
        #expect(launch.status == 73, "\(launch)")
        #expect(launch.errors.contains("run out of disk space"), "\(launch)")
        #expect(launch.errors.contains("name another pool with --pool"), "\(launch)")
        try await lab.succeed("undo")
        #expect(try await lab.objects() == before)
      }
    }

    @Test("a container whose QEMU is damaged, or missing without a network, is told so", .notInGate)
    func noNetwork() async throws {
      try await ContainerLab.with("no-network") { lab in
        let launch = try await lab.host(lab.launchWords("lab"))
        try #require(launch.status == 0, "\(launch)")
        let words = ["prepare", "lab", "--programs", ContainerLab.programs]
        try await lab.succeed("exec", "lab", "--", "mv", "/usr/bin/virsh", "/tmp")
        let damaged = try await lab.host(words)
        #expect(damaged.status == 1, "\(damaged)")
        #expect(damaged.errors.contains("though its packages are installed"), "\(damaged)")
        try await lab.succeed(
          "exec", "lab", "--", "sh", "-c",
          "mv /tmp/virsh /usr/bin && dpkg --remove --force-depends qemu-system-x86 && ip link set eth0 down")
        let result = try await lab.host(words)
        #expect(result.status == 69, "\(result)")
        #expect(result.errors.contains("it has no network to install it from"), "\(result)")
      }
    }
  }
}
