// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that what measuring needs never reaches a user of Martlet.
let package = Package(
  name: "martlet-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "martlet", path: "..")],
  targets: [
    .executableTarget(
      name: "ModelBenchmarks", dependencies: [.product(name: "Martlet", package: "martlet")],
      path: "Sources", swiftSettings: [.swiftLanguageMode(.v6), .strictMemorySafety()])
  ]
)
