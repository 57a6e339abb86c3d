// <time datetime data-relative>: "5 minutes ago" in the page's language, the full time on hover; kept true as it grows older.

const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400]];
const LONGEST = 30 * 86400;

export function time(root) {
  const words = new Intl.RelativeTimeFormat(root.documentElement.lang || "en", { numeric: "auto" });

  const show = (element) => {
    const seconds = (Date.parse(element.dateTime) - Date.now()) / 1000;
    if (Number.isNaN(seconds)) return;
    // The full time is what the server wrote, in the viewer's zone.
    element.title ||= element.textContent.trim();
    const text = relative(seconds, words) ?? element.title;
    if (element.textContent !== text) element.textContent = text;
  };

  const showAll = () => root.querySelectorAll("time[data-relative]").forEach(show);
  showAll();
  setInterval(showAll, 60_000);
  root.addEventListener("roost:swapped", showAll);
}

/** `null` for what is longer ago than a month: then the date says more. */
function relative(seconds, words) {
  const age = Math.abs(seconds);
  if (age >= LONGEST) return null;
  if (age < 45) return words.format(0, "second");
  const [unit, size] = STEPS.findLast(([, size]) => age >= size) ?? STEPS[0];
  return words.format(Math.sign(seconds) * Math.max(1, Math.round(age / size)), unit);
}
