import TestSupport
import Testing

/// What every command has in common.
@Suite struct GrammarTests {
  @Test(arguments: [
    ["--help"], ["help", "ops"], ["help", "trace"], ["help", "bench"], ["ops", "--help"], [],
  ])
  func `help is an answer, not an error`(arguments: [String]) throws {
    let command = try Command(arguments)
    #expect(command.status == 0)
    #expect(command.output.contains("USAGE: martlet"))
    #expect(command.errors.isEmpty)
  }

  @Test(arguments: [
    (["nope"], "Unexpected argument 'nope'"),
    (["ops", "--nope"], "Unknown option '--nope'"),
    (["ops", "--json", "--markdown"], "--json and --markdown exclude each other"),
    (["trace", "resnet18", "--graph", "--code"], "--graph, --code and --json exclude each other"),
    (["trace", "resnet18", "--shape", "1,x"], "The value '1,x' is invalid for '--shape <shape>'"),
    (["trace"], "Missing expected argument '<model>'"),
    (["bench", "resnet18", "--threads", "0"], "--threads must be at least 1, got 0"),
    (["bench", "resnet18", "--batch", "1,0"], "--batch must be at least 1, got 0"),
    (["bench", "resnet18", "--streams", "0"], "--streams must be from 1 to 1024, got 0"),
    (["bench", "resnet18", "--warm-up=-1"], "--warm-up must not be negative, got -1"),
    (
      ["bench", "resnet18", "--batch", "2", "--input", "x.npy"],
      "--batch and --input exclude each other"
    ),
    (["profile", "resnet18", "--threads", "0"], "--threads must be at least 1, got 0"),
    (
      ["bench", "resnet18", "--seconds", "0"],
      "--seconds must be more than 0 and at most 3600, got 0.0"
    ),
  ])
  func `wrong usage is one line and 64`(arguments: [String], message: String) throws {
    let command = try Command(arguments)
    #expect(command.status == 64)
    #expect(command.output.isEmpty)
    #expect(
      command.errors == "martlet: error: \(message) (martlet help says what there is)\n")
  }

  @Test(arguments: [
    (["trace", "resnet"], "there is no model 'resnet'; did you mean 'resnet18', 'resnet34' or "),
    (["trace", "zzz"], "there is no model 'zzz'; the models are resnet18, "),
    (["trace", "squeezenet1_1", "--weights", "/nowhere"], "could not open '/nowhere': "),
    (
      ["trace", "squeezenet1_1", "--shape", "1,4,64,64"],
      "given groups=1, weight of size [64, 3, 3, 3], expected input[1, 4, 64, 64] to have 3 "
        + "channels, but got 4 channels instead; in aten::_convolution("
    ),
  ])
  func `what fails is one line and 1`(arguments: [String], beginning: String) throws {
    let command = try Command(arguments)
    #expect(command.status == 1)
    #expect(command.output.isEmpty)
    #expect(command.errors.hasPrefix("martlet: error: \(beginning)"))
    #expect(command.errors.split(separator: "\n").count == 1)
  }
}
