"""Release of the job that a dead worker process held, so that the next worker need not wait for its lease to end."""

import logging

import redis

from worker.contract import Failed, FailureCode
from worker.process.redis_address import client_at
from worker.service.heartbeat import Phase
from worker.service.lease import release
from worker.service.outcomes import Outcomes
from worker.service.supervisor import Death, Verdict

log = logging.getLogger(__name__)
ANSWER_LIMIT_S = 2.0


class ReleaseJob:
    """Called by the supervisor after each death. It only shortens a wait: without Redis the lease ends by itself."""

    def __init__(self, address: str) -> None:
        self._redis = client_at(address, socket_timeout=ANSWER_LIMIT_S, socket_connect_timeout=ANSWER_LIMIT_S)

    def __call__(self, death: Death) -> None:
        """Delete the lease; store DEADLINE as the outcome where the supervisor ended a job that overran."""
        reading = death.reading
        if reading.phase not in (Phase.PAINTING, Phase.STORING) or not reading.job_id:
            return
        try:
            if death.verdict is Verdict.OVERRAN:
                failed = Failed(id=reading.job_id, code=FailureCode.DEADLINE, detail="ended by the supervisor")
                Outcomes(self._redis).store(failed)
            release(self._redis, reading.job_id, reading.worker)
        except redis.RedisError as error:
            log.warning("the lease of %s ends by itself (%s)", reading.job_id, type(error).__name__)
