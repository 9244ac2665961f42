"""Reading what announces articles: feeds, sitemaps, section pages. Bytes in, discoveries out; no network."""
