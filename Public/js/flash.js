// [data-flash]: announced, dismissed by [data-dismiss], by Escape, or by itself when it asks for nothing.

const READING_TIME = 8000;

export function flash(root) {
  const notice = root.querySelector("[data-flash]");
  if (!notice) return;

  // Content present at load is not announced; changes in a live region are.
  const text = notice.querySelector("p");
  const words = text.textContent;
  text.textContent = "";
  setTimeout(() => (text.textContent = words), 100);

  const dismiss = () => {
    if (!notice.isConnected) return;
    const hadFocus = notice.contains(root.activeElement);
    notice.classList.add("leaving");
    setTimeout(() => notice.remove(), 220);
    if (hadFocus) root.querySelector("main")?.focus();
  };

  notice.querySelector("[data-dismiss]")?.addEventListener("click", dismiss);
  root.addEventListener("keydown", (event) => {
    const isForOther = root.querySelector("dialog[open], details[data-menu][open], :popover-open, [aria-expanded=true]");
    if (event.key === "Escape" && !event.defaultPrevented && !isForOther) dismiss();
  });

  // Something to undo or to read in peace stays.
  const stays = notice.querySelector("form, a[download], [data-copy]") || notice.getAttribute("role") === "alert";
  if (stays) return;
  const leaveUnlessRead = () => {
    if (notice.matches(":hover, :focus-within")) setTimeout(leaveUnlessRead, 1000);
    else dismiss();
  };
  setTimeout(leaveUnlessRead, READING_TIME);
}
