import Foundation
import Glibc
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// Networks that commands make, and guests on them.
  @Suite("Networks")
  struct NetworkTests {
    @Test(
      "Three segments made by commands, with a router between: names resolve, addresses stay, and isolation holds",
      .notInGate)
    func segments() async throws {
      try await Lab.with("segments") { lab in
        try await makeSegments(lab)
        try await resolves(lab)
        try await isolates(lab)
        try await routes(lab)
        try await keepsAddresses(lab)
        try await ends(lab)
      }
    }

    private func makeSegments(_ lab: Lab) async throws {
      try await lab.succeed(
        "network", "create", "left", "--subnet", "10.83.1.0/24", "--isolated", "--domain", "left.test")
      try await lab.succeed("network", "create", "right", "--subnet", "10.83.2.0/24", "--isolated", "--mtu", "1400")
      try await lab.succeed("network", "create", "out", "--subnet", "10.83.3.0/24", "--domain", "out.test")
      #expect(try await lab.succeed("network", "list", "-q").output == "left\nout\nright\n")
      let router = try lab.template(
        "router",
        """
        extends: tiny
        networks:
          - {network: left, address: 10.83.1.254}
          - {network: right, address: 10.83.2.254}
          - network: out
        """)
      let single = try lab.template("single", "extends: tiny\nnetworks: [{network: \"${network}\"}]\n")
      try await lab.succeed("create", router, "router")
      for (guest, network) in [("anna", "left"), ("bert", "left"), ("carl", "right")] {
        try await lab.succeed("create", single, guest, "-P", "network=\(network)")
      }
      for guest in ["router", "anna", "bert", "carl"] { try await lab.succeed("start", guest) }
      for guest in ["router", "anna", "bert", "carl"] {
        try await lab.succeed("wait", guest, "--for", "ready", "--timeout", "240")
        // A guest that has just got its address has a route to its own segment.
        try await lab.succeed(
          "wait", guest, "--for", "command:ip -4 route | grep -q ^10.83", "--timeout", "240")
      }
    }

    private func resolves(_ lab: Lab) async throws {
      let bert = try await address(of: "bert", on: "left", lab)
      for name in ["bert", "bert.left.test"] {
        let lookup = try await lab.succeed("exec", "anna", "--", "nslookup", name)
        #expect(lookup.output.contains("Address: \(bert)\n"), "\(lookup)")
      }
      let ping = try await lab.succeed("exec", "anna", "--", "ping", "-c", "1", "-W", "5", "bert")
      #expect(ping.output.contains("(\(bert))"), "\(ping)")
      // The router is known on each of its segments, by its address there.
      let router = try await lab.succeed("exec", "carl", "--", "nslookup", "router")
      #expect(router.output.contains("Address: 10.83.2.254\n"), "\(router)")
      // A name of the other segment is unknown on this one.
      let other = try await lab.nestor("exec", "anna", "--", "nslookup", "carl")
      #expect(other.status != 0, "\(other)")
    }

    private func isolates(_ lab: Lab) async throws {
      let carl = try await address(of: "carl", on: "right", lab)
      // Even a guest that takes its segment's own bridge for a router gets nowhere: this machine does not route for it.
      try await lab.succeed("exec", "anna", "--", "ip", "route", "replace", "default", "via", "10.83.1.1")
      // And one that would find the way back.
      try await lab.succeed("exec", "carl", "--", "ip", "route", "replace", "default", "via", "10.83.2.1")
      let there = try await lab.nestor("exec", "anna", "--", "ping", "-c", "2", "-W", "2", carl)
      #expect(there.status == 1 && there.output.contains("100% packet loss"), "\(there)")
      let bridge = try await lab.succeed("exec", "anna", "--", "ping", "-c", "1", "-W", "5", "10.83.1.1")
      #expect(bridge.output.contains(" 0% packet loss"), "the bridge itself answers: \(bridge)")
    }

    private func routes(_ lab: Lab) async throws {
      let carl = try await address(of: "carl", on: "right", lab)
      try await lab.succeed("exec", "router", "--", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
      try await lab.succeed("exec", "anna", "--", "ip", "route", "replace", "default", "via", "10.83.1.254")
      try await lab.succeed("exec", "carl", "--", "ip", "route", "replace", "default", "via", "10.83.2.254")
      let routed = try await lab.succeed("exec", "anna", "--", "ping", "-c", "1", "-W", "5", carl)
      #expect(routed.output.contains("ttl=63"), "one router stands between: \(routed)")
      // The guests on the small segment are told so.
      let link = try await lab.succeed("exec", "carl", "--", "cat", "/sys/class/net/eth0/mtu")
      #expect(link.output == "1400\n")
      // Only the router has a way out, by its third card.
      let out = try await lab.succeed("exec", "router", "--", "sh", "-c", "ip route get 10.83.3.1")
      #expect(out.output.contains("dev eth2"), "\(out)")
      let gateway = try await lab.succeed("exec", "router", "--", "ip", "route", "show", "default")
      #expect(gateway.output.contains("via 10.83.3.1 dev eth2"), "the isolated segments offer no way out: \(gateway)")
    }

    private func keepsAddresses(_ lab: Lab) async throws {
      let before = try await address(of: "bert", on: "left", lab)
      try await lab.succeed("stop", "bert")
      try await lab.succeed("network", "stop", "--force", "left")
      try await lab.succeed("start", "bert")
      #expect(try await address(of: "bert", on: "left", lab) == before)
      try await lab.succeed("wait", "bert", "--for", "ready", "--timeout", "240")
      try await lab.until("bert's address") {
        try await lab.succeed("exec", "bert", "--", "ip", "-4", "address", "show", "eth0").output.contains(
          " \(before)/24 ")
      }
    }

    private func ends(_ lab: Lab) async throws {
      let refused = try await lab.nestor("network", "delete", "left")
      #expect(refused.status != 0 && refused.errors.contains("'anna', 'bert', 'router' are attached"), "\(refused)")
      try await lab.succeed("delete", "--force", "anna", "bert", "carl", "router")
      for name in ["left", "right", "out"] {
        let info = try await lab.succeed("network", "info", name, "--format", "json").json(NetworkDetails.self)
        #expect(info.reservations.isEmpty && info.guests.isEmpty, "nothing is kept for guests that are gone")
      }
      try await lab.succeed("network", "delete", "left", "right", "out")
      #expect(try await lab.virsh("net-list", "--all", "--name").split(separator: "\n").isEmpty)
      try await lab.expectNothingLeft()
    }

    private func address(of guest: String, on network: String, _ lab: Lab) async throws -> String {
      let info = try await lab.succeed("network", "info", network, "--format", "json").json(NetworkDetails.self)
      return try #require(info.reservations.first { $0.name == guest }?.address)
    }

    @Test(
      "Guests reach the world by NAT and by routes as their network says, not out of an isolated one, and have IPv6")
    func reach() async throws {
      try await Lab.with("network-reach") { lab in
        for command in [
          ["ip", "link", "add", "br-world", "type", "bridge"],
          ["ip", "address", "add", "203.0.113.1/24", "dev", "br-world"], ["ip", "link", "set", "br-world", "up"],
        ] {
          let result = try await lab.daemon.runInside(command)
          try #require(result.status == 0, "\(result.errors)")
        }
        // It looks for the bridge where the daemon is.
        let variables = lab.environment.map { "\($0.key)=\($0.value)" }
        let world = try await lab.daemon.runInside(
          ["env"] + variables + [TestImages.program, "network", "create", "world", "--bridge", "br-world"])
        try #require(world.status == 0, "\(world.errors)")
        try await lab.succeed("network", "create", "nat", "--subnet", "10.83.1.0/24", "--ipv6", "fd00:83::/64")
        try await lab.succeed("network", "create", "routed", "--subnet", "10.83.2.0/24", "--route")
        try await lab.succeed("network", "create", "shut", "--subnet", "10.83.3.0/24", "--isolated")
        let near = try lab.template(
          "near", "extends: tiny\nnetworks: [{network: nat}, {network: routed}, {network: shut}]\n")
        try await lab.succeed("run", near, "near")
        try await lab.succeed("run", "tiny", "far", "-P", "network=world")
        for guest in ["near", "far"] {
          try await lab.succeed("wait", guest, "--for", "agent", "--timeout", "240")
        }
        try await lab.succeed(
          "wait", "near", "--for", "command:[ $(ip -4 route | grep -c '^10.83.*/24 ') = 3 ]", "--timeout", "240")
        try await lab.succeed("exec", "far", "--", "ip", "address", "add", "203.0.113.2/24", "dev", "eth0")
        func reaches(by card: Int) async throws -> Bool {
          let script = "ip route replace default via 10.83.\(card + 1).1 dev eth\(card) && ping -c 2 -W 2 203.0.113.2"
          let result = try await lab.nestor("exec", "near", "--", "sh", "-c", script)
          try #require(result.output.contains("2 packets transmitted"), "\(result)")
          return result.status == 0
        }
        #expect(try await reaches(by: 0), "who is far away sees the address of this machine")
        #expect(try await !reaches(by: 1), "and here one that it has no way back to")
        for subnet in ["10.83.2.0/24", "10.83.3.0/24"] {
          try await lab.succeed("exec", "far", "--", "ip", "route", "add", subnet, "via", "203.0.113.1")
        }
        #expect(try await reaches(by: 1))
        #expect(try await !reaches(by: 2), "nothing comes out of an isolated network")
        try await lab.until("the IPv6 address") {
          try await lab.succeed("exec", "near", "--", "ip", "-6", "address", "show", "eth0").output.contains(
            " fd00:83:")
        }
        try await lab.succeed("exec", "near", "--", "ping", "-c", "1", "-W", "5", "fd00:83::1")
        try await lab.succeed("delete", "--force", "near", "far")
        try await lab.succeed("network", "delete", "world", "nat", "routed", "shut")
        try await lab.expectNothingLeft()
      }
    }

    @Test(
      "Isolated ports do not see each other, and a filtered card cannot send under an address that is not its own",
      .notInGate)
    func confinement() async throws {
      try await Lab.with("confined-cards") { lab in
        try await lab.succeed("network", "create", "lab", "--subnet", "10.83.1.0/24")
        let isolated = try lab.template(
          "isolated", "extends: tiny\nnetworks:\n  - {network: lab, portIsolation: true, filter: clean-traffic}\n")
        try await lab.succeed("run", isolated, "anna", "bert")
        try await lab.succeed("run", "tiny", "carl", "-P", "network=lab")
        for guest in ["anna", "bert", "carl"] {
          try await lab.succeed(
            "wait", guest, "--for", "command:ip -4 route | grep -q ^10.83", "--timeout", "240")
        }
        let carl = try await address(of: "carl", on: "lab", lab)
        let bert = try await address(of: "bert", on: "lab", lab)
        func ping(_ target: String, _ more: String...) async throws -> Bool {
          let command = ["exec", "anna", "--", "ping", "-c", "2", "-W", "2"] + more + [target]
          return try await lab.nestor(command).status == 0
        }
        #expect(try await ping(carl))
        #expect(try await !ping(bert), "both ports are isolated")
        try await lab.succeed("exec", "anna", "--", "ip", "address", "add", "10.83.1.250/24", "dev", "eth0")
        #expect(try await !ping(carl, "-I", "10.83.1.250"), "the address is not the guest's own")
        #expect(try await ping(carl), "with its own all is well")
        try await lab.succeed("delete", "--force", "anna", "bert", "carl")
        try await lab.succeed("network", "delete", "lab")
        try await lab.expectNothingLeft()
      }
    }

    @Test("A network that clashes, is in the way, or is not Nestor's is refused, and the one that clashes is named")
    func refusals() async throws {
      try await Lab.with("network-refusals", network: true) { lab in
        func refused(_ arguments: String..., because part: String, _ line: Int = #line) async throws {
          let result = try await lab.nestor(["network"] + arguments)
          #expect(result.status != 0 && result.errors.contains(part), "line \(line): \(result)")
        }
        try await refused("create", "a", "--subnet", "192.168.0.0/16", because: "192.168.122.0/24 of network 'default'")
        try await lab.succeed("network", "create", "a", "--subnet", "10.83.0.0/16", "--ipv6", "fd00:83::/64")
        try await refused("create", "b", "--subnet", "10.83.7.0/24", because: "10.83.0.0/16 of network 'a'")
        try await refused("create", "b", "--ipv6", "fd00:83::/64", because: "fd00:83::/64 of network 'a'")
        try await refused("create", "a", "--subnet", "10.84.0.0/16", because: "it was made in another way")
        try await refused("create", "default", "--subnet", "10.84.0.0/16", because: "it was not made by nestor")
        try await refused("create", "b", "--bridge", "br-none", because: "there is no bridge 'br-none'")
        try await refused("create", "b", "--subnet", "10.83.7.1/24", because: "did you mean 10.83.7.0/24?")
        try await refused("create", "b/c", "--subnet", "10.84.0.0/24", because: "cannot be called 'b/c'")
        try await refused("delete", "default", because: "nestor did not make it")
        try await refused("info", "defult", because: "did you mean 'default'?")
        try await refused("stop", "none", because: "there is no network 'none'")
        try await onlyOneOfRivals(lab)
        try await lab.succeed("network", "delete", "--force", "default")
        let info = try await lab.succeed("network", "info", "a", "--format", "json").json(NetworkDetails.self)
        #expect(info.isActive && info.autostart && info.isOurs && info.reach == "nat")
        try await lab.succeed("network", "delete", "a")
        try await lab.expectNothingLeft()
      }
    }

    /// Of several that want the same addresses at the same time one gets them, and the others leave nothing.
    private func onlyOneOfRivals(_ lab: Lab) async throws {
      let rivals = try ["c1", "c2", "c3", "c4"].map {
        ($0, try lab.start(["network", "create", $0, "--subnet", "10.85.0.0/24"]))
      }
      var made: [String] = []
      for (name, program) in rivals {
        program.closeInput()
        let result = try await program.wait()
        if result.status == 0 { made.append(name) } else { #expect(result.errors.contains("10.85.0.0/24 of network")) }
      }
      let rows = try await lab.succeed("network", "list", "-q")
      #expect(made.count == 1 && rows.lines == ["a"] + made + ["default"], "\(made), \(rows)")
      for name in made { try await lab.succeed("network", "delete", name) }
    }

    @Test("The routes and addresses of the machine that Nestor runs on are in nobody's way, nor is an existing bridge")
    func machine() async throws {
      try await Lab.with("network-machine") { lab in
        for command in [
          ["ip", "link", "add", "br-lab", "type", "bridge"], ["ip", "address", "add", "10.83.9.1/24", "dev", "br-lab"],
          ["ip", "link", "set", "br-lab", "up"], ["ip", "route", "add", "10.83.64.0/18", "via", "10.83.9.2"],
          ["ip", "link", "add", "br-down", "type", "bridge"],
          ["ip", "address", "add", "10.83.10.1/24", "dev", "br-down"],
        ] {
          let result = try await lab.daemon.runInside(command)
          try #require(result.status == 0, "\(result.errors)")
        }
        let variables = lab.environment.map { "\($0.key)=\($0.value)" }
        func inside(_ arguments: String...) async throws -> CommandOutput {
          try await lab.daemon.runInside(["env"] + variables + [TestImages.program, "network"] + arguments)
        }
        for (subnet, part) in [
          ("10.83.9.128/25", "the route to 10.83.9.0/24 by br-lab"),
          ("10.83.70.0/24", "the route to 10.83.64.0/18 by br-lab"),
          ("10.83.10.0/24", "the address 10.83.10.1/24 of br-down"),
        ] {
          let result = try await inside("create", "a", "--subnet", subnet)
          #expect(result.status != 0 && result.errors.contains(part), "\(result.errors)")
        }
        let bridged = try await inside("create", "a", "--bridge", "br-lab")
        #expect(bridged.status == 0, "\(bridged.errors)")
        let again = try await inside("create", "a", "--bridge", "br-lab")
        #expect(again.status == 0 && again.errors.contains("is there already"), "\(again.errors)")
        let own = try await inside("create", "b", "--subnet", "10.84.0.0/24")
        #expect(own.status == 0, "\(own.errors)")
        let repeated = try await inside("create", "b", "--subnet", "10.84.0.0/24")
        #expect(repeated.status == 0, "its own route is in nobody's way: \(repeated.errors)")
        let deletion = try await inside("delete", "a", "b")
        #expect(deletion.status == 0, "\(deletion.errors)")
      }
    }

    @Test("A MAC address that another guest has, and a network that cannot start, are told before a guest begins")
    func conflicts() async throws {
      try await Lab.with("network-conflicts") { lab in
        try await lab.succeed("network", "create", "lab", "--subnet", "10.83.1.0/24")
        for guest in ["a", "b"] { try await lab.succeed("create", try lab.plainTemplate(), guest) }
        let mac = try await lab.succeed("nic", "add", "a", "lab").output.trimmingCharacters(in: .newlines)
        let doubled = try await lab.nestor("nic", "add", "b", "lab", "--mac", mac)
        #expect(
          doubled.status == 75 && doubled.errors.contains("guest 'a' has a NIC with the same MAC address"),
          "\(doubled)")
        #expect(try await lab.succeed("nic", "list", "b", "--format", "json").json([NICRow].self).isEmpty)

        // Its bridge's name is another's.
        let info = try await lab.succeed("network", "info", "lab", "--format", "json").json(NetworkDetails.self)
        try await lab.virsh("net-destroy", "lab")
        let bridge = try #require(info.bridge)
        let taken = try await lab.daemon.runInside(["ip", "link", "add", bridge, "type", "veth"])
        try #require(taken.status == 0, "\(taken.errors)")
        let start = try await lab.nestor("start", "a")
        #expect(start.status != 0 && start.errors.contains("cannot start network 'lab' for guest 'a'"), "\(start)")
        let rows = try await lab.succeed("list", "--format", "json").json([GuestRow].self)
        #expect(rows.map(\.status) == ["shut off", "shut off"])
        try await lab.succeed("delete", "a", "b")
        try await lab.succeed("network", "delete", "lab")
        try await lab.expectNothingLeft()
      }
    }

    @Test("Killed at any moment, making or deleting a network is finished by the same command")
    func killed() async throws {
      try await Lab.with("network-killed") { lab in
        let create = ["network", "create", "lab", "--subnet", "10.83.1.0/24"]
        let delete = ["network", "delete", "lab"]
        var generator = SeededGenerator()
        for arguments in [create, delete] {
          if arguments == delete { try await lab.succeed("network", "create", "lab", "--subnet", "10.83.1.0/24") }
          let whole = try await lab.nestor(arguments).seconds
          for _ in 0..<6 {
            if arguments == delete { #expect(try await lab.nestor(create).status == 0) }
            let moment = Double.random(in: 0..<whole, using: &generator)
            let program = try lab.start(arguments)
            try await Task.sleep(for: .seconds(moment))
            program.signal(SIGKILL)
            _ = try await program.wait()
            let comment = "seed \(SeededGenerator.seed), \(arguments) killed after \(moment) of \(whole) s"
            let networks = try await lab.virsh("net-list", "--all", "--name")
            if networks.contains("lab") {
              let info = try await lab.succeed("network", "info", "lab", "--format", "json").json(NetworkDetails.self)
              #expect(info.isOurs, "\(comment): the mark is there from the first moment on")
            }
            let again = try await lab.nestor(arguments)
            if arguments == create {
              #expect(again.status == 0, "\(comment): \(again)")
              let info = try await lab.succeed("network", "info", "lab", "--format", "json").json(NetworkDetails.self)
              #expect(info.isActive && info.autostart, "\(comment)")
              try await lab.succeed("network", "delete", "lab")
            } else {
              // It may have gone before the program was killed.
              #expect(again.status == 0 || again.errors.contains("there is no network 'lab'"), "\(comment): \(again)")
              #expect(try await !lab.virsh("net-list", "--all", "--name").contains("lab"), "\(comment)")
            }
          }
        }
        try await lab.succeed("gc", "--yes")
        try await lab.expectNothingLeft()
      }
    }
  }
}
