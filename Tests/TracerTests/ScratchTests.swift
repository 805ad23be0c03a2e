import MartletNN
import MartletOps
import MartletTensor
import MartletTracer
import Testing

@Suite struct ScratchTests {
  @Test func show() throws {
    let x = try Tensor((0..<8).map { Float($0) }, shape: [2, 4])
    let t = try trace(Net(), x, x)
    print(t.graph); print(t["layers.0"]!.graph); print(t["layers.0.relu"]!.graph)
    let i = try t.inlinedGraph
    print(i); print(try t.frozenGraph())
    print(t)
    for g in [i, try t.frozenGraph(), t.graph] {
      try g.lint()
      #expect(try Graph(parsing: g.description).description == g.description)
    }
    let (a, (b)): (Tensor, Value) = try t(x, x)
    print(a, b)
    print(t.namedParameters.map(\.path), t.warnings, t.constants)
    let f = try trace(x) { (x: Tensor) in try Chain(2)(x.reshape([-1, 2])) * 2 }
    print(f.graph); print(f.constants.map(\.name))
    let c = try trace(Custom { try $0.mul(Tensor(scalar: Float(2))) }, x)
    print(c.graph)
    shown(throws: { try trace(Custom { try $0.item(Float.self) > 0 ? $0 : $0 * 2 }, Tensor([Float(1)])) })
    shown(throws: { try trace(Custom { try $0 * Double($0.item(Float.self, asConstant: true)) }, Tensor([Float(1)]), checkInputs: [Tensor([Float(2)])]) })
    shown(throws: { try trace(Custom { x in try Int(x.shape[0]) > 1 ? x * 2 : F.relu(x) }, Tensor([Float(1)]), checkInputs: [Tensor([Float(2), 3])]) })
  }
  func shown(throws body: () throws -> Any) {
    do { print("NO ERROR", try body()) } catch { print("ERROR", error) }
  }
}
