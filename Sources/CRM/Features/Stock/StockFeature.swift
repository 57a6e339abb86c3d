import Admin
import Money

let stock = Feature(
  name: "stock",
  migrations: [.stock, .stockSums],
  routes: StockHandlers.routes + Stocktake.routes,
  recordOperations: { $0 === RecordType.product ? StockOperations.all : [] },
  shapes: StockOperations.shapes,
  pages: ["stock/stock": StockTab.shape, "stock/stocktake": Stocktake.shape],
  tabs: [StockTab.tab],
  derivations: [.productStock],
  details: [DetailField("on_hand", "On hand") { text, formats in Stock.kind.display(text, formats) }, DetailField("reason", "Reason")],
  actions: [
    ActionLabel(action: "stock.received", label: "Goods received", icon: "box-arrow-in-down"),
    ActionLabel(action: "stock.removed", label: "Goods removed", icon: "box-arrow-up"),
    ActionLabel(action: "stock.counted", label: "Stock counted", icon: "clipboard-check"),
    ActionLabel(action: "stock.undone", label: "Stock movement undone", icon: "arrow-counterclockwise"),
  ])
