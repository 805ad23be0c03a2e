// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [.swiftLanguageMode(.v6), .strictMemorySafety()]

// A package of its own, so that what measuring needs never reaches a user of Martlet.
let package = Package(
  name: "martlet-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "martlet", path: "..")],
  targets: [
    .executableTarget(
      name: "KernelBenchmarks", dependencies: [.product(name: "Martlet", package: "martlet")],
      swiftSettings: settings),
    .executableTarget(
      name: "ModelBenchmarks", dependencies: [.product(name: "Martlet", package: "martlet")],
      swiftSettings: settings),
  ]
)
