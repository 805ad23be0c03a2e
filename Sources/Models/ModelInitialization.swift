import MartletNN
import MartletTensor

/// Second initialisations, by which the Python libraries replace the layers' own.
extension ModuleBase {
  /// Sets a bias, if there is one, to zeros.
  func clear(_ bias: Parameter?) {
    initialize(bias) { try Init.zeros(sizes(of: bias)) }
  }

  /// Draws normal numbers for a weight.
  func drawNormal(_ weight: Parameter, std: Double) {
    initialize(weight) { try Init.normal(sizes(of: weight), std: std) }
  }

  /// torchvision's usual choice: convolutions by their outputs, linear layers narrowly.
  func initializeForReLU() {
    for module in modules() {
      switch module {
      case let layer as Conv2d:
        initialize(layer.weight) {
          try Init.kaimingNormal(sizes(of: layer.weight), mode: .fanOut, nonlinearity: .relu)
        }
        clear(layer.bias)
      case let layer as Linear:
        drawNormal(layer.weight, std: 0.01)
        clear(layer.bias)
      default: break
      }
    }
  }

  func sizes(of parameter: Parameter?) -> [Int] { parameter?.value.sizes ?? [] }
}
