// SPDX-License-Identifier: MIT
// What is served: addresses, routes, functions, and who is connected.

import { button, copy, make, time } from "./dom.js";

export const urlOf = (api, stage) => `ws://${location.hostname}:${api.port}/${stage}`;

function address(text) {
  return make("div", { className: "address" }, make("code", {}, text), button("Copy", (click) => copy(text, click.target)));
}

function route({ key, function: name, integration, twoWay, authorization, authorizer, apiKey, message, reply }) {
  const facts = [
    name ?? integration,
    message && `takes ${message}`,
    twoWay && `replies ${reply || "anything"}`,
    authorizer ? `authorizer ${authorizer}` : authorization !== "none" && authorization,
    apiKey && "API key",
  ].filter(Boolean);
  return make("li", {}, make("div", { className: "row" }, make("code", {}, key), make("span", { className: "soft" }, facts.join(" · "))));
}

export class Served {
  constructor(element, onpick) {
    this.onpick = onpick;
    this.open = new Map(); // connection id: the event that opened it
    this.functions = new Map(); // name: how often it was called, and failed
    this.top = make("div");
    this.connections = make("ul", { className: "list" });
    this.calls = make("ul", { className: "list" });
    this.title = make("h2", {}, "Connections");
    element.append(this.top, this.title, this.connections, make("h2", {}, "Functions"), this.calls);
  }

  show(state) {
    this.top.replaceChildren(
      ...state.apis.flatMap((api) => [
        make("h2", {}, api.name),
        ...api.stages.map((stage) => address(urlOf(api, stage))),
        make("ul", { className: "list" }, ...api.routes.map(route)),
      ]),
    );
    for (const { name } of state.functions)
      if (!this.functions.has(name)) this.functions.set(name, { calls: 0, bad: 0 });
    this.draw();
  }

  hear(events) {
    for (const event of events) {
      if (event.kind === "opened") this.open.set(event.connectionId, event);
      else if (event.kind === "closed") this.open.delete(event.connectionId);
      else if (event.kind === "answered") {
        const count = this.functions.get(event.function) ?? { calls: 0, bad: 0 };
        count.calls++;
        if (event.bad) count.bad++;
        this.functions.set(event.function, count);
      }
    }
    this.draw();
  }

  draw() {
    this.title.textContent = `Connections (${this.open.size})`;
    this.connections.replaceChildren(
      ...[...this.open.values()].slice(-100).map((event) =>
        make(
          "li",
          {},
          make(
            "div",
            { className: "row" },
            button(event.connectionId, () => this.onpick(event.connectionId), { className: "mono", title: "Show only its events" }),
            make("span", { className: "soft" }, `${event.api ?? ""} since ${time(event.at)}`),
          ),
        ),
      ),
    );
    this.calls.replaceChildren(
      ...[...this.functions].map(([name, { calls, bad }]) =>
        make(
          "li",
          {},
          make(
            "div",
            { className: "row" },
            make("code", {}, name),
            make("span", { className: bad ? "bad" : "soft" }, `${calls} calls${bad ? `, ${bad} failed` : ""}`),
          ),
        ),
      ),
    );
  }
}
