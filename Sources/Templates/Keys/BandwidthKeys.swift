/// The keys of `bandwidth` of a network card.
enum BandwidthKeys {
  static let inbound = Key(
    "inbound", Codec.optional(.record(RateKeys.table, RateKeys.build)), default: nil,
    "The limit of what the guest gets.")
  static let outbound = Key(
    "outbound", Codec.optional(.record(RateKeys.table, RateKeys.build)), default: nil,
    "The limit of what the guest sends.")

  static let table = KeyTable("a card's bandwidth", [inbound.description, outbound.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.NetworkCard.Bandwidth {
    GuestTemplate.NetworkCard.Bandwidth(inbound: map[inbound], outbound: map[outbound])
  }
}

/// The keys of `inbound` and `outbound` of a card's bandwidth.
enum RateKeys {
  private static let range = ByteSize.kibibytes(1)...ByteSize.gibibytes(1024)

  static let average = Key(
    "average", Codec.optional(.size(range)), default: nil, "The lasting rate, a second; it has to be there.")
  static let peak = Key("peak", Codec.optional(.size(range)), default: nil, "The highest rate for a burst, a second.")
  static let burst = Key(
    "burst", Codec.optional(.size(range)), default: nil, "How much may pass at the highest rate.")

  static let table = KeyTable("a rate", [average.description, peak.description, burst.description]) { map in
    guard !map.has(average) else {
      guard let peak = map[peak], let average = map[average], peak < average else { return [] }
      return [
        TemplateError(
          "'peak' is lower than 'average'", at: map.place(of: Self.peak), hint: "leave it out, or make it higher")
      ]
    }
    return [TemplateError("A rate needs 'average'", at: map.location, hint: "average: 1MiB is a MiB a second")]
  }

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.NetworkCard.Rate {
    GuestTemplate.NetworkCard.Rate(
      average: map[average] ?? ByteSize(bytes: 0), peak: map[peak], burst: map[burst])
  }
}
