import Martlet
extension TracedModule {
  func frozen() throws -> TracedModule { throw MartletError(.unsupported, "not yet") }
}
