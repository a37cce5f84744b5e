import NestorSupport
import Probes

/// The devices that make guests' networks and their channel to the outside.
struct DeviceChecks: Sendable {
  let context: DoctorContext

  var requirements: [Requirement] { [tun, vhostNet, vhostVsock, vsock] }

  private func remedy(_ path: String, _ module: String) -> String {
    DeviceRemedy(path: path, module: module, instance: context.instance, root: context.root).text
  }

  private var tun: Requirement {
    Requirement(
      id: "tun", what: "taps can be made", reason: "each network card of a guest is a tap on the other side",
      isFatal: true, remedy: remedy("/dev/net/tun", "tun")
    ) { [context] in
      guard context.isRoot else { return context.needsRoot }
      return await BlockingWork.run {
        do throws(SystemError) {
          let name = try TapProbe(devicePath: context.root.path("/dev/net/tun")).run()
          return Finding(.pass, "made and removed the tap \(name)")
        } catch {
          return Finding(.fail, "no tap can be made (\(error))")
        }
      }
    }
  }

  private var vhostNet: Requirement {
    Requirement(
      id: "vhost-net", what: "vhost-net serves taps",
      reason: "guests' networks work without it, slower: QEMU then copies each packet", isFatal: false,
      remedy: remedy("/dev/vhost-net", "vhost_net")
    ) { [context] in
      let path = context.root.path("/dev/vhost-net")
      // Whether it is there can be said without root.
      guard context.isRoot || !FileTree.exists(path) else { return context.needsRoot }
      return await BlockingWork.run {
        do throws(VhostNetProbe.Failure) {
          let success = try VhostNetProbe(devicePath: path, tunPath: context.root.path("/dev/net/tun")).run()
          return Finding(.pass, "attached and detached the tap \(success.interface)")
        } catch {
          return switch error {
          case .vhost(let failure): Finding(.warn, "vhost-net does not work (\(failure))")
          case .tap(let failure): Finding(.skip, "vhost-net opens, and there is no tap to attach to it (\(failure))")
          }
        }
      }
    }
  }

  private var vhostVsock: Requirement {
    Requirement(
      id: "vhost-vsock", what: "guests can have a vsock",
      reason: "without it nestor speaks with guests over virtio-serial ports, a few sessions at a time", isFatal: false,
      remedy: remedy("/dev/vhost-vsock", "vhost_vsock")
    ) { [context] in
      let path = context.root.path("/dev/vhost-vsock")
      guard context.isRoot || !FileTree.exists(path) else { return context.needsRoot }
      return await BlockingWork.run {
        do throws(SystemError) {
          let cid = try VhostVsockProbe(devicePath: path).run()
          return Finding(.pass, "claimed and released the context ID \(cid)")
        } catch {
          return Finding(.warn, "vhost-vsock does not work (\(error))")
        }
      }
    }
  }

  private var vsock: Requirement {
    Requirement(
      id: "vsock", what: "programs here can use vsock", reason: "nestor reaches guests over vsock where they have one",
      isFatal: false, remedy: remedy("/dev/vsock", "vsock")
    ) { [context] in
      await BlockingWork.run {
        let result = VsockProbe(devicePath: context.root.path("/dev/vsock")).run()
        switch (result.listeningPort, result.localCID) {
        case (.failure(let failure), _): return Finding(.warn, "no vsock can be made (\(failure))")
        case (.success(let port), .success(let cid)):
          let identity = cid == UInt32.max ? "nothing has given this machine a context ID" : "context ID \(cid)"
          return Finding(.pass, "listened on port \(port); \(identity)")
        case (.success(let port), .failure(let failure)):
          return Finding(.pass, "listened on port \(port); the context ID is not known (\(failure))")
        }
      }
    }
  }
}
