import Martlet
import MartletOps
import MartletTensor

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A profile as one page for browsers that needs nothing beside it.
struct ProfilePage: Encodable {
  private struct Slice: Encodable {
    let family: Int
    /// Milliseconds in the run of the median length.
    let begin: Double
    let duration: Double
  }

  private struct Span: Encodable {
    let thread: Int
    /// The step that it is a share of.
    let step: Int
    let begin: Double
    let duration: Double
  }

  private let report: ProfileReport
  private let inputs: String
  private let families = OperatorFamily.allCases.map(\.rawValue)
  private let slices: [Slice]
  private let spans: [Span]

  init(_ profile: Profile, model: String, inputs: [Value]) {
    report = ProfileReport(profile, model: model)
    self.inputs = InspectedInputs.text(inputs)
    slices = profile.steps.map { step in
      let name = step.operation.split(separator: " ").first.map(String.init) ?? ""
      let family = OperatorFamily(operator: name)
      return Slice(
        family: OperatorFamily.allCases.firstIndex(of: family) ?? 0,
        begin: milliseconds(step.begin), duration: milliseconds(step.typicalDuration))
    }
    let begins = profile.steps.map(\.begin)
    spans = profile.spans.map { span in
      Span(
        thread: span.thread, step: max((begins.lastIndex { $0 <= span.begin }) ?? 0, 0),
        begin: milliseconds(span.begin), duration: milliseconds(span.duration))
    }
  }

  /// - Throws: what the encoder throws.
  func html() throws -> String {
    // Within a script, only `<` could end it.
    let data = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
      .replacing("<", with: "\\u003c")
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Martlet profile</title>
      <style>
      \(Self.style)
      \(Self.familyColors)
      </style>
      </head>
      <body>
      \(Self.body)
      <script>
      const data = \(data);
      \(Self.script)
      </script>
      </body>
      </html>

      """
  }

  private static var familyColors: String {
    OperatorFamily.allCases.enumerated().map { index, family in
      ".f\(index){--family:\(family.colors.stroke)}"
    }.joined(separator: "\n")
  }

  private static let body = """
    <header>
    <h1 id="model"></h1>
    <p id="facts"></p>
    </header>
    <section>
    <h2>Timeline <small>of the run of the median length; wheel zooms, drag moves, double click \
    shows all</small></h2>
    <div id="legend"></div>
    <div id="timeline"><svg></svg></div>
    <div id="hint" hidden></div>
    </section>
    <section>
    <h2>Totals <span id="groups" role="group"></span></h2>
    <table id="totals"><thead></thead><tbody></tbody></table>
    </section>
    <section>
    <h2>Steps <input id="filter" type="search" placeholder="filter by any text" \
    aria-label="filter"></h2>
    <div class="wide"><table id="steps"><thead></thead><tbody></tbody></table></div>
    </section>
    """
}
