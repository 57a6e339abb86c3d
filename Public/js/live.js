// What others change shows up. A browser listens to /admin/crm/live once, whatever the number of its tabs, since it keeps few connections to a server:
// the tab that holds a lock listens, from the entry of the audit log that it was made after (<body data-live-since>), and tells the others; when it goes
// another takes over from there. Where there are no locks (plain HTTP to another machine) each tab listens while it is in sight. Whatever the answer,
// the connection is retried without limit and resumes after the last entry received; a failed fetch is retried too. Then:
// lists say how many records they would show besides, and keep their counts; feeds ([data-live-feed], children with ids) gain, lose and change lines; a record's
// other parts ([data-live-part]) are renewed; an open form (form[data-live-form]) tells that its record has changed and offers both versions.

const PAGE = /^(\/admin\/crm\/[a-z-]+)(?:\/([0-9a-f-]{36})(?:\/(.*))?)?$/;
// What makes a new version of a record.
const VERSIONS = ["updated", "reverted", "done", "reopened", "trashed", "restored"];

export function live(root) {
  const { liveSince, ...texts } = root.body.dataset;
  if (liveSince === undefined || !("EventSource" in window)) return;
  const page = new Page(root, texts);
  const offline = root.getElementById("offline");
  const isShared = "locks" in navigator && "BroadcastChannel" in window;
  let seen = Number(liveSince);

  const hear = (event) => {
    if (event.reload) return page.missedMuch();
    if (event.jobs) return page.hearOfJobs();
    if (event.seq <= seen) return;
    seen = event.seq;
    page.hear(event);
  };
  const source = new Source(() => seen, hear, (isAway) => (offline.hidden = !isAway));
  addEventListener("online", () => source.again());
  onWaking(() => source.again());
  if (isShared) share(source, () => seen, hear);
  else whileInSight(root, source);
}

// What takes longer has got lost on its way, in milliseconds.
const LOST = 30_000;

// How long to wait before another try, in milliseconds: longer each time, and not all browsers at once.
const pause = (failures) => Math.min(30_000, 500 * 2 ** failures) * (0.5 + Math.random() / 2);

const SLEEP = 180_000;

// A machine that slept may think that its connection is still there. (Timers of hidden tabs run once a minute.)
function onWaking(wake) {
  let last = Date.now();
  setInterval(() => {
    if (Date.now() - last > SLEEP) wake();
    last = Date.now();
  }, 10_000);
}

// The connection itself.
class Source {
  constructor(since, hear, away) {
    Object.assign(this, { since, hear, away, failures: 0, isWanted: false });
  }

  open() {
    this.isWanted = true;
    if (this.events) return;
    clearTimeout(this.timer);
    this.events = new EventSource(`/admin/crm/live?since=${this.since()}`);
    this.events.addEventListener("message", ({ data }) => this.hear(JSON.parse(data)));
    this.events.addEventListener("reload", () => this.hear({ reload: true }));
    this.events.addEventListener("jobs", () => this.hear({ jobs: true }));
    this.events.addEventListener("open", () => {
      clearTimeout(this.timer);
      this.opened = Date.now();
      this.away(false);
    });
    // A browser gives up by itself when the answer isn't a stream.
    this.events.addEventListener("error", () => this.fail());
    this.timer = setTimeout(() => this.fail(), LOST);
  }

  fail() {
    // One that ends at once, time and again, is no success.
    if (Date.now() - this.opened > 10_000) this.failures = 0;
    this.opened = NaN;
    this.drop();
    this.away(true);
    this.timer = setTimeout(() => this.open(), pause(this.failures++));
  }

  drop() {
    clearTimeout(this.timer);
    this.events?.close();
    this.events = null;
  }

  close() {
    this.isWanted = false;
    this.drop();
  }

  again() {
    if (!this.isWanted) return;
    this.drop();
    this.open();
  }
}

function whileInSight(root, source) {
  const look = () => (root.visibilityState === "hidden" ? source.close() : source.open());
  root.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", look);
  look();
}

// How many events the listening tab remembers for those that come later.
const REMEMBERED = 300;

function share(source, since, hear) {
  let channel, letGo, recent, first;

  const join = () => {
    if (channel) return;
    channel = new BroadcastChannel("roost-live");
    channel.addEventListener("message", ({ data }) => {
      if (data.since === undefined) hear(data);
      // Somebody has come who has seen this much: the one who listens tells the rest.
      else if (recent) data.since < first ? channel.postMessage({ reload: true }) : recent.filter(({ seq }) => seq > data.since).forEach((event) => channel.postMessage(event));
    });
    channel.postMessage({ since: since() });
    const leaving = new AbortController();
    const listening = navigator.locks.request("roost-live", { signal: leaving.signal }, () => {
      [recent, first] = [[], since()];
      const tell = source.hear;
      source.hear = (event) => {
        if (event.seq) recent.push(event);
        if (recent.length > REMEMBERED) first = recent.shift().seq;
        channel?.postMessage(event);
        tell(event);
      };
      source.open();
      return new Promise((resolve) => (letGo = resolve)).then(() => (source.hear = tell));
    });
    listening.catch(() => {});
    letGo = () => leaving.abort();
  };

  const leave = () => {
    source.close();
    recent = null;
    channel?.close();
    channel = null;
    letGo?.();
  };

  addEventListener("pagehide", leave);
  addEventListener("pageshow", join);
  join();
}

class Page {
  constructor(root, texts) {
    this.root = root;
    this.texts = texts;
    const [, list, id, tab] = location.pathname.match(PAGE) ?? [];
    this.list = list;
    this.id = id;
    this.isList = !id && root.getElementById("list-region") !== null;
    this.form = root.querySelector("form[data-live-form]");
    this.isHome = location.pathname === "/admin/crm";
    this.tab = tab ?? "";
    this.happened = new Set();
    this.failures = 0;
    this.form?.addEventListener("input", () => (this.form.dataset.touched = ""));
  }

  hear(event) {
    const isOfList = event.list === this.list;
    if (this.isList && isOfList) {
      this.happened.add(event.id);
      this.renew();
    } else if (this.id && event.id === this.id && isOfList) {
      // Only a new version affects the form.
      if (!this.form) this.renew();
      else if (VERSIONS.some((act) => event.action === `${event.type}.${act}`)) this.warn(event);
    } else if (this.id && event.feeds?.includes(this.list) && !this.form && ["", "interactions"].includes(this.tab)) {
      // What happened with another record may be part of this one's feed.
      this.renew();
    } else if (this.isHome || event.notifies) {
      // It may be this visitor who finds something in the inbox.
      this.renew();
    }
  }

  // Jobs aren't in the audit log: their page looks at all of them whenever one has changed.
  hearOfJobs() {
    if (this.root.querySelector("[data-live-jobs]")) this.renew();
  }

  missedMuch() {
    if (!this.form) this.renew();
  }

  // Several changes at once are one look at the page. One that fails is taken again.
  renew(wait = 60) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.take().then(() => (this.failures = 0), () => this.renew(pause(this.failures++))), wait);
  }

  async take() {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(LOST) });
    // Signed out, or nothing there any more: nothing will come.
    if (response.redirected || (response.status >= 400 && response.status < 500 && response.status !== 429)) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    // A proxy's own page is none of ours, whatever its status.
    if (!response.ok || fresh.body.dataset.liveSince === undefined) throw new Error(`answered ${response.status}`);
    if (this.isList) this.takeList(fresh);
    for (const part of this.root.querySelectorAll("[data-live-part]")) swap(part, fresh.getElementById(part.id));
    for (const feed of fresh.querySelectorAll("[data-live-feed]")) this.takeFeed(feed);
    this.root.dispatchEvent(new Event("roost:swapped"));
  }

  takeList(fresh) {
    for (const id of ["list-total", "list-tabs"]) swap(this.root.getElementById(id), fresh.getElementById(id));
    const rows = new Map([...fresh.querySelectorAll("#list-region [data-rows] > *")].map((row) => [address(row), row]));
    for (const row of this.root.querySelectorAll("#list-region [data-rows] > *")) {
      const newer = rows.get(address(row));
      // A row stays where it is, so that nothing moves under a pointer; one that has left the list is dimmed.
      if (newer) replace(row, newer);
      else row.classList.add("gone");
      rows.delete(address(row));
    }
    // What the page would show besides: not what came up from the next page.
    this.sayNew([...rows.keys()].filter((row) => this.happened.has(row.split("/").pop())).length);
  }

  sayNew(count) {
    const region = this.root.getElementById("list-region");
    this.news ??= Object.assign(document.createElement("div"), { className: "list-news" });
    this.news.setAttribute("role", "status");
    if (!count) return this.news.remove();
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button" });
    button.textContent = count === 1 ? this.texts.liveOne : this.texts.liveMany.replace("{n}", count);
    button.addEventListener("click", () => location.reload());
    if (!this.news.isConnected) region?.before(this.news);
    this.news.replaceChildren(button);
  }

  takeFeed(fresh) {
    const feed = this.root.querySelector("[data-live-feed]");
    // The first line of a feed comes in the place of what said that there is none.
    if (!feed) return this.root.querySelector(".page-body > .empty")?.replaceWith(fresh);
    const isFirst = !/[?&](after|before)=/.test(location.search);
    const kept = new Set();
    let before = null;
    for (const line of [...fresh.children].reverse()) {
      kept.add(line.id);
      const known = line.id && this.root.getElementById(line.id);
      if (known) {
        replace(known, line);
        before = this.root.getElementById(line.id);
      } else if (isFirst) {
        line.classList.add("entering");
        feed.insertBefore(line, before);
        before = line;
      }
    }
    for (const line of [...feed.children]) if (line.id && !kept.has(line.id) && isFirst && !isBusy(line)) line.remove();
  }

  warn({ actor }) {
    const { liveChanged, liveBoth, liveLoad } = this.texts;
    const isTouched = this.form.dataset.changed !== undefined || this.form.dataset.touched !== undefined;
    const notice = Object.assign(document.createElement("div"), { className: "notice warning live-notice", id: "live-notice" });
    notice.setAttribute("role", "alert");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: isTouched ? liveBoth : liveLoad });
    // Sent with this, it comes back with both versions, and nothing is saved.
    const compare = Object.assign(document.createElement("input"), { type: "hidden", name: "compare", value: "yes" });
    button.addEventListener("click", () => (isTouched ? (this.form.append(compare), this.form.requestSubmit()) : location.reload()));
    notice.append(Object.assign(document.createElement("span"), { className: "notice-text", textContent: liveChanged.replace("{name}", () => actor) }), button);
    this.root.getElementById("live-notice")?.remove();
    this.form.before(notice);
  }
}

// A row is known by the record that it leads to.
function address(row) {
  return row.querySelector("a")?.getAttribute("href") ?? "";
}

// Whether somebody is in the middle of something there.
function isBusy(element) {
  if (element.contains(document.activeElement) && document.activeElement !== document.body) return true;
  if (element.querySelector("details[open], [data-changed]")) return true;
  return [...element.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
}

// What an element says, without what changes by itself: times that grow older, tokens.
function saying(element) {
  const copy = element.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.replaceChildren(), time.removeAttribute("title");
  for (const token of copy.querySelectorAll("input[name=csrf_token], input[name=form_key]")) token.remove();
  copy.classList.remove("entering", "changed", "gone");
  return copy.outerHTML;
}

function replace(old, fresh) {
  if (saying(old) === saying(fresh) || isBusy(old)) return;
  fresh.classList.add("changed");
  old.replaceWith(fresh);
}

function swap(old, fresh) {
  if (!old || !fresh || saying(old) === saying(fresh) || isBusy(old)) return;
  old.replaceWith(fresh);
}
