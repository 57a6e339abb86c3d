import Admin

let shipments = Feature(name: "shipments", migrations: [.shipments])
