/// The version of the programs.
enum NestorVersion {
  static let current = "0.1.0"
}
