import MartletKernels
import MartletOps
import MartletTensor

/// Transposed convolutions with constant weights: each phase of the stride is an ordinary
/// convolution whose results lie a stride apart.
extension BlockedRegistry {
  static let transposed: KernelBuild = { try buildTransposed($0, &$1) }

  private static func buildTransposed(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard let call = try TransposedCall(instruction.arguments, instruction.result),
      let set = builder.instructionSet, instruction.isFloat32,
      let shape = BlockedShape(call.resultSizes, lanes: set.lanes),
      let none = BlockedChain([], channelAxis: 1)
    else { return false }
    let operations = instruction.epilogue.operations.map(\.raisedToImage)
    guard BlockedChain(operations, channelAxis: 1) != nil else { return false }
    let input = call.input
    var phases: [(kernel: BlockedConvolution, row: Int, column: Int, taps: ([Int], [Int]))] = []
    for row in 0..<call.stride[0] {
      for column in 0..<call.stride[1] {
        let phase = (call.axes[0].phase(row), call.axes[1].phase(column))
        if phase.0.count == 0 || phase.1.count == 0 { continue }
        guard let vertical = phase.0.window, let horizontal = phase.1.window else { return false }
        var window = WindowGeometry(
          batch: input.sizes[0], channels: input.sizes[1], height: input.sizes[2],
          width: input.sizes[3], kernelHeight: vertical.taps.count,
          kernelWidth: horizontal.taps.count, outHeight: phase.0.count, outWidth: phase.1.count)
        window.padY = vertical.pad
        window.padX = horizontal.pad
        guard
          let kernel = try BlockedConvolution(
            window: window, groups: call.groups, outChannels: shape.channels, input: .blocked,
            output: .blocked, hasBias: call.bias != nil, epilogue: none.operations,
            instructionSet: set)
        else { return false }
        phases.append((kernel, row, column, (vertical.taps, horizontal.taps)))
      }
    }
    let x = try builder.blockedOperand(input)
    let y = builder.blockedResult(instruction.result, shape)
    var steps: [TransposedPhase] = []
    for phase in phases {
      let kernel = phase.kernel
      let memory = try builder.packing.packed(
        call.weight, call.bias,
        form: "transposed \(phase.taps) \(kernel.algorithm) \(kernel.packing)",
        count: kernel.packedCount
      ) { _, bias, packed, _ in
        let weight = try call.weight(phase.taps.0, phase.taps.1)
        kernel.pack(weight: try weight.constantFloats(), bias: bias, into: packed)
      }
      let packed = MemorySlice<Float>(memory, count: kernel.packedCount)
      steps.append(
        TransposedPhase(
          kernel: phase.kernel, packed: packed, row: phase.row, column: phase.column,
          shape: shape, stride: call.stride))
    }
    try builder.addTransposed(steps, instruction, x, into: y)
    try builder.addBlocked(operations, on: y, of: instruction)
    return true
  }
}

extension StepBuilder {
  fileprivate mutating func addTransposed(
    _ phases: [TransposedPhase], _ instruction: Instruction, _ x: Operand, into y: Operand
  ) throws {
    let threads = threads
    let dense = scratch(max(phases.map(\.count).max() ?? 0, 1))
    let work = scratch(max(phases.map { $0.kernel.scratchCount(threads: threads) }.max() ?? 0, 1))
    let isWhole = phases.count == 1 && phases[0].count == y.layout.count
    add(
      "transposed \(phases.first?.kernel.kernelName ?? "")", instruction.title, instruction.origin,
      inputs: [x], outputs: [y], scratch: [dense, work]
    ) { context in
      let (from, to) = (x.elements(context), y.elements(context))
      for phase in phases {
        let place =
          isWhole ? to : dense.elements(context)[from: 0, count: phase.count]
        phase.kernel.run(
          from, packed: phase.packed, into: place, scratch: work.elements(context),
          threads: threads)
        if isWhole { continue }
        let first = phase.offset
        phase.copy.run(place, into: to[from: first, count: to.count - first], threads: threads)
      }
    }
  }
}

/// The results whose rows and columns leave given remainders when divided by the stride.
private struct TransposedPhase: Sendable {
  let kernel: BlockedConvolution
  let packed: MemorySlice<Float>
  /// Elements that it computes.
  let count: Int
  /// The first one's place in the whole result.
  let offset: Int
  let copy: StridedCopy

  init(
    kernel: BlockedConvolution, packed: MemorySlice<Float>, row: Int, column: Int,
    shape: BlockedShape, stride: [Int]
  ) {
    self.kernel = kernel
    self.packed = packed
    let rows = (shape.height - row + stride[0] - 1) / stride[0]
    let columns = (shape.width - column + stride[1] - 1) / stride[1]
    let (lanes, planes) = (shape.lanes, shape.batch * shape.blocks)
    count = planes * rows * columns * lanes
    offset = (row * shape.width + column) * lanes
    copy = StridedCopy(
      StridedGeometry(
        sizes: [planes, rows, columns, lanes],
        strides: [
          [shape.blockStride, stride[0] * shape.width * lanes, stride[1] * lanes, 1],
          [rows * columns * lanes, columns * lanes, lanes, 1],
        ]))
  }
}

/// A transposed convolution's arguments, in two dimensions; one dimension counts as the width.
private struct TransposedCall {
  let input: Tensor
  let bias: Tensor?
  let groups: Int
  let resultSizes: [Int]
  let axes: [TransposedAxis]
  /// [C, O / groups, kh, kw].
  let weight: Tensor

  var stride: [Int] { axes.map(\.stride) }

  /// Nil for other convolutions, and where weights are computed in the run.
  init?(_ arguments: Arguments, _ result: Tensor) throws {
    let (input, weight) = (try arguments.tensor("input"), try arguments.tensor("weight"))
    bias = try arguments.optionalTensor("bias")
    let count = weight.dim - 2
    guard arguments.isTransposedConvolution, count == 1 || count == 2, input.dim == weight.dim,
      !weight.isMeta, bias.map({ !$0.isMeta && $0.isContiguous }) ?? true
    else { return nil }
    let isLine = count == 1
    self.input = isLine ? input.unsqueezedView(2) : input
    self.weight = isLine ? weight.unsqueezedView(2) : weight
    resultSizes = isLine ? [result.sizes[0], result.sizes[1], 1, result.sizes[2]] : result.sizes
    groups = try arguments.int("groups")
    func list(_ name: String, _ neutral: Int) throws -> [Int] {
      (isLine ? [neutral] : []) + (try arguments.ints(name, count: count))
    }
    let (strides, padding) = (try list("stride", 1), try list("padding", 0))
    let dilation = try list("dilation", 1)
    let sizes = resultSizes
    let kernel = self.weight.sizes
    guard zip(strides, dilation).allSatisfy({ $0 == 1 || $1 == 1 }) else { return nil }
    axes = (0..<2).map {
      TransposedAxis(
        kernel: kernel[2 + $0], stride: strides[$0], padding: padding[$0], dilation: dilation[$0],
        outputs: sizes[2 + $0])
    }
  }

  /// The weights of some taps, as an ordinary convolution reads them: [O, C / groups, …].
  func weight(_ rows: [Int], _ columns: [Int]) throws -> Tensor {
    let (channels, outputs) = (weight.sizes[0] / groups, weight.sizes[1])
    let (height, width) = (weight.sizes[2], weight.sizes[3])
    let from: [Float] = try weight.elements()
    var to: [Float] = []
    to.reserveCapacity(from.count)
    for group in 0..<groups {
      for output in 0..<outputs {
        for channel in 0..<channels {
          let start = ((group * channels + channel) * outputs + output) * height * width
          for row in rows {
            for column in columns { to.append(from[start + row * width + column]) }
          }
        }
      }
    }
    return try Tensor(to, shape: [groups * outputs, channels, rows.count, columns.count])
  }
}

private struct TransposedAxis {
  let kernel, stride, padding, dilation, outputs: Int

  struct Window {
    /// The kernel's taps in the order in which inputs meet them.
    let taps: [Int]
    let pad: Int
  }

  struct Phase {
    /// Results of the phase.
    let count: Int
    /// Nil where no convolution with padding says it.
    let window: Window?
  }

  /// Output r + stride · q sums, over the taps k with r + padding − k a multiple of the stride, the
  /// inputs q + (r + padding − k) / stride.
  func phase(_ remainder: Int) -> Phase {
    let count = max((outputs - remainder + stride - 1) / stride, 0)
    if stride == 1 {
      let pad = dilation * (kernel - 1) - padding
      let isDilated = dilation > 1
      return Phase(
        count: count,
        window: pad < 0 || isDilated ? nil : Window(taps: (0..<kernel).reversed(), pad: pad))
    }
    let first = (remainder + padding) % stride
    let taps = Array(Swift.stride(from: first, to: kernel, by: stride))
    let pad = taps.count - 1 - (remainder + padding - first) / stride
    return Phase(
      count: count,
      window: taps.isEmpty || pad < 0 ? nil : Window(taps: taps.reversed(), pad: pad))
  }
}

extension Arguments {
  /// Whether the call is of a transposed convolution.
  var isTransposedConvolution: Bool {
    schema.name.hasPrefix("aten::conv_transpose") || hasFlag("transposed")
  }
}
