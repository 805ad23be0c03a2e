import ArgumentParser
import Martlet
import MartletKernels

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
    let names = (try? Folder.names(in: folder.isEmpty ? "." : folder)) ?? []
    return names.compactMap { name in
      let path = folder + name
      guard path.hasPrefix(prefix), !name.hasPrefix(".") else { return nil }
      if Folder.exists(path) { return path + "/" }
      return archiveEndings.contains(String(name.split(separator: ".").last ?? "")) ? path : nil
    }
  }
}
