extension Generator {
  /// The generator of this task, which layers and random operators draw from where they are given
  /// none: the process-wide one, unless `withGenerator` set another.
  @TaskLocal public static var current = Generator.default
}

/// Starts the current generator's numbers that belong to the seed (`torch.manual_seed`).
public func manualSeed(_ seed: Int) { Generator.current.manualSeed(seed) }

/// Runs `body` with random numbers of its own, which begin at the seed; what other tasks draw
/// meanwhile does not disturb them.
public func withGenerator<R>(seed: Int, _ body: () throws -> R) rethrows -> R {
  try Generator.$current.withValue(Generator(seed: seed), operation: body)
}
