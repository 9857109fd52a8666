"""OpenSSL's powers in constant time, timed as often as a line of input says.

Three for a sign-in: 2^a, 2^x and base^e, with a of 512 bits, x of 256 and e of 513. For each
number of rounds that comes in, the median in milliseconds of the process's CPU goes out.
"""

import ctypes
import secrets
import statistics
import sys
import time

crypto = ctypes.CDLL("libcrypto.so.3")
for name in ("BN_new", "BN_CTX_new", "BN_MONT_CTX_new", "BN_get_rfc3526_prime_3072", "BN_bin2bn"):
    getattr(crypto, name).restype = ctypes.c_void_p
crypto.OpenSSL_version.restype = ctypes.c_char_p
power = crypto.BN_mod_exp_mont_consttime
power.argtypes = [ctypes.c_void_p] * 6


def number(value):
    data = value.to_bytes(384, "big")
    return ctypes.c_void_p(crypto.BN_bin2bn(data, len(data), None)).value


def bits(count):
    return number(secrets.randbits(count) | 1 << count - 1)


context = crypto.BN_CTX_new()
prime = crypto.BN_get_rfc3526_prime_3072(None)
montgomery = crypto.BN_MONT_CTX_new()
crypto.BN_MONT_CTX_set.argtypes = [ctypes.c_void_p] * 3
assert crypto.BN_MONT_CTX_set(montgomery, prime, context) == 1
result = crypto.BN_new()
g = number(2)


def sign_in():
    base = number(secrets.randbits(3071))
    powers = [(g, bits(512)), (g, bits(256)), (base, bits(513))]
    start = time.process_time_ns()
    for base, exponent in powers:
        assert power(result, base, exponent, prime, context, montgomery) == 1
    return (time.process_time_ns() - start) / 1e6


print(crypto.OpenSSL_version(0).decode(), flush=True)
for line in sys.stdin:
    print(statistics.median(sign_in() for _ in range(int(line))), flush=True)
