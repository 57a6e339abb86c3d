// table[data-widths]: the edge of each heading makes its column wider or narrower. It is dragged, or moved by the arrow keys (a window splitter after
// WAI-ARIA: Shift moves it finely, Home and End as far as it goes); a double click or Enter gives the column back its usual width. Widths are in the
// unit of list.css and are kept in quarters of it. Without scripts the page on which columns are chosen has them too.

const [LEAST, MOST, PAUSE] = [4, 40, 500];
let rules;
const chosen = new Map();

export function columnWidths(root) {
  if (!root.querySelector("#customizer-dialog")) return;
  const begin = () => root.querySelectorAll("table[data-widths]:not(:has([role=separator]))").forEach(start);
  root.adoptedStyleSheets.push((rules = new CSSStyleSheet()));
  root.addEventListener("roost:swapped", begin);
  begin();
}

const width = (heading) => parseFloat(getComputedStyle(heading).getPropertyValue("--width"));
const within = (units, most = MOST) => Math.min(most, Math.max(LEAST, Math.round(units * 4) / 4));
// The cells of the first column have no name.
const selector = (heading) => (heading.matches(":first-child") ? ".list :is(th, td):first-child" : `.list :is([data-column="${heading.dataset.column}"], .c-${heading.dataset.column})`);

/** Sets widths, or with `null` leaves them to the style sheets of the page. */
function put(widths) {
  for (const [heading, units] of widths) units === null ? chosen.delete(selector(heading)) : chosen.set(selector(heading), units);
  rules.replaceSync([...chosen].map(([place, units]) => `${place} { --width: ${units}; }`).join("\n"));
}

function start(table) {
  const headings = [...table.querySelectorAll("th[data-column]")];
  const edges = headings.map((heading) => edge(heading, table.dataset.widthLabel));
  const widths = () => new Map(headings.map((heading) => [heading, width(heading)]));

  // Where the table scrolls, a column is on its own. Where all share the room, those to the right give way, for the last one all others.
  const others = (heading) => {
    if (table.parentElement.scrollWidth > table.parentElement.clientWidth + 1) return [];
    const place = headings.indexOf(heading);
    return place < headings.length - 1 ? headings.slice(place + 1) : headings.slice(0, place);
  };
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const room = (other, before) => Math.max(0, before.get(other) - LEAST);
  const most = (heading, before) => {
    const giving = others(heading);
    return giving.length ? within(before.get(heading) + sum(giving.map((other) => room(other, before)))) : MOST;
  };
  const show = () => {
    const now = widths();
    headings.forEach((heading, i) => {
      edges[i].setAttribute("aria-valuenow", now.get(heading));
      edges[i].setAttribute("aria-valuemax", most(heading, now));
    });
  };

  // From the widths that there were, so that dragging back and forth ends where it began. Each of the others gives of what it has to spare, or gets by
  // its width; together exactly what is wanted, in quarters too.
  const resize = (heading, units, before) => {
    const after = new Map([[heading, within(units, most(heading, before))]]);
    const wanted = after.get(heading) - before.get(heading), giving = others(heading);
    const shares = giving.map((other) => (wanted > 0 ? room(other, before) : before.get(other)));
    let due = 0, given = 0;
    giving.forEach((other, i) => {
      due += (wanted * shares[i]) / sum(shares);
      after.set(other, within(before.get(other) - (due - given)));
      given += before.get(other) - after.get(other);
    });
    put(after);
    show();
  };

  const save = async (changes) => {
    const token = document.querySelector("input[name=csrf_token]").value;
    const body = new URLSearchParams({ csrf_token: token, resize: "yes" });
    for (const [heading, units] of changes) body.set(`width_${heading.dataset.column}`, units === null ? "" : Math.round(units * 4));
    try {
      const response = await fetch(table.dataset.widths, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
      return response.ok ? await response.json() : undefined;
    } catch {
      // The page keeps the widths for now; the next one has what the server knows.
    }
  };
  const keep = (before) => {
    const changes = [...widths()].filter(([heading, units]) => units !== before.get(heading));
    if (changes.length) save(changes);
  };
  const reset = async (heading) => {
    const answer = await save([[heading, null]]);
    if (answer) restyle(answer.styles, () => (put([[heading, null]]), show()));
  };

  headings.forEach((heading, i) => {
    const edge = edges[i];
    // What was there before the keys that are not kept yet.
    let before, timer;
    const keepNow = () => {
      clearTimeout(timer);
      if (before) keep(before);
      before = undefined;
    };

    edge.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      edge.focus();
      edge.setPointerCapture(event.pointerId);
      const from = event.clientX, before = widths(), unit = heading.offsetWidth / before.get(heading);
      const move = ({ clientX }) => resize(heading, before.get(heading) + (clientX - from) / unit, before);
      edge.addEventListener("pointermove", move);
      edge.addEventListener("lostpointercapture", () => (edge.removeEventListener("pointermove", move), keep(before)), { once: true });
    });
    edge.addEventListener("dblclick", () => reset(heading));
    edge.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const now = widths(), step = event.shiftKey ? 0.25 : 1;
      const to = { ArrowLeft: now.get(heading) - step, ArrowRight: now.get(heading) + step, Home: LEAST, End: MOST }[event.key];
      if (to === undefined && event.key !== "Enter") return;
      event.preventDefault();
      if (event.key === "Enter") return keepNow(), reset(heading);
      before ??= now;
      resize(heading, to, now);
      clearTimeout(timer);
      timer = setTimeout(keepNow, PAUSE);
    });
    // What is still to be kept goes along when somebody leaves.
    edge.addEventListener("blur", keepNow);
    addEventListener("pagehide", keepNow);
    heading.append(edge);
  });
  show();
}

function edge(heading, label) {
  const name = heading.textContent.trim();
  // The handle at the edge is not part of the heading's name.
  heading.setAttribute("aria-label", name);
  const element = Object.assign(document.createElement("span"), { className: "column-edge", tabIndex: 0 });
  const attributes = { role: "separator", "aria-orientation": "vertical", "aria-label": label.replace("{name}", () => name), "aria-valuemin": LEAST };
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}

/** Brings in the style sheet that the server has now, then does what waits for it. */
function restyle(address, then) {
  const link = document.querySelector("link[data-column-styles]");
  if (link && address) {
    link.addEventListener("load", then, { once: true });
    link.href = address;
  } else {
    // Without a sheet, what this visit has changed is in force already.
    link?.remove();
    then();
  }
}
