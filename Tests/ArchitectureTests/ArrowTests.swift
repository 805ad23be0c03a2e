import Testing

/// The arrows of the house: Kernels <- Tensor <- Ops <- NN <- Tracer <- Runtime.
@Suite struct ArrowTests {
  /// What each folder of `Sources` may import of the house and of other packages. A new folder
  /// gets a row here first.
  static let allowed: [String: Set<String>] = [
    "Kernels": ["COpenBLAS"],
    "Tensor": ["MartletKernels"],
    "Ops": ["MartletTensor", "MartletKernels"],
    "NN": ["MartletOps", "MartletTensor"],
    "Tracer": ["MartletNN", "MartletOps", "MartletTensor", "MartletKernels"],
    "TorchScript": [
      "MartletTracer", "MartletNN", "MartletOps", "MartletTensor", "MartletKernels", "CZlib",
    ],
    "Runtime": ["MartletTracer", "MartletOps", "MartletTensor", "MartletKernels"],
    "Models": ["MartletNN", "MartletOps", "MartletTensor", "MartletKernels"],
    "Vision": ["MartletTensor", "MartletKernels"],
    "Martlet": [
      "MartletTensor", "MartletOps", "MartletNN", "MartletTracer", "MartletTorchScript",
      "MartletRuntime", "MartletModels", "MartletVision",
    ],
    "Pictures": ["MartletKernels", "CGD"],
    "CLI": [
      "Martlet", "MartletKernels", "MartletOps", "MartletPictures", "MartletRuntime",
      "MartletTensor", "MartletTracer", "MartletVision", "ArgumentParser",
    ],
  ]

  static let mayUseFoundation: Set<String> = ["CLI", "Vision"]

  /// Modules of the system and the toolchain, free for all.
  static let system: Set<String> = [
    "Accelerate", "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl",
    "Synchronization",
  ]

  @Test func `there are sources to look at`() {
    #expect(SourceTree.sources.count > 20)
    #expect(SourceTree.sources.contains { $0.path == "Sources/Tensor/Tensor.swift" })
  }

  @Test func `imports are read`() {
    let file = SourceFile(
      path: "Sources/X/Y.swift",
      lines: [
        "import Foundation", "@_exported public import MartletOps", "// import CGD",
        "  import struct MartletTensor.Tensor", "let text = \"import Martlet\"",
      ])
    #expect(file.imports == ["Foundation", "MartletOps", "MartletTensor"])
  }

  @Test func `every folder keeps its arrows`() {
    for file in SourceTree.sources {
      guard let allowed = Self.allowed[file.folder] else {
        Issue.record("\(file.path): the folder has no row in the table of arrows")
        continue
      }
      let wrong = file.imports.subtracting(Self.system).subtracting(allowed)
      #expect(wrong.isEmpty, "\(file.path) imports \(wrong.sorted()); allowed: \(allowed.sorted())")
    }
  }

  /// Half of what a small program holds in memory would be Foundation's.
  @Test func `the library needs no Foundation`() {
    for file in SourceTree.sources {
      let isFree = file.imports.isDisjoint(with: ["Foundation", "FoundationEssentials"])
      #expect(isFree || Self.mayUseFoundation.contains(file.folder), "\(file.path)")
    }
  }

  @Test func `examples use what a user has`() {
    for file in SourceTree.examples {
      let wrong = file.imports.subtracting(Self.system)
        .subtracting(["Martlet", "MartletPictures"])
      #expect(wrong.isEmpty, "\(file.path) imports \(wrong.sorted())")
    }
  }

  @Test func `no test reaches past access control`() {
    for file in SourceTree.tests {
      let found = file.code.contains { $0.contains("@testable") }
      #expect(!found, "\(file.path): use `package` access in place of a testable import")
    }
  }
}
