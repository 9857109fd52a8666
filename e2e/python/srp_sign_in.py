"""Signs in with USER_SRP_AUTH by pycognito, and prints the tokens or the refusal as JSON.

    srp_sign_in.py ENDPOINT POOL_ID CLIENT_ID USERNAME < PASSWORD
"""

import json
import sys

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP


def main():
    endpoint, pool_id, client_id, username = sys.argv[1:]
    client = boto3.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name=pool_id.split("_")[0],
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )
    srp = AWSSRP(
        username=username,
        password=sys.stdin.read(),
        pool_id=pool_id,
        client_id=client_id,
        client=client,
    )
    try:
        result = srp.authenticate_user()["AuthenticationResult"]
        print(json.dumps({"accessToken": result["AccessToken"], "idToken": result["IdToken"]}))
    except ClientError as error:
        print(json.dumps({"error": error.response["Error"]}))


if __name__ == "__main__":
    main()
