package let users = Feature(
  name: "users",
  migrations: [.users, .timeZones, .roles, .viewAs],
  routes: SignIn.routes + Setup.routes + PasswordLinks.routes + ViewAs.routes,
  pages: ["users/sign-in": SignIn.shape, "users/setup": Setup.shape, "users/set-password": PasswordLinks.shape])

extension Resource {
  package static let users = Resource("users", "Users", levels: [.none, .read, .full], isOfCRM: false, manager: .read)
  package static let roles = Resource("roles", "Roles", levels: [.none, .read, .full], isOfCRM: false, manager: .read)
}
