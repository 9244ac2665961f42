"""Which agency a text names, where, and whether that is a credit or only a mention.

`find.find_credits` reads an article's fields, `find.credited_agency` picks the credited agency, `spans.credit_spans`
tells which passages of a body are nothing but credit, and `status.credit_status` judges a copy. The facts stand in
`config/agencies.yml`.
"""
