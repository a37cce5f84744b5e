import ArgumentParser
import CommandLineKit
import HostSetup
import NestorSupport

/// What may be said of a container that is made or prepared.
struct ContainerOptions: ParsableArguments, Sendable {
  @Option(
    name: [.customShort("P"), .customLong("set")],
    help: ArgumentHelp(
      "A setting of the container, such as limits.memory=4GiB; may be repeated.", valueName: "key=value"))
  var settings: [String] = []
  @Option(name: .long, help: "The folder of the programs nestor and nestor-agent (default: that of this program).")
  var programs: String?
  @Option(name: .long, help: "The folder of the templates (default: the one that came with the programs).")
  var domains: String?
  @Option(name: .long, help: "How many seconds the container may take to come up.") var timeout = 300

  func validate() throws {
    _ = try parsedSettings
    guard timeout > 0, timeout <= 86400 else { throw ValidationError("--timeout takes 1 to 86400 seconds") }
  }

  /// The options in the core's terms; throws where the programs are not found.
  func options(image: String? = nil, mayRestart: Bool = false, bridgesCard: Bool = false) throws -> LaunchOptions {
    LaunchOptions(
      payload: try Payload(programs: programs, domains: domains), image: image, settings: try parsedSettings,
      timeout: .seconds(timeout), mayRestart: mayRestart, bridgesCard: bridgesCard)
  }

  private var parsedSettings: [String: String] {
    get throws {
      var settings: [String: String] = [:]
      for text in self.settings {
        guard let (key, value) = text.keyAndValue else {
          throw ValidationError("-P takes KEY=VALUE, such as limits.memory=4GiB, not '\(text)'")
        }
        settings[key] = value
      }
      return settings
    }
  }
}
