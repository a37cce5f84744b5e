import CLibvirt
import Synchronization

/// libvirt's default event loop, on one thread of its own for the whole process.
///
/// It has to be registered before the first connection is opened, and turns for ever: keepalive messages and events of
/// all connections go through it. See https://libvirt.org/html/libvirt-libvirt-event.html.
enum EventLoop {
  private enum Stage {
    case unregistered, turning
    case failed(LibvirtError)
  }

  private static let stage = Mutex(Stage.unregistered)

  /// Loads libvirt, registers the loop and starts its thread, once; every connection begins here.
  static func start() throws {
    try stage.withLock { stage in
      switch stage {
      case .turning: return
      case .failed(let error): throw error
      case .unregistered: break
      }
      if let reason = nestor_load_libvirt() {
        throw LibvirtError(
          code: .noConnect, message: "libvirt's library cannot be loaded: \(String(cString: reason))", call: "dlopen")
      }
      do {
        nestor_silence_errors()
        try Calls.check("virInitialize", virInitialize())
        try Calls.check("virEventRegisterDefaultImpl", virEventRegisterDefaultImpl())
        guard Thread.start(name: "libvirt-events", { turn() }) else {
          throw LibvirtError(
            code: .systemError, message: "no thread could be started for libvirt's events", call: "pthread_create")
        }
        stage = .turning
      } catch let error as LibvirtError {
        stage = .failed(error)
        throw error
      }
    }
  }

  private static func turn() {
    // A turn fails only when poll itself does; the loop goes on, since without it every connection would go deaf.
    while true { virEventRunDefaultImpl() }
  }
}
