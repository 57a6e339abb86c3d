package let draftRecovery = Feature(name: "draft-recovery", migrations: [.keptForms], routes: DraftRecovery.routes)
