#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many threads this process should use.
package enum ProcessorCount {
  /// `OMP_NUM_THREADS` where it holds a number; otherwise the smaller of the affinity mask and
  /// the cgroup's CPU quota, at least 1. Read once.
  package static let `default`: Int = {
    if let wish = requested(by: environment("OMP_NUM_THREADS")) { return wish }
    let quota = cgroupQuota(membership: TextFile.read("/proc/self/cgroup"), reading: TextFile.read)
    return limit(processors: availableProcessors, quota: quota)
  }()

  /// The first number of an OpenMP thread list such as `4` or `4,2`; nil when there is none that
  /// is positive.
  package static func requested(by variable: String?) -> Int? {
    guard let first = variable?.split(separator: ",", omittingEmptySubsequences: false).first,
      let count = Int(trimmed(first)), count > 0
    else { return nil }
    return min(count, ThreadPool.threadLimit)
  }

  /// A quota of two and a half processors allows two busy threads without being throttled.
  package static func limit(processors: Int, quota: Double?) -> Int {
    guard let quota, quota.isFinite, quota < Double(processors) else { return max(processors, 1) }
    return max(Int(quota), 1)
  }

  /// The least CPU quota, in processors, of the process's cgroup and its ancestors.
  ///
  /// - Parameters:
  ///   - membership: the text of `/proc/self/cgroup`.
  ///   - read: a file's text, nil when it cannot be read.
  package static func cgroupQuota(
    membership: String?, reading read: (String) -> String?
  ) -> Double? {
    guard let membership else { return nil }
    var least: Double?
    for line in membership.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isVersion2 = parts[0] == "0" && parts[1].isEmpty
      guard isVersion2 || parts[1].split(separator: ",").contains("cpu") else { continue }
      for folder in ancestors(of: parts[2]) {
        let quota =
          isVersion2
          ? quotaV2(read("/sys/fs/cgroup\(folder)/cpu.max"))
          : quotaV1(
            quota: read("/sys/fs/cgroup/cpu\(folder)/cpu.cfs_quota_us"),
            period: read("/sys/fs/cgroup/cpu\(folder)/cpu.cfs_period_us"))
        if let quota { least = min(least ?? quota, quota) }
      }
    }
    return least
  }

  /// Reads `cpu.max`: a quota (or `max`) and a period, both in microseconds.
  package static func quotaV2(_ text: String?) -> Double? {
    guard let fields = text.map({ trimmed($0[...]).split(separator: " ") }),
      let quota = fields.first.flatMap({ Double($0) }), quota > 0
    else { return nil }
    let period = fields.count > 1 ? Double(fields[1]) : 100_000
    guard let period, period > 0 else { return nil }
    return quota / period
  }

  /// Reads `cpu.cfs_quota_us` (−1 for none) and `cpu.cfs_period_us`.
  package static func quotaV1(quota: String?, period: String?) -> Double? {
    guard let quota = quota.flatMap({ Double(trimmed($0[...])) }), quota > 0,
      let period = period.flatMap({ Double(trimmed($0[...])) }), period > 0
    else { return nil }
    return quota / period
  }

  /// `/a/b` gives `/a/b`, `/a` and the root (an empty string).
  private static func ancestors(of path: Substring) -> [String] {
    let names = path.split(separator: "/")
    return (0...names.count).reversed().map { count in
      names.prefix(count).map { "/" + $0 }.joined()
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Counts the mask in the text of `/proc/self/status`: `Cpus_allowed:` and hexadecimal words.
  package static func affinityCount(status: String?) -> Int? {
    guard
      let line = status?.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") }),
      let mask = line.split(separator: ":").last
    else { return nil }
    var count = 0
    for word in trimmed(mask).split(separator: ",") {
      guard let bits = UInt64(word, radix: 16) else { return nil }
      count += bits.nonzeroBitCount
    }
    return count > 0 ? count : nil
  }

  private static var availableProcessors: Int {
    affinityCount(status: TextFile.read("/proc/self/status"))
      ?? max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)
  }

  private static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
