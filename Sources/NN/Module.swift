import MartletOps
import MartletTensor

/// A layer, or a network made of layers: inherit from it, hold children as properties, write
/// `forward`, call the instance.
///
///     final class Block: Module {
///       let conv: Conv2d, relu = ReLU()
///       func forward(_ x: Tensor) throws -> Tensor { try relu(conv(x)) }
///     }
///     let y = try block(x)
///
/// Properties that are modules, parameters, buffers, optionals of them, and arrays and
/// dictionaries of modules become the tree, in the order they are declared and under PyTorch's
/// spelling of their names (`runningMean` is `running_mean`; see `ModuleBase.attributeNames`).
public typealias Module = ModuleBase & Forward

/// A module from one tensor to one tensor, as `Sequential` holds them.
public typealias UnaryModule = ModuleBase & Forward<Tensor, Tensor>

/// What a module computes. Several inputs or outputs are tuples: a module whose `forward` takes
/// `(Tensor, Tensor)` is called as `try module(a, b)`.
public protocol Forward<Input, Output> {
  associatedtype Input
  associatedtype Output
  func forward(_ input: Input) throws -> Output
}

extension Forward where Self: ModuleBase {
  /// Runs `forward` as this module's step: errors, traces and profiles name it by its path.
  public func callAsFunction<each T>(
    _ input: repeat each T, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Output where Input == (repeat each T) {
    try step(repeat each input, at: SourceLocation(file, line)) {
      try forward((repeat each input))
    }
  }
}

/// The state and the tree of a module; see `Module`.
///
/// A class instance that is not `Sendable`: build, load and change a model in one task; what runs
/// in many is the program that is compiled from it.
open class ModuleBase {
  /// Whether layers such as dropout and batch norm behave as in training. True at first, as in
  /// PyTorch; `eval()` and `train(_:)` set it for the whole tree.
  public private(set) var training = true

  /// Why this module cannot run, when it was made with arguments that do not fit together: layers
  /// are made without `try`, and their first call throws this.
  package var constructionError: MartletError?

  public init() {}

  /// PyTorch's name of the class, as `torch.nn.modules.conv.Conv2d`; an archive stores it.
  open class var torchTypeName: String { String(describing: self) }

  /// State-dictionary names of properties for which the rule (`runningMean` is `running_mean`)
  /// does not give PyTorch's.
  open var attributeNames: [String: String] { [:] }

  /// Turns a state dictionary from elsewhere into one with this module's names, before `load`
  /// takes it over: older names, tensors that were not saved because another is the same.
  ///
  /// - Parameter prefix: the path of this module and a dot; empty for the one that loads.
  open func adapt(_ stateDict: inout StateDict, prefix: String) {}

  /// What `print` shows between the parentheses, as `3, 64, kernel_size=(7, 7)`.
  open var extraDescription: String { "" }

  /// Whether `print` shows equal neighbours among the children as one, as for `ModuleList`.
  var groupsEqualChildren: Bool { false }

  /// The properties that belong to the tree, in declaration order, base classes first; containers
  /// name their children themselves.
  package func entries() -> [ModuleEntry] { reflectedEntries() }

  /// Sets the mode of this module and all below it.
  @discardableResult
  public func train(_ mode: Bool = true) -> Self {
    for module in modules() { module.training = mode }
    return self
  }

  /// Sets the whole tree to inference.
  @discardableResult
  public func eval() -> Self { train(false) }

  /// Runs `body` as a step of this module. `callAsFunction` does it for `forward`; write it
  /// yourself for methods with labels and defaults of their own:
  ///
  ///     func callAsFunction(_ x: Tensor, mask: Tensor? = nil) throws -> Tensor {
  ///       try step(x, mask) { ... }
  ///     }
  public func step<each T, R>(
    _ inputs: repeat each T, method: String = "forward", at location: SourceLocation? = nil,
    _ body: () throws -> R
  ) throws -> R {
    do {
      if let constructionError { throw constructionError }
      guard let recorder = Dispatcher.recorder else { return try body() }
      // What is not made of tensors says nothing to a recorder.
      var values: [Value] = []
      for input in repeat each inputs { values.append((try? Value(reflecting: input)) ?? .none) }
      try recorder.beginCall(of: self, method: method, inputs: values, at: location)
      do {
        let result = try body()
        try recorder.endCall(of: self, output: try? Value(reflecting: result))
        return result
      } catch {
        try? recorder.endCall(of: self, output: nil)
        throw error
      }
    } catch var error as MartletError {
      error.passed(through: self, at: location)
      throw error
    }
  }
}
