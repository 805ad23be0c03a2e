import MartletKernels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Recurrent networks and cells by their kernels against the reference.
@Suite struct RecurrentProgramTests {
  /// Sizes of x, and whether there are two layers, two directions, and B comes first.
  private static let sizes: [([Int], Int, Bool, Bool)] = [
    ([7, 1, 6], 1, false, false), ([5, 3, 6], 2, true, false), ([3, 6, 6], 2, true, true),
    ([1, 1, 6], 1, true, true), ([2, 18, 6], 1, false, false),
  ]

  @Test(arguments: sizes)
  func networks(_ x: [Int], _ layers: Int, _ isBidirectional: Bool, _ isBatchFirst: Bool) throws {
    for hasBias in [true, false] {
      try check(
        LSTM(
          6, 19, numLayers: layers, bias: hasBias,
          batchFirst: isBatchFirst, bidirectional: isBidirectional), try noise(x), "lstm"
      ) { [$0.output, $0.state.hidden, $0.state.cell] }
      try check(
        GRU(
          6, 19, numLayers: layers, bias: hasBias,
          batchFirst: isBatchFirst, bidirectional: isBidirectional), try noise(x), "gru"
      ) { [$0.output, $0.hidden] }
      for nonlinearity in [RecurrentNonlinearity.tanh, .relu] {
        try check(
          RNN(
            6, 19, numLayers: layers, nonlinearity: nonlinearity,
            bias: hasBias, batchFirst: isBatchFirst, bidirectional: isBidirectional),
          try noise(x), "\(nonlinearity)"
        ) { [$0.output, $0.hidden] }
      }
    }
  }

  @Test func cells() throws {
    let x = try noise([4, 6])
    try check(LSTMCell(6, 21), x, "lstm") { [$0.hidden, $0.cell] }
    try check(GRUCell(6, 21), x, "gru") { [$0] }
    try check(RNNCell(6, 21), x, "tanh") { [$0] }
  }

  private func check<Layer: ModuleBase & Forward>(
    _ layer: Layer, _ x: Tensor, _ kernel: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ tensors: @escaping (Layer.Output) throws -> [Tensor]
  ) throws where Layer.Input == Tensor {
    layer.eval()
    let expected = try tensors(layer.forward(x))
    for index in expected.indices {
      let traced = try trace(
        { (x: Tensor) in try tensors(layer.forward(x))[index] }, x, allowConstants: true)
      let programs = try [1, 2].map { try traced.compile(threads: $0) }
      let got = try programs[0].run([x])[0]
      #expect(
        try difference(got, expected[index], tolerance: 1e-5) == nil, "\(programs[0])",
        sourceLocation: sourceLocation)
      #expect(try bits(programs[1].run([x])[0]) == bits(got), sourceLocation: sourceLocation)
      #expect(
        "\(programs[0])".contains("by \(kernel)") || KernelMode.current == .portable,
        sourceLocation: sourceLocation)
    }
  }
}
