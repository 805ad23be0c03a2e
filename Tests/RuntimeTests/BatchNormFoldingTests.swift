import MartletKernels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Batch normalisation disappears into the convolution before it.
struct BatchNormFoldingTests {
  private func norm(_ channels: Int) throws -> BatchNorm2d {
    let norm = BatchNorm2d(channels)
    var state = StateDict()
    state["weight"] = try noise([channels], seed: 3)
    state["bias"] = try noise([channels], seed: 4)
    state["running_mean"] = try noise([channels], seed: 5)
    state["running_var"] = try noise([channels], seed: 6).abs() + 0.5
    try norm.load(state, strict: false)
    norm.eval()
    return norm
  }

  private func check(
    _ x: Tensor, folds: Bool = true, sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ function: @escaping (Tensor) throws -> Tensor
  ) throws {
    let traced = try trace({ (x: Tensor) in try function(x) }, x, allowConstants: true)
    let program = try traced.compile(threads: 2)
    #expect("\(program.graph)".contains("batch_norm") != folds, sourceLocation: sourceLocation)
    #expect(
      try difference(program.run([x])[0], function(x), tolerance: 1e-5) == nil,
      sourceLocation: sourceLocation)
    // Once more changes nothing.
    for pass in Pass.all {
      var graph = program.graph
      try pass.run(&graph)
      #expect("\(graph)" == "\(program.graph)", "\(pass.name)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [1, 2], [false, true])
  func plain(groups: Int, bias: Bool) throws {
    let convolution = Conv2d(4, 6, kernelSize: 3, groups: groups, bias: bias)
    let norm = try norm(6)
    try check(noise([2, 4, 7, 5])) { try norm(convolution($0)) }
  }

  @Test(arguments: [1, 2], [false, true])
  func transposed(groups: Int, bias: Bool) throws {
    let convolution = ConvTranspose2d(
      4, 6, kernelSize: 3, stride: 2, padding: 1, groups: groups, bias: bias)
    let norm = try norm(6)
    try check(noise([2, 4, 5, 4])) { try norm(convolution($0)) }
  }

  @Test func sharedResultsStay() throws {
    let convolution = Conv2d(4, 6, kernelSize: 3)
    let norm = try norm(6)
    try check(noise([1, 4, 7, 5]), folds: false) { x in
      let y = try convolution(x)
      return try norm(y) * y
    }
  }
}
