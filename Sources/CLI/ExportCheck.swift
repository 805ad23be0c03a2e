import Martlet

/// What PNNX, and ncnn after it, will not take of a trace; and the command that converts it.
struct ExportCheck: Encodable, CustomStringConvertible {
  let findings: [ExportProblem]
  let command: String

  init(_ traced: TracedModule, archive: String) throws {
    findings = try traced.exportProblems(for: .pnnx)
    command = traced.pnnxCommand(path: archive)
  }

  var description: String {
    let lines = findings.map { finding in
      let times = finding.count == 1 ? "once" : "\(finding.count) times"
      let place = finding.module.map { $0.isEmpty ? "" : ", first in \($0)" } ?? ""
      return "  \(finding.problem) (\(times)\(place))"
    }
    let verdict =
      findings.isEmpty
      ? "ncnn takes all of it" : "ncnn will not take:\n\(lines.joined(separator: "\n"))"
    return "\(verdict)\n\(command)"
  }
}
