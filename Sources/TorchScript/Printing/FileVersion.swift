/// Versions of the archive's operators (`version` in the file): an operator whose meaning changed
/// needs the version in which it did.
enum FileVersion {
  /// The oldest that PyTorch writes.
  static let oldest = 3

  /// By the operators' names with their overloads, from `torch._C._get_operator_version_map()`.
  private static let changes: [String: Int] = [
    "aten::div.Tensor": 4, "aten::div.Scalar": 4, "aten::div.out": 4,
    "aten::div.Tensor_mode": 4, "aten::div.Scalar_mode": 4, "aten::div.out_mode": 4,
    "aten::div_.Tensor": 4, "aten::div_.Scalar": 4,
    "aten::div_.Tensor_mode": 4, "aten::div_.Scalar_mode": 4,
    "aten::full": 5, "aten::full.out": 5,
    "aten::linspace": 8, "aten::linspace.out": 8,
    "aten::logspace": 9, "aten::logspace.out": 9,
    "aten::gelu": 10, "aten::gelu.out": 10,
  ]

  static func needed(by operatorName: String) -> Int { changes[operatorName] ?? oldest }
}
