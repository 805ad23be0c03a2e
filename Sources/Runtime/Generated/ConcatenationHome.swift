import MartletKernels
import MartletOps
import MartletTensor

/// Where in a concatenation's image one of its parts is computed, so that it need not be copied.
struct ConcatenationHome {
  let whole: Storage
  let wholeShape: BlockedShape
  /// Of the whole image, a block's first.
  let firstChannel: Int
  let partShape: BlockedShape
}

extension ConcatenationHome {
  /// The homes of all parts that can have one: whole storages, or neighbouring slices that make
  /// up one, of single images, along the channels, each from a block's first channel on.
  static func all(in list: InstructionList, lanes: Int) -> [ObjectIdentifier: ConcatenationHome] {
    var homes: [ObjectIdentifier: ConcatenationHome] = [:]
    for instruction in list.instructions {
      guard let parts = instruction.channelParts,
        let shape = BlockedShape(instruction.result.sizes, lanes: lanes), shape.batch == 1
      else { continue }
      var first = 0
      var bases: [ObjectIdentifier: (start: Int, covered: Int, part: Tensor)] = [:]
      for part in parts {
        let key = ObjectIdentifier(part.storage)
        let from = part.layout.offset / shape.pixels
        if let known = bases[key] {
          // The next slice of the same storage must follow.
          bases[key] =
            known.start == first - from && known.covered == from
            ? (known.start, from + part.sizes[1], part) : (-1, 0, part)
        } else {
          bases[key] = (first - from, from == 0 ? part.sizes[1] : -1, part)
        }
        first += part.sizes[1]
      }
      for (key, base) in bases where homes[key] == nil && base.start >= 0 {
        let channels = base.part.storage.byteCount / (shape.pixels * MemoryLayout<Float>.stride)
        guard base.part.isMeta, list.writer(of: base.part) != nil, base.covered == channels,
          base.start % lanes == 0, channels % lanes == 0 || base.start + channels == shape.channels
        else { continue }
        homes[key] = ConcatenationHome(
          whole: instruction.result.storage, wholeShape: shape, firstChannel: base.start,
          partShape: BlockedShape(
            batch: 1, channels: channels, height: shape.height, width: shape.width, lanes: lanes))
      }
    }
    return homes
  }
}

extension Instruction {
  /// The parts of a concatenation of images along the channels, or nil.
  var channelParts: [Tensor]? {
    guard ["aten::cat", "aten::concat", "aten::concatenate"].contains(name), isFloat32,
      outputs.count == 1, result.dim == 4, let dim = try? arguments.dim("dim", rank: 4), dim == 1,
      let parts = try? arguments.tensors("tensors"), parts.allSatisfy({ $0.dim == 4 })
    else { return nil }
    return parts.filter { $0.count > 0 }
  }
}
