"""Starts MiniStack, and mends where it is not as AWS is.

- It ends a custom sign-in after three challenges and counts SRP_A and PASSWORD_VERIFIER among them,
  so that the first wrong code would be the last. On AWS, DefineAuthChallenge decides.
- It takes no alarm on an expression of metrics. Here such an alarm is one on its first metric.
- A secret that CloudFormation generates has punctuation in it whatever the template says.
- A change set that only turns a condition has no changes.
- A secret is read anew only if the template's text has changed. AWS reads it when any property of
  the resource changes, such as a variable whose value is a parameter.
- To a role, a mail by SES version 2 is of no identity and from no address.
"""

import copy
import json
import string

from ministack import app
from ministack.core.responses import get_account_id
from ministack.services import cognito
from ministack.services.cloudformation import changesets, provisioners, stacks

CHALLENGES = 12


def on_first_metric(record):
    def of_alarm(name, properties):
        for metric in properties.get("Metrics", []):
            if stat := metric.get("MetricStat"):
                simple = stat["Metric"] | {"Period": stat["Period"], "Statistic": stat["Stat"]}
                return record(name, properties | simple | {"Metrics": None})
        return record(name, properties)

    return of_alarm


def without_punctuation(generate):
    def of_secret(properties):
        wishes = properties.get("GenerateSecretString", {})
        if wishes.get("ExcludePunctuation") in (True, "true"):
            wishes = wishes | {"ExcludeCharacters": string.punctuation}
            properties = properties | {"GenerateSecretString": wishes}
        return generate(properties)

    return of_secret


def by_condition(resolve):
    def of_template(template, parameters, *stack):
        resolved = resolve(template, parameters, *stack)
        if not template:
            return resolved
        conditions = changesets._evaluate_conditions(template, parameters)
        there = {
            name: resource
            for name, resource in resolved["Resources"].items()
            if conditions.get(resource.get("Condition"), True)
        }
        return {"Resources": there}

    return of_template


def by_properties(resolve):
    known = {}

    def of_resource(properties, previous=None, **_):
        key = json.dumps(properties, sort_keys=True)
        if previous is None or key not in known:
            known[key] = resolve(properties)
        return copy.deepcopy(known[key])

    return of_resource


def of_sender(enforce):
    def of_request(method, path, headers, body, query, request):
        if method != "POST" or path != "/v2/email/outbound-emails":
            return enforce(method, path, headers, body, query, request)
        address = json.loads(body)["FromEmailAddress"]
        region = app.extract_region(headers, query)
        identity = f"arn:aws:ses:{region}:{get_account_id()}:identity/{address}"
        return app._enforce_data_plane(
            "sesv2",
            "ses:SendEmail",
            headers,
            query,
            request,
            resource_arn=identity,
            service_context={"ses:FromAddress": address},
        )

    return of_request


if __name__ == "__main__":
    cognito._MAX_CHALLENGE_ATTEMPTS = CHALLENGES
    provisioners._cw_metric_alarm_record = on_first_metric(provisioners._cw_metric_alarm_record)
    provisioners._sm_secret_string = without_punctuation(provisioners._sm_secret_string)
    changesets._resolve_props_for_diff = by_condition(changesets._resolve_props_for_diff)
    stacks._resolve_dynamic_references = by_properties(stacks._resolve_dynamic_references)
    app._enforce_ses_v2 = of_sender(app._enforce_ses_v2)
    app.main()
