"""From the bytes of a page to an Article or a Rejection: `page.extract_page`, and `pool.ExtractionPool` around it."""
