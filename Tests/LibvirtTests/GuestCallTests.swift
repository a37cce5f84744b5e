import Foundation
import LibvirtTestSupport
import Testing

@testable import Libvirt

/// What only a guest shows of a domain's calls.
@Suite("A domain of QEMU", .privateLibvirtd, .timeLimit(.minutes(20)))
struct GuestCallTests {
  @Test("is saved to a file, changed there, restored, and goes on")
  func saving() async throws {
    try await TestGuest.withFolder { folder in
      try await TestGuest.with { connection, domain in
        let file = "\(folder)/saved"
        try await domain.save(to: file)
        #expect(try await domain.state().reasonText == "saved")
        let xml = try await connection.savedXML(in: file)
        #expect(xml.contains("<name>\(domain.name)</name>"))
        try await connection.setSavedXML(
          xml.replacingOccurrences(of: "</name>", with: "</name><title>changed</title>"), in: file, .paused)
        try await connection.restore(from: file)
        #expect(try await domain.state().status == .paused)
        #expect(try await domain.title(scope: .live) == "changed")
        try await domain.resume()
        #expect(try await domain.state().status == .running)
        let error = await #expect(throws: LibvirtError.self) { try await connection.savedXML(in: "\(folder)/none") }
        #expect(error?.call == "virDomainSaveImageGetXMLDesc")
      }
    }
  }

  @Test("is saved where libvirt keeps it, changed there, and woken by its start")
  func managedSave() async throws {
    try await TestGuest.with { _, domain in
      let none = await #expect(throws: LibvirtError.self) { try await domain.managedSaveXML() }
      #expect(none?.call == "virDomainManagedSaveGetXMLDesc")
      try await domain.managedSave()
      let xml = try await domain.managedSaveXML()
      try await domain.setManagedSaveXML(
        xml.replacingOccurrences(of: "</name>", with: "</name><title>asleep</title>"), .paused)
      try await domain.start()
      #expect(try await domain.state().status == .paused)
      #expect(try await domain.title(scope: .live) == "asleep")
    }
  }

  @Test("dumps its memory as a file that gdb reads, or compressed")
  func coreDump() async throws {
    try await TestGuest.withFolder { folder in
      try await TestGuest.with { _, domain in
        try await domain.coreDump(to: "\(folder)/core", .memoryOnly)
        let core = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/core"))
        #expect(core.starts(with: [0x7F, 0x45, 0x4C, 0x46]))
        #expect(core.count > 32 << 20)
        try await domain.coreDump(to: "\(folder)/kdump", format: .kdumpZlib, .memoryOnly)
        let kdump = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/kdump"))
        #expect(kdump.starts(with: "makedumpfile".utf8) || kdump.starts(with: "KDUMP".utf8))
        #expect(kdump.count < core.count)
      }
    }
  }

  @Test("takes a device and lets it go, and tells so each time")
  func devices() async throws {
    try await TestGuest.with { connection, domain in
      let added = try await connection.deviceAddedEvents(domain: domain)
      let removed = try await connection.deviceRemovedEvents(domain: domain)
      let tablet = "<input type='tablet' bus='usb'><alias name='ua-tablet'/></input>"
      try await domain.attachDevice(xml: tablet, scope: .liveAndConfig)
      #expect(try await domain.xml().contains("ua-tablet"))
      #expect(try await domain.isUpdated() == false)
      var additions = added.makeAsyncIterator()
      #expect(try await additions.next()?.payload == DomainDeviceEvent(alias: "ua-tablet"))
      try await domain.detachDevice(alias: "ua-tablet")
      var removals = removed.makeAsyncIterator()
      let event = try await removals.next()
      #expect(event?.payload.alias == "ua-tablet")
      #expect(event?.domainUUID == domain.uuid)
      #expect(try await domain.xml().contains("ua-tablet") == false)
      try await domain.detachDevice(xml: "<input type='tablet' bus='usb'/>", scope: .config)
      #expect(try await domain.xml(.inactive).contains("tablet") == false)
      let error = await #expect(throws: LibvirtError.self) { try await domain.detachDevice(alias: "ua-tablet") }
      #expect(error?.call == "virDomainDetachDeviceAlias")
      #expect(error?.message.contains("ua-tablet") == true)
    }
  }

  @Test("changes the medium of a drive, and tells when its tray moves")
  func tray() async throws {
    try await TestGuest.withFolder { folder in
      let image = "\(folder)/disc.iso"
      try Data(count: 1 << 20).write(to: URL(fileURLWithPath: image))
      func drive(_ source: String) -> String {
        "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>\(source)"
          + "<target dev='sda' bus='scsi'/><readonly/></disk>"
      }
      let disc = drive("<source file='\(image)'/>")
      try await TestGuest.with(devices: "<controller type='scsi' model='virtio-scsi'/>" + disc) { connection, domain in
        let events = try await connection.trayEvents(domain: domain)
        try await domain.updateDevice(xml: drive(""), force: true)
        #expect(try await domain.xml().contains("disc.iso") == false)
        var iterator = events.makeAsyncIterator()
        #expect(try await iterator.next()?.payload.position == .open)
        try await domain.updateDevice(xml: disc)
        #expect(try await domain.xml().contains("disc.iso"))
      }
    }
  }

  @Test("tells of its disk, makes it larger, and merges its files")
  func disk() async throws {
    let daemon = try await PrivateLibvirtd.shared
    try await TestGuest.withFolder { folder in
      let image = "\(folder)/disk.qcow2"
      try await TestGuest.makeImage(image, daemon)
      let disk =
        "<disk type='file'><driver name='qemu' type='qcow2'/><source file='\(image)'/>"
        + "<target dev='vda' bus='virtio'/></disk>"
      try await TestGuest.with(devices: disk) { connection, domain in
        #expect(try await domain.blockInfo("vda").capacity == 4 << 20)
        #expect(try await domain.blockStatistics("vda").reads != nil)
        #expect(try await domain.diskErrors() == [:])
        try await domain.resizeBlock("vda", to: 8 << 20)
        #expect(try await domain.blockInfo("vda").capacity == 8 << 20)
        #expect(try await domain.blockJobInfo("vda") == nil)

        let events = try await connection.blockJobEvents(domain: domain)
        var jobs = events.makeAsyncIterator()
        _ = try await domain.createSnapshot(
          xml: "<domainsnapshot><name>top</name></domainsnapshot>", [.diskOnly, .noMetadata])
        try await domain.blockPull("vda")
        let pulled = try await jobs.next()?.payload
        #expect(pulled == BlockJobEvent(disk: "vda", kind: .pull, status: .completed))

        _ = try await domain.createSnapshot(
          xml: "<domainsnapshot><name>next</name></domainsnapshot>", [.diskOnly, .noMetadata])
        try await domain.blockCommit("vda", .active)
        #expect(try await jobs.next()?.payload == BlockJobEvent(disk: "vda", kind: .activeCommit, status: .ready))
        #expect(try await domain.blockJobInfo("vda")?.kind == .activeCommit)
        try await domain.setBlockJobSpeed("vda", bytesPerSecond: 1 << 20)
        #expect(try await domain.blockJobInfo("vda")?.bandwidth == 1 << 20)
        try await domain.abortBlockJob("vda", pivot: true)
        #expect(try await jobs.next()?.payload.status == .completed)
      }
    }
  }

  @Test("takes a non-maskable interrupt and keys, and tells when it is reset")
  func input() async throws {
    try await TestGuest.with { connection, domain in
      try await domain.injectNMI()
      try await domain.sendKey([29, 56, 111], holding: .milliseconds(10))
      try await domain.sendKey([0x1C], set: .xt)
      let events = try await connection.rebootEvents(domain: domain)
      try await domain.reset()
      for try await event in events {
        #expect(event.payload == RebootEvent())
        #expect(event.domainName == domain.name)
        break
      }
      try await domain.destroy()
      let error = await #expect(throws: LibvirtError.self) { try await domain.injectNMI() }
      #expect(error?.code == .operationInvalid)
    }
  }

  @Test("answers on its monitor, and libvirt says that it was used")
  func monitor() async throws {
    try await TestGuest.with { connection, domain in
      #expect(try await domain.monitorCommand(#"{"execute":"query-status"}"#).contains("running"))
      #expect(try await domain.monitorCommand("info status", isHuman: true).contains("VM status"))
      #expect(try await domain.messages().contains { $0.contains("custom monitor") })
      #expect(try await domain.controlInfo().state == .ok)
      #expect(try await domain.osType() == "hvm")
      #expect(try await domain.memoryStatistics().resident != nil)
      #expect(try await domain.maximumMemory() == 32 << 20)
      let line = try await connection.nativeConfiguration(ofDomainXML: domain.xml(.inactive))
      #expect(line.contains(domain.name))
      let native = await #expect(throws: LibvirtError.self) {
        try await connection.domainXML(fromNative: line, format: "qemu-argv")
      }
      #expect(native?.call == "virConnectDomainXMLFromNative")
    }
  }

  @Test("has no agent, and everything that needs one says so")
  func noAgent() async throws {
    try await TestGuest.with { _, domain in
      try await domain.setAgentTimeout(.limit(.seconds(1)))
      let calls: [(String, @Sendable () async throws -> Void)] = [
        ("virDomainQemuAgentCommand", { _ = try await domain.agentCommand(#"{"execute":"guest-ping"}"#) }),
        ("virDomainGetGuestInfo", { _ = try await domain.guestInfo(.operatingSystem) }),
        ("virDomainGetHostname", { _ = try await domain.guestHostname(.guestAgent) }),
        ("virDomainGetTime", { _ = try await domain.guestTime() }),
        ("virDomainSetTime", { try await domain.setGuestTime(GuestTime(seconds: 1)) }),
        ("virDomainSetUserPassword", { try await domain.setUserPassword(user: "root", password: "x") }),
        ("virDomainFSFreeze", { _ = try await domain.freezeFileSystems() }),
        ("virDomainFSThaw", { _ = try await domain.thawFileSystems() }),
        ("virDomainFSTrim", { try await domain.trimFileSystems() }),
        ("virDomainPMSuspendForDuration", { try await domain.pmSuspend(to: .memory) }),
        ("virDomainGetVcpusFlags", { _ = try await domain.cpuCount(.guest) }),
      ]
      for (name, call) in calls {
        let error = await #expect(throws: LibvirtError.self) { try await call() }
        #expect(error?.call == name)
        let isAboutAgent = error?.code == .agentUnresponsive || error?.message.contains("agent") == true
        #expect(isAboutAgent, "\(name): \(error?.message ?? "")")
      }
      let awake = await #expect(throws: LibvirtError.self) { try await domain.pmWakeUp() }
      #expect(awake?.call == "virDomainPMWakeup")
    }
  }

  @Test("has no job until it has one, and what cannot be aborted or moved says why")
  func jobs() async throws {
    try await TestGuest.with { _, domain in
      #expect(try await domain.jobInfo().kind == .none)
      #expect(try await domain.jobStatistics().kind == .none)
      for postCopy in [false, true] {
        let error = await #expect(throws: LibvirtError.self) { try await domain.abortJob(postCopy: postCopy) }
        #expect(error?.code == .operationInvalid)
      }
      try await domain.setMaximumMigrationSpeed(100)
      #expect(try await domain.maximumMigrationSpeed() == 100)
      try await domain.setMaximumMigrationDowntime(.milliseconds(200))
      #expect(try await domain.maximumMigrationDowntime() == .milliseconds(200))
      var parameters = MigrationParameters()
      parameters.destinationName = "elsewhere"
      parameters.bandwidth = 10
      let error = await #expect(throws: LibvirtError.self) {
        try await domain.migrate(
          to: "qemu+unix:///system?socket=/nowhere/sock", [.live, .peerToPeer], parameters: parameters)
      }
      #expect(error?.call == "virDomainMigrateToURI3")
      #expect(error?.message.contains("/nowhere/sock") == true)
      parameters.others = ["nonsense": .unknown(99)]
      let unknown = await #expect(throws: LibvirtError.self) {
        try await domain.migrate(to: "qemu:///system", parameters: parameters)
      }
      #expect(unknown?.message.contains("nonsense") == true)
      parameters.others = [:]
      let itself = await #expect(throws: LibvirtError.self) {
        try await domain.migrate(to: "qemu:///system", parameters: parameters)
      }
      #expect(itself?.message.contains("same host") == true)
      #expect(try await domain.state().status == .running)
    }
  }

  @Test("is compared with CPUs that its host can offer")
  func cpus() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let xml = "<cpu><arch>x86_64</arch><model>qemu64</model></cpu>"
    #expect(try await connection.compareHypervisorCPU(xml: xml, type: "qemu") != .unknown(0))
    let baseline = try await connection.baselineHypervisorCPU(xmls: [xml], type: "qemu")
    #expect(baseline.contains("<cpu"))
    let lacking = "<cpu><arch>x86_64</arch><model>qemu64</model><feature policy='require' name='avx512f'/></cpu>"
    #expect(try await connection.compareHypervisorCPU(xml: lacking, type: "qemu") == .incompatible)
    await #expect(throws: LibvirtError.self) {
      try await connection.compareHypervisorCPU(xml: lacking, type: "qemu", .failIncompatible)
    }
    #expect(try await connection.isSecure())
  }

  @Test("tells that a backup's job ended")
  func jobCompleted() async throws {
    let daemon = try await PrivateLibvirtd.shared
    try await TestGuest.withFolder { folder in
      let image = "\(folder)/disk.qcow2"
      try await TestGuest.makeImage(image, daemon)
      let disk =
        "<disk type='file'><driver name='qemu' type='qcow2'/><source file='\(image)'/>"
        + "<target dev='vda' bus='virtio'/></disk>"
      try await TestGuest.with(devices: disk) { connection, domain in
        let events = try await connection.jobCompletedEvents(domain: domain)
        let output = try await daemon.runInside(["virsh", "--quiet", "backup-begin", domain.name])
        #expect(output.status == 0, "\(output.errors)")
        for try await event in events {
          #expect(event.payload.operation == .backup)
          #expect(event.payload.kind == .completed)
          #expect(event.payload.success == true)
          break
        }
        let job = try await domain.jobStatistics([.completed, .keepCompleted])
        #expect(job.kind == .completed)
        #expect(job.operation == .backup)
        #expect(job.timeElapsed != nil)
        #expect(try await domain.jobStatistics(.completed).kind == .completed)
        #expect(try await domain.jobStatistics(.completed).kind == .none)
      }
    }
  }

  @Test("is asked for events that nothing brings about here, which end with the connection")
  func otherEvents() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let removalFailed = try await connection.deviceRemovalFailedEvents()
    let agent = try await connection.agentLifecycleEvents()
    let errors = try await connection.ioErrorEvents()
    let watchdogs = try await connection.watchdogEvents()
    let balloons = try await connection.balloonEvents()
    let memory = try await connection.memoryDeviceEvents()
    connection.close()
    await #expect(throws: LibvirtError.self) { try await connection.balloonEvents() }
    for try await _ in removalFailed {}
    for try await _ in agent {}
    for try await _ in errors {}
    for try await _ in watchdogs {}
    for try await _ in balloons {}
    for try await _ in memory {}
  }
}
