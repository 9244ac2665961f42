"""Articles in, links and stories out: which are copies of the same report. Alone imports datasketch."""
