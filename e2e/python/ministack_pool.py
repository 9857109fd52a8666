"""Sets up a pool with the three triggers and their table on MiniStack, and prints the pool's ids as JSON.

    ministack_pool.py ENDPOINT TRIGGERS_FOLDER < ENVIRONMENT

ENVIRONMENT is a JSON object of the variables that the triggers get.
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import boto3

# Cognito's name of each trigger, and the executable.
TRIGGERS = {
    "DefineAuthChallenge": "define-auth-challenge",
    "CreateAuthChallenge": "create-auth-challenge",
    "VerifyAuthChallengeResponse": "verify-auth-challenge-response",
}


def bootstrap(executable):
    """A deployment package: Lambda starts the file `bootstrap`, which must be executable."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        entry = zipfile.ZipInfo("bootstrap")
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o100755 << 16
        package.writestr(entry, executable.read_bytes())
    return archive.getvalue()


def main():
    endpoint, folder = sys.argv[1:]
    environment = json.load(sys.stdin)
    session = boto3.Session("test", "test", region_name="us-east-1")
    functions = session.client("lambda", endpoint_url=endpoint)
    cognito = session.client("cognito-idp", endpoint_url=endpoint)
    session.client("dynamodb", endpoint_url=endpoint).create_table(
        TableName=environment["ATTEMPTS_TABLE"],
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    arns = {
        trigger: functions.create_function(
            FunctionName=name,
            Runtime="provided.al2023",
            Handler="bootstrap",
            Role="arn:aws:iam::000000000000:role/triggers",
            Timeout=4,
            Environment={"Variables": environment},
            Code={"ZipFile": bootstrap(Path(folder) / name)},
        )["FunctionArn"]
        for trigger, name in TRIGGERS.items()
    }
    pool_id = cognito.create_user_pool(
        PoolName="e2e",
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        LambdaConfig=arns,
    )["UserPool"]["Id"]
    client_id = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="e2e",
        ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        PreventUserExistenceErrors="ENABLED",
    )["UserPoolClient"]["ClientId"]
    print(json.dumps({"userPoolId": pool_id, "clientId": client_id}))


if __name__ == "__main__":
    main()
