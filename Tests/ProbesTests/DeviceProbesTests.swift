import Glibc
import NestorSupport
import Testing

@testable import Probes

@Suite("Tap and vhost probes")
struct DeviceProbesTests {
  /// Whether an interface goes, by its index, which no later one is given; 0 is none. Another test that starts a program
  /// at this moment holds the tap a little longer: a child has its parent's descriptors until it runs its program.
  private func goes(_ interface: String, index: UInt32) -> Bool {
    for _ in 0..<1000 {
      guard index != 0, if_nametoindex(interface) == index else { return true }
      usleep(10_000)
    }
    return false
  }

  /// Bit 12 of the effective capabilities, as /proc says.
  private var mayMakeInterfaces: Bool {
    let status = (try? FileTree.readText("/proc/self/status")) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
    let mask = line.flatMap { UInt64($0.dropFirst(7).filter { !$0.isWhitespace }, radix: 16) } ?? 0
    return mask & 1 << 12 != 0
  }

  @Test(
    "a tap is there while it is held, and gone afterwards",
    .enabled(if: opens("/dev/net/tun"), "needs /dev/net/tun"))
  func tapComesAndGoes() throws {
    try #require(mayMakeInterfaces == ((try? TapProbe().run()) != nil))
    guard mayMakeInterfaces else { return }
    let name: String
    let held: UInt32
    do {
      let tap = try TapProbe.Tap(devicePath: "/dev/net/tun")
      name = tap.name
      held = if_nametoindex(name)
      #expect(name.hasPrefix("nestor"))
      #expect(held != 0)
      // IFF_TAP, IFF_NO_PI and IFF_VNET_HDR; the kernel may add flags of its own.
      let flags = try FileTree.readText("/sys/class/net/\(name)/tun_flags")
      let number = UInt32(flags.dropFirst(2).prefix { !$0.isWhitespace }, radix: 16) ?? 0
      #expect(number & 0x5003 == 0x5002)
      #expect(tap.descriptor.number >= 0)
    }
    #expect(goes(name, index: held))
  }

  @Test("two taps at once have two names", .enabled(if: opens("/dev/net/tun"), "needs /dev/net/tun"))
  func tapNamesDiffer() throws {
    guard mayMakeInterfaces else { return }
    let one = try TapProbe.Tap(devicePath: "/dev/net/tun")
    let two = try TapProbe.Tap(devicePath: "/dev/net/tun")
    #expect(one.name != two.name)
  }

  @Test("a tap from what is no tun device fails with the call and the path")
  func tapFromElsewhere() {
    #expect(throws: SystemError("open /nonexistent/tun", number: ENOENT)) {
      try TapProbe(devicePath: "/nonexistent/tun").run()
    }
    #expect(throws: SystemError("TUNSETIFF /dev/null", number: ENOTTY)) {
      try TapProbe(devicePath: "/dev/null").run()
    }
  }

  @Test("vhost-net attaches a tap where its device opens, and else says why not")
  func vhostNet() throws {
    guard opens("/dev/vhost-net") else {
      let error = #expect(throws: VhostNetProbe.Failure.self) { try VhostNetProbe().run() }
      guard case .vhost(let failure) = error else {
        Issue.record("the device does not open, yet the probe blames \(String(describing: error))")
        return
      }
      #expect(failure.call == "open /dev/vhost-net")
      return
    }
    guard mayMakeInterfaces, opens("/dev/net/tun") else { return }
    let success = try VhostNetProbe().run()
    #expect(success.features & 1 << 32 != 0)
    #expect(goes(success.interface, index: if_nametoindex(success.interface)))
  }

  @Test("vhost-net tells its own failure from the tap's")
  func vhostNetHalves() {
    #expect(throws: VhostNetProbe.Failure.vhost(SystemError("VHOST_SET_OWNER /dev/null", number: ENOTTY))) {
      try VhostNetProbe(devicePath: "/dev/null").run()
    }
    guard opens("/dev/vhost-net") else { return }
    #expect(throws: VhostNetProbe.Failure.tap(SystemError("TUNSETIFF /dev/null", number: ENOTTY))) {
      try VhostNetProbe(tunPath: "/dev/null").run()
    }
  }

  @Test("vhost-vsock claims a random context ID where its device opens, and else says why not")
  func vhostVsock() throws {
    guard opens("/dev/vhost-vsock") else {
      let error = #expect(throws: SystemError.self) { try VhostVsockProbe().run() }
      #expect(error?.call == "open /dev/vhost-vsock")
      let claimError = #expect(throws: VhostVsockProbe.ClaimError.self) { try VhostVsockProbe().claim(cid: 3) }
      #expect(claimError == error.map { .unavailable($0) })
      return
    }
    #expect(try VhostVsockProbe().run() >= 0x8000_0000)
  }

  @Test(
    "a claimed context ID is taken till it is released, forgotten, or never had",
    .enabled(if: opens("/dev/vhost-vsock"), "needs /dev/vhost-vsock"))
  func claims() throws {
    let probe = VhostVsockProbe()
    let cid = try probe.run()
    let claim = try probe.claim(cid: cid)
    #expect(claim.cid == cid)
    #expect(throws: VhostVsockProbe.ClaimError.taken(cid: cid)) { try probe.claim(cid: cid) }
    claim.release()
    claim.release()
    do {
      let second = try probe.claim(cid: cid)
      #expect(throws: VhostVsockProbe.ClaimError.taken(cid: cid)) { try probe.claim(cid: cid) }
      #expect(second.cid == cid)
    }
    #expect(try probe.claim(cid: cid).cid == cid)
    for reserved: UInt32 in [0, 1, 2, .max] {
      #expect(throws: VhostVsockProbe.ClaimError.reserved(cid: reserved)) { try probe.claim(cid: reserved) }
    }
  }

  @Test("what is no vhost-vsock device claims nothing")
  func claimsElsewhere() {
    let failure = SystemError("VHOST_VSOCK_SET_GUEST_CID /dev/null", number: ENOTTY)
    #expect(throws: VhostVsockProbe.ClaimError.unavailable(failure)) {
      try VhostVsockProbe(devicePath: "/dev/null").claim(cid: 77)
    }
  }

  @Test("a claim's descriptor is closed when it is released, and when it is forgotten")
  func claimCloses() throws {
    let tree = TemporaryTree()
    for released in [true, false] {
      let path = try tree.write("claim-\(released)", "")
      let descriptor = try OwnedDescriptor(opening: path)
      let number = descriptor.number
      do {
        let claim = CIDClaim(cid: 9, descriptor: descriptor)
        #expect(target(of: number) == path)
        if released { claim.release() }
        #expect((target(of: number) == path) == !released)
        #expect(claim.cid == 9)
      }
      #expect(target(of: number) != path)
    }
  }

  /// The file behind a descriptor's number: another test may be given the same number, but not the same file.
  private func target(of number: Int32) -> String {
    var target = [CChar](repeating: 0, count: 256)
    guard readlink("/proc/self/fd/\(number)", &target, target.count - 1) > 0 else { return "" }
    return String(decoding: target.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  @Test("vsock's two answers are those of the device and of a socket")
  func vsock() throws {
    let result = VsockProbe().run()
    let socket = Glibc.socket(AF_VSOCK, Int32(SOCK_STREAM.rawValue), 0)
    let number = errno
    if socket >= 0 {
      close(socket)
      #expect(try result.listeningPort.get() > 0)
    } else {
      #expect(result.listeningPort == .failure(SystemError("socket AF_VSOCK", number: number)))
    }
    if opens("/dev/vsock") {
      let cid = try result.localCID.get()
      #expect(cid >= 2 || cid == 0)
    } else {
      #expect(throws: SystemError.self) { try result.localCID.get() }
    }
    let missing = VsockProbe(devicePath: "/dev/null").run()
    #expect(
      missing.localCID == .failure(SystemError("IOCTL_VM_SOCKETS_GET_LOCAL_CID /dev/null", number: ENOTTY)))
  }
}
