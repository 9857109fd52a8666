"""Random sign-ins of our SRP client against the SRP server of MiniStack.

Every sign-in has a random pool, user, password and moment, and its proof must be accepted.
About every tenth is tried with another password first, and must be refused. The seed is printed,
so that a failure can be repeated:

    PROVE=target/release/examples/prove python e2e/python/random_sign_ins.py [SEED]
"""

import base64
import json
import multiprocessing
import os
import random
import subprocess
import sys
import types

from ministack.services import cognito

SIGN_INS = 2_000
# Code points of one to four UTF-8 bytes, composed and combining, and of both directions.
ALPHABET = [chr(c) for c in range(0x20, 0x7F)] + list("ßéñ\u0301İжשلक日本語한🔑👩‍💻\u200b\u00a0\t")


class Prover:
    """Our client: a process that answers a line with a line."""

    def __init__(self):
        self.process = subprocess.Popen(
            [os.environ["PROVE"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def prove(self, question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def text(rng, longest):
    return "".join(rng.choices(ALPHABET, k=rng.randint(1, longest)))


def sign_in(rng, prover):
    """Whether the right password was accepted, and a wrong one refused if it was tried."""
    # Drawn from the seed too, and of 256 bits: a longer b makes the server slow, not our
    # client another one.
    cognito.secrets = types.SimpleNamespace(randbelow=lambda _: rng.getrandbits(256))
    pool_name = "".join(rng.choices("0123456789ABCDEFGHabcdefgh", k=9))
    pool_id = f"eu-north-1_{pool_name}"
    user_id = text(rng, 40) if rng.random() < 0.5 else str(rng.getrandbits(64))
    password = text(rng, 64)
    user = {
        "Username": user_id,
        "_password": password,
        "Attributes": [{"Name": "sub", "Value": str(rng.getrandbits(64))}],
    }
    secret_block = base64.b64encode(rng.randbytes(rng.randint(16, 1500))).decode()
    parameters, state = cognito._srp_challenge(pool_id, user, user_id, "", secret_block)
    question = {
        "pool_name": pool_name,
        "user_id": parameters["USER_ID_FOR_SRP"],
        "password": password,
        "salt": parameters["SALT"],
        "srp_b": parameters["SRP_B"],
        "secret_block": parameters["SECRET_BLOCK"],
        "now": rng.randint(0, 4_102_444_800),
        "entropy": rng.randbytes(64).hex(),
    }
    if rng.random() < 0.1:
        wrong = {**question, "password": password + "x"}
        if accepts(pool_id, user, state, prover.prove(wrong)):
            return False
    return accepts(pool_id, user, state, prover.prove(question))


def accepts(pool_id, user, state, proof):
    state["srp_a"] = proof["srp_a"]
    responses = {
        "USERNAME": user["Username"],
        "PASSWORD_CLAIM_SECRET_BLOCK": state["secret_block"],
        "PASSWORD_CLAIM_SIGNATURE": proof["signature"],
        "TIMESTAMP": proof["timestamp"],
    }
    # The calls that the server makes of RespondToAuthChallenge, in its order.
    return cognito._srp_response_format_error(responses) is None and cognito._srp_proof_valid(
        pool_id, user, state, responses
    )


def run(share):
    """How many of a share of the sign-ins failed; each has a seed of its own."""
    prover = Prover()
    failed = 0
    for seed in share:
        try:
            succeeded = sign_in(random.Random(seed), prover)
        except Exception as error:  # One bad sign-in must not hide the others.
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            succeeded = False
            prover = Prover()
        if not succeeded:
            failed += 1
            print(f"sign-in {seed} failed")
    prover.process.stdin.close()
    prover.process.wait()
    return failed


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().getrandbits(48)
    print(f"seed {seed}")
    seeds = [f"{seed}/{index}" for index in range(SIGN_INS)]
    cores = os.cpu_count() or 1
    with multiprocessing.Pool(cores) as pool:
        failed = sum(pool.map(run, [seeds[core::cores] for core in range(cores)]))
    print(f"{SIGN_INS - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
