import Admin

let numbers = Feature(name: "numbers", migrations: [.numbers])
