import Martlet

// Ratios rather than times: each figure stands beside one of the same machine and run.
// Whole models are measured by `ModelBenchmarks`.
//
//     swift run -c release --package-path Benchmarks KernelBenchmarks

try products()
try convolutions()
try pointwise()
try tracing()
