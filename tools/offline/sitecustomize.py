"""Put this folder on PYTHONPATH and no Python process reaches the network: only this machine itself answers."""

import ipaddress
import socket
from typing import Any, NoReturn

_connect, _getaddrinfo = socket.socket.connect, socket.getaddrinfo
_LOCAL = ("localhost", "", None)


def _refuse(host: object) -> NoReturn:
    raise OSError(f"네트워크 없이 돌아야 하는데 {host}에 접속하려 했습니다. 데이터는 패키지 안의 것을 쓰십시오.")


def _is_local(host: object) -> bool:
    try:
        return host in _LOCAL or ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def connect(self: socket.socket, address: Any) -> None:  # noqa: ANN401  whatever socket.connect takes
    """Connect to this machine only."""
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
        _refuse(address[0])
    return _connect(self, address)


def getaddrinfo(host: object, *args: Any, **kwargs: Any) -> list:  # noqa: ANN401
    """Look up this machine only."""
    if not _is_local(host):
        _refuse(host)
    return _getaddrinfo(host, *args, **kwargs)


socket.socket.connect = connect
socket.getaddrinfo = getaddrinfo
