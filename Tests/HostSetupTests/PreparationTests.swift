import NestorSupport
import Testing

@testable import HostSetup

@Suite("A container that was there before")
struct PreparationTests {
  private let profile: JSONValue = [
    "config": ["security.nesting": "true", "linux.kernel_modules": "vhost_vsock", "user.nestor.made": "true"],
    "devices": [
      "root": ["type": "disk", "path": "/"], "kvm": ["type": "unix-char", "path": "/dev/kvm"],
      "tun": ["type": "unix-char", "path": "/dev/net/tun"],
    ],
  ]
  private let container: JSONValue = [
    "name": "old", "config": ["linux.kernel_modules": "nbd", "limits.cpu": "2", "volatile.uuid": "1"],
    "devices": ["mine": ["type": "unix-char", "path": "/dev/net/tun"]], "profiles": ["default"], "ephemeral": false,
    "status": "Stopped",
  ]

  @Test("gets what it lacks, and has its old settings again afterwards")
  func roundTrip() throws {
    let prepared = try Preparation.prepared(container, by: profile)
    #expect(prepared["config"]?["security.nesting"] == "true")
    #expect(prepared["config"]?["linux.kernel_modules"] == "vhost_vsock")
    #expect(prepared["config"]?["limits.cpu"] == "2")
    #expect(prepared["config"]?["user.nestor.made"] == nil)
    #expect(Set(prepared["devices"]?.fields.keys.map { $0 } ?? []) == ["mine", "kvm"])
    #expect(prepared["profiles"] == ["default"])
    #expect(prepared["status"] == nil)
    let undone = try Preparation.undone(prepared)
    #expect(undone["config"] == container["config"])
    #expect(undone["devices"] == container["devices"])
  }

  @Test(
    "is given the time that saving its guests takes, unless it has more",
    arguments: [(nil, "540"), ("30", "540"), ("-1", "540"), ("900", "900")] as [(String?, String)])
  func shutdownTime(own: String?, expected: String) throws {
    let name = "boot.host_shutdown_timeout"
    var before: [String: String] = ["limits.cpu": "2"]
    before[name] = own
    let container: JSONValue = .object(["config": JSONValue(before), "profiles": ["default"]])
    let prepared = try Preparation.prepared(container, by: ["config": [name: "540"], "devices": [:]])
    #expect(prepared["config"]?[name]?.string == expected)
    #expect(try Preparation.undone(prepared)["config"] == JSONValue(before))
  }

  @Test("prepared twice still knows what it had at first")
  func twice() throws {
    let twice = try Preparation.prepared(try Preparation.prepared(container, by: profile), by: profile)
    #expect(try Preparation.undone(twice)["config"] == container["config"])
    #expect(try Preparation.undone(twice)["devices"] == container["devices"])
  }

  @Test(
    "is given no setting that gives up what keeps the host safe",
    arguments: [
      ("security.privileged", "true", false), ("security.privileged", "1", false),
      ("security.privileged", "false", true),
      ("raw.lxc", "x", false), ("raw.idmap", "x", false), ("user.nestor.made", "x", false), ("volatile.x", "1", false),
      ("limits.memory", "4GiB", true), ("", "x", false),
    ])
  func settings(name: String, value: String, isAllowed: Bool) {
    #expect(((try? ContainerDesign.check([name: value])) != nil) == isAllowed)
  }

  @Test("reads what the doctor inside says, and skips what is no result")
  func results() throws {
    let value: JSONValue = [
      "name": "kvm", "what": "w", "reason": "r", "verdict": "warn", "detail": "d", "remedy": "m", "fixable": true,
      "fix": "failed", "fixError": "e",
    ]
    let result = try #require(CheckResult(value, in: "lab"))
    #expect(result.id == "lab/kvm")
    #expect(result.finding == Finding(.warn, "d", remedy: "m"))
    #expect(result.repair == .failed("e"))
    #expect(CheckResult(["name": "kvm", "verdict": "odd"], in: "lab") == nil)
  }
}
