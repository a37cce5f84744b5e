import Libvirt
import NestorSupport
import Synchronization

@testable import NestorDoctor

/// A libvirt whose answers a test chooses, and that notes what was changed.
final class FakeLibvirt: LibvirtInspecting {
  struct State {
    var driver = "QEMU"
    var version = Version(11, 3)
    var capabilities = FakeLibvirt.capabilities
    var guestCapabilities = FakeLibvirt.guestCapabilities
    var network: NetworkState? = NetworkState(
      isActive: true, startsByItself: true, bridge: "virbr7", hasDHCP: true)
    var guests = 0
    var startFailure: LibvirtError?
    var calls: [String] = []
  }

  let state: Mutex<State>

  init(_ change: (inout State) -> Void = { _ in }) {
    var state = State()
    change(&state)
    self.state = Mutex(state)
  }

  var calls: [String] { state.withLock { $0.calls } }

  func driverName() async throws -> String { state.withLock { $0.driver } }
  func uri() async throws -> String { "qemu:///system" }
  func libvirtVersion() async throws -> Version { state.withLock { $0.version } }
  func hypervisorVersion() async throws -> Version { Version(10, 0, 2) }
  func capabilities() async throws -> String { state.withLock { $0.capabilities } }
  func guestCapabilities() async throws -> String { state.withLock { $0.guestCapabilities } }
  func network(named name: String) async throws -> NetworkState? { state.withLock { $0.network } }
  func runningGuests() async throws -> Int { state.withLock { $0.guests } }

  func startNetwork(named name: String) async throws {
    try state.withLock { state in
      state.calls.append("start \(name)")
      if let failure = state.startFailure { throw failure }
      state.network?.isActive = true
    }
  }

  func autostartNetwork(named name: String) async throws {
    state.withLock { state in
      state.calls.append("autostart \(name)")
      state.network?.startsByItself = true
    }
  }

  func defineNetwork(xml: String) async throws {
    state.withLock { state in
      state.calls.append("define \(xml)")
      state.network = NetworkState(isActive: false, startsByItself: false, bridge: "virbr7", hasDHCP: true)
    }
  }

  static let capabilities = """
    <capabilities>
      <host>
        <secmodel><model>apparmor</model><doi>0</doi></secmodel>
        <secmodel><model>dac</model><doi>0</doi><baselabel type='kvm'>+64055:+64055</baselabel></secmodel>
      </host>
      <guest>
        <os_type>hvm</os_type>
        <arch name='x86_64'>
          <emulator>/usr/bin/qemu-system-x86_64</emulator>
          <machine maxCpus='255'>pc-q35-10.0</machine>
          <machine canonical='pc-q35-10.0' maxCpus='255'>q35</machine>
          <domain type='qemu'/>
          <domain type='kvm'/>
        </arch>
      </guest>
    </capabilities>
    """

  static let guestCapabilities = """
    <domainCapabilities>
      <os supported='yes'>
        <enum name='firmware'><value>efi</value></enum>
        <loader supported='yes'><value>/usr/share/OVMF/A.fd</value><value>/usr/share/OVMF/B.fd</value></loader>
      </os>
      <devices>
        <tpm supported='yes'>
          <enum name='backendModel'><value>passthrough</value><value>emulator</value></enum>
        </tpm>
      </devices>
    </domainCapabilities>
    """
}
