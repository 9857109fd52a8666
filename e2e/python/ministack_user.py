"""Creates a user with a verified address and a lasting password on MiniStack.

    ministack_user.py ENDPOINT POOL_ID EMAIL < PASSWORD
"""

import json
import sys

import boto3


def main():
    endpoint, pool_id, email = sys.argv[1:]
    session = boto3.Session("test", "test", region_name="us-east-1")
    cognito = session.client("cognito-idp", endpoint_url=endpoint)
    cognito.admin_create_user(
        UserPoolId=pool_id,
        Username=email,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    cognito.admin_set_user_password(
        UserPoolId=pool_id, Username=email, Password=sys.stdin.read(), Permanent=True
    )
    print(json.dumps({}))


if __name__ == "__main__":
    main()
