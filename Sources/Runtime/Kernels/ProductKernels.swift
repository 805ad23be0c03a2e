import MartletKernels
import MartletOps
import MartletTensor

/// Matrix products in float32.
extension KernelRegistry {
  static let productKernels: [String: KernelBuild] = [
    "aten::linear": buildLinear,
    "aten::mm": { try buildProduct($0, "self", "mat2", &$1) },
    "aten::bmm": { try buildProduct($0, "self", "mat2", &$1) },
    "aten::matmul": { try buildProduct($0, "self", "other", &$1) },
    "aten::addmm": buildAddmm,
  ]

  /// x Wᵀ + b over the last axis of x.
  @Sendable private static func buildLinear(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let (x, weight) = (try arguments.tensor("input"), try arguments.tensor("weight"))
    guard instruction.isFloat32, x.dim >= 1, weight.dim == 2, weight.isContiguous else {
      return false
    }
    let bias = try arguments.optionalTensor("bias")
    let (features, depth) = (weight.sizes[0], weight.sizes[1])
    guard bias?.isContiguous ?? true, bias?.count ?? features == features else { return false }
    try addProduct(
      instruction, x, MatrixLayout(rows: x.sizes.dropLast().reduce(1, *), columns: depth), weight,
      MatrixLayout(rows: depth, columns: features, isTransposed: true), bias: bias, &builder)
    return true
  }

  /// self + mat1 · mat2 where self is a row.
  @Sendable private static func buildAddmm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let bias = try arguments.tensor("self")
    let (a, b) = (try arguments.tensor("mat1"), try arguments.tensor("mat2"))
    guard instruction.isFloat32, try arguments.scalar("beta").double == 1,
      try arguments.scalar("alpha").double == 1, bias.dim == 1, bias.isContiguous,
      bias.count == b.sizes[1]
    else { return false }
    guard let right = MatrixLayout(b) else { return false }
    try addProduct(
      instruction, a, MatrixLayout(rows: a.sizes[0], columns: a.sizes[1]), b, right, bias: bias,
      &builder)
    return true
  }

  @Sendable private static func buildProduct(
    _ instruction: Instruction, _ left: String, _ right: String, _ builder: inout StepBuilder
  ) throws -> Bool {
    let (a, b) = (try instruction.arguments.tensor(left), try instruction.arguments.tensor(right))
    guard instruction.isFloat32, a.dim >= 2, b.dim >= 2 else { return false }
    if b.dim == 2, let layout = MatrixLayout(b) {
      // All of a's rows at once.
      try addProduct(
        instruction, a,
        MatrixLayout(rows: a.sizes.dropLast().reduce(1, *), columns: a.sizes[a.dim - 1]), b,
        layout, bias: nil, &builder)
      return true
    }
    guard a.sizes.dropLast(2) == b.sizes.dropLast(2) else { return false }
    try addBatch(instruction, a, b, &builder)
    return true
  }

  private static func addProduct(
    _ instruction: Instruction, _ a: Tensor, _ aLayout: MatrixLayout, _ b: Tensor,
    _ bLayout: MatrixLayout, bias: Tensor?, _ builder: inout StepBuilder
  ) throws {
    let x = try builder.dense(a)
    let w = try builder.operand(b)
    let biasOperand = try bias.map { try builder.operand($0) }
    let epilogue = try builder.epilogue(instruction, bias: biasOperand, axis: .column)
    let y = try builder.result(instruction.result)
    let result = MatrixLayout(rows: aLayout.rows, columns: bLayout.columns)
    let threads = builder.threads
    builder.add(
      "gemm", instruction.title, instruction.origin, inputs: [x, w] + epilogue.operands,
      outputs: [y]
    ) { context in
      // An empty batch has no memory for even one matrix.
      if y.layout.count == 0 { return }
      gemm(
        aLayout.matrix(x.elements(context)), bLayout.matrix(w.elements(context)),
        into: result.matrix(y.elements(context)), epilogue: epilogue.placed(context),
        threads: threads)
    }
  }

  private static func addBatch(
    _ instruction: Instruction, _ a: Tensor, _ b: Tensor, _ builder: inout StepBuilder
  ) throws {
    let count = a.sizes.dropLast(2).reduce(1, *)
    let (x, aLayout, aStride) = try batchOperand(a, count, &builder)
    let (w, bLayout, bStride) = try batchOperand(b, count, &builder)
    let epilogue = try builder.epilogue(instruction, bias: nil, axis: .column)
    let y = try builder.result(instruction.result)
    let result = MatrixLayout(rows: aLayout.rows, columns: bLayout.columns)
    let batch = Batch(
      count: count, aStride: aStride, bStride: bStride, cStride: result.rows * result.columns)
    let threads = builder.threads
    builder.add(
      "gemm", instruction.title, instruction.origin, inputs: [x, w] + epilogue.operands,
      outputs: [y]
    ) { context in
      // An empty batch has no memory for even one matrix.
      if y.layout.count == 0 { return }
      gemm(
        aLayout.matrix(x.elements(context)), bLayout.matrix(w.elements(context)),
        into: result.matrix(y.elements(context)), batch: batch,
        epilogue: epilogue.placed(context), threads: threads)
    }
  }

  /// A batched operand as it lies where its batch axes are evenly spaced, else a dense copy.
  static func batchOperand(
    _ tensor: Tensor, _ count: Int, _ builder: inout StepBuilder
  ) throws -> (Operand, MatrixLayout, Int) {
    let rank = tensor.dim
    let (rows, columns) = (tensor.sizes[rank - 2], tensor.sizes[rank - 1])
    let last = Layout(
      sizes: Array(tensor.sizes.suffix(2)), strides: Array(tensor.strides.suffix(2)))
    let outer = StridedGeometry(
      sizes: Array(tensor.sizes.dropLast(2)), strides: [Array(tensor.strides.dropLast(2))])
    if let layout = MatrixLayout(last), outer.sizes.count == 1 {
      return (try builder.operand(tensor), layout, count > 1 ? outer.strides[0][0] : 0)
    }
    return (
      try builder.dense(tensor), MatrixLayout(rows: rows, columns: columns), rows * columns
    )
  }
}

/// How a matrix lies from an operand's first element on.
struct MatrixLayout: Sendable {
  let rows: Int
  let columns: Int
  let stride: Int
  let isTransposed: Bool

  init(rows: Int, columns: Int, isTransposed: Bool = false) {
    self.rows = rows
    self.columns = columns
    self.isTransposed = isTransposed
    stride = max(isTransposed ? rows : columns, 1)
  }

  /// Nil when neither axis is dense.
  init?(_ tensor: Tensor) { self.init(tensor.layout) }

  init?(_ layout: Layout) {
    guard layout.rank == 2 else { return nil }
    rows = layout.sizes[0]
    columns = layout.sizes[1]
    if layout.strides[1] == 1 || columns <= 1, layout.strides[0] >= max(columns, 1) || rows <= 1 {
      isTransposed = false
      stride = max(layout.strides[0], columns, 1)
    } else if layout.strides[0] == 1 || rows <= 1,
      layout.strides[1] >= max(rows, 1) || columns <= 1
    {
      isTransposed = true
      stride = max(layout.strides[1], rows, 1)
    } else {
      return nil
    }
  }

  func matrix(_ elements: MemorySlice<Float>) -> Matrix<Float> {
    Matrix(elements, rows: rows, columns: columns, stride: stride, transposed: isTransposed)
  }
}
