// The list of what is found, and the one that is chosen of it.

const STEP = 100;
const state = { lost: false, found: [], listed: 0, at: -1, pages: 1, facets: {} };
const items = () => (state.lost ? lost : rows);
const wide = matchMedia("(min-width: 62rem)");

const entry = (item, at) => {
  const name = state.lost ? item.raw || item.detail || item.id : item.q;
  const below = state.lost
    ? `${item.f.stage} · ${item.f.reason.replaceAll("_", " ")}`
    : Object.values(item.f).slice(0, 6).join(" · ").replaceAll("_", " ");
  return make(
    "li",
    {},
    make(
      "button",
      { type: "button", tabindex: at ? "-1" : "0", "data-at": at, click: () => choose(at, { open: true }) },
      foreign("span", name.slice(0, 240), { class: "name", lang: item.lang }),
      make("span", { class: "quiet" }, below),
    ),
  );
};

const showMore = () => {
  const from = state.listed;
  state.listed = Math.min(state.found.length, from + STEP);
  byId("list").append(
    ...state.found.slice(from, state.listed).map((item, at) => entry(item, from + at)),
  );
  byId("more").hidden = state.listed >= state.found.length;
};

const buttonAt = (at) => byId("list").querySelector(`button[data-at="${at}"]`);

// On a wide screen list and example stand beside each other; on a narrow one each has it all.
const choose = (at, { focus = true, open = false } = {}) => {
  if (at < 0 || at >= state.found.length) return;
  while (at >= state.listed) showMore();
  const before = buttonAt(state.at);
  before?.removeAttribute("aria-current");
  before?.setAttribute("tabindex", "-1");
  state.at = at;
  const button = buttonAt(at);
  button.setAttribute("aria-current", "true");
  button.setAttribute("tabindex", "0");
  if (focus) {
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest" });
  }
  if (wide.matches || open) show(state.found[at], open);
};

const show = (item, open) => {
  const back = make("button", { type: "button", class: "back", click: goBack }, "← all examples");
  byId("detail").replaceChildren(back, ...(state.lost ? lostDetail(item) : rowDetail(item)));
  byId("detail").scrollTop = 0;
  byId("browser").classList.toggle("opened", open && !wide.matches);
  if (open && !wide.matches) {
    byId("detail").focus({ preventScroll: true });
    byId("browser").scrollIntoView({ block: "start" });
  }
};

const goBack = () => {
  byId("browser").classList.remove("opened");
  const button = buttonAt(Math.max(0, state.at));
  button?.focus({ preventScroll: true });
  button?.scrollIntoView({ block: "nearest" });
};

const tellFound = () => {
  const all = items().length;
  const told = state.found.length === all ? number(all) : `${number(state.found.length)} of ${number(all)}`;
  byId("found").textContent = `${told} ${state.lost ? "items" : about.pairs ? "pairs" : "rows"} found`;
  const next = about.pages[state.pages];
  byId("next-page").hidden = state.lost || !next;
  if (next) byId("next-page").textContent = `Load ${number(next.rows)} more of ${number(about.shown)}`;
};

const find = () => {
  state.found = matching(items(), state.facets, byId("search").value);
  state.listed = 0;
  state.at = -1;
  byId("list").replaceChildren();
  byId("browser").classList.remove("opened");
  byId("detail").replaceChildren();
  showMore();
  tellFound();
  if (wide.matches) choose(0, { focus: false });
};

const turnTo = (other) => {
  state.lost = other;
  state.facets = {};
  byId("search").value = "";
  byId("tab-rows").setAttribute("aria-pressed", String(!other));
  byId("tab-lost").setAttribute("aria-pressed", String(other));
  showFacets(items(), state.facets);
  find();
};

const loadMore = async () => {
  const button = byId("next-page");
  button.disabled = true;
  try {
    rows.push(...(await loadPage(state.pages)));
    state.pages += 1;
    showFacets(rows, state.facets);
    find();
  } catch {
    byId("found").textContent = `The rest is in the folder ${about.folder} that belongs beside this page.`;
  }
  button.disabled = false;
};
