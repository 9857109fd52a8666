"""Prints where the known answers of SRP are not of their JSON schema: a list, empty if all is well."""

import json
from pathlib import Path

from jsonschema import Draft7Validator

FOLDER = Path(__file__).parents[2] / "protocol/vectors"
known = json.loads((FOLDER / "cognito_srp_test.json").read_text(encoding="utf-8"))
schema = json.loads((FOLDER / known["schema"]).read_text(encoding="utf-8"))
Draft7Validator.check_schema(schema)
errors = Draft7Validator(schema).iter_errors(known)
print(json.dumps([f"{error.json_path}: {error.message[:200]}" for error in errors]))
