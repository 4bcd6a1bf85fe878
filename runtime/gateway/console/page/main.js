// SPDX-License-Identifier: MIT
// The page: its parts, joined to the feed and to the keyboard.

import { Client, conversation } from "./client.js";
import { button, copy, make } from "./dom.js";
import { advance, follow, state } from "./feed.js";
import { Log } from "./log.js";
import { Served, urlOf } from "./served.js";

const at = (id) => document.getElementById(id);
const log = new Log({
  list: at("log"),
  find: at("find"),
  pause: at("pause"),
  clear: at("clear"),
  keep: at("keep"),
  kinds: at("kinds"),
  hint: at("hint"),
  selectionOf: (name) => now.apis.find((api) => api.name === name)?.selection ?? "its selection expression",
});
const only = (text) => {
  log.only(text);
  show("events");
};
const served = new Served(at("served"), { onpick: only, onroute: (api, key) => only(key) });
const clients = new Set();
const another = button("Another client", () => addClient(), { title: "n" });
const keepAll = button("Copy all as a test", (click) => copy(conversation([...clients]), click.target), {
  title: "What all clients said and heard, in Python",
  hidden: true,
});
let now = { name: "", apis: [], functions: [], messages: [] };

function show(part) {
  document.querySelector("main").dataset.part = part;
  for (const tab of at("tabs").children) tab.setAttribute("aria-pressed", String(tab.dataset.part === part));
}

function addClient() {
  const api = now.apis.find(({ port }) => String(port) === location.port) ?? now.apis[0];
  const client = new Client(now, api ? urlOf(api, api.stages[0]) : "", {
    onclose(gone) {
      gone.close();
      clients.delete(gone);
      keepAll.hidden = clients.size < 2;
    },
    onsave() {
      for (const each of clients) each.show(now);
    },
    ontest: (one) => conversation([one]),
  });
  clients.add(client);
  keepAll.hidden = clients.size < 2;
  at("clients").insertBefore(client.element, at("more"));
  return client;
}

function showClock({ clock }) {
  if (clock !== "manual" || at("clock").childElementCount) return;
  at("clock").hidden = false;
  at("clock").append(
    make("span", { className: "soft" }, "clock by hand"),
    ...["1s", "1m", "10m"].map((by) => button(`+${by}`, () => advance(by), { title: `Move the gateway's clock by ${by}` })),
  );
}

async function refresh() {
  now = await state();
  document.title = `${now.name} · wsgen`;
  at("name").textContent = now.name;
  showClock(now);
  served.show(now);
  if (now.apis.length) at("example").textContent = `wscat -c ${urlOf(now.apis[0], now.apis[0].stages[0])}`;
  for (const client of clients) client.show(now);
  if (!clients.size) addClient();
}

// The last build's state stays in sight while it is bad.
function hearBuilds(events) {
  const last = events.findLast(({ kind }) => kind === "build");
  if (!last) return;
  at("build").hidden = !last.bad;
  at("build").textContent = last.bad ? last.text : "";
}

function tooMuch(missed) {
  return { kind: "note", at: Date.now(), note: `${missed} events are not shown: there was more than the page could take`, bad: true };
}

follow({
  onstatus(status) {
    at("status").className = status;
    at("status").textContent = status === "live" ? "live" : "the gateway is gone; trying again";
    if (status === "live") refresh();
  },
  onbegin(message) {
    log.clear();
    log.add(message.events);
    served.begin(message);
    hearBuilds(message.events);
  },
  onevents({ events, missed, open }) {
    log.add(missed ? [...events, tooMuch(missed)] : events);
    served.hear(events, open);
    hearBuilds(events);
    if (events.some(({ kind, note }) => kind === "note" && note === "reloaded")) refresh();
  },
});

at("clients").append(make("div", { id: "more", className: "bar" }, another, keepAll));
at("filter").addEventListener("submit", (submit) => submit.preventDefault());
at("tabs").addEventListener("click", ({ target }) => target.dataset.part && show(target.dataset.part));
at("keys").addEventListener("click", () => at("help").showModal());

function write() {
  show("clients");
  document.querySelector(".client .form input, .client textarea")?.focus();
}

function goTo(part) {
  show(part);
  at(part).focus();
}

const KEYS = {
  "/": () => (show("events"), at("find").focus()),
  "?": () => at("help").showModal(),
  p: () => at("pause").click(),
  c: () => at("clear").click(),
  m: write,
  n: () => (show("clients"), addClient().text.focus()),
  1: () => goTo("events"),
  2: () => goTo("clients"),
  3: () => goTo("served"),
  j: () => log.step(1),
  k: () => log.step(-1),
};

document.addEventListener("keydown", (press) => {
  if (press.ctrlKey || press.metaKey || press.altKey || document.querySelector("dialog[open]")) return;
  if (press.key === "Escape") document.activeElement.blur();
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(press.target.tagName) || !Object.hasOwn(KEYS, press.key)) return;
  KEYS[press.key]();
  press.preventDefault();
});
