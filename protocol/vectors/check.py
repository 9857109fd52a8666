"""Checks cognito_srp_test.json with Python's own integers and hashes: an example of how to use it.

    python3 protocol/vectors/check.py protocol/vectors/cognito_srp_test.json

Each function takes a test and its group, computes what the test has, and raises Refused where an
implementation has to refuse. Put your own implementation in their place.
"""

import base64
import calendar
import hashlib
import hmac
import json
import re
import sys


class Refused(Exception):
    """The input is none to compute with."""


def pad(number):
    """As Java's BigInteger.toByteArray: the shortest two's complement."""
    bits = (number if number >= 0 else -number - 1).bit_length()
    return number.to_bytes(bits // 8 + 1, "big", signed=True)


def digest(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def integer(text, form="-?[0-9a-f]+"):
    if not re.fullmatch(form, text, re.IGNORECASE | re.ASCII):
        raise Refused
    return int(text, 16)


def public_value(text, n):
    value = integer(text, "[0-9a-f]+")
    if not 0 < value < n:
        raise Refused
    return value


def scrambler(a, b):
    return int.from_bytes(digest(pad(a), pad(b)), "big")


def exponent(salt, group, user, password):
    identity = digest(f"{group}{user}:{password}".encode())
    return int.from_bytes(digest(pad(salt), identity), "big")


def password_key(u, s):
    return mac(mac(pad(u), pad(s)), b"Caldera Derived Key\x01")[:16]


def signature(key, test):
    identity = (test["poolName"] + test["userId"]).encode()
    block = base64.b64decode(test["secretBlock"])
    return base64.b64encode(mac(key, identity, block, test["timestamp"].encode())).decode()


def client(test, group):
    n, g, k = int(group["n"], 16), group["g"], int(group["k"], 16)
    a, b = int(test["a"], 16), public_value(test["B"], n)
    x = exponent(integer(test["salt"]), test["poolName"], test["userId"], test["password"])
    public = pow(g, a, n)
    u = scrambler(public, b)
    s = pow(b - k * pow(g, x, n), a + u * x, n)
    key = password_key(u, s)
    numbers = {"A": f"{public:x}", "u": f"{u:x}", "x": f"{x:x}", "S": f"{s:x}"}
    return numbers | {"key": key.hex(), "signature": signature(key, test)}


def server(test, group):
    n, g, k = int(group["n"], 16), group["g"], int(group["k"], 16)
    a, b = public_value(test["A"], n), int(test["b"], 16)
    x = exponent(int(test["salt"], 16), test["poolName"], test["userId"], test["password"])
    v = pow(g, x, n)
    public = (k * v + pow(g, b, n)) % n
    u = scrambler(a, public)
    key = password_key(u, pow(a * pow(v, u, n), b, n))
    if not hmac.compare_digest(signature(key, test), test["signature"]):
        raise Refused
    return {"v": f"{v:x}", "B": f"{public:x}"}


def device_verifier(test, group):
    salt = int(test["salt"], 16)
    x = exponent(salt, test["deviceGroupKey"], test["deviceKey"], test["password"])
    verifier = pow(group["g"], x, int(group["n"], 16))
    encoded = [base64.b64encode(pad(number)).decode() for number in (salt, verifier)]
    return dict(zip(("saltBase64", "verifier"), encoded))


def padded(test, _group):
    return {"padded": pad(integer(test["number"])).hex()}


def scrambled(test, _group):
    return {"u": f"{scrambler(int(test['A'], 16), int(test['B'], 16)):x}"}


def derived(test, _group):
    return {"key": password_key(int(test["u"], 16), int(test["S"], 16)).hex()}


DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
TIMESTAMP = re.compile(r"(\w{3}) (\w{3}) (\d\d?) (\d\d):(\d\d):(\d\d) UTC (\d{4})", re.ASCII)


def timestamp(test, _group):
    match = TIMESTAMP.fullmatch(test["timestamp"])
    if not match or match[1] not in DAYS or match[2] not in MONTHS or match[3][0] == "0":
        raise Refused
    day, hour, minute, second, year = (int(match[i]) for i in range(3, 8))
    month = MONTHS.index(match[2]) + 1
    days = calendar.monthrange(year, month)[1]
    if not (1 <= day <= days and hour < 24 and minute < 60 and second < 60):
        raise Refused
    return {"epochSeconds": calendar.timegm((year, month, day, hour, minute, second))}


CHECKS = {
    "CognitoSrpClient": client,
    "CognitoSrpServer": server,
    "CognitoSrpDeviceVerifier": device_verifier,
    "CognitoSrpPad": padded,
    "CognitoSrpScrambler": scrambled,
    "CognitoSrpKey": derived,
    "CognitoTimestamp": timestamp,
}


def fault(test, group):
    """What is wrong with the answer to a test, or None."""
    try:
        computed = CHECKS[group["type"]](test, group)
    except Refused:
        return "refused" if test["result"] == "valid" else None
    if test["result"] == "invalid":
        return "not refused"
    wrong = [name for name, value in computed.items() if value != test[name]]
    return f"other {', '.join(wrong)}" if wrong else None


def main(path):
    with open(path, encoding="utf-8") as file:
        groups = json.load(file)["testGroups"]
    count = failed = 0
    for group in groups:
        for test in group["tests"]:
            count += 1
            if found := fault(test, group):
                failed += 1
                print(f"tcId {test['tcId']} ({test['comment']}): {found}")
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
