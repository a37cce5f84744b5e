/// The version of the programs, which are built and shipped together.
package enum ProgramVersion {
  /// As it is printed.
  package static let current = "0.1.0"
}
