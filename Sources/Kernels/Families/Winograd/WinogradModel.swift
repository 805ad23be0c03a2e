#if canImport(Glibc)
  import Glibc
#endif

/// What a Winograd convolution costs, from sizes.
struct WinogradModel {
  var window: WindowGeometry
  var outChannels: Int
  var instructionSet: InstructionSet
  var tile: WinogradTile

  /// Tiles whose transformed inputs and products stay in the second-level cache.
  var tilesAtOnce: Int {
    let total = WinogradGrid(window, tile).count
    let lanes = instructionSet.lanes
    let blocks = (window.channels + lanes - 1) / lanes + (outChannels + lanes - 1) / lanes
    let perTile = tile.elements * blocks * instructionSet.vectorBytes
    let fitting = max(Self.secondCache * 3 / 4 / perTile, 1)
    let parts = (total + fitting - 1) / fitting
    return (total + parts - 1) / parts
  }

  static let secondCache = 512 << 10
}
