/// The globals that a pickle may name. Any other is an error, whatever it would be used for.
package struct PickleGlobals: Sendable {
  package var names: Set<PickleGlobal>
  /// Modules all of whose names may stand: `__torch__` also lets `__torch__.torch.nn` in.
  package var modules: Set<String>
  /// Whether any name may stand, for values that are only looked at.
  package var allowsAll = false

  package init(names: Set<PickleGlobal> = [], modules: Set<String> = []) {
    self.names = names
    self.modules = modules
  }

  package func contains(_ global: PickleGlobal) -> Bool {
    if allowsAll || names.contains(global) || modules.contains(global.module) { return true }
    guard let dot = global.module.firstIndex(of: ".") else { return false }
    return modules.contains(String(global.module[..<dot]))
  }

  package func union(_ other: PickleGlobals) -> PickleGlobals {
    var result = self
    result.names.formUnion(other.names)
    result.modules.formUnion(other.modules)
    result.allowsAll = allowsAll || other.allowsAll
    return result
  }

  /// What tensors are made of.
  package static let tensors = PickleGlobals(
    names: Set(
      StoredTensor.rebuilders.keys.map { PickleGlobal("torch._utils", $0) }
        + StorageType.all.flatMap { type in
          [PickleGlobal("torch", type.storageName), PickleGlobal("torch", type.name)]
        }
        + [
          PickleGlobal("torch.storage", "UntypedStorage"),
          PickleGlobal("torch.storage", "TypedStorage"),
          PickleGlobal("torch", "per_tensor_affine"),
          PickleGlobal("torch", "per_channel_affine"),
          PickleGlobal("torch", "per_channel_affine_float_qparams"),
          PickleGlobal("torch", "device"),
          PickleGlobal("torch", "Size"),
          PickleGlobal("torch.nn.parameter", "Parameter"),
          PickleGlobal("torch.serialization", "_get_layout"),
          PickleGlobal("collections", "OrderedDict"),
        ]))

  /// What TorchScript's own pickles hold: modules and the types that scripts know.
  package static let torchScript = tensors.union(
    PickleGlobals(
      names: Set(
        [
          "build_intlist", "build_tensorlist", "build_doublelist", "build_boollist",
          "build_complexlist", "build_tensor_from_id", "restore_type_tag",
        ].map { PickleGlobal("torch.jit._pickle", $0) } + [PickleGlobal("builtins", "complex")]),
      modules: ["__torch__"]))
}
