"""Names what there is on MiniStack, by kind, as JSON.

    ministack_inventory.py ENDPOINT
"""

import json
import sys

import boto3
import jmespath

# Service, operation, and where its answer has the names. Every answer fits on one page.
KINDS = {
    "stacks": ("cloudformation", "describe_stacks", "Stacks[].StackName"),
    "functions": ("lambda", "list_functions", "Functions[].FunctionName"),
    "pools": ("cognito-idp", "list_user_pools", "UserPools[].Id"),
    "tables": ("dynamodb", "list_tables", "TableNames"),
    "secrets": ("secretsmanager", "list_secrets", "SecretList[].Name"),
    "logGroups": ("logs", "describe_log_groups", "logGroups[].logGroupName"),
    "alarms": ("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName"),
    "roles": ("iam", "list_roles", "Roles[].RoleName"),
    "buckets": ("s3", "list_buckets", "Buckets[].Name"),
    "distributions": ("cloudfront", "list_distributions", "DistributionList.Items[].Id"),
    "originAccess": (
        "cloudfront",
        "list_origin_access_controls",
        "OriginAccessControlList.Items[].Name",
    ),
    "headerPolicies": (
        "cloudfront",
        "list_response_headers_policies",
        "ResponseHeadersPolicyList.Items[?Type=='custom'].ResponseHeadersPolicy.Id",
    ),
}
ARGUMENTS = {"list_user_pools": {"MaxResults": 60}}


def main():
    (endpoint,) = sys.argv[1:]
    session = boto3.Session("test", "test", region_name="us-east-1")
    clients = {
        service: session.client(service, endpoint_url=endpoint)
        for service in {service for service, _, _ in KINDS.values()}
    }
    inventory = {}
    for kind, (service, operation, path) in KINDS.items():
        answer = getattr(clients[service], operation)(**ARGUMENTS.get(operation, {}))
        inventory[kind] = sorted(jmespath.search(path, answer) or [])
    print(json.dumps(inventory))


if __name__ == "__main__":
    main()
