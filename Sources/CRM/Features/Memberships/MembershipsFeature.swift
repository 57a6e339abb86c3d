let memberships = Feature(name: "memberships", migrations: [.memberships])
