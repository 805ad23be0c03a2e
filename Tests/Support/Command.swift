import Foundation

/// A program of the build, or of the system's, run as a user runs it.
public struct Command {
  public let status: Int32
  public let output: String
  public let errors: String

  /// - Parameters:
  ///   - program: its name in the build, or `sh`, in whose lines `$martlet` is the command.
  ///   - environment: what it has beside the tests' own.
  public init(
    _ arguments: [String], program: String = "martlet", environment: [String: String] = [:]
  ) throws {
    let process = Process()
    process.executableURL =
      program == "sh" ? URL(filePath: "/bin/sh") : Self.products.appending(path: program)
    process.arguments = arguments
    let given = ["martlet": Self.products.appending(path: "martlet").path]
    process.environment = ProcessInfo.processInfo.environment.merging(given) { $1 }
      .merging(environment) { $1 }
    // Files hold any amount; a pipe that nobody empties would stop the command.
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let outputFile = folder.appending(path: "output")
    let errorFile = folder.appending(path: "errors")
    try Data().write(to: outputFile)
    try Data().write(to: errorFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOf: outputFile, encoding: .utf8)
    errors = try String(contentsOf: errorFile, encoding: .utf8)
  }

  /// Where the build puts its programs: beside the tests' own.
  private static var products: URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let program = bundle?.bundleURL ?? Bundle.main.executableURL
    return (program ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
  }
}
