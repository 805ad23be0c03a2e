/// Tensors read in print as PyTorch's do.
extension Tensor: CustomStringConvertible {
  /// `tensor([[ 0.1234, -1.0000]])`, with PyTorch's default options.
  public var description: String { formatted() }

  /// What PyTorch prints under the given options. Values are read without asking a trace.
  public func formatted(_ options: PrintOptions = PrintOptions()) -> String {
    if let quantizer { return formatted(quantizer, options) }
    var suffixes: [String] = []
    let body: String
    let sizeSuffix =
      "size=(\(sizes.map(String.init).joined(separator: ", "))\(dim == 1 ? "," : ""))"
    if isMeta {
      suffixes = ["device='meta'", sizeSuffix]
      body = "..."
      if dtype != .float32 { suffixes.append("dtype=torch.\(dtype)") }
    } else if layout.count == 0 {
      // Without elements nothing tells the type, so only the default one goes unsaid.
      if dim != 1 { suffixes.append(sizeSuffix) }
      if dtype != .float32 { suffixes.append("dtype=torch.\(dtype)") }
      body = "[]"
    } else {
      var printer = TensorPrinter(layout: layout, options: options)
      printer.spell(self)
      body = printer.text()
      if ![.float32, .int64, .bool, .complex64].contains(dtype) {
        suffixes.append("dtype=torch.\(dtype)")
      }
    }
    return closed(TensorPrinter.prefix + body, suffixes, options.lineWidth)
  }

  /// A quantised tensor prints as what it stands for, and says by which scheme.
  private func formatted(_ quantizer: Quantizer, _ options: PrintOptions) -> String {
    let size = sizes.map(String.init).joined(separator: ", ") + (dim == 1 ? "," : "")
    var suffixes = [
      "size=(\(size))", "dtype=torch.\(dtype)",
      "quantization_scheme=torch.\(quantizer.schemeName)",
    ]
    switch quantizer {
    case .perTensor(let scale, let zeroPoint):
      suffixes += ["scale=\(scale)", "zero_point=\(zeroPoint)"]
    case .perChannel, .perChannelFloat:
      suffixes += [
        "scale=\(text(quantizer.scaleTensor, options))",
        "zero_point=\(text(quantizer.zeroPointTensor, options))", "axis=\(quantizer.axis ?? 0)",
      ]
    }
    var body = "[]"
    if isMeta {
      suffixes.insert("device='meta'", at: 0)
      body = "..."
    } else if layout.count > 0, let plain = try? dequantized() {
      var printer = TensorPrinter(layout: plain.layout, options: options)
      printer.spell(plain)
      body = printer.text()
    }
    return closed(TensorPrinter.prefix + body, suffixes, options.lineWidth)
  }

  private func text(_ make: () throws -> Tensor, _ options: PrintOptions) -> String {
    (try? make())?.formatted(options) ?? ""
  }

  /// Appends the suffixes, each on a new line where it would pass the line's end.
  private func closed(_ text: String, _ suffixes: [String], _ lineWidth: Int) -> String {
    let indent = TensorPrinter.prefix.count
    var result = text
    let lastLine = text.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
    // PyTorch counts the line break, and one column more.
    var length = lastLine + 2
    for suffix in suffixes {
      if length + suffix.count + 2 > lineWidth {
        result += ",\n" + String(repeating: " ", count: indent) + suffix
        length = indent + suffix.count
      } else {
        result += ", " + suffix
        length += suffix.count + 2
      }
    }
    return result + ")"
  }
}

/// Lays the shown elements of one tensor out in nested brackets.
private struct TensorPrinter {
  static let prefix = "tensor("

  let layout: Layout
  let options: PrintOptions
  private let isSummary: Bool
  /// The shown elements in the order in which they are shown, padded to one width.
  private var texts: [String] = []
  private var width = 1

  init(layout: Layout, options: PrintOptions) {
    self.layout = layout
    self.options = options
    isSummary = layout.count > options.threshold
  }

  mutating func spell(_ tensor: Tensor) {
    var positions: [Int] = []
    collect(0, layout.offset, into: &positions)
    switch tensor.dtype {
    case .float32: spellNumbers(values(Float.self, tensor, positions).map(\.double))
    case .float64: spellNumbers(values(Double.self, tensor, positions))
    case .float16: spellNumbers(values(Float16.self, tensor, positions).map(\.double))
    case .bfloat16: spellNumbers(values(BFloat16.self, tensor, positions).map(\.double))
    case .int8: spellWords(values(Int8.self, tensor, positions).map(\.description))
    case .int16: spellWords(values(Int16.self, tensor, positions).map(\.description))
    case .int32: spellWords(values(Int32.self, tensor, positions).map(\.description))
    case .int64: spellWords(values(Int64.self, tensor, positions).map(\.description))
    case .uint8: spellWords(values(UInt8.self, tensor, positions).map(\.description))
    case .bool: spellWords(values(Bool.self, tensor, positions).map { $0 ? "True" : "False" })
    case .qint8, .quint8, .qint32: break
    case .complex64: spellComplex(values(Complex<Float>.self, tensor, positions))
    case .complex128: spellComplex(values(Complex<Double>.self, tensor, positions))
    }
  }

  func text() -> String {
    var next = 0
    if layout.rank == 0 { return texts[0] }
    return nested(0, Self.prefix.count, &next)
  }

  private mutating func spellNumbers(_ values: [Double]) {
    let format = NumberFormat(values, options)
    texts = values.map(format.text)
    width = format.width
  }

  /// Each part has a format of its own; the imaginary one is not padded.
  private mutating func spellComplex<T: ComplexComponent>(_ values: [Complex<T>]) {
    let real = NumberFormat(values.map(\.real.double), options)
    let imaginary = NumberFormat(values.map(\.imaginary.double), options)
    texts = values.map { value in
      let second = imaginary.text(value.imaginary.double).drop { $0 == " " }
      return real.text(value.real.double) + (second.first == "-" ? "" : "+") + second + "j"
    }
    width = real.width + imaginary.width + 1
  }

  private mutating func spellWords(_ words: [String]) {
    let format = NumberFormat(spelled: words)
    texts = words.map(format.padded)
    width = format.width
  }

  private func values<T: TensorElement>(
    _: T.Type, _ tensor: Tensor, _ positions: [Int]
  ) -> [T] {
    // Reading fails for a meta tensor alone, which is not spelled.
    (try? tensor.readStorage(as: T.self) { span in positions.map { span[$0] } }) ?? []
  }

  private var edge: Int { max(options.edgeItems, 1) }

  private func isCut(_ axis: Int) -> Bool { isSummary && layout.sizes[axis] > 2 * edge }

  private func shown(_ axis: Int) -> [Int] {
    let size = layout.sizes[axis]
    return isCut(axis) ? Array(0..<edge) + Array((size - edge)..<size) : Array(0..<size)
  }

  private func collect(_ axis: Int, _ position: Int, into positions: inout [Int]) {
    guard axis < layout.rank else { return positions.append(position) }
    for i in shown(axis) {
      collect(axis + 1, position + i * layout.strides[axis], into: &positions)
    }
  }

  private func nested(_ axis: Int, _ indent: Int, _ next: inout Int) -> String {
    let isVector = axis == layout.rank - 1
    var parts: [String] = []
    for _ in shown(axis) {
      if isVector {
        parts.append(texts[next])
        next += 1
      } else {
        parts.append(nested(axis + 1, indent + 1, &next))
      }
    }
    if isCut(axis) { parts.insert(isVector ? " ..." : "...", at: edge) }
    let margin = String(repeating: " ", count: indent + 1)
    guard isVector else {
      let breaks = String(repeating: "\n", count: layout.rank - axis - 1)
      return "[" + parts.joined(separator: "," + breaks + margin) + "]"
    }
    let perLine = max((options.lineWidth - indent) / (width + 2), 1)
    let lines = stride(from: 0, to: parts.count, by: perLine).map { start in
      parts[start..<min(start + perLine, parts.count)].joined(separator: ", ")
    }
    return "[" + lines.joined(separator: ",\n" + margin) + "]"
  }
}
