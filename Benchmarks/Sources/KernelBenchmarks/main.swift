import Martlet

// Ratios rather than times: each figure stands beside one of the same machine and run.
// Run with `swift run -c release` in this folder.

try products()
try convolutions()
try pointwise()
try networks()
try tracing()
