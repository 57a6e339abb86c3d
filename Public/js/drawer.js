// The sidebar is a popover: it opens, closes by Escape and light dismissal without any script.
// Here it also takes the focus, keeps it while it covers the page, and closes when the window grows wide enough to show it anyway.

export function drawer(root) {
  const sidebar = root.querySelector("[data-drawer]");
  if (!sidebar?.showPopover) return;

  sidebar.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open";
    for (const other of root.body.children) if (other !== sidebar) other.inert = isOpen;
    if (isOpen) (sidebar.querySelector("[aria-current]") ?? sidebar.querySelector("a"))?.focus();
    else if (root.activeElement === root.body || sidebar.contains(root.activeElement)) root.querySelector(`[popovertarget="${sidebar.id}"]`)?.focus();
  });

  matchMedia("(width >= 900px)").addEventListener("change", (query) => {
    if (query.matches && sidebar.matches(":popover-open")) sidebar.hidePopover();
  });
}
