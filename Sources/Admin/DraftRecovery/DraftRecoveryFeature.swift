package let draftRecovery = Feature(
  name: "draft-recovery", migrations: [.keptForms, .sentForms], routes: DraftRecovery.routes,
  chores: [.expiring("kept_forms", "kept_at", after: DraftRecovery.life), .expiring("sent_forms", "sent_at", after: SentForm.life)])
