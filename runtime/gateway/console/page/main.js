// SPDX-License-Identifier: MIT
// The page: its parts, joined to the feed and to the keyboard.

import { Client } from "./client.js";
import { button } from "./dom.js";
import { follow, state } from "./feed.js";
import { Log } from "./log.js";
import { Served, urlOf } from "./served.js";

const at = (id) => document.getElementById(id);
const log = new Log({
  list: at("log"),
  find: at("find"),
  pause: at("pause"),
  clear: at("clear"),
  kinds: at("kinds"),
  hint: at("hint"),
});
const served = new Served(at("served"), (id) => {
  log.only(id);
  show("events");
});
const clients = new Set();
let now = { name: "", apis: [], functions: [], messages: [] };

function show(part) {
  document.querySelector("main").dataset.part = part;
  for (const tab of at("tabs").children) tab.setAttribute("aria-pressed", String(tab.dataset.part === part));
}

function addClient() {
  const api = now.apis[0];
  const client = new Client(now, api ? urlOf(api, api.stages[0]) : "", (gone) => {
    gone.close();
    clients.delete(gone);
  });
  clients.add(client);
  at("clients").insertBefore(client.element, at("another"));
}

async function refresh() {
  now = await state();
  document.title = `${now.name} · wsgen`;
  at("name").textContent = now.name;
  served.show(now);
  if (now.apis.length) at("example").textContent = `wscat -c ${urlOf(now.apis[0], now.apis[0].stages[0])}`;
  for (const client of clients) client.show(now);
  if (!clients.size) addClient();
}

function hearBuild(event) {
  at("build").hidden = !event.bad;
  at("build").textContent = event.bad ? event.text : "";
}

follow({
  onstatus(status) {
    at("status").className = status;
    at("status").textContent = status === "live" ? "live" : "the gateway is gone; trying again";
    if (status === "live") refresh();
  },
  onevents(events, missed, first) {
    if (first) {
      served.open.clear();
      log.clear();
    }
    if (missed) events.push({ kind: "note", at: Date.now(), note: `${missed} events were not shown: more happened than the page could take`, bad: true });
    log.add(events);
    served.hear(events);
    for (const event of events) if (event.kind === "build") hearBuild(event);
    if (events.some(({ kind, note }) => kind === "build" || note === "reloaded")) refresh();
  },
});

at("clients").append(button("Another client", addClient, { id: "another", title: "n" }));
at("filter").addEventListener("submit", (submit) => submit.preventDefault());
at("tabs").addEventListener("click", ({ target }) => target.dataset.part && show(target.dataset.part));

document.addEventListener("keydown", (press) => {
  if (press.ctrlKey || press.metaKey || press.altKey) return;
  if (press.key === "Escape") document.activeElement.blur();
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(press.target.tagName)) return;
  const does = {
    "/": () => at("find").focus(),
    p: () => at("pause").click(),
    c: () => at("clear").click(),
    n: () => addClient(),
    1: () => show("events"),
    2: () => show("clients"),
    3: () => show("served"),
    j: () => (document.activeElement.closest?.("#log li")?.nextElementSibling ?? at("log").firstElementChild)?.firstElementChild.focus(),
    k: () => document.activeElement.closest?.("#log li")?.previousElementSibling?.firstElementChild.focus(),
  }[press.key];
  if (!does) return;
  does();
  press.preventDefault();
});
