// [data-key="n"]: pressing it clicks a link or button, or focuses a field. "g c" is two keys one after the other.
// j and k walk through [data-rows], where there are any; ? opens <dialog data-help>. Nothing of this while somebody types.

const CHORD_TIME = 1200;

export function shortcuts(root) {
  const help = root.querySelector("dialog[data-help]");
  let pending = "", timer;

  for (const button of root.querySelectorAll("[data-open-help]")) {
    button.addEventListener("click", () => {
      button.closest("details")?.removeAttribute("open");
      help?.showModal();
    });
  }

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || root.querySelector("dialog[open]")) return;
    const key = (pending ? pending + " " : "") + event.key;
    clearTimeout(timer);
    pending = "";
    if (act(key) || (key.includes(" ") && act(event.key))) return event.preventDefault();
    if (root.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
      pending = event.key;
      timer = setTimeout(() => (pending = ""), CHORD_TIME);
    }
  });

  const act = (key) => {
    if (key === "?" && help) return help.showModal(), true;
    if ((key === "j" || key === "k") && step(root, key === "j" ? 1 : -1)) return true;
    const target = find(root, key);
    if (!target) return false;
    if (!target.matches("input, textarea")) return target.click(), true;
    target.focus();
    target.select();
    return true;
  };
}

/** The page's own field or button comes before the frame's. */
function find(root, key) {
  const found = [...root.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter((element) => element.checkVisibility?.() ?? true);
  // A menu folded away on a phone still leads where it says.
  const links = found.length ? found : [...root.querySelectorAll(`a[data-key="${CSS.escape(key)}"]`)];
  return links.find((element) => element.closest("main")) ?? links[0];
}

function step(root, by) {
  const links = [...root.querySelectorAll("[data-rows] .row-link")];
  const next = links[links.indexOf(root.activeElement) + by] ?? (by > 0 && !links.includes(root.activeElement) ? links[0] : null);
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return links.length > 0;
}

function isTyping(element) {
  return element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}
