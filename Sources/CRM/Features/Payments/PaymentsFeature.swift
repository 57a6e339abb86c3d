import Admin

let payments = Feature(name: "payments", migrations: [.payments])
