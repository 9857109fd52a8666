"""Refreshes by boto3 with a refresh token, and prints what came, or the exception, as JSON.

    refresh.py ENDPOINT CLIENT_ID < REFRESH_TOKEN
"""

import json
import sys

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError


def main():
    endpoint, client_id = sys.argv[1:]
    client = boto3.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )
    token = sys.stdin.read()
    try:
        result = client.get_tokens_from_refresh_token(RefreshToken=token, ClientId=client_id)
        print(json.dumps({"refreshToken": result["AuthenticationResult"].get("RefreshToken")}))
    except ClientError as error:
        # A class of its own, if the service model knows the exception for this operation.
        known = isinstance(error, client.exceptions.RefreshTokenReuseException)
        print(json.dumps({"error": error.response["Error"], "reused": known}))


if __name__ == "__main__":
    main()
