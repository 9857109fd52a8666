"""Does the tests of a file of known answers with pycognito, and prints for each id what it signed,
or null where it refused."""

import json
import sys
from unittest import mock

from pycognito.aws_srp import AWSSRP, hex_to_long


def sign(test):
    srp = AWSSRP(
        username=test["userId"],
        password=test["password"],
        pool_id="us-east-1_" + test["poolName"],
        client_id="client",
        client=mock.Mock(),
    )
    srp.small_a_value = hex_to_long(test["a"])
    srp.large_a_value = srp.calculate_a()
    parameters = {
        "USER_ID_FOR_SRP": test["userId"],
        "SALT": test["salt"],
        "SRP_B": test["B"],
        "SECRET_BLOCK": test["secretBlock"],
    }
    with mock.patch.object(AWSSRP, "get_cognito_formatted_timestamp", lambda *_: test["timestamp"]):
        answer = srp.process_challenge(parameters, {"USERNAME": test["userId"]})
    return answer["PASSWORD_CLAIM_SIGNATURE"]


def attempt(test):
    try:
        return sign(test)
    except Exception:  # Whatever it raises, it computed nothing.
        return None


with open(sys.argv[1], encoding="utf-8") as file:
    groups = [group for group in json.load(file)["testGroups"] if group["type"] == "CognitoSrpClient"]
print(json.dumps({test["tcId"]: attempt(test) for group in groups for test in group["tests"]}))
