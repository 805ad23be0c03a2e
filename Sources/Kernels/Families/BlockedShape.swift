/// An image in NCHWc: memory [N][⌈C / c⌉][H][W][c], where c is the vector's width in floats.
///
/// Lanes past the last channel may hold anything, infinities and NaN too: no kernel lets them
/// reach a real channel.
package struct BlockedShape: Sendable, Hashable {
  package var batch: Int
  package var channels: Int
  package var height: Int
  package var width: Int
  /// Channels in a block.
  package var lanes: Int

  package init(batch: Int, channels: Int, height: Int, width: Int, lanes: Int) {
    precondition(
      batch >= 0 && channels >= 0 && height >= 0 && width >= 0 && lanes > 0, "impossible shape")
    self.batch = batch
    self.channels = channels
    self.height = height
    self.width = width
    self.lanes = lanes
  }

  package var blocks: Int { (channels + lanes - 1) / lanes }

  /// Elements from one block of channels to the next.
  package var blockStride: Int { height * width * lanes }

  /// Elements from one image to the next.
  package var imageStride: Int { blocks * blockStride }

  /// Elements in all.
  package var count: Int { batch * imageStride }
}

/// How an image lies in memory.
package enum ImageFormat: Sendable, Hashable {
  /// Dense NCHW.
  case plain
  /// NCHWc with the instruction set's width.
  case blocked

  /// Elements that an image of these sizes takes.
  package func count(
    batch: Int, channels: Int, height: Int, width: Int, lanes: Int
  ) -> Int {
    switch self {
    case .plain: batch * channels * height * width
    case .blocked:
      BlockedShape(batch: batch, channels: channels, height: height, width: width, lanes: lanes)
        .count
    }
  }
}
