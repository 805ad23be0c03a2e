extension TilePlan {
  /// Puts weights where the kernels read them: by panel, channel block, kernel row, channel,
  /// tap. Strides count elements of `w`; lanes and channels that are none get zeros.
  func pack(
    _ w: UnsafePointer<Float>, outStride: Int, channelStride: Int, tapStride: Int,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let lanes = geometry.lanes
    let rows = geometry.kernelRows
    let taps = geometry.taps
    var to = unsafe packed
    for panel in panels {
      let width = panel.vectors * lanes
      let first = panel.firstVector * lanes
      let real = min(width, geometry.outChannels - first)
      var channel = 0
      while channel < geometry.channels {
        let block = min(geometry.blockChannels, geometry.channels - channel)
        for row in 0..<rows {
          for c in channel..<(channel + geometry.blockChannels) {
            for tap in 0..<taps {
              if c < channel + block {
                let from =
                  unsafe w + first * outStride + c * channelStride + (row * taps + tap) * tapStride
                for lane in 0..<real { unsafe to[lane] = from[lane &* outStride] }
                for lane in real..<width { unsafe to[lane] = 0 }
              } else {
                unsafe to.update(repeating: 0, count: width)
              }
              unsafe to += width
            }
          }
        }
        channel += geometry.blockChannels
      }
    }
  }
}
