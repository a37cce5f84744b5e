import Glibc
import GuestTransport

/// Waits for what another thread or a process does; answers whether it came within 200 s, which no test is to take.
func eventually(_ condition: () -> Bool) -> Bool {
  let end = Instant.now + .seconds(200)
  while !condition() {
    if Instant.now >= end { return false }
    usleep(2_000)
  }
  return true
}
