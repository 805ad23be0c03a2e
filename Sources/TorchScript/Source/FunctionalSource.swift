/// Functions of `torch.nn.functional` for scripts that call them.
enum FunctionalSource {
  static let qualifier = "__torch__.torch.nn.functional"
}
