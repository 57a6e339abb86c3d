import Admin

let memberships = Feature(
  name: "memberships", migrations: [.memberships, .contactLeaves], imports: [.memberships], derivations: [.primaryCompanies, .liveContacts])
