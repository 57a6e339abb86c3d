let interactions = Feature(name: "interactions", migrations: [.interactions])
