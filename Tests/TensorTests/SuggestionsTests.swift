import MartletTensor
import Testing

@Suite struct SuggestionsTests {
  private let names = ["resnet18", "resnet34", "mobilenet_v2", "vgg16", "vgg16_bn", "vit_b_16"]

  @Test(arguments: [
    ("resnet81", ["resnet18", "resnet34"]), ("ResNet-18", ["resnet18", "resnet34"]),
    ("vgg", ["vgg16", "vgg16_bn"]), ("mobilnet_v2", ["mobilenet_v2"]), ("bert", []), ("", []),
    ("vit-b-16", ["vit_b_16"]),
  ])
  func `near names come first`(written: String, expected: [String]) {
    #expect(Suggestions.near(written, among: names) == expected)
  }

  @Test func `advice stands where no name is near`() {
    let near = Suggestions.text(for: "vgg", among: names, or: "see the list")
    #expect(near == "; did you mean 'vgg16' or 'vgg16_bn'?")
    let far = Suggestions.text(for: "zzz", among: names, or: "see the list")
    #expect(far == "; see the list")
  }
}
