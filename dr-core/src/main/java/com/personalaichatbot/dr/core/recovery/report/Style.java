package com.personalaichatbot.dr.core.recovery.report;

/** How pages look: on a phone and a desk, in the light and in the dark, and on A4. */
final class Style {
  static final String CSS = """

      :root { --ground: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
        --good: #1a6e3c; --warning: #8a5a00; --bad: #b3261e; --unknown: #57606a; --bar: #2f6fb0; --bar2: #7aa7d6; }
      @media (prefers-color-scheme: dark) { :root { --ground: #14181d; --ink: #e6e9ec; --soft: #a3adb8;
        --line: #363d45; --panel: #1c2127; --good: #6fcf97; --warning: #e3b341; --bad: #ff8a80;
        --unknown: #a3adb8; --bar: #6ea8e0; --bar2: #3f648a; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--ground);
        color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
        overflow-wrap: anywhere; }
      h1 { font-size: 1.7rem; line-height: 1.2; margin: .2rem 0 .6rem; }
      h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
      h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
      p { margin: .4rem 0; } ul, ol { padding-left: 1.3rem; } li { margin: .2rem 0; }
      .soft, figcaption { color: var(--soft); font-size: .9rem; }
      .verdict { background: var(--panel); border: 1px solid var(--line); border-left: .5rem solid var(--unknown);
        border-radius: .4rem; padding: 1rem; margin: 1rem 0; }
      .verdict.good { border-left-color: var(--good); } .verdict.bad { border-left-color: var(--bad); }
      .verdict.warning { border-left-color: var(--warning); }
      .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; margin: .8rem 0 0; }
      .figures div { min-width: 0; } .figures b { display: block; font-size: 1.25rem; line-height: 1.3; }
      .badge { font-weight: 600; white-space: nowrap; } .badge.good { color: var(--good); }
      .badge.warning { color: var(--warning); } .badge.bad { color: var(--bad); } .badge.unknown { color: var(--unknown); }
      .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
      th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
      th { color: var(--soft); font-weight: 600; white-space: nowrap; } th, td { overflow-wrap: break-word; }
      td li, td code, .long { overflow-wrap: anywhere; } td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
      figure { margin: 1rem 0; } svg { width: 100%; height: auto; display: block; }
      svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .axis { stroke: var(--line); }
      svg .bar { fill: var(--bar); } svg .wait { fill: var(--bar2); } svg .failed { fill: var(--bad); }
      svg .limit { stroke: var(--bad); stroke-dasharray: 5 4; stroke-width: 1.5; } svg .curve { fill: none; stroke: var(--bar); stroke-width: 2; }
      code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85em; }
      .check { list-style: none; padding-left: 0; } .check li::before { content: "☐ "; }
      @media print { :root { --ground: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --panel: #f4f4f4;
        --good: #14532d; --warning: #6b4500; --bad: #8b1a12; --unknown: #444444; --bar: #2f6fb0; --bar2: #a9c6e3; }
        @page { size: A4; margin: 16mm; } body { max-width: none; padding: 0; font-size: 10.5pt; }
        h2, h3 { break-after: avoid; } tr, figure, .verdict { break-inside: avoid; } .scroll { overflow: visible; } }
      """;

  private Style() {}
}
