"""Reach: which addresses the crawler may touch.

The attack (server-side request forgery): a page we crawl links or redirects to http://169.254.169.254/ or to a name
that resolves to 10.0.0.1, and our machine, which stands inside the wall, fetches what the stranger could not. A check
of the name before the request is not enough, for the name may resolve to something else a moment later. So the rule
is asked twice: of every URL (links and redirects alike), and of the very IP address the socket is about to connect
to. Only public addresses pass; a source that declares itself local passes loopback addresses and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from gazette.errors import GongbaoError

#: Longer addresses are not followed; the column that remembers them is as wide.
LONGEST_URL = 1000
_NAT64 = ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


class OutOfReach(GongbaoError):
    code, status = "harvest.out_of_reach", 403
    zh, en = "不允许访问 {url}：{why}", "May not fetch {url}: {why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The policy of one source: the hosts (with port where it is not the scheme's own) it may be fetched from."""

    hosts: frozenset[str]
    local: bool = False

    def check_url(self, url: str) -> None:
        """Raise OutOfReach unless `url` is http(s), without credentials, on an allowed host."""
        try:
            parts = urlsplit(url)
            host = host_of(url)
        except ValueError as error:
            raise OutOfReach(url=url, why="网址无法解析") from error
        if len(url) > LONGEST_URL:
            raise OutOfReach(url=url[:100], why="网址过长")
        if parts.scheme not in _PORTS:
            raise OutOfReach(url=url, why="不是网页地址")
        if parts.username or parts.password:
            raise OutOfReach(url=url, why="网址中含有账号")
        if host not in self.hosts:
            raise OutOfReach(url=url, why="站外链接")

    def allows_address(self, address: str) -> bool:
        """Whether a socket may connect to this IP address."""
        try:
            ip = _unwrapped(ip_address(address.split("%")[0]))
        except ValueError:
            return False
        if self.local:
            return ip.is_loopback
        return ip.is_global and not ip.is_multicast


def host_of(url: str) -> str:
    """Host in lower case, with the port where it is not the scheme's own. Raises ValueError on a broken port."""
    parts = urlsplit(url)
    host, port = (parts.hostname or "").rstrip("."), parts.port
    return host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 wrapping (mapped, 6to4, NAT64), which is where the packet would go."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
