"""What every page and every kit says of itself, word for word (PRODUCT.md, rule 3)."""

DISCLAIMER = (
    "Independent open-source project supporting the aims of UNODC's Blue Heart Campaign. Not operated, "
    "endorsed or certified by the United Nations or UNODC. A badge shows solidarity; it is not a "
    "certification of any person, company or product."
)
