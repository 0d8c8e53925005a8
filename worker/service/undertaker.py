"""What is done for a job whose worker process died: its claim is released at once, a hopeless one gets its outcome."""

import logging

import redis

from worker.contract import Failed, FailureCode
from worker.service.heartbeat import Phase
from worker.service.lease import release
from worker.service.outcomes import Outcomes
from worker.service.supervisor import Death, Verdict

log = logging.getLogger(__name__)
ANSWER_LIMIT_S = 2.0


class Undertaker:
    """Called by the supervisor after each death. It only shortens a wait: without Redis the lease ends by itself."""

    def __init__(self, address: str) -> None:
        self._redis = redis.Redis.from_url(
            address, socket_timeout=ANSWER_LIMIT_S, socket_connect_timeout=ANSWER_LIMIT_S
        )

    def __call__(self, death: Death) -> None:
        """Release what the dead held."""
        job_id = death.vitals.job_id
        if death.vitals.phase not in (Phase.PAINTING, Phase.STORING) or not job_id:
            return
        try:
            if death.verdict is Verdict.OVERRAN:
                failed = Failed(id=job_id, code=FailureCode.DEADLINE, detail="ended by the watchdog")
                Outcomes(self._redis).store(failed)
            release(self._redis, job_id, death.vitals.worker)
        except redis.RedisError as error:
            log.warning("the lease of %s ends by itself (%s)", job_id, type(error).__name__)
