// One example, whole: its steps, its context, what judges and solvers said, where it comes from.

const table = (head, lines) =>
  make(
    "div",
    { class: "table", role: "region", tabindex: "0", "aria-label": head.join(", ") },
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, head.map((each) => make("th", { scope: "col" }, each)))),
      make("tbody", {}, lines.map((line) => make("tr", {}, line.map((each) => make("td", {}, each))))),
    ),
  );

const stepsOf = (row) => [
  make("h4", {}, "Steps"),
  make(
    "ol",
    { class: "steps", lang: row.lang },
    row.steps.map((step, at) =>
      make(
        "li",
        { class: `hop-${at + 1}` },
        foreign("span", step.q, { class: "asked" }),
        foreign("strong", step.a, { class: "answer" }),
        make(
          "span",
          { class: "source" },
          foreign("bdi", step.doc),
          step.rel ? [" · ", foreign("bdi", step.rel)] : null,
          row.why?.[at] && row.why.length === row.steps.length
            ? [" · drawn by ", foreign("bdi", row.why[at])]
            : null,
        ),
      ),
    ),
  ),
];

const quotesOf = (row) =>
  row.quotes.flatMap((quote) => [
    foreign("blockquote", quote.text, { lang: row.lang }),
    make("p", { class: "source" }, foreign("bdi", quote.doc), quote.title ? [": ", foreign("bdi", quote.title)] : null),
  ]);

const judgedOf = (row) => [
  make("h4", {}, "Judges"),
  ...row.judged.flatMap((judged) => [
    make(
      "p",
      { class: "verdict" },
      make("strong", {}, judged.high === null ? `${judged.score.toFixed(2)} of 10` : judged.high ? "high" : "not high"),
      ` ${Object.entries(judged.by).map(([name, score]) => `${name} ${score}`).join(", ")} `,
      foreign("bdi", judged.model, { class: "quiet" }),
    ),
    foreign("blockquote", judged.why),
  ]),
];

const kinds = {
  full: "all evidence",
  closed_book: "the question alone",
  distractors: "the distractors alone",
};

const probesOf = (row) => [
  make("h4", {}, "Probes"),
  table(
    ["the solver saw", "it answered", "and that is", "compared by", "model"],
    row.probes.map((probe) => [
      probe.kind === "leave_one_out" ? `all but hop ${probe.hop || "?"}` : kinds[probe.kind] ?? probe.kind,
      probe.a ? foreign("span", probe.a, { lang: row.lang }) : make("em", { class: "quiet" }, "nothing"),
      // It is to be right with all of the evidence, and with nothing less.
      `${probe.ok ? "right" : "not right"}, ${probe.ok === (probe.kind === "full") ? "✓ as it should be" : "✗ as it should not be"}`,
      probe.by === "words" ? "its words" : "a judge",
      foreign("span", probe.model),
    ]),
  ),
];

const pastOf = (row) => [
  make("h4", {}, "Earlier wordings"),
  make(
    "ol",
    { class: "past", lang: row.lang },
    row.past.map((past) =>
      make(
        "li",
        {},
        foreign("span", past.q),
        " → ",
        foreign("bdi", past.a),
        make("br"),
        make("span", { class: "reason" }, past.reason.replaceAll("_", " ")),
        past.detail ? [" ", foreign("span", past.detail, { class: "quiet" })] : null,
      ),
    ),
  ),
];

const factsOf = (row) => {
  const facts = Object.entries(row.facts).filter(([, value]) => value);
  // Where each step has a reason of its own, it stands there.
  const why = row.steps && row.why.length === row.steps.length ? [] : row.why;
  return [
    make("h4", {}, "Where it comes from"),
    make(
      "dl",
      { class: "facts" },
      why.map((each) => [make("dt", {}, "drawn by"), foreign("dd", each)]),
      facts.map(([name, value]) => [make("dt", {}, name), foreign("dd", value)]),
      make("dt", {}, "id"),
      foreign("dd", row.id, { class: "code" }),
    ),
  ];
};

const tagsOf = (item) =>
  make(
    "ul",
    { class: "tags", "aria-label": "properties" },
    Object.entries(item.f).map(([name, value]) =>
      make("li", {}, make("span", {}, name), " ", foreign("bdi", [value].flat().join(", ").replaceAll("_", " "))),
    ),
  );

const rowDetail = (row) => [
  foreign("h3", row.q, { lang: row.lang }),
  foreign("p", row.a, { lang: row.lang, class: "answer" }),
  tagsOf(row),
  ...(row.steps ? stepsOf(row) : []),
  ...(row.quotes ? quotesOf(row) : []),
  ...(row.text ? contextOf(row) : []),
  ...(row.judged?.length ? judgedOf(row) : []),
  ...(row.probes?.length ? probesOf(row) : []),
  ...(row.past?.length ? pastOf(row) : []),
  ...factsOf(row),
];

const lostDetail = (item) => {
  const count = about.lost.find(([stage, reason]) => stage === item.f.stage && reason === item.f.reason);
  return [
    make("h3", {}, item.f.reason.replaceAll("_", " ")),
    tagsOf(item),
    make("p", { class: "quiet" }, `${counted(count[2], "item")} ended here for this reason.`),
    item.detail ? [make("h4", {}, "Detail"), foreign("p", item.detail)] : null,
    item.raw ? [make("h4", {}, "What it was, or what the model said"), foreign("pre", item.raw)] : null,
    make("h4", {}, "Where it stood"),
    make(
      "dl",
      { class: "facts" },
      make("dt", {}, "item"),
      foreign("dd", item.id, { class: "code" }),
      item.place ? [make("dt", {}, "read from"), foreign("dd", item.place, { class: "code" })] : null,
    ),
  ].flat(Infinity).filter(Boolean);
};
