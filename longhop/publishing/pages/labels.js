"use strict";
(() => {
  const main = document.querySelector("main");
  const rows = [...main.querySelectorAll("article")];
  const name = document.getElementById("labeller");
  const told = document.getElementById("told");
  const columns = main.dataset.columns.split(" ");
  const kept = `longhop-labels-${main.dataset.sheet}`;
  const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;

  const text = (row, part) => row.querySelector(part).textContent;
  const asked = (row) => [...row.querySelectorAll("fieldset")];
  const comment = (row) => row.querySelector("textarea");
  const marked = (field) => field.querySelector("input:checked")?.value;
  const chosen = (field) => marked(field) ?? "";
  const choose = (field, value) => {
    for (const each of field.querySelectorAll("input")) each.checked = each.value === value;
  };
  const say = (words) => {
    told.textContent = words;
    told.hidden = !words;
  };

  // Where a row stands: nothing said, all said that is needed, or a part of it.
  const state = (row) => {
    const said = new Map(asked(row).map((field) => [field.dataset.asked, chosen(field)]));
    if (![...said.values()].some(Boolean)) return "";
    return said.get("good") && said.get("multi_hop") ? "done" : "half";
  };

  const show = () => {
    for (const row of rows) {
      const now = state(row);
      row.classList.toggle("done", now === "done");
      row.classList.toggle("half", now === "half");
    }
    const done = rows.filter((row) => state(row) === "done").length;
    document.getElementById("progress").textContent = `${done} of ${rows.length}`;
    document.getElementById("done").value = done;
  };

  const save = () => {
    const labels = {};
    for (const row of rows) {
      const said = Object.fromEntries(asked(row).map((it) => [it.dataset.asked, marked(it)]));
      said.comment = comment(row).value;
      if (Object.values(said).some(Boolean)) labels[row.dataset.id] = said;
    }
    try {
      localStorage.setItem(kept, JSON.stringify({ labeller: name.value, labels }));
    } catch {
      say("This browser keeps nothing for this page: download the CSV before you leave it.");
    }
    show();
  };

  const restore = () => {
    let before = {};
    try {
      before = JSON.parse(localStorage.getItem(kept)) ?? {};
    } catch {
      say("This browser keeps nothing for this page: download the CSV before you leave it.");
    }
    if (document.activeElement !== name) name.value = before.labeller ?? "";
    for (const row of rows) {
      const said = before.labels?.[row.dataset.id] ?? {};
      for (const field of asked(row)) choose(field, said[field.dataset.asked]);
      if (document.activeElement !== comment(row)) comment(row).value = said.comment ?? "";
    }
    show();
  };

  const steps = (row) =>
    [...row.querySelectorAll(".steps li")]
      .map(
        (step, at) =>
          `${at + 1}. ${text(step, ".asked")} → ${text(step, ".found")}\n“${text(step, ".evidence")}”`,
      )
      .join("\n");

  const cells = (row) => {
    const found = {
      id: row.dataset.id,
      question: text(row, ".question"),
      answer: text(row, ".answer"),
      steps: steps(row),
      comment: comment(row).value.trim(),
      labeller: name.value.trim(),
    };
    for (const field of asked(row)) found[field.dataset.asked] = chosen(field);
    return columns.map((each) => found[each]);
  };

  const quoted = (cell) => {
    const guarded = formula.test(cell) ? `'${cell}` : cell;
    return `"${guarded.replaceAll('"', '""')}"`;
  };

  const download = () => {
    const half = rows.find((row) => state(row) === "half");
    if (!name.value.trim()) {
      say("Your name is missing.");
      name.focus();
      return;
    }
    if (half) {
      say(`Question ${rows.indexOf(half) + 1}: good and multi-hop need an answer, both or neither.`);
      go(half);
      return;
    }
    say("");
    const lines = [columns, ...rows.map(cells)].map((each) => each.map(quoted).join(",") + "\r\n");
    const file = URL.createObjectURL(new Blob(["\uFEFF", ...lines], { type: "text/csv" }));
    const link = document.createElement("a");
    link.href = file;
    const who = name.value.trim().replace(/[^\p{L}\p{N}]+/gu, "-");
    link.download = `labels-${main.dataset.sheet}-${who}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(file), 60000);
  };

  const go = (row) => {
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "start" });
  };
  const current = () => rows.indexOf(document.activeElement?.closest?.("article"));

  const press = (event) => {
    const writes = event.target.matches("textarea, input:not([type=radio], [type=checkbox])");
    if (event.key === "Escape" && writes) event.target.closest("article")?.focus();
    if (writes || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!document.getElementById("keys").checked) return;
    const at = current();
    const open = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
    const moves = {
      j: () => go(rows[Math.min(at + 1, rows.length - 1)]),
      k: () => go(rows[Math.max(at - 1, 0)]),
      u: () => go(open.find((row) => state(row) !== "done")),
      c: () => rows[at] && comment(rows[at]).focus(),
    };
    const number = "123456".indexOf(event.key);
    if (Object.hasOwn(moves, event.key)) moves[event.key]();
    else if (number >= 0 && rows[at]) {
      choose(asked(rows[at])[number >> 1], number % 2 ? "no" : "yes");
      save();
    } else return;
    event.preventDefault();
  };

  main.addEventListener("change", save);
  main.addEventListener("input", save);
  main.addEventListener("click", (event) => {
    if (!event.target.matches(".clear")) return;
    const row = event.target.closest("article");
    for (const field of asked(row)) choose(field);
    save();
  });
  name.addEventListener("input", save);
  document.getElementById("download").addEventListener("click", download);
  document.addEventListener("keydown", press);
  // Another tab may hold the same rows.
  addEventListener("storage", (event) => event.key === kept && restore());
  restore();
})();
