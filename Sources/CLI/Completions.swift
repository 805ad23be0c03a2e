import ArgumentParser
import Martlet

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What shells offer for arguments.
extension CompletionKind {
  private static let archiveEndings = ["pt", "pth", "torchscript", "ptl"]

  /// Archives by their usual endings.
  static var archive: CompletionKind { .file(extensions: archiveEndings) }
  static var model: CompletionKind { .list(ModelCatalog.names) }
  static var numpy: CompletionKind { .file(extensions: ["npy"]) }
  static var weights: CompletionKind { .file(extensions: ["safetensors", "pt", "pth", "bin"]) }

  /// The shell asks the command itself, as files and words together are no kind of their own.
  static var archiveOrModel: CompletionKind {
    .custom { _, _, prefix in
      ModelCatalog.names.filter { $0.hasPrefix(prefix) } + archives(beginning: prefix)
    }
  }

  /// Folders, with a slash behind them, and archives whose paths begin so.
  private static func archives(beginning prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.sorted().compactMap { name in
      let path = folder + name
      guard path.hasPrefix(prefix), !name.hasPrefix(".") else { return nil }
      if (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil { return path + "/" }
      return archiveEndings.contains(URL(filePath: name).pathExtension) ? path : nil
    }
  }
}
