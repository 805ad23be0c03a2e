import MartletKernels
import MartletNN
import MartletOps
import MartletTensor

extension YOLOv8 {
  /// What the heads that find things share: distances to the four sides of a box, and a score for
  /// each class, at each place of three grids.
  public class Head: ModuleBase {
    static let binCount = 16
    /// Pixels of the input for one of each grid.
    static let strides = [8, 16, 32]

    public let cv2, cv3: ModuleList<Sequential>
    public let dfl: DFL
    private let classCount: Int
    /// Whether a trace keeps the grids' sizes open; see `YOLOv8`.
    private let isDynamic: Bool

    init(_ parts: Parts, isDynamic: Bool) {
      cv2 = parts.boxes
      cv3 = parts.classes
      dfl = parts.dfl
      classCount = parts.classCount
      self.isDynamic = isDynamic
    }

    /// What is made before a head's own layers, so that random numbers go to the same ones as in
    /// PyTorch.
    struct Parts {
      let boxes, classes: ModuleList<Sequential>
      let dfl: DFL
      let classCount: Int

      init(classCount: Int, channels: [Int]) {
        boxes = branches(
          channels, max(16, channels[0] / 4, Head.binCount * 4), 4 * Head.binCount)
        classes = branches(channels, max(channels[0], min(classCount, 100)), classCount)
        dfl = DFL(Head.binCount)
        self.classCount = classCount
      }
    }

    /// For each grid two 3×3 convolutions and a 1×1 one.
    static func branches(
      _ channels: [Int], _ hidden: Int, _ outChannels: Int
    ) -> ModuleList<Sequential> {
      ModuleList(
        channels.map {
          Sequential(
            Conv($0, hidden, kernelSize: 3), Conv(hidden, hidden, kernelSize: 3),
            Conv2d(hidden, outChannels, kernelSize: 1))
        })
    }

    /// Biases that expect boxes of medium size, and few of them: some five in a picture of 640
    /// pixels.
    func initializeBiases() {
      for (index, stride) in Self.strides.enumerated() {
        if let last = cv2[index][2] as? Conv2d {
          initialize(last.bias) { try Init.constant(sizes(of: last.bias), 2) }
        }
        if let last = cv3[index][2] as? Conv2d {
          let side = 640 / Double(stride)
          let share = 5 / Double(classCount) / (side * side)
          initialize(last.bias) { try Init.constant(sizes(of: last.bias), Libm.log(share)) }
        }
      }
    }

    /// The branches' results for all grids in one row: `[N, channels, A]`.
    func joined(_ branches: ModuleList<Sequential>, _ features: [Tensor]) throws -> Tensor {
      let parts = try zip(branches, features).map { branch, x in
        let y = try branch(x)
        return try y.view([x.shape[0], y.shape[1], -1])
      }
      return try Tensor.cat(parts, dim: 2)
    }

    /// Centres, widths and heights in pixels of the input, and scores: `[N, 4 + classes, A]`.
    func decoded(_ features: [Tensor], _ grid: Grid) throws -> Tensor {
      let distances = try dfl(joined(cv2, features))
      let scores = try joined(cv3, features)
      let sides = try distances.chunk(2, dim: 1)
      let first = try grid.points - sides[0]
      let second = try grid.points + sides[1]
      let box = try Tensor.cat([(first + second) / 2, second - first], dim: 1)
      return try Tensor.cat([box * grid.strides, scores.sigmoid()], dim: 1)
    }

    func grid(_ features: [Tensor]) throws -> Grid {
      isDynamic ? try Grid(recordedFrom: features) : try Grid(fixedBy: features)
    }
  }

  /// The centres of the grids' fields, `[1, 2, A]` in fields, and what a field measures in pixels,
  /// `[1, A]`.
  struct Grid {
    let points, strides: Tensor

    /// Constants for these sizes.
    init(fixedBy features: [Tensor]) throws {
      var (x, y, strides): ([Float], [Float], [Float]) = ([], [], [])
      for (feature, stride) in zip(features, Head.strides) {
        let (rows, columns) = (feature.sizes[2], feature.sizes[3])
        for row in 0..<rows {
          x += (0..<columns).map { Float($0) + 0.5 }
          y += [Float](repeating: Float(row) + 0.5, count: columns)
        }
        strides += [Float](repeating: Float(stride), count: rows * columns)
      }
      points = try Tensor(x + y, shape: [1, 2, x.count])
      self.strides = try Tensor(strides, shape: [1, strides.count])
    }

    /// Computed from the sizes in every run.
    init(recordedFrom features: [Tensor]) throws {
      var (points, strides): ([Tensor], [Tensor]) = ([], [])
      for (feature, stride) in zip(features, Head.strides) {
        let (rows, columns) = (feature.shape[2], feature.shape[3])
        let x = try Tensor.arange(columns, dtype: .float32) + 0.5
        let y = try Tensor.arange(rows, dtype: .float32) + 0.5
        let grid = try Tensor.meshgrid([y, x])
        points.append(try Tensor.stack([grid[1], grid[0]]).view([1, 2, -1]))
        strides.append(try Tensor.full([1, rows * columns], Double(stride), dtype: .float32))
      }
      self.points = try Tensor.cat(points, dim: 2)
      self.strides = try Tensor.cat(strides, dim: 1)
    }
  }

  /// Boxes and scores.
  public final class Detect: Head, Forward {
    init(classCount: Int, channels: [Int], isDynamic: Bool) {
      super.init(Parts(classCount: classCount, channels: channels), isDynamic: isDynamic)
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.head.Detect" }

    public func forward(_ features: [Tensor]) throws -> Tensor {
      try decoded(features, grid(features))
    }
  }

  /// Boxes, scores, what mixes their masks, and the prototypes that are mixed.
  public final class Segment: Head, Forward {
    public let proto: Proto
    public let cv4: ModuleList<Sequential>

    init(
      classCount: Int, maskCount: Int, prototypeChannels: Int, channels: [Int], isDynamic: Bool
    ) {
      let parts = Parts(classCount: classCount, channels: channels)
      proto = Proto(channels[0], prototypeChannels, maskCount)
      cv4 = Self.branches(channels, max(channels[0] / 4, maskCount), maskCount)
      super.init(parts, isDynamic: isDynamic)
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.head.Segment" }

    public func forward(_ features: [Tensor]) throws -> (Tensor, Tensor) {
      let found = try decoded(features, grid(features))
      let weights = try joined(cv4, features)
      return (try Tensor.cat([found, weights], dim: 1), try proto(features[0]))
    }
  }

  /// Boxes, scores and key points.
  public final class Pose: Head, Forward {
    public let cv4: ModuleList<Sequential>
    private let keypointCount, dimensions: Int

    init(classCount: Int, keypoints: Int, dimensions: Int, channels: [Int], isDynamic: Bool) {
      let parts = Parts(classCount: classCount, channels: channels)
      let numbers = keypoints * dimensions
      cv4 = Self.branches(channels, max(channels[0] / 4, numbers), numbers)
      keypointCount = keypoints
      self.dimensions = dimensions
      super.init(parts, isDynamic: isDynamic)
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.head.Pose" }

    public func forward(_ features: [Tensor]) throws -> Tensor {
      let grid = try grid(features)
      let found = try decoded(features, grid)
      let raw = try joined(cv4, features)
      let (batch, numbers) = (raw.shape[0], raw.shape[1])
      let points = try raw.view([batch, Dim(keypointCount), Dim(dimensions), -1])
      let parts = dimensions == 3 ? try points.split([2, 1], dim: 2) : [points]
      var placed = try (parts[0] * 2 + (grid.points - 0.5)) * grid.strides
      if dimensions == 3 { placed = try Tensor.cat([placed, parts[1].sigmoid()], dim: 2) }
      return try Tensor.cat([found, placed.view([batch, numbers, -1])], dim: 1)
    }
  }

  /// Probabilities of classes: `[N, C, H, W] -> [N, classes]`; logits in training.
  public final class Classify: Module {
    public let conv: Conv
    public let pool = AdaptiveAvgPool2d(1)
    public let drop = Dropout(p: 0, inplace: true)
    public let linear: Linear

    public init(_ inChannels: Int, _ classCount: Int, norm: Norm = .standard) {
      let hidden = 1280
      conv = Conv(inChannels, hidden, norm: norm)
      linear = Linear(hidden, classCount)
    }

    public override class var torchTypeName: String { "ultralytics.nn.modules.head.Classify" }

    public func forward(_ x: Tensor) throws -> Tensor {
      let logits = try linear(drop(pool(conv(x)).flatten(startDim: 1)))
      return training ? logits : try logits.softmax(dim: 1)
    }
  }
}
