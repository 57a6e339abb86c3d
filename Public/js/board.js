// The board: a card is dragged into another column. Dropping it presses the card's own button for that column, so the server decides and answers as
// without scripts. Columns that a card can't go to don't take it.

export function board(root) {
  const board = root.querySelector("[data-board]");
  if (!board) return;
  let dragged;

  const step = (column) => [...dragged.querySelectorAll("[data-board-step]")].find((form) => form.dataset.boardStep === column.dataset.boardColumn);
  const columns = [...board.querySelectorAll("[data-board-column]")];

  for (const card of board.querySelectorAll("[data-board-card]")) {
    if (!card.querySelector("[data-board-step]")) continue;
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.id);
      card.classList.add("dragged");
      for (const column of columns) column.classList.toggle("takes", Boolean(step(column)));
    });
    card.addEventListener("dragend", () => {
      card.classList.remove("dragged");
      for (const column of columns) column.classList.remove("takes", "over");
      dragged = undefined;
    });
  }
  for (const column of columns) {
    column.addEventListener("dragover", (event) => {
      if (!dragged || !step(column)) return;
      event.preventDefault();
      column.classList.add("over");
    });
    column.addEventListener("dragleave", (event) => {
      if (!column.contains(event.relatedTarget)) column.classList.remove("over");
    });
    column.addEventListener("drop", (event) => {
      const form = dragged && step(column);
      if (!form) return;
      event.preventDefault();
      form.requestSubmit();
    });
  }
}
