// swift-tools-version: 6.1
import PackageDescription

/// One set of rules for every target: Swift 6 mode, explicit existentials, explicit import visibility, no warnings.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .unsafeFlags(["-warnings-as-errors"]),
]

/// A layer below the admin. Optimised in debug builds too: tests spend most of their time in its loops over bytes.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
  name: "roost",
  products: [.executable(name: "roost", targets: ["roost"])],
  targets: [
    // Debian's libraries, found by pkg-config. Each has exactly one importing target, named beside it.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),  // Store
    .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),  // WebServer
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),  // Crypto
    .systemLibrary(name: "CZxcvbn", providers: [.apt(["libzxcvbn-dev"])]),  // Crypto
    .systemLibrary(name: "COath", pkgConfig: "liboath", providers: [.apt(["liboath-dev"])]),  // Crypto
    .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),  // QRCode
    .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),  // XML
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),  // Gzip
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),  // Gzip
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),  // Zip
    .systemLibrary(name: "CMarkdown", pkgConfig: "libcmark-gfm", providers: [.apt(["libcmark-gfm-dev"])]),  // Markdown
    .systemLibrary(name: "CMagic", pkgConfig: "libmagic", providers: [.apt(["libmagic-dev"])]),  // FileTypes
    .systemLibrary(name: "CPango", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),  // PDF
    .systemLibrary(name: "CQPDF", pkgConfig: "libqpdf", providers: [.apt(["libqpdf-dev"])]),  // PDF

    // Layers: none of them knows the CRM.
    library("Base"),
    library("Money", ["Base"]),
    library("Store", ["CSQLite", "Base"]),
    library("Crypto", ["CSodium", "CZxcvbn", "COath", "Base"]),
    library("QRCode", ["CQREncode"]),
    library("Gzip", ["CDeflate", "CZstd"]),
    library("Zip", ["CZip"]),
    library("XML", ["CXML2"]),
    library("EInvoice", ["Base", "Money", "XML"]),
    library("Templating", ["Base"]),
    library("Markdown", ["CMarkdown", "Templating"]),
    // Our own C, over libjpeg62-turbo-dev, libwebp-dev and libgd-dev.
    .target(
      name: "CImaging",  // Imaging
      cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("gd"), .linkedLibrary("jpeg"), .linkedLibrary("webp"), .linkedLibrary("webpdemux")]),
    library("Imaging", ["CImaging"]),
    library("FileTypes", ["CMagic"]),
    library("PDF", ["CPango", "CQPDF", "Base"]),
    // Our own C++, over libphonenumber-dev.
    .target(
      name: "CPhoneNumbers",  // PhoneNumbers
      cxxSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("stdc++")]),
    library("PhoneNumbers", ["CPhoneNumbers"]),
    // Our own C, over libcurl4-openssl-dev.
    .target(
      name: "CHTTPClient",  // HTTPClient
      cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])], linkerSettings: [.linkedLibrary("curl")]),
    library("HTTPClient", ["CHTTPClient"]),
    library("Blobs", ["Crypto"]),
    library("Web", ["Base", "Crypto", "Gzip"]),
    // Our own C: sees what the HTTP library receives before the library does.
    .target(name: "CReceive", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),  // WebServer
    library("WebServer", ["CMicroHTTPD", "CReceive", "Base", "Web"]),

    // The engine of a server-rendered admin. It knows no feature of the product.
    .target(
      name: "Admin",
      dependencies: [
        "Base", "Store", "Crypto", "Templating", "Markdown", "Web", "Blobs", "Imaging", "FileTypes", "PhoneNumbers", "QRCode", "HTTPClient",
      ],
      swiftSettings: settings),

    // The product.
    .target(
      name: "CRM",
      dependencies: [
        "Admin", "Base", "Store", "Templating", "Markdown", "Web", "Blobs", "Imaging", "Money", "Zip", "PDF", "QRCode", "EInvoice",
        "Crypto",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "roost",
      dependencies: [
        "CRM", "Admin", "Blobs", "WebServer", "Base", "Store", "Crypto", "Templating", "Web", "PhoneNumbers",
      ],
      swiftSettings: settings),

    // Tests.
    .target(
      name: "TestKit", dependencies: ["XML", "Base", "Money", "Store", "Web", "Admin", "CRM", "Crypto", "Templating"],
      path: "Tests/TestKit",
      swiftSettings: settings),
    tests("BaseTests", ["Base", "TestKit"]),
    tests("MoneyTests", ["Money", "TestKit"]),
    tests("StoreTests", ["Store", "Base"]),
    tests("CryptoTests", ["Crypto", "Base"]),
    tests("QRCodeTests", ["QRCode"]),
    tests("TemplatingTests", ["Templating", "Base", "TestKit"], exclude: ["Fixtures"]),
    tests("MarkdownTests", ["Markdown", "Templating", "TestKit"]),
    tests("ImagingTests", ["Imaging", "FileTypes", "TestKit"], exclude: ["Fixtures"]),
    tests("BlobsTests", ["Blobs"]),
    tests("PDFTests", ["PDF", "QRCode", "Templating", "Base", "TestKit"], exclude: ["Fixtures"]),
    tests("PhoneNumbersTests", ["PhoneNumbers"]),
    tests("WebTests", ["Web", "Gzip", "Base", "TestKit"]),
    tests("WebServerTests", ["WebServer", "Web", "Base", "TestKit"]),
    tests("HTTPClientTests", ["HTTPClient"]),
    tests("XMLTests", ["XML", "TestKit"]),
    tests("EInvoiceTests", ["EInvoice", "XML", "Money", "Base", "TestKit"], exclude: ["Fixtures", "Rules"]),
    tests("TestKitTests", ["TestKit", "XML", "Web"]),
    tests(
      "CRMTests", ["CRM", "Admin", "HTTPClient", "Imaging", "Money", "Crypto", "TestKit", "Store", "Web", "Templating", "Base", "XML"],
      exclude: ["__Snapshots__"]),
  ],
  cxxLanguageStandard: .cxx17
)
