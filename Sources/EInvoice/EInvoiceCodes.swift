/// Lists of codes that EN 16931 refers to.
package enum EInvoiceCodes {
  /// Units of UN/ECE Recommendations 20 and 21: of more than two thousand, those that are counted, measured or packed in everyday trade.
  package static let units = set(
    """
    C62 H87 EA NAR PR SET DZN P1 LS ZZ E48 E49 SEC MIN HUR DAY WEE MON ANN MGM GRM KGM TNE DTN LBR ONZ MMT CMT DMT MTR KMT INH FOT YRD SMI \
    MMK CMK DMK MTK MMQ CMQ DMQ MTQ MLT CLT DLT LTR HLT GLL KWH MWH WHR KWT A24 AMP VLT AD E34 E36 IE \
    XBG XBO XBX XCA XCS XCT XPA XPC XPK XPX XRO XST XTU
    """)

  /// Schemes of electronic addresses (EAS).
  package static let addressSchemes = set(
    """
    0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 0190 0191 0192 0193 0194 0195 \
    0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 0219 0220 0221 0225 0230 0235 0240 0242 \
    0244 0245 0246 0248 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 \
    9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953 9957 9959 AN AQ AS AU EM
    """)

  /// Currencies of ours that the standard's list has no longer, or not yet.
  static let unlistedCurrencies: Set<String> = ["BGN", "STN"]

  private static func set(_ codes: String) -> Set<String> { Set(codes.split(separator: " ").map { String($0) }) }
}
