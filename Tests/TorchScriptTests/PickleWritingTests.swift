import Foundation
import MartletTensor
import MartletTorchScript
import TestSupport
import Testing

@Suite struct PickleWritingTests {
  @Test(arguments: ["everything.pt", "linear.pt"])
  func `a module is written in PyTorch's bytes`(_ name: String) throws {
    let archive = try ZipArchive(path: archivePath(name))
    let bytes = try archive.bytes("data.pkl")
    let value = try PickleReader.read(bytes, place: name, allowing: .torchScript)
    var writer = PickleWriter()
    try Rewriter(tensors: TensorReader(archive)).write(value, to: &writer)
    let isEqual = writer.finish().bytes == bytes
    #expect(isEqual)
  }

  @Test func `an archive is written anew`() throws {
    let archive = try ZipArchive(path: archivePath("everything.pt"))
    let value = try PickleReader.read(
      archive.bytes("data.pkl"), place: "", allowing: .torchScript)
    try withTemporaryFolder { folder in
      var files: [Data] = []
      for name in ["a.pt", "b.pt"] {
        let path = folder.appending(path: name).path
        var writer = PickleWriter()
        try Rewriter(tensors: TensorReader(archive)).write(value, to: &writer)
        var zip = try ZipWriter(path: path, root: "everything")
        try zip.add(pickle: writer, named: "data")
        for name in archive.names where !name.hasPrefix("data") {
          try zip.add(name, archive.bytes(name))
        }
        try zip.finish()
        let again = try ZipArchive(path: path)
        #expect(Set(again.names) == Set(archive.names))
        for name in again.names {
          let isEqual = try again.bytes(name) == archive.bytes(name)
          #expect(isEqual, "\(name)")
        }
        files.append(try Data(contentsOf: URL(filePath: path)))
      }
      #expect(files[0] == files[1])
    }
  }

  @Test func `numbers and shared values`() throws {
    var writer = PickleWriter()
    writer.list { list in
      for number in [0, 255, 256, 65535, 65536, -1, Int(Int32.min), 1 << 31, .min] {
        list.int(number)
      }
      list.double(-0.0)
      list.complex(1, 2)
      list.tuple(count: 4) { for text in ["a", "a", "b", ""] { $0.string(text) } }
      for _ in 0..<2 {
        list.shared("one") { $0.list { $0.none() } }
      }
      // More texts than the memo's short form can number.
      for i in 0..<300 { list.string("\(i)") }
      list.string("299")
    }
    let value = try PickleReader.read(
      writer.finish().bytes, place: "it", allowing: .torchScript)
    let elements = try #require(value.elements)
    #expect(
      elements[..<9].map(\.int)
        == [0, 255, 256, 65535, 65536, -1, Int(Int32.min), 1 << 31, .min])
    #expect(elements[9].double?.sign == .minus)
    #expect(elements[10].object?.arguments.compactMap(\.double) == [1, 2])
    #expect(elements[11].elements?.map(\.string) == ["a", "a", "b", ""])
    #expect(elements[12].node === elements[13].node)
    #expect(elements.last?.string == "299")
  }

  @Test func `tensors without values are refused`() throws {
    expectError("a meta tensor has no values to save", kind: .value) {
      var writer = PickleWriter()
      try writer.tensor(.meta([2], .float32))
    }
  }
}

/// Writes what was read, as TorchScript's types ask for.
private struct Rewriter {
  let tensors: TensorReader

  func write(_ value: PickleValue, to writer: inout PickleWriter) throws {
    switch value {
    case .none: writer.none()
    case .bool(let value): writer.bool(value)
    case .int(let value): writer.int(value)
    case .double(let value): writer.double(value)
    case .string(let value): writer.string(value)
    case .tuple(let tuple):
      try writer.tuple(count: tuple.elements.count) { writer in
        for element in tuple.elements { try write(element, to: &writer) }
      }
    case .object(let object): try write(object, to: &writer)
    default: throw MartletError(.unsupported, value.kindName)
    }
  }

  private func write(_ object: PickleObject, to writer: inout PickleWriter) throws {
    let name = object.callee?.description ?? ""
    if TensorReader.isTensor(.object(object)) {
      let stored = try tensors.tensor(.object(object), named: name)
      return try writer.tensor(stored.complete(), requiresGrad: stored.requiresGrad)
    }
    if object.kind == .new {
      return try writer.shared(ObjectIdentifier(object)) { writer in
        try writer.object(name) { writer in
          try write(object.state?.dictionary?.entries ?? [], to: &writer)
        }
      }
    }
    let argument = object.arguments[0]
    switch name {
    case "torch.jit._pickle.restore_type_tag":
      let type = object.arguments[1].string ?? ""
      if let dictionary = argument.dictionary {
        try writer.dictionary(type: type) { try write(dictionary.entries, to: &$0) }
      } else {
        try writer.list(type: type) { try write(argument.elements ?? [], to: &$0) }
      }
    case "torch.device": writer.device(argument.string ?? "")
    case "builtins.complex":
      writer.complex(argument.double ?? 0, object.arguments[1].double ?? 0)
    case let name where name.hasPrefix("__torch__"):
      try writer.enumeration(name) { try write(argument, to: &$0) }
    default:
      let kind = PickleWriter.ListKind(rawValue: object.callee?.name ?? "")
      try writer.list(of: try #require(kind)) { try write(argument.elements ?? [], to: &$0) }
    }
  }

  private func write(_ elements: [PickleValue], to writer: inout PickleWriter) throws {
    for element in elements { try write(element, to: &writer) }
  }

  private func write(
    _ entries: [(key: PickleValue, value: PickleValue)], to writer: inout PickleWriter
  ) throws {
    for (key, value) in entries {
      try write(key, to: &writer)
      try write(value, to: &writer)
    }
  }
}
