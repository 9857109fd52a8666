"""Starts MiniStack, without two of its limits that AWS does not have.

- It ends a custom sign-in after three challenges and counts SRP_A and PASSWORD_VERIFIER among them,
  so that the first wrong code would be the last. On AWS, DefineAuthChallenge decides.
- It takes no alarm on an expression of metrics. Here such an alarm is one on its first metric.
"""

from ministack.app import main
from ministack.services import cognito
from ministack.services.cloudformation import provisioners

CHALLENGES = 12


def on_first_metric(record):
    def of_alarm(name, properties):
        for metric in properties.get("Metrics", []):
            if stat := metric.get("MetricStat"):
                simple = stat["Metric"] | {"Period": stat["Period"], "Statistic": stat["Stat"]}
                return record(name, properties | simple | {"Metrics": None})
        return record(name, properties)

    return of_alarm


if __name__ == "__main__":
    cognito._MAX_CHALLENGE_ATTEMPTS = CHALLENGES
    provisioners._cw_metric_alarm_record = on_first_metric(provisioners._cw_metric_alarm_record)
    main()
