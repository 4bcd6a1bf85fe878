// SPDX-License-Identifier: MIT
// The gateway's feed: events as they happen, asked for again when it is lost.

const RETRY_MS = [250, 500, 1000, 2000, 5000];

export function follow({ onevents, onstatus }) {
  let tries = 0;

  function open() {
    const socket = new WebSocket(`ws://${location.host}/_wsgen/feed`);
    let first = true;
    socket.onopen = () => {
      tries = 0;
      onstatus("live");
    };
    socket.onmessage = ({ data }) => {
      const { events, missed } = JSON.parse(data);
      onevents(events, missed, first);
      first = false;
    };
    socket.onclose = () => {
      onstatus("lost");
      setTimeout(open, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
    };
  }

  open();
}

export async function state() {
  const answer = await fetch("/_wsgen/state");
  if (!answer.ok) throw new Error(`state: ${answer.status}`);
  return answer.json();
}
