"""Articles in, links and stories out: which are copies of the same report. The signatures are those of datasketch."""
