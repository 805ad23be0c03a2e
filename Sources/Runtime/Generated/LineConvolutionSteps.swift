import MartletKernels
import MartletOps
import MartletTensor

/// One-dimensional convolutions, as those of images one pixel high.
extension Instruction {
  /// The call with an axis of one element before the last of its operands and its result; nil for
  /// other convolutions.
  func raisedToImage() throws -> Instruction? {
    let (input, weight) = (try arguments.tensor("input"), try arguments.tensor("weight"))
    guard input.dim == 3, weight.dim == 3, !arguments.isTransposedConvolution, outputs.count == 1,
      epilogue.operands.allSatisfy({ $0.dim == 3 })
    else { return nil }
    let stride = try arguments.ints("stride", count: 1)
    let padding = try arguments.ints("padding", count: 1)
    let dilation = try arguments.ints("dilation", count: 1)
    var raised = try replaced(
      by: "aten::convolution",
      [
        .tensor(input.unsqueezedView(2)), .tensor(weight.unsqueezedView(2)), arguments["bias"],
        ([1] + stride).value, ([0] + padding).value, ([1] + dilation).value, .bool(false),
        [0, 0].value, arguments["groups"],
      ])
    raised?.results = [.tensor(result.unsqueezedView(2))]
    raised?.epilogue.operations = epilogue.operations.map(\.raisedToImage)
    return raised
  }
}

extension FusedOperation {
  /// The operation with an axis of one element before the last of its operand.
  var raisedToImage: FusedOperation {
    guard case .combine(let function, let tensor, let isReversed) = self, tensor.dim == 3 else {
      return self
    }
    return .combine(function, tensor.unsqueezedView(2), isReversed: isReversed)
  }
}
