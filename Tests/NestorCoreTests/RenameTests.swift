import DomainXML
import Libvirt
import NestorSupport
import Templates
import Testing

@testable import NestorCore

@Suite("A guest that gets another name")
struct RenameTests {
  private let driver: TestDriverGuests
  private var hypervisor: Hypervisor { driver.hypervisor }
  private var connection: Connection { driver.hypervisor.connection }

  /// Two guests that are off.
  init() async throws {
    driver = try await TestDriverGuests("web", "db")
    for name in ["web", "db"] { try await driver.hypervisor.guest(name).stop(StopOptions(force: true)) }
  }

  private func rename(_ old: String, _ new: String) async throws {
    try await hypervisor.rename(old, to: try GuestName(new))
  }

  @Test("keeps its UUID and all else, and nothing of the work is left")
  func renamed() async throws {
    let before = try await connection.domain(named: "web").xml()
    try await rename("web", "www")
    let guest = try await hypervisor.guest("www")
    #expect(try await guest.xml() == before.replacing("<name>web</name>", with: "<name>www</name>"))
    #expect(!FileTree.exists(guest.directory))
    #expect(try await connection.domains().map(\.name).sorted() == ["db", "www"])
    #expect(driver.warnings.taken() == [])
  }

  @Test(
    "is not renamed where that cannot be, and stays as it is",
    arguments: [
      ("web", "db", NestorError.Code.exists, "guest 'db' exists already"),
      ("web", "web", .invalidArgument, "cannot rename guest 'web'"), ("wep", "x", .notFound, "there is no guest 'wep'"),
    ])
  func refused(old: String, new: String, code: NestorError.Code, message: String) async throws {
    let error = await #expect(throws: NestorError.self) { try await self.rename(old, new) }
    #expect(error?.code == code && error?.message == message, "\(String(describing: error))")
    #expect(try await connection.domains().map(\.name).sorted() == ["db", "web"])
  }

  @Test("is not renamed while it runs, stands still or sleeps, and the hint says what to do")
  func awake() async throws {
    let guest = try await hypervisor.guest("db")
    func hint() async throws -> String? {
      let error = await #expect(throws: NestorError.self) { try await self.rename("db", "sql") }
      #expect(error?.code == .invalidState && error?.message == "cannot rename guest 'db'")
      #expect(!FileTree.exists(guest.unfinishedRenameFile))
      return error?.hint
    }
    _ = try await guest.start()
    #expect(try await hint() == "stop it: nestor stop db")
    try await guest.suspend()
    #expect(try await hint() == "stop it: nestor stop db")
    try await guest.resume()
    try await guest.domain.managedSave()
    #expect(try await hint()?.hasPrefix("wake it first: nestor start db") == true)
  }

  /// Leaves "web" as a program does that was killed after libvirt had renamed it; returns the file that says so.
  private func cutOff(uri: String? = nil, _ snapshots: SnapshotSet = SnapshotSet()) async throws -> String {
    let own = try await connection.uri()
    let web = try await connection.domain(named: "web").rename(to: "www")
    let file = driver.scratch.state.unfinishedRename(web.uuid)
    try driver.scratch.state.prepare()
    for folder in [driver.scratch.state.guest(web.uuid), FileTree.parent(of: file)] {
      try FileTree.makeDirectory(folder)
    }
    try UnfinishedRename(uri: uri ?? own, from: "web", snapshots: snapshots).write(to: file)
    return file
  }

  @Test(
    "after a program was killed over that is through with it by the same command, by a list, and by being looked up",
    arguments: ["rename", "list", "info"])
  func killed(command: String) async throws {
    let file = try await cutOff()
    switch command {
    case "rename": try await rename("web", "www")
    case "list": _ = try await hypervisor.list()
    default: _ = try await hypervisor.guest("www")
    }
    #expect(!FileTree.exists(file) && driver.warnings.taken() == [])
    let error = await #expect(throws: NestorError.self) { try await self.rename("web", "www") }
    #expect(error?.code == .notFound)
  }

  @Test("has the snapshots still that libvirt does not know at the moment, and gets them back")
  func noted() async throws {
    let file = try await cutOff()
    let domain = try await connection.domain(named: "www")
    let xml = try SnapshotDefinition(
      name: "one", state: .shutOff, creationTime: 1_700_000_000,
      domain: try DomainDefinition(xml: try await domain.xml())
    ).xml()
    let snapshots = SnapshotSet(snapshots: [xml])
    try UnfinishedRename(uri: try await connection.uri(), from: "web", snapshots: snapshots).write(to: file)
    #expect(try await hypervisor.guest(domain).snapshots.definitions().map(\.name) == ["one"])
    _ = try await hypervisor.guest("www")
    #expect(driver.warnings.taken() == [])
    #expect(!FileTree.exists(file))
    #expect(try await domain.snapshots().map(\.name) == ["one"])
  }

  @Test("is left alone by what runs another guest of its UUID, as in a copy of its container")
  func anothers() async throws {
    let file = try await cutOff(uri: "qemu:///system")
    try await hypervisor.guest("www").withLock(to: "look at") { _ in }
    let renewal = UnfinishedRenewal(
      uri: "qemu:///system", name: "www", old: TestDriverGuests.uuid(0), new: TestDriverGuests.uuid(7),
      xml: "<domain/>",
      autostart: false, snapshots: SnapshotSet())
    let note = driver.scratch.state.unfinishedRenewal("www")
    try renewal.write(to: note)
    try await hypervisor.guest("www").withLock(to: "look at") { _ in }
    _ = try await hypervisor.list()
    #expect(FileTree.exists(file) && FileTree.exists(note) && driver.warnings.taken() == [])
    #expect(try await connection.domains().map(\.uuid).contains(TestDriverGuests.uuid(0)))
    let error = await #expect(throws: NestorError.self) { try await self.rename("www", "x") }
    #expect(error?.code == .busy && error?.hint?.contains(file) == true, "\(String(describing: error))")
  }

  @Test("keeps its old name from others until its files have left it")
  func nameKept() async throws {
    let file = try await cutOff()
    let lock = try FileLock.tryAcquire(driver.scratch.state.lock("guest", "www"))
    try #require(lock != nil)
    let plan = try driver.plan("web", "boot: {kernel: /k}\nagent: {enabled: false}")
    let error = await #expect(throws: NestorError.self) { try await self.hypervisor.create(plan) }
    #expect(error?.code == .busy && error?.cause == "another guest of that name is being renamed")
    withExtendedLifetime(lock) {}
    #expect(FileTree.exists(file))
    #expect(try await connection.domains().map(\.name).sorted() == ["db", "www"])
  }

  @Test("has its images kept while it is not known who needs one")
  func images() async throws {
    try driver.scratch.state.prepare()
    try await hypervisor.requireUnused("tiny")
    let note = driver.scratch.state.unfinishedRenewal("web")
    try FileTree.write(Array("{".utf8), to: note)
    let error = await #expect(throws: NestorError.self) { try await self.hypervisor.requireUnused("tiny") }
    #expect(error?.code == .busy && error?.cause?.contains(note) == true)
  }

  @Test("is told of once where what is left to do cannot be read, and stays as it is")
  func unreadable() async throws {
    let file = try await cutOff()
    try FileTree.write(Array("{".utf8), to: file)
    let guest = try await hypervisor.guest("www")
    let warnings = driver.warnings.taken()
    #expect(warnings.count == 1 && warnings.first?.contains("cannot be read") == true, "\(warnings)")
    try await guest.withLock(to: "look at") { _ in }
    #expect(driver.warnings.taken() == [] && FileTree.exists(file))
  }

  @Test("takes the file of its firmware's variables along, unless another guest has one of that name")
  func firmwareVariables() async throws {
    let folder = driver.scratch.folder
    let path = try driver.scratch.write("db_VARS.fd", "variables")
    let xml = TestDriverGuests.xml("db", uuid: TestDriverGuests.uuid(1)).replacing(
      "</os>", with: "<loader readonly='yes' type='pflash'>/x</loader><nvram>\(path)</nvram></os>")
    _ = try await connection.defineDomain(xml: xml)
    try driver.scratch.write("other_VARS.fd", "of another guest")
    let error = await #expect(throws: NestorError.self) { try await self.rename("db", "other") }
    #expect(error?.code == .exists && error?.cause?.hasPrefix("\(folder)/other_VARS.fd is there") == true)
    #expect(try FileTree.readText("\(folder)/other_VARS.fd") == "of another guest")
    try await rename("db", "sql")
    #expect(!FileTree.exists(path))
    #expect(try FileTree.readText("\(folder)/sql_VARS.fd") == "variables")
    #expect(try await connection.domain(named: "sql").xml().contains("\(folder)/sql_VARS.fd"))
    // Killed when both names were there, before and after libvirt knew the new one.
    try FileTree.link("\(folder)/sql_VARS.fd", to: "\(folder)/new_VARS.fd")
    try await rename("sql", "new")
    try FileTree.link("\(folder)/new_VARS.fd", to: "\(folder)/sql_VARS.fd")
    let file = driver.scratch.state.unfinishedRename(TestDriverGuests.uuid(1))
    for directory in [FileTree.parent(of: FileTree.parent(of: file)), FileTree.parent(of: file)] {
      try FileTree.makeDirectory(directory)
    }
    try UnfinishedRename(uri: try await connection.uri(), from: "sql", snapshots: SnapshotSet()).write(to: file)
    _ = try await hypervisor.guest("new")
    #expect(try FileTree.names(in: folder).filter { $0.contains("VARS") } == ["new_VARS.fd", "other_VARS.fd"])
  }

  @Test("leaves the file of the variables to a guest that has its old name by now")
  func takenVariables() async throws {
    let path = try driver.scratch.write("web_VARS.fd", "variables")
    _ = try await cutOff()
    for (name, uuid) in [("www", TestDriverGuests.uuid(0)), ("web", TestDriverGuests.uuid(5))] {
      let xml = TestDriverGuests.xml(name, uuid: uuid).replacing(
        "</os>", with: "<loader readonly='yes' type='pflash'>/x</loader><nvram>\(path)</nvram></os>")
      _ = try await connection.defineDomain(xml: xml)
    }
    _ = try await hypervisor.guest("www")
    #expect(driver.warnings.taken() == [] && FileTree.exists(path))
    #expect(try await connection.domain(named: "www").xml().contains(path))
    #expect(!FileTree.exists("\(driver.scratch.folder)/www_VARS.fd"))
  }
}
