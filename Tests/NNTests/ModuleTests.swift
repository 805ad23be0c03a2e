import MartletNN
import MartletOps
import MartletTensor
import Testing

@Suite("Modules")
struct ModuleTests {
  @Test("the tree names each module once, parents first")
  func tree() {
    let model = Blocks()
    #expect(
      model.namedModules().map(\.path) == [
        "", "blocks.0", "blocks.1", "blocks.2", "blocks.3", "heads.left", "heads.right",
        "heads.right.0", "heads.right.1",
      ])
    #expect(
      model.namedChildren().map(\.name) == [
        "blocks.0", "blocks.1", "blocks.2", "blocks.3", "heads.left", "heads.right",
      ])
    #expect(model.namedParameters().first?.path == "scale")
    #expect(model.namedParameters().filter { $0.path.hasPrefix("tied") }.isEmpty)
    #expect(model.namedBuffers().map(\.path) == ["offset", "hidden"])
    #expect(model.parameterCount == 3 + 3 * 12 + 9 + 2 * 4)
  }

  @Test("train and eval reach the whole tree; apply visits children first")
  func modes() {
    let model = Sequential(Dropout(), Sequential(BatchNorm1d(2)))
    #expect(model.modules().map(\.training) == [true, true, true, true])
    model.eval()
    #expect(model.modules().map(\.training) == [false, false, false, false])
    var names: [String] = []
    model.apply { names.append(String(describing: type(of: $0))) }
    #expect(names.last == "Sequential")
    #expect(names.count == 4)
  }

  @Test("a conversion reaches floating-point parameters and buffers only")
  func conversion() throws {
    let norm = try BatchNorm1d(2).to(.float64)
    #expect(norm.weight?.value.dtype == .float64)
    #expect(norm.runningVar?.value.dtype == .float64)
    #expect(norm.numBatchesTracked?.value.dtype == .int64)
    #expect(throws: MartletError.self) { try norm.to(.int32) }
  }

  @Test("containers keep order and names")
  func containers() throws {
    let list = ModuleList([Linear(1, 2), Linear(2, 3)])
    #expect(list.count == 2)
    #expect(list[1].outFeatures == 3)
    let dictionary = ModuleDict(["b": Linear(1, 2), "a": Linear(2, 3)])
    #expect(dictionary.keys == ["b", "a"])
    #expect(dictionary["a"]?.outFeatures == 3)
    #expect(dictionary.stateDict().keys == ["b.weight", "b.bias", "a.weight", "a.bias"])
    let named = Sequential(["first": Linear(2, 2), "second": ReLU()])
    #expect(named.stateDict().keys == ["first.weight", "first.bias"])
    let deep = true
    let built = Sequential {
      Linear(2, 2)
      if deep { ReLU() }
      for _ in 0..<2 { Identity() }
    }
    #expect(built.count == 4)
    #expect(try built(try Init.ones([1, 2])).shape == [1, 2])
  }

  @Test("a failing layer names itself and the caller's line")
  func location() throws {
    let model = Sequential(Linear(3, 2), Sequential(ReLU(), Linear(4, 1)))
    let line = UInt(#line) + 1
    let error = #expect(throws: MartletError.self) { try model(try Init.ones([1, 3])) }
    #expect(error?.modulePath == "1.1")
    #expect(error?.location == SourceLocation(#fileID, line))
  }

  @Test(
    "wrong arguments show at the first call",
    arguments: [
      (Wrong { try Conv2d(3, 4, kernelSize: 3, groups: 2)($0) }, "divisible by groups"),
      (Wrong { try Conv2d(3, 4, kernelSize: [3, 3, 3])($0) }, "'kernel_size' must be one integer"),
      (
        Wrong { try Conv2d(3, 4, kernelSize: 3, stride: 2, padding: .same)($0) },
        "padding='same' is not supported for strided convolutions"
      ),
      (Wrong { try Linear(-1, 2)($0) }, "a size cannot be negative"),
      (Wrong { try GroupNorm(2, 5)($0) }, "must be divisible by num_groups"),
      (Wrong { try Dropout(p: 2)($0) }, "dropout probability has to be between 0 and 1"),
      (Wrong { try Embedding(3, 2, paddingIdx: 3)($0) }, "padding_idx must be within"),
      (
        Wrong { try MultiheadAttention(5, 2)($0, $0, $0).output },
        "embed_dim must be divisible by num_heads"
      ),
      (Wrong { try LSTM(3, 0)($0).output }, "hidden_size must be greater than zero"),
      (Wrong { try Hardtanh(minVal: 1, maxVal: 0)($0) }, "max_val must be larger than min_val"),
      (Wrong { try ReflectionPad1d([1, 2, 3])($0) }, "padding must be one integer or 2"),
      (Wrong { try BatchNorm2d(3)($0) }, "expected 4D input (got 3D input)"),
      (Wrong { try BatchNorm1d(3)(try $0.reshape([-1])) }, "expected 2D or 3D input"),
      (Wrong { try LSTM(4, 2)($0).output }, "input.size(-1) must be equal to input_size"),
      (
        Wrong { try GRU(5, 2)($0, $0).hidden }, "Expected hidden size (1, 3, 2), got [2, 3, 5]"
      ),
      (
        Wrong { try MultiheadAttention(4, 2)($0, $0, $0).output },
        "was expecting embedding dimension of 4, but got 5"
      ),
      (
        Wrong {
          try MultiheadAttention(5, 1)($0, $0, $0, keyPaddingMask: try Init.ones([2, 3, 1])).output
        }, "`key_padding_mask` to be `None` or 2-D"
      ),
      (
        Wrong { try ConvTranspose1d(3, 1, kernelSize: 3, stride: 2)($0, outputSize: [20]) },
        "requested an output size of [20], but valid sizes range from [11] to [12]"
      ),
    ])
  func constructionErrors(_ wrong: Wrong, _ text: String) throws {
    let error = #expect(throws: MartletError.self) { try wrong.run(try Init.ones([2, 3, 5])) }
    #expect(error?.message.contains(text) == true, "\(error?.message ?? "no error")")
  }

  struct Wrong: Sendable {
    let run: @Sendable (Tensor) throws -> Tensor
    init(_ run: @escaping @Sendable (Tensor) throws -> Tensor) { self.run = run }
  }

  @Test("a linear layer may share its weight with another module")
  func sharing() throws {
    final class Tied: Module {
      let words = Embedding(5, 3)
      let head: Linear
      override init() { head = Linear(sharing: words.weight) }
      func forward(_ x: Tensor) throws -> Tensor { try head(words(x)) }
    }
    let model = Tied()
    #expect(model.namedParameters().map(\.path) == ["words.weight"])
    #expect(model.stateDict().keys == ["words.weight", "head.weight"])
    #expect(model.head.extraDescription == "in_features=3, out_features=5, bias=False")
    #expect(try model(Tensor([Int64(2)], shape: [1])).sizes == [1, 5])
    let error = #expect(throws: MartletError.self) {
      try Linear(sharing: Parameter(Init.ones([4])))(Init.ones([1, 4]))
    }
    #expect(error?.message == "expected a weight of sizes [out_features, in_features], got [4]")
  }

  @Test("a task's generator does not disturb another's")
  func generators() async throws {
    func weights() -> Tensor { withGenerator(seed: 3) { Linear(4, 4).weight.value } }
    let expected: [Float] = try weights().array()
    try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<8 { group.addTask { try weights().array() } }
      for try await values in group { #expect(values == expected) }
    }
  }
}
