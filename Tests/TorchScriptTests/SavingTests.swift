import Foundation
import MartletNN
import MartletOps
import MartletTensor
import MartletTorchScript
import MartletTracer
import TestSupport
import Testing

/// What `TracedModule.save` writes of models in Swift.
@Suite struct SavingTests {
  final class Block: Module {
    let conv = Conv2d(3, 3, kernelSize: 3, padding: 1, bias: false)
    let norm = BatchNorm2d(3)
    let relu = ReLU()

    func forward(_ x: Tensor) throws -> Tensor { try relu(norm(conv(x)) + x) }
  }

  final class Net: Module {
    let first = Block()
    let second = Block()
    let relu = ReLU()
    let layers = Sequential(Flatten(), Linear(12, 2))
    let unused = Linear(1, 1)

    func forward(_ x: Tensor) throws -> Tensor { try layers(relu(relu(second(first(x))))) }
  }

  private func traced() throws -> TracedModule {
    let net = Net()
    net.eval()
    return try trace(net, Tensor.ones([2, 3, 2, 2]))
  }

  private func saved<R>(
    _ module: TracedModule, extraFiles: [String: [UInt8]] = [:],
    _ body: (ZipArchive) throws -> R
  ) throws -> R {
    try withTemporaryFolder { folder throws in
      let path = folder.appending(path: "m.pt").path
      try module.save(path, extraFiles: extraFiles)
      return try body(try ZipArchive(path: path))
    }
  }

  @Test func `PyTorch's layers have PyTorch's text`() throws {
    try saved(try traced()) { archive throws in
      #expect(
        try archive.text("code/__torch__/torch/nn/modules/batchnorm.py") == """
          class BatchNorm2d(Module):
            __parameters__ = ["weight", "bias", ]
            __buffers__ = ["running_mean", "running_var", "num_batches_tracked", ]
            weight : Tensor
            bias : Tensor
            running_mean : Tensor
            running_var : Tensor
            num_batches_tracked : Tensor
            training : bool
            _is_full_backward_hook : Optional[bool]
            def forward(self: __torch__.torch.nn.modules.batchnorm.BatchNorm2d,
              argument_1: Tensor) -> Tensor:
              running_var = self.running_var
              running_mean = self.running_mean
              bias = self.bias
              weight = self.weight
              _0 = torch.batch_norm(argument_1, weight, bias, running_mean, running_var, False, \
          0.10000000000000001, 1.0000000000000001e-05, True)
              return _0

          """)
      #expect(
        try archive.text("code/__torch__/torch/nn/modules/container.py") == """
          class Sequential(Module):
            __parameters__ = []
            __buffers__ = []
            training : bool
            _is_full_backward_hook : Optional[bool]
            __annotations__["0"] = __torch__.torch.nn.modules.flatten.Flatten
            __annotations__["1"] = __torch__.torch.nn.modules.linear.Linear
            def forward(self: __torch__.torch.nn.modules.container.Sequential,
              argument_1: Tensor) -> Tensor:
              _0 = getattr(self, "1")
              _1 = (getattr(self, "0")).forward(argument_1, )
              return (_0).forward(_1, )

          """)
    }
  }

  @Test func `modules that do the same share a class, others have one of their own`() throws {
    try saved(try traced()) { archive throws in
      let source = try archive.text("code/__torch__.py")
      #expect(source.contains("first : __torch__.Block\n"))
      #expect(source.contains("second : __torch__.Block\n"))
      // Called twice, so it has a second method.
      #expect(
        source.contains(
          "relu : __torch__.torch.nn.modules.activation.___torch_mangle_0.ReLU\n"))
      let relu = try archive.text(
        "code/__torch__/torch/nn/modules/activation/___torch_mangle_0.py")
      #expect(relu.contains("def forward1(self"))
      // Never called, but part of the state.
      let unused = "unused : __torch__.torch.nn.modules.linear.___torch_mangle_1.Linear\n"
      #expect(source.contains(unused))
    }
  }

  @Test func `the files are those that PyTorch's loader asks for`() throws {
    try saved(try traced(), extraFiles: ["notes/a.txt": Array("hello".utf8)]) { archive throws in
      #expect(archive.root == "archive")
      #expect(archive.names.first == "extra/notes/a.txt")
      #expect(try archive.text("extra/notes/a.txt") == "hello")
      #expect(try archive.text("byteorder") == "little")
      #expect(try archive.text(".data/serialization_id").count == 40)
      #expect(try archive.bytes("traced_inputs/0") == [])
      for name in ["data.pkl", "constants.pkl", "traced_inputs.pkl", "version"] {
        #expect(archive.names.contains(name), "\(name)")
      }
    }
  }

  @Test func `entries are stored at multiples of 64`() throws {
    try withTemporaryFolder { folder throws in
      let url = folder.appending(path: "m.pt")
      try traced().save(url.path)
      let bytes = [UInt8](try Data(contentsOf: url))
      func number(_ at: Int, _ width: Int) -> Int {
        (0..<width).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
      }
      var position = 0
      var count = 0
      while number(position, 4) == 0x0403_4B50 {
        #expect(number(position + 8, 2) == 0)
        let start = position + 30 + number(position + 26, 2) + number(position + 28, 2)
        #expect(start % 64 == 0)
        position = start + number(position + 18, 4)
        count += 1
      }
      #expect(count > 20)
      #expect(number(position, 4) == 0x0201_4B50)
    }
  }

  @Test func `one model gives the same bytes each time, under any file name`() throws {
    try withTemporaryFolder { folder throws in
      let module = try traced()
      let paths = ["a.pt", "b.pt", "c.pt"].map { folder.appending(path: $0).path }
      try module.save(paths[0])
      try module.save(paths[1])
      try TorchScript.load(paths[0]).save(paths[2])
      let files = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
      #expect(files[0] == files[1])
      #expect(files[0] == files[2])
    }
  }

  @Test(arguments: ["3", "4", "5", "10"])
  func `the version is the oldest that has the operators`(version: String) throws {
    let module = try trace(Tensor.ones([2])) { (x: Tensor) in
      switch version {
      case "3": try x.relu()
      case "4": try x / x
      case "5": try x + Tensor.full([2], 1.5)
      default: try F.gelu(x / x)
      }
    }
    try saved(module) { archive throws in #expect(try archive.text("version") == version + "\n") }
  }

  @Test func `a function is saved as PyTorch's tracer does`() throws {
    let offset = try Tensor([1, 2] as [Float])
    let module = try trace(Tensor.ones([2]), try Tensor.ones([2])) { (x: Tensor, y: Tensor) in
      try x * y + offset
    }
    try saved(module) { archive throws in
      #expect(
        try archive.text("code/__torch__.py") == """
          class PlaceholderModule(Module):
            __parameters__ = []
            __buffers__ = []
            training : bool
            def forward(self: __torch__.PlaceholderModule,
              x1: Tensor,
              x2: Tensor) -> Tensor:
              _0 = torch.add(torch.mul(x1, x2), CONSTANTS.c0)
              return _0

          """)
      #expect(archive.names.contains("constants/0"))
    }
  }

  @Test func `what cannot be saved is told, and no file appears`() throws {
    try withTemporaryFolder { folder throws in
      let path = folder.appending(path: "m.pt").path
      let meta = TracedModule(
        typeName: "Net", attributes: [.init("weight", try .meta([2], .float32), .parameter)],
        children: [], methods: [])
      expectError("a meta tensor has no values to save", kind: .value) { try meta.save(path) }
      let named = TracedModule(
        typeName: "Net", attributes: [], children: [], methods: [("for", Graph())])
      expectError("'for' cannot be a method's name", kind: .argument) { try named.save(path) }
      expectError("no name in an archive", kind: .argument) {
        try traced().save(path, extraFiles: ["../a": []])
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }
}
