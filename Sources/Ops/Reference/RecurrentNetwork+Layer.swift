import MartletTensor

extension RecurrentNetwork {
  /// One layer in one direction over all steps.
  struct LayerPass<T: RealElement> {
    let cell: RecurrentCell
    /// `[B, H]`, replaced at each step.
    var hidden: Tensor
    var memory: Tensor?
    let isReversed: Bool
    /// Where the states go within each step's output.
    let column: Int
    private let inputWeights: Matrices
    private let hiddenWeights: Matrices
    private let projection: Matrices?
    private let inputBias: [T]?
    private let hiddenBias: [T]?

    init(
      cell: RecurrentCell, layer: Layer, hidden: Tensor, memory: Tensor?, isReversed: Bool,
      column: Int
    ) throws {
      self.cell = cell
      self.hidden = hidden
      self.memory = memory
      self.isReversed = isReversed
      self.column = column
      inputWeights = try Matrices(layer.input, computingIn: T.dtype).transposed
      hiddenWeights = try Matrices(layer.hidden, computingIn: T.dtype).transposed
      projection = try layer.projection.map { try Matrices($0, computingIn: T.dtype).transposed }
      inputBias = try layer.inputBias?.converted(to: T.dtype).elements()
      hiddenBias = try layer.hiddenBias?.converted(to: T.dtype).elements()
    }

    /// - Parameter input: contiguous, `[T, B, I]`.
    mutating func run(over input: Tensor, into output: Tensor) throws {
      let (steps, batch) = (input.sizes[0], input.sizes[1])
      if batch == 0 { return }
      let rows = inputWeights.columns
      let projected = try Tensor.allocate([steps * batch, rows], T.dtype)
      try matrixProduct(
        Matrices(input, rows: steps * batch, columns: input.sizes[2]), inputWeights,
        into: Matrices(projected, rows: steps * batch, columns: rows))
      let fromHidden = try Tensor.allocate([batch, rows], T.dtype)
      for index in 0..<steps {
        let step = isReversed ? steps - 1 - index : index
        try matrixProduct(
          Matrices(hidden, rows: batch, columns: hidden.sizes[1]), hiddenWeights,
          into: Matrices(fromHidden, rows: batch, columns: rows))
        try advance(projected, step * batch * rows, fromHidden)
        let width = output.sizes[2]
        try hidden.read(as: T.self) { from in
          try output.writeUnshared(as: T.self) { to in
            let own = hidden.sizes[1]
            for b in 0..<batch {
              let start = (step * batch + b) * width + column
              for i in 0..<own { to[start + i] = from[b * own + i] }
            }
          }
        }
      }
    }

    /// Replaces the states by the next ones.
    private mutating func advance(_ projected: Tensor, _ start: Int, _ fromHidden: Tensor) throws {
      let batch = hidden.sizes[0]
      let width = inputWeights.columns / cell.gates
      let next = try Tensor.allocate([batch, width], T.dtype)
      let nextMemory = try memory.map { try Tensor.allocate($0.sizes, T.dtype) }
      try projected.read(as: T.self) { x in
        try fromHidden.read(as: T.self) { h in
          try next.writeUnshared(as: T.self) { to in
            for b in 0..<batch {
              let at = b * width * cell.gates
              func gate(_ k: Int, _ i: Int) -> (T, T) {
                let place = k * width + i
                return (
                  x[start + at + place] + (inputBias?[place] ?? 0),
                  h[at + place] + (hiddenBias?[place] ?? 0)
                )
              }
              func sum(_ k: Int, _ i: Int) -> T {
                let (a, b) = gate(k, i)
                return a + b
              }
              switch cell {
              case .tanh: for i in 0..<width { to[b * width + i] = T.hyperbolicTangent(sum(0, i)) }
              case .relu:
                for i in 0..<width {
                  let value = sum(0, i)
                  to[b * width + i] = value < 0 ? 0 : value
                }
              case .gru:
                try hidden.read(as: T.self) { old in
                  for i in 0..<width {
                    let reset = T.sigmoid(sum(0, i))
                    let update = T.sigmoid(sum(1, i))
                    let (a, c) = gate(2, i)
                    let new = T.hyperbolicTangent(a + reset * c)
                    to[b * width + i] = (old[b * width + i] - new) * update + new
                  }
                }
              case .lstm:
                guard let memory, let nextMemory else { return }
                try memory.read(as: T.self) { old in
                  try nextMemory.writeUnshared(as: T.self) { cells in
                    for i in 0..<width {
                      let value =
                        T.sigmoid(sum(1, i)) * old[b * width + i]
                        + T.sigmoid(sum(0, i)) * T.hyperbolicTangent(sum(2, i))
                      cells[b * width + i] = value
                      to[b * width + i] = T.sigmoid(sum(3, i)) * T.hyperbolicTangent(value)
                    }
                  }
                }
              }
            }
          }
        }
      }
      memory = nextMemory
      guard let projection else {
        hidden = next
        return
      }
      hidden = try Tensor.allocate([batch, projection.columns], T.dtype)
      try matrixProduct(
        Matrices(next, rows: batch, columns: width), projection,
        into: Matrices(hidden, rows: batch, columns: projection.columns))
    }
  }
}
