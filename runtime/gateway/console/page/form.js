// SPDX-License-Identifier: MIT
// A form for a message of the spec: one input a field, as its type wants it.

import { make } from "./dom.js";

// What a field starts with, so that an untouched form is a valid message.
function example(field, messages, depth = 0) {
  if (field.default !== undefined) return field.default;
  switch (field.type) {
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "uint32":
    case "uint64":
    case "number":
      return Number(field.min ?? 0);
    case "enum":
      return field.values[0];
    case "timestamp":
      return new Date().toISOString();
    case "json":
    case "map":
      return {};
    case "list":
      return [];
    case "message": {
      const message = messages.find(({ name }) => name === field.message);
      return message && depth < 4 ? exampleOf(message, messages, depth + 1) : {};
    }
    case "string":
      return "x".repeat(Number(field.min ?? 0));
    default:
      return "";
  }
}

export function exampleOf(message, messages, depth = 0) {
  const fields = message.fields.filter((field) => !field.optional);
  if (message.bare) return example(message.fields[0], messages, depth);
  return Object.fromEntries(fields.map((field) => [field.name, example(field, messages, depth)]));
}

const isNumber = (type) => /^u?int|^number$/.test(type);

// 64-bit integers stay texts: a JavaScript number would round them.
function read(field, input) {
  if (field.type === "bool") return input.checked ? "true" : "false";
  if (isNumber(field.type) || ["json", "list", "map", "message"].includes(field.type)) return input.value.trim();
  return JSON.stringify(input.value);
}

function inputFor(field, messages) {
  const first = example(field, messages);
  if (field.type === "bool") return make("input", { type: "checkbox", checked: first });
  if (field.type === "enum")
    return make("select", {}, ...field.values.map((value) => make("option", { value, selected: value === first }, value)));
  if (isNumber(field.type)) return make("input", { inputMode: "decimal", value: String(first) });
  if (["json", "list", "map", "message"].includes(field.type))
    return make("input", { className: "mono", value: JSON.stringify(first) });
  return make("input", { value: first, maxLength: field.max ? Number(field.max) : undefined });
}

function bounds(field) {
  const range = field.min || field.max ? ` (${field.min ?? ""}..${field.max ?? ""})` : "";
  return `${field.name}: ${field.type}${range}${field.optional ? ", optional" : ""}`;
}

// The form's element, and text() that is the message as JSON.
export function formFor(message, messages, action, onchange) {
  const rows = message.fields.map((field) => {
    const input = inputFor(field, messages);
    const use = field.optional ? make("input", { type: "checkbox", title: "send this field", onchange }) : null;
    input.addEventListener("input", () => {
      if (use) use.checked = true;
      onchange();
    });
    const label = make("label", {}, make("span", {}, use, ` ${bounds(field)}`), input);
    if (field.doc) label.title = field.doc;
    return { field, input, use, label };
  });
  const text = () => {
    if (message.bare) return read(rows[0].field, rows[0].input);
    const members = rows
      .filter(({ use }) => !use || use.checked)
      .map(({ field, input }) => `${JSON.stringify(field.name)}: ${read(field, input)}`);
    const chosen = Object.entries(action).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
    return `{${[...chosen, ...members].join(", ")}}`;
  };
  return { element: make("div", { className: "form" }, ...rows.map(({ label }) => label)), text };
}
