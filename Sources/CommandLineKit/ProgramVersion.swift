/// The version of the programs, which are built and shipped together.
public enum ProgramVersion {
  /// As it is printed.
  public static let current = "0.1.0"
}
