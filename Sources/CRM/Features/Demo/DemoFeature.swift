import Admin

let demo = Feature(
  name: "demo",
  demo: { services, user, name, now in
    try DemoOffice(contacts: 200, seed: 42).load(into: services.store, media: services.media, by: user, named: name, now: now)
  })
