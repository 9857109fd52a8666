"""CreateAuthChallenge: a code by e-mail, the same one for all of a sign-in."""

import os
import random

import boto3

from challenges import last_challenge

CODE_LENGTH = int(os.environ.get("CODE_LENGTH", 6))
EMAIL_SENDER = os.environ.get("EMAIL_SENDER")

ses = boto3.client("ses")


def lambda_handler(event, context):
    last = last_challenge(event)
    if last.name == "CUSTOM_CHALLENGE":
        code = last.metadata.replace("challenge-", "")
    else:
        code = str(random.randint(0, 10**CODE_LENGTH - 1)).zfill(CODE_LENGTH)
        mail(event["request"]["userAttributes"]["email"], code)
    event["response"]["privateChallengeParameters"] = {"answer": code}
    event["response"]["challengeMetadata"] = f"challenge-{code}"
    return event


def mail(address, code):
    text = {"Charset": "UTF-8", "Data": f"Your authentication code: {code}"}
    ses.send_email(
        Source=EMAIL_SENDER,
        Destination={"ToAddresses": [address]},
        Message={
            "Subject": {"Charset": "UTF-8", "Data": "Authentication Code"},
            "Body": {"Text": text},
        },
    )
