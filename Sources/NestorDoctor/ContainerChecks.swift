import NestorSupport
import Probes

/// What kind of place this is: the container, its users and its cgroup.
struct ContainerChecks: Sendable {
  let context: DoctorContext

  var requirements: [Requirement] {
    [container, copied] + [CgroupProbe.Controller.cpu, .cpuacct, .cpuset, .memory, .devices, .blkio].map(controller)
  }

  private var container: Requirement {
    Requirement(
      id: "container", what: "the container's users suffice",
      reason: "QEMU's user needs a number that the container has; the rest of this line is for your information",
      isFatal: true,
      remedy: "on the host, give the container 65536 users, the engines' default: \(context.engine) config unset"
        + " \(context.hostname) security.idmap.size && \(context.engine) restart \(context.hostname)"
    ) { [context] in
      let container = context.container
      let manager = [container.manager, container.guestInterface.map { "by \($0 == "lxd" ? "LXD" : "Incus")" }]
        .compactMap(\.self).joined(separator: " ")
      guard container.isUnprivileged else {
        return Finding(
          .pass, container.isContainer ? "a privileged container (\(manager)): root is root" : "no container")
      }
      let kind = container.isContainer ? "an unprivileged container (\(manager))" : "a user namespace"
      let root = container.outside(of: 0).map { "root is user \($0) outside" } ?? "root is nobody outside"
      if let account = try? QEMUAccount(context: context, capabilities: nil),
        container.outside(of: account.identity.user) == nil
      {
        return Finding(
          .fail, "\(kind), and QEMU's user \(account.name) (\(account.identity.user)) is none of its users")
      }
      return Finding(.pass, "\(kind); \(root)")
    }
  }

  private var copied: Requirement {
    Requirement(
      id: "copied", what: "no guest has a twin in another container",
      reason: "guests of a container that was copied have the UUIDs, MAC addresses and keys of those in its source",
      isFatal: false,
      remedy: "give them others: nestor renew --copied; or keep them where the container was moved: nestor renew --keep"
    ) { [context] in
      guard let identity = ContainerIdentity(root: context.root) else {
        return Finding(.skip, "only containers of LXD and Incus are known to be copies")
      }
      guard let record = ContainerRecord(context.state) else { return Finding(.pass, "no guest of it is known yet") }
      guard let guests = try? FileTree.names(in: context.state.guests) else {
        return Finding(.skip, "\(context.state.guests) cannot be read")
      }
      let now = record.updated(identity, guests: guests)
      guard let source = now.source else { return Finding(.pass, "this is container '\(identity.hostname)' as before") }
      return Finding(.warn, "this is a copy of container '\(source)', with \(now.twins.count) of its guests")
    }
  }

  private func controller(_ controller: CgroupProbe.Controller) -> Requirement {
    Requirement(
      id: "cgroup-\(controller.rawValue)", what: "the cgroup has the \(controller.rawValue) controller",
      reason: "libvirt limits and counts guests by it; they run without",
      isFatal: false, remedy: remedy(for: controller)
    ) { [context] in
      let result = await BlockingWork.run { CgroupProbe(root: context.root).run() }
      if result.controllers.contains(controller) { return Finding(.pass, "there (cgroup \(result.version.rawValue))") }
      if controller == .devices, case .failure(let failure) = result.devicePrograms {
        // The container's manager limits the devices already, whatever libvirt can add to that.
        return context.container.isUnprivileged
          ? Finding(.skip, "cgroup v2 keeps device rules from unprivileged containers (\(failure.reason))")
          : Finding(.warn, "the kernel does not answer for device rules (\(failure))")
      }
      return Finding(.warn, "missing (cgroup \(result.version.rawValue))")
    }
  }

  private func remedy(for controller: CgroupProbe.Controller) -> String {
    let name = controller == .blkio ? "io" : controller.rawValue
    return controller == .devices || controller == .cpuacct
      ? "mount the hierarchy: mount -t cgroup2 none /sys/fs/cgroup"
      : "in the cgroup above this one (on the host, for a container): echo +\(name) > cgroup.subtree_control"
  }
}
