// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library target named `Martlet<name>` at `Sources/<name>`.
func layer(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(
    name: "Martlet\(name)", dependencies: dependencies, path: "Sources/\(name)",
    swiftSettings: settings)
}

/// The tests of one layer, at `Tests/<name>Tests`.
func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: ["TestSupport"] + dependencies,
    path: "Tests/\(name)Tests", swiftSettings: settings)
}

// Debian's gdlib.pc carries a flag that SwiftPM refuses, and its headers need no search path.
#if os(macOS)
  let gdPackageConfig: String? = "gdlib"
#else
  let gdPackageConfig: String? = nil
#endif

// `Scripts/install` names libgd's archive to the linker itself.
let gdLibrary: [LinkerSetting] =
  Context.environment["MARTLET_LINKS_GD"] == nil ? [.linkedLibrary("gd")] : []

let package = Package(
  name: "martlet",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Martlet", targets: ["Martlet"]),
    // Apart, so that libgd reaches only those who want pictures.
    .library(name: "MartletPictures", targets: ["MartletPictures"]),
    .executable(name: "martlet", targets: ["MartletCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // Its header alone: the library is opened at run time.
    .systemLibrary(
      name: "COpenBLAS", path: "Sources/COpenBLAS",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CGD", path: "Sources/CGD", pkgConfig: gdPackageConfig,
      providers: [.apt(["libgd-dev"]), .brew(["gd"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

    layer("Kernels", .target(name: "COpenBLAS", condition: .when(platforms: [.linux]))),
    layer("Tensor", "MartletKernels"),
    layer("Ops", "MartletTensor", "MartletKernels"),
    layer("NN", "MartletOps", "MartletTensor"),
    layer("Tracer", "MartletNN", "MartletOps", "MartletTensor", "MartletKernels"),
    layer(
      "TorchScript", "MartletTracer", "MartletNN", "MartletOps", "MartletTensor", "MartletKernels",
      "CZlib"),
    layer("Runtime", "MartletTracer", "MartletOps", "MartletTensor", "MartletKernels"),
    layer("Models", "MartletNN", "MartletOps", "MartletTensor", "MartletKernels"),
    layer("Vision", "MartletTensor", "MartletKernels"),
    .target(
      name: "Martlet",
      dependencies: [
        "MartletTensor", "MartletOps", "MartletNN", "MartletTracer", "MartletTorchScript",
        "MartletRuntime", "MartletModels", "MartletVision",
      ],
      path: "Sources/Martlet", swiftSettings: settings),

    .target(
      name: "MartletPictures", dependencies: ["MartletKernels", "CGD"], path: "Sources/Pictures",
      swiftSettings: settings, linkerSettings: gdLibrary),
    // Not named after its product: `martlet` and `Martlet` are one name on macOS's file systems.
    .executableTarget(
      name: "MartletCLI",
      dependencies: [
        "Martlet", "MartletKernels", "MartletOps", "MartletPictures", "MartletRuntime",
        "MartletTensor", "MartletTracer", "MartletVision",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/CLI", swiftSettings: settings),

    .executableTarget(
      name: "DigitsDemo", dependencies: ["Martlet", "MartletPictures"], path: "Examples/Digits",
      exclude: [
        "README.md", "canvases", "canvases.py", "detector.json", "detector.safetensors",
        "digits.safetensors", "test_images.npy", "test_indices.npy", "test_labels.npy",
        "test_logits.npy", "train.py", "train_detector.py", "train_indices.npy",
      ],
      swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["Martlet", "MartletOps", "MartletTensor"],
      path: "Tests/Support", swiftSettings: settings),
    .executableTarget(
      name: "InteropProbe",
      dependencies: [
        "Martlet", "MartletOps", "MartletTensor", "MartletTracer", "MartletKernels",
        "MartletVision",
      ],
      path: "Tests/Interop/Probe", swiftSettings: settings),
    .executableTarget(
      name: "HeapProbe", dependencies: ["Martlet"], path: "Tests/HeapProbe",
      swiftSettings: settings),
    tests("Kernels", "MartletKernels"),
    tests("Tensor", "MartletTensor", "MartletKernels"),
    tests("Ops", "MartletOps", "MartletTensor"),
    tests("NN", "MartletTracer", "MartletNN", "MartletOps", "MartletTensor"),
    tests(
      "Tracer", "MartletTracer", "MartletTorchScript", "MartletModels", "MartletNN", "MartletOps",
      "MartletTensor"),
    tests(
      "TorchScript", "MartletTorchScript", "MartletRuntime", "MartletModels", "MartletTracer",
      "MartletNN", "MartletOps", "MartletTensor", "MartletKernels"),
    tests(
      "Runtime", "MartletRuntime", "MartletTracer", "MartletModels", "MartletNN", "MartletOps",
      "MartletTensor", "MartletKernels", "HeapProbe"),
    tests("Models", "Martlet", "MartletModels", "MartletNN", "MartletOps", "MartletTensor"),
    tests("Vision", "Martlet", "MartletVision", "MartletTensor"),
    tests("Architecture", "Martlet", "MartletOps"),
    tests("Pictures", "MartletPictures"),
    tests("CLI", "MartletCLI", "MartletOps", "MartletPictures"),
  ]
)
