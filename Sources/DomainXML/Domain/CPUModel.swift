/// The guest's processor: model, features, topology (https://libvirt.org/formatdomain.html#cpu-model-and-topology).
public struct CPUModel: Sendable, Equatable {
  /// How the model is chosen.
  public struct Mode: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The model named.
    public static let custom = Self("custom")
    /// The named model nearest to the host's processor.
    public static let hostModel = Self("host-model")
    /// The host's processor itself; needs KVM.
    public static let hostPassthrough = Self("host-passthrough")
    /// Everything that the accelerator can do; with KVM the same as the host's processor.
    public static let maximum = Self("maximum")
  }

  /// A feature of the processor and what is wanted of it.
  public struct Feature: Sendable, Equatable {
    /// What is wanted.
    public struct Policy: OpenEnum {
      /// The word as it stands in the XML.
      public let rawValue: String
      /// Takes the word as it stands in the XML.
      public init(rawValue: String) { self.rawValue = rawValue }
      /// Shown to the guest whether the host has it or not.
      public static let force = Self("force")
      /// The guest does not start on a host without it.
      public static let require = Self("require")
      /// Shown if the host has it.
      public static let optional = Self("optional")
      /// Never shown.
      public static let disable = Self("disable")
      /// The guest does not start on a host that has it.
      public static let forbid = Self("forbid")
    }

    /// libvirt's name of the feature, like `svm`.
    public var name: String
    /// What is wanted; libvirt takes none as `require`.
    public var policy: Policy?
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(_ name: String, policy: Policy? = .require) {
      self.name = name
      self.policy = policy
    }
  }

  /// How the virtual processors are arranged. The product of all is the number of processors.
  public struct Topology: Sendable, Equatable {
    /// Sockets, at least 1.
    public var sockets: Int
    /// Dies a socket.
    public var dies: Int?
    /// Cores a die, at least 1.
    public var cores: Int
    /// Threads a core, at least 1.
    public var threads: Int

    /// Makes one.
    public init(sockets: Int = 1, dies: Int? = nil, cores: Int = 1, threads: Int = 1) {
      self.sockets = sockets
      self.dies = dies
      self.cores = cores
      self.threads = threads
    }
  }

  /// How the model is chosen; nil leaves it to libvirt.
  public var mode: Mode?
  /// How strictly the guest's processor must match, `exact` by default; for the mode `custom`.
  public var match: String?
  /// What libvirt checks before start: `none`, `partial` or `full`.
  public var check: String?
  /// Whether features that cannot migrate are left out; for `host-passthrough` and `maximum`.
  public var migratable: Bool?
  /// The name of the model; for the mode `custom`.
  public var model: String?
  /// Whether a similar model may stand in: `allow` or `forbid`.
  public var fallback: String?
  /// How the processors are arranged.
  public var topology: Topology?
  /// Features beyond the model.
  public var features: [Feature]
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a processor.
  public init(
    mode: Mode? = nil, match: String? = nil, check: String? = nil, migratable: Bool? = nil, model: String? = nil,
    fallback: String? = nil, topology: Topology? = nil, features: [Feature] = []
  ) {
    self.mode = mode
    self.match = match
    self.check = check
    self.migratable = migratable
    self.model = model
    self.fallback = fallback
    self.topology = topology
    self.features = features
  }

  /// The host's processor; needs KVM.
  public static let hostPassthrough = CPUModel(mode: .hostPassthrough)
  /// The named model nearest to the host's processor.
  public static let hostModel = CPUModel(mode: .hostModel)
  /// Everything that the accelerator can do; the usual choice for TCG.
  public static let maximum = CPUModel(mode: .maximum)
  /// A model of libvirt's by name.
  public static func named(_ name: String) -> CPUModel { CPUModel(mode: .custom, match: "exact", model: name) }

  /// The features with which a guest could run guests of its own, on Intel and AMD; naming both on either is accepted.
  public static let nestedVirtualizationFeatures = ["vmx", "svm"]

  /// The same processor with features taken away, or with their policy changed to `disable`.
  ///
  /// libvirt 9.0 passes them to QEMU as they are for every mode: `-cpu host,vmx=off,svm=off`.
  public func disabling(_ names: [String]) -> CPUModel {
    var copy = self
    for name in names {
      if let index = copy.features.firstIndex(where: { $0.name == name }) {
        copy.features[index].policy = .disable
      } else {
        copy.features.append(Feature(name, policy: .disable))
      }
    }
    return copy
  }
}

extension CPUModel {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init()
    mode = reader.word("mode")
    match = reader.attribute("match")
    check = reader.attribute("check")
    migratable = try reader.flag("migratable")
    let model = try reader.child("model") { reader in (reader.word(), reader.attribute("fallback")) }
    if let model {
      self.model = model.0.isEmpty ? nil : model.0
      fallback = model.1
    }
    topology = try reader.child("topology") { reader throws(DomainXMLError) in
      var topology = Topology()
      topology.sockets = try reader.integer("sockets") ?? 1
      topology.dies = try reader.integer("dies")
      topology.cores = try reader.integer("cores") ?? 1
      topology.threads = try reader.integer("threads") ?? 1
      return topology
    }
    features = try reader.values("feature") { reader throws(DomainXMLError) in
      let policy: Feature.Policy? = reader.word("policy")
      guard let name = reader.attribute("name") else { throw reader.missing("a name") }
      var feature = Feature(name, policy: policy)
      feature.unknown = reader.unknown
      return feature
    }
    unknown = reader.unknown
  }

  func write(to tree: inout XMLTree) {
    tree.put("mode", mode)
    tree.put("match", match)
    tree.put("check", check)
    tree.put("migratable", on: migratable)
    if model != nil || fallback != nil {
      tree.add("model") { tree in
        tree.put("fallback", fallback)
        if let model { tree.children.append(.text(model)) }
      }
    }
    if let topology {
      tree.add("topology") { tree in
        tree.put("sockets", topology.sockets)
        tree.put("dies", topology.dies)
        tree.put("cores", topology.cores)
        tree.put("threads", topology.threads)
      }
    }
    for feature in features {
      tree.add("feature") { tree in
        tree.put("policy", feature.policy)
        tree.put("name", feature.name)
        feature.unknown.merge(into: &tree)
      }
    }
    unknown.merge(into: &tree)
  }
}
