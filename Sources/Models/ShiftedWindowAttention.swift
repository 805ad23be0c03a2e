import MartletNN
import MartletOps
import MartletTensor

/// Attention within windows of an image, which a shift lets reach over their borders, with a
/// learned bias for each distance (Liu et al. 2021): `[N, H, W, dim] -> [N, H, W, dim]`.
public final class ShiftedWindowAttention: Module {
  public let qkv, proj: Linear
  /// `[(2 · windowHeight - 1) · (2 · windowWidth - 1), numHeads]`.
  public let relativePositionBiasTable = Parameter()
  /// int64, the table's row for each pair of places of a window, flattened.
  public let relativePositionIndex = Buffer()
  /// Height and width in pixels of the features.
  public let windowSize, shiftSize: [Int]
  public let numHeads: Int
  public let attentionDropout, dropout: Double

  public init(
    _ dim: Int, windowSize: [Int], shiftSize: [Int], numHeads: Int,
    attentionDropout: Double = 0, dropout: Double = 0
  ) {
    qkv = Linear(dim, 3 * dim)
    proj = Linear(dim, dim)
    self.windowSize = windowSize
    self.shiftSize = shiftSize
    self.numHeads = numHeads
    self.attentionDropout = attentionDropout
    self.dropout = dropout
    super.init()
    require(
      windowSize.count == 2 && shiftSize.count == 2,
      "window_size and shift_size must be of length 2, got \(windowSize) and \(shiftSize)")
    require(
      windowSize.allSatisfy { $0 > 0 } && zip(shiftSize, windowSize).allSatisfy { 0..<$1 ~= $0 },
      "a shift is less than its window, got windows of \(windowSize) and shifts of \(shiftSize)")
    require(
      numHeads > 0 && dim % numHeads == 0,
      "\(dim) channels cannot be divided among \(numHeads) heads")
    initialize(relativePositionBiasTable) {
      let places = (2 * windowSize[0] - 1) * (2 * windowSize[1] - 1)
      return try Init.truncNormal([places, numHeads], std: 0.02)
    }
    construct { relativePositionIndex.value = try Self.index(windowSize[0], windowSize[1]) }
  }

  /// Row `(Δy + height - 1) · (2 · width - 1) + Δx + width - 1` of the table.
  private static func index(_ height: Int, _ width: Int) throws -> Tensor {
    let places = (0..<height * width).map { (y: $0 / width, x: $0 % width) }
    let rows = places.flatMap { a in
      places.map { b in
        Int64((a.y - b.y + height - 1) * (2 * width - 1) + a.x - b.x + width - 1)
      }
    }
    return try Tensor(rows, shape: [rows.count])
  }

  public override class var torchTypeName: String {
    "torchvision.models.swin_transformer.ShiftedWindowAttention"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    guard x.dim == 4, !x.sizes.contains(0) else {
      throw MartletError(
        .shape, "expected features of sizes [N, H, W, C] without zeros, got \(x.sizes)")
    }
    let windows = Windows(x.shape, windowSize, shiftSize)
    let area = windowSize[0] * windowSize[1]
    let parts = try windows.split(x)
    let headed = try qkv(parts).reshape([-1, area, 3, numHeads, qkv.inFeatures / numHeads])
      .permute([2, 0, 3, 1, 4])
    let attended = try F.scaledDotProductAttention(
      headed.select(dim: 0, index: 0), headed.select(dim: 0, index: 1),
      headed.select(dim: 0, index: 2), attnMask: bias(for: windows, x.dtype),
      dropoutP: training ? attentionDropout : 0)
    let joined = try attended.transpose(1, 2).reshape([-1, area, qkv.inFeatures])
    return try windows.join(F.dropout(proj(joined), p: dropout, training: training))
  }

  /// What is added to the scores: `[windows or 1, numHeads, area, area]`.
  private func bias(for windows: Windows, _ dtype: DType) throws -> Tensor {
    let area = windowSize[0] * windowSize[1]
    let bias = try relativePositionBiasTable.value[relativePositionIndex.value]
      .view([area, area, -1]).permute([2, 0, 1]).contiguous().unsqueeze(0)
    guard shiftSize != [0, 0] else { return bias }
    return try windows.repeated(windows.mask(dtype).unsqueeze(1) + bias)
  }
}

/// How an image is cut into windows. All sizes are those of the trace, so that one trace serves
/// images of every size.
private struct Windows {
  let batch, height, width, channels: Dim
  let windowHeight, windowWidth: Dim
  /// How many windows there are, down and across.
  let rows, columns: Dim
  let shiftY, shiftX: Dim
  let isShifted: Bool

  init(_ shape: Shape, _ windowSize: [Int], _ shiftSize: [Int]) {
    (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    (windowHeight, windowWidth) = (Dim(windowSize[0]), Dim(windowSize[1]))
    rows = (height + (windowHeight - 1)) / windowHeight
    columns = (width + (windowWidth - 1)) / windowWidth
    // A single window is not shifted: 1 / 1 is 1, and 1 / 2 is 0.
    shiftY = Dim(shiftSize[0]) * (1 - 1 / rows)
    shiftX = Dim(shiftSize[1]) * (1 - 1 / columns)
    isShifted = shiftSize != [0, 0]
  }

  var paddedHeight: Dim { rows * windowHeight }
  var paddedWidth: Dim { columns * windowWidth }
  var area: Dim { windowHeight * windowWidth }

  /// `[N, H, W, C] -> [N · windows, area, C]`.
  func split(_ x: Tensor) throws -> Tensor {
    var y = try x.pad([0, 0, 0, paddedWidth - width, 0, paddedHeight - height])
    if isShifted { y = try y.roll([-shiftY, -shiftX], dims: [1, 2]) }
    return try y.view([batch, rows, windowHeight, columns, windowWidth, channels])
      .permute([0, 1, 3, 2, 4, 5]).reshape([batch * rows * columns, area, channels])
  }

  /// `[N · windows, area, C] -> [N, H, W, C]`.
  func join(_ x: Tensor) throws -> Tensor {
    var y = try x.view([batch, rows, columns, windowHeight, windowWidth, channels])
      .permute([0, 1, 3, 2, 4, 5]).reshape([batch, paddedHeight, paddedWidth, channels])
    if isShifted { y = try y.roll([shiftY, shiftX], dims: [1, 2]) }
    return try y.slice(dim: 1, start: 0, end: height).slice(dim: 2, start: 0, end: width)
      .contiguous()
  }

  /// -100 where two places of a window come from different parts of the image, else 0:
  /// `[windows, area, area]`.
  func mask(_ dtype: DType) throws -> Tensor {
    func parts(_ size: Dim, _ window: Dim, _ shift: Dim) throws -> Tensor {
      let places = try Tensor.arange(size)
      return try places.ge(size - window).to(dtype) + places.ge(size - shift).to(dtype)
    }
    let down = try parts(paddedHeight, windowHeight, shiftY).unsqueeze(1)
    let across = try parts(paddedWidth, windowWidth, shiftX).unsqueeze(0)
    let numbers = try (down * 3 + across).view([rows, windowHeight, columns, windowWidth])
      .permute([0, 2, 1, 3]).reshape([rows * columns, area])
    return try (numbers.unsqueeze(1) - numbers.unsqueeze(2)).ne(0).to(dtype) * -100
  }

  /// The same for each image: `[windows, heads, area, area] -> [N · windows, heads, area, area]`.
  func repeated(_ bias: Tensor) throws -> Tensor {
    try bias.unsqueeze(0).expand([batch, -1, -1, -1, -1])
      .reshape([batch * rows * columns, -1, area, area])
  }
}
