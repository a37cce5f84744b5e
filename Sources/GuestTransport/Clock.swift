import Glibc

/// The kernel's clock that only goes forward.
package enum Clock {
  /// Milliseconds since some moment, by CLOCK_MONOTONIC: setting the time does not change it.
  package static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
