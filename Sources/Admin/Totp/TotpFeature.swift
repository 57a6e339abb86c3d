package let totp = Feature(
  name: "totp", migrations: [.totp], routes: TotpPages.routes + SignInCode.routes,
  pages: [
    "users/totp": TotpPages.schema, "users/recovery-codes": TotpPages.codesSchema, "users/sign-in-code": SignInCode.schema,
  ])
