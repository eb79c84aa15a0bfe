"""The flow: from draft text to report. No web and no vendor is imported here."""
