// Which rows are found: those that have each chosen property, and all words of the search.

const facetNames = (items) => {
  const names = new Map();
  for (const item of items) {
    for (const [name, value] of Object.entries(item.f)) {
      if (!names.has(name)) names.set(name, new Map());
      // Of some properties, as flags, an item may have several.
      for (const each of [value].flat()) {
        names.get(name).set(each, (names.get(name).get(each) ?? 0) + 1);
      }
    }
  }
  return names;
};

// "≤ 512" comes before "≤ 1k".
const size = (value) => {
  const found = /([\d.]+)(k?)/.exec(value);
  return found ? Number(found[1]) * (found[2] ? 1024 : 1) : NaN;
};
const inOrder = (one, other) => size(one) - size(other) || (one < other ? -1 : 1);

const showFacets = (items, chosen) => {
  const selects = [...facetNames(items)].map(([name, values]) =>
    make(
      "label",
      {},
      `${name} `,
      make(
        "select",
        { name },
        make("option", { value: "" }, "any"),
        [...values.keys()].sort(inOrder).map((value) =>
          make(
            "option",
            { value, selected: chosen[name] === value },
            ...shown(`${value.replaceAll("_", " ")} (${number(values.get(value))})`),
          ),
        ),
      ),
    ),
  );
  byId("facets").replaceChildren(...selects);
};

// Everything of an item that a person may look for, in small letters, made when it is first needed.
const texts = new WeakMap();
const textOf = (item) => {
  if (!texts.has(item)) {
    const parts = [item.id, item.q, item.a, item.detail, item.raw, item.place];
    for (const step of item.steps ?? []) parts.push(step.q, step.a, step.doc);
    for (const quote of item.quotes ?? []) parts.push(quote.text, quote.doc, quote.title);
    for (const [kind, first, second] of item.text ?? []) {
      if (kind === "t" || kind === "d") parts.push(first);
      if (kind === "e") parts.push(second);
    }
    for (const judged of item.judged ?? []) parts.push(judged.why);
    for (const past of item.past ?? []) parts.push(past.q, past.detail);
    texts.set(item, parts.filter(Boolean).join("\n").normalize("NFKC").toLowerCase());
  }
  return texts.get(item);
};

// Words, and phrases between quotation marks.
const partsOf = (words) =>
  [...words.normalize("NFKC").toLowerCase().matchAll(/"([^"]+)"|[^\s"]+/g)].map(
    ([word, phrase]) => phrase ?? word,
  );

const matching = (items, chosen, words) => {
  const wanted = Object.entries(chosen).filter(([, value]) => value);
  const parts = partsOf(words);
  return items.filter(
    (item) =>
      wanted.every(([name, value]) => [item.f[name]].flat().includes(value)) &&
      parts.every((part) => textOf(item).includes(part)),
  );
};
