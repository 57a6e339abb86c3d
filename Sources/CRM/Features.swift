import Store

/// The features of the product, one line each. Adding one is a folder and a line here.
let features: [Feature] = [
  home, users, account, draftRecovery, columns, records, contacts, companies, tasks, memberships, interactions, tags, media, comments,
  inbox,
  activity,
  live,
  security, settings,
]
