// Opening a record puts its row into the list's address ("#row-…"), so that the way back leads there, and the row has the focus again.

export function returning(root) {
  root.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rows] .row-link")?.closest('[id^="row-"]');
    if (row) history.replaceState(history.state, "", "#" + row.id);
  });
  const focus = () => root.querySelector("[data-rows] > :target .row-link")?.focus({ preventScroll: true });
  focus();
  // A page that the browser kept whole.
  addEventListener("pageshow", focus);
}
