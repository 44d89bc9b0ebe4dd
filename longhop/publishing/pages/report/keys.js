// All of it by keyboard: what a key does depends on whether somebody writes.

const press = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const search = byId("search");
  const writes = event.target.matches?.("input, select, textarea");
  if (event.key === "Escape") {
    if (event.target === search && search.value) {
      search.value = "";
      find();
    } else goBack();
    event.preventDefault();
    return;
  }
  if (event.target === search && (event.key === "Enter" || event.key === "ArrowDown")) {
    choose(Math.max(0, state.at));
    event.preventDefault();
    return;
  }
  if (writes) return;
  const listed = byId("list").contains(event.target);
  const moves = {
    "/": () => search.focus(),
    j: () => choose(state.at + 1, { open: byId("browser").classList.contains("opened") }),
    k: () => choose(state.at - 1, { open: byId("browser").classList.contains("opened") }),
    o: unfoldAll,
  };
  if (listed) {
    moves.ArrowDown = () => choose(state.at + 1);
    moves.ArrowUp = () => choose(state.at - 1);
    moves.Home = () => choose(0);
    moves.End = () => choose(state.listed - 1);
  }
  if (Object.hasOwn(moves, event.key)) moves[event.key]();
  else if (/^[1-9]$/.test(event.key)) jump(event.key);
  else return;
  event.preventDefault();
};
