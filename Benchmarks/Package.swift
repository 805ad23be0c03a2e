// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that what it needs never reaches a user of Martlet.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "martlet", path: "..")],
  targets: [
    .executableTarget(
      name: "Benchmarks", dependencies: [.product(name: "Martlet", package: "martlet")],
      path: "Sources/Benchmarks", swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
