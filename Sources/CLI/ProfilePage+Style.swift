extension ProfilePage {
  /// Light and dark as the reader's system is.
  static let style = """
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --ink: #16191d; --soft: #5c6670; --line: #d9dee3; --row: #f4f6f8;
      --mark: #fff3c4; --bar: #9cc3f0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14171a; --ink: #e6e9ec; --soft: #98a3ad; --line: #32383e; --row: #1c2126;
        --mark: #4a3f12; --bar: #2f5f94;
      }
      .bar, .slice, .key i { filter: brightness(1.35); }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; padding: 20px 24px 60px; max-width: 1500px; background: var(--paper);
      color: var(--ink); font: 14px/1.45 system-ui, sans-serif;
    }
    h1 { font-size: 20px; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 16px; margin: 28px 0 8px; display: flex; gap: 12px; align-items: baseline;
      flex-wrap: wrap; }
    h2 small { font-weight: 400; font-size: 12px; color: var(--soft); }
    #facts { margin: 6px 0 0; color: var(--soft); display: flex; flex-wrap: wrap; gap: 4px 22px; }
    #facts b { color: var(--ink); font-weight: 600; }
    #legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-bottom: 6px; font-size: 12px; }
    .key { display: inline-flex; gap: 6px; align-items: center; }
    .key i { width: 12px; height: 12px; border-radius: 3px; background: var(--family); }
    #timeline { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
    #timeline svg { display: block; width: 100%; cursor: grab; user-select: none;
      touch-action: none; }
    .lane { fill: var(--row); }
    .slice { fill: var(--family); }
    .idle { opacity: 0.3; }
    .slice:hover, .slice.marked { stroke: var(--ink); stroke-width: 1.5; }
    .axis { fill: var(--soft); font-size: 11px; }
    .tick { stroke: var(--line); }
    #hint {
      position: fixed; pointer-events: none; max-width: 460px; padding: 8px 10px; font-size: 12px;
      background: var(--paper); color: var(--ink); border: 1px solid var(--line);
      border-radius: 6px; box-shadow: 0 4px 16px #0004; white-space: pre-line; z-index: 2;
      overflow-wrap: anywhere;
    }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th { position: sticky; top: 0; background: var(--paper); text-align: left; cursor: pointer;
      white-space: nowrap; border-bottom: 2px solid var(--line); padding: 5px 8px; z-index: 1; }
    th button { all: unset; cursor: pointer; font-weight: 600; }
    th button:focus-visible { outline: 2px solid var(--bar); }
    th[aria-sort=ascending] button::after { content: " \\25b2"; font-size: 9px; }
    th[aria-sort=descending] button::after { content: " \\25bc"; font-size: 9px; }
    td { padding: 3px 8px; border-bottom: 1px solid var(--line); vertical-align: top; }
    th.number, td.number { text-align: right; }
    td.number { white-space: nowrap; }
    td.name { min-width: 120px; }
    tbody tr:hover { background: var(--row); }
    tr.marked, tr.marked:hover { background: var(--mark); }
    td.share, td.sizes { white-space: nowrap; }
    td.share { min-width: 126px; }
    .bar { display: inline-block; height: 9px; border-radius: 2px; vertical-align: middle;
      margin-left: 6px; background: var(--family, var(--bar)); }
    #totals { max-width: 900px; }
    #groups button, #filter {
      font: 13px/1.45 system-ui, sans-serif; padding: 3px 10px; border: 1px solid var(--line);
      border-radius: 6px; background: var(--paper); color: var(--ink);
    }
    #groups { display: inline-flex; gap: 6px; font-weight: 400; }
    #groups button { cursor: pointer; }
    #groups button[aria-pressed=true] { background: var(--ink); color: var(--paper); }
    #filter { width: 260px; }
    @media print { #groups, #filter { display: none; } th { position: static; } }
    """
}
