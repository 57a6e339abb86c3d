// A tap on a phone number is remembered; after the call the page offers to log it, with its duration (<template data-call-offer>).

const KEPT = "roost-call";
const LONGEST = 4 * 3_600_000;

export function calls(root) {
  const template = root.querySelector("template[data-call-offer]");
  if (!template) return;

  root.addEventListener("click", ({ target }) => {
    const link = target.closest?.('a[href^="tel:"]');
    const record = link && recordOf(root, link);
    if (record) sessionStorage.setItem(KEPT, JSON.stringify({ ...record, at: Date.now() }));
  });

  const offer = () => {
    const kept = root.visibilityState === "visible" && sessionStorage.getItem(KEPT);
    if (!kept) return;
    sessionStorage.removeItem(KEPT);
    const { href, name, at } = JSON.parse(kept);
    const length = Date.now() - at;
    if (length > LONGEST) return;
    const minutes = Math.max(1, Math.round(length / 60_000));
    const notice = template.content.firstElementChild.cloneNode(true);
    const text = notice.querySelector("p");
    text.textContent = text.textContent.replace("{name}", () => name).replace("{n}", minutes);
    notice.querySelector("a").href = `${href}/interactions?${new URLSearchParams({ log: "call", minutes, at: new Date(at).toISOString() })}`;
    notice.querySelector("[data-dismiss]").addEventListener("click", () => notice.remove());
    root.querySelector("[data-flash]")?.remove();
    root.querySelector("main").before(notice);
  };
  addEventListener("focus", offer);
  addEventListener("pageshow", offer);
  root.addEventListener("visibilitychange", offer);
}

/** Whose number it is: the record of the row that it is in, or of the page. */
function recordOf(root, link) {
  const inRow = link.closest("tr, li")?.querySelector('a[href^="/admin/crm/"]');
  if (inRow) return { href: inRow.getAttribute("href"), name: inRow.textContent.trim() };
  const [href] = location.pathname.match(/^\/admin\/crm\/[a-z-]+\/[0-9a-f-]{36}/) ?? [];
  return href && { href, name: root.querySelector("h1 > span")?.textContent.trim() ?? "" };
}
