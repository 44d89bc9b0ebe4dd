// What the page holds, and what is loaded from the files beside it when somebody asks for it.

const about = JSON.parse(byId("about").textContent);
const rows = JSON.parse(byId("first-rows").textContent);
const lost = JSON.parse(byId("lost-rows").textContent);
const waiting = new Map();
const loaded = new Map();

// Files beside the page call this; one of another version is none of ours.
globalThis.longhop = (version, name, parts) => {
  if (version === about.version) loaded.set(name, parts);
};

// The one way to a script's address: nothing but the data files of this page.
const addresses = globalThis.trustedTypes?.createPolicy("longhop", {
  createScriptURL: (address) => {
    if (/^report\/v-[0-9a-f]{16}\/(rows|contexts)-\d{3,}\.js$/.test(address)) return address;
    throw new TypeError(`no data file: ${address}`);
  },
});

const load = (name, hash) => {
  if (!waiting.has(name)) {
    const asked = new Promise((done, fail) => {
      const script = document.createElement("script");
      const address = `${about.folder}/${name}.js`;
      // Browsers check hashes of what a server sends, and refuse to of files on a disk.
      if (location.protocol.startsWith("http")) script.integrity = hash;
      script.onload = () => (loaded.has(name) ? done(loaded.get(name)) : fail(new Error(name)));
      script.onerror = () => fail(new Error(name));
      script.src = addresses ? addresses.createScriptURL(address) : address;
      document.head.append(script);
    });
    waiting.set(name, asked);
    asked.catch(() => waiting.delete(name));
  }
  return waiting.get(name);
};

const numbered = (name, at) => `${name}-${String(at).padStart(3, "0")}`;
const loadPage = (at) => load(numbered("rows", at), about.pages[at].hash);
const loadFolds = async ([file, place]) =>
  (await load(numbered("contexts", file), about.contexts[file]))[place];
