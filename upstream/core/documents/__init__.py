"""Documents that the product makes: PDF from pages that carry all they need, and worksheets that stay numbers."""
