let memberships = Feature(
  name: "memberships", migrations: [.memberships], imports: [.memberships], derivations: [.primaryCompanies, .liveContacts])
