// Live stock. Without this file the numbers are those of the page's load, and everything else works.
const shown = (id) => document.querySelector(`[data-left="${id}"]`);
let source;

function open() {
  if (source || document.hidden) return;
  source = new EventSource("/events");
  source.addEventListener("stock", ({ data }) => {
    for (const { id, text, is_sold_out } of JSON.parse(data)) {
      shown(id).textContent = text;
      document.querySelector(`button.main[value="${id}"]`).disabled = is_sold_out;
    }
  });
  source.addEventListener("session", ({ data }) => {
    const { in_cart, refused } = JSON.parse(data);
    const note = document.querySelector("#session");
    note.textContent = `Your cart held ${in_cart} when the stream began. It knows no more than that, and can't change the session: “${refused}”.`;
    note.hidden = false;
  });
}

// A browser opens six connections to a server: a page that nobody sees needs none of them.
function close() {
  source?.close();
  source = undefined;
}

if (shown("tea")) {
  open();
  addEventListener("pageshow", open);
  addEventListener("pagehide", close);
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
}
