"""Tables as files: workbook, plain values, plain text, document, page to print."""
