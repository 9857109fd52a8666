"""Goes through every flow that pycognito has, and prints what came of each as JSON. It checks the tokens itself.

    pycognito_flows.py ENDPOINT < POOLS

POOLS is a JSON object of pools, each with a client and somebody: "password", "sms", "totp" and "temporary".
"""

import json
import re
import sys
from urllib.parse import quote

import requests
from botocore import UNSIGNED
from botocore.config import Config
from pycognito import Cognito
from pycognito.exceptions import (
    ForceChangePasswordException,
    SMSMFAChallengeException,
    SoftwareTokenMFAChallengeException,
)

PASSWORD = "Correct-Horse-9"
NEW_PASSWORD = "Correct-Horse-10"
TEMPORARY = "Temporary-1"


class Flows:
    def __init__(self, endpoint, pools):
        self.endpoint = endpoint
        self.pools = pools

    def user(self, kind, username=None):
        pool = self.pools[kind]
        return Cognito(
            pool["userPoolId"],
            pool["clientId"],
            username=username or pool["username"],
            botocore_config=Config(
                signature_version=UNSIGNED, retries={"total_max_attempts": 1}
            ),
            # It adds a slash, and then the pool, to have the issuer of the tokens.
            boto3_client_kwargs={"endpoint_url": self.endpoint.rstrip("/")},
        )

    def code(self, address):
        address = quote(address)
        messages = requests.get(f"{self.endpoint}inbox/messages?to={address}", timeout=10).json()
        return re.search(r"\b\d{6}\b", messages[-1]["text"]).group()

    def account(self):
        username = "pycognito@example.com"
        user = self.user("password", username)
        user.set_base_attributes(email=username, name="Ada")
        user.register(username, PASSWORD)
        user.resend_confirmation_code(username)
        user.confirm_sign_up(self.code(username), username)
        user.initiate_forgot_password()
        user.confirm_forgot_password(self.code(username), NEW_PASSWORD)
        user.authenticate(NEW_PASSWORD)
        user.change_password(NEW_PASSWORD, PASSWORD)
        user.update_profile({"name": "Zoë"})
        user.send_verification("email")
        user.validate_verification(self.code(username), "email")
        before = user.access_token
        user.renew_access_token()
        known = user.get_user()
        user.verify_tokens()
        renewed = user.access_token != before
        user.logout()
        return {"name": known.name, "renewed": renewed, "signedOut": user.access_token is None}

    def new_password(self):
        user = self.user("temporary")
        try:
            user.authenticate(TEMPORARY)
        except ForceChangePasswordException as asked:
            user.new_password_challenge(TEMPORARY, PASSWORD)
            user.verify_tokens()
            return {"asked": str(asked)}

    def text_message(self):
        user = self.user("sms")
        try:
            user.authenticate(PASSWORD)
        except SMSMFAChallengeException:
            user.respond_to_sms_mfa_challenge(self.code(self.pools["sms"]["number"]))
            user.verify_tokens()
            return {"user": user.access_claims["username"]}

    def authenticator(self):
        """Which another client has set up: the code of now comes with the pools."""
        user = self.user("totp")
        try:
            user.authenticate(PASSWORD)
        except SoftwareTokenMFAChallengeException:
            user.respond_to_software_token_mfa_challenge(self.pools["code"])
            user.verify_tokens()
            return {"user": user.access_claims["username"]}


def main():
    (endpoint,) = sys.argv[1:]
    flows = Flows(endpoint, json.load(sys.stdin))
    names = ["account", "new_password", "text_message", "authenticator"]
    print(json.dumps({name: getattr(flows, name)() for name in names}))


if __name__ == "__main__":
    main()
