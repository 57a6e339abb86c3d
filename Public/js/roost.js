// Every page works as plain HTML. These modules make it quicker; each finds its own elements and leaves when there are none.
import { board } from "./board.js";
import { calls } from "./calls.js";
import { columnWidths } from "./column-widths.js";
import { composer } from "./composer.js";
import { copy } from "./copy.js";
import { customizer } from "./customizer.js";
import { drawer } from "./drawer.js";
import { existing } from "./existing.js";
import { filter } from "./filter.js";
import { flash } from "./flash.js";
import { inlineEdit } from "./inline-edit.js";
import { lightbox } from "./lightbox.js";
import { lines } from "./lines.js";
import { listSearch } from "./list-search.js";
import { live } from "./live.js";
import { mentions } from "./mentions.js";
import { menus } from "./menus.js";
import { pageDialog } from "./page-dialog.js";
import { picker } from "./picker.js";
import { returning } from "./returning.js";
import { rows } from "./rows.js";
import { searchPanel } from "./search-panel.js";
import { sending } from "./sending.js";
import { shortcuts } from "./shortcuts.js";
import { timeZone } from "./time-zone.js";
import { time } from "./time.js";
import { unsaved } from "./unsaved.js";
import { upload } from "./upload.js";
import { when } from "./when.js";

for (const start of [menus, drawer, copy, flash, shortcuts, composer, calls, time, timeZone, listSearch, customizer, columnWidths, inlineEdit, returning, rows, lines, board, picker, searchPanel, pageDialog, filter, existing, when, upload, lightbox, mentions, live, unsaved, sending]) {
  try {
    start(document);
  } catch (error) {
    // One that fails doesn't take the others along.
    console.error(error);
  }
}
