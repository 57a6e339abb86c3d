let keptForms = Feature(name: "kept-forms", migrations: [.keptForms], routes: KeptForms.routes)
