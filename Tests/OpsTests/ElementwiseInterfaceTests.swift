import MartletOps
import MartletTensor
import TestSupport
import Testing

/// Arithmetic as Swift code writes it.
@Suite struct ElementwiseInterfaceTests {
  let x: Tensor
  let whole: Tensor

  init() throws {
    x = try Tensor([1, -2, 4] as [Float])
    whole = try Tensor([7, -7, 2] as [Int64])
  }

  @Test func operatorsTakeTensorsAndNumbersOnBothSides() throws {
    #expect(try (x + x).array(of: Float.self) == [2, -4, 8])
    #expect(try (1 - x * 2).array(of: Float.self) == [-1, 5, -7])
    #expect(try (2 / x + 0.5).array(of: Float.self) == [2.5, -0.5, 1])
    #expect(try (-x / 2).array(of: Float.self) == [-0.5, 1, -2])
    #expect(try (5 % whole).array(of: Int64.self) == [5, -2, 1])
    #expect(try (whole % 4).array(of: Int64.self) == [3, 1, 2])
  }

  @Test func numbersKeepOrRaiseTheDType() throws {
    #expect(try (whole * 2).dtype == .int64)
    #expect(try (whole * 2.0).dtype == .float32)
    #expect(try (whole / 2).dtype == .float32)
    #expect(try (whole + whole.shape[0]).array(of: Int64.self) == [10, -4, 5])
    #expect(try (x.pow(2) + x * x - 2 * x).array(of: Float.self) == [0, 12, 24])
  }

  @Test func comparisonsAreElementwise() throws {
    #expect(try (x .> 0).array(of: Bool.self) == [true, false, true])
    #expect(try (0 .> x).array(of: Bool.self) == [false, true, false])
    #expect(try (x .== x).array(of: Bool.self) == [true, true, true])
    #expect(try (whole .!= 2).logicalNot().array(of: Bool.self) == [false, false, true])
  }

  @Test func truthValuesCombine() throws {
    let (positive, even) = (try x .> 0, try whole % 2 .== 0)
    #expect(try (positive .& even).array(of: Bool.self) == [false, false, true])
    #expect(try (positive .| even).array(of: Bool.self) == [true, false, true])
    #expect(try (positive .^ .!even).array(of: Bool.self) == [false, true, true])
    #expect(try Tensor.full([1], true).dtype == .bool)
  }

  @Test func wholeTensorsCompare() throws {
    #expect(try x.equal(x.clone()))
    #expect(try x.allclose(x + 1e-7))
    #expect(try !x.allclose(x + 1e-3))
    #expect(try !x.equal(whole))
  }

  @Test func limitsTakeNumbersOrTensors() throws {
    #expect(try x.clamp(min: 0).array(of: Float.self) == [1, 0, 4])
    #expect(try x.clamp(min: -1, max: 2.5).array(of: Float.self) == [1, -1, 2.5])
    let bound = try Tensor([0, -1, 2] as [Float])
    #expect(try x.clamp(max: bound).array(of: Float.self) == [0, -2, 2])
    #expect(throws: MartletError.self) { try x.clamp() }
  }

  @Test func activations() throws {
    #expect(try F.relu(x).array(of: Float.self) == [1, 0, 4])
    #expect(try F.leakyRelu(x, negativeSlope: 0.5).array(of: Float.self) == [1, -1, 4])
    #expect(try F.softsign(x).array(of: Float.self) == [0.5, -2.0 / 3, 0.8])
    #expect(try F.hardtanh(x).array(of: Float.self) == [1, -1, 1])
  }

  @Test func errorsSayWhatWasGiven() throws {
    let error = #expect(throws: MartletError.self) {
      try x.add(try Tensor([1, 2] as [Float]))
    }
    #expect(error?.kind == .shape)
    #expect(error?.message.contains("the size of tensor a (3) must match") == true)
    #expect(error?.operatorCall?.hasPrefix("aten::add.Tensor(self: float32[3]") == true)
    #expect(error?.location?.file.hasSuffix("ElementwiseInterfaceTests.swift") == true)
    let division = #expect(throws: MartletError.self) { try whole.floorDivide(0) }
    #expect(division?.message == "ZeroDivisionError: an integer divisor is zero")
    let dtype = #expect(throws: MartletError.self) { try F.gelu(whole) }
    #expect(
      dtype?.message == "aten::gelu is not implemented for int64, it takes floating-point dtypes")
  }
}
