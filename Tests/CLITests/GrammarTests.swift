import Testing

/// What every command has in common.
@Suite struct GrammarTests {
  @Test(arguments: [["--help"], ["help", "ops"], ["ops", "--help"], []])
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
  ])
  func `wrong usage is one line and 64`(arguments: [String], message: String) throws {
    let command = try Command(arguments)
    #expect(command.status == 64)
    #expect(command.output.isEmpty)
    #expect(
      command.errors == "martlet: error: \(message) (martlet help says what there is)\n")
  }
}
