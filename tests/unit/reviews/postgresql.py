"""A PostgreSQL of the tests' own: on loopback, with a password, as an ordinary user, gone when the tests end."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers import free_port
from tests.unit.reviews.folders import parent_of_quick_folders

STARTS_WITHIN_S = 30


class PostgresServer:
    """Runs from `start` to `stop`; `url` is that of its database."""

    def __init__(self, binaries: Path):
        self.password = secrets.token_hex(8) + "@/:%"  # what a URL must quote
        self._binaries = binaries
        self._user = _ordinary_user()
        self._folder = Path(tempfile.mkdtemp(prefix="reviews-pg-", dir=parent_of_quick_folders()))
        self._process = None

    def start(self) -> None:
        secret = self._folder / "password"
        secret.write_text(self.password)
        for path in (self._folder, secret):
            if self._user:
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        arguments = ["-U", "reviews", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", "-D", self._folder / "data", f"--pwfile={secret}", *arguments)
        self.port = free_port()
        options = ["-h", "127.0.0.1", "-p", str(self.port), "-k", self._folder, "-c", "fsync=off"]
        with (self._folder / "log").open("w") as log:
            self._process = self._start("postgres", "-D", self._folder / "data", *options, stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGQUIT)  # nothing of it is needed any more
            try:
                self._process.wait(STARTS_WITHIN_S)
            finally:
                self._process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, schema: str) -> str:
        """Of the database, with one schema to work in."""
        from urllib.parse import quote

        password = quote(self.password, safe="")
        return f"postgresql://reviews:{password}@127.0.0.1:{self.port}/postgres?options=-csearch_path%3D{schema}"

    def _wait(self):
        import psycopg

        ends = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                psycopg.connect(self.url("public")).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > ends:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)

    def _run(self, program, *arguments):
        process = self._start(program, *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output, _ = process.communicate(timeout=60)
        if process.returncode:
            raise RuntimeError(output.decode())

    def _start(self, program, *arguments, **streams):
        as_user = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        command = [str(self._binaries / program), *map(str, arguments)]
        return subprocess.Popen(command, cwd=self._folder, env={"LC_ALL": "C"}, **as_user, **streams)


def find_binaries() -> Path | None:
    """The folder of initdb and postgres, where the package is installed."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((each for each in folders + debian if (each / "postgres").exists()), None)


def _ordinary_user():
    """Who is to run it where we are root, as whom it refuses to run; None: we ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("the tests run as root and know no ordinary user")
