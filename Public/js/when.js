// The time of an interaction: [data-interaction] holds a local time and the zone in which it was typed. Shows it in the user's own zone.

// The moment (in milliseconds since 1970) at which a clock in that zone shows a time like 2026-11-20T14:05; null if there is no such zone or time.
// An hour that comes twice is the first of the two, one that is left out goes on from before: the same rule as the server's.
export function moment(local, zone) {
  const there = Date.parse(`${local}Z`);
  if (Number.isNaN(there)) return null;
  const day = 86_400_000;
  try {
    const before = offset(there - day, zone), first = there - before;
    if (offset(first, zone) === before) return first;
    const after = offset(there + day, zone), second = there - after;
    return offset(second, zone) === after ? second : first;
  } catch {
    return null;
  }
}

// How far a zone's clocks are ahead of UTC at a moment, in milliseconds.
function offset(at, zone) {
  return Date.parse(`${wall(at, zone)}Z`) - Math.floor(at / 1000) * 1000;
}

function wall(at, zone) {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part.year.padStart(4, "0")}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

export function when(root) {
  for (const form of root.querySelectorAll("[data-interaction]")) watch(form);
}

function watch(form) {
  const { occurred_at: time, zone, direction } = form.elements;
  const hint = form.querySelector("[data-when-hint]");
  const now = form.querySelector("[data-now]");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const present = () => wall(Date.now(), zone.value || here).slice(0, 16);

  const say = () => {
    const at = moment(time.value.length === 16 ? `${time.value}:00` : time.value, zone.value || here);
    let text = "";
    if (at !== null) {
      if (at > Date.now() + 60_000) text = hint.dataset.future;
      const mine = wall(at, here).slice(0, 16);
      if (mine !== time.value.slice(0, 16)) text += ` ${hint.dataset.here.replace("{time}", () => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(at))}`;
    }
    if (hint.textContent !== text.trim()) hint.textContent = text.trim();
    try {
      now.hidden = time.value.slice(0, 16) === present();
    } catch {
      now.hidden = true;
    }
  };

  time.addEventListener("input", say);
  zone.addEventListener("input", say);
  now.addEventListener("click", () => {
    time.value = present();
    time.dispatchEvent(new Event("input", { bubbles: true }));
    time.focus();
  });
  // A call that is chosen goes somewhere; a direction that somebody chose stays.
  let isChosen = direction.value !== "internal";
  direction.addEventListener("change", () => (isChosen = true));
  form.addEventListener("change", ({ target }) => {
    if (target.name !== "type" || isChosen) return;
    direction.value = ["call", "email", "whatsapp", "sms"].includes(target.value) ? "outbound" : "internal";
  });
  zone.setAttribute("list", "zones");
  zone.addEventListener("focus", () => zones(form), { once: true });
  say();
  setInterval(say, 20_000);
}

// The names of all zones, when somebody is about to type one.
function zones(form) {
  const list = document.createElement("datalist");
  list.id = "zones";
  list.append(...(Intl.supportedValuesOf?.("timeZone") ?? []).map((name) => Object.assign(document.createElement("option"), { value: name })));
  form.append(list);
}
