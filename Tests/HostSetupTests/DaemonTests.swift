import NestorSupport
import Processes
import Testing

@testable import HostSetup

@Suite("The container daemon's client")
struct DaemonTests {
  @Test(
    "tells what is wrong by the daemon's own words",
    arguments: [
      ("Get \"http://unix.socket/1.0\": dial unix /x: connect: permission denied", NestorError.Code.permissionDenied),
      ("dial unix /nope/unix.socket: connect: no such file or directory", .unavailable),
      ("dial unix /x/unix.socket: connect: connection refused", .unavailable),
      ("Error inserting \"x\" into database: The profile already exists", .exists),
      ("write /x: no space left on device", .noSpace),
      ("Failed to load kernel module 'vhost_vsock'", .unavailable),
      ("Profile is currently in use", .busy),
      ("Storage pool not found", .notFound),
      ("lookup images.linuxcontainers.org on 10.0.0.1:53: no such host", .unavailable),
      ("Missing source path \"/dev/kvm\" for device \"kvm\"", .unavailable),
      ("something else", .failed),
    ])
  func failures(text: String, code: NestorError.Code) {
    let error = DaemonFailure(.lxd, errors: "If this is your first time\n\nError: \(text)\n").error("cannot do it")
    #expect(error.code == code)
    #expect(error.cause == text)
    #expect(error.message == "cannot do it")
  }

  @Test("refuses a daemon that is too old, and one that does not trust the user")
  func versions() async throws {
    let recording = try Recording("lxd-5.0.2-bare")
    let daemon = ContainerDaemon(.lxd, transport: recording)
    #expect(try await daemon.server().version == DaemonVersion("5.0.2"))
    recording.set("/1.0", ["environment": ["server_version": "4.24"]])
    await #expect { try await daemon.server() } throws: { ($0 as? NestorError)?.code == .unsupported }
    recording.set("/1.0", ["auth": "untrusted", "environment": [:]])
    await #expect { try await daemon.server() } throws: { ($0 as? NestorError)?.code == .permissionDenied }
  }

  @Test("compares versions by their numbers", arguments: [("5.0.2", "5.21.1 LTS"), ("5.0", "5.0.1"), ("4.24", "5.0")])
  func order(old: String, new: String) throws {
    let (old, new) = (try #require(DaemonVersion(old)), try #require(DaemonVersion(new)))
    #expect(old < new)
    #expect(!(new < old))
    #expect(DaemonVersion("x") == nil)
  }

  @Test("finds the daemon by variable, socket and program, and asks where both are there")
  func detection() throws {
    func detect(_ variables: [String: String] = [:], _ files: [String] = [], _ programs: [DaemonKind] = []) throws
      -> DaemonKind
    {
      try ContainerDaemon.detect(
        variable: { variables[$0] }, exists: { files.contains($0) }, isInstalled: { programs.contains($0) })
    }
    #expect(try detect(["NESTOR_ENGINE": "incus", "LXD_DIR": "/x"]) == .incus)
    #expect(try detect(["LXD_DIR": "/x"], ["/var/lib/incus/unix.socket"]) == .lxd)
    #expect(try detect([:], ["/var/snap/lxd/common/lxd/unix.socket"], [.incus]) == .lxd)
    #expect(try detect([:], [], [.incus]) == .incus)
    #expect { try detect([:], [], [.incus, .lxd]) } throws: { ($0 as? NestorError)?.code == .invalidArgument }
    #expect { try detect() } throws: { ($0 as? NestorError)?.code == .unavailable }
    #expect { try detect(["NESTOR_ENGINE": "docker"]) } throws: { ($0 as? NestorError)?.code == .invalidArgument }
  }

  @Test("keeps fields that nobody here knows, and whole numbers exact")
  func values() throws {
    let text = #"{"a":[1,2.5,true,null,"x"],"big":9007199254740993,"é":{"/":"\n"}}"#
    let value = try JSONValue(parsing: text)
    #expect(value["a"]?.array == [1, .number(2.5), true, .null, "x"])
    #expect(value["big"]?.integer == 9_007_199_254_740_993)
    #expect(try JSONValue(parsing: try value.text()) == value)
  }

  @Test("puts the project and the remote into every path")
  func project() async throws {
    let recording = try Recording(
      "lxd-5.0.2-bare", faults: [("GET far:/1.0/profiles?recursion=1&project=lab", "Error: seen")])
    let daemon = ContainerDaemon(.incus, remote: "far", project: "lab", transport: recording)
    await #expect { try await daemon.list(.profile) } throws: { ($0 as? NestorError)?.cause == "seen" }
  }

  @Test("takes an odd answer as an error, not as an object")
  func oddAnswer() async throws {
    struct Odd: DaemonTransport {
      func run(_ arguments: [String], input: ProgramInput) async throws -> ProgramResult {
        ProgramResult(output: "<html>")
      }
    }
    let daemon = ContainerDaemon(.lxd, transport: Odd())
    await #expect { try await daemon.list(.profile) } throws: { ($0 as? NestorError)?.code == .corrupted }
  }

  @Test(
    "accepts host names only as names of containers",
    arguments: [
      ("lab", true), ("a-1", true), ("1a", false), ("a_b", false), ("a.b", false), ("a-", false), ("", false),
      ("a/b", false), ("a?b", false), ("-a", false), ("é", false), (String(repeating: "a", count: 64), false),
    ])
  func names(name: String, isFit: Bool) {
    #expect(((try? NameRules.checkContainer(name)) != nil) == isFit)
  }
}
