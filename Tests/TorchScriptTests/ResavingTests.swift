import Foundation
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTorchScript
import MartletTracer
import TestSupport
import Testing

/// Archives that PyTorch wrote, loaded and saved again.
@Suite struct ResavingTests {
  private func resaved<R>(
    _ name: String, _ body: (ZipArchive, ZipArchive, TracedModule, TracedModule) throws -> R
  ) throws -> R {
    try withTemporaryFolder { folder throws in
      let original = fixtureURL("saving/\(name).pt").path
      let paths = ["a.pt", "b.pt"].map { folder.appending(path: $0).path }
      let module = try TorchScript.load(original)
      try module.save(paths[0])
      let again = try TorchScript.load(paths[0])
      try again.save(paths[1])
      #expect(
        try Data(contentsOf: URL(filePath: paths[0])) == Data(contentsOf: URL(filePath: paths[1])))
      return try body(
        try ZipArchive(path: original), try ZipArchive(path: paths[0]), module, again)
    }
  }

  @Test func `a traced module's source is PyTorch's own`() throws {
    try resaved("traced") { original, saved, module, again throws in
      for name in original.names where name.hasSuffix(".py") {
        #expect(try saved.text(name) == original.text(name))
      }
      #expect(try saved.text("version") == original.text("version"))
      #expect(try saved.text("extra/notes/a.txt") == "hello")
      #expect(again.stateDict.map(\.path) == module.stateDict.map(\.path))
    }
  }

  @Test func `a scripted module keeps all that its source declares`() throws {
    try resaved("scripted") { _, saved, module, again throws in
      let source = try saved.text("code/__torch__.py")
      for part in [
        "  FACTOR : Final[int] = 4\n", "class Counter:\n  n : int\n",
        "class Scaling(ModuleInterface):\n  def forward(self, x: Tensor) -> Tensor:\n    pass\n",
        "class Shade(Enum):\n  LIGHT = 1\n  DARK = 2\n",
        "class Pair(NamedTuple):\n  x : Tensor\n  n : int\n",
        "    text: str=CONSTANTS.c0) -> Tensor:\n", "    k: int=3) -> ",
        "    _0 = \"AssertionError: a rather long message", "inf, -0., 1.0000000000000001e-05]\n",
        "      best : Optional[Tensor] = y1\n    else:\n      best = None\n",
        "      _3, _2, y0 = _7, _6, _5\n",
      ] {
        #expect(source.contains(part), "\(part)")
      }
      let x = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
      let (first, second) = (
        try module.run([.tensor(x), .int(4)]), try again.run([.tensor(x), .int(4)])
      )
      #expect(first.summary == second.summary)
      #expect(
        try first.tensors.map { try $0.array(of: Float.self) }
          == second.tensors.map { try $0.array(of: Float.self) })
      #expect(again.methodNames == ["forward", "other"])
    }
  }

  @Test func `packed parameters and quantised tensors are written by their states`() throws {
    try resaved("quantized") { _, saved, module, again throws in
      let x = try Tensor((0..<9).map { Float($0) / 9 }, shape: [1, 1, 3, 3])
      let (first, second) = (try module.run([.tensor(x)]), try again.run([.tensor(x)]))
      #expect(
        try first.tensors.map { try $0.array(of: Float.self) }
          == second.tensors.map { try $0.array(of: Float.self) })
      #expect(
        try saved.text("code/__torch__/torch/ao/nn/quantized/modules/linear.py")
          .contains("_packed_params : __torch__.torch.classes.quantized.LinearPackedParamsBase\n"))
    }
  }

  @Test func `a frozen module is one method with constants`() throws {
    try withTemporaryFolder { folder throws in
      let path = folder.appending(path: "f.pt").path
      let module = try TorchScript.load(fixtureURL("saving/traced.pt").path)
      try module.frozen().save(path)
      let archive = try ZipArchive(path: path)
      let source = try archive.text("code/__torch__.py")
      #expect(source.hasPrefix("class Traced(Module):\n  __parameters__ = []\n"))
      #expect(!source.contains("batch_norm") && !source.contains("self."))
      let x = try Tensor((0..<96).map { Float($0) / 96 }, shape: [2, 3, 4, 4])
      let (first, second) = (
        try module.run([.tensor(x)]), try TorchScript.load(path).run([.tensor(x)])
      )
      for (a, b) in zip(first.tensors, second.tensors) {
        for (x, y) in zip(try a.array(of: Float.self), try b.array(of: Float.self)) {
          #expect(abs(x - y) < 1e-5)
        }
      }
    }
  }
}
