let memberships = Feature(name: "memberships", migrations: [.memberships], derivations: [.primaryCompanies, .liveContacts])
