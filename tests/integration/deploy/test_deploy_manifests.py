"""The shipped manifests as their readers see them: kustomize, Kubernetes' schemas, Compose's, Prometheus."""

import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from kubernetes_validate.utils import validate

from tests.integration.deploy.test_deploy import COMPOSE, DEPLOY, SERVICES, WORKERS, needs, run
from worker.settings import WorkerSettings

OVERLAYS = ("kubernetes", "kubernetes/cpu", "kubernetes/gpu")
KUBERNETES = "1.33.1"
HOLD = DEPLOY / "hold-on-misconfiguration"


def rendered(overlay: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(run("kubectl", "kustomize", str(DEPLOY / overlay))))


def pods(overlay: str) -> list[dict[str, Any]]:
    return [each["spec"]["template"]["spec"] for each in rendered(overlay) if "template" in each.get("spec", {})]


@needs("kubectl")
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_builds_with_the_documented_command_and_fits_the_schemas(overlay: str) -> None:
    documents = rendered(overlay)
    assert {"Deployment", "StatefulSet", "Service", "ConfigMap", "NetworkPolicy", "ScaledObject"} <= {
        document["kind"] for document in documents
    }
    for document in documents:
        if "keda" not in document["apiVersion"]:  # KEDA's own kinds are in no schema of Kubernetes
            validate(document, KUBERNETES, strict=True)


@needs("kubectl")
@pytest.mark.parametrize(("overlay", "gpus"), [("kubernetes", None), ("kubernetes/cpu", None), ("kubernetes/gpu", "1")])
def test_workers_paint_on_what_their_overlay_says(overlay: str, gpus: str | None) -> None:
    [worker] = [
        each
        for each in rendered(overlay)
        if each["metadata"]["name"] == "stylesmith-worker" and "template" in each["spec"]
    ]
    assert worker["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"].get("nvidia.com/gpu") == gpus


@needs("kubectl")
def test_pods_get_no_variables_of_services_and_no_latest_image() -> None:
    assert len(pods("kubernetes")) == 3
    for pod in pods("kubernetes"):
        assert pod["enableServiceLinks"] is False
        assert all(":" in container["image"] and "livenessProbe" in container for container in pod["containers"])


def test_a_platform_that_is_away_restarts_no_bot() -> None:
    text = (DEPLOY / "kubernetes" / "base" / "bot.yaml").read_text(encoding="utf-8")
    [bot] = [each for each in yaml.safe_load_all(text) if each["kind"] == "Deployment"]
    container = bot["spec"]["template"]["spec"]["containers"][0]
    assert container["livenessProbe"]["httpGet"]["path"] == "/live"
    assert container["readinessProbe"]["httpGet"]["path"] == "/health"


def test_the_compose_file_fits_the_compose_specification() -> None:
    PyCompose.from_json(json.dumps(COMPOSE)).validate()
    misspelt = {**COMPOSE, "services": {"bot": {"image": "x", "cap_dorp": ["ALL"]}}}
    with pytest.raises(ValueError, match="cap_dorp"):
        PyCompose.from_json(json.dumps(misspelt))


def test_what_a_worker_can_be_told_reaches_it_through_compose() -> None:
    named = {f"STYLESMITH_{name}".upper() for name in WorkerSettings.model_fields}
    elsewhere = {"REDIS_URL", "REDIS_URL_FILE", "DATA_DIR", "LOG_JSON", "WORKER_METRICS_HOST", "WORKER_METRICS_PORT"}
    for service in WORKERS.values():
        assert named - {f"STYLESMITH_{name}" for name in elsewhere} <= set(service["environment"])


def test_prometheus_finds_workers_by_the_name_that_compose_gives_them() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    bot, worker = config["scrape_configs"]
    assert bot["static_configs"] == [{"targets": ["bot:9464"]}]
    assert "bot" in SERVICES
    [names] = [each["names"] for each in worker["dns_sd_configs"]]
    assert all(service["networks"]["inside"]["aliases"] == names for service in WORKERS.values())


def test_prometheus_finds_pods_by_the_labels_and_ports_that_they_have() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus" / "kubernetes.yml").read_text(encoding="utf-8"))
    [job] = config["scrape_configs"]
    kept = [rule["regex"] for rule in job["relabel_configs"] if rule.get("action") == "keep"]
    for name in ("bot", "worker"):
        text = (DEPLOY / "kubernetes" / "base" / f"{name}.yaml").read_text(encoding="utf-8")
        [template] = [each["spec"]["template"] for each in yaml.safe_load_all(text) if each["kind"] == "Deployment"]
        assert re.fullmatch(kept[0], template["metadata"]["labels"]["app"])
        assert kept[1] in [port["name"] for port in template["spec"]["containers"][0]["ports"]]


def test_bot_and_workers_are_held_where_only_their_settings_can_help() -> None:
    for name in ("bot", *WORKERS):
        assert SERVICES[name]["entrypoint"] == [HOLD.name, "stylesmith"]
        dockerfile = (DEPLOY.parent / SERVICES[name]["build"]["dockerfile"]).read_text(encoding="utf-8")
        assert f"COPY deploy/{HOLD.name} /usr/local/bin/" in dockerfile


def test_a_misconfigured_bot_waits_in_its_container_until_it_is_told_to_stop() -> None:
    with subprocess.Popen([HOLD, "sh", "-c", "exit 78"], stderr=subprocess.PIPE, text=True) as held:
        assert held.stderr is not None
        assert "restart this container" in held.stderr.readline()
        assert held.poll() is None
        held.terminate()
        assert held.wait(60) == 78


def test_a_stop_reaches_the_program_in_its_container() -> None:
    program = "trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done"
    with subprocess.Popen([HOLD, "sh", "-c", program], stdout=subprocess.PIPE, text=True) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == "up\n"
        held.send_signal(signal.SIGTERM)
        assert held.wait(60) == 7


def test_secrets_made_in_a_private_clone_leave_redis_its_settings(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "redis", tmp_path / "deploy" / "redis")
    shutil.copy(DEPLOY / "make-secrets", tmp_path / "deploy")
    settings = tmp_path / "deploy" / "redis" / "redis.conf"
    settings.chmod(0o600)
    run("bash", str(tmp_path / "deploy" / "make-secrets"), cwd=tmp_path)
    assert settings.stat().st_mode & 0o444 == 0o444


def test_secrets_for_another_host_are_not_called_ready(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "redis", tmp_path / "deploy" / "redis")
    shutil.copy(DEPLOY / "make-secrets", tmp_path / "deploy")
    made = ["bash", str(tmp_path / "deploy" / "make-secrets")]
    run(*made, cwd=tmp_path)
    moved = subprocess.run(
        made, env={**os.environ, "REDIS_HOST": "elsewhere"}, capture_output=True, text=True, check=False
    )
    assert moved.returncode == 1
    assert "elsewhere" in moved.stderr
