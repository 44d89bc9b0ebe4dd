// Elements, and texts that are nobody's markup: they enter the page as text nodes alone.

// Signs that cannot be seen. Joiners stay hidden where a script or an emoji needs them.
const hidden =
  /(?<![\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{M}\p{Extended_Pictographic}])[\u200c\u200d]|(?![\u200c\u200d\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

const make = (tag, more = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(more)) {
    if (name === "click") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== "") made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((each) => each !== null && each !== undefined));
  return made;
};

const code = (sign) => `U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

// A text as nodes, every sign that cannot be seen shown by its code.
const shown = (text) => {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(hidden)) {
    if (found.index > at) nodes.push(text.slice(at, found.index));
    nodes.push(make("span", { class: "sign", title: "a sign that cannot be seen" }, code(found[0])));
    at = found.index + found[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
};

// Text of documents and models finds its own direction, and moves nothing beside it.
const foreign = (tag, text, more = {}) => make(tag, { dir: "auto", ...more }, shown(text));

const number = (count) => count.toLocaleString("en");
const counted = (count, thing) => `${number(count)} ${thing}${count === 1 ? "" : "s"}`;
const byId = (name) => document.getElementById(name);
