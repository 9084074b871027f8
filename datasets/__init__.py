"""The open-data catalogue: datasets, their validation, packages, and exports of the record itself."""
