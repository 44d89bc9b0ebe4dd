// A long context: evidence and what is near it, folds between, and where each hop lies.

const roles = {
  supporting: "holds evidence",
  same_cluster: "distractor of the same cluster",
  retrieved: "distractor that reads alike",
  synthetic: "distractor that a model wrote",
  random: "distractor",
};

// What is no hop's evidence is where an answer stands.
const hopName = (hop) => (hop ? `hop ${hop}` : "answer");

const piece = ([kind, first, second]) => {
  if (kind === "t") return shown(first);
  if (kind === "d") {
    return make(
      "span",
      { class: `document ${second}` },
      foreign("bdi", first),
      make("span", { class: "role" }, roles[second] ?? second),
    );
  }
  return make(
    "mark",
    { class: `hop-${first}`, "data-hop": first, tabindex: "-1" },
    make("span", { class: "badge" }, hopName(first)),
    ...shown(second),
  );
};

const told = ([, characters, documents]) =>
  `${counted(characters, "character")}${documents ? `, ${counted(documents, "document")}` : ""}`;

// A fold is a button before it is opened, and another after: the same place folds it again.
const fold = (row, at, one) => {
  const place = make("span", { class: "fold" });
  // Whoever is on the button stays on it.
  const put = (button, ...more) => {
    const here = place.contains(document.activeElement);
    place.replaceChildren(button, ...more);
    if (here) button.focus({ preventScroll: true });
  };
  const folded = () =>
    put(make("button", { type: "button", "aria-expanded": "false", click: open }, `⋯ ${told(one)}`));
  const open = async () => {
    if (!row.at) return say(`The whole context of this row is in the ${about.audit ? "file that was audited" : "Parquet files of its version"}.`);
    try {
      const pieces = (await loadFolds(row.at))[at];
      const close = make(
        "button",
        { type: "button", "aria-expanded": "true", click: folded },
        `fold ${told(one)}`,
      );
      put(close, make("span", { class: "unfolded" }, pieces.flatMap(piece)));
    } catch {
      say(`The whole context is in the folder ${about.folder} that belongs beside this page.`);
    }
  };
  const say = (words) => place.append(make("span", { class: "told", role: "alert" }, words));
  place.toggle = () => (place.querySelector("[aria-expanded=true]") ? folded() : open());
  folded();
  return place;
};

const svg = (tag, more) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(more)) made.setAttribute(name, value);
  return made;
};

const percent = (share) => `${Math.round(share * 100)} %`;

// Where in the whole context each piece of evidence lies, from its beginning at the left.
const depthBar = (row) => {
  const label = row.bar.map(([hop, from]) => `${hopName(hop)} at ${percent(from)}`).join(", ");
  const bar = svg("svg", { viewBox: "0 0 1000 22", preserveAspectRatio: "none", role: "img" });
  bar.setAttribute("aria-label", `Evidence in the context: ${label}`);
  bar.classList.add("depth");
  bar.append(svg("rect", { x: 0, y: 8, width: 1000, height: 6, class: "whole" }));
  // Four pixels at least: on a phone the bar is narrow, and most evidence is short.
  const least = 4000 / (byId("detail").clientWidth || 700);
  for (const [hop, from, to] of row.bar) {
    const width = Math.max(least, (to - from) * 1000);
    const x = Math.min(1000 - width, from * 1000);
    bar.append(svg("rect", { x, y: 1, width, height: 20, class: `hop-${hop}` }));
  }
  return bar;
};

const jump = (hop) => {
  const found = byId("detail").querySelector(`mark[data-hop="${hop}"]`);
  if (!found) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  found.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  found.focus({ preventScroll: true });
};

// All of them open, or where they are all of them shut.
const unfoldAll = () => {
  const folds = [...byId("detail").querySelectorAll(".fold")];
  const shut = folds.filter((each) => !each.querySelector("[aria-expanded=true]"));
  for (const each of shut.length ? shut : folds) each.toggle();
};

const contextOf = (row) => {
  let folds = 0;
  const pieces = row.text.flatMap((one) => (one[0] === "f" ? fold(row, folds++, one) : piece(one)));
  const jumps = row.bar.map(([hop, from]) =>
    make("button", { type: "button", click: () => jump(hop) }, `${hopName(hop)} · ${percent(from)}`),
  );
  const long = `${counted(row.tokens, "token")} (${row.tokenizer}) in ${counted(row.documents, "document")}`;
  const wanted = row.wanted && row.wanted !== row.tokens ? `, laid out for ${number(row.wanted)}` : "";
  return [
    make("h4", {}, "Context"),
    make("p", { class: "quiet" }, `${long}${wanted}`),
    depthBar(row),
    make(
      "p",
      { class: "jumps" },
      jumps,
      folds ? make("button", { type: "button", click: unfoldAll }, "unfold or fold all") : null,
    ),
    make("div", { class: "context", lang: row.lang, dir: "auto" }, pieces),
  ];
};
