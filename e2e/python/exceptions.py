"""The exceptions that the service model names for the operations of the package, as JSON."""

import json
import sys

import botocore.session

model = botocore.session.get_session().get_service_model("cognito-idp")
names = {
    shape.name
    for operation in sys.argv[1:]
    for shape in model.operation_model(operation).error_shapes
}
json.dump(sorted(names), sys.stdout)
