"""Which addresses the crawler may touch."""

from __future__ import annotations

import pytest

from harvest.reach import OutOfReach, Reach, host_of

PUBLIC = Reach(hosts=frozenset({"www.example.cn", "www.example.cn:8080"}))
LOCAL = Reach(hosts=frozenset({"127.0.0.1:8000"}), local=True)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111"])
def test_a_public_source_reaches_public_addresses(address):
    assert PUBLIC.allows_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:0001::",
        "64:ff9b::7f00:1",
        "not an address",
    ],
)
def test_a_public_source_reaches_nothing_inside_the_wall(address):
    assert not PUBLIC.allows_address(address)


def test_a_local_source_reaches_loopback_and_nothing_else():
    assert LOCAL.allows_address("127.0.0.1")
    assert LOCAL.allows_address("::1")
    assert not LOCAL.allows_address("10.0.0.1")
    assert not LOCAL.allows_address("1.1.1.1")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://www.example.cn/a",
        "https://other.example.cn/",
        "https://www.example.cn.evil.cn/",
        "https://user:pass@www.example.cn/",
        "https://www.example.cn:99999/",
        "https://[broken/",
        "https://www.example.cn/" + "a" * 1000,
    ],
)
def test_an_address_off_the_site_is_refused(url):
    with pytest.raises(OutOfReach):
        PUBLIC.check_url(url)


def test_an_address_on_the_site_is_allowed_whatever_its_case():
    PUBLIC.check_url("https://WWW.Example.cn/a?b=c")
    PUBLIC.check_url("http://www.example.cn:8080/")


def test_the_port_of_the_scheme_is_no_part_of_the_host():
    assert host_of("https://a.cn:443/") == "a.cn"
    assert host_of("http://a.cn:443/") == "a.cn:443"
