package let users = Feature(
  name: "users",
  migrations: [.users, .timeZones],
  routes: SignIn.routes + Setup.routes,
  pages: ["users/sign-in": SignIn.shape, "users/setup": Setup.shape])

extension Resource {
  static let users = Resource("users", manager: .read)
}
