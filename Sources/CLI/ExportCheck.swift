import Martlet
import MartletOps
import MartletTensor
import MartletTracer

/// What PNNX, and ncnn after it, will not take of a trace; and the command that converts it.
///
/// PNNX converts what it knows and leaves the rest in the file for ncnn, where loading fails: it
/// is known before, all at once.
struct ExportCheck: Encodable, CustomStringConvertible {
  struct Finding: Encodable {
    let problem: String
    let count: Int
    /// A module where it occurs.
    let module: String?
  }

  let findings: [Finding]
  let command: String

  init(_ traced: TracedModule, archive: String) throws {
    var seen: [String: (count: Int, module: String?, order: Int)] = [:]
    func note(_ problem: String, _ node: Node?) {
      let old = seen[problem]
      seen[problem] = (
        (old?.count ?? 0) + 1, old?.module ?? node?.scope?.path, old?.order ?? seen.count
      )
    }
    let graph = try traced.inlinedGraph
    graph.forEachNode { node in
      if let problem = Self.problem(with: node) { note(problem, node) }
      for output in node.outputs {
        if let problem = Self.problem(with: graph.type(of: output)) { note(problem, node) }
      }
    }
    for input in traced.exampleInputs["forward"] ?? [] {
      for tensor in input.tensors where tensor.dtype == .float64 || tensor.dtype.isComplex {
        note("ncnn has no \(tensor.dtype) inputs", nil)
      }
    }
    findings = seen.sorted { $0.value.order < $1.value.order }.map {
      Finding(problem: $0.key, count: $0.value.count, module: $0.value.module)
    }
    command = Self.command(traced, archive)
  }

  private static func problem(with node: Node) -> String? {
    switch node.kind {
    case .prim(.if), .prim(.loop): "control flow (\(node.name)): ncnn has none"
    case .prim: nil
    case .unknown(let name): "\(name): not an operator of Martlet"
    case .operation(let operation):
      NCNNOperators.takes(operation.name) ? nil : "\(operation.name): ncnn has no layer for it"
    }
  }

  private static func problem(with type: GraphType) -> String? {
    guard let tensor = type.tensorType else { return nil }
    if let sizes = tensor.sizes, sizes.count > 5 {
      return "a tensor with \(sizes.count) axes: ncnn has at most 4 and the batch"
    }
    if let dtype = tensor.dtype, dtype.isComplex { return "\(dtype) tensors: ncnn has none" }
    return nil
  }

  /// The archive carries the example's sizes; a second size has to be said, and the first with it.
  private static func command(_ traced: TracedModule, _ archive: String) -> String {
    func shapes(_ inputs: [Value]) -> String {
      inputs.flatMap(\.tensors).map { tensor in
        "[\(tensor.sizes.map(String.init).joined(separator: ","))]\(suffix(tensor.dtype))"
      }.joined(separator: ",")
    }
    guard let first = traced.exampleInputs["forward"], let second = traced.resizedInputs["forward"]
    else { return "pnnx \(archive)" }
    return "pnnx \(archive) inputshape=\(shapes(first)) inputshape2=\(shapes(second))"
  }

  private static func suffix(_ dtype: DType) -> String {
    switch dtype {
    case .float32: "f32"
    case .float64: "f64"
    case .float16: "f16"
    case .uint8: "u8"
    case .int8: "i8"
    case .int16: "i16"
    case .int32: "i32"
    case .int64: "i64"
    default: ""
    }
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

/// The operators for which PNNX gives ncnn a layer: those of its passes level 2 and ncnn
/// (https://github.com/Tencent/ncnn, tools/pnnx/src), and those it computes away.
enum NCNNOperators {
  /// Whether ncnn takes an operator, whichever its overload and whether in place.
  static func takes(_ name: String) -> Bool {
    let base = name.split(separator: ".").first.map(String.init) ?? name
    guard let scope = base.firstRange(of: "::") else { return false }
    var operation = base[scope.upperBound...]
    if operation.last == "_", !operation.hasPrefix("__") { operation.removeLast() }
    return names.contains(String(operation))
  }

  private static let names = Set(
    """
    abs acos acosh add asin asinh atan atan2 atanh ceil cos cosh div erf exp expm1 floor \
    floor_divide fmod log log10 log1p logaddexp max maximum min minimum mul neg pow reciprocal \
    remainder round rsqrt rsub sign sin sinh sqrt square sub tan tanh trunc \
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d \
    adaptive_max_pool2d adaptive_max_pool3d avg_pool1d avg_pool2d avg_pool3d max_pool1d max_pool2d \
    max_pool3d max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices \
    batch_norm group_norm instance_norm layer_norm rms_norm \
    _convolution _convolution_mode convolution conv1d conv2d conv3d conv_transpose1d \
    conv_transpose2d conv_transpose3d linear matmul mm bmm addmm baddbmm einsum t \
    celu elu gelu glu hardshrink hardsigmoid hardswish hardtanh leaky_relu log_sigmoid mish prelu \
    relu relu6 selu sigmoid silu softmax log_softmax softplus softshrink clamp clamp_min clamp_max \
    embedding col2im im2col pad constant_pad_nd reflection_pad1d reflection_pad2d \
    replication_pad1d replication_pad2d replication_pad3d pixel_shuffle pixel_unshuffle \
    channel_shuffle grid_sampler scaled_dot_product_attention lstm gru rnn_tanh rnn_relu \
    upsample_nearest1d upsample_nearest2d upsample_linear1d upsample_bilinear2d upsample_bicubic2d \
    _weight_norm linalg_vector_norm norm amax amin cumsum diag flatten flip logsumexp mean prod \
    roll slice_scatter squeeze sum stft istft transpose unsqueeze expand expand_as permute repeat \
    reshape reshape_as view unflatten select slice cat chunk stack split split_with_sizes \
    tensor_split unbind contiguous clone copy detach dropout feature_dropout alpha_dropout \
    feature_alpha_dropout to type_as size Int ScalarImplicit IntImplicit NumToTensor \
    zeros ones full arange zeros_like ones_like full_like new_zeros new_ones \
    _native_multi_head_attention
    """.split(separator: " ").map(String.init))
}
