import MartletTensor
import MartletTorchScript
import Testing

/// Malformed source: each error names line and column and says what was expected.
struct SourceErrorTests {
  struct Case: Testing.CustomTestStringConvertible, Sendable {
    let source: String
    let line: Int
    let column: Int
    let message: String

    init(_ source: String, _ line: Int, _ column: Int, _ message: String) {
      self.source = source
      self.line = line
      self.column = column
      self.message = message
    }

    var testDescription: String { message }
  }

  static let cases: [Case] = [
    // Words.
    Case("def f(x):\n  return \"abc\n", 2, 10, "expected a closing quote"),
    Case("def f(x):\n  return '''abc\n", 2, 10, "expected a closing quote"),
    Case("def f(x):\n  return '\\777'\n", 2, 11, "expected an octal escape below \\400"),
    Case("def f(x):\n  return '\\xg1'\n", 2, 11, "expected 2 hexadecimal digits"),
    Case("def f(x):\n  return '\\ud800'\n", 2, 11, "expected 4 hexadecimal digits of a character"),
    Case("def f(x):\n  return 12x\n", 2, 12, "expected the number to end here"),
    Case(
      "def f():\n  return 99999999999999999999\n", 2, 10,
      "expected a number that fits 64 bits"),
    Case("def f():\n  return 9223372036854775808\n", 2, 10, "expected an integer of 64 bits"),
    Case("def f(x):\n  return x ? 1\n", 2, 12, "expected TorchScript, got the character '?'"),
    Case("def f(x):\n  return (x]\n", 2, 12, "expected ')', got ']'"),
    Case("def f(x):\n  return x)\n", 2, 11, "expected no ')': no bracket is open"),
    Case("def f(x):\n  return (x\n", 2, 10, "expected the bracket to be closed"),
    Case(
      "def f(x):\n    return x\n  return x\n", 3, 1,
      "expected an indentation that an outer block has, got 2 columns"),
    // Syntax.
    Case("x = 1\n", 1, 1, "expected 'def' or 'class', got 'x'"),
    Case("def f(x)\n  return x\n", 1, 9, "expected ':', got the end of the line"),
    Case("def f(x):\nreturn x\n", 2, 1, "expected an indented block, got 'return'"),
    Case("def f(*x):\n  return x\n", 1, 8, "expected ',' after '*'"),
    Case("def f(x, 1):\n  return x\n", 1, 10, "expected a parameter's name, got '1'"),
    Case("def f(x, x):\n  return x\n", 1, 10, "expected a new name, got the parameter 'x' again"),
    Case("def f(x):\n  return x +\n", 2, 13, "expected an expression, got the end of the line"),
    Case("def f(x):\n  return x y\n", 2, 12, "expected the end of the line, got 'y'"),
    Case("def f(x):\n  return x[]\n", 2, 12, "expected an index, got ']'"),
    Case("def f(x):\n  return x.1\n", 2, 11, "expected the end of the line"),
    Case("def f(x):\n  return f(a=1, x)\n", 2, 17, "expected an argument with its name"),
    Case("def f(x):\n  return x if x\n", 2, 16, "expected 'else', got the end of the line"),
    Case("def f(x):\n  for i on x:\n    pass\n", 2, 9, "expected 'in', got 'on'"),
    Case("def f(x):\n  try:\n    pass\n", 2, 3, "expected a statement of TorchScript, got 'try'"),
    Case("def f(x):\n  return f\"{x\"\n", 2, 10, "expected '}' in the string"),
    Case("class A(Module):\n  1\n", 2, 3, "expected an attribute or a method"),
    Case("def f(x):\n  return x\ndef f(x):\n  return x\n", 3, 1, "expected a new name"),
    // Names and types.
    Case("def f(x: Foo):\n  return x\n", 1, 10, "expected a type, got 'Foo'"),
    Case("def f(x: List):\n  return y\n", 2, 10, "expected a variable or a function, got 'y'"),
    Case("def f(x: Dict[int]):\n  return x\n", 1, 10, "expected 'Dict' with its types"),
    Case("def f(x: __torch__.A):\n  return x\n", 1, 10, "expected a type, got '__torch__.A'"),
    Case("def f(x: int=y):\n  return x\n", 1, 14, "expected a constant"),
    Case("def f(x):\n  return CONSTANTS.c0\n", 2, 10, "expected one of the archive's 0 constants"),
    Case(
      "def f(x: int) -> str:\n  return x\n", 2, 3, "expected a result of type str, got int"),
    Case(
      "def f(x: int):\n  y = 1\n  if x > 1:\n    y = 'a'\n  return y\n", 4, 5,
      "expected a value of type int for 'y'"),
    Case(
      "def f(x: int):\n  if x > 1:\n    y = 'a'\n  return y\n", 4, 10,
      "'y' is not set on every path"),
    Case(
      "def f(x: int):\n  if x > 1:\n    y = 'a'\n  else:\n    y = 2\n  return y\n", 6, 10,
      "'y' is str in one branch and int in the other"),
    Case("def f(x: str):\n  if x:\n    pass\n", 2, 6, "expected a bool, got str"),
    Case("def f(x: int):\n  return x()\n", 2, 10, "expected something that can be called, got int"),
    Case("def f(x: int):\n  a, b = x\n", 2, 3, "expected a tuple of 2 items, got int"),
    Case("def f(x: int):\n  a, b = (x, x, x)\n", 2, 3, "expected 2 items, got 3"),
    Case("def f(t: Tuple[int, str]):\n  return t[2]\n", 2, 10, "expected an index of a tuple of 2"),
    Case("def f(x: int):\n  x.y = 1\n", 2, 3, "expected an object, got int"),
    Case("def f(x: int):\n  for i in x:\n    pass\n", 2, 12, "expected something to walk, got int"),
    Case("def f(x: int):\n  break\n", 2, 3, "expected 'break' within a loop"),
    Case(
      "def f(x):\n  return torch.relu(x, 1, 2)\n", 2, 10, "aten::relu: expected 1 arguments, got 3"),
    Case(
      "def f(x):\n  return torch.relu('a')\n", 2, 10,
      "aten::relu: expected Tensor for 'self', got str"),
    Case("def f(x):\n  return torch.relu()\n", 2, 10, "aten::relu: expected a value for 'self'"),
    Case("def f(x):\n  return torch.relu(x, a=1)\n", 2, 10, "expected no argument named 'a'"),
    Case(
      "def g(x: int):\n  return x\ndef f(x):\n  return g('a')\n", 4, 10, "__torch__.g: expected int"
    ),
    Case("def f(x):\n  return [1, 'a']\n", 2, 3, "expected items of one type, got int and str"),
    Case(
      "class A:\n  a : int\n  def __init__(self):\n    self.a = 1\n  def g(self):\n    return self.b\n",
      6, 12, "expected an attribute of __torch__.A, got 'b'"),
    Case("def f(x: int):\n  if isinstance(x):\n    pass\n", 2, 6, "expected a value and its types"),
    // Structure.
    Case(
      "class A(NamedTuple):\n  a : A\n", 1, 1, "expected classes that do not contain each other"),
    Case(
      "def f(x) -> Tensor:\n  return g(x)\ndef g(x) -> Tensor:\n  return f(x)\n", 4, 10,
      "expected no recursion: '__torch__.f' is called from within itself"),
    Case("def f(x):\n  return f(x)\n", 1, 1, "expected no recursion: the type of '__torch__.f'"),
  ]

  @Test("errors point at line and column", arguments: cases)
  func malformed(_ test: Case) {
    let place = "script, line \(test.line), column \(test.column): "
    expectError(place, kind: .graph) { try script(source: test.source) }
    expectError(test.message, kind: .graph) { try script(source: test.source) }
  }

  static let deep: [String] = [
    "def f(x):\n  return " + String(repeating: "(", count: 10_000) + "x"
      + String(repeating: ")", count: 10_000) + "\n",
    "def f(x):\n  return " + String(repeating: "-", count: 10_000) + "x\n",
    "def f(x):\n  return " + String(repeating: "not ", count: 10_000) + "x\n",
    "def f(x):\n  return " + String(repeating: "x + ", count: 10_000) + "x\n",
    "def f(x):\n  return x" + String(repeating: ".a", count: 10_000) + "\n",
    "def f(x):\n"
      + (1...1000).map { String(repeating: "  ", count: $0) + "if x:\n" }.joined()
      + String(repeating: "  ", count: 1001) + "pass\n",
    "def f(x):\n" + String(repeating: "  x = (x, x)\n", count: 200) + "  return x\n",
    "def f(x):\n" + String(repeating: "  x = [x]\n", count: 200) + "  return x\n",
    "def f(x):\n"
      + (1...30).map { String(repeating: "  ", count: $0) + "for i in (1, 2, 3, 4, 5):\n" }.joined()
      + String(repeating: "  ", count: 31) + "pass\n",
    "def f(x):\n  def a0():\n    return x\n"
      + (1...40).map { "  def a\($0)():\n    return a\($0 - 1)() + a\($0 - 1)()\n" }.joined()
      + "  return a40()\n",
    "def f(x: List[int]):\n  return " + String(repeating: "[", count: 40) + "i"
      + String(repeating: " for i in x]", count: 40) + "\n",
  ]

  @Test("what nests or doubles without end is refused", arguments: deep.indices)
  func deepSource(_ index: Int) {
    expectError("script, line", kind: .graph) { try script(source: Self.deep[index]) }
  }

  @Test func everyTruncationIsAnErrorOrCompiles() {
    let source = """
      class P(NamedTuple):
        x : Tensor
      def f(x: Tensor, n: int=3) -> Tuple[Tensor, str]:
        y = x[1:, ..., None] if n > 2 else x
        for i in range(n):
          y += {"a": [i, 2]}["a"][0] * 1e-05
        return (P(y).x, f"{n} \\"q\\"")
      """
    let bytes = Array(source.utf8)
    for length in bytes.indices {
      let part = String(decoding: bytes[..<length], as: UTF8.self)
      do {
        _ = try script(source: part)
      } catch {
        #expect(error is MartletError)
      }
    }
  }
}
