package let users = Feature(
  name: "users",
  migrations: [.users, .timeZones, .roles, .viewAs],
  routes: SignIn.routes + Setup.routes + PasswordLinks.routes + ViewAs.routes,
  pages: ["users/sign-in": SignIn.shape, "users/setup": Setup.shape, "users/set-password": PasswordLinks.shape],
  chores: [
    // A session that hasn't been used for so long can't be live, and can't bring a form back any more.
    .expiring("sessions", "seen_at", after: SessionLife.longestIdle + 30 * 24 * 3600), .expiring("password_links", "expires_at", after: 0),
  ])

extension Resource {
  package static let users = Resource("users", "Users", levels: [.none, .read, .full], isOfCRM: false, manager: .read)
  package static let roles = Resource("roles", "Roles", levels: [.none, .read, .full], isOfCRM: false, manager: .read)
}
