/// The agent's program and version, as it names itself to clients.
public let agentProgram = "nestor-agent 0.1"
