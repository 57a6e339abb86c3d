extension Setting {
  static let totpRoles = Setting(
    Field(
      "totp_roles", "Require two-step verification", RolesField(),
      hint: "Users with one of these roles set it up before they can do anything else."))
}
