import MartletKernels
import Testing

struct ProcessorCountTests {
  @Test(
    arguments: [
      ("4", 4), ("4,2", 4), (" 3 ", 3), ("0", nil), ("-1", nil), ("many", nil), ("", nil),
      (",2", nil), (nil, nil),
    ] as [(String?, Int?)])
  func environment(text: String?, expected: Int?) {
    #expect(ProcessorCount.requested(by: text) == expected)
  }

  @Test func affinity() {
    #expect(ProcessorCount.affinityCount(status: "Name:\tx\nCpus_allowed:\t3\n") == 2)
    #expect(
      ProcessorCount.affinityCount(status: "Cpus_allowed:\tf,ffffffff,00000001\n") == 37)
    #expect(ProcessorCount.affinityCount(status: "Cpus_allowed_list:\t0-1\n") == nil)
    #expect(ProcessorCount.affinityCount(status: "Cpus_allowed:\tx\n") == nil)
    #expect(ProcessorCount.affinityCount(status: nil) == nil)
  }

  @Test func quotas() {
    #expect(ProcessorCount.quotaV2("max 100000\n") == nil)
    #expect(ProcessorCount.quotaV2("250000 100000\n") == 2.5)
    #expect(ProcessorCount.quotaV2("garbage") == nil)
    #expect(ProcessorCount.quotaV1(quota: "-1\n", period: "100000\n") == nil)
    #expect(ProcessorCount.quotaV1(quota: "50000\n", period: "100000\n") == 0.5)
    #expect(ProcessorCount.limit(processors: 8, quota: 2.5) == 2)
    #expect(ProcessorCount.limit(processors: 8, quota: 0.5) == 1)
    #expect(ProcessorCount.limit(processors: 2, quota: 16) == 2)
    #expect(ProcessorCount.limit(processors: 2, quota: nil) == 2)
  }

  @Test func cgroupsAndTheirAncestors() {
    let files = [
      "/sys/fs/cgroup/a/b/cpu.max": "max 100000",
      "/sys/fs/cgroup/a/cpu.max": "300000 100000",
      "/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us": "150000",
      "/sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us": "100000",
    ]
    func quota(_ membership: String) -> Double? {
      ProcessorCount.cgroupQuota(membership: membership) { files[$0] }
    }
    #expect(quota("0::/a/b\n") == 3)
    #expect(quota("4:cpu,cpuacct:/docker/x\n2:memory:/docker/x\n") == 1.5)
    #expect(quota("0::/a/b\n4:cpuacct,cpu:/docker/x\n") == 1.5)
    #expect(quota("0::/elsewhere\n") == nil)
    #expect(ProcessorCount.cgroupQuota(membership: nil) { files[$0] } == nil)
  }

  @Test func someProcessorIsFound() { #expect(ProcessorCount.default >= 1) }

  #if os(Linux)
    @Test func kernelsOfTheMatrixLibrary() {
      func name(_ flags: String) -> String? {
        OpenBLAS.coreName(forFlagsIn: "model : 207\nflags\t\t: \(flags)\n")
      }
      #expect(name("fpu avx2 fma") == "Haswell")
      #expect(name("avx2 fma avx512f avx512bw avx512cd avx512dq avx512vl") == "SkylakeX")
      #expect(name("fpu sse2 avx") == nil)
      #expect(OpenBLAS.coreName(forFlagsIn: nil) == nil)
    }
  #endif
}
