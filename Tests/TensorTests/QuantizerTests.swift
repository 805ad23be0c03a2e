import MartletTensor
import Testing

@Suite struct QuantizerTests {
  private let values: [Float] = [0.7, -0.3, 0.31, 2, -9]

  @Test func numbersStandForValues() throws {
    let x = try Tensor(values).quantized(as: .quint8, by: .perTensor(scale: 0.1, zeroPoint: 3))
    #expect(try x.storedNumbers.array(of: UInt8.self) == [10, 0, 6, 23, 0])
    #expect(x.dtype == .quint8 && x.isQuantized)
    let back = try x.dequantized().array(of: Float.self)
    #expect(zip(back, [0.7, -0.3, 0.3, 2, -0.3] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(throws: MartletError.self) { try x.converted(to: .float32) }
    #expect(throws: MartletError.self) { try x.array(of: UInt8.self) }
    #expect(try x.selected(3) == 2)
  }

  @Test func channelsHaveTheirOwnScale() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    let scheme = Quantizer.perChannel(scales: [0.5, 1, 2], zeroPoints: [0, 1, -1], axis: 1)
    let quantized = try x.quantized(as: .qint8, by: scheme)
    #expect(try quantized.storedNumbers.array(of: Int8.self) == [2, 3, 0, 8, 6, 2])
    #expect(try quantized.dequantized().array(of: Float.self) == [1, 2, 2, 4, 5, 6])
    #expect(scheme.selecting(2, ofAxis: 1) == .perTensor(scale: 2, zeroPoint: -1))
    #expect(scheme.selecting(1, ofAxis: 0).axis == 0)
    #expect(scheme.keeping(axes: [1, 0]).axis == 0)
    #expect(throws: MartletError.self) { try x.quantized(as: .qint8, by: scheme.moved(toAxis: 0)) }
    #expect(throws: MartletError.self) { try x.quantized(as: .qint8, by: scheme.moved(toAxis: 2)) }
  }

  @Test func printsAsPyTorch() throws {
    let x = try Tensor([0.7, -0.3, 0.3, 1], shape: [2, 2])
      .converted(to: .float32)
    let plain = try x.quantized(as: .quint8, by: .perTensor(scale: 0.1, zeroPoint: 3))
    #expect(
      plain.description == """
        tensor([[ 0.7000, -0.3000],
                [ 0.3000,  1.0000]], size=(2, 2), dtype=torch.quint8,
               quantization_scheme=torch.per_tensor_affine, scale=0.1, zero_point=3)
        """)
    let channels = try x.quantized(
      as: .qint8, by: .perChannel(scales: [0.1, 0.2], zeroPoints: [0, 1], axis: 0))
    #expect(
      channels.description == """
        tensor([[ 0.7000, -0.3000],
                [ 0.2000,  1.0000]], size=(2, 2), dtype=torch.qint8,
               quantization_scheme=torch.per_channel_affine,
               scale=tensor([0.1000, 0.2000], dtype=torch.float64),
               zero_point=tensor([0, 1]), axis=0)
        """)
    let empty = try Tensor([Float]()).quantized(
      as: .qint32, by: .perTensor(scale: 0.1, zeroPoint: 1))
    #expect(
      empty.description == """
        tensor([], size=(0,), dtype=torch.qint32,
               quantization_scheme=torch.per_tensor_affine, scale=0.1, zero_point=1)
        """)
  }

  @Test func copiesKeepTheScheme() throws {
    let scheme = Quantizer.perTensor(scale: 0.1, zeroPoint: 3)
    let x = try Tensor(values).quantized(as: .quint8, by: scheme)
    #expect(try x.copied().quantizer == scheme)
    #expect(try x.placeholder().quantizer == scheme)
    #expect(try x.placeholder().isMeta)
    #expect(x.viewed(Layout(contiguous: [5, 1])).quantizer == scheme)
  }
}

extension Tensor {
  /// One element of a vector, as what it stands for.
  fileprivate func selected(_ index: Int) throws -> Float {
    try viewed(Layout(sizes: [], strides: [], offset: index)).item(Float.self)
  }
}
