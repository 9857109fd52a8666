"""VerifyAuthChallengeResponse: whether the answer is the code."""


def lambda_handler(event, context):
    request = event["request"]
    code = request.get("privateChallengeParameters", {}).get("answer")
    event["response"]["answerCorrect"] = code == request.get("challengeAnswer", "")
    return event
