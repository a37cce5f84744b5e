/// The client's program and version, as it names itself to agents.
public let clientProgram = "nestor 0.1"
