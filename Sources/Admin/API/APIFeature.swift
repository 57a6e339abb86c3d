/// What programs do: the API over all types of records, its description, and the tokens by which they come in.
package let api = Feature(
  name: "api",
  migrations: [.apiTokens],
  routes: APIReference.routes + TokenPages.own.routes + TokenPages.all.routes,
  pages: APIReference.pages.merging(TokenPages.pages) { first, _ in first },
  // Answers that are kept for a request that comes again tell of records too.
  forget: IdempotentAnswers.forget,
  chores: [.expiring("api_answers", "at", after: 24 * 3600)])
