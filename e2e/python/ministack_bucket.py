"""Prints a bucket's objects as JSON: each key with `type`, `cacheControl` and `body` in base64.

    ministack_bucket.py ENDPOINT BUCKET
"""

import base64
import json
import sys

import boto3


def main():
    endpoint, bucket = sys.argv[1:]
    s3 = boto3.Session("test", "test", region_name="us-east-1").client("s3", endpoint_url=endpoint)
    objects = {}
    for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        stored = s3.get_object(Bucket=bucket, Key=entry["Key"])
        objects[entry["Key"]] = {
            "type": stored["ContentType"],
            "cacheControl": stored.get("CacheControl"),
            "body": base64.b64encode(stored["Body"].read()).decode(),
        }
    print(json.dumps(objects))


if __name__ == "__main__":
    main()
