import DomainXML
import Testing

@Suite("Problems of a definition")
struct ProblemsTests {
  @Test("are none for a sound one")
  func sound() throws {
    #expect(DomainDefinitionTests.tiny().problems() == [])
    #expect(DomainDefinitionTests.tiny().containerProblems() == [])
  }

  @Test("name what libvirt refuses")
  func refused() throws {
    var domain = DomainDefinitionTests.tiny()
    domain.name = "a/b\n"
    domain.title = "x\ny"
    domain.currentMemory = .gibibytes(9)
    domain.vcpus = 0
    domain.currentVCPUs = 2
    domain.cpu = CPUModel(topology: .init(sockets: .max, cores: .max))
    domain.devices.disks.append(domain.devices.disks[0])
    domain.devices.disks[0].ioThread = 1
    domain.devices.interfaces.append(domain.devices.interfaces[0])
    domain.devices.interfaces[0].source = .vhostUser(path: "/s", isServer: true)
    domain.devices.disks[0].bootOrder = 1
    domain.devices.interfaces[0].bootOrder = 1
    domain.os.bootDevices = [.disk]
    let paths = domain.problems().map(\.path)
    #expect(
      paths == [
        "domain/name", "domain/name", "domain/title", "domain/currentMemory", "domain/vcpu", "domain/vcpu/@current",
        "domain/cpu/topology", "domain/devices/disk/target/@dev", "domain/devices/interface/mac/@address",
        "domain/devices/disk/driver/@iothread", "domain/os/boot", "domain/devices", "domain/memoryBacking/access",
      ])
    domain.name = ""
    domain.memory = .bytes(0)
    #expect(domain.problems().prefix(2).map(\.path) == ["domain/name", "domain/title"])
    #expect(domain.problems().contains { $0.path == "domain/memory" })
  }

  @Test("in a container name macvtap with bridge as its cure, managed PCI devices and mounted huge pages")
  func container() throws {
    let full = try FullDefinitionTests.full()
    let problems = full.containerProblems()
    #expect(problems.map(\.path) == ["domain/devices/interface/@type"])
    let problem = try #require(problems.first)
    #expect(problem.remedy.contains("bridge"))
    #expect(problem.message.contains("eth0"))
    var other = full
    other.devices.interfaces.removeAll()
    other.devices.hostDevices[0].isManaged = true
    other.memoryBacking?.source = .file
    #expect(
      other.containerProblems().map(\.path) == [
        "domain/devices/hostdev/@managed", "domain/memoryBacking/hugepages",
      ])
  }

  @Test("features of the processor are taken away by name")
  func nested() {
    let names = CPUModel.nestedVirtualizationFeatures
    let cpu = CPUModel(mode: .hostPassthrough, features: [.init("svm")]).disabling(names)
    #expect(cpu.features == [.init("svm", policy: .disable), .init("vmx", policy: .disable)])
  }
}
