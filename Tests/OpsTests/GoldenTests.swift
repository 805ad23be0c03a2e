import MartletOps
import MartletTensor
import TestSupport
import Testing

/// Every operator against PyTorch's results.
@Suite struct GoldenTests {
  @Test(arguments: OperatorCase.families)
  func agreesWithPyTorch(family: String) throws {
    for golden in try OperatorCase.cases(family) {
      guard let operation = Catalog.byName[golden.operatorName] else {
        Issue.record("\(golden.testDescription): not in the catalogue")
        continue
      }
      guard let expected = golden.results else {
        let error = golden.error ?? ""
        do {
          _ = try operation.call(golden.arguments, at: nil)
          Issue.record("\(golden.testDescription): did not throw, where PyTorch says: \(error)")
        } catch {
          #expect(error is MartletError, "\(golden.testDescription): threw \(error)")
        }
        continue
      }
      do {
        let arguments = golden.arguments.enumerated().map { index, value in
          golden.changed[index] == nil ? value : value.givingIdentities
        }
        let results = try withGenerator(seed: golden.seed ?? 0) {
          try operation.call(arguments, at: nil).map(\.resolvingReferences)
        }
        let tolerance = golden.tolerance ?? operation.tolerance
        if let found = try difference(.tuple(results), .tuple(expected), tolerance: tolerance) {
          Issue.record("\(golden.testDescription): \(found)")
        }
        for (index, content) in golden.changed {
          let got = arguments[index].resolvingReferences
          if let found = try difference(got, content, tolerance: 0) {
            Issue.record("\(golden.testDescription), argument \(index) after the call: \(found)")
          }
        }
        for (index, storage) in golden.after {
          let written = try Tensor(golden.arguments[index])
          let flat = written.viewed(
            Layout(contiguous: [written.storage.byteCount / written.dtype.byteCount]))
          if let found = try difference(flat, try Tensor(storage), tolerance: tolerance) {
            Issue.record("\(golden.testDescription), argument \(index) after the call: \(found)")
          }
          if operation.schema.returns.first?.aliasSet != nil {
            #expect(
              try Tensor(results[0]).storage === written.storage, "\(golden.testDescription)")
          }
        }
      } catch {
        Issue.record("\(golden.testDescription): threw \(error)")
      }
    }
  }

  /// Meta tensors give the same sizes and dtypes without values.
  @Test(arguments: OperatorCase.families)
  func metaTensorsCarryShapes(family: String) throws {
    for golden in try OperatorCase.cases(family) {
      guard let operation = Catalog.byName[golden.operatorName], let expected = golden.results,
        !golden.arguments.flatMap(\.tensors).isEmpty
      else { continue }
      let arguments = try golden.arguments.map { value in
        try value.mapTensors { try $0.placeholder() }
      }
      if case .dataDependent = operation.body {
        #expect(throws: MartletError.self) { try operation.call(arguments, at: nil) }
        continue
      }
      do {
        let results = try operation.call(arguments, at: nil)
        let got = results.flatMap(\.tensors).map { "\($0.dtype)\($0.sizes)" }
        let want = expected.flatMap(\.tensors).map { "\($0.dtype)\($0.sizes)" }
        #expect(got == want, "\(golden.testDescription)")
      } catch let error as MartletError
        where error.kind == .value && golden.note == "decided by values"
      {
        // A mask's sizes are not known without it.
      } catch {
        Issue.record("\(golden.testDescription) on meta tensors: threw \(error)")
      }
    }
  }
}
