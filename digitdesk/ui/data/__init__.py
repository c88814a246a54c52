"""The Data tab: data sets are looked at, brought, labelled, and parts of them chosen."""
