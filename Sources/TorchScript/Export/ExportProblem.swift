import MartletOps
import MartletTensor
import MartletTracer

/// Where a trace goes after `torch.jit.load`'s format.
public enum ExportTarget: Sendable {
  /// PNNX, and ncnn after it.
  case pnnx
}

/// Something in a trace that a target will not take.
public struct ExportProblem: Sendable, Hashable, Encodable {
  /// The operator or the form of its arguments, and why.
  public let problem: String
  public let count: Int
  /// A module where it occurs, by its path; nil for the inputs.
  public let module: String?
}

extension TracedModule {
  /// All that the target will not take, in the order in which it is met; empty when it takes the
  /// whole.
  ///
  /// PNNX converts what it knows and leaves the rest in the file for ncnn, where loading fails: it
  /// is known before, all at once.
  ///
  /// - Throws: `MartletError` when methods cannot be put into one graph.
  public func exportProblems(for target: ExportTarget = .pnnx) throws -> [ExportProblem] {
    let graph = try inlinedGraph
    var findings = ExportFindings()
    graph.forEachNode { node in
      for problem in NCNNForms(graph: graph, node: node).problems() { findings.add(problem, node) }
      for output in node.outputs {
        if let problem = NCNNForms.problem(with: graph.type(of: output)) {
          findings.add(problem, node)
        }
      }
    }
    for input in exampleInputs[mainMethod] ?? [] {
      for tensor in input.tensors where tensor.dtype == .float64 || tensor.dtype.isComplex {
        findings.add("ncnn has no \(tensor.dtype) inputs", nil)
      }
    }
    return findings.sorted
  }

  /// The command that converts the archive at a path. The archive carries the example's sizes; a
  /// second size, where the trace was checked at one, has to be said, and the first with it.
  public func pnnxCommand(path: String) -> String {
    func shapes(_ inputs: [Value]) -> String {
      inputs.flatMap(\.tensors).map { tensor in
        "[\(tensor.sizes.map(String.init).joined(separator: ","))]\(tensor.dtype.pnnxSuffix)"
      }.joined(separator: ",")
    }
    guard let first = exampleInputs[mainMethod], let second = resizedInputs[mainMethod] else {
      return "pnnx \(path)"
    }
    return "pnnx \(path) inputshape=\(shapes(first)) inputshape2=\(shapes(second))"
  }
}

/// Equal problems are one, with their number.
private struct ExportFindings {
  private var found: [String: (count: Int, module: String?, order: Int)] = [:]

  mutating func add(_ problem: String, _ node: Node?) {
    let old = found[problem]
    found[problem] = (
      (old?.count ?? 0) + 1, old?.module ?? node?.scope?.path, old?.order ?? found.count
    )
  }

  var sorted: [ExportProblem] {
    found.sorted { $0.value.order < $1.value.order }.map {
      ExportProblem(problem: $0.key, count: $0.value.count, module: $0.value.module)
    }
  }
}

extension DType {
  /// How PNNX's command line names the type.
  fileprivate var pnnxSuffix: String {
    switch self {
    case .float32: "f32"
    case .float64: "f64"
    case .float16: "f16"
    case .bfloat16: "bf16"
    case .uint8: "u8"
    case .int8: "i8"
    case .int16: "i16"
    case .int32: "i32"
    case .int64: "i64"
    case .bool: "bool"
    case .complex64: "c64"
    case .complex128: "c128"
    default: ""
    }
  }
}
