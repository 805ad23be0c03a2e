import MartletTensor
import MartletVision
import Testing

@Suite("Letterboxes")
struct LetterboxTests {
  @Test("an empty picture is refused")
  func empty() {
    #expect(throws: MartletError.self) {
      try Letterbox(pictureWidth: 0, pictureHeight: 3, targetWidth: 32, targetHeight: 32)
    }
  }
}
