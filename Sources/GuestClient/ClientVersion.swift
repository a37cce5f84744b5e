/// The client's program and version, as it names itself to agents.
package let clientProgram = "nestor 0.1"
