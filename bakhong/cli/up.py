"""`bakhong up`: the whole service in the foreground, until Ctrl-C."""

import argparse
import ctypes
import importlib
import importlib.util
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bakhong.cli.database import ROOT, data_folder, database
from bakhong.cli.say import say, table, warn
from bakhong.core.errors import Refusal

ANSWER_SECONDS = 120  # a slow machine at work on other things; a part that ended is noticed at once
LEAVE_SECONDS = 15
LARGEST_LOG = 20 * 1024**2  # bytes, looked at when the service starts
LOOPBACK = "127.0.0.1,localhost,[::1]"


class CannotServe(Refusal):
    """The service cannot start, or a part of it has ended."""

    status = 503


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = groups.add_parser("up", help="chạy toàn bộ dịch vụ (Ctrl-C để dừng)")
    parser.add_argument("--port", type=int, default=8000, metavar="CỔNG")
    parser.add_argument("--host", default="127.0.0.1", metavar="ĐỊA_CHỈ")
    parser.add_argument("--demo", action="store_true", help="nạp dữ liệu dùng thử và in tài khoản dùng thử")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    folder = data_folder()
    # A script that starts us in the background leaves Ctrl-C ignored; whoever sends it means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if arguments.demo or (folder / "secrets" / "demo.json").exists():
        _refuse_demo_beyond_loopback(arguments.host)
    _refuse_taken(arguments.host, arguments.port)
    if arguments.demo:
        os.environ["BAKHONG_DEMO"] = "1"
    address = f"http://{_bracketed(arguments.host)}:{arguments.port}"
    with database():
        _close_own_connection()
        (folder / "static").mkdir(
            exist_ok=True
        )  # where collected files would be; without it WhiteNoise complains
        children = Children(folder / "logs")
        try:
            children.start("web", _web_server(arguments.host, arguments.port), BAKHONG_POOL="1")
            _wait_for_answer(address, children)
            (folder / "address").write_text(address)
            children.start("worker", _worker())  # only now: until the site answers, every core is the site's
            say(f"Ba Không đang chạy ở {address} (bàn làm việc: {address}/desk/). Bấm Ctrl-C để dừng.")
            say(f"Dữ liệu và nhật ký: {folder}")
            if arguments.demo:
                _print_sign_ins()
                children.start("phone", [sys.executable, "-m", "bakhong.demo.signing"], may_end=True)
                _load_demo(children)
            sys.stdout.flush()
            children.watch()
        except KeyboardInterrupt:
            say("", "Đang dừng…")
        finally:
            (folder / "address").unlink(missing_ok=True)
            children.stop()
    return 0


# --- refusals --------------------------------------------------------------------------------------------------------


def _refuse_demo_beyond_loopback(host: str) -> None:
    """The demo's passwords are printed on a screen: they must never open a site that others can reach."""
    names = os.environ.get("BAKHONG_HOSTS") or LOOPBACK
    if not all(is_loopback(name) for name in [host, *names.split(",")]):
        raise CannotServe(
            "Dữ liệu dùng thử có mật khẩu in ra màn hình nên chỉ được phục vụ trên chính máy này. "
            "Hãy bỏ --demo và dùng một thư mục dữ liệu khác (BAKHONG_DATA), hoặc bỏ --host và BAKHONG_HOSTS."
        )


def is_loopback(host: str) -> bool:
    """
    >>> is_loopback("127.0.0.1"), is_loopback("[::1]"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback(".xa.vn")
    (True, True, True, False, False)
    """
    bare = host.strip().strip("[]")
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _refuse_taken(host: str, port: int) -> None:
    if not 0 < port < 65536:
        raise CannotServe(f"Cổng {port} không hợp lệ; hãy chọn từ 1 đến 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except PermissionError:
            raise CannotServe(f"Không được phép mở cổng {port}; hãy chọn cổng lớn hơn 1023.") from None
        except OSError as error:
            raise CannotServe(
                f"Không mở được {host}:{port} ({error.strerror}); có thể một chương trình khác đang dùng cổng này. "
                "Hãy chọn cổng khác bằng --port."
            ) from None


# --- the parts of the service ----------------------------------------------------------------------------------------


def _web_server(host: str, port: int) -> list[str]:
    """Two workers of 64 blocking threads: many threads so that slow clients starve nobody."""
    return [
        *(sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi"),
        *("--host", host.strip("[]"), "--port", str(port), "--workers", "2", "--blocking-threads", "64"),
        *("--respawn-failed-workers", "--no-ws", "--log-level", "warning"),
    ]


def _worker() -> list[str]:
    return [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"]


def _load_demo(children: "Children") -> None:
    if importlib.util.find_spec("bakhong.demo.load") is None:
        warn("Chưa có dữ liệu dùng thử để nạp.")
        return
    say("Đang nạp dữ liệu dùng thử: lần đầu mất vài phút, trang đã dùng được ngay…")
    children.start("demo", [sys.executable, "-m", "bakhong.demo.load"], may_end=True)


def _print_sign_ins() -> None:
    """Known by name: the demo is a shell beside this one."""
    if importlib.util.find_spec("bakhong.demo.accounts") is None:
        return
    sign_ins = importlib.import_module("bakhong.demo.accounts").sign_ins()
    say("Tài khoản dùng thử (chỉ dùng được trên máy này):")
    table([("Vai trò", "Thư điện tử", "Mật khẩu", "Khoá TOTP"), *sign_ins])


def _wait_for_answer(address: str, children: "Children") -> None:
    address = address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        children.check()
        try:
            opener.open(f"{address}/healthz", timeout=2).close()
        except urllib.error.HTTPError:
            return  # it answered; a host name it does not serve is not ours to judge here
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise CannotServe(
        f"Trang không trả lời sau {ANSWER_SECONDS} giây; xem thư mục logs trong thư mục dữ liệu."
    )


def _close_own_connection() -> None:
    from django.db import connections

    connections.close_all()


# --- child processes -------------------------------------------------------------------------------------------------


@dataclass
class Children:
    """The processes we started, each in a group of its own, so that Ctrl-C reaches us alone and we end them in order."""

    logs: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    may_end: set[str] = field(default_factory=set)

    def start(self, name: str, command: list[str], *, may_end: bool = False, **environment: str) -> None:
        with _log(self.logs / f"{name}.log") as output:
            self.running[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        if may_end:
            self.may_end.add(name)

    def check(self) -> None:
        """Raises: CannotServe when a part that must run has ended."""
        for name, process in list(self.running.items()):
            if process.poll() is None:
                continue
            del self.running[name]
            if name not in self.may_end:
                raise CannotServe(
                    f"Tiến trình {name} đã dừng (mã {process.returncode}), nên toàn bộ dịch vụ dừng theo."
                )
            if process.returncode != 0:
                warn("Không nạp được dữ liệu dùng thử; trang vẫn chạy. Lần chạy sau sẽ nạp lại.")
            else:
                say("Đã nạp xong dữ liệu dùng thử.")
                sys.stdout.flush()

    def watch(self) -> None:
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + LEAVE_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()


def _log(path: Path) -> IO[bytes]:
    """The log of one part, appended to; one earlier file is kept when it has grown large."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")


def _die_with_parent() -> None:
    """Linux ends the child when its parent is killed outright and can no longer end it."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
