import Foundation
import MartletNN
import MartletKernels
import MartletTensor
import MartletTorchScript
import TestSupport
import Testing

@Suite struct CheckpointTests {
  typealias Index = [String: [String: StoredContents]]

  static let index = (try? jsonFixture("archives/index.json", as: Index.self)) ?? [:]

  @Test func `the fixtures are there`() {
    #expect(Self.index.count == 7)
  }

  @Test(arguments: Self.index.keys.sorted())
  func `every form of a state dictionary has PyTorch's values`(_ file: String) throws {
    let tensors = try TorchScript.loadStateDict(archivePath(file))
    let wanted = try #require(Self.index[file])
    #expect(Set(tensors.map(\.name)) == Set(wanted.keys))
    #expect(tensors.first?.name == "plain.float32")
    for (name, tensor) in tensors { try wanted[name]?.check(tensor, name) }
  }

  @Test func `tensors share what they shared`() throws {
    for file in ["weights.pth", "legacy.pth", "big.pth"] {
      let tensors = Dictionary(
        uniqueKeysWithValues: try TorchScript.loadStateDict(archivePath(file))
          .map { ($0.name, $0.tensor) })
      let whole = try #require(tensors["whole"])
      for name in ["part", "transposed", "stepped", "expanded"] {
        #expect(tensors[name]?.storage === whole.storage, "\(file): \(name)")
      }
      #expect(tensors["plain.float32"]?.storage !== whole.storage)
    }
  }

  @Test func `a mapped file stays as it is when its tensors are written`() throws {
    try withFile(fixtureBytes("weights.pth")) { path in
      let before = try Data(contentsOf: URL(filePath: path))
      let tensors = try TorchScript.loadStateDict(path)
      let whole = try #require(tensors.first { $0.name == "whole" }?.tensor)
      #expect(!whole.storage.isReadOnly)
      try whole.storage.writableBytes().withMutableSpan(of: Float.self, offset: 0, count: 24) {
        for i in $0.indices { $0[i] = -1 }
      }
      #expect(try whole.array(of: Float.self) == [Float](repeating: -1, count: 24))
      #expect(try Data(contentsOf: URL(filePath: path)) == before)
      let again = try TorchScript.loadStateDict(path).first { $0.name == "whole" }?.tensor
      #expect(try again?.array(of: Float.self)[1] == 1)
    }
  }

  @Test func `meta tensors keep their layout`() throws {
    let tensor = try TorchScript.loadStateDict(archivePath("meta.pth"))[0].tensor
    #expect(tensor.isMeta)
    #expect(tensor.sizes == [3, 4])
    #expect(tensor.strides == [1, 3])
  }

  @Test func `what Martlet lacks is named`() {
    expectError("'x' is of dtype uint16, which Martlet does not have", kind: .dtype) {
      try TorchScript.loadStateDict(archivePath("uint16.pth"))
    }
    expectError("'x' is a sparse tensor", kind: .unsupported) {
      try TorchScript.loadStateDict(archivePath("sparse.pth"))
    }
    expectError("is a TorchScript archive, not a file of weights") {
      try TorchScript.loadStateDict(archivePath("linear.pt"))
    }
  }

  @Test func `weights load into a model`() throws {
    let linear = Linear(3, 2)
    let weight = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    let bias = try Tensor([7, 8] as [Float])
    try withTemporaryFolder { folder in
      let torch = folder.appending(path: "linear.pth").path
      try TestWeights.write([("weight", weight), ("bias", bias)], to: torch)
      try linear.load(stateDictFile: torch)
      #expect(try linear.stateDict()["bias"]?.array(of: Float.self) == [7, 8])
      let safe = folder.appending(path: "linear.bin").path
      try Linear(3, 2).stateDict().write(safetensors: safe)
      try linear.load(stateDictFile: safe)
      #expect(try linear.stateDict()["bias"]?.array(of: Float.self) != [7, 8])
      let other = folder.appending(path: "other").path
      try Data("not weights".utf8).write(to: URL(filePath: other))
      expectError("begins like neither safetensors nor a file of torch.save") {
        try linear.load(stateDictFile: other)
      }
    }
  }

  @Test func `no tensors at all`() throws {
    try withFile(Pickle.weights(Pickle.int(1))) { path in
      expectError("no dictionary of tensors is in it; its keys are [\"x\"]") {
        try TorchScript.loadStateDict(path)
      }
    }
  }
}

/// A state dictionary as `torch.save` writes it.
enum TestWeights {
  static func write(_ tensors: [(name: String, tensor: Tensor)], to path: String) throws {
    var pickle = PickleWriter()
    try pickle.dictionary { entries in
      for (name, tensor) in tensors {
        entries.string(name)
        try entries.tensor(tensor)
      }
    }
    var zip = try ZipWriter(path: path, root: "archive")
    try zip.add(pickle: pickle, named: "data")
    try zip.add("byteorder", Array("little".utf8))
    try zip.add("version", Array("3\n".utf8))
    try zip.finish()
  }
}
