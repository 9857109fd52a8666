"""Goes through every flow of the API by boto3, with pycognito's arithmetic where a password is proved, and prints what
came of each as JSON. Every reply, also a refusal, is held against the service model that boto3 is made of.

    boto3_flows.py ENDPOINT < POOLS

POOLS is a JSON object: {"triggers": [pool, client], "password": [pool, client]}.
"""

import json
import re
import sys
from urllib.parse import quote

import boto3
import requests
from botocore import UNSIGNED
from botocore.config import Config
from pycognito.aws_srp import AWSSRP
from service_model import complaints_about

PASSWORD = "Correct-Horse-9"
NEW_PASSWORD = "Correct-Horse-10"


class Flows:
    def __init__(self, endpoint, pools):
        self.endpoint = endpoint
        self.pools = pools
        self.replies = 0
        self.complaints = []
        config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
        self.client = boto3.client(
            "cognito-idp", endpoint_url=endpoint, region_name="us-east-1", config=config
        )
        self.client.meta.events.register("before-parse.cognito-idp.*", self.check)

    def check(self, operation_model, response_dict, **_):
        self.replies += 1
        complaints = complaints_about(
            operation_model, self.client.meta.service_model, response_dict
        )
        self.complaints += [f"{operation_model.name}: {text}" for text in complaints]

    def code(self, address):
        mails = requests.get(f"{self.endpoint}inbox/messages?to={quote(address)}", timeout=10).json()
        return re.search(r"\b\d{6}\b", mails[-1]["text"]).group()

    def prove(self, username, password, kind, flow):
        """The two requests with which a password is proved."""
        pool, client_id = self.pools[kind]
        srp = AWSSRP(username, password, pool, client_id, client=self.client)
        parameters = srp.get_auth_params() | {"CHALLENGE_NAME": "SRP_A"}
        begun = self.client.initiate_auth(
            AuthFlow=flow, AuthParameters=parameters, ClientId=client_id
        )
        answer = srp.process_challenge(begun["ChallengeParameters"], parameters)
        session = {"Session": begun["Session"]} if "Session" in begun else {}
        return self.client.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses=answer,
            **session,
        )

    def answer(self, asked, client_id, answer, **more):
        return self.client.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName=asked["ChallengeName"],
            Session=asked["Session"],
            ChallengeResponses={
                "USERNAME": asked["ChallengeParameters"]["USERNAME"],
                "ANSWER": answer,
            },
            **more,
        )

    def refused(self, exception, call, **arguments):
        """The text of a refusal, which has to be of this class."""
        try:
            call(**arguments)
        except getattr(self.client.exceptions, exception) as error:
            return error.response["Error"]["Message"]
        raise AssertionError(f"no {exception}")

    def sign_up(self):
        username = "boto3@example.com"
        _, client_id = self.pools["password"]
        who = {"ClientId": client_id, "Username": username}
        signed_up = self.client.sign_up(Password=PASSWORD, **who)
        self.client.resend_confirmation_code(**who)
        code = self.code(username)
        other = str((int(code[0]) + 1) % 10) + code[1:]
        mismatch = self.refused(
            "CodeMismatchException", self.client.confirm_sign_up, ConfirmationCode=other, **who
        )
        self.client.confirm_sign_up(ConfirmationCode=code, **who)
        exists = self.refused(
            "UsernameExistsException", self.client.sign_up, Password=PASSWORD, **who
        )
        return {
            "destination": signed_up["CodeDeliveryDetails"]["Destination"],
            "refusals": [mismatch, exists],
        }

    def passwords(self):
        username = "boto3@example.com"
        _, client_id = self.pools["password"]
        who = {"ClientId": client_id, "Username": username}
        self.client.forgot_password(**who)
        self.client.confirm_forgot_password(
            ConfirmationCode=self.code(username), Password=NEW_PASSWORD, **who
        )
        tokens = self.prove(username, NEW_PASSWORD, "password", "USER_SRP_AUTH")
        access = tokens["AuthenticationResult"]["AccessToken"]
        change = {"AccessToken": access, "PreviousPassword": NEW_PASSWORD}
        short = self.refused(
            "InvalidPasswordException",
            self.client.change_password,
            ProposedPassword="short",
            **change,
        )
        self.client.change_password(ProposedPassword=PASSWORD, **change)
        wrong = self.refused(
            "NotAuthorizedException",
            self.prove,
            username=username,
            password=NEW_PASSWORD,
            kind="password",
            flow="USER_SRP_AUTH",
        )
        return {"refusals": [short, wrong]}

    def custom_auth(self):
        username = "boto3@example.com"
        _, client_id = self.pools["triggers"]
        asked = self.prove(username, PASSWORD, "triggers", "CUSTOM_AUTH")
        again = self.answer(asked, client_id, "000000" if self.code(username) != "000000" else "1")
        too_soon = self.answer(again, client_id, "x", ClientMetadata={"action": "resend"})
        used = self.refused(
            "NotAuthorizedException", self.answer, asked=asked, client_id=client_id, answer="1"
        )
        signed_in = self.answer(too_soon, client_id, self.code(username))
        return {
            "attemptsLeft": again["ChallengeParameters"]["ATTEMPTS_LEFT"],
            "sent": too_soon["ChallengeParameters"]["CODE_SENT"],
            "refusals": [used],
            "tokens": signed_in["AuthenticationResult"],
        }

    def refresh(self):
        _, client_id = self.pools["password"]
        signed_in = self.prove("boto3@example.com", PASSWORD, "password", "USER_SRP_AUTH")
        token = signed_in["AuthenticationResult"]["RefreshToken"]
        old = self.client.initiate_auth(
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token},
            ClientId=client_id,
        )
        new = self.client.get_tokens_from_refresh_token(RefreshToken=token, ClientId=client_id)
        self.client.revoke_token(Token=token, ClientId=client_id)
        revoked = self.refused(
            "NotAuthorizedException",
            self.client.get_tokens_from_refresh_token,
            RefreshToken=token,
            ClientId=client_id,
        )
        results = [old["AuthenticationResult"], new["AuthenticationResult"]]
        return {"refusals": [revoked], "results": results}

    def attributes(self):
        signed_in = self.prove("boto3@example.com", PASSWORD, "password", "USER_SRP_AUTH")
        access = {"AccessToken": signed_in["AuthenticationResult"]["AccessToken"]}
        address = "boto3.new@example.com"
        wanted = {"name": "Zoë", "email": address}
        told = self.client.update_user_attributes(
            UserAttributes=[{"Name": name, "Value": value} for name, value in wanted.items()],
            **access,
        )
        email = {"AttributeName": "email", **access}
        self.client.verify_user_attribute(Code=self.code(address), **email)
        self.client.get_user_attribute_verification_code(**email)
        self.client.verify_user_attribute(Code=self.code(address), **email)
        self.client.delete_user_attributes(UserAttributeNames=["name"], **access)
        user = self.client.get_user(**access)
        self.client.global_sign_out(**access)
        signed_out = self.refused("NotAuthorizedException", self.client.get_user, **access)
        again = self.prove(address, PASSWORD, "password", "USER_SRP_AUTH")
        self.client.delete_user(AccessToken=again["AuthenticationResult"]["AccessToken"])
        return {
            "destination": told["CodeDeliveryDetailsList"][0]["Destination"],
            "attributes": {each["Name"]: each["Value"] for each in user["UserAttributes"]},
            "refusals": [signed_out],
        }


def main():
    (endpoint,) = sys.argv[1:]
    flows = Flows(endpoint, json.load(sys.stdin))
    done = {
        name: getattr(flows, name)()
        for name in ["sign_up", "passwords", "custom_auth", "refresh", "attributes"]
    }
    print(json.dumps(done | {"replies": flows.replies, "complaints": flows.complaints}))


if __name__ == "__main__":
    main()
