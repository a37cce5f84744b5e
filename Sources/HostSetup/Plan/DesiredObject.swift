/// One of the daemon's objects as it ought to be.
package struct DesiredObject: Sendable, Equatable {
  package let reference: ObjectReference
  /// What it is for, as a sentence.
  package let reason: String
  /// The settings, devices and description that it ought to have.
  package let body: JSONValue
  /// What else the daemon has to be told when it is made, such as a pool's driver.
  package let creation: JSONValue
  /// Whether it may have nothing but what stands in `body`. Of others the daemon, or a person, may set more.
  package let isExact: Bool

  /// Describes an object.
  package init(
    _ reference: ObjectReference, reason: String, body: JSONValue, creation: JSONValue = [:], isExact: Bool = false
  ) {
    self.reference = reference
    self.reason = reason
    self.body = body
    self.creation = creation
    self.isExact = isExact
  }

  /// The whole description with which it is made.
  var createBody: JSONValue {
    .object(
      body.fields.merging(creation.fields) { $1 }.merging(["name": .string(reference.name)]) { $1 })
  }

  /// What it would be changed to where it is `current`; equal to the same of `current` where nothing has to change.
  func merged(into current: JSONValue) -> JSONValue {
    guard !isExact else { return body }
    var fields: [String: JSONValue] = [:]
    for (name, value) in body.fields {
      if case .object(let wanted) = value {
        fields[name] = .object((current[name]?.fields ?? [:]).merging(wanted) { $1 })
      } else {
        fields[name] = value
      }
    }
    return .object(fields)
  }

  /// What the daemon is sent to change it where it is `current`: all that can be changed, since what is left out is lost.
  func changeBody(of current: JSONValue) -> JSONValue {
    guard !isExact else { return body }
    let writable = ["config", "devices", "description", "profiles", "architecture", "ephemeral"]
    let kept = current.fields.filter { writable.contains($0.key) }
    return .object(kept.merging(merged(into: current).fields) { $1 })
  }

  /// Those parts of `current` that this describes.
  func part(of current: JSONValue) -> JSONValue {
    .object(Dictionary(uniqueKeysWithValues: body.fields.keys.map { ($0, current[$0] ?? .null) }))
  }
}
