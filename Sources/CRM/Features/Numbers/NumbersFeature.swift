import Admin

let numbers = Feature(name: "numbers", migrations: [.numbers], pagePanels: [NumbersPanel.panel])
