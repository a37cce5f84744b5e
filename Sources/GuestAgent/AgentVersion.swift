/// The agent's program and version, as it names itself to clients.
package let agentProgram = "nestor-agent 0.1"
