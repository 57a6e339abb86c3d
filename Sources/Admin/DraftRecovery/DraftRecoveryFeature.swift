package let draftRecovery = Feature(name: "draft-recovery", migrations: [.keptForms, .sentForms], routes: DraftRecovery.routes)
