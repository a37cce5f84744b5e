import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Settings and devices of a guest that become others while it runs and while it is off.
  @Suite("Changing guests")
  struct ChangeTests {
    @Test("What a running guest can take it gets at once, and the rest at its next start, as the command says")
    func settings() async throws {
      try await Lab.with("set") { lab in
        try await lab.succeed("run", try lab.plainTemplate(), "a", "--wait")
        func set(_ arguments: String...) async throws -> [SettingRow] {
          let result = try await lab.nestor(["set", "a"] + arguments + ["--format", "json"])
          try #require(result.status == 0, "\(result)")
          return try result.json([SettingRow].self)
        }
        #expect(
          try await set("--cpus", "2", "--memory", "160MiB") == [
            SettingRow(setting: "cpus", value: "2", effect: "at the next start"),
            SettingRow(setting: "memory", value: "160MiB", effect: "at the next start"),
          ])
        #expect(
          try await set("--memory", "88MiB", "--autostart", "yes", "--description", "one & <two>") == [
            SettingRow(setting: "memory", value: "88MiB", effect: "now"),
            SettingRow(setting: "autostart", value: "yes", effect: "now"),
            SettingRow(setting: "description", value: "one & <two>", effect: "now"),
          ])
        // The balloon grows in the guest until only so much is left.
        try await lab.until("the guest gave memory back") {
          try await lab.virsh("dommemstat", "a").contains("actual 90112\n")
        }
        #expect(try await lab.virsh("desc", "a").trimmingCharacters(in: .newlines) == "one & <two>")
        #expect(try await lab.virsh("dominfo", "a").contains("enable"))
        try await lab.succeed("stop", "--force", "a")
        #expect(try await set("--memory", "128MiB") == [SettingRow(setting: "memory", value: "128MiB", effect: "now")])
        try await lab.succeed("start", "a")
        #expect(try await lab.virsh("vcpucount", "a", "--live") == "2\n")
        // Of two CPUs that it was started with, one cannot be taken away.
        #expect(try await set("--cpus", "1") == [SettingRow(setting: "cpus", value: "1", effect: "at the next start")])
        #expect(try await set("--autostart", "no", "--description", "").map(\.effect) == ["now", "now"])
        for (arguments, part) in [
          (["--cpus", "0"], "0 CPUs are not from 1"), (["--memory", "512"], "--memory takes a size"),
          (["--memory", "1KiB"], "not from 1MiB"), ([], "Name what to change"),
          (["--description", "a\nb"], "one line"),
        ] {
          let result = try await lab.nestor(["set", "a"] + arguments)
          #expect(result.status != 0 && result.errors.contains(part), "\(result)")
        }
        try await lab.succeed("delete", "--force", "a")
        try await lab.expectNothingLeft()
      }
    }

    @Test(
      "The XML is edited: mistakes come back to the editor, other people's changes are not lost, and the rest holds")
    func editing() async throws {
      try await Lab.with("edit") { lab in
        try await lab.succeed("create", try lab.plainTemplate(), "a")
        func edit(_ script: String, answers: String = "") async throws -> ProgramResult {
          let path = "\(lab.folder)/editor"
          try "#!/bin/sh\necho run >>\(lab.folder)/runs\n\(script)\n".write(
            toFile: path, atomically: true, encoding: .utf8)
          chmod(path, 0o755)
          try "".write(toFile: "\(lab.folder)/runs", atomically: true, encoding: .utf8)
          return try await lab.shell("printf '\(answers)' | TMPDIR=\(lab.folder) EDITOR=\(path) nestor edit a")
        }
        func runs() throws -> Int {
          try String(contentsOfFile: "\(lab.folder)/runs", encoding: .utf8).split(separator: "\n").count
        }
        func kept() throws -> [String] {
          try FileManager.default.contentsOfDirectory(atPath: lab.folder).filter { $0.hasPrefix("nestor-") }
        }
        let nothing = try await edit("true")
        #expect(nothing.status == 0 && nothing.errors.contains("nothing was changed"), "\(nothing)")
        #expect(try kept() == [])

        // Started with one CPU of at most two.
        let vcpu = "s|<vcpu placement=.static.>1<|<vcpu placement=\"static\" current=\"1\">2<|"
        let done = try await edit("sed -i '\(vcpu)' \"$1\"")
        #expect(done.status == 0 && done.output == "a\n", "\(done)")
        #expect(try await lab.virsh("vcpucount", "a", "--config", "--maximum") == "2\n")
        #expect(try kept() == [])

        // The second time the editor finds what was written, and mends it.
        let mended = try await edit(
          "if grep -q vcppu \"$1\"; then sed -i 's/vcppu/vcpu/g; s/current=.1./current=\"2\"/' \"$1\"; "
            + "else sed -i 's/vcpu/vcppu/g' \"$1\"; fi", answers: "\\n")
        #expect(mended.status == 0 && mended.errors.contains("schema domain.rng"), "\(mended)")
        #expect(try runs() == 2)
        #expect(try await lab.virsh("vcpucount", "a", "--config", "--current") == "2\n")

        for (script, part) in [
          ("sed -i 's/vcpu/vcppu/g' \"$1\"", "schema domain.rng"),
          ("echo '<domain' >\"$1\"", "cannot edit guest 'a': "),
          ("sed -i 's|<name>a<|<name>b<|' \"$1\"", "name and UUID have to stay"), ("exit 3", "it ended with 3"),
        ] {
          let result = try await edit(script)
          #expect(result.status != 0 && result.errors.contains(part), "\(result)")
          let files = try kept()
          #expect(files.count == 1 && result.errors.contains(files.first ?? "?"), "what was written is kept: \(files)")
          for file in files { try FileManager.default.removeItem(atPath: "\(lab.folder)/\(file)") }
        }
        // Somebody else changes the guest while the editor is open.
        let late = try await edit(
          "nestor set a --description theirs >/dev/null; sed -i 's|>2</vcpu>|>3</vcpu>|' \"$1\"")
        #expect(late.status != 0 && late.errors.contains("somebody else changed it meanwhile"), "\(late)")
        #expect(try await lab.virsh("vcpucount", "a", "--config", "--current") == "2\n")

        // A CPU that the guest was started for comes at once.
        _ = try await edit("sed -i 's|<vcpu placement=.static.>2<|<vcpu placement=\"static\" current=\"1\">2<|' \"$1\"")
        try await lab.succeed("start", "a")
        try await lab.succeed("wait", "a", "--for", "ready", "--timeout", "240")
        let rows = try await lab.succeed("set", "a", "--cpus", "2", "--format", "json").json([SettingRow].self)
        #expect(rows == [SettingRow(setting: "cpus", value: "2", effect: "now")])
        try await lab.until("the second CPU in the guest") {
          try await lab.succeed("exec", "a", "--", "ls", "/sys/devices/system/cpu").output.contains("cpu1\n")
        }
        try await lab.succeed("delete", "--force", "a")
        try await lab.expectNothingLeft()
      }
    }

    @Test("Network cards come and go while the guest runs, stay over its next start, and can be unplugged")
    func cards() async throws {
      try await Lab.with("nic") { lab in
        try await lab.succeed("network", "create", "lab", "--subnet", "10.83.1.0/24", "--mtu", "1400")
        try await lab.succeed("run", try lab.plainTemplate(), "a", "--wait")
        var macs: [String] = []
        for _ in 1...4 {
          macs.append(try await lab.succeed("nic", "add", "a", "lab").output.trimmingCharacters(in: .newlines))
        }
        #expect(Set(macs).count == 4)
        try await lab.until("four cards in the guest") {
          try await lab.succeed("exec", "a", "--", "ls", "/sys/class/net").lines.count == 5
        }
        let mtu = try await lab.succeed("exec", "a", "--", "sh", "-c", "cat /sys/class/net/eth?/mtu")
        #expect(mtu.lines == ["1400", "1400", "1400", "1400"])
        let info = try await lab.succeed("network", "info", "lab", "--format", "json").json(NetworkDetails.self)
        #expect(info.reservations.compactMap(\.name) == ["a"], "a name has one address")
        #expect(Set(info.reservations.compactMap(\.mac)) == Set(macs))

        // By its place in the list, and by its address.
        #expect(try await lab.succeed("nic", "remove", "a", "0").output == macs[0] + "\n")
        #expect(try await lab.succeed("nic", "remove", "a", macs[2].uppercased()).output == macs[2] + "\n")
        try await lab.until("two cards in the guest") {
          try await lab.succeed("exec", "a", "--", "ls", "/sys/class/net").lines.count == 3
        }
        let rows = try await lab.succeed("nic", "list", "a", "--format", "json").json([NICRow].self)
        #expect(rows.map(\.mac) == [macs[1], macs[3]] && rows.map(\.source) == ["network lab", "network lab"])

        let name = try await lab.succeed(
          "exec", "a", "--", "sh", "-c", "cd /sys/class/net; grep -l \(macs[1]) */address"
        ).output
        let nic = name.prefix { $0 != "/" }
        try await lab.succeed("exec", "a", "--", "ip", "link", "set", String(nic), "up")
        for (state, carrier) in [("down", "0"), ("up", "1")] {
          try await lab.succeed("nic", "link", "a", macs[1], state)
          try await lab.until("carrier \(carrier)") {
            try await lab.succeed("exec", "a", "--", "cat", "/sys/class/net/\(nic)/carrier").output == carrier + "\n"
          }
        }
        try await lab.succeed("nic", "link", "a", "1", "down")
        try await lab.succeed("stop", "--force", "a")
        try await lab.succeed("start", "a")
        let later = try await lab.succeed("nic", "list", "a", "--format", "json").json([NICRow].self)
        #expect(later.map(\.mac) == [macs[1], macs[3]] && later.map(\.isLinkUp) == [true, false])
        for (arguments, part) in [
          (["add", "a", "none"], "there is no network 'none'"),
          (["add", "a", "lab", "--mac", "53:54:00:00:00:01"], "--mac: Expected a MAC address"),
          (["add", "a", "lab", "--mac", macs[1]], "it has one with the address"),
          (["add", "a", "lab", "--address", "10.83.2.5"], "its addresses are those of 10.83.1.0/24"),
          (["add", "a", "lab", "--address", "10.83.1.1"], "it is the address of its bridge"),
          (["remove", "a", "7"], "has no NIC '7'"),
          (["add", "a"], "either a network or --bridge"),
          (["add", "a", "lab", "-o", "mtu=1"], "-o mtu: The number '1' is too small"),
          (["add", "a", "-o", "vhostUser=/run/none"], "is in the guest's template"),
        ] {
          let result = try await lab.nestor(["nic"] + arguments)
          #expect(result.status != 0 && result.errors.contains(part), "\(result)")
        }
        // Somebody else takes the guest away, and leaves its files and addresses.
        try await lab.virsh("destroy", "a")
        try await lab.virsh("undefine", "a")
        try await leftAddresses(lab, macs: [macs[1], macs[3]])
        try await lab.succeed("network", "delete", "lab")
        try await lab.expectNothingLeft()
      }
    }

    /// What networks keep for a guest that virsh undefined is in no other guest's way, and goes with gc.
    private func leftAddresses(_ lab: Lab, macs: [String]) async throws {
      let foreign =
        "<network><name>foreign</name><ip address='10.83.9.1' prefix='24'><dhcp>"
        + "<range start='10.83.9.2' end='10.83.9.9'/><host mac='52:54:0a:0b:0c:0d' ip='10.83.9.5'/></dhcp></ip></network>"
      try foreign.write(toFile: "\(lab.folder)/foreign.xml", atomically: true, encoding: .utf8)
      try await lab.virsh("net-define", "\(lab.folder)/foreign.xml")
      let kept = { (network: String) in
        try await lab.succeed("network", "info", network, "--format", "json").json(NetworkDetails.self).reservations
      }
      let old = try await kept("lab")
      #expect(old.compactMap(\.mac).sorted() == macs.sorted())
      let (taken, mac) = (try #require(old.first).address, try #require(old.first?.mac))
      // What the network does now and what it starts with next need not be the same.
      try await lab.virsh(
        "net-update", "lab", "delete", "ip-dhcp-host", "<host mac='\(mac)' ip='\(taken)'/>", "--live")
      let template = "\(lab.folder)/same.yaml"
      var known = Set(macs)
      // With the address that the first had, and then under the name of the second.
      for address in [taken, "null"] {
        try "extends: tiny\nnetworks: [{network: lab, address: \(address)}, {network: foreign}]\n".write(
          toFile: template, atomically: true, encoding: .utf8)
        try await lab.succeed("create", template, "a")
        let new = try #require(try await kept("lab").first { $0.name == "a" })
        #expect(known.insert(new.mac ?? "").inserted && (new.address == taken || address == "null"), "\(new)")
        try await lab.virsh("undefine", "a")
      }
      let left = try await lab.succeed("gc", "--format", "json").json([Leftover].self)
      let reserved = try await kept("lab").compactMap(\.mac).map { "lab/\($0)" }
      let onForeign = try await kept("foreign").compactMap(\.mac).filter { $0 != "52:54:0a:0b:0c:0d" }
      #expect(
        left.filter { $0.kind == "reservation" }.map(\.name).sorted()
          == (reserved + onForeign.map { "foreign/\($0)" }).sorted(), "\(left)")
      // One of the first guest's, and those of the last; the others had to make room.
      #expect(reserved.count == 2 && onForeign.count == 1, "\(left)")
      try await lab.succeed("gc", "--yes")
      #expect(try await kept("lab").isEmpty)
      #expect(try await kept("foreign").map(\.mac) == ["52:54:0a:0b:0c:0d"], "what others keep stays")
      try await lab.virsh("net-undefine", "foreign")
    }

    /// A file that was kept, or that a snapshot holds, is nobody else's.
    private func files(_ lab: Lab, _ uuid: String) async throws {
      let folder = "\(lab.state)/guests/\(uuid)"
      // libvirt has attached a disk before the guest's system has found it.
      let add = { (options: String...) in
        let result = try await lab.nestor(["disk", "add", "a"] + options)
        try #require(result.status == 0, "\(result)")
        try await lab.succeed("wait", "a", "--for", "command:test -b /dev/vdb")
      }
      try await add("--size", "8MiB")
      try await lab.succeed("exec", "a", "--", "sh", "-c", "echo mine >/dev/vdb; sync")
      try await lab.succeed("disk", "remove", "a", "vdb", "--keep-file")
      try await add("--size", "8MiB")
      #expect(try await lab.succeed("exec", "a", "--", "head", "-c", "4", "/dev/vdb").output == "\0\0\0\0")
      try await lab.succeed("disk", "remove", "a", "vdb")
      // QEMU does not take it; a file of the user's own stays, also in this folder.
      try "no disk".write(toFile: "\(folder)/bad.qcow2", atomically: true, encoding: .utf8)
      let bad = try await lab.nestor("disk", "add", "a", "--path", "\(folder)/bad.qcow2")
      #expect(bad.status != 0 && FileManager.default.fileExists(atPath: "\(folder)/bad.qcow2"), "\(bad)")
      try await add("--path", "\(folder)/disk-vdb.qcow2")
      #expect(try await lab.succeed("exec", "a", "--", "head", "-n", "1", "/dev/vdb").output == "mine\n")
      try await lab.succeed("disk", "remove", "a", "vdb")

      try await lab.succeed("snapshot", "create", "a", "before")
      try await add("--size", "8MiB")
      try await lab.succeed("exec", "a", "--", "sh", "-c", "echo held >/dev/vdb; sync")
      try await lab.succeed("snapshot", "create", "a", "with")
      // A copy has no use for the older one, which the new disk does not hold.
      let uncloned = try await lab.nestor("clone", "--full", "a", "b", "--from", "with")
      #expect(uncloned.status == 0, "\(uncloned)")
      try await lab.succeed("clone", "a", "c")
      #expect(try await lab.succeed("exec", "c", "--", "head", "-n", "1", "/dev/vdb").output == "held\n")
      try await lab.succeed("delete", "--force", "b", "c")
      try await lab.succeed("snapshot", "revert", "a", "before")
      try await add("--size", "8MiB")
      let added = {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("disk-") }.sorted()
      }
      #expect(try added() == ["disk-vdb-2.qcow2", "disk-vdb.qcow2"])
      try await lab.succeed("snapshot", "revert", "a", "with")
      #expect(try await lab.succeed("exec", "a", "--", "head", "-n", "1", "/dev/vdb").output == "held\n")
      #expect(try added() == ["disk-vdb.qcow2"], "what was added in the time that is given up is gone")
      try await lab.succeed("snapshot", "revert", "a", "before")
      #expect(try added() == ["disk-vdb.qcow2"], "a snapshot has it")
      let running = try await lab.nestor("snapshot", "delete", "a", "with")
      #expect(running.status == 75 && running.errors.contains("only be deleted while the guest is off"), "\(running)")
      try await lab.succeed("snapshot", "revert", "a", "with")
      try await lab.succeed("snapshot", "delete", "a", "with")
      #expect(try added() == ["disk-vdb.qcow2"], "the guest has it")
      let link = "\(lab.folder)/link"
      let linked = try await lab.shell("ln -s \(lab.state) \(link); NESTOR_STATE_DIR=\(link) nestor gc; rm \(link)")
      #expect(linked.status == 0 && !linked.output.contains("disk-vdb"), "by another path it is the same: \(linked)")
      try await lab.succeed("snapshot", "revert", "a", "before")
      #expect(try added().isEmpty, "nothing has it any more")
      try await lab.succeed("snapshot", "delete", "a", "before")
    }

    /// What lies under a disk is needed, and so is what its user keeps; gc finds what a nestor that is killed leaves.
    private func unused(_ lab: Lab, _ uuid: String) async throws {
      let folder = "\(lab.state)/guests/\(uuid)"
      try await lab.succeed("stop", "--force", "a")
      // Only the file itself says what it lies on.
      let (base, over) = ("\(folder)/disk-vdb.qcow2", "\(folder)/over.qcow2")
      let made = try await lab.shell(
        "qemu-img create -q -f qcow2 \(base) 8M && qemu-img create -q -f qcow2 -b ./disk-vdb.qcow2 -F qcow2 \(over)")
      try #require(made.status == 0, "\(made)")
      try await lab.succeed("disk", "add", "a", "--path", over)
      #expect(try await lab.succeed("gc").output == "KIND  NAME\n")
      try await lab.succeed("disk", "remove", "a", "vdb")
      for name in ["disk-vdc.raw", "disk-vdc.raw.kept", "disk-mine.raw"] {
        try Data().write(to: URL(filePath: "\(folder)/\(name)"))
      }
      let left = Leftover(kind: "disk", name: base)
      #expect(try await lab.succeed("gc", "--format", "json").json([Leftover].self) == [left])
      try await lab.succeed("gc", "--yes")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("disk-") }
      #expect(names.sorted() == ["disk-mine.raw", "disk-vdc.raw", "disk-vdc.raw.kept"])
    }

    @Test("Disks come and go while the guest runs, keep what is on them, and their files go with them")
    func disks() async throws {
      try await Lab.with("disk") { lab in
        let cd = "\(lab.folder)/cd.iso"
        try Data(repeating: 0x43, count: 1 << 20).write(to: URL(fileURLWithPath: cd))
        let drive =
          "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>"
        let template = try lab.plainTemplate("drive", "xml: [{add: /domain/devices, value: \"\(drive)\"}]")
        try await lab.succeed("run", template, "a", "--wait")
        let uuid = try await lab.uuid("a")
        #expect(try await lab.succeed("disk", "add", "a", "--size", "8MiB", "--serial", "data").output == "vdb\n")
        try await lab.until("the disk in the guest") {
          try await lab.succeed("exec", "a", "--", "ls", "/sys/block").output.contains("vdb")
        }
        #expect(
          try await lab.succeed("exec", "a", "--", "cat", "/sys/block/vdb/size", "/sys/block/vdb/serial").output
            == "16384\ndata")
        try await lab.succeed("exec", "a", "--", "sh", "-c", "echo kept >/dev/vdb; sync")
        try await lab.succeed("stop", "--force", "a")
        let rows = try await lab.succeed("disk", "list", "a", "--format", "json").json([DiskRow].self)
        #expect(rows.map(\.target) == ["vda", "vdb", "sda"] && rows.map(\.purpose) == ["snapshots", nil, nil])
        #expect(rows[1].size == 8 << 20 && rows[1].source == "\(lab.state)/guests/\(uuid)/disk-vdb.qcow2")
        try await lab.succeed("start", "a")
        try await lab.succeed("wait", "a", "--for", "ready", "--timeout", "240")
        #expect(try await lab.succeed("exec", "a", "--", "head", "-n", "1", "/dev/vdb").output == "kept\n")

        try await lab.succeed("snapshot", "create", "a", "one")
        let held = try await lab.nestor("disk", "remove", "a", "vdb")
        #expect(held.status != 0 && held.errors.contains("snapshots, which hold the disk"), "\(held)")
        // libvirt deletes none of a running guest whose drives hold something else.
        try await lab.virsh("change-media", "a", "sda", cd, "--update", "--live")
        let changed = try await lab.nestor("snapshot", "delete", "a", "one")
        #expect(changed.status == 75 && changed.errors.contains("drive sda holds another medium"), "\(changed)")
        #expect(changed.errors.contains("virsh change-media a sda --eject"), "\(changed)")
        try await lab.virsh("change-media", "a", "sda", "--eject", "--live")
        try await lab.succeed("snapshot", "delete", "a", "one")
        try await lab.succeed("disk", "remove", "a", "vdb")
        #expect(try await !lab.succeed("exec", "a", "--", "ls", "/sys/block").output.contains("vdb"))
        #expect(try !lab.files().contains { $0.hasSuffix("disk-vdb.qcow2") })
        #expect(try await !lab.virsh("dumpxml", "--inactive", "a").contains("vdb"))

        try await files(lab, uuid)
        let own = "\(lab.folder)/own.img"
        try Data(repeating: 0x41, count: 1 << 20).write(to: URL(fileURLWithPath: own))
        #expect(
          try await lab.succeed(
            "disk", "add", "a", "--path", own, "--format", "raw", "--read-only", "-o", "discard=ignore"
          ).output == "vdb\n")
        #expect(try await lab.virsh("dumpxml", "a").contains("type='raw' discard='ignore'/>"))
        try await lab.until("the file in the guest") {
          try await lab.nestor("exec", "a", "--", "head", "-c", "4", "/dev/vdb").output == "AAAA"
        }
        for (arguments, part) in [
          (["add", "a", "--path", own], "it has \(own) already"),
          (["add", "a", "--path", "/none"], "there is no file /none"),
          (["add", "a"], "Name --size, --image or --path"),
          (["add", "a", "-o", "cache=none"], "needs 'size', 'image' or 'path'"),
          (["add", "a", "--image", "tiny"], "is a kernel"),
          (["add", "a", "--size", "1KiB"], "--size: The size 1KiB is too small"),
          (["remove", "a", "vdz"], "has no disk 'vdz'"),
          (["remove", "a", "vda"], "nestor itself needs it"),
          (["add", "a", "--size", "8MiB", "--serial", "a b"], "--serial: Expected a serial number"),
          (["add", "a", "--size", "8MiB", "-o", "bus=scsi"], "one of the bus virtio"),
        ] {
          let result = try await lab.nestor(["disk"] + arguments)
          #expect(result.status != 0 && result.errors.contains(part), "\(result)")
        }
        try await lab.succeed("disk", "remove", "a", "vdb")
        #expect(FileManager.default.fileExists(atPath: own), "a file of the user's own stays")
        try await lab.succeed("disk", "add", "a", "--size", "1MiB", "--format", "raw")
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(lab.state)/guests/\(uuid)/disk-vdb.raw")).count == 1 << 20)
        try await lab.succeed("disk", "remove", "a", "vdb")
        try await unused(lab, uuid)
        try await lab.succeed("delete", "--force", "a")
        try await lab.expectNothingLeft()
      }
    }
  }
}
