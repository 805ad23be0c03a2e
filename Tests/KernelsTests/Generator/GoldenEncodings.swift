let goldenEncodings: [(String, [UInt8])] = [
  ("ret", [0xC3])
]
