// What is there from the beginning, and what listens to whom.

byId("shown").textContent =
  about.shown < about.total
    ? `${number(about.shown)} of ${number(about.total)}, drawn by hash.`
    : "All of them are here.";
if (about.lost.length) byId("shown").append(" Of what was turned away there are some for each reason.");
if (!about.pairs) byId("shown").append(" Contexts are folded around the evidence of each hop.");
byId("filters").addEventListener("submit", (event) => event.preventDefault());
let soon;
byId("search").addEventListener("input", () => {
  clearTimeout(soon);
  soon = setTimeout(find, 120);
});
byId("facets").addEventListener("change", (event) => {
  state.facets[event.target.name] = event.target.value;
  find();
});
byId("clear").addEventListener("click", () => turnTo(state.lost));
byId("tab-rows").addEventListener("click", () => turnTo(false));
byId("tab-lost").addEventListener("click", () => turnTo(true));
byId("more").addEventListener("click", showMore);
byId("next-page").addEventListener("click", loadMore);
document.addEventListener("keydown", press);
// A phone that is turned may be wide enough for both.
wide.addEventListener("change", () => {
  byId("browser").classList.remove("opened");
  if (wide.matches) choose(Math.max(0, state.at), { focus: false });
});
// On paper a table that is folded away says nothing.
addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("figure details")) each.open = true;
});
turnTo(false);
