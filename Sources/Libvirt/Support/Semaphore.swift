import Glibc

/// A counting semaphore of POSIX, see sem_overview(7).
///
/// The memory is its own and never moves, and sem_post and sem_wait may be called from any thread: so it may be shared.
final class Semaphore: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() {
    sem_init(semaphore, 0, 0)
  }

  func signal() {
    sem_post(semaphore)
  }

  func wait() {
    while sem_wait(semaphore) != 0 && errno == EINTR {}
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }
}
