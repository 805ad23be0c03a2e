import MartletTensor

/// Layers are made without `try`: what goes wrong meanwhile is kept for their first call.
extension ModuleBase {
  /// Runs a part of an initialiser that can fail; after a failure, later parts do nothing.
  package func construct(_ body: () throws -> Void) {
    if constructionError != nil { return }
    do {
      try body()
    } catch let error as MartletError {
      constructionError = error
    } catch {
      constructionError = MartletError(.argument, "\(error)")
    }
  }

  /// Checks an argument of an initialiser.
  package func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    construct {
      guard condition else { throw MartletError(.argument, message()) }
    }
  }

  /// Checks the sizes that an initialiser was given.
  package func requireSizes(_ sizes: Int...) {
    require(sizes.allSatisfy { $0 >= 0 }, "a size cannot be negative, got \(sizes)")
  }

  /// Gives a parameter its first values.
  package func initialize(_ parameter: Parameter?, _ values: () throws -> Tensor) {
    construct {
      if let parameter { parameter.value = try values() }
    }
  }
}

extension Parameter {
  /// A parameter whose values an initialiser sets later.
  package convenience init() { self.init(.unset) }
}

extension Buffer {
  package convenience init() { self.init(.unset) }
}

extension Tensor {
  /// What a parameter holds before it is initialised: no elements.
  package static var unset: Tensor {
    Tensor(storage: .meta(byteCount: 0), layout: Layout(contiguous: [0]), dtype: .float32)
  }
}
