import MartletKernels
import MartletOps
import MartletTensor

extension Plan: CustomStringConvertible {
  /// One line for each step: what it computes, how, for which module, and where its operands lie.
  var description: String {
    var lines = [
      "arena: \(byteCount) bytes, \(steps.count) steps",
      "planned peak of a run: \(peakByteCount) bytes, \(outputByteCount) of them its outputs, "
        + "\(packedByteCount) the program's packed weights, "
        + "\(constantByteCount) constants in place",
    ]
    for (number, step) in steps.enumerated() {
      let path = step.origin.path.isEmpty ? "" : "  # \(step.origin.path)"
      let from = step.inputs.map(text).joined(separator: ", ")
      let to = step.outputs.map(text).joined(separator: ", ")
      lines.append("\(number): \(to) = \(step.operation)(\(from)) by \(step.kernel)\(path)")
    }
    return lines.joined(separator: "\n")
  }

  private func text(_ operand: Operand) -> String {
    let type =
      if let shape = operand.blocked {
        "\(operand.dtype)\(operand.sizes)c\(shape.lanes)"
      } else {
        "\(operand.dtype)\(operand.layout.sizes)"
      }
    switch operand.source {
    case .constant: return "\(type) constant"
    case .buffer(let index): return "\(type) \(place(of: index))"
    }
  }
}
