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
      path: "Sources", exclude: ["KernelBenchmarks"], sources: ["ModelBenchmarks.swift"],
      swiftSettings: [.swiftLanguageMode(.v6), .strictMemorySafety()]),
    .executableTarget(
      name: "KernelBenchmarks", dependencies: [.product(name: "Martlet", package: "martlet")],
      path: "Sources/KernelBenchmarks",
      swiftSettings: [.swiftLanguageMode(.v6), .strictMemorySafety()]),
  ]
)
