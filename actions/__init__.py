"""What users do: each step is held against the live viewer's rights and put down in the audit trail."""
