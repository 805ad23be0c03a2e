/// The vector instructions that kernels are generated for.
package enum InstructionSet: String, Sendable, Hashable, CaseIterable {
  /// AVX2 with FMA: 16 registers of 8 floats.
  case avx2
  /// AVX-512 (F, BW, DQ, VL): 32 registers of 16 floats, 7 masks.
  case avx512

  /// Floats in a vector.
  package var lanes: Int { self == .avx2 ? 8 : 16 }

  /// Bytes in a vector.
  package var vectorBytes: Int { lanes * 4 }

  package var vectorRegisterCount: Int { self == .avx2 ? 16 : 32 }
}

extension InstructionSet {
  /// Multiply-adds of whole vectors that a core of this machine begins in a cycle.
  var productsPerCycle: Int { self == .avx512 && Processor.halvesWideVectors ? 1 : 2 }

  /// Whether products are so fast that they wait for what comes from the second-level cache.
  var isFast: Bool { self == .avx512 && productsPerCycle > 1 }
}
