import Glibc

/// The end of a program.
public enum ProgramEnd {
  /// Ends the process at once with a status.
  ///
  /// The C library's own exit would run the destructors of libvirt and what it loads while their threads still work, and
  /// has been seen to wait for them for ever.
  public static func exit(_ status: Int32) -> Never {
    fflush(nil)
    _exit(status)
  }
}
