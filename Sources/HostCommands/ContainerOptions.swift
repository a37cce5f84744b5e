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
  @Option(name: .long, help: "How long the container may take to come up, in seconds.", transform: TimeLimit.duration)
  var timeout = Duration.seconds(300)

  func validate() throws {
    _ = try parsedSettings
    guard timeout >= .seconds(1) else { throw ValidationError("--timeout takes a second at least") }
  }

  /// The options in the core's terms; throws where the programs are not found.
  func options(image: String? = nil, mayRestart: Bool = false, bridgesCard: Bool = false) throws -> LaunchOptions {
    LaunchOptions(
      payload: try Payload(programs: programs, domains: domains), image: image, settings: try parsedSettings,
      timeout: timeout, mayRestart: mayRestart, bridgesCard: bridgesCard)
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
