/// The fonts that gd carries in itself; each has one size and one width for all letters.
public enum Font: Sendable, CaseIterable {
  case small, large, giant
}
