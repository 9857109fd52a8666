"""DefineAuthChallenge: the password, then the code until it is right."""

from challenges import last_challenge


def lambda_handler(event, context):
    last = last_challenge(event)
    response = event["response"]
    if last.name == "SRP_A" and last.passed:
        ask_for(response, "PASSWORD_VERIFIER")
    elif last.name == "PASSWORD_VERIFIER" and last.passed:
        ask_for(response, "CUSTOM_CHALLENGE")
    elif last.name == "CUSTOM_CHALLENGE" and last.passed:
        response.update(challengeName="", issueTokens=True, failAuthentication=False)
    elif last.name == "CUSTOM_CHALLENGE":
        ask_for(response, "CUSTOM_CHALLENGE")
    else:
        response.update(issueTokens=False, failAuthentication=True)
    return event


def ask_for(response, challenge):
    response.update(challengeName=challenge, issueTokens=False, failAuthentication=False)
