import Templates
import Testing

@Suite("A template's keys")
struct KeyTests {
  @Test("each reach the guest that they describe")
  func everyKey() throws {
    let text = """
      description: All of it
      boot:
        kernel: vmlinuz
        initramfs: ../initramfs.img
        cmdline: console=ttyS0
      firmware: uefi
      secureBoot: true
      machine: pc-q35-7.2
      accelerator: kvm
      cpus: 8
      cpu: {model: Skylake-Server, nested: true, topology: {sockets: 2, cores: 2, threads: 2}}
      memory: 2GiB
      memoryBacking: {source: memfd, shared: true, hugePages: 2MiB, locked: true}
      disks:
        - {size: 10GiB, bus: scsi, cache: none, discard: ignore, io: native, iothread: true, serial: 0017, bootOrder: 2}
        - {image: debian, size: 20GiB, bootOrder: 1}
        - {path: /srv/data.img, format: raw, readOnly: true, io: io_uring}
      networks:
        - network: lab
          mac: 52:54:00:AB:CD:EF
          vhost: true
          queues: 4
          mtu: 9000
          link: down
          address: 192.168.122.50
          portIsolation: true
          filter: clean-traffic
          bootOrder: 3
        - {bridge: br0, model: e1000e, vhost: false}
        - {vhostUser: run/ovs.sock}
      vsock: {enabled: true, cid: 4294967294}
      agent: {enabled: true, transport: serial}
      console: {log: false}
      channels: [org.example.port]
      guestAgent: true
      rng: false
      balloon: {enabled: false, statsPeriod: 0, freePageReporting: false}
      watchdog: {model: i6300esb, action: inject-nmi}
      onCrash: restart
      tpm: 2.0
      hostDevices:
        - {pci: "0000:01:00.0"}
        - {vhostScsi: naa.5001405c0ffee000}
      smbios: {oemStrings: ["a=b", c]}
      graphics: vnc
      autostart: true
      ready: {console: "login:", timeout: 60}
      labels: {tier: 1, example.org/owner: me, flag: true}
      xml:
        - {set: /domain/title, value: hello}
        - {add: /domain/devices, value: "<hub type='usb'/>", position: first}
        - remove: /domain/devices/video
      """
    let fixture = try TemplateFixture(["sub/it.yaml": text])
    let resolved = try fixture.load(fixture.scratch.path + "/sub/it.yaml")
    let guest = resolved.template
    let folder = fixture.scratch.path
    #expect(guest.description == "All of it")
    #expect(guest.boot.kernel == folder + "/sub/vmlinuz")
    #expect(guest.boot.initramfs == folder + "/sub/../initramfs.img")
    #expect(guest.boot.cmdline == "console=ttyS0")
    #expect(guest.firmware == .uefi)
    #expect(guest.secureBoot)
    #expect(guest.machine == "pc-q35-7.2")
    #expect(guest.accelerator == .kvm)
    #expect(guest.cpus == 8)
    #expect(guest.cpu.model == .named("Skylake-Server"))
    #expect(guest.cpu.nested)
    #expect(guest.cpu.topology?.sockets == 2)
    #expect(guest.cpu.topology?.cores == 2)
    #expect(guest.cpu.topology?.threads == 2)
    #expect(guest.memory == .gibibytes(2))
    #expect(guest.memoryBacking.source == .memfd)
    #expect(guest.memoryBacking.shared)
    #expect(guest.memoryBacking.hugePages == .size(.mebibytes(2)))
    #expect(guest.memoryBacking.locked)
    #expect(
      guest.disks.map(\.source) == [
        .empty(.gibibytes(10)), .image("debian", size: .gibibytes(20)), .path("/srv/data.img"),
      ])
    #expect(guest.disks.map(\.format) == [.qcow2, .qcow2, .raw])
    #expect(guest.disks.map(\.bus) == [.scsi, .virtio, .virtio])
    #expect(guest.disks.map(\.cache) == [.none, .default, .default])
    #expect(guest.disks.map(\.discard) == [.ignore, .unmap, .unmap])
    #expect(guest.disks.map(\.io) == [.native, .default, .ioUring])
    #expect(guest.disks.map(\.iothread) == [true, false, false])
    #expect(guest.disks.map(\.serial) == ["0017", nil, nil])
    #expect(guest.disks.map(\.readOnly) == [false, false, true])
    #expect(guest.disks.map(\.bootOrder) == [2, 1, nil])
    #expect(guest.disks.map(\.location.line) == [15, 16, 17])
    #expect(
      guest.networks.map(\.source) == [.network("lab"), .bridge("br0"), .vhostUser(folder + "/sub/run/ovs.sock")])
    #expect(guest.networks.map(\.mac) == ["52:54:00:ab:cd:ef", nil, nil])
    #expect(guest.networks.map(\.model) == [.virtio, .e1000e, .virtio])
    #expect(guest.networks.map(\.vhost) == [.on, .off, .auto])
    #expect(guest.networks.map(\.queues) == [4, nil, nil])
    #expect(guest.networks.map(\.mtu) == [9000, nil, nil])
    #expect(guest.networks.map(\.link) == [.down, .up, .up])
    #expect(guest.networks.map(\.address) == ["192.168.122.50", nil, nil])
    #expect(guest.networks.map(\.portIsolation) == [true, false, false])
    #expect(guest.networks.map(\.filter) == ["clean-traffic", nil, nil])
    #expect(guest.networks.map(\.bootOrder) == [3, nil, nil])
    #expect(guest.vsock.enabled == .on)
    #expect(guest.vsock.cid == 4_294_967_294)
    #expect(guest.agent.enabled == .on)
    #expect(guest.agent.transport == .serial)
    #expect(!guest.console.log)
    #expect(guest.channels == ["org.example.port"])
    #expect(guest.guestAgent)
    #expect(!guest.rng)
    #expect(!guest.balloon.enabled)
    #expect(guest.balloon.statsPeriod == 0)
    #expect(!guest.balloon.freePageReporting)
    #expect(guest.watchdog.model == .i6300esb)
    #expect(guest.onCrash == .restart)
    #expect(guest.watchdog.action == .injectNMI)
    #expect(guest.tpm == .version2)
    #expect(guest.hostDevices.map(\.source) == [.pci("0000:01:00.0"), .vhostSCSI("naa.5001405c0ffee000")])
    #expect(guest.smbios.oemStrings == ["a=b", "c"])
    #expect(guest.graphics == .vnc)
    #expect(guest.autostart)
    #expect(guest.ready.console == "login:")
    #expect(guest.ready.timeout == .seconds(60))
    #expect(guest.labels == ["tier": "1", "example.org/owner": "me", "flag": "true"])
    #expect(guest.xml.map(\.xpath) == ["/domain/title", "/domain/devices", "/domain/devices/video"])
    #expect(
      guest.xml.map(\.operation) == [
        .set(value: "hello"), .add(value: "<hub type='usb'/>", position: .first), .remove,
      ])
    #expect(guest.xml.map(\.location.line) == [50, 51, 52])
    #expect(guest.xml.map(\.location.column) == [11, 11, 13])
    #expect(resolved.location(of: "disks[1].size").line == 16)
    #expect(resolved.location(of: "disks[1].cache") == resolved.location(of: "disks[1]"))
    #expect(resolved.location(of: "nowhere.at.all") == SourceLocation(file: resolved.file))
  }

  @Test("have an error at the key or value that is wrong", arguments: KeyTests.mistakes)
  func isLocated(text: String, expected: String) throws {
    #expect(try TemplateFixture.problems(text) == [expected])
  }

  static let mistakes: [(String, String)] = [
    ("memroy: 1GiB\n", "it.yaml:1:1: Unknown key 'memroy' in the template (did you mean 'memory'?)"),
    ("cpu:\n  modle: auto\n", "it.yaml:2:3: Unknown key 'modle' in cpu (did you mean 'model'?)"),
    ("disks:\n  - size: 1GiB\n    cahce: none\n", "it.yaml:3:5: Unknown key 'cahce' in a disk (did you mean 'cache'?)"),
    ("console: {zzzzzz: 1}\n", "it.yaml:1:11: Unknown key 'zzzzzz' in console (known are: log)"),
    ("cpus: two\n", "it.yaml:1:7: Expected an integer from 1 to 1024, found the text 'two'"),
    ("cpus: \"2\"\n", "it.yaml:1:7: Expected an integer from 1 to 1024, found the text '2' (leave the quotes out)"),
    ("cpus: 2.5\n", "it.yaml:1:7: Expected an integer from 1 to 1024, found the number '2.5'"),
    ("cpus: true\n", "it.yaml:1:7: Expected an integer from 1 to 1024, found the boolean true"),
    ("cpus: [1]\n", "it.yaml:1:7: Expected an integer from 1 to 1024, found a list"),
    ("cpus: 0\n", "it.yaml:1:7: The number '0' is too small (the least is 1)"),
    ("cpus: -1\n", "it.yaml:1:7: The number '-1' is too small (the least is 1)"),
    ("cpus: 1025\n", "it.yaml:1:7: The number '1025' is too large (the most is 1024)"),
    (
      "cpus: 99999999999999999999999999\n",
      "it.yaml:1:7: The number '99999999999999999999999999' is too large (the most is 1024)"
    ),
    (
      "cpus: -99999999999999999999999999\n",
      "it.yaml:1:7: The number '-99999999999999999999999999' is too small (the least is 1)"
    ),
    ("memory: 512\n", "it.yaml:1:9: Expected a size: the size '512' has no unit (write 512MiB or 512GiB)"),
    ("memory: 1GIB\n", "it.yaml:1:9: Expected a size: the size '1GIB' has an unknown unit 'GIB' (did you mean 'GiB'?)"),
    ("memory: 1B\n", "it.yaml:1:9: The size 1B is too small (the least is 1MiB)"),
    ("memory: 15EiB\n", "it.yaml:1:9: The size 15EiB is too large (the most is 64TiB)"),
    (
      "memory: 99999999999999999999GiB\n",
      "it.yaml:1:9: Expected a size: the size '99999999999999999999GiB' is too large (the largest size is below 16EiB)"
    ),
    ("memory: {a: 1}\n", "it.yaml:1:9: Expected a size such as 512MiB, found a map"),
    ("rng: yes\n", "it.yaml:1:6: Expected true or false, found the text 'yes' (write true)"),
    ("rng: off\n", "it.yaml:1:6: Expected true or false, found the text 'off' (write false)"),
    ("firmware: uefy\n", "it.yaml:1:11: Expected one of bios, uefi, found the text 'uefy' (did you mean 'uefi'?)"),
    ("vsock: {enabled: maybe}\n", "it.yaml:1:18: Expected true or false or 'auto', found the text 'maybe'"),
    ("vsock: {cid: 2}\n", "it.yaml:1:14: The number '2' is too small (the least is 3)"),
    ("vsock: {cid: 4294967295}\n", "it.yaml:1:14: The number '4294967295' is too large (the most is 4294967294)"),
    ("vsock: {enabled: false, cid: 7}\n", "it.yaml:1:25: A guest without vsock cannot have a cid (leave one out)"),
    ("agent: {enabled: yes}\n", "it.yaml:1:18: Expected true or false or 'auto', found the text 'yes'"),
    (
      "agent: {transport: usb}\n",
      "it.yaml:1:20: Expected one of auto, vsock, serial, found the text 'usb'"
    ),
    (
      "agent: {enabled: false, transport: serial}\n",
      "it.yaml:1:25: A guest without the agent has no transport for it (leave one out)"
    ),
    (
      "agent: {transport: vsock}\nvsock: {enabled: false}\n",
      "it.yaml:1:1: The agent cannot be reached by vsock, since the guest has none "
        + "(write 'transport: serial', or leave 'vsock: {enabled: false}' out)"
    ),
    ("disks: {size: 1GiB}\n", "it.yaml:1:8: Expected a list, found a map"),
    ("disks: [1]\n", "it.yaml:1:9: Expected a map of a disk, found the integer '1'"),
    ("disks: [~]\n", "it.yaml:1:9: Expected a map, found nothing"),
    (
      "channels:\n-\n",
      "it.yaml:2:2: Expected a port's name: 1 to 63 letters, digits, '.', '_' or '-', the first a letter or digit, found nothing"
    ),
    (
      "networks:\n  - direct: eth0\n",
      "it.yaml:2:5: 'direct' cards (macvtap) do not work in an unprivileged container "
        + "(use 'bridge' with a bridge of the container, or 'network')"
    ),
    (
      "networks:\n  - {macvtap: eth0}\n",
      "it.yaml:2:6: 'macvtap' cards (macvtap) do not work in an unprivileged container "
        + "(use 'bridge' with a bridge of the container, or 'network')"
    ),
    (
      "networks:\n  - {mac: \"52:54:00:12:34:56\"}\n",
      "it.yaml:2:5: A network card needs 'network', 'bridge' or 'vhostUser' (usual is network: default)"
    ),
    (
      "networks:\n  - network: default\n    bridge: br0\n",
      "it.yaml:3:5: A network card has one of 'network', 'bridge' and 'vhostUser', not both 'network' and 'bridge' "
        + "(leave one of them out, or make two cards)"
    ),
    (
      "networks:\n  - network: default\n    mac: 53:54:00:12:34:56\n",
      "it.yaml:3:10: Expected a MAC address of one card such as 52:54:00:12:34:56: '53:54:00:12:34:56' is not a MAC "
        + "address of one card such as 52:54:00:12:34:56"
    ),
    (
      "networks:\n  - {vhostUser: /run/a.sock}\n",
      "it.yaml:2:5: A vhost-user card needs shared memory (add 'memoryBacking: {source: memfd, shared: true}')"
    ),
    (
      "networks:\n  - {bridge: br0, address: 10.0.0.1}\n",
      "it.yaml:2:19: 'address' needs 'network', whose DHCP server keeps the address "
        + "(leave it out; on a bridge the guest or another server decides)"
    ),
    (
      "networks:\n  - {network: default, model: e1000e, queues: 2}\n",
      "it.yaml:2:39: 'queues' needs a virtio card (write 'model: virtio')"
    ),
    (
      "networks:\n  - network: default\n    bandwidth:\n      inbound: {peak: 1MiB}\n",
      "it.yaml:4:16: A rate needs 'average' (average: 1MiB is a MiB a second)"
    ),
    (
      "networks:\n  - network: default\n    bandwidth:\n      outbound: {average: 2MiB, peak: 1MiB}\n",
      "it.yaml:4:33: 'peak' is lower than 'average' (leave it out, or make it higher)"
    ),
    (
      "networks:\n  - {network: default, queues: many}\n",
      "it.yaml:2:32: Expected an integer from 1 to 256 or 'auto', found the text 'many'"
    ),
    (
      "hotplugSlots: 17\n", "it.yaml:1:15: The number '17' is too large (the most is 16)"
    ),
    (
      "disks:\n  - {path: a.img, size: 1GiB}\n",
      "it.yaml:2:19: A disk with 'path' is an existing file and cannot have 'size' (leave one of them out)"
    ),
    (
      "disks:\n  - bus: scsi\n",
      "it.yaml:2:5: A disk needs 'size', 'image' or 'path' (size: 10GiB makes an empty disk, path: FILE takes an "
        + "existing one)"
    ),
    (
      "disks:\n  - {size: 1GiB, io: native}\n",
      "it.yaml:2:18: 'io: native' needs 'cache: none' or 'cache: directsync' (add 'cache: none')"
    ),
    (
      "disks:\n  - {path: ~/a.img}\n", "it.yaml:2:12: A '~' is not expanded in '~/a.img' (write the path from '/')"
    ),
    ("secureBoot: true\n", "it.yaml:1:1: Secure Boot needs UEFI (write 'firmware: uefi')"),
    (
      "cpus: 4\ncpu: {topology: {cores: 3}}\n",
      "it.yaml:2:1: The topology has 3 CPUs, but 'cpus' is 4 (sockets times cores times threads is 'cpus')"
    ),
    ("boot: {initramfs: a}\n", "it.yaml:1:8: An initramfs needs a kernel (add 'kernel')"),
    ("boot: {cmdline: a}\n", "it.yaml:1:1: A command line needs 'boot.kernel' or 'image' (add 'kernel')"),
    (
      "image: tiny\nboot: {kernel: a}\n",
      "it.yaml:1:1: 'image' and 'boot.kernel' exclude each other (write 'image: null' to drop an inherited image)"
    ),
    (
      "memoryBacking: {hugePages: true}\n",
      "it.yaml:1:17: Huge pages need memory from a memfd: an unprivileged container cannot mount hugetlbfs "
        + "(add 'source: memfd')"
    ),
    (
      "memoryBacking: {source: memfd, hugePages: 3MiB}\n",
      "it.yaml:1:32: A page's size is a power of two, not 3MiB (usual are 2MiB and 1GiB)"
    ),
    (
      "memoryBacking: {source: memfd, hugePages: 3}\n",
      "it.yaml:1:43: Expected true or false or a size such as 512MiB, found the integer '3'"
    ),
    (
      "disks:\n  - {size: 1GiB, serial: a}\n  - {size: 1GiB, serial: a}\n",
      "it.yaml:3:5: The serial number 'a' stands twice (it stands first at it.yaml:2:5)"
    ),
    (
      "disks: [{size: 1GiB, bootOrder: 1}]\nnetworks: [{network: default, bootOrder: 1}]\n",
      "it.yaml:2:12: The boot order '1' stands twice (it stands first at it.yaml:1:9)"
    ),
    (
      "channels: [org.qemu.guest_agent.0]\n",
      "it.yaml:1:12: Expected a port's name: 1 to 63 letters, digits, '.', '_' or '-', the first a letter or digit: "
        + "the agent's port comes with 'guestAgent: true'"
    ),
    ("labels: {a: [1]}\n", "it.yaml:1:13: Expected a text, found a list"),
    (
      "labels: {\"a b\": c}\n",
      "it.yaml:1:10: The key 'a b' is not a label's name: 1 to 63 letters, digits, '.', '_', '-' or '/', the first a letter or digit"
    ),
    ("xml: [{value: a}]\n", "it.yaml:1:7: An XML patch needs 'set', 'add' or 'remove'"),
    ("xml: [{set: /a}]\n", "it.yaml:1:7: 'set' needs a value (add 'value')"),
    ("xml: [{remove: /a, value: b}]\n", "it.yaml:1:20: 'remove' takes no value"),
    (
      "xml: [{set: /a, add: /b, value: c}]\n",
      "it.yaml:1:17: An XML patch has one of 'set', 'add' and 'remove' (make an entry of its own for each)"
    ),
    ("xml: [{remove: /a, position: last}]\n", "it.yaml:1:20: 'position' belongs to 'add'"),
    (
      "xml: [{remove: a}]\n",
      "it.yaml:1:16: Expected an XPath that begins with '/': 'a' is not an XPath that begins with '/'"
    ),
    ("hostDevices: [{}]\n", "it.yaml:1:15: A host device needs 'pci' or 'vhostScsi'"),
    (
      "name: a\n",
      "it.yaml:1:1: A template has no 'name': the file's name is its name (leave it out; the guest is named when it is made)"
    ),
    ("description: \"a\\nb\"\n", "it.yaml:1:14: The text 'a?b' may not have several lines"),
    ("description: [a]\n", "it.yaml:1:14: Expected a text, found a list"),
  ]

  @Test(
    "null puts the default back, wherever it stands",
    arguments: [
      "cpus: null\n", "cpu: ~\n", "disks:\n", "vsock: {cid: null}\n", "labels: {a: null}\n", "image: Null\n",
    ])
  func nullIsTheDefault(text: String) throws {
    #expect(try TemplateFixture.load(text).template == GuestTemplate())
  }

  @Test("all mistakes of a file are told in one run, in the order of their places")
  func allAtOnce() throws {
    let problems = try TemplateFixture.problems("memory: 5\ncpu: {modle: a, nested: 3}\nxml: [{}]\ncpus: x\n")
    #expect(problems.count == 5)
    #expect(
      problems.map { $0.prefix(12) } == [
        "it.yaml:1:9:", "it.yaml:2:7:", "it.yaml:2:25", "it.yaml:3:7:", "it.yaml:4:7:",
      ])
  }

  @Test("very many mistakes are cut off at a hundred")
  func manyMistakes() throws {
    let problems = try TemplateFixture.problems((0..<9000).map { "k\($0): 1\n" }.joined())
    #expect(problems.count == TemplateErrors.maximumCount)
    #expect(problems.last?.hasPrefix("it.yaml:100:1: Unknown key 'k99'") == true)
  }

  @Test("a long list of entries with choices is read in good time")
  func longList() throws {
    let entry = "  - {network: default, vhost: auto}\n"
    let template = try TemplateFixture.load("networks:\n" + String(repeating: entry, count: 1024)).template
    #expect(template.networks.count == 1024)
    let problems = try TemplateFixture.problems("networks:\n" + String(repeating: entry, count: 1025))
    #expect(problems == ["it.yaml:2:3: The list has 1025 entries; at most 1024 are read"])
  }
}
