"""Questions in words: read with the extractor's own names, matched to saved queries, and understood or asked back."""
