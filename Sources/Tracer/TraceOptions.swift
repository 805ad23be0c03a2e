import MartletKernels
import MartletTensor

/// How to trace; the arguments of `trace` that are not the model and its inputs.
struct TraceOptions {
  var checkTrace = true
  var checkTolerance = 1e-5
  var strict = true
  var allowConstants = false
  var allowTraining = false
  var inputNames: [String]?
  var dynamic = DynamicAxes.none
  var onWarning: (TraceWarning) -> Void = printWarning
}

/// Prints the warning to standard error, as one line.
public func printWarning(_ warning: TraceWarning) {
  StandardError.write("\(warning)\n")
}
