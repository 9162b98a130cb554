package com.personalaichatbot.dr.core.recovery.report;

/** The looks of the pages: on a phone and a desk, in the light and in the dark, and on A4. */
final class Stylesheet {
  static final String CSS = """

      :root { --ground: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
        --good: #1a6e3c; --warning: #8a5a00; --bad: #b3261e; --unknown: #57606a; --bar: #2f6fb0; --bar2: #a9c6e3;
        --fill: #b5dcc2; --fill2: #6fbf8b; --hot: #f0a8a2; --alarm: #c0392b; }
      @media screen and (prefers-color-scheme: dark) { :root { --ground: #14181d; --ink: #e6e9ec; --soft: #a3adb8;
        --line: #363d45; --panel: #1c2127; --good: #6fcf97; --warning: #e3b341; --bad: #ff8a80;
        --unknown: #a3adb8; --bar: #4f8fcf; --bar2: #3f5f80;
        --fill: #2c5a3d; --fill2: #3f8f5d; --hot: #8f3a35; --alarm: #d0564c; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--ground);
        color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
        overflow-wrap: anywhere; }
      @page { size: A4; margin: 16mm; }
      h1 { font-size: 1.7rem; line-height: 1.2; margin: .2rem 0 .6rem; }
      h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
      h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
      p { margin: .4rem 0; } ul, ol { padding-left: 1.3rem; } li { margin: .2rem 0; }
      .soft, figcaption { color: var(--soft); font-size: .9em; }
      .verdict { background: var(--panel); border: 1px solid var(--line); border-left: .5rem solid var(--unknown);
        border-radius: .4rem; padding: 1rem; margin: 1rem 0; }
      .verdict.good { border-left-color: var(--good); } .verdict.bad { border-left-color: var(--bad); }
      .verdict.warning { border-left-color: var(--warning); }
      .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .8rem; margin: .8rem 0 0; }
      .figures div { min-width: 0; } .figures b { display: block; font-size: 1.25rem; line-height: 1.3; }
      .badge { font-weight: 600; white-space: nowrap; } .badge.good { color: var(--good); }
      .badge.warning { color: var(--warning); } .badge.bad { color: var(--bad); } .badge.unknown { color: var(--unknown); }
      table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .6rem 0; }
      th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
      th { color: var(--soft); font-weight: 600; } th, .short { white-space: nowrap; } td { font-variant-numeric: tabular-nums; }
      td { overflow-wrap: break-word; } .long { overflow-wrap: anywhere; } td:first-child { min-width: 8rem; } td ul { margin: .2rem 0 0; padding-left: 1rem; }
      figure { margin: 1.2rem 0; } figcaption { margin-bottom: .5rem; } figure > svg { display: block; overflow: visible; }
      svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
      svg .middle { text-anchor: middle; } svg .end { text-anchor: end; }
      svg path, svg line { vector-effect: non-scaling-stroke; } svg .axis { stroke: var(--line); }
      svg .limit { stroke: var(--alarm); stroke-dasharray: 5 4; stroke-width: 1.5; }
      .bar { fill: var(--bar); background: var(--bar); } .wait { fill: var(--bar2); background: var(--bar2); }
      .failed { fill: var(--alarm); background: var(--alarm); }
      .area { fill: var(--bar); background: var(--bar); } .area.over { fill: var(--alarm); background: var(--alarm); }
      .curve { fill: none; stroke: var(--bar); stroke-width: 2; background: var(--bar); }
      .ahead { fill: none; stroke: var(--ink); stroke-width: 1.5; background: var(--ink); }
      .band { fill: var(--bar2); fill-opacity: .5; background: var(--bar2); }
      .none { fill: var(--panel); } .unverified { fill: var(--bar2); background: var(--bar2); }
      .verified { fill: var(--fill); background: var(--fill); } .proven { fill: var(--fill2); background: var(--fill2); }
      .suspect { fill: var(--hot); background: var(--hot); }
      .goes { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 2; fill-opacity: .45; }
      .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .85rem; color: var(--soft); }
      .legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: .15rem; margin-right: .35rem; vertical-align: -.1rem; }
      .legend i.goes { border: 1.5px dashed var(--ink); } .legend i.none { display: none; }
      .legend i.limit { height: 0; border-top: 2px dashed var(--alarm); vertical-align: .25rem; }
      .legend i.curve, .legend i.ahead { height: .2rem; vertical-align: .2rem; }
      footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
      @media screen and (max-width: 40rem) {
        .narrow { font-size: .8rem; } .narrow td:first-child { min-width: 4rem; } .narrow td, .narrow th { padding-right: .4rem; }
        .wide, .wide tbody { display: block; } .wide thead { display: none; }
        .wide tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
        .wide td { display: block; position: relative; border: 0; padding: .12rem 0 .12rem 7.2rem; min-height: 1.7em; }
        .wide td::before { content: attr(data-label); position: absolute; left: 0; color: var(--soft); }
        .wide td:first-child { padding-left: 0; font-weight: 600; } .wide td:first-child::before { content: none; }
        .wide td:first-child .soft { font-weight: 400; } }
      code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85em; }
      .check { list-style: none; padding-left: 0; } .check li::before { content: "☐ "; }
      @media print { :root { --ink: #000000; --soft: #444444; }
        body { max-width: none; padding: 0; font-size: 10.5pt; } table { font-size: 9pt; }
        h2, h3 { break-after: avoid; } tr, figure, .verdict, .check { break-inside: avoid; }
        * { print-color-adjust: exact; } }
      """;

  private Stylesheet() {}
}
