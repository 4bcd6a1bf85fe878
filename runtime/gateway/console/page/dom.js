// SPDX-License-Identifier: MIT
// Elements, made without HTML texts: whatever a client sent stays a text.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "for") element.setAttribute(name, value);
    else if (value !== undefined) element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const button = (text, onclick, more = {}) =>
  make("button", { type: "button", onclick, ...more }, text);

// JSON as people read it; anything else as it is.
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export const time = (ms) => {
  const date = new Date(ms);
  return date.toTimeString().slice(0, 8) + "." + String(date.getMilliseconds()).padStart(3, "0");
};

export function took(us) {
  if (!us) return "";
  return us < 1000 ? `${us} µs` : us < 1e6 ? `${(us / 1000).toFixed(1)} ms` : `${(us / 1e6).toFixed(2)} s`;
}

export async function copy(text, from) {
  const before = from.textContent;
  try {
    await navigator.clipboard.writeText(text);
    from.textContent = "Copied";
  } catch {
    // Without leave to use the clipboard, people copy by hand.
    from.closest("li, section").append(make("pre", {}, text));
  }
  setTimeout(() => (from.textContent = before), 1200);
}
